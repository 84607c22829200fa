"""The key that encrypts what monitoring keeps and sends, and still lets alarms be delivered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdktf import TerraformProvider, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from deployment.aws.policies import policy_document
from deployment.resources.encryption_key import key_of
from modules.terraform.providers import use_provider


class EncryptionKey(Construct):
    """A customer managed key for the log groups, topics, parameter and output bucket of one region.

    Its policy lets CloudWatch Logs use it for the named log groups only, and CloudWatch for alarms of this
    account and region only; within the account, IAM decides. The AWS managed key of SNS cannot take its
    place: its policy does not admit CloudWatch, and every notification would be lost silently.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        alias: The key's alias, without ``alias/``.
        account_id: The account's 12 digits.
        region: The region of the key and of all that it encrypts.
        log_group_names: The log groups that it encrypts; ``*`` stands for any text. Default: none.
        further_accounts: Other accounts whose alarms, in the same region, publish to a topic that it
            encrypts. Default: none.
        event_rules: Whether rules of EventBridge publish to such a topic. Their calls name neither account
            nor rule, so no condition would hold (SNS developer guide, encryption key management). Default:
            false.
        protected: Whether terraform refuses each plan that would delete it. Default: false.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        alias: str,
        account_id: str,
        region: str,
        log_group_names: Iterable[str] = (),
        further_accounts: Sequence[str] = (),
        event_rules: bool = False,
        protected: bool = False,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = key_of(
            alias=alias,
            account_id=account_id,
            region=region,
            log_group_names=log_group_names,
            other_accounts=further_accounts,
            event_rules=event_rules,
        )
        key = KmsKey(
            self,
            "key",
            description=spec.description,
            enable_key_rotation=spec.enable_rotation,
            deletion_window_in_days=spec.deletion_window_days,
            policy=policy_document(*spec.statements),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
        )
        self.arn: str = key.arn
        KmsAlias(self, "alias", name=f"alias/{spec.alias}", target_key_id=key.key_id)


@dataclass(frozen=True)
class ExistingKey:
    """A key that is managed elsewhere, whose policy admits CloudWatch and CloudWatch Logs.

    Args:
        arn: Its ARN.
    """

    arn: str


Key = EncryptionKey | ExistingKey
