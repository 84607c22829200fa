"""Every IAM statement names its resources; where one cannot, the reason stands here."""

import json
from collections.abc import Iterator
from typing import Any

from modules import CentralEventBus, CentralTopic, SecurityMonitoring
from tests.modules.synthesis import Synthesized, monitored_region, new_stack, synthesized

#: The statements whose resource is "*", by the type of the policy's owner and the statement's Sid.
REASONS = {
    ("aws_kms_key", "AccountDecidesByIam"): "in a key's own policy * is this key: IAM of the account decides",
    ("aws_kms_key", "LogGroups"): "in a key's own policy * is this key: held to the log groups by condition",
    ("aws_kms_key", "AlarmsToTopics"): "in a key's own policy * is this key: held to the alarms by condition",
    ("aws_kms_key", "EventRulesToTopics"): "in a key's own policy * is this key: no condition of rules holds",
    ("aws_iam_role_policy", "PublishHostMetrics"): "PutMetricData knows no resources: held to a namespace",
    ("aws_iam_role_policy", "ReadDimensions"): "DescribeTags and DescribeVolumes know no resources",
}

EVERYTHING: dict[str, Any] = {
    "packs": ["article", "baseline"],
    "watched_paths": ["C:\\Secret\\"],
    "host_metrics": "advanced",
    "server_role": {"policy": "least-privilege"},
    "configuration_admin_role": True,
    "ec2config_targets": {"OS": ["Windows Server 2012 R2"]},
    "central": {"event_bus": "arn:aws:events:ap-northeast-1:999999999999:event-bus/security"},
}


def statements(written: Synthesized) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every policy document in the stack, with the type of its owner."""
    for resource_type, resources in written.json["resource"].items():
        for arguments in resources.values():
            for name in ("policy", "assume_role_policy"):
                if str(arguments.get(name, "")).startswith("{"):
                    for statement in json.loads(arguments[name])["Statement"]:
                        yield resource_type, statement


def everything() -> Synthesized:
    stack = new_stack()
    SecurityMonitoring(stack, "monitoring", region=monitored_region(**EVERYTHING))
    return synthesized(stack)


def security_account() -> Synthesized:
    stack = new_stack()
    CentralTopic(
        stack,
        "topic",
        name="security",
        account_id="999999999999",
        region="ap-northeast-1",
        accounts=["111111111111"],
        event_rules=True,
    )
    CentralEventBus(stack, "bus", name="security", region="ap-northeast-1", accounts=["111111111111"])
    return synthesized(stack)


def test_each_statement_that_allows_something_on_every_resource_has_its_reason_here() -> None:
    found = {
        (owner, statement["Sid"])
        for written in (everything(), security_account())
        for owner, statement in statements(written)
        if statement["Effect"] == "Allow" and statement.get("Resource") == "*"
    }
    assert found == set(REASONS)


def test_nothing_is_allowed_to_everybody() -> None:
    for owner, statement in statements(everything()):
        if statement["Effect"] == "Allow":
            assert statement.get("Principal") not in ("*", {"AWS": "*"}), (owner, statement)


def test_no_role_may_do_everything_of_a_service() -> None:
    for owner, statement in statements(everything()):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if statement["Effect"] == "Allow" and owner != "aws_kms_key":
            assert not any(action.endswith(":*") or action == "*" for action in actions), statement


def test_every_service_that_may_act_is_held_to_this_account() -> None:
    for owner, statement in statements(everything()):
        services = statement.get("Principal", {})
        # EventBridge calls for a rule without the context that a condition could ask for.
        if services == {"Service": "events.amazonaws.com"} and statement["Action"] != "sts:AssumeRole":
            assert "Condition" not in statement
            continue
        if statement["Effect"] == "Allow" and isinstance(services, dict) and "Service" in services:
            if statement["Action"] == "sts:AssumeRole":
                continue
            assert "111111111111" in json.dumps(statement["Condition"]), (owner, statement)
