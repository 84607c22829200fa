"""The topics: each there, open to the alarms that call it, and with somebody who listens."""

import json
from collections.abc import Iterator, Mapping, Sequence

from botocore.exceptions import ClientError

from deployment import MonitoredRegion, Topic
from verify import subscriptions
from verify.account import Account
from verify.check import Check, Status, judged
from verify.policy import admits, called_for
from verify.window import Window

_CLOUDWATCH = "cloudwatch.amazonaws.com"
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def topic_arn(region: MonitoredRegion, topic: Topic) -> str:
    """Return the ARN of a topic, made by the deployment or there before."""
    made = f"arn:{region.partition}:sns:{region.region}:{region.account_id}:{topic.name}"
    return topic.existing_arn or made


def check(region: MonitoredRegion, account: Account, _window: Window) -> Iterator[Check]:
    """Check each topic that an alarm is to call, and the deployment's subscriptions to it."""
    sns = account.client("sns")
    deployed = {topic_arn(region, topic): topic for topic in region.topics}
    for arn, alarms in _callers(region).items():
        try:
            attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
            listed = subscriptions.listed(sns, arn)
        except ClientError as error:
            yield _unknown(arn, alarms, error)
            continue
        topic = deployed.get(arn)
        failures = list(_policy_problems(arn, attributes, alarms, region))
        if "KmsMasterKeyId" in attributes:
            key_failures, warnings = _key_problems(account, arn, attributes["KmsMasterKeyId"], alarms, region)
            failures += key_failures
        else:
            warnings = []
        wanted_key = region.settings.notifications.kms_key
        if wanted_key and topic and not topic.existing_arn and attributes.get("KmsMasterKeyId") != wanted_key:
            failures.append(f"is not encrypted with {wanted_key}: apply the stack again")
        confirmed = [each for each in listed if each.confirmed]
        if not confirmed:
            failures.append(
                f"{len(alarms)} alarms notify nobody: no subscription to it is confirmed"
                if listed
                else f"{len(alarms)} alarms notify nobody: nobody is subscribed to it"
            )
        yield judged(
            "topic",
            arn,
            failures=failures,
            warnings=warnings,
            ok=f"alarms that call it: {len(alarms)}; confirmed subscriptions: {len(confirmed)}",
        )
        for subscription in topic.subscriptions if topic else ():
            yield subscriptions.check(account, subscription, arn, listed, region)


def _callers(region: MonitoredRegion) -> dict[str, list[str]]:
    """Return the ARNs of the alarms that are to call each topic."""
    callers: dict[str, list[str]] = {}
    for event in region.events:
        topic = region.topic(event)
        actions = (topic_arn(region, topic),) if topic else region.actions.get(event.key, ())
        for action in actions:
            if action.split(":")[2] == "sns":
                alarm = region.names.alarm(event.key)
                prefix = f"arn:{region.partition}:cloudwatch:{region.region}:{region.account_id}:alarm"
                callers.setdefault(action, []).append(f"{prefix}:{alarm}")
    return callers


def _unknown(arn: str, alarms: Sequence[str], error: ClientError) -> Check:
    if error.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
        return Check("topic", arn, Status.FAILED, f"does not exist, and {len(alarms)} alarms notify nobody")
    return Check("topic", arn, Status.WARNING, f"cannot be looked at from here: {error}")


def _policy_problems(
    arn: str, attributes: Mapping[str, str], alarms: Sequence[str], region: MonitoredRegion
) -> Iterator[str]:
    policy = json.loads(attributes["Policy"])
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


def _key_problems(
    account: Account, arn: str, key_id: str, alarms: Sequence[str], region: MonitoredRegion
) -> tuple[list[str], list[str]]:
    """Return why CloudWatch cannot use a topic's key, and what is not known of it."""
    kms = account.client("kms")
    lost = "CloudWatch cannot publish, and the alarms notify nobody"
    if "alias/aws/" in key_id:
        return [f"is encrypted with AWS's own key {key_id}: {lost}; take a customer managed key"], []
    try:
        key = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        if key["KeyManager"] == "AWS":
            return [f"is encrypted with AWS's own key {key_id}: {lost}; take a customer managed key"], []
        if key["KeyState"] != "Enabled":
            return [f"its key {key_id} is {key['KeyState']}: {lost}; enable the key"], []
        policy = json.loads(kms.get_key_policy(KeyId=key["Arn"], PolicyName="default")["Policy"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return [f"its key {key_id} does not exist: {lost}"], []
        return [], [f"its key {key_id} cannot be looked at from here: {error}"]
    further = {
        "kms:EncryptionContext:aws:sns:topicArn": arn,
        "kms:ViaService": f"sns.{region.region}.amazonaws.com",
    }
    missing = [
        action
        for action in _KEY_ACTIONS
        if not all(
            admits(
                policy,
                service=_CLOUDWATCH,
                action=action,
                resource=key["Arn"],
                context=called_for(alarm, region.account_id, **further),
            )
            for alarm in alarms
        )
    ]
    if missing:
        return [f"its key's policy does not let {_CLOUDWATCH} call {' and '.join(missing)}: {lost}"], []
    return [], []
