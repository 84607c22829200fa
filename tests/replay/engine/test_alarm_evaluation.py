from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import AlarmDefaults
from replay.engine.alarm_evaluation import Evaluation, State, evaluations

_OK, _ALARM = State.OK, State.ALARM


def _changes(found: Iterable[Evaluation]) -> list[tuple[int, State]]:
    """Return the minute and the new state of each change, from OK on."""
    state, changes = _OK, []
    for evaluation in found:
        if evaluation.state is not state:
            state = evaluation.state
            changes.append((evaluation.at // 60, state))
    return changes


def _slow_and_obvious(
    alarm: AlarmDefaults, counts: Mapping[int, int], logs_arrived: set[int]
) -> list[tuple[int, State]]:
    """Evaluate an alarm as the guide describes it: every minute, every period, every minute of it."""
    period = alarm.period // 60
    state, changes = _OK, []
    last = max(logs_arrived, default=0)
    for now in range(min(logs_arrived, default=0), last + period * (alarm.evaluation_periods + 1) + 2):
        breaching = 0
        for number in range(alarm.evaluation_periods):
            end = now - number * period
            minutes = [minute for minute in range(end - period, end) if minute in logs_arrived]
            if not minutes:
                continue  # missing, and missing data is not breaching
            data_point = sum(counts.get(minute, 0) for minute in minutes)  # 0 in a minute without a match
            breaching += data_point >= alarm.threshold
        new = _ALARM if breaching >= alarm.datapoints_to_alarm else _OK
        if new is not state:
            state = new
            changes.append((now, state))
    return changes


@st.composite
def _alarms(draw: st.DrawFn) -> AlarmDefaults:
    evaluation_periods = draw(st.integers(1, 4))
    return AlarmDefaults(
        threshold=draw(st.integers(1, 6)),
        period=60 * draw(st.integers(1, 7)),
        evaluation_periods=evaluation_periods,
        datapoints_to_alarm=draw(st.integers(1, evaluation_periods)),
    )


@given(
    alarm=_alarms(),
    counts=st.dictionaries(st.integers(0, 90), st.integers(1, 4), max_size=30),
    silent=st.sets(st.integers(0, 90)),
)
def test_evaluation_agrees_with_a_slow_and_obvious_one(
    alarm: AlarmDefaults, counts: dict[int, int], silent: set[int]
) -> None:
    logs_arrived = (set(range(91)) - silent) | set(counts)
    assert _changes(evaluations(alarm, counts)) == _slow_and_obvious(alarm, counts, logs_arrived)


@given(alarm=_alarms(), counts=st.dictionaries(st.integers(0, 90), st.integers(1, 4), max_size=30))
def test_it_does_not_matter_when_the_log_was_or_in_which_order_it_was_read(
    alarm: AlarmDefaults, counts: dict[int, int]
) -> None:
    later = dict(reversed([(minute + 29_000_000, count) for minute, count in counts.items()]))
    assert _changes(evaluations(alarm, later)) == [
        (minute + 29_000_000, state) for minute, state in _changes(evaluations(alarm, counts))
    ]


@given(
    alarm=_alarms(), counts=st.dictionaries(st.integers(0, 90), st.integers(1, 4), min_size=1, max_size=30)
)
def test_an_alarm_is_quiet_again_once_all_its_periods_are(
    alarm: AlarmDefaults, counts: dict[int, int]
) -> None:
    *_, last = evaluations(alarm, counts)
    assert (last.state, last.count) == (_OK, 0)


def test_the_period_slides_on_each_minute_so_that_a_burst_across_a_boundary_counts() -> None:
    alarm = AlarmDefaults(threshold=5, period=300)
    assert _changes(evaluations(alarm, {4: 3, 5: 2})) == [(6, _ALARM), (10, _OK)]


def test_records_further_apart_than_a_period_do_not_add_up() -> None:
    assert _changes(evaluations(AlarmDefaults(threshold=5, period=300), {4: 4, 9: 4})) == []


def test_an_alarm_is_raised_at_the_end_of_the_minute_that_reaches_the_threshold() -> None:
    found = list(evaluations(AlarmDefaults(threshold=2, period=300), {100: 1, 101: 1}))
    raised = next(evaluation for evaluation in found if evaluation.state is _ALARM)
    assert (raised.at, raised.count) == (102 * 60, 2)


def test_a_continued_attack_is_one_change_of_state() -> None:
    counts = dict.fromkeys(range(120), 10)
    assert _changes(evaluations(AlarmDefaults(threshold=5, period=300), counts)) == [(1, _ALARM), (125, _OK)]


@pytest.mark.parametrize(
    ("counts", "changes"),
    [
        ({0: 1}, []),
        ({0: 1, 1: 1}, [(2, _ALARM), (4, _OK)]),
        ({0: 1, 2: 1}, [(3, _ALARM), (4, _OK)]),
        ({0: 1, 3: 1}, []),
        ({0: 9}, []),
    ],
)
def test_two_of_three_periods_must_reach_the_threshold(
    counts: dict[int, int], changes: list[tuple[int, State]]
) -> None:
    alarm = AlarmDefaults(threshold=1, period=60, evaluation_periods=3, datapoints_to_alarm=2)
    assert _changes(evaluations(alarm, counts)) == changes


def test_missing_data_is_not_breaching_as_in_the_tables_of_the_guide() -> None:
    # - - X - - with 3 of 3, and - - - X - with 2 of 3: OK where missing data is not breaching.
    three = AlarmDefaults(threshold=1, period=60, evaluation_periods=3, datapoints_to_alarm=3)
    two = AlarmDefaults(threshold=1, period=60, evaluation_periods=3, datapoints_to_alarm=2)
    assert _changes(evaluations(three, {2: 1})) == []
    assert _changes(evaluations(two, {3: 1})) == []


def test_years_of_silence_cost_nothing() -> None:
    alarm = AlarmDefaults(threshold=1, period=300)
    found = list(evaluations(alarm, {0: 1, 50_000_000: 1}))
    assert len(found) < 30
    assert len(_changes(found)) == 4


def test_records_scattered_over_a_thousand_years_cost_no_more_than_any_others() -> None:
    alarm = AlarmDefaults(threshold=1, period=86_400)
    found = list(evaluations(alarm, dict.fromkeys(range(0, 500_000_000, 50_000), 1)))
    assert len(found) <= 2 * 10_000 + 1
