"""Synthesizes constructs in this process and reads the JSON that terraform would."""

import json
from dataclasses import dataclass
from typing import Any

import modules  # noqa: F401  (before anything imports cdktf: the start is quick then)

from cdktf import App, TerraformStack, Testing  # isort: skip

from deployment import Account, Deployment, RegionPlan, resolve


def new_app() -> App:
    return Testing.app()


def new_stack() -> TerraformStack:
    return TerraformStack(new_app(), "stack")


@dataclass
class Synthesized:
    """The JSON of a stack."""

    json: dict[str, Any]

    def resources(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """The arguments of every resource of a type, by its logical id."""
        found: dict[str, dict[str, Any]] = self.json.get("resource", {}).get(resource_type, {})
        return found

    def all_of(self, resource_type: str) -> list[dict[str, Any]]:
        return list(self.resources(resource_type).values())

    def one(self, resource_type: str) -> dict[str, Any]:
        """The arguments of the only resource of a type."""
        (arguments,) = self.all_of(resource_type)
        return arguments


def synthesized(stack: TerraformStack) -> Synthesized:
    return Synthesized(json.loads(Testing.synth(stack)))


NOTIFIED: Any = {"subscriptions": [{"protocol": "email", "endpoint": "soc@example.com"}]}


def monitored_region(**settings: Any) -> RegionPlan:
    """One account in Tokyo that mails every alarm, but for what a test says otherwise.

    It has the smallest pack: the time of a test is that of its events.
    """
    account = {
        "id": "111111111111",
        "regions": ["ap-northeast-1"],
        "packs": ["article"],
        "notifications": NOTIFIED,
    } | settings
    (region,) = resolve(Deployment(accounts={"production": Account(**account)}))
    return region


def event_alarms(written: Synthesized) -> list[dict[str, Any]]:
    """The alarms that are an event's: not the one for silence."""
    return [a for a in written.all_of("aws_cloudwatch_metric_alarm") if a["namespace"] != "AWS/Logs"]


def policy(document: str) -> list[dict[str, Any]]:
    """The statements of an IAM policy document."""
    statements: list[dict[str, Any]] = json.loads(document)["Statement"]
    return statements
