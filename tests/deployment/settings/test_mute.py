"""Maintenance windows: what a schedule may say, and when it is open."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from deployment import MuteSettings

EVENTS = {"events": ["user-account-created"]}


def window(
    schedule: str = "cron(0 2 * * SUN)", duration: str = "PT4H", alarms: Any = EVENTS, **others: Any
) -> MuteSettings:
    return MuteSettings.model_validate(
        {"schedule": schedule, "duration": duration, "alarms": alarms, **others}
    )


def refusal(**settings: Any) -> str:
    with pytest.raises(ValidationError) as raised:
        window(**settings)
    return "; ".join(error["msg"] for error in raised.value.errors())


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        ("rate(1 day)", "there is no rate(...)"),
        ("0 2 * * SUN", "is not a schedule that a mute rule takes"),
        ("cron(0 2 ? * SUN *)", "has 6 fields in place of 5, which are minutes, hours, days of the month"),
        ("cron(0 2 1 * SUN)", "one of the two must be *"),
        ("cron(0 2 * * 0)", "days of the week '0': takes *, SUN to SAT, with - and , only"),
        ("cron(0/15 2 * * *)", "minutes '0/15': takes *, 0 to 59, with - and , only"),
        ("cron(0 24 * * *)", "hours '24': takes *, 0 to 23"),
        ("cron(0 2 0 * *)", "days of the month '0': takes *, 1 to 31"),
        ("cron(0 2 * DEZ *)", "months 'DEZ': takes *, JAN to DEC"),
        ("cron(30-10 2 * * *)", "minutes '30-10': 30-10 runs backwards"),
        ("cron(0, 2 * * *)", "minutes '0,': takes *"),
        ("cron(0 2 30 FEB *)", "there is no such day"),
        ("at(2027-02-29T10:00)", "there is no such date and time"),
        ("at(2027-02-28 10:00)", "is not a schedule that a mute rule takes"),
        ("at(2027-02-28T10:00:30)", "is not a schedule that a mute rule takes"),
    ],
)
def test_schedule_that_cloudwatch_would_refuse_is_refused(schedule: str, reason: str) -> None:
    assert reason in refusal(schedule=schedule)


@pytest.mark.parametrize(
    "schedule", ["cron(0,30 1-3 * JAN-MAR,12 *)", "cron(0 1 29 2 *)", "cron(5 0 * * FRI-SAT)"]
)
def test_schedule_with_lists_and_spans_is_accepted(schedule: str) -> None:
    assert window(schedule).schedule == schedule


@pytest.mark.parametrize("duration", ["PT1M", "P15D", "P2DT12H", "PT90M", "P1DT1H1M"])
def test_duration_of_a_minute_to_15_days_is_accepted(duration: str) -> None:
    assert window("cron(0 0 1 1 *)", duration).duration == duration


@pytest.mark.parametrize(
    "duration", ["PT0M", "P15DT1M", "P", "PT", "P1DT", "4 hours", "P1W", "PT30S", "PT1.5H"]
)
def test_duration_that_cloudwatch_would_refuse_is_refused(duration: str) -> None:
    assert "is not a duration of 1 minute to 15 days in ISO 8601" in refusal(duration=duration)


@pytest.mark.parametrize(
    ("schedule", "duration"),
    [("cron(0 2 * * *)", "P1D"), ("cron(0 2 * * SUN)", "P7D"), ("cron(0 0,12 * * *)", "PT12H")],
)
def test_window_that_never_closes_is_refused(schedule: str, duration: str) -> None:
    assert "the alarms would never notify anybody" in refusal(schedule=schedule, duration=duration)


@pytest.mark.parametrize(
    ("schedule", "duration"),
    [
        ("cron(0 2 * * *)", "PT23H59M"),
        ("cron(0 2 * * MON-FRI)", "P1D"),
        ("cron(* * * DEC *)", "PT1M"),
        ("cron(* 0-22 * * *)", "PT5M"),
    ],
)
def test_window_that_closes_at_some_time_is_accepted(schedule: str, duration: str) -> None:
    assert window(schedule, duration).duration == duration


def test_unknown_time_zone_is_refused_with_the_nearest() -> None:
    assert "did you mean Asia/Tokyo?" in refusal(time_zone="Asia/Tokio")


@pytest.mark.parametrize(
    ("alarms", "reason"),
    [
        ({}, "names no alarm"),
        ({"all": True, "events": ["user-account-created"]}, "names all alarms, and events"),
        ("every", "alarms"),
    ],
)
def test_alarms_that_are_none_or_said_twice_are_refused(alarms: Any, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        window(alarms=alarms)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        # 02:00 on Sunday in Tokyo is 17:00 on Saturday in UTC.
        (datetime(2027, 1, 2, 16, 59, tzinfo=UTC), False),
        (datetime(2027, 1, 2, 17, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 2, 20, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 2, 21, 0, tzinfo=UTC), False),
    ],
)
def test_window_is_open_by_the_clock_of_its_time_zone(at: datetime, is_open: bool) -> None:
    assert window(time_zone="Asia/Tokyo").is_active(at) is is_open


@pytest.mark.parametrize(("month", "hour"), [(1, 1), (7, 0)])
def test_window_follows_summer_time(month: int, hour: int) -> None:
    every_day = window("cron(0 2 * * *)", "PT1H", time_zone="Europe/Berlin")
    assert every_day.is_active(datetime(2027, month, 15, hour, 30, tzinfo=UTC))
    assert not every_day.is_active(datetime(2027, month, 15, hour + 1, 0, tzinfo=UTC))


def test_window_of_many_days_is_open_until_its_last_minute() -> None:
    once = window("at(2027-03-01T12:00)", "P15D")
    assert once.is_active(datetime(2027, 3, 16, 11, 59, tzinfo=UTC))
    assert not once.is_active(datetime(2027, 3, 16, 12, 0, tzinfo=UTC))
