from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from deployment.resources.chat import chat_channels
from tests.verify.deployed import put_topic
from verify import Status, Window
from verify.access.account import AccountAccess
from verify.checks.chat import check

Client = Callable[[str], Any]
CHAT = """\
subscriptions: [{protocol: email, endpoint: soc@example.com}]
chat: {soc: {slack: {workspace: T0123ABCDEF, channel: C0123ABCDEF}}}"""


@pytest.fixture
def region(region_of: Callable[..., RegionPlan]) -> RegionPlan:
    return region_of(notifications=CHAT)


def configure(client: Client, region: RegionPlan, **others: Any) -> None:
    (spec,) = chat_channels(region)
    assert spec.slack
    client("chatbot").create_slack_channel_configuration(
        **{
            "ConfigurationName": spec.name,
            "SlackTeamId": spec.slack.workspace,
            "SlackChannelId": spec.slack.channel,
            "IamRoleArn": spec.role_arn,
            "GuardrailPolicyArns": [spec.guardrail_policy_arn],
            "SnsTopicArns": list(spec.topic_arns),
            **others,
        }
    )


@pytest.fixture(autouse=True)
def topics(client: Client, region: RegionPlan) -> None:
    for topic in region.topics:
        put_topic(client("sns"), region, topic.name)


def test_channel_as_deployed_is_ok(region: RegionPlan, account: AccountAccess, client: Client) -> None:
    configure(client, region)
    (found,) = check(region, account, Window(24))
    assert (found.resource, found.status) == ("windows-security-eu-west-1-soc", Status.OK)
    assert found.message == f"configured as deployed, for {len(region.topics)} topics"


def test_channel_that_is_not_configured_fails(region: RegionPlan, account: AccountAccess) -> None:
    (found,) = check(region, account, Window(24))
    assert found.status is Status.FAILED
    assert found.message == "is not configured, so it receives nothing: apply the stack again"


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({"SlackChannelId": "C0123ABCDEX"}, "SlackChannelId is 'C0123ABCDEX' instead of 'C0123ABCDEF'"),
        ({"GuardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}, "AdministratorAccess"),
        ({"SnsTopicArns": []}, "receives nothing of arn:aws:sns:eu-west-1:111122223333:windows-security-"),
    ],
)
def test_channel_that_differs_fails(
    region: RegionPlan, account: AccountAccess, client: Client, others: dict[str, Any], reason: str
) -> None:
    configure(client, region, **others)
    (found,) = check(region, account, Window(24))
    assert found.status is Status.FAILED
    assert reason in found.message
