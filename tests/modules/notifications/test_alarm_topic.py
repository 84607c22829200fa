"""The topic that carries alarms to people."""

import pytest

from deployment import Protocol, Subscription
from modules import AlarmTopic
from tests.modules.synthesis import Synthesized, new_stack, policy, synthesized

ADDRESSES = [
    Subscription(protocol=Protocol.EMAIL, endpoint="soc@example.com"),
    Subscription(protocol=Protocol.HTTPS, endpoint="https://example.com/hook"),
    Subscription(protocol=Protocol.SQS, endpoint="arn:aws:sqs:eu-west-1:111111111111:alarms"),
    Subscription(protocol=Protocol.LAMBDA, endpoint="arn:aws:lambda:eu-west-1:111111111111:function:page"),
    Subscription(protocol=Protocol.SMS, endpoint="+819012345678"),
]


def topic(
    subscriptions: list[Subscription], kms_key_arn: str | None = None, region: str = "eu-west-1"
) -> Synthesized:
    stack = new_stack()
    AlarmTopic(
        stack,
        "topic",
        name="alarms",
        account_id="111111111111",
        region=region,
        subscriptions=subscriptions,
        kms_key_arn=kms_key_arn,
    )
    return synthesized(stack)


def test_only_alarms_of_the_same_account_and_region_may_publish() -> None:
    (statement,) = policy(topic([]).one("aws_sns_topic_policy")["policy"])
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Action"] == "sns:Publish"
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*"},
        "StringEquals": {"aws:SourceAccount": "111111111111"},
    }


def test_in_china_the_policy_names_the_partition_of_china() -> None:
    (statement,) = policy(topic([], region="cn-north-1").one("aws_sns_topic_policy")["policy"])
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"].startswith("arn:aws-cn:cloudwatch:cn-north-1:")


def test_every_protocol_becomes_a_subscription() -> None:
    subscribed = topic(ADDRESSES).all_of("aws_sns_topic_subscription")
    assert {(s["protocol"], s["endpoint"]) for s in subscribed} == {
        (a.protocol.value, a.endpoint) for a in ADDRESSES
    }


def test_a_function_gets_the_permission_without_which_sns_could_not_call_it() -> None:
    permission = topic(ADDRESSES).one("aws_lambda_permission")
    assert permission["action"] == "lambda:InvokeFunction"
    assert permission["principal"] == "sns.amazonaws.com"
    assert permission["source_arn"].startswith("${aws_sns_topic.")


@pytest.mark.parametrize(
    ("qualifier", "expected"), [("", None), (":live", "live"), (":7", "7"), (":$LATEST", None)]
)
def test_the_permission_is_one_that_the_provider_reads_back_as_it_was_written(
    qualifier: str, expected: str | None
) -> None:
    function = "arn:aws:lambda:eu-west-1:111111111111:function:page"
    written = topic([Subscription(protocol=Protocol.LAMBDA, endpoint=f"{function}{qualifier}")])
    permission = written.one("aws_lambda_permission")
    assert (permission["function_name"], permission.get("qualifier")) == (function, expected)
    assert written.one("aws_sns_topic_subscription")["endpoint"] == f"{function}{qualifier}"


def test_another_order_of_subscriptions_changes_no_logical_id() -> None:
    forth, back = topic(ADDRESSES), topic(ADDRESSES[::-1])
    assert forth.resources("aws_sns_topic_subscription") == back.resources("aws_sns_topic_subscription")


@pytest.mark.parametrize("key", [None, "arn:aws:kms:eu-west-1:111111111111:key/alarms"])
def test_a_topic_is_encrypted_with_the_key_it_is_given(key: str | None) -> None:
    assert topic([], kms_key_arn=key).one("aws_sns_topic").get("kms_master_key_id") == key
