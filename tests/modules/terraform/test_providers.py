"""Where the resources of a construct go that is given a provider."""

from typing import Any

import pytest

import modules  # noqa: F401  (before anything imports cdktf: the start is quick then)

from cdktf import TerraformStack  # isort: skip
from cdktf_cdktf_provider_aws.provider import AwsProvider  # isort: skip

from modules import AlarmTopic, OutputBucket, SecurityMonitoring
from tests.modules.synthesis import Synthesized, monitored_region, new_stack, synthesized

SETTINGS: Any = {
    "configuration_admin_role": True,
    "central": {
        "event_bus": "arn:aws:events:ap-northeast-1:999999999999:event-bus/security",
        "log_destination": "arn:aws:logs:ap-northeast-1:999999999999:destination:security",
        "oam_sink": "arn:aws:oam:ap-northeast-1:999999999999:sink/00000000-0000-0000-0000-000000000000",
    },
    "composite_alarms": {"any": {"title": "Any", "any_of": ["user-account-created", "logon-failed-network"]}},
}


def providers(stack: TerraformStack) -> tuple[AwsProvider, AwsProvider]:
    """The stack's default provider, of another region, and one with an alias."""
    default = AwsProvider(stack, "default", region="us-east-1")
    return default, AwsProvider(stack, "tokyo", region="ap-northeast-1", alias="tokyo")


def used(written: Synthesized) -> dict[str, Any]:
    """The provider of each AWS resource, by its address."""
    return {
        f"{kind}.{name}": arguments.get("provider")
        for kind, resources in written.json["resource"].items()
        for name, arguments in resources.items()
        if kind.startswith("aws_")
    }


def test_every_resource_of_the_monitoring_goes_to_its_provider() -> None:
    stack = new_stack()
    _, tokyo = providers(stack)
    SecurityMonitoring(
        stack, "monitoring", region=monitored_region(**SETTINGS, packs=["baseline"]), provider=tokyo
    )

    found = used(synthesized(stack))
    assert len(found) > 100
    assert set(found.values()) == {"aws.tokyo"}


def test_a_resource_of_no_provider_of_aws_keeps_its_own() -> None:
    stack = new_stack()
    _, tokyo = providers(stack)
    SecurityMonitoring(stack, "monitoring", region=monitored_region(**SETTINGS), provider=tokyo)

    written = synthesized(stack)
    assert {each.get("provider") for each in written.all_of("terraform_data")} == {None}


def test_a_single_construct_takes_a_provider_too() -> None:
    stack = new_stack()
    _, tokyo = providers(stack)
    AlarmTopic(stack, "a", name="a", account_id="111111111111", region="ap-northeast-1", provider=tokyo)
    OutputBucket(stack, "b", name="b", provider=tokyo)

    assert set(used(synthesized(stack)).values()) == {"aws.tokyo"}


def test_without_one_resources_go_to_the_provider_of_the_stack() -> None:
    stack = new_stack()
    AwsProvider(stack, "default", region="ap-northeast-1")
    SecurityMonitoring(stack, "monitoring", region=monitored_region())

    assert set(used(synthesized(stack)).values()) == {None}


def test_a_provider_of_another_region_is_refused() -> None:
    stack = new_stack()
    default, _ = providers(stack)
    with pytest.raises(ValueError, match=r"is for us-east-1, .* give a provider of ap-northeast-1"):
        SecurityMonitoring(stack, "monitoring", region=monitored_region(), provider=default)
