"""That the checks and the constructs mean the same alarms: otherwise each alarm would look wrong, or none."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from deployment.resources.alarms import alarm_specs
from modules import AccountStack
from tests.modules.synthesis import new_app, synthesized
from tests.verify.conftest import DEPLOYMENT
from verify.checks.alarms import compared_settings

SETTINGS = """\
  ok_actions: true
events:
  logon-failed-network:
    variants:
      slow: {threshold: 100, period: 86400, severity: critical}
      paged: {threshold: 50, actions: ["arn:aws:sns:eu-west-1:111122223333:pager"]}
composite_alarms:
  churn:
    title: Accounts come and go
    all_of: [user-account-created, user-account-deleted]
    suppressor: {alarm: maintenance, wait_period: 60, extension_period: 180}
  any:
    title: Anything
    any_of: [user-account-created, user-account-disabled]
  none: null
"""
#: Nothing of the Security log is collected.
NO_PACK = re.sub(r"packs: .*\n.*watched_paths: .*", "packs: []", DEPLOYMENT)
SYSTEM_LOG = "events: {service-installed: {enabled: true}}\n"
_REFERENCE = re.compile(r"\$\{([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z_]+)\}")


@pytest.mark.parametrize(("settings", "text"), [(SETTINGS, DEPLOYMENT), (SYSTEM_LOG, NO_PACK)])
def test_every_alarm_is_the_one_that_the_constructs_make(
    region_of: Callable[..., RegionPlan], settings: str, text: str
) -> None:
    region = region_of(settings, text)
    stack = synthesized(AccountStack(new_app(), region))
    made: dict[str, Any] = {}
    for kind in ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"):
        for arguments in stack.all_of(kind):
            made[arguments["alarm_name"]] = arguments

    for alarm in alarm_specs(region).values():
        arguments = made.pop(alarm.name)
        for setting, value in compared_settings(alarm).items():
            assert argument(arguments, setting, stack.json["resource"]) == value, (alarm.name, setting)
        assert bool(arguments.get("alarm_actions")) is bool(alarm.actions)
        assert bool(arguments.get("ok_actions")) is bool(alarm.ok_actions)
    assert made == {}


def argument(arguments: dict[str, Any], setting: str, resources: dict[str, Any]) -> Any:
    """Return a setting of the API from the arguments of a resource, with references resolved."""
    suppressor = arguments.get("actions_suppressor", {})
    match setting:
        case "Dimensions":
            dimensions = arguments.get("dimensions", {})
            named = [{"Name": k, "Value": resolved(v, resources)} for k, v in dimensions.items()]
            return named or None
        case "ActionsSuppressor":
            return suppressor.get("alarm")
        case "ActionsSuppressorWaitPeriod":
            return suppressor.get("wait_period")
        case "ActionsSuppressorExtensionPeriod":
            return suppressor.get("extension_period")
        case _:
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", setting).lower()
            return resolved(arguments.get(name), resources)


def resolved(value: Any, resources: dict[str, Any]) -> Any:
    if not isinstance(value, str):
        return value
    return _REFERENCE.sub(lambda match: str(resources[match[1]][match[2]][match[3]]), value)
