"""When an alarm changes its state, as CloudWatch evaluates it.

* A metric filter counts by the minute of an event's own time: the order in which events arrive, or whose
  host they are from, does not matter. Each is taken to arrive in time: one that comes later than the periods
  that an alarm looks at is counted in CloudWatch, and may ring nothing.
* A data point is the sum of a period, and the latest period ends with the current minute: every minute the
  periods slide on by one.
* The alarm is on while at least M of the latest N data points reach the threshold. A minute without a match
  counts 0 where logs arrived and is missing where none did; ``treat_missing_data`` is ``notBreaching`` and
  no threshold is below 1, so the two come to the same.
* Only a change of state calls an alarm's actions. An alarm starts as OK.

CloudWatch looks back further than N periods where some of them hold no data at all, that is, where no event
whatever reached the log group; how far is not published. Here a missing period is never replaced by an older
one, so an alarm can turn back to OK earlier than in CloudWatch when all logs fall silent.
"""

import sys
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

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


def evaluations(alarm: AlarmDefaults, counts: Mapping[int, int]) -> Iterator[Evaluation]:
    """Yield the evaluations of an alarm, minute by minute, without the stretches where it sees only zeros.

    Args:
        alarm: The alarm.
        counts: The number of matching records by minute, in minutes since 1970.

    Memory is bounded by the alarm's evaluation periods, a week at most, however long the log is.
    """
    period = alarm.period // _MINUTE
    span = period * alarm.evaluation_periods
    latest = deque([0] * period)  # the counts of the minutes of the latest period
    breaching = deque([False] * span)  # whether the period that ended in each of the latest minutes breaches
    datapoints = deque([0] * period)  # of each phase of the period: how many of its latest N breach
    count = 0
    for minute in _minutes(counts, span + period):
        added = counts.get(minute, 0)
        count += added - latest.popleft()
        latest.append(added)
        breaches = count >= alarm.threshold
        number = datapoints.popleft() + breaches - breaching.popleft()
        breaching.append(breaches)
        datapoints.append(number)
        state = State.ALARM if number >= alarm.datapoints_to_alarm else State.OK
        yield Evaluation((minute + 1) * _MINUTE, count, state)


def _minutes(counts: Mapping[int, int], echo: int) -> Iterator[int]:
    """Yield every minute with records, and those after it as long as it can still matter."""
    for minute, next_minute in pairwise([*sorted(counts), sys.maxsize]):
        yield from range(minute, min(next_minute, minute + 1 + echo))
