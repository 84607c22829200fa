"""ARNs of what a stack cannot reach, found beforehand."""

from collections.abc import Iterator

from deployment.aws.arn import parse_arn
from deployment.aws.partitions import partition
from deployment.problem import KeyPath, Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.notifications import Protocol
from deployment.settings.state import S3Backend
from deployment.settings.types.roles import policy_owner

#: Services that an alarm calls and whose ARNs name no region.
_WITHOUT_REGION = ("ssm-incidents",)


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that alarms call what is in their own region, that topics are of the account said, and so on."""
    yield from _topics(region, origin)
    yield from _suppressors(region, origin)
    yield from _role(region, origin)
    yield from _boundary(region, origin)
    for place, text in (*_called(region), *_keys(region)):
        if problem := elsewhere(text, region.region_name, region.stack_name):
            yield Problem(origin.location_of(*place), problem)
    for index, subscription in enumerate(region.settings.notifications.subscriptions):
        # SNS delivers to other regions, but permission to call a function is given here, in its own region.
        anywhere = subscription.protocol is not Protocol.LAMBDA
        if problem := elsewhere(
            subscription.endpoint, region.region_name, region.stack_name, anywhere=anywhere
        ):
            yield Problem(origin.location_of("notifications", "subscriptions", index, "endpoint"), problem)
    if isinstance(region.state, S3Backend) and region.state.kms_key_id:
        bucket = f"the bucket {region.state.bucket}"
        if problem := elsewhere(region.state.kms_key_id, region.state.region, bucket):
            yield Problem(origin.location_of("state", "kms_key_id"), problem)


def elsewhere(text: str, region: str, whose: str, *, anywhere: bool = False) -> str | None:
    """Return why an ARN must not be named in a region, or None; what is no ARN is not at fault here.

    Args:
        text: The ARN.
        region: The region in which it is named.
        whose: Who names it, for people.
        anywhere: Whether any region of the same partition will do.
    """
    arn = parse_arn(text)
    if arn and arn.partition != partition(region):
        return (
            f"{text} is in the partition {arn.partition}, and {whose} in {partition(region)}: write "
            "{partition} for what differs"
        )
    if arn and arn.region != region and arn.service not in _WITHOUT_REGION and not anywhere:
        return f"{text} is not in {region}, as {whose} is: write {{region}} for what differs"
    return None


def _topics(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    notifications = region.settings.notifications
    topics: list[tuple[KeyPath, str]] = [
        (("existing_topics", severity.value), arn) for severity, arn in notifications.existing_topics.items()
    ]
    if notifications.existing_topic:
        topics.append((("existing_topic",), notifications.existing_topic))
    central = notifications.central_account
    owner = central or region.account_id
    for setting, text in topics:
        place = origin.location_of("notifications", *setting)
        arn = parse_arn(text)
        if arn and (arn.region, arn.account_id) != (region.region_name, owner):
            why = f"central_account and {region.stack_name} say" if central else f"{region.stack_name} is"
            advice = (
                "write {region} for what differs"
                if central
                else "write {account_id} and {region} for what differs, or name the account of the topics "
                "under central_account"
            )
            yield Problem(place, f"{text} is not in {owner} and {region.region_name}, as {why}: {advice}")
        else:
            if problem := elsewhere(text, region.region_name, region.stack_name):
                yield Problem(place, problem)


def _suppressors(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    here = (region.partition, region.region_name, region.account_id)
    for name, composite in region.settings.effective_composite_alarms.items():
        text = composite.suppressor.alarm if composite.suppressor else ""
        arn = parse_arn(text)
        if arn and (arn.partition, arn.region, arn.account_id) != here:
            yield Problem(
                origin.location_of("composite_alarms", name, "suppressor", "alarm"),
                f"{text} is not in {region.account_id} and {region.region_name} ({region.partition}), as "
                f"{region.stack_name} is: write the alarm's name alone",
            )


def _role(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    role = region.assume_role.arn if region.assume_role else ""
    arn = parse_arn(role)
    if arn and (arn.account_id, arn.partition) != (region.account_id, region.partition):
        yield Problem(
            origin.location_of("assume_role"),
            f"{role} is not a role of {region.account_id} in the partition {region.partition}: write "
            "the role's name alone, or {account_id} and {partition} in the ARN",
        )


def _boundary(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    boundary = region.permissions_boundary or ""
    if (owner := policy_owner(boundary)) and owner not in (
        (region.partition, region.account_id),
        (region.partition, "aws"),
    ):
        yield Problem(
            origin.location_of("created_roles", "permissions_boundary"),
            f"{boundary} is not a policy of {region.account_id} in the partition {region.partition}: write "
            "the policy's name alone, or {account_id} and {partition} in the ARN",
        )


def _called(region: RegionPlan) -> Iterator[tuple[KeyPath, str]]:
    for key, override in region.settings.events.items():
        for index, arn in enumerate(override.actions or ()):
            yield ("events", key, "actions", index), arn
        for name, variant in override.effective_variants.items():
            for index, arn in enumerate(variant.actions or ()):
                yield ("events", key, "variants", name, "actions", index), arn


def _keys(region: RegionPlan) -> Iterator[tuple[KeyPath, str]]:
    settings = region.settings
    if settings.notifications.kms_key:
        yield ("notifications", "kms_key"), settings.notifications.kms_key
    if settings.encryption.key:
        yield ("encryption", "key"), settings.encryption.key
