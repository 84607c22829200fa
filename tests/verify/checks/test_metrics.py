from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from tests.verify.deployed import count
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.metrics import check

Client = Callable[[str], Any]


@pytest.fixture
def cloudwatch(client: Client, region: RegionPlan) -> Any:
    """CloudWatch, into whose log group Security 1,000 events have arrived."""
    count(client("cloudwatch"), "AWS/Logs", "IncomingLogEvents", 1000, ["Security"])
    return client("cloudwatch")


def metric_checks(region: RegionPlan, account: AccountAccess, hours: int = 24) -> dict[str, Check]:
    return {each.resource: each for each in check(region, account, Window(hours))}


def test_a_metric_says_how_many_events_were_counted(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    count(cloudwatch, "WindowsSecurity", "Windows-Logon-Fail", 3)
    count(cloudwatch, "WindowsSecurity", "Windows-Logon-Fail", 4)

    found = metric_checks(region, account)["Windows-Logon-Fail"]

    assert found.status is Status.OK
    assert found.message == "7 of 1,000 events in the last 24 hours"


def test_a_metric_without_data_where_events_arrive_is_found(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    count(cloudwatch, "Custom", "Windows-User-Account-Created", 3)

    found = metric_checks(region, account)["Windows-User-Account-Created"]

    assert found.status is Status.WARNING
    assert "has no data in the last 24 hours, though 1,000 events arrived in Security" in found.message


def test_a_filter_that_finds_none_of_a_frequent_event_is_found(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    for name in ("Windows-Logon-Success", "Windows-User-Account-Created"):
        count(cloudwatch, "WindowsSecurity", name, 0)

    found = metric_checks(region, account)

    assert found["Windows-Logon-Success"].status is Status.WARNING
    assert "counted none of 1,000 events" in found["Windows-Logon-Success"].message
    assert found["Windows-User-Account-Created"].status is Status.OK


def test_where_no_event_arrives_nothing_is_said_of_the_metrics(
    region: RegionPlan, account: AccountAccess
) -> None:
    found = metric_checks(region, account, hours=1)

    assert list(found) == ["Security"]
    assert found["Security"].status is Status.WARNING
    assert "no event has arrived in the last hour, so that nothing is known of 11 metrics" in (
        found["Security"].message
    )


def test_nothing_is_said_of_a_silent_log_whose_events_nobody_counts(
    region_of: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    region = region_of("collection: levels")
    assert {event.channel for event in region.events} < region.log_groups.keys()

    assert list(metric_checks(region, account)) == ["Security"]


def test_more_metrics_than_a_call_takes_are_all_asked_for(
    region_of: Callable[..., RegionPlan], account: AccountAccess, cloudwatch: Any
) -> None:
    paths = ", ".join(f"'C:\\Secret{number}'" for number in range(85))
    text = f"packs: [article]\nwatched_paths: [{paths}]"
    region = region_of(text, TEXT)
    for event in region.events:
        count(cloudwatch, "WindowsSecurity", event.metric_name, 1)

    found = metric_checks(region, account)

    assert len(found) == 95
    assert {each.status for each in found.values()} == {Status.OK}


TEXT = """\
accounts:
  production:
    id: 111122223333
    regions: [eu-west-1]
    notifications:
      subscriptions: [{protocol: email, endpoint: soc@example.com}]
"""
