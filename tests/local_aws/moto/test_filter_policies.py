import json
from collections.abc import Callable
from typing import Any

import pytest

POLICY = json.dumps({"severity": ["high"]})


@pytest.fixture
def sns(client: Callable[[str], Any]) -> Any:
    return client("sns")


def subscribed(sns: Any, **attributes: str) -> str:
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    arn: str = sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="soc@example.com", Attributes=attributes
    )["SubscriptionArn"]
    return arn


def attributes(sns: Any, subscription: str) -> dict[str, str]:
    found: dict[str, str] = sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]
    return found


def test_a_filter_policy_is_kept(sns: Any) -> None:
    assert json.loads(attributes(sns, subscribed(sns, FilterPolicy=POLICY))["FilterPolicy"]) == json.loads(
        POLICY
    )


def test_an_empty_filter_policy_takes_away_the_one_that_there_was(sns: Any) -> None:
    subscription = subscribed(sns, FilterPolicy=POLICY)

    sns.set_subscription_attributes(
        SubscriptionArn=subscription, AttributeName="FilterPolicy", AttributeValue="{}"
    )

    assert not {"FilterPolicy", "FilterPolicyScope"} & attributes(sns, subscription).keys()


def test_a_subscription_with_an_empty_filter_policy_has_none(sns: Any) -> None:
    assert "FilterPolicy" not in attributes(sns, subscribed(sns, FilterPolicy="{}"))


def test_a_subscription_without_a_filter_policy_has_none(sns: Any) -> None:
    assert "FilterPolicy" not in attributes(sns, subscribed(sns))


def test_a_password_in_an_endpoint_is_hidden(client: Callable[[str], Any]) -> None:
    sns = client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    arn = sns.subscribe(
        TopicArn=topic,
        Protocol="https",
        Endpoint="https://user:secret@hooks.example.com/x",
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]

    shown = "https://user:****@hooks.example.com/x"
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["Endpoint"] == shown
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["Endpoint"] == shown
