"""The key that encrypts log groups and topics: there, enabled, and open to those who must use it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan, dns_suffix, service_principal
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for
from verify.access.window import Window
from verify.checks.check import Check, judged

_LOGS_ACTIONS = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
_ALARM_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, slots=True)
class Key:
    """A key as KMS describes it."""

    arn: str
    of_aws: bool
    state: str
    policy: Mapping[str, Any]

    def refused(self, actions: tuple[str, ...], service: str, context: Mapping[str, str]) -> list[str]:
        """Return those of the actions that the key's policy does not let a service do."""
        return [
            action
            for action in actions
            if not admits(self.policy, service=service, action=action, resource=self.arn, context=context)
        ]


def deployed_key(region: RegionPlan) -> str | None:
    """Return the ARN, or the alias, of the deployment's key; None where everything has the keys of AWS."""
    encryption = region.settings.encryption
    if not encryption.customer_managed:
        return None
    return encryption.key or f"alias/{region.names.key_alias}"


def deployed_key_arn(region: RegionPlan, account: AccountAccess) -> str | None:
    """Return the ARN of the deployment's key; None where there is none, or it cannot be looked at."""
    key_id = deployed_key(region)
    if key_id is None or region.settings.encryption.key:
        return key_id
    try:
        key = read(account, key_id)
    except ClientError:
        return None
    return key.arn if key else None


def read(account: AccountAccess, key_id: str) -> Key | None:
    """Ask for a key by id, ARN or alias; None where there is none.

    Raises:
        ClientError: It cannot be looked at from this account.
    """
    kms = account.client("kms")
    try:
        found = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        policy = kms.get_key_policy(KeyId=found["Arn"], PolicyName="default")["Policy"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return None
        raise
    return Key(found["Arn"], found["KeyManager"] == "AWS", found["KeyState"], json.loads(policy))


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check that CloudWatch Logs can use the deployment's key; the topics' checks see to the alarms."""
    key_id = deployed_key(region)
    if key_id is None:
        return
    failures, warnings = [], []
    try:
        key = read(account, key_id)
    except ClientError as error:
        warnings.append(f"cannot be looked at from here: {error}")
    else:
        failures = list(_problems(key, region))
    yield judged(
        "encryption key",
        key_id,
        failures=failures,
        warnings=warnings,
        ok="enabled, and open to CloudWatch Logs",
    )


def alarm_problems(
    account: AccountAccess, key_id: str, topic_arn: str, alarm_arns: Iterable[str], region: RegionPlan
) -> tuple[list[str], list[str]]:
    """Return why alarms cannot reach a topic that a key encrypts, and what is not known of that."""
    lost = "CloudWatch cannot publish, and the alarms notify nobody"
    of_aws = f"is encrypted with AWS's own key {key_id}: {lost}; take a customer managed key"
    if "alias/aws/" in key_id:
        return [of_aws], []
    try:
        key = read(account, key_id)
    except ClientError as error:
        return [], [f"its key {key_id} cannot be looked at from here: {error}"]
    if key is None:
        return [f"its key {key_id} does not exist: {lost}"], []
    if key.of_aws:
        return [of_aws], []
    if key.state != "Enabled":
        return [f"its key {key_id} is {key.state}: {lost}; enable the key"], []
    further = {
        "kms:EncryptionContext:aws:sns:topicArn": topic_arn,
        "kms:ViaService": f"sns.{region.region_name}.{dns_suffix(region.region_name)}",
    }
    refused = {
        action
        for alarm in alarm_arns
        for action in key.refused(
            _ALARM_ACTIONS, "cloudwatch.amazonaws.com", called_for(alarm, region.account_id, **further)
        )
    }
    if refused:
        actions = " and ".join(sorted(refused))
        return [f"its key's policy does not let cloudwatch.amazonaws.com call {actions}: {lost}"], []
    return [], []


def _problems(key: Key | None, region: RegionPlan) -> Iterator[str]:
    if key is None:
        yield "does not exist, so that nothing encrypted with it can be written: apply the stack again"
        return
    if key.state != "Enabled":
        yield f"is {key.state}, so that events and alarms are lost: enable the key"
    service = service_principal("logs", region.region_name)
    for channel, name in region.log_groups.items():
        if channel in region.settings.existing_log_groups:
            continue
        arn = region.arn("logs", f"log-group:{name}")
        context = called_for(arn, region.account_id, **{"kms:EncryptionContext:aws:logs:arn": arn})
        if refused := key.refused(_LOGS_ACTIONS, service, context):
            yield (
                f"its policy does not let {service} call {' and '.join(refused)} for the log group {name}, "
                "so that no event can be written there: apply the stack again"
            )
