"""The subscriptions: each of the deployment's there and confirmed, and its end willing to take a message."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deployment import Protocol, RegionPlan, Subscription
from deployment.aws.policies import SNS
from deployment.resources.encryption_key import PUBLISH_ACTIONS
from deployment.resources.topics import DELIVERY_ACTIONS
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for
from verify.advice import aws_command
from verify.checks import encryption_key
from verify.checks.functions import never_runs, read_policy
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
        if protocol is Protocol.SMS:
            warnings += _opted_out(account, endpoint, region, failures)
        if protocol in _READERS:
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
    action, read = DELIVERY_ACTIONS[subscription.protocol], _READERS[subscription.protocol]
    try:
        policy, key_id = read(account, subscription.endpoint)
    except ClientError as error:
        missing = error.response["Error"]["Code"].endswith(("NonExistentQueue", "QueueDoesNotExist"))
        # To a stranger, SQS says of every queue that there is none.
        if missing and owner == region.account_id:
            return ["does not exist, so that messages are lost: create it, and apply the stack again"], []
        return [], [f"whether it takes messages cannot be seen from here: {error}"]
    context = called_for(topic_arn, region.account_id)
    is_function = subscription.protocol is Protocol.LAMBDA
    if not policy or not admits(
        policy, service=SNS, action=action, resource=subscription.endpoint, context=context
    ):
        cure = (
            "apply the stack again" if is_function else f"allow it in the policy of {subscription.endpoint}"
        )
        problem = f"its policy does not let {SNS} call {action} for {topic_arn}, so that messages are lost"
        return [f"{problem}: {cure}"], []
    if is_function:
        return list(never_runs(region, account, subscription.endpoint)), []
    return _key_problems(account, key_id, context, region) if key_id else ([], [])


def _key_problems(
    account: AccountAccess, key_id: str, context: Mapping[str, str], region: RegionPlan
) -> tuple[list[str], list[str]]:
    """Return why SNS cannot write to a queue that a key encrypts, and what is not known of that."""
    lost = "so that messages are lost"
    cure = "encrypt the queue with a customer managed key, or with SSE-SQS"
    of_aws = f"is encrypted with AWS's own key {key_id}, which does not admit {SNS}, {lost}: {cure}"
    if "alias/aws/" in key_id:
        return [of_aws], []
    try:
        key = encryption_key.read(account, key_id)
    except ClientError as error:
        return [], [f"whether its key {key_id} admits {SNS} cannot be seen from here: {error}"]
    if key is None:
        return [f"its key {key_id} does not exist, {lost}: encrypt the queue with another one"], []
    if key.of_aws:
        return [of_aws], []
    if key.state != "Enabled":
        return [f"its key {key_id} is {key.state}, {lost}: {encryption_key.state_cure(region, key)}"], []
    if refused := key.refused(PUBLISH_ACTIONS, SNS, context):
        actions = " and ".join(refused)
        return [
            f"the policy of its key {key_id} does not let {SNS} call {actions}, {lost}: allow it there"
        ], []
    return [], []


def _opted_out(account: AccountAccess, number: str, region: RegionPlan, failures: list[str]) -> Iterator[str]:
    """Add to the failures that a telephone has refused messages; yield what is not known of that."""
    try:
        found = account.client("sns").check_if_phone_number_is_opted_out(phoneNumber=number)
    except ClientError as error:
        yield f"whether the number has opted out of messages is unknown: {error}"
        return
    if found["isOptedOut"]:
        cure = aws_command(region, "sns opt-in-phone-number", phone_number=number)
        failures.append(
            f"has opted out of messages, so that it receives none: with its owner's consent, run {cure}"
        )


def _function(account: AccountAccess, arn: str) -> tuple[Mapping[str, Any] | None, str]:
    return read_policy(account, arn), ""


def _queue(account: AccountAccess, arn: str) -> tuple[Mapping[str, Any] | None, str]:
    attributes = _queue_attributes(account, arn, "Policy", "KmsMasterKeyId")
    policy = json.loads(attributes["Policy"]) if attributes.get("Policy") else None
    return policy, attributes.get("KmsMasterKeyId", "")


def _queue_attributes(account: AccountAccess, arn: str, *names: str) -> Mapping[str, str]:
    *_, owner, queue = arn.split(":")
    sqs = account.client("sqs")
    url = sqs.get_queue_url(QueueName=queue, QueueOwnerAWSAccountId=owner)["QueueUrl"]
    found: Mapping[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[*names]).get(
        "Attributes", {}
    )
    return found


#: How to read the policy of an endpoint that has one, and its key where one encrypts it.
_READERS: Mapping[Protocol, Callable[[AccountAccess, str], tuple[Mapping[str, Any] | None, str]]] = {
    Protocol.SQS: _queue,
    Protocol.LAMBDA: _function,
}
