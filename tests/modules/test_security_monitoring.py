"""The whole procedure for one account and region."""

import json
from typing import Any

import pytest

from catalog import Severity
from deployment import MonitoredRegion
from modules import ExistingBucket, ExistingLogGroup, ExistingTopic, SecurityMonitoring
from tests.modules.synthesis import TOLD, Synthesized, monitored_region, new_stack, synthesized

LOCKED = {"events": {"user-account-locked-out": {"enabled": True}}, "packs": []}


def monitoring(region: MonitoredRegion, **existing: Any) -> Synthesized:
    stack = new_stack()
    SecurityMonitoring(stack, "monitoring", region=region, **existing)
    return synthesized(stack)


def test_every_step_of_the_manual_procedure_is_there() -> None:
    written = monitoring(monitored_region(packs=["article"]))
    assert {a["name"] for a in written.all_of("aws_ssm_association")} == {
        "AWS-UpdateSSMAgent",
        "AWS-ConfigureAWSPackage",
        "AmazonCloudWatch-ManageAgent",
    }
    assert len(written.all_of("aws_cloudwatch_log_metric_filter")) == 10
    assert len(written.all_of("aws_cloudwatch_metric_alarm")) == 9
    for resource_type in ("aws_iam_instance_profile", "aws_ssm_parameter", "aws_cloudwatch_log_group"):
        assert written.one(resource_type)


def test_old_servers_get_ec2config_where_they_are_named() -> None:
    written = monitoring(monitored_region(ec2config_targets={"OS": ["Windows Server 2012 R2"]}))
    (association,) = (a for a in written.all_of("aws_ssm_association") if a["name"] == "AWS-UpdateEC2Config")
    assert association["targets"] == [{"key": "tag:OS", "values": ["Windows Server 2012 R2"]}]


def test_the_agent_is_configured_after_the_log_groups_and_the_filters_exist() -> None:
    written = monitoring(monitored_region(packs=["article"]))
    (association,) = (
        a for a in written.all_of("aws_ssm_association") if a["name"] == "AmazonCloudWatch-ManageAgent"
    )
    needed = [
        f"{kind}.{logical_id}"
        for kind in ("aws_cloudwatch_log_group", "aws_cloudwatch_log_metric_filter")
        for logical_id in written.resources(kind)
    ]
    assert sorted(association["depends_on"]) == sorted(needed)


def test_the_agent_writes_to_the_log_groups_that_the_filters_read() -> None:
    written = monitoring(monitored_region(log_group_prefix="/windows/", packs=["article"]))
    configuration = json.loads(written.one("aws_ssm_parameter")["insecure_value"])
    collected = configuration["logs"]["logs_collected"]["windows_events"]["collect_list"]
    assert {entry["log_group_name"] for entry in collected} == {"/windows/Security"}
    assert written.one("aws_cloudwatch_log_group")["name"] == "/windows/Security"


def test_levels_collect_both_channels_of_the_wizard() -> None:
    written = monitoring(monitored_region(collection="levels", packs=["article"]))
    assert {group["name"] for group in written.all_of("aws_cloudwatch_log_group")} == {"System", "Security"}


def test_every_alarm_notifies_the_topic_of_its_severity() -> None:
    written = monitoring(monitored_region(packs=["article"]))
    topics = {
        arguments["name"]: f"${{aws_sns_topic.{logical_id}.arn}}"
        for logical_id, arguments in written.resources("aws_sns_topic").items()
    }
    for alarm in written.all_of("aws_cloudwatch_metric_alarm"):
        assert alarm["alarm_actions"] == [topics[f"windows-security-{alarm['tags']['Severity']}"]]


def test_one_topic_can_serve_all_severities() -> None:
    written = monitoring(monitored_region(notifications=TOLD | {"topics": "single"}))
    assert written.one("aws_sns_topic")["name"] == "windows-security-alarms"
    assert len({str(a["alarm_actions"]) for a in written.all_of("aws_cloudwatch_metric_alarm")}) == 1


def test_an_event_can_call_something_else_than_its_topic() -> None:
    arn = "arn:aws:sns:ap-northeast-1:111111111111:pager"
    override = {"events": {"user-account-locked-out": {"enabled": True, "actions": [arn]}}, "packs": []}
    assert monitoring(monitored_region(**override)).one("aws_cloudwatch_metric_alarm")["alarm_actions"] == [
        arn
    ]


def test_what_exists_already_is_used_and_not_made() -> None:
    written = monitoring(
        monitored_region(**LOCKED, server_role={"existing": "business-server"}),
        log_groups={"Security": ExistingLogGroup("Existing", "arn:aws:logs:::log-group:Existing")},
        topics={Severity.MEDIUM: ExistingTopic("arn:aws:sns:ap-northeast-1:111111111111:pager")},
        output_bucket=ExistingBucket("output", "arn:aws:s3:::output"),
    )
    for resource_type in ("aws_cloudwatch_log_group", "aws_s3_bucket", "aws_iam_role"):
        assert written.all_of(resource_type) == []
    assert written.one("aws_cloudwatch_metric_alarm")["alarm_actions"] == [
        "arn:aws:sns:ap-northeast-1:111111111111:pager"
    ]
    configuration = json.loads(written.one("aws_ssm_parameter")["insecure_value"])
    (entry,) = configuration["logs"]["logs_collected"]["windows_events"]["collect_list"]
    assert entry["log_group_name"] == "Existing"


def test_the_output_bucket_can_be_left_out() -> None:
    written = monitoring(monitored_region(output_bucket="none"))
    assert written.all_of("aws_s3_bucket") == []
    assert all("output_location" not in a for a in written.all_of("aws_ssm_association"))


def test_names_keep_two_accounts_and_two_regions_apart() -> None:
    tokyo = monitoring(monitored_region())
    virginia = monitoring(monitored_region(regions=["us-east-1"]))
    for resource_type, name in [
        ("aws_iam_role", "name"),
        ("aws_iam_instance_profile", "name"),
        ("aws_s3_bucket", "bucket"),
        ("aws_cloudwatch_metric_alarm", "alarm_name"),
    ]:
        here = {arguments[name] for arguments in tokyo.all_of(resource_type)}
        there = {arguments[name] for arguments in virginia.all_of(resource_type)}
        assert here.isdisjoint(there), resource_type
    assert all("111111111111" in a["alarm_name"] for a in tokyo.all_of("aws_cloudwatch_metric_alarm"))


def test_a_second_instance_that_would_count_the_same_records_is_refused() -> None:
    stack = new_stack()
    SecurityMonitoring(stack, "first", region=monitored_region())
    with pytest.raises(
        ValueError, match="another SecurityMonitoring in this stack has the same log group Security"
    ):
        SecurityMonitoring(stack, "second", region=monitored_region())


def test_an_alarm_that_would_notify_nobody_is_refused_even_where_no_deployment_file_was_checked() -> None:
    from dataclasses import replace

    region = replace(monitored_region(**LOCKED), topics=())
    with pytest.raises(ValueError, match="nobody would be told of user-account-locked-out"):
        monitoring(region)


def test_the_role_of_a_configuration_admin_is_made_where_it_is_asked_for() -> None:
    assert len(monitoring(monitored_region()).all_of("aws_iam_role")) == 1
    assert len(monitoring(monitored_region(configuration_admin_role=True)).all_of("aws_iam_role")) == 2
