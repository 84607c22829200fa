"""What would make an apply fail half-way: taken names, used quotas, a region that is not enabled.

It only reads; ``python -m deployment permissions --role preflight`` prints what it needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from deployment import AssumedRole, RegionPlan
from deployment.aws.limits import ASSOCIATIONS_A_REGION, STACKS_A_REGION
from deployment.permissions.arns import created_instance_roles, created_roles
from deployment.resources.alarms import alarms
from deployment.resources.associations import associations
from verify.access.account import AccountAccess, AccountError, enter
from verify.result import Check, Status
from verify.taken_names import check_names

#: Where a partition's accounts can always be asked which regions they have.
_FIRST_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


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
    for name, check in (("name", check_names), ("quota", _quotas)):
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


def _quotas(region: RegionPlan, account: AccountAccess) -> Iterator[Check]:
    """Compare what is in use, with what the stack adds at most, with the quotas of AWS."""
    summary = account.client("iam").get_account_summary()["SummaryMap"]
    yield _quota("roles", summary["Roles"], len(created_roles(region)), summary["RolesQuota"])
    profiles = summary["InstanceProfiles"], len(created_instance_roles(region))
    yield _quota("instance profiles", *profiles, summary["InstanceProfilesQuota"])
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
