"""A metric alarm looks at as many more periods as its records may come late."""

from typing import Any

import pytest

from catalog.model.alarm_rule import AlarmDefaults
from deployment import RegionPlan
from deployment.resources.alarms import MetricAlarmSpec, alarm_specs
from tests.modules.synthesis import monitored_region


def periods(region: RegionPlan, key: str) -> tuple[int, int]:
    """The periods that an alarm looks at, and those of them that must reach the threshold."""
    spec = alarm_specs(region)[key]
    assert isinstance(spec, MetricAlarmSpec)
    return spec.evaluation_periods, spec.datapoints_to_alarm


def region(
    event: dict[str, Any] | None = None, key: str = "user-account-created", **others: Any
) -> RegionPlan:
    return monitored_region(packs=["baseline"], events={key: event or {}}, **others)


def test_an_alarm_looks_at_one_period_by_default() -> None:
    assert periods(region(), "user-account-created") == (1, 1)


@pytest.mark.parametrize(
    "key",
    [
        *("unexpected-shutdown", "test-signing-enabled-at-boot", "logon-process-registered"),
        *("password-filter-loaded", "firewall-service-not-started", "firewall-driver-stopped"),
    ],
)
def test_what_windows_writes_while_it_starts_may_come_a_quarter_of_an_hour_late(key: str) -> None:
    assert periods(region(), key) == (4, 1)


def test_late_arrival_of_an_event_is_rounded_up_to_whole_periods() -> None:
    assert periods(region({"late_arrival": 56}), "user-account-created") == (13, 1)


def test_late_arrival_of_an_account_holds_for_every_event() -> None:
    found = region(late_arrival=60)
    assert periods(found, "user-account-created") == (13, 1)
    assert periods(found, "unexpected-shutdown") == (13, 1)


def test_no_late_arrival_of_an_event_takes_the_default_away() -> None:
    key = "unexpected-shutdown"
    assert periods(region({"late_arrival": 0}, key), key) == (1, 1)


def test_evaluation_periods_of_an_event_stay_as_they_are_given() -> None:
    key = "unexpected-shutdown"
    assert periods(region({"evaluation_periods": 2}, key, late_arrival=60), key) == (2, 1)


def test_a_variant_counts_lateness_in_its_own_periods() -> None:
    key = "unexpected-shutdown"
    found = region({"variants": {"slow": {"threshold": 5, "period": 86_400}}}, key)
    assert periods(found, f"{key}.slow") == (2, 1)


def test_an_alarm_never_looks_back_longer_than_cloudwatch_allows() -> None:
    found = region({"period": 1800, "late_arrival": 720, "evaluation_periods": 40}, late_arrival=0)
    (event,) = (each for each in found.events if each.key == "user-account-created")
    assert event.alarm == AlarmDefaults(1, 1800, 48, 1)
