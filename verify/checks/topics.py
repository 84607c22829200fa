"""The topics: each there, open to the alarms that call it, and with somebody who listens."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.alarms import callers
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for, lets_everybody
from verify.access.window import Window
from verify.checks import encryption_key, subscriptions
from verify.checks.check import Check, Status, judged
from verify.checks.subscriptions import Listed

_CLOUDWATCH = "cloudwatch.amazonaws.com"
#: What strangers have no business with: to read alarms, forge them, or let others do so.
_NOT_FOR_EVERYBODY = ("sns:Publish", "sns:SetTopicAttributes", "sns:Subscribe")


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each topic that an alarm is to call, and the deployment's subscriptions to it."""
    sns = account.client("sns")
    deployed = {region.topic_arn(topic): topic for topic in region.topics}
    for arn, alarms in callers(region, "sns").items():
        try:
            attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
            listed = subscriptions.listed(sns, arn)
        except ClientError as error:
            yield _unknown(arn, alarms, error)
            continue
        topic = deployed.get(arn)
        made_here = topic is not None and topic.existing_arn is None
        yield _judged(account, region, arn, attributes, alarms, listed, made_here=made_here)
        for subscription in topic.subscriptions if topic else ():
            yield subscriptions.check(account, subscription, arn, listed, region)


def _judged(
    account: AccountAccess,
    region: RegionPlan,
    arn: str,
    attributes: Mapping[str, str],
    alarms: Sequence[str],
    listed: Sequence[Listed],
    *,
    made_here: bool,
) -> Check:
    policy = json.loads(attributes["Policy"])
    failures = list(_policy_problems(policy, arn, alarms, region))
    warnings = list(_openness(policy, arn))
    if key_id := attributes.get("KmsMasterKeyId"):
        refused, unknown = encryption_key.alarm_problems(account, key_id, arn, alarms, region)
        failures += refused
        warnings += unknown
    elif made_here and (region.settings.notifications.kms_key or encryption_key.deployed_key(region)):
        failures.append("is not encrypted, though deployed so: apply the stack again")
    confirmed = [each for each in listed if each.confirmed]
    if not confirmed:
        reason = "no subscription to it is confirmed" if listed else "nobody is subscribed to it"
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
    return Check("topic", arn, Status.WARNING, f"cannot be looked at from here: {error}")


def _policy_problems(
    policy: Mapping[str, Any], arn: str, alarms: Sequence[str], region: RegionPlan
) -> Iterator[str]:
    refused = [
        alarm
        for alarm in alarms
        if not admits(
            policy,
            service=_CLOUDWATCH,
            action="sns:Publish",
            resource=arn,
            context=called_for(alarm, region.account_id),
        )
    ]
    if refused:
        yield (
            f"its policy does not let {_CLOUDWATCH} publish for {len(refused)} of {len(alarms)} alarms "
            f"({refused[0].rpartition(':')[2]}, ...), which therefore notify nobody: allow it sns:Publish"
        )


def _openness(policy: Mapping[str, Any], arn: str) -> Iterator[str]:
    if allowed := [
        action for action in _NOT_FOR_EVERYBODY if lets_everybody(policy, action=action, resource=arn)
    ]:
        yield f"its policy lets everybody call {', '.join(allowed)}: allow it only to those who must"
