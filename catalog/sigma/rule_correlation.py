"""A correlation rule as a correlation like those of the catalog, over records of the rules that it names."""

import re
from collections.abc import Iterator, Mapping, Sequence

from catalog.errors import CatalogError, did_you_mean
from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation, CorrelationType, record_of
from catalog.model.security_event import Severity
from catalog.sigma.conversion import Conversion, Engine
from catalog.sigma.located import LocatedRule
from catalog.sigma.log_sources import Place
from catalog.sigma.reading import CorrelationRule, SigmaError
from catalog.sigma.rule_event import rule_events, rule_key, runbook

_TYPES = {each.value: each for each in CorrelationType}
#: The lowest number that is an alarm, by how a rule compares: what is added to the number that it gives.
_ADDED = {"gte": 0, "gt": 1}
#: Words of a condition that says no more than the type does.
_CONJUNCTION = re.compile(r"[\w-]+(?:\s+and\s+[\w-]+)*")


def rule_correlation(rule: CorrelationRule, known: Mapping[str, Conversion]) -> Correlation:
    """Return the correlation of a rule.

    Args:
        rule: The rule.
        known: What the rules on single records become, by name and by id.

    Raises:
        SigmaError: It cannot be a log alarm; it says why.
        OSError: A sample beside a rule that it names cannot be read.
    """
    kind = _TYPES.get(rule.type)
    if kind is None:
        raise SigmaError(f"is of the type {rule.type}: there are alarms for {', '.join(_TYPES)}")
    if not rule.group_by:
        raise SigmaError("has no group-by: name a field, such as Computer for each server")
    if len(rule.counted) > 1:
        raise SigmaError(f"counts the values of {', '.join(rule.counted)} together: name one field")
    steps = _steps(rule, known)
    names = (*rule.group_by, *rule.counted) if kind is CorrelationType.VALUE_COUNT else rule.group_by
    records = [
        record
        for number, (reference, step) in enumerate(steps, start=1)
        for record in _records(rule, reference, step, names, "record" if kind.counts else f"step{number}")
    ]
    try:
        return Correlation(
            key=rule_key(rule),
            type=kind,
            title=rule.title,
            title_ja=rule.title,
            severity=Severity(rule.level) if rule.level else Severity.MEDIUM,
            runbook=runbook(rule),
            runbook_ja=runbook(rule),
            records=tuple(records),
            group_by=tuple(map(_word, rule.group_by)),
            timespan=rule.timespan,
            threshold=_threshold(rule, kind, len(steps)),
            counted=_word(rule.counted[0]) if kind is CorrelationType.VALUE_COUNT else "",
            attack=rule.attack,
        )
    except CatalogError as error:
        raise SigmaError(f"cannot be a log alarm: {'; '.join(error.problems)}") from error


def _steps(rule: CorrelationRule, known: Mapping[str, Conversion]) -> list[tuple[str, Conversion]]:
    steps = []
    for reference in rule.rules:
        if reference not in known:
            raise SigmaError(
                f"names the rule {reference}, which is in none of the files{did_you_mean(reference, known)}"
            )
        found = known[reference]
        if isinstance(found.rule, CorrelationRule):
            raise SigmaError(f"names the correlation {reference}: there are alarms for rules on records only")
        if found.engine is Engine.REFUSED:
            raise SigmaError(f"names the rule {reference}, which {found.refusal}")
        steps.append((reference, found))
    return steps


def _threshold(rule: CorrelationRule, kind: CorrelationType, rules: int) -> int:
    """Return the lowest number that is an alarm, which for a sequence is no number but each of its rules."""
    if not kind.counts:
        # Without a condition pySigma writes: as many as there are rules.
        is_each = _CONJUNCTION.fullmatch(rule.condition) or (rule.sign, rule.number) == ("gte", rules)
        if not is_each:
            asked = rule.condition or f"{rule.sign}: {rule.number:g}"
            raise SigmaError(f"has the condition {asked}: there are alarms where each of its rules matches")
        return 1
    if rule.sign not in _ADDED or rule.number != int(rule.number):
        raise SigmaError(
            f"has the condition {rule.sign}: {rule.number:g}: an alarm fires from a number on, gte or gt"
        )
    return int(rule.number) + _ADDED[rule.sign]


def _records(
    rule: CorrelationRule, reference: str, found: Conversion, names: Sequence[str], step: str
) -> Iterator[CorrelatedRecord]:
    assert found.located is not None, "the rule is not refused"
    fields = {
        _word(name): _record_field(found.located, reference, rule.aliases.get(name, {}).get(reference, name))
        for name in names
    }
    for event in rule_events(found):
        yield record_of(event, step, fields)


def _record_field(located: LocatedRule, reference: str, field: str) -> str:
    """Return what the records of a rule call a field."""
    location = located.source.locate(field, located.event_ids)
    if location is None:
        nearest = located.source.nearest(field, located.event_ids)
        raise SigmaError(f"groups by or counts {field}, which no record of {reference} has{nearest}")
    is_computer = location.place is Place.HEADER and location.name == COMPUTER
    if not is_computer and location.place not in (Place.EVENT_DATA, Place.USER_DATA):
        raise SigmaError(f"groups by or counts {field} of {reference}, which is neither Computer nor data")
    return location.name


def _word(name: str) -> str:
    """Return a name of the rule as one that a query takes."""
    return re.sub("[^A-Za-z0-9]", "", name)
