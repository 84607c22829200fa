"""One account's stack, from the first apply over changes to its end."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from deployment import RegionPlan, load, resolve
from deployment.aws.policies import policy_document
from local_aws import LocalAws, Terraform, inventory
from tests.end_to_end.project import DEFAULTS, Project, deployment
from tests.verify.advice import follow
from verify import Status, Window, verify
from verify.access.account import enter
from verify.checks.chat import check as check_chat
from verify.preflight import preflight

ACCOUNT = "111111111111"
REGION = "eu-central-1"
STACK = "production-eu-central-1"
LOG_ENGINE = {"user-account-deleted": {"enabled": True, "engine": "log"}}
CORRELATION = "password-guessed"
MUTED = {"events": ["user-account-deleted"], "correlations": [CORRELATION], "silence_alarm": True}
CHAT = {
    "slack": {"slack": {"workspace": "T0123ABCDEF", "channel": "C0123ABCDEF"}},
    "teams": {
        "teams": {
            "tenant": "01234567-89ab-cdef-0123-456789abcdef",
            "team": "76543210-89ab-cdef-0123-456789abcdef",
            "channel": "19%3Aabc%40thread.tacv2",
        }
    },
}

pytestmark = pytest.mark.usefixtures("one_provider")


def with_events(**events: Mapping[str, Any]) -> dict[str, Any]:
    """The deployment, but for what is said of these events."""
    spelt = {key.replace("_", "-"): override for key, override in events.items()}
    return deployment(
        {"production": {"id": ACCOUNT, "regions": [REGION]}},
        events={**DEFAULTS["events"], **LOG_ENGINE, **spelt},
        log_alarms={"log_lines": 3},
        correlations={CORRELATION: {}},
        notifications={**DEFAULTS["notifications"], "chat": CHAT},
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


def test_chat_channels_are_configured_as_deployed_and_subscribed(
    applied: Terraform, shared_project: Project, aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    (region,) = shared_project.plans()
    found = list(check_chat(region, enter(region), Window(1)))

    assert [each.status for each in found] == [Status.OK, Status.OK], found
    exists = inventory(aws, ACCOUNT, REGION)
    prefix = f"windows-security-{REGION}"
    assert (exists["Slack channels"], exists["Teams channels"]) == ([f"{prefix}-slack"], [f"{prefix}-teams"])


def test_preflight_finds_what_the_state_holds_to_be_the_deployments(
    applied: Terraform, shared_project: Project, aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    (region,) = shared_project.plans()
    found = list(preflight(region))

    assert [each for each in found if each.status is not Status.OK] == []
    (names,) = (each.message for each in found if each.name == "name")
    # Nothing is free: whatever has a name was looked for, and found.
    assert names.startswith("0 names are free, ")


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


def disturb(aws: LocalAws, region: RegionPlan) -> None:
    """Change by API what a plan sees, and what it does not."""

    def client(service: str) -> Any:
        return aws.client(service, ACCOUNT, REGION)

    ssm, iam, logs, sns, cloudwatch = map(client, ("ssm", "iam", "logs", "sns", "cloudwatch"))
    for association in ssm.list_associations()["Associations"]:
        described = ssm.describe_association(AssociationId=association["AssociationId"])
        kept = {
            name: value
            for name, value in described["AssociationDescription"].items()
            if name in ("AssociationId", "AssociationName", "Parameters", "ScheduleExpression", "Targets")
        }
        is_watching = association["Name"].endswith("watch-servers")
        change = {"DocumentVersion": "1"} if is_watching else {"CalendarNames": ["closed"]}
        ssm.update_association(**kept, **change)
    document = f"{region.names.name}-watch-servers"
    content = json.loads(ssm.get_document(Name=document)["Content"])
    ssm.update_document(
        Name=document, Content=json.dumps({**content, "description": "another"}), DocumentVersion="$LATEST"
    )
    parameter = region.names.agent_parameter
    ssm.put_parameter(Name=parameter, Value="{}", Overwrite=True)

    deny = policy_document({"Effect": "Deny", "Action": "logs:*", "Resource": "*"})
    server, queries = region.names.server_role, region.names.log_query_role
    for role in (server, queries):
        iam.put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=deny)
    trusted = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    trust = iam.get_role(RoleName=server)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    iam.update_assume_role_policy(RoleName=server, PolicyDocument=policy_document(*trust, trusted))
    iam.detach_role_policy(RoleName=server, PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    iam.remove_role_from_instance_profile(InstanceProfileName=server, RoleName=server)

    logs.delete_retention_policy(logGroupName="Security")
    of_everybody = {"Effect": "Deny", "Principal": "*", "Action": "logs:PutLogEvents", "Resource": "*"}
    logs.put_resource_policy(policyName="theirs", policyDocument=policy_document(of_everybody))
    first, second, *_ = logs.describe_metric_filters(logGroupName="Security")["metricFilters"]
    of_filter = ("logGroupName", "filterName", "filterPattern", "metricTransformations")
    chosen, changed = ({name: each[name] for name in of_filter} for each in (first, second))
    logs.put_metric_filter(**chosen, fieldSelectionCriteria="@aws.account = '999999999999'")
    logs.put_metric_filter(**changed | {"filterPattern": "4625"})

    metric_alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    names = [alarm["AlarmName"] for alarm in metric_alarms]
    cloudwatch.disable_alarm_actions(AlarmNames=names[:1])
    cloudwatch.put_alarm_mute_rule(
        Name="night",
        Rule={"Schedule": {"Expression": f"at({datetime.now(UTC):%Y-%m-%dT%H:%M})", "Duration": "P15D"}},
        MuteTargets={"AlarmNames": names[:1]},
    )
    given = cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
    settings = {name: value for name, value in metric_alarms[1].items() if name in given}
    warm = {"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 60}}
    cloudwatch.put_metric_alarm(**settings, **warm)
    (log_alarm, *_) = cloudwatch.describe_alarms(AlarmTypes=["LogAlarm"])["LogAlarms"]
    cloudwatch.delete_alarms(AlarmNames=[log_alarm["AlarmName"]])

    (subscription, *_) = (
        each for each in sns.list_subscriptions()["Subscriptions"] if each["Protocol"] == "email"
    )
    sns.set_subscription_attributes(
        SubscriptionArn=subscription["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue=json.dumps({"severity": ["high"]}),
    )
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
    sns.set_topic_attributes(
        TopicArn=subscription["TopicArn"],
        AttributeName="Policy",
        AttributeValue=policy_document(nobody),
    )
    client("events").disable_rule(Name=f"{region.names.name}-association-failures")


def test_what_others_changed_is_cured_as_verify_advises(
    applied: Terraform, shared_project: Project, aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    (region,) = resolve(load(shared_project.folder / "deployment.yaml"))

    def problems() -> dict[tuple[str, str], str]:
        """What verify says of each resource, without what is so in a local AWS: no server runs there."""
        return {
            (each.name, each.resource): each.message
            for each in verify(region, Window(1))
            if each.status is Status.FAILED or "run 'aws" in each.message
        }

    before = problems()
    disturb(aws, region)
    found = {key: message for key, message in problems().items() if before.get(key) != message}

    assert {kind for kind, _ in found} == {
        *("association", "agent configuration", "role", "log group", "metric filter", "alarm"),
        *("mute rule", "topic", "subscription", "server document", "association failures"),
    }
    assert all("apply the stack again" in each or "run 'aws" in each for each in found.values()), found
    for message in found.values():
        if "run 'aws" in message:
            follow(aws, region, message)
    applied.apply()

    assert problems() == before
    assert applied.plan().is_empty


def test_destroy_leaves_nothing(applied: Terraform, aws: LocalAws) -> None:
    applied.destroy()

    assert not any(inventory(aws, ACCOUNT, REGION).values())
