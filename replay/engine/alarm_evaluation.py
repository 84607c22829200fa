"""When an alarm changes its state, as CloudWatch evaluates it.

* A metric filter counts by the minute of an event's own time: the order in which events arrive, or whose
  host they are from, does not matter. Each is taken to arrive in time, unless it is said to be late: one that
  comes later than the periods that an alarm looks at is counted in CloudWatch, and fires no alarm.
* A data point is the sum of a period, and the latest period ends with the current minute: every minute the
  periods slide on by one.
* The alarm is on while at least M of the latest N data points reach the threshold. A minute without a match
  counts 0 where logs arrived and is missing where none did; ``treat_missing_data`` is ``notBreaching`` and
  no threshold is below 1, so the two come to the same.
* Only a change of state calls an alarm's actions. An alarm starts as OK.

CloudWatch looks back further than N periods where some of them hold no data at all, that is, where no event
whatever reached the log group; how far is not published. Here a missing period is never replaced by an older
one, so an alarm can turn back to OK earlier than in CloudWatch when all hosts stop reporting.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from catalog import AlarmDefaults

_MINUTE = 60


class State(Enum):
    """The state of an alarm that treats missing data as not breaching."""

    OK = "OK"
    ALARM = "ALARM"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an alarm sees at the end of a minute.

    Args:
        at: When, in seconds since 1970.
        count: The number of records in the period that ends then.
        state: The alarm's state from then on.
    """

    at: int
    count: int
    state: State


def evaluations(
    alarm: AlarmDefaults, counts: Mapping[int, int], late: Mapping[tuple[int, int], int] | None = None
) -> Iterator[Evaluation]:
    """Yield the evaluations of an alarm that differ from the one before, and the last one.

    Args:
        alarm: The alarm.
        counts: The number of matching records by minute, in minutes since 1970.
        late: How many of them arrived in a later minute: numbers by the minute and that of the arrival.

    The time and memory needed grow with the minutes that have records, not with the time between them.
    """
    if not counts:
        return
    if late:
        yield from _late_evaluations(alarm, counts, late)
        return
    period, periods = alarm.period // _MINUTE, alarm.evaluation_periods
    counted = Counter(counts)  # by how much the period's count changes in a minute
    for minute, number in counts.items():
        counted[minute + period] -= number
    breaching: Counter[int] = Counter()  # by how much the number of breaching data points changes
    count, start = 0, None
    for minute in sorted(counted):
        count += counted[minute]
        if count >= alarm.threshold and start is None:
            start = minute
        elif count < alarm.threshold and start is not None:
            _add_breach(breaching, start, minute, period, periods)
            start = None
    count = number = 0
    last = max(counts) + period * (periods + 1)
    for minute in sorted({*counted, *breaching, last}):
        count += counted[minute]
        number += breaching[minute]
        state = State.ALARM if number >= alarm.datapoints_to_alarm else State.OK
        yield Evaluation((minute + 1) * _MINUTE, count, state)


def _late_evaluations(
    alarm: AlarmDefaults, counts: Mapping[int, int], late: Mapping[tuple[int, int], int]
) -> Iterator[Evaluation]:
    """Yield the same where some records are late, by looking at the periods of each minute with a change."""
    period, periods = alarm.period // _MINUTE, alarm.evaluation_periods
    arrived = Counter({(minute, minute): number for minute, number in counts.items()})
    for (minute, arrival), number in late.items():
        arrived[minute, minute] -= number
        arrived[minute, arrival] += number
    entries = sorted((minute, arrival, number) for (minute, arrival), number in arrived.items() if number)
    minutes = [minute for minute, _, _ in entries]
    changes = {minute + step * period for minute in minutes for step in range(periods + 1)}
    changes |= {arrival for minute, arrival, _ in entries if arrival <= minute + period * periods}
    for minute in sorted({*changes, max(counts) + period * (periods + 1)}):
        sums = [0] * periods
        first = bisect_right(minutes, minute - period * periods)
        for written, arrival, number in entries[first : bisect_right(minutes, minute)]:
            if arrival <= minute:
                sums[(minute - written) // period] += number
        breaching = sum(number >= alarm.threshold for number in sums)
        state = State.ALARM if breaching >= alarm.datapoints_to_alarm else State.OK
        yield Evaluation((minute + 1) * _MINUTE, sums[0], state)


def _add_breach(changes: Counter[int], start: int, end: int, period: int, periods: int) -> None:
    """Add the data points that breach from one minute until before another, each seen in all its periods."""
    length, rest = divmod(end - start, period)
    # One that begins as another ends changes nothing: a breach of whole periods has few changes.
    steps, last = (periods, end) if rest else (min(length, periods), start + max(length, periods) * period)
    for step in range(0, steps * period, period):
        changes[start + step] += 1
        changes[last + step] -= 1
