"""The stack of one account: provider, state, outputs, and ids that never change by accident."""

import json
from typing import Any

import pytest

from deployment import Account, Deployment, S3Backend, resolve
from modules import AccountStack, StateStack
from tests.modules.synthesis import NOTIFIED, Synthesized, monitored_region, new_app, synthesized

_written: dict[str, Synthesized] = {}


def account_stack(**settings: Any) -> Synthesized:
    """The stack of an account with these settings, built once."""
    key = repr(settings)
    if key not in _written:
        _written[key] = synthesized(AccountStack(new_app(), monitored_region(**settings)))
    return _written[key]


def test_terraform_can_change_the_one_account_only() -> None:
    (provider,) = account_stack(assume_role="monitoring", tags={"Team": "security", "Old": None}).json[
        "provider"
    ]["aws"]
    assert provider == {
        "region": "ap-northeast-1",
        "allowed_account_ids": ["111111111111"],
        "skip_region_validation": True,
        "assume_role": [{"role_arn": "arn:aws:iam::111111111111:role/monitoring"}],
        "default_tags": [{"tags": {"Team": "security"}}],
    }


def test_without_a_role_the_callers_own_credentials_are_used() -> None:
    (provider,) = account_stack().json["provider"]["aws"]
    assert "assume_role" not in provider


def test_outputs_name_what_others_need() -> None:
    output = account_stack(packs=["article"]).json["output"]
    assert set(output) == {"server_instance_profile", "log_groups", "topic_arns", "alarm_arns"}
    assert len(output["alarm_arns"]["value"]) == 10
    assert set(output["log_groups"]["value"]) == {"Security"}
    assert set(output["topic_arns"]["value"]) == {"low", "medium", "high"}


def test_the_alarms_of_no_single_event_are_among_the_outputs() -> None:
    churn = {"title": "Churn", "all_of": ["user-account-created", "user-account-deleted"]}
    written = account_stack(packs=["article"], composite_alarms={"churn": churn})
    arns = written.json["output"]["alarm_arns"]["value"]
    assert arns["silence_alarm"].startswith("${aws_cloudwatch_metric_alarm.monitoring_silence-alarm_")
    assert arns["composite_alarms.churn"].startswith("${aws_cloudwatch_composite_alarm.")


def test_for_a_role_that_exists_already_an_output_says_what_it_must_be_allowed() -> None:
    output = account_stack(server_role={"existing": "business-server"}).json["output"]
    assert "server_instance_profile" not in output
    needs = output["server_role_needs"]["value"]
    assert needs["managed_policies"] == ["AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"]
    assert "s3:PutObject" in needs["policy"]


def test_the_local_state_has_a_path_that_is_the_same_on_every_machine() -> None:
    backend = account_stack().json["terraform"]["backend"]
    assert backend == {"local": {"path": "../../../state/windows-security-production-ap-northeast-1.tfstate"}}


def test_s3_state_is_encrypted_locked_and_apart_for_each_account_and_region() -> None:
    state = {
        "type": "s3",
        "bucket": "states-{account_id}",
        "region": "eu-west-1",
        "kms_key_id": "arn:aws:kms:eu-west-1:111111111111:key/k",
        "assume_role": "state-writer",
    }
    assert account_stack(state=state).json["terraform"]["backend"]["s3"] == {
        "bucket": "states-111111111111",
        "key": "windows-security/production/ap-northeast-1/terraform.tfstate",
        "region": "eu-west-1",
        "encrypt": True,
        "skip_region_validation": True,
        "kms_key_id": "arn:aws:kms:eu-west-1:111111111111:key/k",
        "use_lockfile": True,
        "assume_role": {"role_arn": "arn:aws:iam::111111111111:role/state-writer"},
    }


def test_terraform_cloud_gets_a_workspace_for_each_account_and_region_and_no_token() -> None:
    written = account_stack(state={"type": "cloud", "organization": "acme", "project": "security"})
    assert written.json["terraform"]["cloud"] == {
        "hostname": "app.terraform.io",
        "organization": "acme",
        "workspaces": {"name": "windows-security-production-ap-northeast-1", "project": "security"},
    }
    assert "token" not in json.dumps(written.json)


def test_the_state_stack_makes_the_bucket_and_keeps_its_own_state_elsewhere() -> None:
    state = {"type": "s3", "bucket": "states-{account_id}", "region": "eu-west-1"}
    region = monitored_region(state=state, assume_role="monitoring")
    assert isinstance(region.state, S3Backend)
    written = synthesized(
        StateStack(new_app(), "production-eu-west-1-state", region=region, backend=region.state)
    )
    assert written.one("aws_s3_bucket")["bucket"] == "states-111111111111"
    assert written.json["terraform"]["backend"] == {
        "local": {"path": "../../../state/windows-security-production-eu-west-1-state.tfstate"}
    }
    (provider,) = written.json["provider"]["aws"]
    assert (provider["region"], provider["allowed_account_ids"]) == ("eu-west-1", ["111111111111"])


@pytest.mark.parametrize(
    ("resource_type", "logical_id"),
    [
        ("aws_cloudwatch_metric_alarm", "monitoring_event-logon-failed-network_alarm_BF7EF1E7"),
        (
            "aws_cloudwatch_log_metric_filter",
            "monitoring_event-logon-failed-network_metric-filter_86DDEA7A",
        ),
        ("aws_cloudwatch_log_group", "monitoring_log-group-Security_log-group_A8FD401C"),
        ("aws_sns_topic", "monitoring_topic-medium_topic_39F9B2F9"),
        ("aws_sns_topic_subscription", "monitoring_topic-medium_email-449c76d8_3DD3A844"),
        ("aws_ssm_parameter", "monitoring_agent-configuration_parameter_5B2CAA6D"),
        ("aws_ssm_association", "monitoring_watch-servers_association_1E177030"),
        ("aws_ssm_document", "monitoring_audit-policy-document_BB7F84A4"),
        ("aws_ssm_document", "monitoring_watch-servers-document_1EDD74CE"),
        ("aws_ssm_association", "monitoring_update-ssm-agent_association_77F9D131"),
        ("aws_iam_role", "monitoring_server-role_74FE0B69"),
        ("aws_iam_instance_profile", "monitoring_server-role_instance-profile_E2B5915F"),
        ("aws_s3_bucket", "monitoring_output-bucket_AE24BF84"),
    ],
)
def test_logical_ids_stay_what_they_are(resource_type: str, logical_id: str) -> None:
    # Another id destroys a resource and makes a new one: on purpose only, with a line in CHANGELOG.md.
    assert logical_id in account_stack().resources(resource_type)


@pytest.mark.parametrize(
    "logical_id",
    ["monitoring_configure-agent_association_540689F5", "monitoring_install-agent_association_0B7C12B5"],
)
def test_logical_ids_of_separate_associations_stay_what_they_are(logical_id: str) -> None:
    written = account_stack(associations={"layout": "separate"})
    assert logical_id in written.resources("aws_ssm_association")


def test_two_accounts_give_two_stacks_that_share_no_state() -> None:
    deployment = Deployment(
        accounts={
            "one": Account(id="111111111111", regions=("eu-west-1", "us-east-1"), notifications=NOTIFIED),
            "two": Account(id="222222222222", regions=("eu-west-1",), notifications=NOTIFIED),
        }
    )
    app = new_app()
    stacks = [AccountStack(app, region) for region in resolve(deployment)]
    paths = [synthesized(stack).json["terraform"]["backend"]["local"]["path"] for stack in stacks]
    assert paths == [
        "../../../state/windows-security-one-eu-west-1.tfstate",
        "../../../state/windows-security-one-us-east-1.tfstate",
        "../../../state/windows-security-two-eu-west-1.tfstate",
    ]


def test_the_output_of_alarms_names_variants_after_their_event() -> None:
    events = {"logon-failed-network": {"variants": {"slow": {"threshold": 100}}}}
    alarms = account_stack(packs=["article"], events=events).json["output"]["alarm_arns"]["value"]
    assert alarms["logon-failed-network.slow"] != alarms["logon-failed-network"]
