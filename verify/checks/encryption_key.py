"""The key that encrypts log groups and topics: it exists, is enabled, and admits the services that use it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan, dns_suffix, service_principal
from deployment.aws.policies import CLOUDWATCH
from deployment.resources.encryption_key import LOGS_ACTIONS, PUBLISH_ACTIONS, key_id
from deployment.resources.log_groups import log_groups
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for
from verify.access.window import Window
from verify.advice import aws_command
from verify.result import Check, judged


@dataclass(frozen=True, slots=True)
class LiveKey:
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


def deployed_key_arn(region: RegionPlan, account: AccountAccess) -> str | None:
    """Return the ARN of the deployment's key; None where there is none, or it cannot be looked at."""
    deployed = key_id(region)
    if deployed is None or region.settings.encryption.key:
        return deployed
    try:
        arn: str = account.client("kms").describe_key(KeyId=deployed)["KeyMetadata"]["Arn"]
    except ClientError:
        return None
    return arn


def read(account: AccountAccess, key: str) -> LiveKey | None:
    """Read a key by its id, ARN or alias; None where there is none.

    Raises:
        ClientError: It cannot be looked at from this account.
    """
    kms = account.client("kms")
    try:
        found = kms.describe_key(KeyId=key)["KeyMetadata"]
        policy = kms.get_key_policy(KeyId=found["Arn"], PolicyName="default")["Policy"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return None
        raise
    return LiveKey(found["Arn"], found["KeyManager"] == "AWS", found["KeyState"], json.loads(policy))


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check that CloudWatch Logs can use the deployment's key; the topics' checks see to the alarms."""
    deployed = key_id(region)
    if deployed is None:
        return
    failures, warnings = [], []
    try:
        key = read(account, deployed)
    except ClientError as error:
        warnings.append(f"cannot be read from here: {error}")
    else:
        failures = list(_problems(key, region))
    yield judged(
        "encryption key",
        deployed,
        failures=failures,
        warnings=warnings,
        ok="enabled, and open to CloudWatch Logs",
    )


def log_group_problems(
    account: AccountAccess, key: str, name: str, region: RegionPlan, *, cure: str
) -> tuple[list[str], list[str]]:
    """Return why a log group cannot be used with a key that is not the deployment's, and what is unknown."""
    lost = "so no event can be written or read"
    try:
        found = read(account, key)
    except ClientError as error:
        return [], [f"its key {key} cannot be read from here: {error}"]
    if found is None:
        return [f"its key {key} does not exist, {lost}: {cure}"], []
    if found.state != "Enabled":
        return [f"its key {key} is {found.state}, {lost}: {state_cure(region, found)}"], []
    if refused := _refused_to_logs(found, name, region):
        service = service_principal("logs", region.region_name)
        actions = " and ".join(refused)
        return [f"the policy of its key {key} does not let {service} call {actions}, {lost}: {cure}"], []
    return [], []


def alarm_problems(
    read_key: Callable[[str], LiveKey | None],
    key_id: str,
    topic_arn: str,
    alarm_arns: Iterable[str],
    region: RegionPlan,
    *,
    is_own_topic: bool,
) -> tuple[list[str], list[str]]:
    """Return why alarms cannot reach a topic that a key encrypts, and what is not known of that."""
    lost = "CloudWatch cannot publish, and the alarms notify nobody"
    cure = "apply the stack again" if is_own_topic else "take a customer managed key"
    of_aws = f"is encrypted with AWS's own key {key_id}: {lost}; {cure}"
    if "alias/aws/" in key_id:
        return [of_aws], []
    try:
        key = read_key(key_id)
    except ClientError as error:
        return [], [f"its key {key_id} cannot be read from here: {error}"]
    if key is None:
        return [f"its key {key_id} does not exist: {lost}; {cure}"], []
    if key.of_aws:
        return [of_aws], []
    if key.state != "Enabled":
        return [f"its key {key_id} is {key.state}: {lost}; {state_cure(region, key)}"], []
    further = {
        "kms:EncryptionContext:aws:sns:topicArn": topic_arn,
        "kms:ViaService": f"sns.{region.region_name}.{dns_suffix(region.region_name)}",
    }
    refused = {
        action
        for alarm in alarm_arns
        for action in key.refused(
            PUBLISH_ACTIONS, CLOUDWATCH, called_for(alarm, region.account_id, **further)
        )
    }
    if refused:
        actions = " and ".join(sorted(refused))
        cure = "apply the stack again" if _is_own(read_key, key, region) else "allow it there"
        return [f"its key's policy does not let {CLOUDWATCH} call {actions}: {lost}; {cure}"], []
    return [], []


def _is_own(read_key: Callable[[str], LiveKey | None], key: LiveKey, region: RegionPlan) -> bool:
    """Return whether the stack manages a key."""
    deployed = key_id(region)
    if deployed is None or region.settings.encryption.key:
        return False
    try:
        own = read_key(deployed)
    except ClientError:
        return False
    return own is not None and own.arn == key.arn


def state_cure(region: RegionPlan, key: LiveKey) -> str:
    """Say how a key comes to be enabled: an apply replaces one that is to be deleted, and loses its data."""
    operations = {"Disabled": ["enable-key"], "PendingDeletion": ["cancel-key-deletion", "enable-key"]}
    identifier = key.arn.rpartition("/")[2]
    commands = [
        f"run {aws_command(region, f'kms {operation}', key_id=identifier)}"
        for operation in operations.get(key.state, [])
    ]
    return ", then ".join(commands) or "see in KMS why"


def _problems(key: LiveKey | None, region: RegionPlan) -> Iterator[str]:
    if key is None:
        cure = "name one that does" if region.settings.encryption.key else "apply the stack again"
        yield f"does not exist, so nothing encrypted with it can be written: {cure}"
        return
    if key.state != "Enabled":
        yield f"is {key.state}, so events and notifications are lost: {state_cure(region, key)}"
    service = service_principal("logs", region.region_name)
    cure = "allow it there" if region.settings.encryption.key else "apply the stack again"
    for group in log_groups(region).values():
        if group.existing:
            continue
        if refused := _refused_to_logs(key, group.name, region):
            yield (
                f"its policy does not let {service} call {' and '.join(refused)} for the log group "
                f"{group.name}, so no event can be written there: {cure}"
            )


def _refused_to_logs(key: LiveKey, group: str, region: RegionPlan) -> list[str]:
    """Return what a key's policy does not let CloudWatch Logs call for a log group."""
    arn = region.arn("logs", f"log-group:{group}")
    context = called_for(arn, region.account_id, **{"kms:EncryptionContext:aws:logs:arn": arn})
    return key.refused(LOGS_ACTIONS, service_principal("logs", region.region_name), context)
