from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import put_log_groups, put_metric_filters
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.metric_filters import check

Client = Callable[[str], Any]
CREATED = "windows-security-user-account-created"
#: What PutMetricFilter needs.
SETTINGS = ("filterName", "filterPattern", "logGroupName", "metricTransformations")


@pytest.fixture
def logs(client: Client, region: RegionPlan) -> Any:
    """CloudWatch Logs with every metric filter as deployed."""
    put_log_groups(client("logs"), region)
    for event in region.events:
        put_metric_filters(client("logs"), region, event.key)
    return client("logs")


def filter_checks(region: RegionPlan, account: AccountAccess) -> dict[str, Check]:
    return {each.resource: each for each in check(region, account, Window(24))}


def test_metric_filters_as_deployed_are_in_order(
    region: RegionPlan, account: AccountAccess, logs: Any
) -> None:
    found = filter_checks(region, account)

    assert {each.status for each in found.values()} == {Status.OK}
    assert len(found) == sum(len(event.patterns) for event in region.events)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"filterPattern": '"<EventID>472</EventID>"'}, "instead of '\"<EventID>4720</EventID>\"'"),
        ({"metricName": "Users"}, "metricName is 'Users' instead of 'Windows-User-Account-Created'"),
        ({"metricNamespace": "Custom"}, "metricNamespace is 'Custom' instead of 'WindowsSecurity'"),
        ({"metricValue": "0"}, "metricValue is '0' instead of '1'"),
        ({"defaultValue": 1}, "defaultValue is 1.0 instead of 0"),
        ({"defaultValue": None}, "defaultValue is None instead of 0"),
    ],
)
def test_each_difference_of_a_metric_filter_is_named(
    region: RegionPlan, account: AccountAccess, logs: Any, changes: Any, said: str
) -> None:
    put_metric_filters(logs, region, "user-account-created", **changes)

    found = filter_checks(region, account)

    assert [name for name, each in found.items() if each.status is not Status.OK] == [CREATED]
    assert found[CREATED].status is Status.FAILED
    assert said in found[CREATED].message


def test_a_metric_filter_that_does_not_exist_is_found(
    region: RegionPlan, account: AccountAccess, logs: Any
) -> None:
    logs.delete_metric_filter(logGroupName="Security", filterName=CREATED)

    found = filter_checks(region, account)[CREATED]

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_without_the_log_group_no_metric_filter_exists(region: RegionPlan, account: AccountAccess) -> None:
    found = filter_checks(region, account)

    assert {each.status for each in found.values()} == {Status.FAILED}


def test_another_filter_that_counts_into_the_same_metric_is_named(
    region: RegionPlan, account: AccountAccess, logs: Any
) -> None:
    transformation = {
        "metricName": "Windows-User-Account-Created",
        "metricNamespace": "WindowsSecurity",
        "metricValue": "1",
    }
    logs.put_metric_filter(
        logGroupName="Security",
        filterName="by-hand",
        filterPattern="4720",
        metricTransformations=[transformation],
    )
    logs.put_metric_filter(
        logGroupName="Security",
        filterName="unrelated",
        filterPattern="4720",
        metricTransformations=[transformation | {"metricName": "Other"}],
    )

    found = filter_checks(region, account)

    assert found["by-hand"].status is Status.WARNING
    assert "counted twice" in found["by-hand"].message
    assert "unrelated" not in found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"applyOnTransformedLogs": True}, "it is applied to transformed records"),
        (
            {"fieldSelectionCriteria": '@aws.account IN ["999999999999"]'},
            "it counts only records whose fields it chooses (fieldSelectionCriteria is @aws.account IN",
        ),
        ({"emitSystemFieldDimensions": ["@aws.account"]}, "its metric has dimensions, which no alarm names"),
    ],
)
def test_a_setting_that_no_plan_shows_is_found_and_cured_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, logs: Any, changes: Any, said: str
) -> None:
    (deployed,) = logs.describe_metric_filters(logGroupName="Security", filterNamePrefix=CREATED)[
        "metricFilters"
    ]
    logs.put_metric_filter(**{name: deployed[name] for name in SETTINGS}, **changes)

    found = filter_checks(region, account)[CREATED]

    assert found.status is Status.FAILED
    assert said in found.message
    assert follow(aws, region, found.message) == ["delete-metric-filter"]
    put_metric_filters(logs, region, "user-account-created")
    assert filter_checks(region, account)[CREATED].status is Status.OK
