"""The associations that install and configure the agents."""

from typing import Any

import pytest

from deployment import AssociationSettings, ComplianceSeverity
from modules import (
    AgentConfigurationParameter,
    ConfigureCloudWatchAgent,
    ExistingBucket,
    InstallCloudWatchAgent,
    UpdateEc2Config,
    UpdateSsmAgent,
)
from modules.servers.associations import AssociationArguments
from tests.modules.synthesis import new_stack, synthesized

ARGUMENTS: AssociationArguments = {
    "name": "step",
    "targets": {"OS": ["Windows Server 2019", "Windows Server 2022"], "Stage": ["production"]},
    "settings": AssociationSettings(
        schedule="rate(7 days)",
        max_concurrency="10%",
        max_errors="2",
        compliance_severity=ComplianceSeverity.HIGH,
    ),
    "region": "eu-west-1",
    "output_bucket": ExistingBucket("output", "arn:aws:s3:::output", "servers"),
}


def configured(configuration: dict[str, Any]) -> dict[str, Any]:
    stack = new_stack()
    parameter = AgentConfigurationParameter(
        stack, "parameter", name="AmazonCloudWatch-windows", configuration=configuration
    )
    ConfigureCloudWatchAgent(stack, "configure", configuration=parameter, **ARGUMENTS)
    return synthesized(stack).one("aws_ssm_association")


def test_servers_are_chosen_by_tag_at_a_pace_on_a_schedule_with_the_output_kept() -> None:
    stack = new_stack()
    UpdateSsmAgent(stack, "update-ssm-agent", **ARGUMENTS)
    written = synthesized(stack).one("aws_ssm_association")
    expected = {
        "name": "AWS-UpdateSSMAgent",
        "association_name": "step",
        "targets": [
            {"key": "tag:OS", "values": ["Windows Server 2019", "Windows Server 2022"]},
            {"key": "tag:Stage", "values": ["production"]},
        ],
        "schedule_expression": "rate(7 days)",
        "max_concurrency": "10%",
        "max_errors": "2",
        "compliance_severity": "HIGH",
        "output_location": {
            "s3_bucket_name": "output",
            "s3_key_prefix": "servers/update-ssm-agent",
            "s3_region": "eu-west-1",
        },
    }
    assert {name: written[name] for name in expected} == expected


@pytest.mark.parametrize("construct", [UpdateSsmAgent, UpdateEc2Config])
def test_an_update_never_goes_back_to_an_older_version(
    construct: type[UpdateSsmAgent | UpdateEc2Config],
) -> None:
    stack = new_stack()
    construct(stack, "update", **ARGUMENTS)
    assert synthesized(stack).one("aws_ssm_association")["parameters"] == {"allowDowngrade": "false"}


def test_the_agent_is_not_updated_in_place_which_its_package_does_not_support() -> None:
    stack = new_stack()
    InstallCloudWatchAgent(stack, "install", version="1.300071.0", **ARGUMENTS)
    assert synthesized(stack).one("aws_ssm_association")["parameters"] == {
        "action": "Install",
        "installationType": "Uninstall and reinstall",
        "name": "AmazonCloudWatchAgent",
        "version": "1.300071.0",
    }


def test_the_newest_agent_is_installed_where_no_version_is_given() -> None:
    stack = new_stack()
    InstallCloudWatchAgent(stack, "install", **ARGUMENTS)
    assert "version" not in synthesized(stack).one("aws_ssm_association")["parameters"]


def test_the_agent_is_told_the_parameter_by_arguments_that_every_version_of_the_document_knows() -> None:
    written = configured({"logs": {}})
    location = written["parameters"].pop("optionalConfigurationLocation")
    assert location.startswith("${aws_ssm_parameter.")
    assert written["name"] == "AmazonCloudWatch-ManageAgent"
    assert written["parameters"] == {
        "action": "configure (append)",
        "mode": "ec2",
        "optionalConfigurationSource": "ssm",
        "optionalRestart": "yes",
    }


def test_another_configuration_changes_the_association_so_that_it_runs_again() -> None:
    first, same, other = configured({"logs": {}}), configured({"logs": {}}), configured({"metrics": {}})
    assert first == same
    assert first["association_name"] != other["association_name"]
    assert first["association_name"].startswith("step-")
