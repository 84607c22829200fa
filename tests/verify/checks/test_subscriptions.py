import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber
from moto.sns.models import sns_backends

from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import policy, put_function, put_topic, topic_arn
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks import subscriptions
from verify.checks.subscriptions import Listed
from verify.checks.topics import check

Client = Callable[[str], Any]
TOPIC = "arn:aws:sns:eu-west-1:111122223333:windows-security-alarms"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:alarms"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:alarms"


@pytest.fixture
def subscribed(region_of: Callable[..., RegionPlan], client: Client) -> Callable[..., RegionPlan]:
    """Deploy one topic with these subscriptions."""

    def deploy(**endpoints: str) -> RegionPlan:
        subscriptions = ", ".join(f"{{protocol: {k}, endpoint: '{v}'}}" for k, v in endpoints.items())
        notifications = f"topics: single\nsubscriptions: [{subscriptions}]"
        region = region_of("encryption: none", notifications=notifications)
        put_topic(client("sns"), region, "windows-security-alarms")
        return region

    return deploy


def checks(region: RegionPlan, account: AccountAccess) -> dict[str, Check]:
    return {each.resource: each for each in check(region, account, Window(24))}


def only(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = (each for each in check(region, account, Window(24)) if each.name == "subscription")
    return found


def leave_unconfirmed(endpoint: str) -> None:
    """Make SNS list a subscription as it does until somebody has followed the link in its mail."""
    for subscription in sns_backends["111122223333"]["eu-west-1"].subscriptions.values():
        if subscription.endpoint == endpoint:
            subscription.arn = "PendingConfirmation"


def test_a_confirmed_subscription_is_in_order(
    subscribed: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    found = only(subscribed(email="soc@example.com"), account)

    assert found.resource == "email soc@example.com on windows-security-alarms"
    assert found.status is Status.OK


def test_an_address_that_has_not_confirmed_is_named(
    subscribed: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    region = subscribed(email="soc@example.com", sms="+819012345678")
    leave_unconfirmed("soc@example.com")

    found = checks(region, account)

    pending = found["email soc@example.com on windows-security-alarms"]
    assert pending.status is Status.FAILED
    assert "has not confirmed" in pending.message
    assert found["sms +819012345678 on windows-security-alarms"].status is Status.OK
    assert found[TOPIC].status is Status.OK


def test_a_topic_whose_only_address_has_not_confirmed_notifies_nobody(
    subscribed: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    region = subscribed(email="soc@example.com")
    leave_unconfirmed("soc@example.com")

    found = checks(region, account)[TOPIC]

    assert found.status is Status.FAILED
    assert "11 alarms notify nobody: no subscription to it is confirmed" in found.message


def test_an_address_that_is_not_subscribed_is_found(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = subscribed(email="soc@example.com")
    (listed,) = client("sns").list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    client("sns").unsubscribe(SubscriptionArn=listed["SubscriptionArn"])
    client("sns").subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="other@example.com")

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "is not subscribed" in found.message


def test_a_subscription_that_filters_messages_is_found(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = subscribed(email="soc@example.com")
    (listed,) = client("sns").list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    client("sns").set_subscription_attributes(
        SubscriptionArn=listed["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue='{"severity": ["high"]}',
    )

    found = only(region, account)

    assert found.status is Status.FAILED
    assert 'its filter policy {"severity": ["high"]} drops alarms' in found.message


def test_an_empty_filter_policy_is_none(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = subscribed(email="soc@example.com")
    (listed,) = client("sns").list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    attributes = {"TopicArn": TOPIC, "SubscriptionArn": listed["SubscriptionArn"], "FilterPolicy": "{ }"}

    with Stubber(account.client("sns")) as stub:
        stub.add_response("get_subscription_attributes", {"Attributes": attributes})
        found = subscriptions.check(
            account,
            region.topics[0].subscriptions[0],
            TOPIC,
            [Listed("email", "soc@example.com", listed["SubscriptionArn"])],
            region,
        )

    assert found.status is Status.OK


@pytest.mark.parametrize(
    ("principal", "status"),
    [("sns.amazonaws.com", Status.OK), ("events.amazonaws.com", Status.FAILED), (None, Status.FAILED)],
)
def test_a_queue_must_let_sns_send(
    subscribed: Callable[..., RegionPlan],
    account: AccountAccess,
    client: Client,
    principal: str | None,
    status: Status,
) -> None:
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}},
    }
    client("sqs").create_queue(
        QueueName="alarms", Attributes={"Policy": policy(allowed)} if principal else {}
    )

    found = only(subscribed(sqs=QUEUE), account)

    assert found.status is status
    assert ("sqs:SendMessage" in found.message) is (status is Status.FAILED)


def test_a_queue_that_does_not_exist_is_found(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    client("sqs").create_queue(QueueName="alarms")
    region = subscribed(sqs=QUEUE)
    client("sqs").delete_queue(QueueUrl=client("sqs").get_queue_url(QueueName="alarms")["QueueUrl"])

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_a_queue_that_cannot_be_seen_from_here_is_a_warning(
    subscribed: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    elsewhere = {"sqs": "arn:aws:sqs:us-east-1:111122223333:alarms"}
    assert only(subscribed(**elsewhere), account).status is Status.WARNING


def test_a_function_must_let_sns_invoke_it(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_function(client, "alarms")
    region = subscribed(**{"lambda": FUNCTION})

    refused = only(region, account)
    assert refused.status is Status.FAILED
    assert "lambda:InvokeFunction" in refused.message

    client("lambda").add_permission(
        FunctionName="alarms",
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic_arn(region, "windows-security-alarms"),
    )
    assert only(region, account).status is Status.OK


def test_messages_in_a_dead_letter_queue_are_found(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = subscribed(email="soc@example.com")
    url = client("sqs").create_queue(QueueName="dead")["QueueUrl"]
    (listed,) = client("sns").list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    client("sns").set_subscription_attributes(
        SubscriptionArn=listed["SubscriptionArn"],
        AttributeName="RedrivePolicy",
        AttributeValue=json.dumps({"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead"}),
    )
    assert only(region, account).status is Status.OK

    client("sqs").send_message(QueueUrl=url, MessageBody="an alarm")

    found = only(region, account)
    assert found.status is Status.FAILED
    assert "1 messages that it did not take are in its dead-letter queue" in found.message

    client("sqs").purge_queue(QueueUrl=url)
    assert only(region, account).status is Status.OK


LETS_SNS_SEND = policy(
    {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
    }
)


@pytest.mark.parametrize("principal", ["sns.amazonaws.com", "events.amazonaws.com"])
def test_the_key_of_a_queue_must_admit_sns(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client, principal: str
) -> None:
    allowed = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "kms:*", "Resource": "*"}
    key = client("kms").create_key(Policy=policy(allowed))["KeyMetadata"]["Arn"]
    client("sqs").create_queue(
        QueueName="alarms", Attributes={"Policy": LETS_SNS_SEND, "KmsMasterKeyId": key}
    )

    found = only(subscribed(sqs=QUEUE), account)

    if principal == "sns.amazonaws.com":
        assert found.status is Status.OK
        return
    assert found.status is Status.FAILED
    assert f"the policy of its key {key} does not let sns.amazonaws.com call" in found.message


def test_a_queue_with_the_key_of_aws_is_found(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    attributes = {"Policy": LETS_SNS_SEND, "KmsMasterKeyId": "alias/aws/sqs"}
    client("sqs").create_queue(QueueName="alarms", Attributes=attributes)

    found = only(subscribed(sqs=QUEUE), account)

    assert found.status is Status.FAILED
    assert (
        "is encrypted with AWS's own key alias/aws/sqs, which does not admit sns.amazonaws.com"
        in found.message
    )


def test_a_queue_whose_key_is_disabled_is_found_and_cured_as_advised(
    aws: LocalAws, subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    key = client("kms").create_key(Policy=policy(allowed))["KeyMetadata"]
    attributes = {"Policy": LETS_SNS_SEND, "KmsMasterKeyId": key["Arn"]}
    client("sqs").create_queue(QueueName="alarms", Attributes=attributes)
    client("kms").disable_key(KeyId=key["KeyId"])
    region = subscribed(sqs=QUEUE)

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "is Disabled, so that messages are lost" in found.message
    assert follow(aws, region, found.message) == ["enable-key"]
    assert only(region, account).status is Status.OK


def test_a_telephone_that_has_opted_out_is_found(
    aws: LocalAws, subscribed: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    # moto takes each number with this ending for one that has.
    region = subscribed(sms="+819012345699")

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "has opted out of messages, so that it receives none" in found.message
    assert follow(aws, region, found.message) == ["opt-in-phone-number"]


def test_a_function_that_never_runs_takes_no_message(
    subscribed: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_function(client, "alarms")
    client("lambda").add_permission(
        FunctionName="alarms",
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=TOPIC,
    )
    region = subscribed(**{"lambda": FUNCTION})
    assert only(region, account).status is Status.OK
    client("lambda").put_function_concurrency(FunctionName="alarms", ReservedConcurrentExecutions=0)

    assert "its reserved concurrency is 0, so that it never runs" in only(region, account).message
