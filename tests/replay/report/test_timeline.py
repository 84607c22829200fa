from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from catalog import AlarmDefaults, event
from replay.engine.event_result import EventResult
from replay.report.timeline import POINTS, timeline

_EVENT = event("logon-failed-network")


def test_a_timeline_rises_and_falls_with_the_count_of_the_period() -> None:
    assert _EVENT.alarm
    found = timeline(EventResult(_EVENT, {100: 3, 102: 9}))
    period = _EVENT.alarm.period // 60
    assert [(time // 60, count) for time, count in found.points] == [
        (100, 0),
        (101, 3),
        (103, 12),
        (101 + period, 9),
        (103 + period, 0),
        (103 + 2 * period, 0),
    ]


def test_an_alarm_is_marked_from_its_raising_to_its_end() -> None:
    assert _EVENT.alarm
    event_result = EventResult(_EVENT, {100: _EVENT.alarm.threshold})
    assert timeline(event_result).alarms == (
        (event_result.transitions[0].at, event_result.transitions[1].at),
    )


def test_an_event_without_an_alarm_has_a_timeline_but_no_alarms() -> None:
    signal = event("special-privileges-assigned")
    assert signal.alarm is None
    found = timeline(EventResult(signal, {100: 3}))
    assert max(count for _, count in found.points) == 3
    assert found.alarms == ()


@given(st.dictionaries(st.integers(0, 600_000), st.integers(1, 99), min_size=1, max_size=60))
def test_no_peak_is_lost_however_long_the_log_is(counts: dict[int, int]) -> None:
    event_result = EventResult(_EVENT, counts)
    points = timeline(event_result).points
    assert max(count for _, count in points) == event_result.peak
    assert points[-1][1] == 0
    assert all(before < after for (before, _), (after, _) in pairwise(points))


def test_a_chart_stays_small_however_long_the_log_is() -> None:
    counts = {minute: 1 + minute % 7 for minute in range(20_000)}
    assert len(timeline(EventResult(_EVENT, counts)).points) <= 2 * POINTS + 10


def test_alarms_closer_than_a_chart_can_show_are_one() -> None:
    flapping = dict.fromkeys(range(0, 40_000, 4), 1)
    tuned = AlarmDefaults(threshold=1, period=60)
    found = timeline(EventResult(replace(_EVENT, alarm=tuned), flapping))
    assert len(found.alarms) == 1
    assert found.alarms[0][0] == 60
