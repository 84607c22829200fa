"""Changes of state go to a central bus, and only those of this stack's alarms."""

import json
from typing import Any

import pytest

from modules import AlarmEventForwarding, SecurityMonitoring
from tests.modules.synthesis import Synthesized, monitored_region, new_stack, policy, synthesized

BUS = "arn:aws:events:eu-west-1:999999999999:event-bus/security"


def forwarding(**arguments: Any) -> Synthesized:
    stack = new_stack()
    AlarmEventForwarding(
        stack,
        "forwarding",
        rule_name="alarm-events",
        role_name="alarm-events-role",
        account_id="111111111111",
        region="eu-central-1",
        event_bus_arn=BUS,
        alarm_name_prefix="windows-security-",
        **arguments,
    )
    return synthesized(stack)


def test_the_rule_matches_the_alarms_of_the_stack_by_their_names() -> None:
    pattern = json.loads(
        forwarding(further_alarm_names=["By-Hand"]).one("aws_cloudwatch_event_rule")["event_pattern"]
    )
    assert pattern == {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"alarmName": [{"prefix": "windows-security-"}, "By-Hand"]},
    }


def test_the_role_may_put_events_on_this_bus_and_nothing_else() -> None:
    (statement,) = policy(forwarding().one("aws_iam_role_policy")["policy"])
    assert statement["Effect"] == "Allow"
    assert (statement["Action"], statement["Resource"]) == ("events:PutEvents", BUS)


def test_nobody_but_this_rule_can_use_the_role() -> None:
    (trust,) = policy(forwarding().one("aws_iam_role")["assume_role_policy"])
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-central-1:111111111111:rule/alarm-events"},
    }


def test_the_bus_is_told_by_way_of_the_role_once_the_role_may() -> None:
    written = forwarding()
    target = written.one("aws_cloudwatch_event_target")
    (role,), (its_policy,) = written.resources("aws_iam_role"), written.resources("aws_iam_role_policy")
    assert target["arn"] == BUS
    assert target["role_arn"] == f"${{aws_iam_role.{role}.arn}}"
    assert target["depends_on"] == [f"aws_iam_role_policy.{its_policy}"]


def test_more_names_than_a_pattern_takes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"rule alarm-events: its event pattern has .* over the 2,048 that"):
        forwarding(further_alarm_names=[f"By-Hand-{number:0200}" for number in range(10)])


def test_a_stack_forwards_every_alarm_of_its_own_the_adopted_ones_too() -> None:
    stack = new_stack()
    region = monitored_region(
        central={"event_bus": BUS},
        association_failures={"enabled": False},
        packs=["article"],
        adopt={"alarms": {"logon-failed-network": "Windows-Logon-Fail"}},
    )
    SecurityMonitoring(stack, "monitoring", region=region)
    written = synthesized(stack)
    prefix, *names = json.loads(written.one("aws_cloudwatch_event_rule")["event_pattern"])["detail"][
        "alarmName"
    ]
    for alarm in written.all_of("aws_cloudwatch_metric_alarm"):
        assert alarm["alarm_name"].startswith(prefix["prefix"]) or alarm["alarm_name"] in names
    assert names == ["Windows-Logon-Fail"]
