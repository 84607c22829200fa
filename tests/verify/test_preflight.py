"""What an apply would meet in an account, as ``python -m deployment preflight`` finds it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from moto.ec2.models import ec2_backends
from typer.testing import CliRunner

from deployment import RegionPlan
from deployment.__main__ import application
from local_aws import LocalAws
from tests.verify.deployed import deploy, policy
from verify import Check, Status
from verify.preflight import preflight

Client = Callable[[str], Any]
TAGGED = "tags: {Project: security}"


@pytest.fixture
def region(region_of: Callable[..., RegionPlan]) -> RegionPlan:
    return region_of(TAGGED)


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

    assert found.keys() == {"log group", "role", "topic", "alarm", "parameter", "document"}
    assert {check.status for check in found.values()} == {Status.FAILED}
    assert "exists without the tags of this deployment" in found["role"].message


def test_resource_with_the_tags_of_the_deployment_is_its_own(
    aws: LocalAws, region: RegionPlan, client: Client
) -> None:
    service = {"Service": "ec2.amazonaws.com"}
    trust = policy({"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"})
    tags = [{"Key": "Project", "Value": "security"}]
    client("iam").create_role(RoleName=region.names.server_role, AssumeRolePolicyDocument=trust, Tags=tags)
    client("logs").create_log_group(logGroupName="Security", tags={"Project": "security", "Owner": "soc"})
    assert problems(region) == {}


def test_deployment_without_tags_cannot_tell_whose_a_resource_is(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client
) -> None:
    region = region_of()
    client("logs").create_log_group(logGroupName="Security")
    (found,) = problems(region).values()
    assert (found.name, found.resource, found.status) == ("log group", "Security", Status.WARNING)


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
    (found,) = problems(region).values()
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
