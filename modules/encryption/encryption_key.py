"""The key that encrypts what monitoring keeps and sends, and still lets alarms be delivered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from deployment import partition, service_principal
from deployment.aws.arn import format_arn
from modules.alarms.alarm_condition import of_alarms
from modules.encryption.policy_document import policy_document

_DELETION_WINDOW_DAYS = 30


class EncryptionKey(Construct):
    """A customer managed key for the log groups, topics, parameter and output bucket of one region.

    Its policy lets CloudWatch Logs use it for the named log groups only, and CloudWatch for alarms of this
    account and region only; within the account, IAM decides. The AWS managed key of SNS could not be used:
    nobody can let CloudWatch use it, and every alarm would be lost without a word.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        alias: The key's alias, without ``alias/``.
        account_id: The account's 12 digits.
        region: The region of the key and of all that it encrypts.
        log_group_names: The log groups that it encrypts; ``*`` stands for any text.
        further_accounts: Other accounts whose alarms, in the same region, publish to a topic that it
            encrypts.
        event_rules: Whether rules of EventBridge publish to such a topic. Their calls tell neither account
            nor rule, so that no condition would hold (SNS developer guide, encryption key management).
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
    ) -> None:
        super().__init__(scope, id)
        statements = _statements(account_id, region, sorted(log_group_names), further_accounts)
        if event_rules:
            statements.append(_EVENT_RULES_TO_TOPICS)
        key = KmsKey(
            self,
            "key",
            description="Security monitoring of Windows servers: events, alarms, command output",
            enable_key_rotation=True,
            deletion_window_in_days=_DELETION_WINDOW_DAYS,
            policy=policy_document(*statements),
        )
        self.arn: str = key.arn
        KmsAlias(self, "alias", name=f"alias/{alias}", target_key_id=key.key_id)


@dataclass(frozen=True)
class ExistingKey:
    """A key that somebody else manages, whose policy admits CloudWatch and CloudWatch Logs.

    Args:
        arn: Its ARN.
    """

    arn: str


Key = EncryptionKey | ExistingKey


# In a key's policy, the resource "*" is this key alone.
_EVENT_RULES_TO_TOPICS = {
    "Sid": "EventRulesToTopics",
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
}


def _statements(
    account_id: str, region: str, log_group_names: list[str], further_accounts: Sequence[str]
) -> list[dict[str, Any]]:
    log_groups = {
        "Sid": "LogGroups",
        "Effect": "Allow",
        "Principal": {"Service": service_principal("logs", region)},
        "Action": [
            "kms:Decrypt*",
            "kms:Describe*",
            "kms:Encrypt*",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
        ],
        "Resource": "*",
        "Condition": {
            "ArnEquals": {
                "kms:EncryptionContext:aws:logs:arn": [
                    format_arn("logs", region, account_id, f"log-group:{name}") for name in log_group_names
                ]
            }
        },
    }
    return [
        {
            "Sid": "AccountDecidesByIam",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition(region)}:iam::{account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        *([log_groups] if log_group_names else []),
        {
            "Sid": "AlarmsToTopics",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": of_alarms([account_id, *further_accounts], region),
        },
    ]
