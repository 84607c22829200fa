"""The alarms of many accounts reach one topic, and nobody else's."""

from typing import Any

from deployment import Protocol, Subscription
from modules import CentralTopic
from tests.modules.synthesis import Synthesized, new_stack, policy, synthesized

ACCOUNTS = ["111111111111", "222222222222"]


def central_topic(**arguments: Any) -> Synthesized:
    stack = new_stack()
    CentralTopic(
        stack,
        "central",
        name="security",
        account_id="999999999999",
        region="eu-central-1",
        accounts=ACCOUNTS,
        **arguments,
    )
    return synthesized(stack)


def statements(written: Synthesized) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The statements of the topic's policy and of the key's, without the account's own."""
    key = policy(written.one("aws_kms_key")["policy"])
    return policy(written.one("aws_sns_topic_policy")["policy"]), key[1:]


def test_topic_and_key_admit_the_alarms_of_the_named_accounts_in_this_region() -> None:
    topic, key = statements(central_topic())
    for (statement,) in (topic, key):
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Condition"] == {
            "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-central-1:*:alarm:*"},
            "StringEquals": {"aws:SourceAccount": ["999999999999", *ACCOUNTS]},
        }


def test_the_topic_is_encrypted_with_a_key_of_its_own() -> None:
    written = central_topic()
    (key,) = written.resources("aws_kms_key")
    assert written.one("aws_sns_topic")["kms_master_key_id"] == f"${{aws_kms_key.{key}.arn}}"
    assert written.one("aws_kms_alias")["name"] == "alias/security"


def test_rules_of_eventbridge_are_admitted_without_a_condition_where_asked_for_since_none_would_hold() -> (
    None
):
    topic, key = statements(central_topic(event_rules=True))
    for statement in (topic[1], key[1]):
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert "Condition" not in statement


def test_people_are_told() -> None:
    soc = Subscription(protocol=Protocol.EMAIL, endpoint="soc@example.com")
    assert (
        central_topic(subscriptions=[soc]).one("aws_sns_topic_subscription")["endpoint"] == "soc@example.com"
    )
