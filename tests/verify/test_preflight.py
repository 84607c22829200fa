"""What an apply would meet in an account, as ``python -m deployment preflight`` finds it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto.ec2.models import ec2_backends
from typer.testing import CliRunner

from deployment import RegionPlan
from deployment.__main__ import application
from deployment.permissions import PermissionRole
from deployment.resources.alarms import alarm_specs
from deployment.resources.buckets import output_bucket
from deployment.resources.chat import chat_channels
from deployment.resources.log_alarms import LogAlarmSpec
from deployment.settings.state import LocalBackend, S3Backend
from local_aws import LocalAws
from tests.iam_calls import RecordedCall, denied
from tests.verify.deployed import HASH, deploy, policy, put_association
from verify import Check, Status
from verify.preflight import preflight

Client = Callable[[str], Any]
TAGGED = "tags: {Project: security}"
CLOUD_STATE = "state: {type: cloud, organization: acme}"
S3_STATE = "state: {type: s3}"
CHAT = """\
subscriptions: [{protocol: email, endpoint: soc@example.com}]
chat: {soc: {slack: {workspace: T0123456789, channel: C0123456789}}}"""


@pytest.fixture
def region(region_of: Callable[..., RegionPlan]) -> RegionPlan:
    return region_of(TAGGED)


def state_of(resource_type: str, **attributes: str) -> str:
    """The state of terraform with one resource."""
    resource = {"mode": "managed", "type": resource_type, "instances": [{"attributes": attributes}]}
    return json.dumps({"version": 4, "resources": [resource]})


def problems(region: RegionPlan) -> dict[str, Check]:
    return {check.name: check for check in preflight(region) if check.status is not Status.OK}


def test_empty_account_has_nothing_in_the_way(aws: LocalAws, region: RegionPlan) -> None:
    assert problems(region) == {}
    kinds = {check.name for check in preflight(region)}
    assert kinds == {"account", "name", "quota"}


def test_each_name_that_somebody_else_has_is_reported(
    aws: LocalAws, region: RegionPlan, client: Client
) -> None:
    deploy(aws, region)  # without tags

    found = problems(region)

    assert found.keys() == {
        *("log group", "role", "topic", "alarm", "parameter", "document", "instance profile", "dashboard"),
        *("association", "bucket", "key alias", "event rule", "metric filter"),
    }
    assert {check.status for check in found.values()} == {Status.FAILED}
    assert "exists without the tags of this deployment" in found["role"].message
    assert "an apply would overwrite it" in found["dashboard"].message


def test_name_of_a_log_alarm_s_stack_that_is_taken_is_reported(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of(f"{TAGGED}\nengine: log")
    name = next(each.stack_name for each in alarm_specs(region).values() if isinstance(each, LogAlarmSpec))
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "other"}}
    client("cloudformation").create_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": {"T": topic}})
    )
    assert problems(region)["stack"].resource == name


def test_name_of_a_chat_channel_that_is_taken_is_reported(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of(TAGGED, notifications=CHAT)
    (channel,) = chat_channels(region)
    client("chatbot").create_slack_channel_configuration(
        ConfigurationName=channel.name, SlackTeamId="T0", SlackChannelId="C0", IamRoleArn=channel.role_arn
    )
    found = problems(region)["chat channel"]
    assert (found.resource, found.status) == (channel.arn, Status.FAILED)


def test_bucket_of_another_account_that_has_the_name_is_reported(aws: LocalAws, region: RegionPlan) -> None:
    spec = output_bucket(region)
    assert spec
    place = {"LocationConstraint": "eu-west-1"}
    aws.client("s3", "222222222222", "eu-west-1").create_bucket(
        Bucket=spec.name, CreateBucketConfiguration=place
    )
    found = problems(region)["bucket"]
    assert (found.resource, found.status) == (spec.name, Status.FAILED)
    assert "belongs to another account" in found.message


def test_what_the_local_state_holds_is_the_deployment_s_own(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of()
    client("logs").create_log_group(logGroupName="Security")
    assert isinstance(region.state, LocalBackend)
    region.state.file.parent.mkdir()
    region.state.file.write_text(state_of("aws_cloudwatch_log_group", name="Security"), encoding="utf-8")
    assert problems(region) == {}


def test_what_the_state_in_s3_holds_is_the_deployment_s_own(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of(S3_STATE)
    client("logs").create_log_group(logGroupName="Security")
    assert problems(region)["log group"].status is Status.FAILED
    assert isinstance(region.state, S3Backend)
    client("s3").create_bucket(
        Bucket=region.state.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    body = state_of("aws_cloudwatch_log_group", name="Security").encode()
    client("s3").put_object(Bucket=region.state.bucket, Key=region.state.key, Body=body)
    found = problems(region)
    # Otherwise moto complains of a file that it has not closed.
    client("s3").delete_object(Bucket=region.state.bucket, Key=region.state.key)
    assert found == {}


def test_association_whose_name_ends_with_a_hash_is_found(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of("agent_configuration: {mode: replace}\nassociations: {layout: separate}")
    put_association(client("ssm"), region, "configure_agent")
    (made,) = client("ssm").list_associations()["Associations"]

    found = problems(region)

    assert made["AssociationName"] == f"{region.names.association('configure_agent')}-{HASH}"
    assert found["association"].resource == made["AssociationId"]


def test_resource_that_a_killed_apply_left_is_reported_though_it_has_the_tags(
    aws: LocalAws, region: RegionPlan, client: Client
) -> None:
    client("logs").create_log_group(logGroupName="Security", tags={"Project": "security"})
    (found,) = problems(region).values()
    assert (found.name, found.resource, found.status) == ("log group", "Security", Status.FAILED)
    assert "python -m recover has it imported" in found.message


def test_every_call_is_among_the_permissions_of_who_looks_ahead(
    aws: LocalAws, region_of: Callable[..., RegionPlan], recorded: list[RecordedCall]
) -> None:
    log_alarm = "events: {logon-failed-network: {engine: log}}"
    region = region_of(f"{TAGGED}\n{S3_STATE}\n{log_alarm}", notifications=CHAT)
    deploy(aws, region)
    recorded.clear()

    list(preflight(region))

    assert {"GetDashboard", "HeadBucket", "ListAliases", "GetObject"} <= {each.operation for each in recorded}
    assert denied(recorded, [region], PermissionRole.PREFLIGHT) == set()
    assert denied(recorded, [region], PermissionRole.RECOVER) != set()


def test_resource_with_the_tags_of_the_deployment_is_its_own_where_the_state_is_unknown(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of(f"{TAGGED}\n{CLOUD_STATE}")
    service = {"Service": "ec2.amazonaws.com"}
    trust = policy({"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"})
    tags = [{"Key": "Project", "Value": "security"}]
    client("iam").create_role(RoleName=region.names.server_role, AssumeRolePolicyDocument=trust, Tags=tags)
    client("logs").create_log_group(logGroupName="Security", tags={"Project": "security", "Owner": "soc"})
    assert problems(region).keys() == {"state"}


def test_deployment_without_tags_cannot_tell_whose_a_resource_is(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of(CLOUD_STATE)
    client("logs").create_log_group(logGroupName="Security")
    found = problems(region)["log group"]
    assert (found.resource, found.status) == ("Security", Status.WARNING)


def test_metric_filters_of_others_count_against_the_quota(
    aws: LocalAws, region: RegionPlan, client: Client
) -> None:
    client("logs").create_log_group(logGroupName="Security", tags={"Project": "security"})
    for number in range(95):
        client("logs").put_metric_filter(
            logGroupName="Security",
            filterName=f"other-{number}",
            filterPattern="x",
            metricTransformations=[{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}],
        )
    found = problems(region)["quota"]
    assert (found.name, found.resource) == ("quota", "metric filters of Security")
    assert found.message.startswith("95 in use, and at most ")
    assert "of 100: delete some, or use 'engine: log'" in found.message


@pytest.mark.parametrize(
    ("name", "reason"),
    [("af-south-1", "is not enabled in account 111122223333"), ("eu-west-9", "is no region of AWS")],
)
def test_region_that_the_account_does_not_have_is_reported(
    aws: LocalAws, region: RegionPlan, name: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for known in ec2_backends["111122223333"]["us-east-1"].describe_regions():
        if known.name == "af-south-1":
            monkeypatch.setattr(known, "opt_in_status", "not-opted-in")
    (found,) = preflight(replace(region, names=replace(region.names, region=name)))
    assert (found.name, found.status) == ("region", Status.FAILED)
    assert reason in found.message


def test_command_reports_every_stack_and_its_exit_status(
    aws: LocalAws, deployment_file: Callable[..., Path], client: Client
) -> None:
    path = str(deployment_file(TAGGED))
    run = CliRunner().invoke(application, ["preflight", "--deployment", path, "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["stacks"].keys() == {"production-eu-west-1"}

    client("logs").create_log_group(logGroupName="Security")
    run = CliRunner().invoke(application, ["preflight", "--deployment", path])
    assert run.exit_code == 1
    assert "exists without the tags" in run.stdout


def test_what_may_not_be_looked_at_is_named_and_the_rest_is_looked_at(
    aws: LocalAws, region: RegionPlan, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client("sns").create_topic(Name=region.topics[0].name)
    call = BaseClient._make_api_call

    def refuse(self: Any, operation: str, parameters: Any) -> Any:
        if operation == "DescribeLogGroups":
            error = {"Code": "AccessDeniedException", "Message": "not authorized"}
            raise ClientError({"Error": error}, operation)
        return call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", refuse)
    found = problems(region)

    assert "some cannot be checked: An error occurred (AccessDeniedException)" in found["name"].message
    assert found["topic"].status is Status.FAILED
