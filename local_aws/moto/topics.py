"""SNS: messages of alarms, delivered as far as this machine reaches, and the metric of what was published.

moto would post to any address on the Internet while its caller waits. Here, http and https are delivered to
this machine only, and by themselves. Mail is kept to be read here, and text messages go nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from urllib.parse import urlsplit
from uuid import uuid4

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.exceptions import ServiceException
from moto.sns.models import Subscription, sns_backends

from local_aws.calls import kept
from local_aws.moto.metric_filters import put_value

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that SNS would have sent.

    Args:
        recipient: The address.
        subject: Its subject.
        text: Its text: the message, and the lines that CloudWatch adds for mail only.
    """

    recipient: str
    subject: str
    text: str


def mails(account_id: str, region: str) -> list[Mail]:
    """Return the mails of the topics of an account and region, the first one sent first."""
    return list(kept(sns_backends[account_id][region], "mails").get("items", ()))


def publish(
    topic_arn: str, subject: str, message: str, *, at: datetime, mail_lines: Sequence[str] = ()
) -> str:
    """Publish a message to a topic, and return why that is refused; empty where it is not.

    Args:
        topic_arn: The topic.
        subject: The subject; SNS takes 100 characters.
        message: The text.
        at: When, in UTC and without a time zone.
        mail_lines: Lines that only a mail carries, after the message.
    """
    *_, region, account_id, name = topic_arn.split(":")
    topic = sns_backends[account_id][region].topics.get(topic_arn)
    if topic is None:
        return "Topic does not exist"
    put_value(
        cloudwatch_backends[account_id][region],
        ("AWS/SNS", "NumberOfMessagesPublished"),
        1,
        at=at,
        dimensions={"TopicName": name},
    )
    for subscription in list(topic.sns_backend.subscriptions.values()):
        if subscription.topic is not topic:
            continue
        is_delivered = True
        if subscription.protocol in ("email", "email-json"):
            mail = Mail(subscription.endpoint, subject[:100], "\n".join([message, *mail_lines]))
            kept(topic.sns_backend, "mails").setdefault("items", []).append(mail)
        else:
            is_delivered = _deliver(subscription, subject[:100], message)
        put_value(
            cloudwatch_backends[account_id][region],
            ("AWS/SNS", f"NumberOfNotifications{'Delivered' if is_delivered else 'Failed'}"),
            1,
            at=at,
            dimensions={"TopicName": name},
        )
    return ""


def _deliver(subscription: Subscription, subject: str, message: str) -> bool:
    """Deliver a message, and return whether that went well as far as this machine can know."""
    arguments = (message, str(uuid4()), subject)
    if subscription.protocol == "sqs":
        # moto looks for a queue in the account of the topic; SNS in the one that the ARN names.
        subscription.account_id = subscription.endpoint.split(":")[4]
        # Of a queue that is gone, SNS says nothing to its caller either.
        try:
            subscription.publish(*arguments)
        except ServiceException:
            return False
    elif urlsplit(subscription.endpoint).hostname in _THIS_MACHINE:
        Thread(target=subscription.publish, args=arguments, daemon=True).start()
    return True
