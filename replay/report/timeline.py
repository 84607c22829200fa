"""The points that a chart of one alarm is drawn from: few enough for a browser, however long the log is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from catalog import AlarmDefaults
from replay.engine.alarm_evaluation import Evaluation, State, evaluations
from replay.engine.event_result import EventResult
from replay.engine.log_alarm import Run

#: The most points of a chart.
POINTS = 1500
#: The period of the chart of an event without an alarm.
WITHOUT_ALARM = AlarmDefaults(period=300)
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Timeline:
    """How the count of an alarm's period went, and when the alarm was on.

    Args:
        points: Times in seconds since 1970, each with the count from then on. Where there are more than a
            chart can show, each is the highest of its stretch: none above the threshold is lost.
        alarms: When the alarm was on: from, to. Where two are closer than a chart can show, they are one.
    """

    points: tuple[tuple[int, int], ...]
    alarms: tuple[tuple[int, int], ...]


def timeline(event_result: EventResult) -> Timeline:
    """Return the timeline of an event that has matches."""
    alarm = event_result.event.alarm or WITHOUT_ALARM
    first, last = min(event_result.counts) * _MINUTE, (max(event_result.counts) + 1) * _MINUTE + alarm.period
    stretch = max(_MINUTE, (last - first) // POINTS)
    points = [(first, 0), *_highest(evaluations(alarm, event_result.counts, event_result.late), stretch)]
    return Timeline(tuple(_changes(points)), tuple(stretches(event_result.transitions, stretch)))


def _highest(found: Iterable[Evaluation], stretch: int) -> Iterator[tuple[int, int]]:
    for _, group in groupby(found, lambda evaluation: evaluation.at // stretch):
        evaluated = list(group)
        yield evaluated[0].at, max(evaluation.count for evaluation in evaluated)
        yield evaluated[-1].at, evaluated[-1].count


def _changes(points: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out the points at which a line does not change its height, but not the last."""
    yield points[0]
    for (_, before), point in pairwise(points):
        if point[1] != before or point is points[-1]:
            yield point


def stretches(transitions: Iterable[Evaluation | Run], stretch: int = 0) -> Iterator[tuple[int, int]]:
    """Yield when an alarm was in ALARM, from and to, by the changes of its state.

    Args:
        transitions: The changes, in order.
        stretch: Two that are no more than so many seconds apart become one.
    """
    start = end = None
    for change in transitions:
        if change.state is State.OK:
            end = change.at
        elif start is None or end is None or change.at - end > stretch:
            if start is not None and end is not None:
                yield start, end
            start = change.at
    if start is not None and end is not None:
        yield start, end
