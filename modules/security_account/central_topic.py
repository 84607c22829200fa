"""A security account's topic for the alarms of many accounts."""

from collections.abc import Sequence

from cdktf import TerraformProvider
from constructs import Construct

from deployment import Subscription
from modules.encryption.encryption_key import EncryptionKey
from modules.notifications.alarm_topic import AlarmTopic
from modules.terraform.providers import use_provider


class CentralTopic(Construct):
    """An encrypted topic of a security account to which the alarms of other accounts in its region publish.

    An alarm calls a topic of its own region only, and needs nothing of its own account for that: the policies
    of the topic and its key, which admit the alarms of the named accounts, are enough (SNS developer guide,
    access control examples). The other accounts name it under ``notifications.existing_topics``, with
    ``central_account``.

    Args:
        scope: The construct to put it under, in a stack of the security account.
        id: Its id there.
        name: The name of the topic, and the alias of its key: at most 250 letters, digits, hyphens and
            underscores.
        account_id: The security account's 12 digits.
        region: The region of the topic and of the alarms.
        accounts: The accounts whose alarms may publish.
        subscriptions: Whom it notifies.
        event_rules: Whether rules of EventBridge, such as that of a ``CentralEventBus``, may publish too.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        arn: The topic's ARN.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        account_id: str,
        region: str,
        accounts: Sequence[str],
        subscriptions: Sequence[Subscription] = (),
        event_rules: bool = False,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        others = sorted({*accounts} - {account_id})
        key = EncryptionKey(
            self,
            "encryption-key",
            alias=name,
            account_id=account_id,
            region=region,
            further_accounts=others,
            event_rules=event_rules,
        )
        self.arn = AlarmTopic(
            self,
            "topic",
            name=name,
            account_id=account_id,
            region=region,
            subscriptions=subscriptions,
            kms_key_arn=key.arn,
            further_accounts=others,
            event_rules=event_rules,
        ).arn
