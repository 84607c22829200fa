"""The alarms of many accounts and regions reach one bus."""

import json
from typing import Any

import pytest

from modules import CentralEventBus
from tests.modules.synthesis import Synthesized, new_stack, policy, synthesized

TOPIC = "arn:aws:sns:eu-central-1:999999999999:security"


def central_event_bus(**arguments: Any) -> Synthesized:
    stack = new_stack()
    CentralEventBus(stack, "central", name="security", region="eu-central-1", **arguments)
    return synthesized(stack)


def test_the_named_accounts_may_put_events_on_it_and_nobody_else() -> None:
    written = central_event_bus(accounts=["222222222222", "111111111111"])
    (statement,) = policy(written.one("aws_cloudwatch_event_bus_policy")["policy"])
    (bus,) = written.resources("aws_cloudwatch_event_bus")
    assert statement["Principal"] == {
        "AWS": ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"]
    }
    assert statement["Action"] == "events:PutEvents"
    assert statement["Resource"] == f"${{aws_cloudwatch_event_bus.{bus}.arn}}"


def test_a_topic_is_told_of_alarms_that_ring() -> None:
    written = central_event_bus(accounts=["111111111111"], topic_arn=TOPIC)
    rule, target = written.one("aws_cloudwatch_event_rule"), written.one("aws_cloudwatch_event_target")
    assert json.loads(rule["event_pattern"]) == {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"state": {"value": ["ALARM"]}},
    }
    assert target["arn"] == TOPIC
    assert rule["event_bus_name"] == target["event_bus_name"]
    # A topic's own policy decides; with a role, an encrypted topic would get nothing.
    assert "role_arn" not in target


def test_without_a_topic_there_is_no_rule() -> None:
    assert central_event_bus(accounts=["111111111111"]).all_of("aws_cloudwatch_event_rule") == []


def test_the_same_accounts_in_another_order_change_nothing() -> None:
    forth = central_event_bus(accounts=["111111111111", "222222222222"])
    assert forth.json == central_event_bus(accounts=["222222222222", "111111111111"]).json


@pytest.mark.parametrize("number", [0, 400])
def test_no_accounts_and_more_than_a_policy_takes_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"event bus security: .* not {number}$"):
        central_event_bus(accounts=[f"{account:012}" for account in range(number)])
