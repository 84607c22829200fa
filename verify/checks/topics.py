"""The topics: each exists, admits the alarms that call it, and has a confirmed subscription."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.aws.policies import CLOUDWATCH
from deployment.resources.alarms import callers
from deployment.resources.topics import PUBLISH, topics
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for, lets_everybody
from verify.access.window import Window
from verify.checks import encryption_key, subscriptions
from verify.checks.encryption_key import LiveKey
from verify.checks.subscriptions import Listed
from verify.result import Check, Status, judged

#: What strangers have no business with: to read alarms, forge them, or let others do so.
_NOT_FOR_EVERYBODY = (PUBLISH, "sns:SetTopicAttributes", "sns:Subscribe")


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each topic that an alarm is to call, and the deployment's subscriptions to it."""
    sns = account.client("sns")
    read_key = cache(partial(encryption_key.read, account))  # most topics have the same
    deployed = {topic.arn: topic for topic in topics(region)}
    for arn, alarms in callers(region, "sns").items():
        try:
            attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
            listed = subscriptions.listed(sns, arn)
        except ClientError as error:
            yield _unknown(arn, alarms, error)
            continue
        topic = deployed.get(arn)
        encrypted = topic is not None and topic.encrypted
        yield _judged(read_key, region, arn, attributes, alarms, listed, encrypted=encrypted)
        for subscription in topic.subscriptions if topic else ():
            yield subscriptions.check(account, subscription, arn, listed, region)


def _judged(
    read_key: Callable[[str], LiveKey | None],
    region: RegionPlan,
    arn: str,
    attributes: Mapping[str, str],
    alarms: Sequence[str],
    listed: Sequence[Listed],
    *,
    encrypted: bool,
) -> Check:
    policy = json.loads(attributes["Policy"])
    failures = list(_policy_problems(policy, arn, alarms, region))
    warnings = list(_openness(policy, arn))
    if key_id := attributes.get("KmsMasterKeyId"):
        refused, unknown = encryption_key.alarm_problems(read_key, key_id, arn, alarms, region)
        failures += refused
        warnings += unknown
    elif encrypted:
        failures.append("is not encrypted as deployed: apply the stack again")
    confirmed = [each for each in listed if each.confirmed]
    if not confirmed:
        reason = "no subscription to it is confirmed" if listed else "it has no subscription"
        failures.append(f"{len(alarms)} alarms notify nobody: {reason}")
    return judged(
        "topic",
        arn,
        failures=failures,
        warnings=warnings,
        ok=f"alarms that call it: {len(alarms)}; confirmed subscriptions: {len(confirmed)}",
    )


def _unknown(arn: str, alarms: Sequence[str], error: ClientError) -> Check:
    if error.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
        return Check("topic", arn, Status.FAILED, f"does not exist, and {len(alarms)} alarms notify nobody")
    return Check("topic", arn, Status.WARNING, f"cannot be read from here: {error}")


def _policy_problems(
    policy: Mapping[str, Any], arn: str, alarms: Sequence[str], region: RegionPlan
) -> Iterator[str]:
    refused = [
        alarm
        for alarm in alarms
        if not admits(
            policy,
            service=CLOUDWATCH,
            action=PUBLISH,
            resource=arn,
            context=called_for(alarm, region.account_id),
        )
    ]
    if refused:
        yield (
            f"its policy does not let {CLOUDWATCH} publish for {len(refused)} of {len(alarms)} alarms "
            f"({refused[0].rpartition(':')[2]}, ...), which therefore notify nobody: allow it {PUBLISH}"
        )


def _openness(policy: Mapping[str, Any], arn: str) -> Iterator[str]:
    if allowed := [
        action for action in _NOT_FOR_EVERYBODY if lets_everybody(policy, action=action, resource=arn)
    ]:
        yield f"its policy lets any account call {', '.join(allowed)}: restrict it to those that need it"
