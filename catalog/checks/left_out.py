"""The values that events leave out and no other event of the same id finds, each with a stated reason.

An event that leaves out SYSTEM of those who create tasks leaves a hole where an intruder acts as SYSTEM,
unless another event of the id finds those records. What is left out on purpose stands in ``left_out.tsv``:
the event's key, the field, the value (nothing: all that the event excludes of the field), and why its records
need no event.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from catalog.checks.overlap import are_apart, holds
from catalog.model.condition import Condition, Operator
from catalog.model.security_event import SecurityEvent

_TABLE = Path(__file__).with_name("left_out.tsv")


def left_out(event: SecurityEvent, events: Sequence[SecurityEvent]) -> Iterator[tuple[str, str]]:
    """Yield each field and value that an event excludes, and with which none of the events finds a record."""
    same_id = [each for each in events if (each.provider, each.event_id) == (event.provider, event.event_id)]
    for condition in event.where:
        if condition.operator.excludes:
            for value in condition.values:
                if not any(_finds(other, event, condition, value) for other in same_id):
                    yield condition.field, value


def reason(event: SecurityEvent, field: str, value: str) -> str | None:
    """Return why the records of an event with a value are left out, None where nothing says so."""
    known = reasons()
    return known.get((event.key, field, value)) or known.get((event.key, field, ""))


@cache
def reasons() -> Mapping[tuple[str, str, str], str]:
    """Return the reasons of the table, by the event's key, the field and the value."""
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:])
    return {(key, field, value): reason for key, field, value, reason in rows}


def _finds(other: SecurityEvent, event: SecurityEvent, excluding: Condition, value: str) -> bool:
    """Return whether another event finds what an event would find but for a value that it excludes.

    What the other one excludes of other fields is its own matter, unless the event asks for that very thing.
    """
    for condition in other.where:
        if condition.field == excluding.field:
            if not _holds_for(condition, excluding.operator, value):
                return False
        elif condition not in event.where and (
            not condition.operator.excludes or _contradicts(condition, event)
        ):
            return False
    return True


def _contradicts(condition: Condition, event: SecurityEvent) -> bool:
    """Return whether an event asks for what a condition excludes."""
    return any(each.field == condition.field and are_apart(each, condition) for each in event.where)


def _holds_for(condition: Condition, excluding: Operator, value: str) -> bool:
    """Return whether a condition holds for everything that begins, ends, ... as an excluded value does."""
    match excluding, condition.operator:
        case Operator.NOT_EQUALS, _:
            return holds(condition, value)
        case Operator.NOT_STARTS_WITH, Operator.STARTS_WITH:
            return value.startswith(condition.values)
        case Operator.NOT_STARTS_WITH, Operator.NOT_EQUALS:
            return not any(each.startswith(value) for each in condition.values)
        case Operator.NOT_STARTS_WITH, Operator.NOT_STARTS_WITH:
            return not any(each.startswith(value) or value.startswith(each) for each in condition.values)
        case Operator.NOT_ENDS_WITH, Operator.ENDS_WITH:
            return value.endswith(condition.values)
        case Operator.NOT_ENDS_WITH, Operator.NOT_EQUALS:
            return not any(each.endswith(value) for each in condition.values)
        case Operator.NOT_ENDS_WITH, Operator.NOT_ENDS_WITH:
            return not any(each.endswith(value) or value.endswith(each) for each in condition.values)
        case Operator.NOT_CONTAINS, Operator.CONTAINS:
            return any(each in value for each in condition.values)
    return False
