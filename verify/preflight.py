"""What would make an apply fail half-way: taken names, used quotas, a region that is not enabled.

It only reads. Beside what ``verify checks`` needs: ``ec2:DescribeRegions``, ``iam:GetAccountSummary``,
``ssm:DescribeDocument``, and ``ListTagsForResource`` of CloudWatch, CloudWatch Logs, SNS and Systems Manager.
Buckets, keys, dashboards, metric filters and saved queries are not looked for by name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from deployment import AssumedRole, RegionPlan
from deployment.aws.limits import ASSOCIATIONS_A_REGION, STACKS_A_REGION
from deployment.permissions.arns import created_roles, created_topic_arns
from deployment.resources.agent_configuration import agent_parameters
from deployment.resources.alarms import alarms
from deployment.resources.associations import associations
from deployment.resources.documents import audit_policy_document, server_document
from deployment.resources.log_groups import log_groups
from verify.access.account import AccountAccess, AccountError, enter
from verify.result import Check, Status

_Tags = Mapping[str, str] | None
#: Where a partition's accounts can always be asked which regions they have.
_FIRST_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_ABSENT = (
    "NoSuchEntity",
    "NotFound",
    "NotFoundException",
    "ResourceNotFound",
    "ParameterNotFound",
    "InvalidDocument",
    "ValidationError",
)
_ALARMS_A_CALL = 100


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """An account, in another region than that of its stack."""

    account_id: str
    region_name: str
    assume_role: AssumedRole | None


def preflight(region: RegionPlan) -> Iterator[Check]:
    """Check what an apply of a stack would meet in its account; nothing is changed.

    Args:
        region: The stack, from ``deployment.resolve``.
    """
    try:
        refused = list(_region(region))
        yield from refused
        if any(check.status is Status.FAILED for check in refused):
            return
        account = enter(region, session_name="windows-security-preflight")
    except AccountError as error:
        yield Check("account", region.account_id, Status.FAILED, str(error))
        return
    yield Check("account", region.account_id, Status.OK, f"checked as {account.identity['Arn']}")
    for name, check in (("name", _names), ("quota", _quotas)):
        try:
            yield from check(region, account)
        except (BotoCoreError, ClientError) as error:
            yield Check(name, region.stack_name, Status.FAILED, f"cannot be checked: {error}")


def _region(region: RegionPlan) -> Iterator[Check]:
    """Say why the account cannot use the region; nothing where it can, or where that may not be asked."""
    first = _FIRST_REGIONS.get(region.partition, region.region_name)
    account = enter(_Elsewhere(region.account_id, first, region.assume_role))
    try:
        regions = account.client("ec2").describe_regions(AllRegions=True)["Regions"]
    except ClientError as error:
        yield Check(
            "region", region.region_name, Status.WARNING, f"whether it is enabled is unknown: {error}"
        )
        return
    known = {each["RegionName"]: each.get("OptInStatus", "opt-in-not-required") for each in regions}
    if region.region_name not in known:
        yield Check("region", region.region_name, Status.FAILED, "is no region of AWS: correct its name")
    elif known[region.region_name] == "not-opted-in":
        message = (
            f"is not enabled in account {region.account_id}: run aws account enable-region --region-name "
            f"{region.region_name}"
        )
        yield Check("region", region.region_name, Status.FAILED, message)


def _names(region: RegionPlan, account: AccountAccess) -> Iterator[Check]:
    """Report each resource that has a name of the deployment's, and not its tags."""
    own = dict(region.settings.effective_tags)
    free = 0
    for kind, name, tags in _existing(region, account):
        if tags is None:
            free += 1
        elif not own:
            yield Check(
                kind,
                name,
                Status.WARNING,
                "exists, and the deployment has no tags to tell whose it is: if terraform's state does not "
                "hold it, adopt it (docs/adoption.md), or give the deployment another name",
            )
        elif not own.items() <= tags.items():
            yield Check(
                kind,
                name,
                Status.FAILED,
                "exists without the tags of this deployment: adopt it (docs/adoption.md), delete it, or give "
                "the deployment another name",
            )
    yield Check("name", region.stack_name, Status.OK, f"{free} names are free")


def _existing(region: RegionPlan, account: AccountAccess) -> Iterator[tuple[str, str, _Tags]]:
    """Yield each name that the stack wants, with the tags of what has it already; None where nothing has."""
    adopted = region.settings.adopt
    logs, iam, sns, ssm = (account.client(name) for name in ("logs", "iam", "sns", "ssm"))
    for spec in log_groups(region).values():
        if not spec.existing and not spec.keeps_encryption:
            yield "log group", spec.name, _log_group_tags(logs, region, spec.name)
    for role in created_roles(region):
        if role.name != adopted.server_role:
            yield "role", role.name, _tags(partial(_role, iam, role.name))
    kept = {adopted.topic, *adopted.topics.values()}
    for arn in created_topic_arns(region):
        if arn.rpartition(":")[2] not in kept:
            yield "topic", arn, _tags(partial(sns.list_tags_for_resource, ResourceArn=arn))
    yield from _alarms(region, account.client("cloudwatch"))
    for name in agent_parameters(region):
        if name != adopted.parameter:
            yield "parameter", name, _ssm_tags(ssm, "Parameter", name)
    for document in filter(None, (audit_policy_document(region), server_document(region))):
        yield "document", document.name, _ssm_tags(ssm, "Document", document.name)


def _role(iam: Any, name: str) -> Mapping[str, Any]:
    role: Mapping[str, Any] = iam.get_role(RoleName=name)["Role"]
    return role


def _tags(ask: Callable[[], Mapping[str, Any]]) -> _Tags:
    """Return the tags in an answer; None where there is nothing of the name."""
    try:
        answer = ask()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _ABSENT and not code.endswith("NotFoundException"):
            raise
        return None
    return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", answer.get("TagList", ()))}


def _ssm_tags(ssm: Any, kind: str, name: str) -> _Tags:
    if kind == "Parameter":
        found = _tags(lambda: ssm.get_parameter(Name=name))
    else:
        found = _tags(lambda: ssm.describe_document(Name=name))
    if found is None:
        return None
    return _tags(lambda: ssm.list_tags_for_resource(ResourceType=kind, ResourceId=name))


def _log_group_tags(logs: Any, region: RegionPlan, name: str) -> _Tags:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    if all(group["logGroupName"] != name for page in pages for group in page["logGroups"]):
        return None
    tags: Mapping[str, str] = logs.list_tags_for_resource(
        resourceArn=region.arn("logs", f"log-group:{name}")
    )["tags"]
    return tags


def _alarms(region: RegionPlan, cloudwatch: Any) -> Iterator[tuple[str, str, _Tags]]:
    adopted = set(region.names.adopted.alarms.values())
    wanted = [alarm.name for alarm in alarms(region) if alarm.name not in adopted]
    types = ["MetricAlarm", "CompositeAlarm", *(["LogAlarm"] if region.has_log_alarms else [])]
    for start in range(0, len(wanted), _ALARMS_A_CALL):
        names = wanted[start : start + _ALARMS_A_CALL]
        answer = cloudwatch.describe_alarms(AlarmNames=names, AlarmTypes=types)
        found = {
            each["AlarmName"]: each["AlarmArn"]
            for member in ("MetricAlarms", "CompositeAlarms", "LogAlarms")
            for each in answer.get(member, ())
        }
        for name in names:
            arn = found.get(name)
            yield (
                "alarm",
                name,
                _tags(partial(cloudwatch.list_tags_for_resource, ResourceARN=arn)) if arn else None,
            )


def _quotas(region: RegionPlan, account: AccountAccess) -> Iterator[Check]:
    """Compare what is in use, with what the stack adds at most, with the quotas of AWS."""
    summary = account.client("iam").get_account_summary()["SummaryMap"]
    yield _quota("roles", summary["Roles"], len(created_roles(region)), summary["RolesQuota"])
    pages = account.client("ssm").get_paginator("list_associations").paginate()
    used = sum(len(page["Associations"]) for page in pages)
    yield _quota("associations", used, len(associations(region)), ASSOCIATIONS_A_REGION)
    yield from _filters(region, account.client("logs"))
    if region.has_log_alarms:
        stacks = account.client("cloudformation").get_paginator("describe_stacks").paginate()
        used = sum(len(page["Stacks"]) for page in stacks)
        added = sum(1 for alarm in alarms(region) if alarm.query)
        yield _quota("CloudFormation stacks", used, added, STACKS_A_REGION)


def _filters(region: RegionPlan, logs: Any) -> Iterator[Check]:
    """Count the metric filters of others on the log groups that the stack uses."""
    for channel, group in region.log_groups.items():
        planned = {
            region.names.metric_filter(event.key, number)
            for event in region.metric_events
            if event.channel == channel
            for number in range(len(event.patterns))
        }
        try:
            pages = logs.get_paginator("describe_metric_filters").paginate(logGroupName=group)
            found = {each["filterName"] for page in pages for each in page["metricFilters"]}
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            continue
        others = len(found - planned)
        yield _quota(f"metric filters of {group}", others, len(planned), METRIC_FILTERS_A_LOG_GROUP)


def _quota(what: str, used: int, added: int, limit: int) -> Check:
    message = f"{used:,} in use, and at most {added:,} of this stack, of {limit:,}"
    if used + added <= limit:
        return Check("quota", what, Status.OK, message)
    advice = (
        "ask AWS for more, or delete some" if "filters" not in what else "delete some, or use 'engine: log'"
    )
    return Check("quota", what, Status.FAILED, f"{message}: {advice}")
