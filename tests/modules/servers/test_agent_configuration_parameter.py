"""The agent's configuration in Parameter Store."""

import json
from typing import Any

import pytest

from modules import AgentConfigurationParameter, EventLogGroup
from tests.modules.synthesis import new_stack, synthesized


def parameter(
    configuration: dict[str, Any], name: str = "AmazonCloudWatch-windows", **arguments: Any
) -> dict[str, Any]:
    stack = new_stack()
    AgentConfigurationParameter(stack, "parameter", name=name, configuration=configuration, **arguments)
    return synthesized(stack).one("aws_ssm_parameter")


def test_the_configuration_is_stored_minified_as_a_value_that_terraform_keeps_after_an_import() -> None:
    written = parameter({"logs": {"b": 1, "a": "大切"}})
    assert written["value"] == '{"logs":{"a":"大切","b":1}}'
    assert "insecure_value" not in written


def test_the_dimensions_of_host_metrics_reach_the_agent_and_are_no_template_of_terraforms() -> None:
    written = parameter({"InstanceId": "${aws:InstanceId}", "share": "100%{x}"})
    assert written["value"] == '{"InstanceId":"$${aws:InstanceId}","share":"100%%{x}"}'


def test_the_name_of_another_resource_stays_a_reference_and_the_hash_does_not_depend_on_its_token() -> None:
    def stored(*earlier: str) -> tuple[str, str]:
        stack = new_stack()
        for name in earlier:
            EventLogGroup(stack, name, name=name)
        group = EventLogGroup(stack, "theirs", name="/team/Security")
        parameter = AgentConfigurationParameter(
            *(stack, "parameter"),
            name="AmazonCloudWatch-windows",
            configuration={"log_group_name": group.name},
        )
        return synthesized(stack).one("aws_ssm_parameter")["value"], parameter.content_hash

    assert stored()[0].startswith('{"log_group_name":"${aws_cloudwatch_log_group.theirs_')
    assert stored() == stored("another")


@pytest.mark.parametrize(("size", "tier"), [(4096, "Standard"), (4097, "Advanced"), (8192, "Advanced")])
def test_the_tier_is_the_cheapest_that_holds_it(size: int, tier: str) -> None:
    padding = "x" * (size - len(json.dumps({"x": ""}, separators=(",", ":"))))
    assert parameter({"x": padding})["tier"] == tier


def test_a_size_is_counted_in_bytes_as_parameter_store_does() -> None:
    assert parameter({"x": "大" * 2000})["tier"] == "Advanced"


def test_a_configuration_over_8_kilobytes_is_refused() -> None:
    with pytest.raises(ValueError, match="over the 8,192 that Parameter Store takes"):
        parameter({"x": "x" * 8192})


def test_a_name_that_the_agents_policy_does_not_cover_is_refused() -> None:
    with pytest.raises(ValueError, match="must begin with AmazonCloudWatch-"):
        parameter({}, name="windows")


def test_braces_that_systems_manager_would_replace_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no value with \{\{"):
        parameter({"x": "{{ssm:other}}"})


@pytest.mark.parametrize("key", [None, "arn:aws:kms:eu-west-1:111111111111:key/k"])
def test_it_is_a_secure_string_with_any_key_so_that_no_change_of_the_key_replaces_it(key: str | None) -> None:
    written = parameter({"x": 1}, kms_key_arn=key)
    assert written["type"] == "SecureString"
    assert written["key_id"] == (key or "alias/aws/ssm")
