from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Client = Callable[[str], Any]


def status(cloudwatch: Any, expression: str, duration: str = "PT10M") -> str:
    cloudwatch.put_alarm_mute_rule(
        Name="night",
        Rule={"Schedule": {"Expression": expression, "Duration": duration}},
        MuteTargets={"AlarmNames": ["one"]},
    )
    found: str = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="night")["Status"]
    return found


@pytest.mark.parametrize(("minutes", "expected"), [(-1, "ACTIVE"), (-60, "SCHEDULED"), (60, "SCHEDULED")])
def test_cron_rule_is_active_for_its_duration(client: Client, minutes: int, expected: str) -> None:
    start = datetime.now(UTC) + timedelta(minutes=minutes)
    time, day, month = f"{start.minute} {start.hour}", f"{start:%a}".upper(), f"{start:%b}".upper()
    assert status(client("cloudwatch"), f"cron({time} * * {day})") == expected
    assert status(client("cloudwatch"), f"cron({time} {start.day} {month} *)") == expected


def test_cron_rule_with_spans_and_lists_is_active_within_them(client: Client) -> None:
    assert status(client("cloudwatch"), "cron(0-29,30-59 * * JAN-DEC SUN-SAT)", "PT1M") == "ACTIVE"
