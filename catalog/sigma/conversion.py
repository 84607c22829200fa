"""What a rule becomes: a metric filter where that is exact, a log alarm otherwise, or a refusal."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from catalog.events import EVENTS
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP, FilterPattern, parse
from catalog.model.condition import Condition, Operator
from catalog.model.correlation import Correlation
from catalog.model.event_fields import subcategories_of
from catalog.model.prerequisite import Prerequisite, prerequisites_of, prerequisites_of_log
from catalog.model.security_event import SecurityEvent, Severity
from catalog.model.spelling import windows_spelling
from catalog.sigma.clause import clause
from catalog.sigma.expression import Test, Value, alternatives, tests
from catalog.sigma.located import LocatedRule, LocatedTest, located
from catalog.sigma.log_sources import EVENT_ID, PROVIDER, Place, security_provider
from catalog.sigma.patterns import Claim, RulePatterns, contradiction, rule_patterns
from catalog.sigma.reading import CorrelationRule, DetectionRule, RuleOptions, SigmaError

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
        found_by: The keys of the catalog's events that find each of its records at the first, and others.
        refusal: Why nothing looks for its records, in a sentence; empty unless it is refused.
        unfiltered: Why it has no filter patterns, in a sentence; empty where it has some.
        is_malformed: Whether it breaks the specification of rules.
        correlation: What a rule on several records becomes; None for one on single records.
        refused_line: The line of what cannot be read, from 1.
        repeats: What it has that another rule has before it, a sentence each.
        step_of: The keys of the correlations that it is a step of, and that leave it no alarm of its own.
    """

    file: str
    engine: Engine
    rule: DetectionRule | CorrelationRule | None = None
    located: LocatedRule | None = None
    patterns: RulePatterns | None = None
    query: str = ""
    covered_by: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()
    refusal: str = ""
    unfiltered: str = ""
    is_malformed: bool = False
    refused_line: int = 1
    correlation: Correlation | None = None
    repeats: tuple[str, ...] = ()
    step_of: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        """The line of the file that it begins in, or that is wrong in it, from 1."""
        return self.rule.line if self.rule else self.refused_line

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
            "line": self.line,
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
            "without_patterns": self.unfiltered or None,
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
            "found_by": list(self.found_by),
            "step_of": list(self.step_of),
            "repeats": list(self.repeats),
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
            files = sorted(file for file in _files_below(path) if file.suffix.lower() in _SUFFIXES)
            if not files:
                raise SigmaError(f"{path}: has no file that ends with {' or '.join(_SUFFIXES)}")
            found.update(dict.fromkeys(files))
        elif path.exists():
            found[path] = None
        else:
            raise SigmaError(f"{path}: no such file or folder")
    return tuple(found)


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder at any depth, and of the folders that links lead to, each folder once."""
    found: set[Path] = set()
    for here, folders, names in os.walk(folder, followlinks=True):
        real = Path(here).resolve()
        if real in found:
            folders.clear()
            continue
        found.add(real)
        yield from (Path(here, name) for name in names)


def conversion(rule: DetectionRule, options: RuleOptions | None = None) -> Conversion:
    """Return what a rule on single records becomes.

    Args:
        rule: The rule.
        options: How it is converted. Default: exactly, and onto what Windows writes itself.
    """
    options = options or RuleOptions()
    refused = Conversion(rule.file, Engine.REFUSED, rule)
    try:
        on_records = located(rule, sysmon=options.sysmon)
    except SigmaError as error:
        return replace(refused, refusal=str(error))
    refused = replace(refused, located=on_records)
    if field := contradiction(on_records):
        return replace(refused, refusal=f"can match no record: it asks for two values of {field} at once")
    try:
        patterns = rule_patterns(on_records, accept_case=options.accept_case)
    except SigmaError as error:
        patterns = None  # the query decides
        refused = replace(refused, unfiltered=str(error))
    covered_by = _covered_by(on_records, patterns)
    found_by = () if covered_by else _found_by(on_records)
    refused = replace(refused, patterns=patterns, covered_by=covered_by, found_by=found_by)
    try:
        refused = replace(refused, query=_query(on_records))
    except SigmaError as error:
        refused = replace(refused, refusal=str(error))
    if not on_records.event_ids:
        reason = "does not name the event ids that it is about, by which the agent could collect its records"
        return replace(refused, refusal=f"{reason}: add EventID to each of its alternatives")
    if patterns and patterns.claim in (Claim.EXACT, *([Claim.CASE_SENSITIVE] if options.accept_case else [])):
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
    for channel in rule.source.channels:
        yield from prerequisites_of_log(channel)
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


def _found_by(rule: LocatedRule) -> tuple[str, ...]:
    """Return the events that find every record of a rule, whichever of its alternatives the record is."""
    known = [
        event
        for event in EVENTS
        if (event.channel,) == rule.source.channels
        and event.event_id in rule.event_ids
        and not event.watched_field
        and event.alarm
        and event.alarm.threshold == event.alarm.evaluation_periods == 1
    ]
    found: dict[str, None] = {}
    for alternative in (alternatives(rule.expression, METRIC_FILTERS_A_LOG_GROUP) or ()) if known else ():
        covering = next((event.key for event in known if _finds(event, rule, alternative)), None)
        if covering is None:
            return ()
        found[covering] = None
    return tuple(found)


def _finds(event: SecurityEvent, rule: LocatedRule, alternative: Iterable[tuple[Test, bool]]) -> bool:
    """Return whether an event finds each record that meets some tests, as far as single tests show it."""
    met = [
        (test.location, test.matcher)
        for test, wanted in alternative
        if wanted and isinstance(test, LocatedTest) and test.location and isinstance(test.matcher, Value)
    ]
    provider = event.provider.name
    if rule.source.channels == ("Security",):
        is_provider = provider == security_provider(event.event_id)
    else:
        is_provider = provider == rule.source.provider or (PROVIDER, Value((provider,))) in met
    return (
        is_provider
        and (EVENT_ID, Value((str(event.event_id),))) in met
        and all(
            any(
                location.place in (Place.EVENT_DATA, Place.USER_DATA)
                and location.name == condition.field
                and _implies(value, condition, event)
                for location, value in met
            )
            and not condition.in_header
            for condition in event.where
        )
    )


def _implies(value: Value, condition: Condition, event: SecurityEvent) -> bool:
    """Return whether whatever a rule's value matches meets a condition, which compares with case."""
    parts = value.parts or ("",)
    first, last = (part if isinstance(part, str) else None for part in (parts[0], parts[-1]))
    whole = first if len(parts) == 1 else None

    def is_fixed(text: str) -> bool:
        is_part = whole is None
        spelt = windows_spelling(event.provider.name, event.event_id, condition.field, text, part=is_part)
        return value.is_cased or text.lower() == text.upper() or spelt == text

    match condition.operator:
        case Operator.EQUALS:
            return whole is not None and whole in condition.values and is_fixed(whole)
        case Operator.STARTS_WITH:
            return first is not None and first.startswith(condition.values) and is_fixed(first)
        case Operator.ENDS_WITH:
            return last is not None and last.endswith(condition.values) and is_fixed(last)
        case Operator.CONTAINS:
            texts = filter(is_fixed, value.literals)
            return any(each in text for text in texts for each in condition.values)
        case Operator.NOT_EQUALS:
            return whole is not None and whole.lower() not in map(str.lower, condition.values)
        case Operator.NOT_STARTS_WITH:
            return whole is not None and not whole.lower().startswith(tuple(map(str.lower, condition.values)))
        case Operator.NOT_ENDS_WITH:
            return last is not None and not any(
                last.lower().endswith(each.lower()) or (whole is None and each.lower().endswith(last.lower()))
                for each in condition.values
            )
        case _:
            return whole is not None and not any(each.lower() in whole.lower() for each in condition.values)


def _terms(patterns: Iterable[str]) -> frozenset[tuple[frozenset[str], ...]]:
    """Return patterns so that those with the same terms are equal, in whatever order."""
    parsed: Iterable[FilterPattern] = map(parse, patterns)
    return frozenset(tuple(map(frozenset, (each.required, each.optional, each.excluded))) for each in parsed)
