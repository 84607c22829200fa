import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local_aws.moto.test_log_alarms import settings


@pytest.fixture
def cloudformation(client: Callable[[str], Any]) -> Any:
    return client("cloudformation")


def template(**alarms: dict[str, Any]) -> str:
    return json.dumps(
        {
            "Resources": {
                name: {"Type": "AWS::CloudWatch::LogAlarm", "Properties": properties}
                for name, properties in alarms.items()
            },
            "Outputs": {name: {"Value": {"Fn::GetAtt": [name, "Arn"]}} for name in alarms},
        }
    )


@pytest.fixture
def names(client: Callable[[str], Any]) -> Callable[[], list[str]]:
    def log_alarms() -> list[str]:
        found = client("cloudwatch").describe_alarms(AlarmTypes=["LogAlarm"])["LogAlarms"]
        return sorted(each["AlarmName"] for each in found)

    return log_alarms


def test_stack_creates_changes_and_deletes_log_alarms(
    cloudformation: Any, client: Callable[[str], Any], names: Callable[[], list[str]]
) -> None:
    both = template(First=settings(), Second=settings(AlarmName="second"))
    cloudformation.create_stack(StackName="alarms", TemplateBody=both)
    assert names() == ["failed", "second"]
    (stack,) = cloudformation.describe_stacks(StackName="alarms")["Stacks"]
    arns = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert arns["First"].endswith(":alarm:failed")

    changed = template(First=settings(Threshold=9.0), Third=settings(AlarmName="third"))
    cloudformation.update_stack(StackName="alarms", TemplateBody=changed)
    assert names() == ["failed", "third"]
    (alarm,) = client("cloudwatch").describe_alarms(AlarmNames=["failed"], AlarmTypes=["LogAlarm"])[
        "LogAlarms"
    ]
    assert alarm["Threshold"] == 9.0

    cloudformation.delete_stack(StackName="alarms")
    assert names() == []


def test_alarm_with_another_name_replaces_the_one_before(
    cloudformation: Any, names: Callable[[], list[str]]
) -> None:
    cloudformation.create_stack(StackName="alarms", TemplateBody=template(One=settings()))
    cloudformation.update_stack(StackName="alarms", TemplateBody=template(One=settings(AlarmName="new")))
    assert names() == ["new"]


def mute_rule(expression: str = "cron(0 2 * * SUN)", duration: str = "PT4H", **others: Any) -> str:
    properties = {
        "Name": "night",
        "Rule": {"Schedule": {"Expression": expression, "Duration": duration, "Timezone": "Asia/Tokyo"}},
        "MuteTargets": {"AlarmNames": ["failed"]},
        **others,
    }
    return json.dumps(
        {"Resources": {"One": {"Type": "AWS::CloudWatch::AlarmMuteRule", "Properties": properties}}}
    )


def test_stack_creates_changes_and_deletes_a_mute_rule(
    cloudformation: Any, client: Callable[[str], Any]
) -> None:
    def durations() -> dict[str, str]:
        cloudwatch = client("cloudwatch")
        arns = [
            each["AlarmMuteRuleArn"] for each in cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"]
        ]
        rules = [
            cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=arn.rpartition(":")[2]) for arn in sorted(arns)
        ]
        return {rule["Name"]: rule["Rule"]["Schedule"]["Duration"] for rule in rules}

    cloudformation.create_stack(StackName="mute", TemplateBody=mute_rule())
    assert durations() == {"night": "PT4H"}
    cloudformation.update_stack(StackName="mute", TemplateBody=mute_rule(duration="PT1H"))
    assert durations() == {"night": "PT1H"}
    cloudformation.update_stack(StackName="mute", TemplateBody=mute_rule(Name="evening"))
    assert durations() == {"evening": "PT4H"}
    cloudformation.delete_stack(StackName="mute")
    assert durations() == {}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (template(One=settings(QueryResultsToAlarm=2)), "QueryResultsToAlarm"),
        (template(One=settings(Period=60)), "extraneous key [Period]"),
        (mute_rule(expression="rate(1 day)"), "rate(1 day)"),
        (mute_rule(expression="cron(0 2 ? * SUN *)"), "cron(0 2 ? * SUN *)"),
        (mute_rule(duration="P16D"), "P16D"),
        (mute_rule(MuteTargets={"AlarmNames": [str(n) for n in range(101)]}), "100"),
        (mute_rule(Schedule={}), "extraneous key [Schedule]"),
        (template(One=settings(ScheduledQueryConfiguration__QueryARN="arn:aws:logs:")), "QueryARN"),
        (json.dumps({"Resources": {"One": {"Type": "AWS::CloudWatch::LogAlarms"}}}), "LogAlarms"),
        (template(One=settings(AlarmDescription="x" * 51_200)), "51200"),
        (json.dumps({"Resources": {str(n): {"Type": "AWS::SNS::Topic"} for n in range(501)}}), "501"),
    ],
)
def test_stack_that_cloudformation_would_refuse_is_refused(
    cloudformation: Any, refusal: Any, names: Callable[[], list[str]], body: str, reason: str
) -> None:
    code, message = refusal(cloudformation.create_stack, StackName="alarms", TemplateBody=body)
    assert code == "ValidationError"
    assert reason in message
    assert names() == []
