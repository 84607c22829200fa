"""The check of log alarms, on the local AWS."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.samples import samples_of
from deployment import RegionPlan
from deployment.resources.alarms import alarm_specs
from deployment.resources.log_alarms import LogAlarmSpec
from local_aws import LocalAws
from tests.verify.deployed import put_alarm, put_log_groups, put_roles, put_topic
from verify import Check, Status, Window
from verify.access.account import enter
from verify.checks.alarms import check
from verify.evaluation import evaluation_problem

Client = Callable[[str], Any]
KEY = "user-account-created"


@pytest.fixture
def region(region_of: Callable[..., RegionPlan]) -> RegionPlan:
    return region_of("engine: log\nlog_alarms: {log_lines: 2}\n")


@pytest.fixture
def spec(region: RegionPlan) -> LogAlarmSpec:
    found = alarm_specs(region)[KEY]
    assert isinstance(found, LogAlarmSpec)
    return found


@pytest.fixture
def checked(aws: LocalAws, region: RegionPlan, spec: LogAlarmSpec, client: Client) -> Callable[..., Check]:
    """Put the alarm with other settings, run its query, and check it."""
    put_roles(client("iam"), region)
    put_log_groups(client("logs"), region)
    for topic in region.topics:
        put_topic(client("sns"), region, topic.name)

    def run(*records: str, **changes: Any) -> Check:
        put_alarm(client("cloudwatch"), spec, **changes)
        if records:
            client("logs").create_log_stream(logGroupName="Security", logStreamName="server")
            now = int(datetime.now(UTC).timestamp() * 1000)
            events = [{"timestamp": now, "message": record} for record in records]
            client("logs").put_log_events(logGroupName="Security", logStreamName="server", logEvents=events)
        aws.evaluate_alarms(datetime.now(UTC) + timedelta(seconds=1))
        (found,) = (c for c in check(region, enter(region), Window(24)) if c.resource == spec.name)
        return found

    return run


def changed(spec: LogAlarmSpec, **changes: Any) -> dict[str, Any]:
    return {"ScheduledQueryConfiguration": {**spec.properties["ScheduledQueryConfiguration"], **changes}}


def test_log_alarm_as_deployed_is_in_order(checked: Callable[..., Check]) -> None:
    found = checked()
    assert (found.status, found.message) == (Status.OK, "as deployed, and in OK")


def test_alarm_in_alarm_names_its_contributors(checked: Callable[..., Check], region: RegionPlan) -> None:
    (event,) = (event for event in region.events if event.key == KEY)
    found = checked(samples_of(event).matches[0])
    assert found.status is Status.OK
    assert "in ALARM since" in found.message
    assert ", by Computer " in found.message
    assert "SubjectUserName" in found.message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Threshold": 7.0}, "Threshold is 7.0 instead of 1"),
        ({"ActionLogLineCount": 9}, "ActionLogLineCount is 9 instead of 2"),
    ],
)
def test_difference_of_a_setting_is_named(
    checked: Callable[..., Check], changes: dict[str, Any], expected: str
) -> None:
    found = checked(**changes)
    assert found.status is Status.FAILED
    assert f"{expected}: run 'aws cloudformation delete-stack " in found.message
    assert found.message.endswith(", then apply the stack again")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"QueryString": "fields @message | limit 1"}, "its query is another one"),
        ({"ScheduledQueryRoleARN": "arn:aws:iam::111122223333:role/other"}, "ScheduledQueryRoleARN is"),
        (
            {"ScheduleConfiguration": {"ScheduleExpression": "rate(2 hours)", "StartTimeOffset": 7200}},
            "ScheduleExpression is 'rate(2 hours)' instead of 'rate(5 minutes)', StartTimeOffset is 7200",
        ),
        ({"AggregationExpression": "count(*)"}, "AggregationExpression is 'count(*)'"),
    ],
)
def test_difference_of_query_role_or_schedule_is_named(
    checked: Callable[..., Check], spec: LogAlarmSpec, changes: dict[str, Any], expected: str
) -> None:
    found = checked(**changed(spec, **changes))
    assert found.status is Status.FAILED
    assert expected in found.message


def test_evaluation_error_says_what_cloudwatch_says_and_what_to_do(
    checked: Callable[..., Check], region: RegionPlan, client: Client
) -> None:
    role = region.names.log_query_role
    client("iam").delete_role_policy(RoleName=role, PolicyName=role)
    found = checked()
    assert found.status is Status.FAILED
    assert "EVALUATION_ERROR: CloudWatch cannot run its query" in found.message
    assert "is not allowed logs:StartQuery" in found.message
    assert role in found.message
    assert "apply the stack again" in found.message


def test_log_alarm_that_does_not_exist_is_found(
    region: RegionPlan, aws: LocalAws, spec: LogAlarmSpec
) -> None:
    (found,) = (c for c in check(region, enter(region), Window(24)) if c.resource == spec.name)
    assert found.status is Status.FAILED
    assert found.message.startswith("does not exist: run 'aws cloudformation delete-stack ")
    assert found.message.endswith(", then apply the stack again")


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ("EVALUATION_FAILURE", "check again later, and ask AWS where it stays so"),
        ("PARTIAL_DATA", "fewer contributors"),
        ("SOMETHING_NEW", "see the CloudWatch user guide"),
    ],
)
def test_each_evaluation_state_has_its_advice(state: str, advice: str) -> None:
    problem = evaluation_problem({"EvaluationState": state, "StateReason": "It was so."})
    assert problem.startswith((state, "the evaluation state SOMETHING_NEW"))
    assert advice in problem
