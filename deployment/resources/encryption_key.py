"""The customer managed key of the log groups, topics, parameter and output bucket of a region."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deployment.aws.arn import format_arn
from deployment.aws.partitions import partition, service_principal
from deployment.aws.policies import CLOUDWATCH, EVENTBRIDGE, Statement, alarm_condition
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.association_failures import association_failure_rule

#: What CloudWatch Logs calls to write to and read from an encrypted log group.
LOGS_ACTIONS = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
#: What CloudWatch and EventBridge call to publish to an encrypted topic.
PUBLISH_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, slots=True)
class KeySpec:
    """A customer managed key.

    Args:
        alias: Its alias, without ``alias/``.
        statements: Its policy.
    """

    alias: str
    statements: tuple[Statement, ...]
    description: str = "Security monitoring of Windows servers: events, alarms, command output"
    enable_rotation: bool = True
    deletion_window_days: int = 30


def key_of(
    *,
    alias: str,
    account_id: str,
    region: str,
    log_group_names: Iterable[str] = (),
    other_accounts: Sequence[str] = (),
    event_rules: bool = False,
) -> KeySpec:
    """Return a key that admits CloudWatch Logs for some log groups, and alarms.

    Within the account, IAM decides.

    Args:
        alias: Its alias, without ``alias/``.
        account_id: The account's 12 digits.
        region: The region of the key and of all that it encrypts.
        log_group_names: The log groups that it encrypts; ``*`` stands for any text.
        other_accounts: Other accounts whose alarms publish to a topic that it encrypts.
        event_rules: Whether rules of EventBridge publish to such a topic. Their calls name neither account
            nor rule, so no condition would hold (SNS developer guide, encryption key management).
    """
    log_group_arns = [
        format_arn("logs", region, account_id, f"log-group:{name}") for name in sorted(log_group_names)
    ]
    statements = key_statements(
        account_id,
        region,
        log_group_arns=log_group_arns,
        alarm_accounts=[account_id, *other_accounts],
        event_rules=event_rules,
    )
    return KeySpec(alias, tuple(statements))


def key_statements(
    owner: str,
    region: str,
    *,
    log_group_arns: Sequence[str],
    alarm_accounts: Sequence[str],
    event_rules: bool,
) -> list[Statement]:
    """Return the policy of a key that admits services of AWS; within the owner's account, IAM decides.

    In a key's policy, the resource ``*`` is this key alone.

    Args:
        owner: The account of the key.
        region: The region of the key and of all that it encrypts.
        log_group_arns: The log groups that it encrypts; ``*`` stands for any text.
        alarm_accounts: The accounts whose alarms publish to a topic that it encrypts.
        event_rules: Whether rules of EventBridge publish to such a topic.
    """
    statements: list[Statement] = [
        {
            "Sid": "AccountDecidesByIam",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition(region)}:iam::{owner}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if log_group_arns:
        statements.append(
            {
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
                "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": list(log_group_arns)}},
            }
        )
    statements.append(
        {
            "Sid": "AlarmsToTopics",
            "Effect": "Allow",
            "Principal": {"Service": CLOUDWATCH},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": alarm_condition(alarm_accounts, region),
        }
    )
    if event_rules:
        statements.append(
            {
                "Sid": "EventRulesToTopics",
                "Effect": "Allow",
                "Principal": {"Service": EVENTBRIDGE},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
            }
        )
    return statements


def existing_key_statements(
    plans: Sequence[RegionPlan], owner: str, *, encrypts_logs: Iterable[RegionPlan]
) -> list[Statement]:
    """Return the policy that an existing key needs, which encrypts for stacks of one region.

    Args:
        plans: The stacks that use it.
        owner: The account of the key.
        encrypts_logs: Those of the stacks whose log groups it encrypts, and not topics only.
    """
    accounts = list(dict.fromkeys(plan.account_id for plan in plans))
    region = plans[0].region_name
    statements = key_statements(
        owner,
        region,
        log_group_arns=[
            plan.arn("logs", f"log-group:{name}")
            for plan in encrypts_logs
            for name in sorted(encrypted_log_groups(plan))
        ],
        alarm_accounts=accounts,
        event_rules=any(association_failure_rule(plan) for plan in plans),
    )
    if users := [account for account in accounts if account != owner]:
        statements.append(
            {
                "Sid": "OtherAccountsDecideByIam",
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:{partition(region)}:iam::{account}:root" for account in users]},
                "Action": [*LOGS_ACTIONS, "kms:DescribeKey", "kms:GetKeyPolicy"],
                "Resource": "*",
            }
        )
    return statements


def encrypted_log_groups(plan: RegionPlan) -> list[str]:
    """Return the log groups that the key of a region's stack encrypts; ``*`` in a name stands for any text.

    What is encrypted already can only be read with the key: log groups that are not managed any more, or that
    had another prefix and were left in AWS, are among them.
    """
    prefix = plan.settings.log_group_prefix
    return [
        f"*{plan.log_group(channel).removeprefix(prefix)}"
        for channel in plan.known_channels | plan.log_groups.keys()
    ]


def encryption_key(plan: RegionPlan) -> KeySpec | None:
    """Return the key that a region's stack creates; None where it uses one that exists, or keys of AWS."""
    encryption = plan.settings.encryption
    if not encryption.customer_managed or encryption.key:
        return None
    return key_of(
        alias=plan.names.key_alias,
        account_id=plan.account_id,
        region=plan.region_name,
        log_group_names=encrypted_log_groups(plan),
        event_rules=association_failure_rule(plan) is not None,
    )


def key_id(plan: RegionPlan) -> str | None:
    """Return the ARN, or the alias, of a region's key; None where everything has the keys of AWS."""
    encryption = plan.settings.encryption
    if not encryption.customer_managed:
        return None
    return encryption.key or f"alias/{plan.names.key_alias}"
