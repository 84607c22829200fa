"""Events and correlations over records, from their parsed fields: what a query answers, without it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation, CorrelationType
from catalog.model.record import NOTHING, WindowsRecord
from catalog.model.security_event import SecurityEvent

_HOUR = 3_600_000
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimedRecord:
    """A record and its time.

    Args:
        time: When it was written, in milliseconds since 1970.
        record: The record by its parts.
    """

    time: int
    record: WindowsRecord

    def value(self, field: str) -> str:
        """Return the value of a data field, or of ``Computer``; ``-`` where the record lacks it."""
        values = self.record.header if field == COMPUTER else self.record.fields
        return values.get(field, NOTHING[0])


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule sees of a record.

    Args:
        group: The values that it groups by, in small letters.
        step: Which of its kinds of record it is.
        counted: The value that it counts, where it counts distinct ones.
    """

    group: Group
    step: str
    counted: str = ""


def groups_in_alarm(
    correlation: Correlation, records: Iterable[TimedRecord], *, utc_offsets: Sequence[float] = (0,)
) -> set[Group]:
    """Return the groups, by their values in small letters, for which the records of one window are an alarm.

    Args:
        correlation: The rule.
        records: The records that a run of the alarm sees.
        utc_offsets: The account's hours ahead of UTC: two where its clocks change with the season.
    """
    groups: defaultdict[Group, list[tuple[int, Match]]] = defaultdict(list)
    for record in records:
        if match := correlated(correlation, record, utc_offsets):
            groups[match.group].append((record.time, match))
    return {group for group, found in groups.items() if is_alarm(correlation, found)}


def correlated(correlation: Correlation, record: TimedRecord, utc_offsets: Sequence[float]) -> Match | None:
    """Return the group of a record and what counts of it; None where the correlation passes over it.

    Args:
        correlation: The rule.
        record: The record.
        utc_offsets: The account's hours ahead of UTC: two where its clocks change with the season.
    """
    kind = next((kind for kind in correlation.records if is_of_kind(record.record, kind)), None)
    if kind is None or not _is_in_hours(correlation, record, utc_offsets):
        return None
    values = {name: record.value(kind.data_field(name)).lower() for name in correlation.names}
    if any(value in NOTHING or value in _left_out(correlation, name) for name, value in values.items()):
        return None
    group = tuple(values[name] for name in correlation.group_by)
    return Match(group, kind.step, values.get(correlation.counted, ""))


def is_of_event(record: WindowsRecord, event: SecurityEvent) -> bool:
    """Return whether a record is one of an event's."""
    if event.selection:
        is_selected = record.event_id in event.event_ids and event.selection.is_met(record)
    else:
        is_selected = event.provider.is_called(record.provider) and record.event_id == event.event_id
    return is_selected and all(map(record.meets, event.where))


def is_of_kind(record: WindowsRecord, kind: CorrelatedRecord) -> bool:
    """Return whether a record is of a kind."""
    if kind.selection:
        is_there = record.event_id in kind.event_ids and record.header.get("Channel") == kind.provider.channel
        return is_there and kind.selection.is_met(record)
    is_one = kind.provider.is_called(record.provider) and record.event_id == kind.event_id
    return is_one and all(map(record.meets, kind.where))


def _is_in_hours(correlation: Correlation, record: TimedRecord, utc_offsets: Sequence[float]) -> bool:
    if correlation.hours is None:
        return True
    start, end = correlation.hours
    hours = [(record.time / _HOUR + offset) % 24 for offset in utc_offsets]
    return any(start <= hour < end if start < end else hour >= start or hour < end for hour in hours)


def _left_out(correlation: Correlation, name: str) -> tuple[str, ...]:
    return tuple(value.lower() for value in correlation.left_out.get(name, ()))


def is_alarm(correlation: Correlation, found: Sequence[tuple[int, Match]]) -> bool:
    """Return whether records of one group are an alarm.

    Args:
        correlation: The rule.
        found: What the rule sees of each record, with its time in milliseconds.
    """
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return len(found) >= correlation.threshold
        case CorrelationType.VALUE_COUNT:
            return len({match.counted for _, match in found}) >= correlation.threshold
    times = {step: [time for time, match in found if match.step == step] for step in correlation.steps}
    if any(len(times[step]) < correlation.least(step) for step in correlation.steps):
        return False
    if correlation.type is CorrelationType.TEMPORAL:
        return True
    *before, last = correlation.steps
    return all(max(times[last]) >= min(times[step]) for step in before)
