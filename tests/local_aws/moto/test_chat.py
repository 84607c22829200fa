from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[[str], Any]
ROLE = "arn:aws:iam::111111111111:role/chat"
GUID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.fixture
def topic(client: Client) -> str:
    return str(client("sns").create_topic(Name="high")["TopicArn"])


def slack(topic: str, **others: Any) -> dict[str, Any]:
    return {
        "ConfigurationName": "security",
        "SlackTeamId": "T0123ABCDEF",
        "SlackChannelId": "C0123ABCDEF",
        "IamRoleArn": ROLE,
        "SnsTopicArns": [topic],
        **others,
    }


def subscribed(client: Client, topic: str) -> list[str]:
    found = client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    return [each["Endpoint"] for each in found]


def test_slack_channel_subscribes_itself_until_it_is_deleted(client: Client, topic: str) -> None:
    chat = client("chatbot")
    created = chat.create_slack_channel_configuration(**slack(topic))["ChannelConfiguration"]
    arn = created["ChatConfigurationArn"]
    assert created["GuardrailPolicyArns"] == ["arn:aws:iam::aws:policy/AdministratorAccess"]
    assert subscribed(client, topic) == ["https://global.sns-api.chatbot.amazonaws.com"]

    changed = {**slack(topic, SnsTopicArns=[]), "ChatConfigurationArn": arn}
    for name in ("ConfigurationName", "SlackTeamId"):
        del changed[name]
    chat.update_slack_channel_configuration(**changed)
    assert subscribed(client, topic) == []
    (found,) = chat.describe_slack_channel_configurations()["SlackChannelConfigurations"]
    assert (found["ChatConfigurationArn"], found["SnsTopicArns"]) == (arn, [])

    chat.delete_slack_channel_configuration(ChatConfigurationArn=arn)
    assert chat.describe_slack_channel_configurations()["SlackChannelConfigurations"] == []


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({"ConfigurationName": "other"}, "InvalidRequestException"),
        ({"SlackChannelId": "C0123ABCDEX"}, "ConflictException"),
    ],
)
def test_a_name_and_a_channel_are_configured_once(
    client: Client, refusal: Any, topic: str, others: dict[str, Any], code: str
) -> None:
    chat = client("chatbot")
    chat.create_slack_channel_configuration(**slack(topic))
    assert refusal(chat.create_slack_channel_configuration, **slack(topic, **others))[0] == code


def test_topic_that_does_not_exist_is_refused(client: Client, refusal: Any, topic: str) -> None:
    code, message = refusal(client("chatbot").create_slack_channel_configuration, **slack(f"{topic}x"))
    assert (code, message.endswith("does not exist")) == ("InvalidParameterException", True)


def test_teams_channel_is_found_by_its_team_with_its_tags(client: Client, topic: str) -> None:
    chat = client("chatbot")
    arn = chat.create_microsoft_teams_channel_configuration(
        ConfigurationName="security",
        TenantId=GUID,
        TeamId=GUID,
        ChannelId="19%3Aabc%40thread.tacv2",
        IamRoleArn=ROLE,
        SnsTopicArns=[topic],
        Tags=[{"TagKey": "a", "TagValue": "1"}],
    )["ChannelConfiguration"]["ChatConfigurationArn"]
    chat.tag_resource(ResourceARN=arn, Tags=[{"TagKey": "b", "TagValue": "2"}])
    chat.untag_resource(ResourceARN=arn, TagKeys=["a"])
    (found,) = chat.list_microsoft_teams_channel_configurations(TeamId=GUID)["TeamChannelConfigurations"]
    assert found["Tags"] == [{"TagKey": "b", "TagValue": "2"}]
    other = chat.list_microsoft_teams_channel_configurations(TeamId=GUID.replace("0", "f"))
    assert other["TeamChannelConfigurations"] == []
