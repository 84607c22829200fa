"""The SNS topic that carries alarms to people."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cdktf import Token
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from deployment import Protocol, Subscription
from modules.alarms.alarm_condition import of_alarms
from modules.encryption.policy_document import policy_document
from modules.notifications.function_permission import permit
from modules.terraform.escape_template import escape_template


class AlarmTopic(Construct):
    """A topic to which only the alarms of its own account and region can publish.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The topic's name, at most 256 letters, digits, hyphens and underscores.
        account_id: The account whose alarms may publish.
        region: The region whose alarms may publish.
        subscriptions: Who is told. SNS sends an e-mail address a link first, and nothing else until somebody
            has followed it. A queue's own policy must admit the topic; a function gets the permission here.
        kms_key_arn: A customer managed key whose policy lets ``cloudwatch.amazonaws.com`` use it. The AWS
            managed key ``alias/aws/sns`` has no such policy: alarms would be lost without a word.
        further_accounts: Other accounts whose alarms, in the same region, may publish too.
        event_rules: Whether rules of EventBridge may publish too. Which ones, a topic's policy cannot say:
            EventBridge shows it neither account nor rule (EventBridge user guide, resource-based policies).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        account_id: str,
        region: str,
        subscriptions: Sequence[Subscription] = (),
        kms_key_arn: str | None = None,
        further_accounts: Sequence[str] = (),
        event_rules: bool = False,
    ) -> None:
        super().__init__(scope, id)
        self.resource = SnsTopic(self, "topic", name=name, kms_master_key_id=kms_key_arn)
        self.arn: str = self.resource.arn
        statements = [_alarms_publish(self.arn, [account_id, *further_accounts], region)]
        if event_rules:
            statements.append(_event_rules_publish(self.arn))
        self.policy = SnsTopicPolicy(
            self,
            "policy",
            arn=self.arn,
            policy=policy_document(*statements),
        )
        subscribe(self, self.arn, subscriptions)


@dataclass(frozen=True)
class ExistingTopic:
    """A topic that somebody else manages; its policy must let ``cloudwatch.amazonaws.com`` publish.

    Args:
        arn: Its ARN, in the region of the alarms.
    """

    arn: str


Topic = AlarmTopic | ExistingTopic


def subscribe(scope: Construct, topic_arn: str, subscriptions: Sequence[Subscription]) -> None:
    """Subscribe each endpoint to a topic, with ids that do not depend on the order."""
    for number, subscription in enumerate(subscriptions):
        endpoint = subscription.endpoint
        # The text of a token says nothing about what it stands for.
        known = not Token.is_unresolved(endpoint)
        suffix = f"{zlib.crc32(endpoint.encode()):08x}" if known else str(number)
        subscription_id = f"{subscription.protocol.value}-{suffix}"
        SnsTopicSubscription(
            scope,
            subscription_id,
            topic_arn=topic_arn,
            protocol=subscription.protocol.value,
            endpoint=escape_template(endpoint),
        )
        if subscription.protocol is Protocol.LAMBDA:
            permit(
                scope,
                f"{subscription_id}-permission",
                function_arn=endpoint,
                principal="sns.amazonaws.com",
                source_arn=topic_arn,
            )


def _alarms_publish(topic_arn: str, account_ids: Sequence[str], region: str) -> dict[str, Any]:
    return {
        "Sid": "AlarmsOfThisAccount" if len(account_ids) == 1 else "AlarmsOfTheseAccounts",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": of_alarms(account_ids, region),
    }


def _event_rules_publish(topic_arn: str) -> dict[str, Any]:
    return {
        "Sid": "EventRules",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
    }
