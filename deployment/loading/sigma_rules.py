"""The Sigma rules that a deployment file names, as events; and why each of the others is not deployed.

Only where the file names rules is pySigma needed, and loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from catalog.errors import CatalogError
from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent, Severity
from deployment.loading.yaml_file import Node, reason
from deployment.problem import DeploymentError, Problem
from deployment.settings.sigma import RuleEngine, SigmaRules

if TYPE_CHECKING:
    from catalog.sigma.conversion import Conversion

_ENTRIES: TypeAdapter[tuple[SigmaRules, ...]] = TypeAdapter(tuple[SigmaRules, ...])


@dataclass(frozen=True, slots=True)
class RuleEvents:
    """The rules of a deployment.

    Args:
        events: The event of each rule that is deployed, in the order of the files.
        places: The file and the line of each.
        notices: Why each rule of a level that is asked for is not deployed, a sentence each.
        correlations: The correlation of each rule on several records.
        correlation_places: The file and the line of each.
    """

    events: tuple[SecurityEvent, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    notices: tuple[str, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    correlation_places: tuple[tuple[str, int], ...] = ()


def read(root: Node) -> tuple[RuleEvents, list[Problem]]:
    """Read the rules that a deployment file names, and return what is wrong with them.

    Malformed settings are left out: they are reported with the others.
    """
    _, node = root.part("sigma") or (1, None)
    try:
        entries = _ENTRIES.validate_python(node.data if node else ())
    except ValidationError:
        return RuleEvents(), []
    reader = _Reader(Path(root.file).parent)
    for index, entry in enumerate(entries):
        try:
            reader.read(entry, index)
        except DeploymentError as error:
            reader.problems += error.problems
    found = RuleEvents(
        tuple(reader.events),
        tuple(reader.places),
        tuple(reader.notices),
        tuple(reader.correlations),
        tuple(reader.correlation_places),
    )
    return found, reader.problems


class _Reader:
    """Collects the events of rules, each rule once."""

    def __init__(self, folder: Path) -> None:
        self.events: list[SecurityEvent] = []
        self.places: list[tuple[str, int]] = []
        self.notices: list[str] = []
        self.correlations: list[Correlation] = []
        self.correlation_places: list[tuple[str, int]] = []
        self.problems: list[Problem] = []
        self._folder = folder
        self._taken: dict[str, str] = {}
        self._files: set[Path] = set()

    def read(self, entry: SigmaRules, index: int) -> None:
        from catalog.sigma.reading import RuleOptions, SigmaError
        from catalog.sigma.rule_set import conversions

        place = ("sigma", index)
        named = sorted(self._folder.glob(entry.rules))
        files = [file for file in named if not file.is_dir() and not _is_sample(file)]
        if not files:
            folder = f"; a folder is: write {entry.rules.rstrip('/')}/**/*.yml" if named else ""
            message = f"no file is called {entry.rules}{folder}"
            raise DeploymentError([Problem((*place, "rules"), message)])
        self.notices += [
            f"{link}: is a link to a folder, which ** does not enter: name {link} in an entry of its own"
            for link in self._links_passed_over(entry.rules)
        ]
        used: set[str] = set()
        before = self._number
        new = [file for file in files if file not in self._files]
        self._files.update(new)
        options = RuleOptions(
            accept_case=entry.accept_case, sysmon=entry.sysmon, placeholders=entry.placeholders
        )
        try:
            found = conversions(new, options)
        except SigmaError as error:  # pySigma is not installed
            raise DeploymentError([Problem(place, str(error))]) from None
        # Correlations first: whether one is deployed decides whether its rules have alarms of their own.
        for each in sorted(found, key=lambda each: each.correlation is None):
            excluding = [name for name in entry.exclude if self._is_named(name, each)]
            used.update(excluding)
            if not excluding and not _is_below(each, entry.minimum_level):
                self._take(each, entry)
        for number, name in enumerate(entry.exclude):
            if name not in used:
                message = f"no rule of {entry.rules} has this id, key, title or file"
                self.problems.append(Problem((*place, "exclude", number), message))
        named_by_rules = {name for each in found for name in getattr(each.rule, "placeholders", ())}
        self.problems += [
            Problem((*place, "placeholders", name), f"no rule of {entry.rules} has the placeholder %{name}%")
            for name in entry.placeholders
            if name not in named_by_rules
        ]
        if found and self._number == before:
            self.problems.append(
                Problem(
                    (*place, "rules"),
                    f"none of the {len(found)} rules of {entry.rules} is deployed: "
                    + (self.notices[-1] if self.notices else "all are excluded or below minimum_level"),
                )
            )

    def _links_passed_over(self, pattern: str) -> list[str]:
        """Return the links to folders that a pattern for folders of any depth does not enter."""
        above, stars, _ = pattern.partition("**")
        found = sorted(self._folder.glob(f"{above}**/*")) if stars else []
        return [
            each.relative_to(self._folder).as_posix() for each in found if each.is_symlink() and each.is_dir()
        ]

    @property
    def _number(self) -> int:
        """How many rules are deployed or wrong so far."""
        return len(self.events) + len(self.correlations) + len(self.problems)

    def _is_named(self, name: str, found: Conversion) -> bool:
        from catalog.sigma.rule_event import rule_key

        file = Path(found.file).relative_to(self._folder).as_posix()
        names = [file]
        if found.rule:
            names += [found.rule.id, found.rule.title, rule_key(found.rule)]
        return name in names or fnmatch(file, name)

    def _take(self, found: Conversion, entry: SigmaRules) -> None:
        from catalog.sigma.reading import SigmaError
        from catalog.sigma.rule_event import rule_events
        from catalog.sigma.samples import wrong_samples

        file, line = found.file, found.line
        title = f"{found.rule.title}: " if found.rule else ""
        self.notices += [
            f"{file}:{line}: {title}{each}" for each in found.repeats if each.startswith("has the id")
        ]
        if found.is_malformed:
            self.problems.append(Problem((), f"is no rule that can be read: {found.refusal}", file, line))
            return
        if found.correlation:
            self._take_correlation(found, found.correlation, entry.engine)
            return
        if steps := [each.key for each in self.correlations if each.key in found.step_of]:
            self.notices.append(
                f"{file}:{line}: {title}has no alarm of its own, since it is a step of {', '.join(steps)}: "
                "set 'generate: true' there for one"
            )
            return
        try:
            events = [_deployed(event, entry, found) for event in rule_events(found)]
            wrong = wrong_samples(found)[1]
        except CatalogError as error:
            self.problems += [Problem((), f"{title}{text}", file, line) for text in error.problems]
            return
        except SigmaError as error:
            self.notices.append(f"{file}:{line}: {title}is not deployed, since it {error}")
            return
        except OSError as error:
            self.problems.append(Problem((), f"{title}{error.filename}: {reason(error)}", file, line))
            return
        if wrong:
            self.problems += [Problem((), text, file, line) for text in wrong]
            return
        if found.covered_by:
            self.notices.append(
                f"{file}:{line}: {title}finds the records of {', '.join(found.covered_by)} of the catalog: "
                "where both are watched, exclude one of them"
            )
        for event in events:
            if self._is_new(event.key, file, line):
                self.events.append(event)
                self.places.append((file, line))

    def _take_correlation(self, found: Conversion, correlation: Correlation, engine: RuleEngine) -> None:
        if engine is RuleEngine.METRIC:
            self.notices.append(
                f"{found.file}:{found.line}: {correlation.title}: is not deployed, since only log alarms "
                "find correlations, and its engine is metric: set 'engine: auto'"
            )
        elif self._is_new(correlation.key, found.file, found.line):
            self.correlations.append(correlation)
            self.correlation_places.append((found.file, found.line))

    def _is_new(self, key: str, file: str, line: int) -> bool:
        """Return whether a key is not taken yet, and take it."""
        if key in self._taken:
            message = f"the rule in {self._taken[key]} has the key {key} already: change a title"
            self.problems.append(Problem((), message, file, line))
            return False
        self._taken[key] = f"{file}:{line}"
        return True


def _is_sample(file: Path) -> bool:
    return any(folder.suffix == ".samples" for folder in file.parents)


def _is_below(found: Conversion, level: Severity) -> bool:
    order = list(Severity)
    return found.rule is not None and order.index(found.severity or Severity.MEDIUM) < order.index(level)


def _deployed(event: SecurityEvent, entry: SigmaRules, found: Conversion) -> SecurityEvent:
    """Return the event of a rule as an entry deploys it."""
    from catalog.sigma.reading import SigmaError

    if entry.engine is RuleEngine.METRIC and not event.patterns:
        reason = f" (it {found.unfiltered})" if found.unfiltered else ""
        raise SigmaError(
            f"is found exactly by no filter{reason}, and its engine is metric: set 'engine: auto'"
        )
    event = replace(event, packs=entry.packs)
    if entry.engine is RuleEngine.LOG and event.selection:
        return replace(event, selection=replace(event.selection, patterns=()))
    return event
