"""When an alarm rings, as people read it; what CloudWatch would refuse is tested with the records."""

import pytest

from catalog import AlarmDefaults
from catalog.model.alarm_rule import duration, rule


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(60, "1 min"), (5400, "90 min"), (3600, "1 h"), (129_600, "36 h"), (172_800, "2 d")],
)
def test_a_period_is_told_in_the_largest_unit_that_it_is_a_multiple_of(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_a_rule_tells_the_threshold_and_the_period() -> None:
    assert rule(AlarmDefaults(threshold=1000, period=300)) == "1,000 in 5 min"


def test_a_rule_over_several_periods_tells_in_how_many_of_them() -> None:
    alarm = AlarmDefaults(threshold=1, period=3600, evaluation_periods=3, datapoints_to_alarm=2)
    assert rule(alarm) == "1 in 1 h, in 2 of 3 periods"
