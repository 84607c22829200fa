"""Settings that change from one apply to the next: nothing gets stuck, and no event of the past is lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import Change, LocalAws, Terraform, TerraformError, inventory
from local_aws.servers.state_manager import StateManager
from local_aws.servers.windows_server import WindowsServer
from tests.end_to_end.project import DEFAULTS, Project, deployment

ACCOUNT = "111111111111"
REGION = "eu-central-1"
STACK = f"production-{REGION}"
PARAMETER = "AmazonCloudWatch-windows-security"
SYSTEM_EVENT = {"event-log-cleared": {"enabled": True}}

Apply = Callable[..., tuple[Change, ...]]

pytestmark = pytest.mark.usefixtures("one_provider")


@pytest.fixture
def apply(aws: LocalAws, project: Project) -> Apply:
    """Applies the deployment with these defaults; the next plan is empty.

    With `recovered`, after `python -m recover`. With `changes` it returns what the plan changed.
    """
    aws.reset()

    def applied(*, recovered: bool = False, changes: bool = False, **defaults: Any) -> tuple[Change, ...]:
        accounts = {"production": {"id": ACCOUNT, "regions": [REGION]}}
        folder = project.synthesize(deployment(accounts, **defaults))[STACK]
        if recovered:
            project.recover(STACK, aws.environment())
        terraform = Terraform(folder, aws.environment())
        terraform.init()
        changed = terraform.plan().changes if changes else ()
        terraform.apply(planned=changes)
        assert terraform.plan().is_empty
        return changed

    return applied


def events(*keys: str) -> dict[str, Any]:
    return {key: {"enabled": True} for key in keys}


def composite(*keys: str) -> dict[str, Any]:
    return {"title": "An account comes and goes", "any_of": list(keys)}


def deleted(changes: tuple[Change, ...], resource_type: str) -> list[str]:
    return [
        change.address
        for change in changes
        if "delete" in change.actions and change.address.startswith(f"{resource_type}.")
    ]


def test_an_event_can_be_taken_out_of_a_composite_alarm(apply: Apply, aws: LocalAws) -> None:
    apply(
        events=events("user-account-created", "user-account-deleted"),
        composite_alarms={"both": composite("user-account-created", "user-account-deleted")},
    )

    apply(
        events=events("user-account-created", "user-account-enabled"),
        composite_alarms={"both": composite("user-account-created", "user-account-enabled")},
    )

    cloudwatch = aws.client("cloudwatch", ACCOUNT, REGION)
    (alarm,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert "user-account-enabled" in alarm["AlarmRule"]
    assert "user-account-deleted" not in alarm["AlarmRule"]


def script_of_the_servers(aws: LocalAws) -> Any:
    """What the default version of the audit policy's document has the servers run."""
    ssm = aws.client("ssm", ACCOUNT, REGION)
    found = ssm.get_document(Name="windows-security-audit-policy")
    return json.loads(found["Content"])["mainSteps"]


def test_what_was_encrypted_stays_readable_and_servers_run_the_former_script_when_a_change_is_taken_back(
    apply: Apply, aws: LocalAws
) -> None:
    kms, ssm, logs = (aws.client(service, ACCOUNT, REGION) for service in ("kms", "ssm", "logs"))

    def keys_in_use() -> list[str]:
        keys = (kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"] for each in kms.list_keys()["Keys"])
        return [key["Arn"] for key in keys if key["KeyManager"] == "CUSTOMER" and key["Enabled"]]

    def stored() -> tuple[str, str | None]:
        (parameter,) = ssm.describe_parameters()["Parameters"]
        (group,) = logs.describe_log_groups()["logGroups"]
        return parameter["KeyId"], group.get("kmsKeyId")

    apply()
    assert stored() == ("alias/aws/ssm", None)
    script = script_of_the_servers(aws)
    server = WindowsServer(tags={"OS": "Windows Server 2022"})
    assert set(StateManager(ssm).run(server).values()) == {0}
    assert (server.running, server.starts, server.configurations) == (True, 1, {PARAMETER})

    # The audit policy changes as well, so that its document returns to a former content.
    apply(encryption={"customer_managed": True}, audit_policy={"security_log_mebibytes": 2048})
    assert script_of_the_servers(aws) != script
    (key,) = keys_in_use()
    assert stored() == (key, key)

    changes = apply(changes=True)
    assert not deleted(changes, "aws_kms_key")
    # No parameter can be created under the name of one that was deleted less than 30 seconds before.
    assert not deleted(changes, "aws_ssm_parameter")
    assert stored() == ("alias/aws/ssm", None)
    assert keys_in_use() == [key]
    assert script_of_the_servers(aws) == script
    assert set(StateManager(ssm).run(server).values()) == {0}
    assert server.starts == 1


def test_a_log_whose_last_event_is_taken_out_keeps_those_of_the_past_and_can_be_taken_back(
    apply: Apply, aws: LocalAws
) -> None:
    both = {**DEFAULTS["events"], **SYSTEM_EVENT}
    apply(events=both)

    assert not deleted(apply(changes=True), "aws_cloudwatch_log_group")
    assert inventory(aws, ACCOUNT, REGION)["log groups"] == ["Security", "System"]

    changes = apply(events=both, recovered=True, changes=True)
    (taken_back,) = [each for each in changes if each.address.startswith("aws_cloudwatch_log_group.")]
    assert taken_back.actions == ("import",)


def test_a_log_group_that_somebody_else_is_to_manage_is_left_to_them(apply: Apply, aws: LocalAws) -> None:
    apply()

    changes = apply(existing_log_groups={"Security": "Security"}, changes=True)

    assert not [change for change in changes if "delete" in change.actions]
    assert inventory(aws, ACCOUNT, REGION)["metric filters"]


def test_a_change_that_would_delete_log_groups_under_another_name_is_refused_until_they_are_forgotten(
    apply: Apply, aws: LocalAws, project: Project
) -> None:
    def log_groups() -> list[str]:
        return inventory(aws, ACCOUNT, REGION)["log groups"]

    apply(log_group_prefix="former/")

    with pytest.raises(TerraformError, match='log_group_prefix was "former/"') as refused:
        apply(log_group_prefix="later/")
    assert log_groups() == ["former/Security"]

    _, _, addresses = refused.value.message.partition("terraform state rm ")
    with Terraform(project.stacks()[STACK], aws.environment()).start(
        "state", "rm", *addresses.split()
    ) as removal:
        assert removal.wait() == 0
    apply(log_group_prefix="later/")
    assert log_groups() == ["former/Security", "later/Security"]
