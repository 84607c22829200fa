"""What was made by hand is imported under its name."""

import json
from typing import Any

from deployment import RegionPlan
from modules import ExistingLogGroup, SecurityMonitoring
from tests.modules.synthesis import NOTIFIED, Synthesized, monitored_region, new_stack, synthesized

HERE = "ap-northeast-1:111111111111"
FAILED = {"packs": [], "events": {"logon-failed-network": {"enabled": True}}}
SINGLE = NOTIFIED | {"topics": "single"}


def monitoring(region: RegionPlan, **existing: Any) -> Synthesized:
    stack = new_stack()
    SecurityMonitoring(stack, "monitoring", region=region, **existing)
    return synthesized(stack)


def imports(written: Synthesized) -> dict[str, str]:
    """The ids that are imported, by the type of their resource."""
    found = {}
    for block in written.json.get("import", []):
        resource_type, logical_id = block["to"].split(".")
        assert logical_id in written.resources(resource_type)
        found[resource_type] = block["id"]
    return found


def test_without_adoption_nothing_is_imported() -> None:
    assert "import" not in monitoring(monitored_region()).json


def test_everything_named_is_imported_by_the_id_that_terraform_knows_it_by() -> None:
    adopt = {
        "log_groups": ["Security"],
        "topic": "security-mail",
        "server_role": "business-server",
        "parameter": "AmazonCloudWatch-windows",
        "alarms": {"logon-failed-network": "Windows-Logon-Fail"},
        "metric_filters": {"logon-failed-network": "Logon-Fail"},
    }
    written = monitoring(monitored_region(**FAILED, notifications=SINGLE, adopt=adopt))
    assert imports(written) == {
        "aws_cloudwatch_log_group": "Security",
        "aws_sns_topic": f"arn:aws:sns:{HERE}:security-mail",
        "aws_sns_topic_policy": f"arn:aws:sns:{HERE}:security-mail",
        "aws_iam_role": "business-server",
        "aws_iam_instance_profile": "business-server",
        "aws_ssm_parameter": "AmazonCloudWatch-windows",
        "aws_cloudwatch_metric_alarm": "Windows-Logon-Fail",
        "aws_cloudwatch_log_metric_filter": "Security:Logon-Fail",
    }


def test_what_is_imported_keeps_the_name_without_which_it_would_be_destroyed_and_made_anew() -> None:
    adopt = {
        "topics": {"medium": "pager"},
        "alarms": {"logon-failed-network": "Windows-Logon-Fail"},
        "metric_filters": {"logon-failed-network": "Logon-Fail"},
    }
    written = monitoring(monitored_region(**FAILED, silence_alarm={"enabled": False}, adopt=adopt))
    assert written.one("aws_sns_topic")["name"] == "pager"
    assert written.one("aws_cloudwatch_metric_alarm")["alarm_name"] == "Windows-Logon-Fail"
    assert written.one("aws_cloudwatch_log_metric_filter")["name"] == "Logon-Fail"
    assert imports(written)["aws_sns_topic"] == f"arn:aws:sns:{HERE}:pager"


def test_adoption_changes_no_logical_id() -> None:
    adopt = {"log_groups": ["Security"], "server_role": "business-server"}
    made, adopted = monitoring(monitored_region()), monitoring(monitored_region(adopt=adopt))
    assert {kind: set(found) for kind, found in made.json["resource"].items()} == {
        kind: set(found) for kind, found in adopted.json["resource"].items()
    }


def test_an_adopted_log_group_loses_no_event_to_a_retention_or_a_destroy() -> None:
    region = monitored_region(**FAILED, adopt={"log_groups": ["Security"]})
    group = monitoring(region).one("aws_cloudwatch_log_group")
    assert "retention_in_days" not in group
    assert group["lifecycle"] == {"ignore_changes": ["retention_in_days", "kms_key_id"]}
    assert group["skip_destroy"] is True


def test_an_adopted_role_keeps_its_path_and_its_boundary() -> None:
    written = monitoring(monitored_region(adopt={"server_role": "business-server"}))
    ignored = written.one("aws_iam_role")["lifecycle"]["ignore_changes"]
    assert ignored == ["path", "permissions_boundary"]
    assert written.one("aws_iam_instance_profile")["lifecycle"]["ignore_changes"] == ["path"]


def test_a_role_without_an_instance_profile_gets_one() -> None:
    adopt = {"server_role": "business-server", "instance_profile": False}
    written = monitoring(monitored_region(adopt=adopt))
    assert "aws_iam_instance_profile" not in imports(written)
    assert written.one("aws_iam_instance_profile")["name"] == "business-server"


def test_an_adopted_parameter_stays_a_string_in_its_tier_and_is_overwritten() -> None:
    parameter = monitoring(monitored_region(adopt={"parameter": "AmazonCloudWatch-windows"})).one(
        "aws_ssm_parameter"
    )
    assert (parameter["type"], parameter["tier"]) == ("String", "Intelligent-Tiering")
    assert "windows_events" in json.loads(parameter["value"])["logs"]["logs_collected"]


def test_a_log_group_that_a_program_passes_in_is_not_imported() -> None:
    written = monitoring(
        monitored_region(**FAILED, adopt={"log_groups": ["Security"]}),
        log_groups={"Security": ExistingLogGroup("theirs", "arn:aws:logs:::log-group:theirs")},
    )
    assert "import" not in written.json


def test_a_log_group_of_somebody_else_is_referred_to_by_its_name() -> None:
    written = monitoring(monitored_region(**FAILED, existing_log_groups={"Security": "/their/Security"}))
    assert written.all_of("aws_cloudwatch_log_group") == []
    assert written.one("aws_cloudwatch_log_metric_filter")["log_group_name"] == "/their/Security"
    (agent,) = written.all_of("aws_ssm_parameter")
    assert "/their/Security" in agent["value"]
