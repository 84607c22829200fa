"""Chat channels, as they stand in the JSON of a stack."""

import json
from typing import Any

import pytest

from deployment.resources.chat import chat_roles
from modules import SecurityMonitoring
from tests.modules.synthesis import NOTIFIED, Synthesized, monitored_region, new_stack, synthesized

GUID = "01234567-89ab-cdef-0123-456789abcdef"
SETTINGS: Any = {
    "packs": ["article"],
    "notifications": {
        **NOTIFIED,
        "chat": {
            "soc": {
                "slack": {"workspace": "T0123ABCDEF", "channel": "C0123ABCDEF"},
                "severities": ["high"],
            },
            "team": {"teams": {"tenant": GUID, "team": GUID, "channel": "19%3Aabc%40thread.tacv2"}},
        },
    },
}


@pytest.fixture(scope="module")
def written() -> Synthesized:
    stack = new_stack()
    SecurityMonitoring(stack, "monitoring", region=monitored_region(**SETTINGS))
    return synthesized(stack)


def test_channel_of_slack_receives_the_topics_of_its_severities(written: Synthesized) -> None:
    (channel,) = written.all_of("aws_chatbot_slack_channel_configuration")
    (topic,) = [
        key for key, each in written.resources("aws_sns_topic").items() if each["name"].endswith("-high")
    ]
    assert channel["configuration_name"] == "windows-security-ap-northeast-1-soc"
    assert (channel["slack_team_id"], channel["slack_channel_id"]) == ("T0123ABCDEF", "C0123ABCDEF")
    assert channel["sns_topic_arns"] == [f"${{aws_sns_topic.{topic}.arn}}"]


def test_channel_of_teams_receives_every_topic(written: Synthesized) -> None:
    (channel,) = written.all_of("aws_chatbot_teams_channel_configuration")
    assert (channel["tenant_id"], channel["team_id"]) == (GUID, GUID)
    assert len(channel["sns_topic_arns"]) == len(written.all_of("aws_sns_topic")) > 1


def test_members_of_a_channel_can_only_look_at_alarms(written: Synthesized) -> None:
    for kind in ("aws_chatbot_slack_channel_configuration", "aws_chatbot_teams_channel_configuration"):
        (channel,) = written.all_of(kind)
        assert channel["guardrail_policy_arns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]
    (spec,) = chat_roles(monitored_region(**SETTINGS))
    (role,) = [each for each in written.all_of("aws_iam_role") if each["name"] == spec.name]
    (policy,) = [each for each in written.all_of("aws_iam_role_policy") if each["name"] == spec.name]
    assert json.loads(role["assume_role_policy"])["Statement"][0]["Principal"] == {
        "Service": "chatbot.amazonaws.com"
    }
    (statement,) = json.loads(policy["policy"])["Statement"]
    verbs = ("cloudwatch:Describe", "cloudwatch:Get", "cloudwatch:List")
    assert all(action.startswith(verbs) for action in statement["Action"])


def test_account_without_channels_has_no_role_for_them() -> None:
    assert chat_roles(monitored_region(packs=["article"])) == ()
