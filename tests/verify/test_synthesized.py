"""What the checks expect is what the constructs synthesize."""

import json
import re
from typing import Any

import pytest

from deployment.resources.associations import STEPS, associations
from deployment.resources.security_account import alarm_event_rule, observability_link
from modules import SecurityMonitoring
from tests.modules.synthesis import Synthesized, monitored_region, new_stack, synthesized

SINK = "arn:aws:oam:ap-northeast-1:999999999999:sink/00000000-0000-0000-0000-000000000000"
SETTINGS: Any = {
    "packs": ["article"],
    "ec2config_targets": {"OS": ["Windows Server 2012 R2"]},
    "adopt": {"alarms": {"user-account-created": "Account made"}},
    "central": {
        "event_bus": "arn:aws:events:ap-northeast-1:999999999999:event-bus/security",
        "oam_sink": SINK,
    },
    "associations": {"layout": "separate"},
    "agent_configuration": {"mode": "replace"},
}


def stack(**settings: Any) -> Synthesized:
    made = new_stack()
    SecurityMonitoring(made, "monitoring", region=monitored_region(**SETTINGS | settings))
    return synthesized(made)


def known(value: str, written: Synthesized) -> str:
    """A value with the name in place of a reference to it."""
    reference = re.fullmatch(r"\$\{(\w+)\.([\w-]+)\.name\}", value)
    return str(written.resources(reference[1])[reference[2]]["name"]) if reference else value


@pytest.mark.parametrize(
    "settings",
    [{}, {"agent_version": "1.300068.0b1491", "audit_policy": {"mode": "report"}}],
    ids=["", "chosen"],
)
def test_every_association_has_the_parameters_that_are_expected(settings: Any) -> None:
    region = monitored_region(**SETTINGS | settings)
    written = stack(**settings)
    found = {
        association["association_name"]: {
            name: known(value, written) for name, value in association["parameters"].items()
        }
        for association in written.all_of("aws_ssm_association")
    }

    specs = associations(region)
    assert len(found) == len(specs) == 8
    for spec in specs:
        suffix = "-[0-9a-f]{8}" if STEPS[spec.step].hashed else ""
        (given,) = (each for key, each in found.items() if re.fullmatch(spec.name + suffix, key))
        assert given == spec.parameters


def test_the_rule_sends_the_events_that_are_expected() -> None:
    written = stack(association_failures={"enabled": False})
    found = json.loads(written.one("aws_cloudwatch_event_rule")["event_pattern"])
    spec = alarm_event_rule(monitored_region(**SETTINGS))

    assert spec
    assert found == spec.pattern
    assert "Account made" in found["detail"]["alarmName"]


@pytest.mark.parametrize("host_metrics", ["none", "basic"])
def test_the_link_shows_what_is_expected(host_metrics: str) -> None:
    link = stack(host_metrics=host_metrics).one("aws_oam_link")
    configuration = link["link_configuration"]

    spec = observability_link(monitored_region(**SETTINGS | {"host_metrics": host_metrics}))
    assert spec
    assert sorted(link["resource_types"]) == sorted(spec.resource_types)
    assert configuration["log_group_configuration"]["filter"] == spec.log_group_filter
    assert configuration["metric_configuration"]["filter"] == spec.metric_filter
