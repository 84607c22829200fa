"""One account's stack, from the first apply over changes to its end."""

from collections.abc import Mapping
from typing import Any

import pytest

from local_aws import LocalAws, Terraform, inventory
from tests.end_to_end.project import DEFAULTS, Project, deployment

ACCOUNT = "111111111111"
REGION = "eu-central-1"
STACK = "production-eu-central-1"
LOG_ENGINE = {"user-account-deleted": {"enabled": True, "engine": "log"}}
CORRELATION = "password-guessed"
MUTED = {"events": ["user-account-deleted"], "correlations": [CORRELATION], "silence_alarm": True}


def with_events(**events: Mapping[str, Any]) -> dict[str, Any]:
    """The deployment, but for what is said of these events."""
    spelt = {key.replace("_", "-"): override for key, override in events.items()}
    return deployment(
        {"production": {"id": ACCOUNT, "regions": [REGION]}},
        events={**DEFAULTS["events"], **LOG_ENGINE, **spelt},
        log_alarms={"log_lines": 3},
        correlations={CORRELATION: {}},
        mute={"patching": {"schedule": "cron(0 2 * * SUN)", "duration": "PT4H", "alarms": MUTED}},
    )


@pytest.fixture(scope="module")
def applied(aws: LocalAws, shared_project: Project) -> Terraform:
    """The stack, applied."""
    terraform = Terraform(shared_project.synthesize(with_events())[STACK], aws.environment())
    terraform.init()
    terraform.validate()
    terraform.apply()
    return terraform


def changes(terraform: Terraform) -> dict[str, tuple[str, ...]]:
    """What a plan does to which resource: a logical id without `monitoring_` and the hash of its path."""
    return {
        change.address.partition(".monitoring_")[2].rpartition("_")[0]: change.actions
        for change in terraform.plan().changes
    }


def test_a_second_plan_is_empty(applied: Terraform, shared_project: Project) -> None:
    shared_project.synthesize(with_events())

    assert applied.plan().is_empty


def test_the_outputs_name_what_exists(applied: Terraform, aws: LocalAws) -> None:
    output = applied.output()
    found = inventory(aws, ACCOUNT, REGION)

    assert [output["server_instance_profile"]] == found["instance profiles"]
    assert sorted(output["log_groups"].values()) == found["log groups"] == ["Security"]
    for arns, kind in (("topic_arns", "topics"), ("alarm_arns", "metric alarms")):
        assert output[arns]
        assert {arn.rpartition(":")[2] for arn in output[arns].values()} <= {
            *found[kind],
            *found["log alarms"],
        }


def test_log_alarms_exist_in_stacks_of_their_own(applied: Terraform, aws: LocalAws) -> None:
    found = inventory(aws, ACCOUNT, REGION)

    prefix = f"windows-security-{ACCOUNT}-{REGION}-"
    assert found["log alarms"] == [f"{prefix}correlation.{CORRELATION}", f"{prefix}log.user-account-deleted"]
    assert len([name for name in found["CloudFormation stacks"] if "--patching--" not in name]) == 2
    assert not any("user-account-deleted" in name for name in found["metric filters"])


def test_maintenance_window_mutes_the_alarms_that_it_names(applied: Terraform, aws: LocalAws) -> None:
    found = inventory(aws, ACCOUNT, REGION)

    (name,) = found["mute rules"]
    assert name == f"windows-security-{ACCOUNT}-{REGION}-mute.patching.1"
    rule = aws.client("cloudwatch", ACCOUNT, REGION).get_alarm_mute_rule(AlarmMuteRuleName=name)
    no_data = [each for each in found["metric alarms"] if each.endswith("-silent-security")]
    assert sorted(rule["MuteTargets"]["AlarmNames"]) == sorted([*no_data, *found["log alarms"]])
    assert rule["Rule"]["Schedule"] == {
        "Expression": "cron(0 2 * * SUN)",
        "Duration": "PT4H",
        "Timezone": "UTC",
    }


def test_another_engine_replaces_filter_and_alarm_by_a_log_alarm(
    applied: Terraform, shared_project: Project
) -> None:
    shared_project.synthesize(with_events(logon_failed_network={"enabled": True, "engine": "log"}))

    changed = changes(applied)
    assert changed["event-logon-failed-network_alarm"] == ("delete",)
    assert changed["event-logon-failed-network_metric-filter"] == ("delete",)
    assert changed["alarm-log--logon-failed-network_stack"] == ("create",)


def test_a_changed_threshold_changes_that_alarm_in_place_and_nothing_else(
    applied: Terraform, shared_project: Project
) -> None:
    shared_project.synthesize(with_events(logon_failed_network={"enabled": True, "threshold": 11}))

    assert changes(applied) == {"event-logon-failed-network_alarm": ("update",)}


def test_an_added_event_is_shipped_counted_and_told_of_and_the_agents_are_configured_anew(
    applied: Terraform, shared_project: Project, aws: LocalAws
) -> None:
    ssm = aws.client("ssm", ACCOUNT, REGION)

    def configured() -> tuple[str, str]:
        """The association that configures the agents: its id and its version."""
        associations = ssm.list_associations()["Associations"]
        (one,) = [each for each in associations if each["Name"].endswith("-watch-servers")]
        return one["AssociationId"], one["AssociationVersion"]

    before = configured()
    shared_project.synthesize(with_events(user_account_created={"enabled": True}))

    changed = changes(applied)
    created = {name for name, actions in changed.items() if actions == ("create",)}
    assert {"event-user-account-created_metric-filter", "event-user-account-created_alarm"} <= created
    assert all("user-account-created" in name for name in created)
    assert {name: changed[name] for name in changed.keys() - created} == {
        "agent-configuration_parameter": ("update",),
        "watch-servers_association": ("update",),
        "dashboard": ("update",),
    }
    applied.apply()
    assert applied.plan().is_empty
    (parameter,) = inventory(aws, ACCOUNT, REGION)["parameters"]
    assert "4720" in ssm.get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
    # State Manager runs an association again when it is updated.
    assert configured() == (before[0], str(int(before[1]) + 1))


def test_destroy_leaves_nothing(applied: Terraform, aws: LocalAws) -> None:
    applied.destroy()

    assert not any(inventory(aws, ACCOUNT, REGION).values())
