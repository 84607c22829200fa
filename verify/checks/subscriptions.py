"""The subscriptions: each of the deployment's there and confirmed, and its end willing to take a message."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deployment import Protocol, RegionPlan, Subscription
from deployment.aws.policies import SNS
from deployment.resources.topics import DELIVERY_ACTIONS
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for
from verify.checks.functions import read_policy
from verify.result import Check, judged

#: What the other end must do before SNS delivers anything.
_TO_CONFIRM: Mapping[Protocol, str] = {
    Protocol.EMAIL: "open the mail of AWS Notifications (look among the junk, too) and follow its link",
    Protocol.HTTPS: "the receiver must call the SubscribeURL that SNS has posted to it",
    Protocol.SQS: "the queue's owner must call the SubscribeURL in the message that is in it",
    Protocol.LAMBDA: "the function's owner must subscribe it",
    Protocol.SMS: "the number must be confirmed",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription as SNS lists it."""

    protocol: str
    endpoint: str
    arn: str

    @property
    def confirmed(self) -> bool:
        """Whether SNS delivers to it. Otherwise a word stands in place of the ARN."""
        return self.arn.startswith("arn:")


def listed(sns: Any, topic_arn: str) -> list[Listed]:
    """Ask for the subscriptions of a topic."""
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    return [
        Listed(each["Protocol"], each["Endpoint"], each["SubscriptionArn"])
        for page in pages
        for each in page["Subscriptions"]
    ]


def check(
    account: AccountAccess,
    subscription: Subscription,
    topic_arn: str,
    listed: Iterable[Listed],
    region: RegionPlan,
) -> Check:
    """Check one subscription of the deployment to one topic."""
    protocol, endpoint = subscription.protocol, subscription.endpoint
    found = [each for each in listed if (each.protocol, each.endpoint) == (protocol.value, endpoint)]
    confirmed = next((each for each in found if each.confirmed), None)
    failures: list[str] = []
    warnings: list[str] = []
    if not found:
        failures.append("is not subscribed: apply the stack again")
    elif not confirmed:
        failures.append(f"has not confirmed the subscription: {_TO_CONFIRM[protocol]}")
    else:
        failures, warnings = _filter_problems(account, confirmed)
        if protocol in _POLICIES:
            refused, unknown = _delivery_problems(account, subscription, topic_arn, region)
            failures += refused
            warnings += unknown
    return judged(
        "subscription",
        f"{protocol.value} {endpoint} on {topic_arn.rpartition(':')[2]}",
        failures=failures,
        warnings=warnings,
        ok="confirmed",
    )


def is_filtered(account: AccountAccess, confirmed: Listed) -> bool:
    """Return whether a confirmed subscription takes only some messages; not where that cannot be seen."""
    try:
        found = account.client("sns").get_subscription_attributes(SubscriptionArn=confirmed.arn)
    except ClientError:
        return False
    return _is_filtering(found["Attributes"])


def _is_filtering(attributes: Mapping[str, str]) -> bool:
    policy = attributes.get("FilterPolicy", "")
    return bool(policy and json.loads(policy))  # an empty one filters nothing


def _filter_problems(account: AccountAccess, confirmed: Listed) -> tuple[list[str], list[str]]:
    try:
        attributes = account.client("sns").get_subscription_attributes(SubscriptionArn=confirmed.arn)
    except ClientError as error:
        return [], [f"whether it filters messages cannot be seen from here: {error}"]
    attributes = attributes["Attributes"]
    failures, warnings = [], []
    if _is_filtering(attributes):
        policy = attributes["FilterPolicy"]
        failures.append(f"its filter policy {policy} drops alarms: apply the stack again")
    if redrive := attributes.get("RedrivePolicy"):
        lost, unknown = _undelivered(account, json.loads(redrive)["deadLetterTargetArn"])
        failures += lost
        warnings += unknown
    return failures, warnings


def _undelivered(account: AccountAccess, queue_arn: str) -> tuple[list[str], list[str]]:
    """Say how many messages SNS could not deliver and has put into a dead-letter queue."""
    try:
        found = _queue_attributes(account, queue_arn, "ApproximateNumberOfMessages")
    except ClientError as error:
        return [], [f"whether messages are in its dead-letter queue {queue_arn} is unknown: {error}"]
    number = int(found.get("ApproximateNumberOfMessages", 0))
    if not number:
        return [], []
    return [
        f"{number} messages that it did not take are in its dead-letter queue {queue_arn}: read there which "
        "alarms nobody was notified of, mend the endpoint, and delete them"
    ], []


def _delivery_problems(
    account: AccountAccess, subscription: Subscription, topic_arn: str, region: RegionPlan
) -> tuple[list[str], list[str]]:
    *_, place, owner, _name = subscription.endpoint.split(":", 5)
    if place != region.region_name:
        return [], [f"whether it takes messages is not known: it is in {place}"]
    action, read = DELIVERY_ACTIONS[subscription.protocol], _POLICIES[subscription.protocol]
    try:
        policy = read(account, subscription.endpoint)
    except ClientError as error:
        missing = error.response["Error"]["Code"].endswith(("NonExistentQueue", "QueueDoesNotExist"))
        # To a stranger, SQS says of every queue that there is none.
        if missing and owner == region.account_id:
            return ["does not exist, so that messages are lost: create it, and apply the stack again"], []
        return [], [f"whether it takes messages cannot be seen from here: {error}"]
    context = called_for(topic_arn, region.account_id)
    if policy and admits(policy, service=SNS, action=action, resource=subscription.endpoint, context=context):
        return [], []
    is_function = subscription.protocol is Protocol.LAMBDA
    cure = "apply the stack again" if is_function else f"allow it in the policy of {subscription.endpoint}"
    problem = f"its policy does not let {SNS} call {action} for {topic_arn}, so that messages are lost"
    return [f"{problem}: {cure}"], []


def _queue_policy(account: AccountAccess, arn: str) -> Mapping[str, Any] | None:
    attributes = _queue_attributes(account, arn, "Policy")
    return json.loads(attributes["Policy"]) if attributes.get("Policy") else None


def _queue_attributes(account: AccountAccess, arn: str, name: str) -> Mapping[str, str]:
    *_, owner, queue = arn.split(":")
    sqs = account.client("sqs")
    url = sqs.get_queue_url(QueueName=queue, QueueOwnerAWSAccountId=owner)["QueueUrl"]
    found: Mapping[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name]).get(
        "Attributes", {}
    )
    return found


#: How to read the policy of an endpoint that has one.
_POLICIES: Mapping[Protocol, Callable[[AccountAccess, str], Mapping[str, Any] | None]] = {
    Protocol.SQS: _queue_policy,
    Protocol.LAMBDA: read_policy,
}
