"""The topics: each exists, admits the alarms that call it, has a confirmed subscription, and delivers."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.aws.policies import CLOUDWATCH
from deployment.resources.alarms import callers
from deployment.resources.topics import PUBLISH, topics
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for, lets_everybody
from verify.access.window import Window, shown
from verify.advice import aws_command
from verify.checks import encryption_key, subscriptions
from verify.checks.encryption_key import LiveKey
from verify.checks.metrics import UNDELIVERED_MESSAGES, counts_of, undelivered
from verify.checks.subscriptions import Listed
from verify.result import Check, Status, judged

#: What strangers have no business with: to read alarms, forge them, or let others do so.
_NOT_FOR_EVERYBODY = (PUBLISH, "sns:SetTopicAttributes", "sns:Subscribe")

#: Seconds of a data point: the precision of the times in messages.
_PERIOD = 300


def check(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check each topic that an alarm is to call, and the deployment's subscriptions to it."""
    sns = account.client("sns")
    read_key = cache(partial(encryption_key.read, account))  # most topics have the same
    deployed = {topic.arn: topic for topic in topics(region)}
    called = callers(region, "sns")
    key = region.settings.notifications.kms_key or encryption_key.deployed_key_arn(region, account)
    unsent = _undelivered(region, account, called, window)
    delivered = _last_times(region, account, called, "NumberOfNotificationsDelivered", window)
    failed = _last_times(region, account, list(unsent), UNDELIVERED_MESSAGES[1], window)
    for arn, alarms in called.items():
        topic = deployed.get(arn)
        is_own = topic is not None and not topic.existing
        try:
            attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
            listed = subscriptions.listed(sns, arn)
        except ClientError as error:
            yield _unknown(arn, alarms, error, is_own=is_own)
            continue
        encrypted = topic is not None and topic.encrypted
        lost = [*_lost(unsent.get(arn, 0), failed.get(arn), window), *_data_protection(region, account, arn)]
        confirmed = [each for each in listed if each.confirmed]
        # Of the deployment's own, each subscription has a row that says so.
        filtered = not is_own and all(subscriptions.is_filtered(account, each) for each in confirmed)
        live = _LiveTopic(
            *(arn, attributes, listed, lost), filtered=filtered, delivery=_delivery(delivered, arn, window)
        )
        yield _judged(read_key, region, live, alarms, is_own=is_own, encrypted=encrypted, key=key)
        for subscription in topic.subscriptions if topic else ():
            yield subscriptions.check(account, subscription, arn, listed, region)


@dataclass(frozen=True, slots=True)
class _LiveTopic:
    """A topic as SNS shows it, with the messages that were lost, and whether each subscription filters.

    ``delivery`` says when the last message was delivered; it is empty where that is seen in another account.
    """

    arn: str
    attributes: Mapping[str, str]
    listed: Sequence[Listed]
    lost: Sequence[str]
    filtered: bool
    delivery: str


def _judged(
    read_key: Callable[[str], LiveKey | None],
    region: RegionPlan,
    live: _LiveTopic,
    alarms: Sequence[str],
    *,
    is_own: bool,
    encrypted: bool,
    key: str | None,
) -> Check:
    arn, listed = live.arn, live.listed
    policy = json.loads(live.attributes["Policy"])
    failures = list(_policy_problems(policy, arn, alarms, region, is_own=is_own))
    warnings = [*_openness(policy, arn, is_own=is_own), *live.lost]
    if key_id := live.attributes.get("KmsMasterKeyId"):
        refused, unknown = encryption_key.alarm_problems(
            read_key, key_id, arn, alarms, region, is_own_topic=is_own
        )
        failures += refused
        warnings += unknown
        failures += _another_key(read_key, key, key_id) if encrypted and not refused else ()
    elif encrypted:
        failures.append("is not encrypted as deployed: apply the stack again")
    confirmed = [each for each in listed if each.confirmed]
    if not confirmed:
        reason = "no subscription to it is confirmed" if listed else "it has no subscription"
        failures.append(f"{len(alarms)} alarms notify nobody: {reason}")
    elif live.filtered:
        failures.append(
            f"{len(alarms)} alarms may notify nobody: each subscription to it has a filter policy; add one "
            "that takes every message"
        )
    return judged(
        "topic",
        arn,
        failures=failures,
        warnings=warnings,
        ok=f"alarms that call it: {len(alarms)}; confirmed subscriptions: {len(confirmed)}{live.delivery}",
    )


def _another_key(read_key: Callable[[str], LiveKey | None], wanted: str | None, key_id: str) -> Iterator[str]:
    """Say that a topic has another key than the deployment gives it, where both can be read."""
    try:
        found = read_key(key_id)
        if wanted and ":alias/" in wanted:
            expected = read_key(wanted)
            wanted = expected.arn if expected else None
    except ClientError:
        return
    if found and wanted and found.arn != wanted:
        yield f"is encrypted with {found.arn} instead of {wanted}: apply the stack again"


def _undelivered(
    region: RegionPlan, account: AccountAccess, arns: Iterable[str], window: Window
) -> Mapping[str, float]:
    """Return how many messages of each topic SNS could not deliver, of those of this account and region."""
    names = _own_names(region, arns)
    found = undelivered(account, UNDELIVERED_MESSAGES, list(names), window)
    return {names[name]: number for name, number in found.items()}


def _last_times(
    region: RegionPlan, account: AccountAccess, arns: Iterable[str], metric: str, window: Window
) -> Mapping[str, datetime | None]:
    """Return when SNS last counted in a metric of each topic of this account and region, by its ARN."""
    names = _own_names(region, arns)
    namespace, _, dimension = UNDELIVERED_MESSAGES
    counts = counts_of(account, (namespace, metric, dimension), list(names), window, _PERIOD)
    return {
        names[name]: max((time for time, number in points if number), default=None)
        for name, points in counts.items()
    }


def _own_names(region: RegionPlan, arns: Iterable[str]) -> Mapping[str, str]:
    """Return the ARNs of the topics of this account and region, by their names."""
    here = region.arn("sns", "")
    return {arn.removeprefix(here): arn for arn in arns if arn.startswith(here)}


def _delivery(delivered: Mapping[str, datetime | None], arn: str, window: Window) -> str:
    if arn not in delivered:
        return ""
    time = delivered[arn]
    return f"; last delivery about {shown(time)}" if time else f"; no delivery {window}"


def _lost(number: float, last: datetime | None, window: Window) -> Iterator[str]:
    if number:
        when = f", the last about {shown(last)}" if last else ""
        advice = "see whether each endpoint exists and takes messages"
        yield f"SNS could not deliver {number:,.0f} of its messages {window}{when}: {advice}"


def _data_protection(region: RegionPlan, account: AccountAccess, arn: str) -> Iterator[str]:
    """Say which messages a data protection policy refuses or masks. Not every region has such policies."""
    try:
        found = account.client("sns").get_data_protection_policy(ResourceArn=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] == "AuthorizationError":
            yield f"whether a data protection policy refuses messages is unknown: {error}"
        return
    document = json.loads(found.get("DataProtectionPolicy") or "{}")
    changing = [
        each for each in document.get("Statement", []) if {"Deny", "Deidentify"} & {*each["Operation"]}
    ]
    if identifiers := sorted(
        {str(identifier).rpartition("/")[2] for each in changing for identifier in each["DataIdentifier"]}
    ):
        cure = aws_command(
            region, "sns put-data-protection-policy", resource_arn=arn, data_protection_policy=""
        )
        yield (
            f"its data protection policy refuses or masks messages with {', '.join(identifiers)}: unless "
            f"no alarm's message does, run {cure}"
        )


def _unknown(arn: str, alarms: Sequence[str], error: ClientError, *, is_own: bool) -> Check:
    if error.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
        cure = "apply the stack again" if is_own else "create it, or name one that exists"
        text = f"does not exist, and {len(alarms)} alarms notify nobody: {cure}"
        return Check("topic", arn, Status.FAILED, text)
    return Check("topic", arn, Status.WARNING, f"cannot be read from here: {error}")


def _policy_problems(
    policy: Mapping[str, Any], arn: str, alarms: Sequence[str], region: RegionPlan, *, is_own: bool
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
        cure = "apply the stack again" if is_own else f"allow it {PUBLISH}"
        yield (
            f"its policy does not let {CLOUDWATCH} publish for {len(refused)} of {len(alarms)} alarms "
            f"({refused[0].rpartition(':')[2]}, ...), which therefore notify nobody: {cure}"
        )


def _openness(policy: Mapping[str, Any], arn: str, *, is_own: bool) -> Iterator[str]:
    cure = "apply the stack again" if is_own else "restrict it to those that need it"
    if allowed := [
        action for action in _NOT_FOR_EVERYBODY if lets_everybody(policy, action=action, resource=arn)
    ]:
        yield f"its policy lets any account call {', '.join(allowed)}: {cure}"
