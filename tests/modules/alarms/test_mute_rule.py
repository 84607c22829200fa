"""Maintenance windows, as they stand in the JSON of a stack."""

from typing import Any

import pytest

from deployment.resources.mute_rules import mute_rules
from modules import SecurityMonitoring
from tests.modules.synthesis import Synthesized, monitored_region, new_stack, synthesized

SETTINGS: Any = {
    "packs": ["article"],
    "events": {
        "logon-failed-network": {"variants": {"slow": {"threshold": 100}}},
        "user-account-created": {"engine": "log"},
    },
    "composite_alarms": {"both": {"title": "Both", "any_of": ["user-account-locked-out"]}},
    "mute": {
        "patching": {
            "schedule": "cron(0 2 * * SUN)",
            "duration": "PT4H",
            "description": "100 %{of} them",
            "alarms": "all",
        }
    },
}


@pytest.fixture(scope="module")
def written() -> Synthesized:
    stack = new_stack()
    SecurityMonitoring(stack, "monitoring", region=monitored_region(**SETTINGS))
    return synthesized(stack)


def mute_stack(written: Synthesized) -> dict[str, Any]:
    (stack,) = [each for each in written.all_of("aws_cloudformation_stack") if "--patching--" in each["name"]]
    return stack


def test_stack_of_a_mute_rule_holds_the_rule_of_its_spec(written: Synthesized) -> None:
    (rule,) = mute_rules(monitored_region(**SETTINGS))
    stack = mute_stack(written)
    assert stack["name"] == rule.stack_name
    assert stack["template_body"].replace("%%{", "%{") == rule.template


def test_mute_rule_is_created_after_every_alarm_that_it_names(written: Synthesized) -> None:
    waited_for = set(mute_stack(written)["depends_on"])
    kinds = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
    alarms = {f"{kind}.{name}" for kind in kinds for name in written.resources(kind)}
    log_alarms = {
        f"aws_cloudformation_stack.{name}"
        for name, stack in written.resources("aws_cloudformation_stack").items()
        if "LogAlarm" in stack["template_body"]
    }
    assert len(log_alarms) == 1
    assert waited_for == alarms | log_alarms
