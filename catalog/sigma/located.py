"""A rule on the records of its log source: each test tied to the place where the record has the field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.sigma.expression import (
    All,
    Constant,
    Expression,
    Nothing,
    OtherField,
    Presence,
    Test,
    Value,
    mapped,
    tests,
)
from catalog.sigma.log_sources import EVENT_ID, Location, LogSource, log_source
from catalog.sigma.reading import DetectionRule, SigmaError
from catalog.sigma.spelling import as_written
from catalog.sigma.sysmon import as_recorded

_EVENT_ID_NAMES = ("EventID", "EventId")


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


def located(rule: DetectionRule) -> LocatedRule:
    """Return a rule on the records of its log source.

    Raises:
        SigmaError: Windows does not write its log source by itself, or no record has what it asks for.
    """
    if rule.product != "windows":
        raise SigmaError(f"is for {rule.product or 'any product'}, and not for Windows")
    source = log_source(rule.category, rule.service)
    if source is None:
        raise SigmaError(
            f"has the log source {rule.category or rule.service or '(none)'}, which is not known"
        )
    if source.sensor:
        raise SigmaError(f"needs {source.sensor}")
    ids = source.event_ids or _named_ids(rule.expression)
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

    expression = mapped(as_recorded(rule.expression, source.name), locate)
    if source.event_ids and not isinstance(expression, Constant):
        named = tuple(
            LocatedTest("EventID", Value((str(event_id),)), EVENT_ID) for event_id in source.event_ids
        )
        expression = All((*named[:1], expression)) if len(named) == 1 else expression
    if isinstance(expression, Constant):
        raise SigmaError(_unreachable(source, ids, tuple(missing), expression.holds))
    return LocatedRule(rule, source, expression, tuple(sorted(ids)), tuple(missing))


def _unreachable(source: LogSource, ids: Iterable[int], missing: tuple[str, ...], holds: bool) -> str:
    if holds:
        return f"would match every record, since none has {', '.join(missing)}"
    where = f"records with id {', '.join(map(str, sorted(ids)))}" if ids else f"records of {source.name}"
    return (
        f"can match none of the {where}: they have no {', '.join(missing)}{source.nearest(missing[0], ids)}"
    )


def _named_ids(expression: Expression) -> tuple[int, ...]:
    """Return the event ids that a rule names, wherever it names them."""
    return tuple(
        dict.fromkeys(
            int(test.matcher.parts[0])
            for test in tests(expression)
            if test.field in _EVENT_ID_NAMES
            and isinstance(test.matcher, Value)
            and len(test.matcher.parts) == 1
            and isinstance(test.matcher.parts[0], str)
            and test.matcher.parts[0].isdigit()
        )
    )
