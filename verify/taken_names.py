"""The names that an apply will give, and what has them already.

What terraform's state of the stack holds is its own. AWS refuses to create most else once more, and silently
lets an apply overwrite the rest: alarms, dashboards, rules and metric filters. Where the state cannot be
read, tags show whose it is. Saved queries are not looked for: their names need not be unique.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deployment import RegionPlan
from deployment.permissions.arns import created_instance_roles, created_roles, created_topic_arns, rule_arns
from deployment.resources.agent_configuration import agent_parameters
from deployment.resources.alarms import alarm_specs, alarms
from deployment.resources.associations import STEPS, associations
from deployment.resources.buckets import output_bucket, state_bucket
from deployment.resources.chat import chat_channels
from deployment.resources.dashboard import dashboard
from deployment.resources.documents import audit_policy_document, server_document
from deployment.resources.encryption_key import encryption_key
from deployment.resources.log_alarms import LogAlarmSpec
from deployment.resources.log_groups import log_groups
from deployment.resources.metric_filters import metric_filters
from deployment.resources.mute_rules import mute_rules
from verify.access.account import AccountAccess
from verify.checks.associations import named
from verify.result import Check, Status
from verify.state_content import Held, UnknownStateError, held

_ABSENT = (
    *("NoSuchEntity", "NotFound", "NotFoundException", "ParameterNotFound", "ResourceNotFound"),
    *("ResourceNotFoundException", "InvalidDocument", "NoSuchTagSet", "404"),
)
_ALARMS_A_CALL = 100
_OTHERWISE = "adopt it (docs/how-to/adoption.md), delete it, or give the deployment another name"
#: What to do about what cannot be adopted.
_INSTEAD = {
    "bucket": "name it under output_bucket.existing, or give the deployment another name",
    "bucket of the state": "set create_bucket: false, or name another bucket",
    "chat channel": "delete it, or give the channel another name",
    **dict.fromkeys(
        ("association", "dashboard", "document", "event rule", "key alias", "stack"),
        "delete it, or give the deployment another name",
    ),
}
#: What an apply takes over silently, whoever made it.
_OVERWRITTEN = ("alarm", "dashboard", "event rule", "metric filter")
_Tags = Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that the stack gives.

    Args:
        kind: What kind of thing has it.
        type: The type of the resource in terraform.
        name: What terraform's state knows it by.
        exists: Whether there is something of that name.
        tags: The tags of that; None where such things have none.
        of_stack: Whether the state of the stack itself holds it.
        is_foreign: Whether it can only be another account's.
    """

    kind: str
    type: str
    name: str
    exists: bool
    tags: _Tags = None
    of_stack: bool = True
    is_foreign: bool = False


def check_names(region: RegionPlan, account: AccountAccess) -> Iterator[Check]:
    """Report each resource that has a name of the deployment's and is not the deployment's."""
    known: Held | None = None
    try:
        known = held(region)
    except UnknownStateError as error:
        message = f"whose a resource is, only its tags tell: {error}"
        yield Check("state", region.stack_name, Status.WARNING, message)
    own = free = 0
    for names in _KINDS:
        try:
            for name in names(region, account):
                if not name.exists:
                    free += 1
                elif problem := _problem(region, name, known):
                    yield problem
                else:
                    own += 1
        except (BotoCoreError, ClientError) as error:
            yield Check("name", region.stack_name, Status.FAILED, f"some cannot be checked: {error}")
    message = f"{free} names are free, {own} are this deployment's"
    yield Check("name", region.stack_name, Status.OK, message)


def _problem(region: RegionPlan, name: _Name, known: Held | None) -> Check | None:
    """Return what is wrong about something that exists; None where it is the deployment's."""
    tags = dict(region.settings.effective_tags)
    has_tags = bool(tags) and name.tags is not None and tags.items() <= name.tags.items()
    instead = _INSTEAD.get(name.kind, _OTHERWISE)
    effect = "would overwrite it" if name.kind in _OVERWRITTEN else "would be refused, or make another"
    if name.is_foreign:
        message = f"belongs to another account: {instead}"
        return Check(name.kind, name.name, Status.FAILED, message)
    if not name.of_stack and known:
        # The bucket that holds the state is in use.
        return None
    if known is None or not name.of_stack:
        if has_tags or name.tags is None:
            return None
        if tags:
            message = f"exists without the tags of this deployment, and an apply {effect}: {instead}"
            return Check(name.kind, name.name, Status.FAILED, message)
        message = (
            "exists, and the deployment has no tags to tell whose it is: if terraform's state does not hold "
            f"it, {instead}"
        )
        return Check(name.kind, name.name, Status.WARNING, message)
    if (name.type, name.name) in known or (has_tags and name.kind in _OVERWRITTEN):
        return None
    if has_tags:
        message = (
            f"exists with the tags of this deployment, and its state {region.state} does not hold it: if a "
            "killed apply made it, python -m recover has it imported; otherwise "
            f"{instead}"
        )
    else:
        without = " without the tags of this deployment" if tags and name.tags is not None else ""
        message = (
            f"exists{without}, its state {region.state} does not hold it, and an apply {effect}: {instead}"
        )
    return Check(name.kind, name.name, Status.FAILED, message)


def _of_logs(region: RegionPlan, account: AccountAccess) -> Iterator[_Name]:
    logs = account.client("logs")
    adopted = set(region.settings.adopt.metric_filters.values())
    filters = list(chain.from_iterable(metric_filters(region).values()))
    for channel, spec in log_groups(region).items():
        exists, tags = _log_group(logs, region, spec.name)
        if not spec.existing and channel not in region.settings.adopt.log_groups:
            yield _Name("log group", "aws_cloudwatch_log_group", spec.name, exists, tags)
        pages = logs.get_paginator("describe_metric_filters").paginate(logGroupName=spec.name)
        found = {each["filterName"] for page in pages for each in page["metricFilters"]} if exists else set()
        for each in filters:
            if each.log_group_name == spec.name and each.name not in adopted:
                yield _Name(
                    "metric filter", "aws_cloudwatch_log_metric_filter", each.name, each.name in found
                )


def _log_group(logs: Any, region: RegionPlan, name: str) -> tuple[bool, _Tags]:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    if all(group["logGroupName"] != name for page in pages for group in page["logGroups"]):
        return False, None
    arn = region.arn("logs", f"log-group:{name}")
    tags: Mapping[str, str] = logs.list_tags_for_resource(resourceArn=arn)["tags"]
    return True, tags


def _of_iam(region: RegionPlan, account: AccountAccess) -> Iterator[_Name]:
    iam, adopted = account.client("iam"), region.settings.adopt
    for role in created_roles(region):
        if role.name != adopted.server_role:
            found = _found(partial(iam.get_role, RoleName=role.name))
            yield _name("role", "aws_iam_role", role.name, found and found["Role"])
    for role in created_instance_roles(region):
        if role.name != adopted.server_role or not adopted.instance_profile:
            found = _found(partial(iam.get_instance_profile, InstanceProfileName=role.name))
            kind = "aws_iam_instance_profile"
            yield _name("instance profile", kind, role.name, found and found["InstanceProfile"])


def _of_alarms(region: RegionPlan, account: AccountAccess) -> Iterator[_Name]:
    cloudwatch = account.client("cloudwatch")
    adopted = set(region.names.adopted.alarms.values())
    wanted = [alarm.name for alarm in alarms(region) if alarm.name not in adopted and not alarm.query]
    for start in range(0, len(wanted), _ALARMS_A_CALL):
        names = wanted[start : start + _ALARMS_A_CALL]
        answer = cloudwatch.describe_alarms(AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        found = {
            each["AlarmName"]: (resource_type, each["AlarmArn"])
            for member, resource_type in (
                ("MetricAlarms", "aws_cloudwatch_metric_alarm"),
                ("CompositeAlarms", "aws_cloudwatch_composite_alarm"),
            )
            for each in answer.get(member, ())
        }
        for name in names:
            resource_type, arn = found.get(name, ("", ""))
            tags = _found(partial(cloudwatch.list_tags_for_resource, ResourceARN=arn)) if arn else None
            yield _name("alarm", resource_type, name, tags)
    if spec := dashboard(region):
        exists = _found(partial(cloudwatch.get_dashboard, DashboardName=spec.name)) is not None
        yield _Name("dashboard", "aws_cloudwatch_dashboard", spec.name, exists)
    yield from _stacks(region, account)


def _stacks(region: RegionPlan, account: AccountAccess) -> Iterator[_Name]:
    """Yield the names of the CloudFormation stacks that hold log alarms and mute rules."""
    wanted = [each.stack_name for each in alarm_specs(region).values() if isinstance(each, LogAlarmSpec)]
    wanted += [each.stack_name for each in mute_rules(region)]
    if not wanted:
        return
    pages = account.client("cloudformation").get_paginator("describe_stacks").paginate()
    found = {each["StackName"]: each for page in pages for each in page["Stacks"]}
    for name in wanted:
        yield _name("stack", "aws_cloudformation_stack", name, found.get(name))


def _of_ssm(region: RegionPlan, account: AccountAccess) -> Iterator[_Name]:
    ssm = account.client("ssm")
    for name in agent_parameters(region):
        if name != region.settings.adopt.parameter:
            yield _ssm_name(ssm, "Parameter", name, partial(ssm.get_parameter, Name=name))
    for document in filter(None, (audit_policy_document(region), server_document(region))):
        name = document.name
        yield _ssm_name(ssm, "Document", name, partial(ssm.describe_document, Name=name))
    pages = ssm.get_paginator("list_associations").paginate()
    existing = [each for page in pages for each in page["Associations"]]
    for spec in associations(region):
        found = named(existing, spec.name, hashed=STEPS[spec.step].hashed)
        if not found:
            yield _Name("association", "aws_ssm_association", spec.name, exists=False)
        for each in found:
            yield _ssm_name(ssm, "Association", each["AssociationId"], dict)


def _ssm_name(ssm: Any, kind: str, name: str, describe: Callable[[], Mapping[str, Any]]) -> _Name:
    tags = None
    if _found(describe) is not None:
        tags = _found(partial(ssm.list_tags_for_resource, ResourceType=kind, ResourceId=name))
    return _name(kind.lower(), f"aws_ssm_{kind.lower()}", name, tags)


def _of_buckets(region: RegionPlan, account: AccountAccess) -> Iterator[_Name]:
    s3, output, state = account.client("s3"), output_bucket(region), state_bucket(region)
    pages = s3.get_paginator("list_buckets").paginate()
    own = {each["Name"] for page in pages for each in page["Buckets"]}

    def name_of(kind: str, bucket: str, *, of_stack: bool = True) -> _Name:
        if bucket in own:
            found = _found(partial(s3.get_bucket_tagging, Bucket=bucket)) or {}
            return _name(kind, "aws_s3_bucket", bucket, found, of_stack=of_stack)
        return _Name(kind, "aws_s3_bucket", bucket, _exists_elsewhere(s3, bucket), is_foreign=True)

    if output and not output.existing:
        yield name_of("bucket", output.name)
    if state:
        # A stack of its own creates it, whose state is on one machine only.
        yield name_of("bucket of the state", state.name, of_stack=False)


def _exists_elsewhere(s3: Any, bucket: str) -> bool:
    """Return whether another account has a bucket: the names are those of all accounts together."""
    try:
        return _found(partial(s3.head_bucket, Bucket=bucket)) is not None
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("301", "403"):
            raise
        return True


def _of_other_services(region: RegionPlan, account: AccountAccess) -> Iterator[_Name]:
    adopted = {region.settings.adopt.topic, *region.settings.adopt.topics.values()}
    sns, events, kms = (account.client(name) for name in ("sns", "events", "kms"))
    for arn in created_topic_arns(region):
        if arn.rpartition(":")[2] not in adopted:
            found = _found(partial(sns.list_tags_for_resource, ResourceArn=arn))
            yield _name("topic", "aws_sns_topic", arn, found)
    for arn in rule_arns(region):
        name = arn.rpartition("/")[2]
        exists = _found(partial(events.describe_rule, Name=name))
        found = _found(partial(events.list_tags_for_resource, ResourceARN=arn)) if exists else None
        yield _name("event rule", "aws_cloudwatch_event_rule", name, found)
    if key := encryption_key(region):
        alias = f"alias/{key.alias}"
        pages = kms.get_paginator("list_aliases").paginate()
        keys = {each["AliasName"]: each.get("TargetKeyId") for page in pages for each in page["Aliases"]}
        key_id = keys.get(alias)
        found = _found(partial(kms.list_resource_tags, KeyId=key_id)) if key_id else None
        yield _name("key alias", "aws_kms_alias", alias, found)
    channels = {each.arn: each for each in chat_channels(region)}
    if channels:
        found = {each["ChatConfigurationArn"]: each for each in account.chat_configurations()}
        for arn, channel in channels.items():
            kind = "slack" if channel.slack else "teams"
            yield _name("chat channel", f"aws_chatbot_{kind}_channel_configuration", arn, found.get(arn))


def _name(
    kind: str, resource_type: str, name: str, found: Mapping[str, Any] | None, *, of_stack: bool = True
) -> _Name:
    """Return a name with the tags in what AWS answered for it; None where there is nothing of the name."""
    tags = None if found is None else _tags(found)
    return _Name(kind, resource_type, name, found is not None, tags, of_stack)


def _tags(answer: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the tags in an answer, which services call otherwise."""
    tags: Iterable[Mapping[str, str]] = next(
        (answer[member] for member in ("Tags", "TagList", "TagSet") if member in answer), ()
    )
    return {tag.get("Key", tag.get("TagKey", "")): tag.get("Value", tag.get("TagValue", "")) for tag in tags}


def _found(describe: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return what AWS answers; None where there is nothing of the name."""
    try:
        return describe()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _ABSENT:
            raise
        return None


#: The names by services: where one may not be looked at, the others are.
_KINDS = (_of_logs, _of_iam, _of_alarms, _of_ssm, _of_buckets, _of_other_services)
