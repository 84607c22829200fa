"""The SNS topic that carries alarms to their recipients."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import TerraformProvider, Token
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from deployment import Protocol, Subscription
from deployment.aws.policies import policy_document
from deployment.resources.topics import topic_calls_function, topic_statements
from modules.notifications.function_permission import permit
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class AlarmTopic(Construct):
    """A topic to which only the alarms of its own account and region can publish.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The topic's name, at most 256 letters, digits, hyphens and underscores.
        account_id: The account whose alarms may publish.
        region: The region whose alarms may publish.
        subscriptions: The recipients. SNS mails an e-mail address a link first: no notification is sent until
            the recipient confirms the subscription. A queue's own policy must admit the topic; a function
            gets the permission here. Default: none.
        kms_key_arn: A customer managed key whose policy lets ``cloudwatch.amazonaws.com`` use it. The AWS
            managed key ``alias/aws/sns`` has no such policy: notifications would be lost silently. Default:
            no encryption of its own.
        further_accounts: Other accounts whose alarms, in the same region, may publish too. Default: none.
        event_rules: Whether rules of EventBridge may publish too. Default: false.
        provider: The AWS provider of its resources. Default: the stack's.
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
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        self.resource = SnsTopic(self, "topic", name=name, kms_master_key_id=kms_key_arn)
        self.arn: str = self.resource.arn
        statements = topic_statements(
            self.arn, [account_id, *further_accounts], region, event_rules=event_rules
        )
        self.policy = SnsTopicPolicy(self, "policy", arn=self.arn, policy=policy_document(*statements))
        subscribe(self, self.arn, subscriptions)


@dataclass(frozen=True)
class ExistingTopic:
    """A topic that is managed elsewhere; its policy must let ``cloudwatch.amazonaws.com`` publish.

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
            permit(scope, f"{subscription_id}-permission", topic_calls_function(endpoint, topic_arn))
