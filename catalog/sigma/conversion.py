"""What a rule becomes: a metric filter where that is exact, a log alarm otherwise, or a refusal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from catalog.events import EVENTS
from catalog.filter_pattern import FilterPattern, parse
from catalog.model.correlation import Correlation
from catalog.model.event_fields import subcategories_of
from catalog.model.prerequisite import Prerequisite, prerequisites_of
from catalog.model.security_event import Severity
from catalog.sigma.clause import clause
from catalog.sigma.expression import tests
from catalog.sigma.located import LocatedRule, LocatedTest, located
from catalog.sigma.log_sources import security_provider
from catalog.sigma.patterns import Claim, RulePatterns, rule_patterns
from catalog.sigma.reading import CorrelationRule, DetectionRule, SigmaError

#: Logs Insights' quota for the text of a query, in characters.
MAXIMUM_QUERY_LENGTH = 10_000
_SUFFIXES = (".yml", ".yaml")
_POWERSHELL = "Microsoft-Windows-PowerShell/Operational"
#: What PowerShell must be set to log, by event id.
_POWERSHELL_LOGGING = {
    4103: Prerequisite.MODULE_LOGGING,
    4104: Prerequisite.SCRIPT_BLOCK_LOGGING,
}


class Engine(Enum):
    """What looks for the records of a rule."""

    FILTER = "filter"
    LOG_ALARM = "log alarm"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Conversion:
    """A rule, and what it becomes.

    Args:
        file: The file that it is in.
        engine: What looks for its records.
        rule: The rule; None where it cannot be read.
        located: The rule on the records of its log source; None where there are no such records.
        patterns: Its filter patterns; None where no filter looks for all that it means.
        query: Its Logs Insights query, which is exact; empty where there is none.
        covered_by: The keys of the catalog's events that have the identical patterns.
        refusal: Why nothing looks for its records, in a sentence; empty unless it is refused.
        is_malformed: Whether it breaks the specification of rules.
        correlation: What a rule on several records becomes; None for one on single records.
        step_of: The keys of the correlations that it is a step of, and that leave it no alarm of its own.
    """

    file: str
    engine: Engine
    rule: DetectionRule | CorrelationRule | None = None
    located: LocatedRule | None = None
    patterns: RulePatterns | None = None
    query: str = ""
    covered_by: tuple[str, ...] = ()
    refusal: str = ""
    is_malformed: bool = False
    correlation: Correlation | None = None
    step_of: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        """The line of the file that it begins in, from 1."""
        return self.rule.line if self.rule else 1

    @property
    def claim(self) -> Claim | None:
        """What the engine finds; None where the rule is refused."""
        if self.correlation:
            return Claim.NEVER_MISSES  # a run sees records that lie somewhat further apart
        if self.engine is Engine.LOG_ALARM:
            return Claim.EXACT
        return self.patterns.claim if self.engine is Engine.FILTER and self.patterns else None

    @property
    def severity(self) -> Severity | None:
        """Its level; None where it has none."""
        return Severity(self.rule.level) if self.rule and self.rule.level else None

    @property
    def attack(self) -> tuple[str, ...]:
        """The ATT&CK techniques among its tags."""
        return self.rule.attack if self.rule else ()

    @property
    def prerequisites(self) -> tuple[Prerequisite, ...]:
        """What servers must be set to write beside the audit policy, for all that the rule means."""
        if self.correlation:
            selections = [record.selection for record in self.correlation.records if record.selection]
            return tuple(dict.fromkeys(each for one in selections for each in one.prerequisites))
        return tuple(dict.fromkeys(_prerequisites(self.located))) if self.located else ()

    @property
    def channels(self) -> tuple[str, ...]:
        """The event logs that its records are in."""
        if self.correlation:
            return self.correlation.channels
        return self.located.source.channels if self.located else ()

    @property
    def event_ids(self) -> tuple[int, ...]:
        """The ids of its records; empty where it does not say."""
        if self.correlation:
            return tuple(sorted({each for record in self.correlation.records for each in record.event_ids}))
        return self.located.event_ids if self.located else ()

    def as_json(self) -> dict[str, object]:
        """Return it as JSON has it."""
        rule, source, patterns = self.rule, self.located and self.located.source, self.patterns
        return {
            "file": self.file,
            "title": rule.title if rule else "",
            "id": rule.id if rule else "",
            "author": rule.author if rule else "",
            "severity": self.severity.value if self.severity else None,
            "attack": list(self.attack),
            "channels": list(self.channels),
            "event_ids": list(self.event_ids),
            "engine": self.engine.value,
            "claim": self.claim.value if self.claim else None,
            "claim_meaning": self.claim.meaning if self.claim else None,
            "patterns": list(patterns.patterns) if patterns else [],
            "patterns_claim": patterns.claim.value if patterns else None,
            "patterns_left_out": list(patterns.left_out) if patterns else [],
            "patterns_count_twice": patterns.counts_twice if patterns else False,
            "query": self.query or None,
            "query_length": len(self.query) or None,
            "missing_fields": list(self.located.missing) if self.located else [],
            "not_reported": (source.lost if source else "") or None,
            "prerequisites": [
                {"needs": each.value.title, "manually": each.value.manually} for each in self.prerequisites
            ],
            "covered_by": list(self.covered_by),
            "step_of": list(self.step_of),
            "refusal": self.refusal or None,
        }


def rule_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files of rules: those named, and those in the folders named, each once.

    Raises:
        SigmaError: A path does not exist, or a folder has no rule.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
            if not files:
                raise SigmaError(f"{path}: has no file that ends with {' or '.join(_SUFFIXES)}")
            found.update(dict.fromkeys(files))
        elif path.exists():
            found[path] = None
        else:
            raise SigmaError(f"{path}: no such file or folder")
    return tuple(found)


def conversion(rule: DetectionRule, *, accept_case: bool = False) -> Conversion:
    """Return what a rule on single records becomes.

    Args:
        rule: The rule.
        accept_case: Whether a filter may miss records that spell a value in another letter case.
    """
    refused = Conversion(rule.file, Engine.REFUSED, rule)
    try:
        on_records = located(rule)
    except SigmaError as error:
        return replace(refused, refusal=str(error))
    refused = replace(refused, located=on_records)
    try:
        patterns = rule_patterns(on_records, accept_case=accept_case)
    except SigmaError:
        patterns = None  # the query decides
    refused = replace(refused, patterns=patterns, covered_by=_covered_by(on_records, patterns))
    try:
        refused = replace(refused, query=_query(on_records))
    except SigmaError as error:
        refused = replace(refused, refusal=str(error))
    if patterns and patterns.claim in (Claim.EXACT, *([Claim.CASE_SENSITIVE] if accept_case else [])):
        return replace(refused, engine=Engine.FILTER, refusal="")
    return replace(refused, engine=Engine.LOG_ALARM) if refused.query else refused


def _query(rule: LocatedRule) -> str:
    query = "\n| ".join(("fields @timestamp, @logStream", *clause(rule.expression).commands))
    if len(query) > MAXIMUM_QUERY_LENGTH:
        raise SigmaError(f"needs a query of {len(query):,} characters, over {MAXIMUM_QUERY_LENGTH:,}")
    return query


def _prerequisites(rule: LocatedRule) -> Iterator[Prerequisite]:
    places = [test.location for test in tests(rule.expression) if isinstance(test, LocatedTest)]
    if rule.source.channels == ("Security",):
        if any(place and place.name == "CommandLine" for place in places):
            yield Prerequisite.COMMAND_LINES
        for event_id in rule.event_ids:
            for audit in subcategories_of(security_provider(event_id), event_id) or ():
                yield from prerequisites_of(event_id, audit, ())
    if _POWERSHELL in rule.source.channels:
        for event_id, need in _POWERSHELL_LOGGING.items():
            if event_id in rule.event_ids or not rule.event_ids:
                yield need


def _covered_by(rule: LocatedRule, patterns: RulePatterns | None) -> tuple[str, ...]:
    if patterns is None:
        return ()
    texts = _terms(patterns.patterns)
    return tuple(
        event.key
        for event in EVENTS
        if (event.channel,) == rule.source.channels
        and event.event_id in rule.event_ids
        and _terms(event.patterns) == texts
    )


def _terms(patterns: Iterable[str]) -> frozenset[tuple[frozenset[str], ...]]:
    """Return patterns so that those with the same terms are equal, in whatever order."""
    parsed: Iterable[FilterPattern] = map(parse, patterns)
    return frozenset(tuple(map(frozenset, (each.required, each.optional, each.excluded))) for each in parsed)
