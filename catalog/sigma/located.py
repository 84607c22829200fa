"""A rule on the records of its log source: each test tied to the place where the record has the field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.sigma.expression import (
    All,
    AnyOf,
    Constant,
    Expression,
    Nothing,
    OtherField,
    Presence,
    Test,
    Value,
    mapped,
)
from catalog.sigma.log_sources import EVENT_ID, HEADER_FIELDS, Location, LogSource, log_source
from catalog.sigma.reading import DetectionRule, SigmaError
from catalog.sigma.spelling import as_written
from catalog.sigma.sysmon import as_recorded

_EVENT_ID_NAMES = tuple(name for name, called in HEADER_FIELDS.items() if called == EVENT_ID.name)
#: What lets rules on Sysmon be deployed.
_WITH_SYSMON = "where it is installed, write 'sysmon: true' beside 'rules' (--sysmon on the command line)"


@dataclass(frozen=True, slots=True)
class LocatedTest(Test):
    """A comparison of a field that the record has.

    Args:
        location: Where the record has it; None for a keyword.
        other: Where it has the field that it is compared with, if it is compared with one.
    """

    location: Location | None = None
    other: Location | None = None


@dataclass(frozen=True, slots=True)
class LocatedRule:
    """A rule on the records of Windows.

    Args:
        rule: The rule.
        source: Its log source.
        expression: What it asks, in located tests; fields that no record has are decided already.
        event_ids: The ids of the records that it can find; empty where it does not say.
        missing: The fields that it names and no record has, in their order.
    """

    rule: DetectionRule
    source: LogSource
    expression: Expression
    event_ids: tuple[int, ...]
    missing: tuple[str, ...]


def located(rule: DetectionRule, *, sysmon: bool = False) -> LocatedRule:
    """Return a rule on the records of its log source.

    Args:
        rule: The rule.
        sysmon: Whether Sysmon is installed.

    Raises:
        SigmaError: Windows does not write its log source by itself, or no record has what it asks for.
    """
    if rule.product != "windows":
        raise SigmaError(f"is for {rule.product or 'any product'}, and not for Windows")
    source = log_source(rule.category, rule.service, sysmon=sysmon)
    if source is None:
        raise SigmaError(
            f"has the log source {rule.category or rule.service or '(none)'}, which is not known"
        )
    if source.is_sysmon and not sysmon:
        raise SigmaError(f"needs {source.sensor}: {_WITH_SYSMON}")
    if source.sensor and not source.is_sysmon:
        raise SigmaError(f"needs {source.sensor}")
    possible = _possible_ids(rule.expression)
    if possible is not None and not possible:
        raise SigmaError("can match no record: no event id meets all that it asks of EventID")
    ids = source.event_ids or tuple(sorted(possible or ()))
    missing: dict[str, None] = {}

    def locate(test: Test) -> Expression:
        if test.field is None:
            return LocatedTest(None, test.matcher)
        if source.event_ids and test.field in _EVENT_ID_NAMES and isinstance(test.matcher, Value):
            if not any(test.matcher.matches(str(event_id)) for event_id in source.event_ids):
                raise SigmaError(
                    f"asks for event {''.join(test.matcher.literals)}: the records of {source.name} are "
                    f"{', '.join(map(str, source.event_ids))}"
                )
            if len(source.event_ids) == 1:
                return Constant(True)
        location = source.locate(test.field, ids)
        if location is None:
            missing[test.field] = None
            is_met = isinstance(test.matcher, Nothing) or test.matcher == Presence(False)
            return Constant(is_met)
        other = None
        if isinstance(test.matcher, OtherField):
            other = source.locate(test.matcher.field, ids)
            if other is None:
                missing[test.matcher.field] = None
                return Constant(False)
        return LocatedTest(test.field, as_written(source, location, ids, test.matcher), location, other)

    expression = mapped(as_recorded(rule.expression, source), locate)
    if isinstance(expression, Constant) and (missing or not expression.holds):
        by_sysmon = log_source(rule.category, rule.service, sysmon=True) or source
        raise SigmaError(_unreachable(source, by_sysmon, ids, tuple(missing), expression.holds))
    if source.event_ids:
        named = tuple(
            LocatedTest("EventID", Value((str(event_id),)), EVENT_ID) for event_id in source.event_ids
        )
        is_one = named[0] if len(named) == 1 else AnyOf(named)
        # A rule on the event id alone is met by each record of its log source.
        expression = is_one if isinstance(expression, Constant) else All((is_one, expression))
    return LocatedRule(rule, source, expression, tuple(sorted(ids)), tuple(missing))


def _unreachable(
    source: LogSource, by_sysmon: LogSource, ids: Iterable[int], missing: tuple[str, ...], holds: bool
) -> str:
    names = ", ".join(missing)
    if holds:
        reason = f"would match every record, since none has {names}"
    else:
        where = f"records with id {', '.join(map(str, sorted(ids)))}" if ids else f"records of {source.name}"
        reason = f"can match none of the {where}: they have no {names}"
    if source != by_sysmon and any(by_sysmon.locate(name, by_sysmon.event_ids) for name in missing):
        return f"{reason}, which Sysmon writes: {_WITH_SYSMON}"
    return reason if holds else f"{reason}{source.nearest(missing[0], ids)}"


def _possible_ids(expression: Expression) -> frozenset[int] | None:
    """Return the event ids that a record may have that a rule finds; None where it may have any."""
    match expression:
        case All(parts):
            found = [ids for ids in map(_possible_ids, parts) if ids is not None]
            return frozenset.intersection(*found) if found else None
        case AnyOf(parts):
            each = [_possible_ids(part) for part in parts]
            return None if None in each else frozenset().union(*(ids for ids in each if ids is not None))
        case Test(field=field, matcher=Value(parts=(str() as text,))) if field in _EVENT_ID_NAMES:
            return frozenset((int(text),)) if text.isdecimal() else frozenset()
        case _:
            return None
