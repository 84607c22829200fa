"""What would go wrong in AWS, found beforehand. Each check yields what is wrong, with its place."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator

from catalog.derived.agent_configuration import MINIMUM_AGENT_VERSION, Collection
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from catalog.model.security_event import SecurityEvent
from deployment.aws.arn import parse_arn
from deployment.aws.partitions import partition
from deployment.checks import adoption as adoption_checks
from deployment.checks import arns as arn_checks
from deployment.checks import central as central_checks
from deployment.checks import notifications as notification_checks
from deployment.problem import KeyPath, Problem
from deployment.resolution.layers import Origin, shared
from deployment.resolution.names import EVENT_KEY_TAG, SEVERITY_TAG
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import alarms
from deployment.settings.deployment import Deployment, Settings
from deployment.settings.state import CloudBackend, S3Backend

#: Tags of a resource (AWS Organizations and IAM quotas), without those that alarms have of their own.
_ALARM_TAGS = (EVENT_KEY_TAG, SEVERITY_TAG)
_TAGS = 50 - len(_ALARM_TAGS)
_ALARM_NAME_LENGTH = 255
_QUERY_NAME_LENGTH = 255
_BUCKET_NAME_LENGTH = 63
_WORKSPACE_NAME_LENGTH = 90


def of_settings(settings: Settings, events: tuple[SecurityEvent, ...], origin: Origin) -> Iterator[Problem]:
    """Check the settings of an account with each other."""
    yield from _regions(settings, origin)
    yield from _number_of_events(settings, events, origin)
    yield from _tags(settings, origin)
    yield from _targets(settings, origin)
    yield from _schedules(settings, origin)
    yield from _agent_version(settings, origin)
    yield from notification_checks.of_settings(settings, origin)


def notices(settings: Settings) -> Iterator[str]:
    """Yield what is not wrong in the settings of an account but should be known."""
    if settings.ec2config_targets and not _shared_values(settings):
        yield (
            "targets and ec2config_targets name different tags: a server that has those of both would be "
            "taken for one with EC2Config and for one without"
        )


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check what was made out for one account and region."""
    yield from notification_checks.of_region(region, origin)
    yield from _composite_alarms(region, origin)
    yield from arn_checks.of_region(region, origin)
    yield from adoption_checks.of_region(region, origin)
    yield from central_checks.of_region(region, origin)
    yield from _role(region, origin)
    yield from _alarm_names(region, origin)
    yield from _query_names(region, origin)
    yield from _lengths(region, origin)


def of_defaults(deployment: Deployment, watched: Container[str]) -> Iterator[Problem]:
    """Check that what holds for several accounts tunes no event but those that some account watches."""
    for place, settings in shared(deployment):
        for key, override in settings.events.items():
            if override.enabled is None and key not in watched:
                yield Problem(
                    (*place, "events", key), "no account watches it: add 'enabled: true', or one of its packs"
                )


def of_all(regions: Iterable[tuple[RegionPlan, Origin]]) -> Iterator[Problem]:
    """Check that no two stacks collide."""
    by_place: dict[tuple[str, str], Origin] = {}
    by_name: dict[str, Origin] = {}
    by_state: dict[str, RegionPlan] = {}
    account_of_bucket: dict[str, str] = {}
    regions = tuple(regions)
    yield from adoption_checks.of_all(regions)
    for region, origin in regions:
        other = by_place.setdefault((region.account_id, region.region_name), origin)
        if other.account != origin.account:
            yield Problem(
                (*origin.here, "id"),
                f"{region.account_id} is monitored in {region.region_name} by accounts.{other.account} "
                "already: their roles, topics and alarms would have the same names",
            )
        other = by_name.setdefault(region.stack_name, origin)
        if other.account != origin.account:
            yield Problem(
                origin.here,
                f"its stack {region.stack_name} would have the name of one of accounts.{other.account}",
            )
        first = by_state.setdefault(str(region.state), region)
        if first.stack_name != region.stack_name:
            yield Problem(
                origin.location_of("state", "workspace"),
                f"{first.stack_name} and {region.stack_name} would share the state {region.state}: "
                "put {account} and {region} into the workspace's name",
            )
        if isinstance(region.state, S3Backend) and region.state.create_bucket:
            owner = account_of_bucket.setdefault(region.state.bucket, region.account_id)
            if owner != region.account_id:
                yield Problem(
                    origin.location_of("state", "bucket"),
                    f"{region.state.bucket} would be made in account {owner} and in {region.account_id}: "
                    "put {account_id} into the name, or make it yourself and set 'create_bucket: false'",
                )


def _regions(settings: Settings, origin: Origin) -> Iterator[Problem]:
    if not settings.regions:
        yield Problem(origin.here, "has no regions: list them under regions, here or in defaults")
    partitions = {partition(region): region for region in settings.regions}
    if len(partitions) > 1:
        yield Problem(
            origin.location_of("regions"),
            f"{' and '.join(partitions.values())} belong to different partitions "
            f"({', '.join(partitions)}), and an account to one only",
        )


def _number_of_events(
    settings: Settings, events: tuple[SecurityEvent, ...], origin: Origin
) -> Iterator[Problem]:
    if not events:
        yield Problem(origin.location_of("packs"), "nothing is watched: choose packs or events")
    filters: Counter[str] = Counter()
    for event in events:
        filters[event.channel] += len(event.patterns)
    for channel, number in filters.items():
        if number > METRIC_FILTERS_A_LOG_GROUP:
            place = (
                origin.location_of("watched_paths") if settings.watched_paths else origin.location_of("packs")
            )
            yield Problem(
                place,
                f"the events chosen need {number} metric filters on the log group of {channel}: CloudWatch "
                f"Logs takes {METRIC_FILTERS_A_LOG_GROUP}",
            )


def _tags(settings: Settings, origin: Origin) -> Iterator[Problem]:
    tags = settings.effective_tags
    if len(tags) > _TAGS:
        yield Problem(
            origin.location_of("tags"),
            f"{len(tags)} tags, with those of the defaults: AWS takes {_TAGS} beside "
            f"{' and '.join(_ALARM_TAGS)}, which the alarms have",
        )
    spellings: dict[str, str] = {}
    for key in tags:
        if key in _ALARM_TAGS:
            yield Problem(
                origin.location_of("tags", key),
                "the alarms of events have a tag of that name already: choose another",
            )
        other = spellings.setdefault(key.lower(), key)
        if other != key:
            yield Problem(
                origin.location_of("tags", key),
                f"IAM, which ignores case in tags, takes it for the same as {other}",
            )


def _targets(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """A server has all tags of what it is under: one tag whose values differ keeps the two apart."""
    shared_values = _shared_values(settings)
    if all(shared_values.values()):
        for key, values in shared_values.items():
            for value in values:
                yield Problem(
                    origin.location_of("ec2config_targets", key),
                    f"{value!r} is under targets as well: a server has EC2Config (Windows Server 2012 R2 "
                    "and earlier) or not",
                )


def _shared_values(settings: Settings) -> dict[str, list[str]]:
    """Return the tags that targets and ec2config_targets both name, with the values that are in both."""
    targets = settings.targets
    return {
        key: [value for value in values if value in targets[key]]
        for key, values in settings.ec2config_targets.items()
        if key in targets
    }


def _schedules(settings: Settings, origin: Origin) -> Iterator[Problem]:
    associations = settings.associations
    configure = associations.configure_agent
    if configure.enabled and configure.schedule is None and associations.install_agent.enabled:
        yield Problem(
            origin.location_of("associations", "configure_agent", "schedule"),
            "would run once, before install_agent has installed the agent, fail, and never run again: give a "
            "rate, such as rate(1 hour)",
        )


def _agent_version(settings: Settings, origin: Origin) -> Iterator[Problem]:
    version = settings.agent_version
    if (
        version
        and settings.collection is Collection.EVENT_IDS
        and _order(version) < _order(MINIMUM_AGENT_VERSION)
    ):
        yield Problem(
            origin.location_of("agent_version"),
            f"{version} does not know event_ids and would refuse the whole configuration: take "
            f"{MINIMUM_AGENT_VERSION} or later, or 'collection: levels'",
        )


def _order(version: str) -> list[int]:
    return [int(part) for part in version.partition("b")[0].split(".")]


def _composite_alarms(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    alarms = {event.key for event in region.events if event.alarm}
    known = {event.key for event in origin.deployment.known_events}
    for name, composite in region.settings.effective_composite_alarms.items():
        for setting in ("all_of", "any_of"):
            for index, key in enumerate(getattr(composite, setting)):
                if key in known and key not in alarms:
                    yield Problem(
                        origin.location_of("composite_alarms", name, setting, index),
                        f"{key} has no alarm in {region.account}: the composite alarm could not name it; "
                        f"'{name}: null' leaves it out there",
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


def _alarm_names(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    first: dict[str, tuple[str, ...]] = {}
    for alarm in alarms(region):
        setting, name = alarm.setting, alarm.name
        if len(name) > _ALARM_NAME_LENGTH:
            yield Problem(
                origin.location_of(*setting),
                f"the alarm's name would have {len(name)} characters, over {_ALARM_NAME_LENGTH}: {name}",
            )
        # Adopted names are compared where they are adopted.
        other = first.setdefault(name, setting)
        if other != setting and name not in region.names.adopted.alarms.values():
            yield Problem(
                origin.location_of(*setting),
                f"the alarm would be called {name}, as that of {'.'.join(other)} is",
            )


def _query_names(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    for event in region.events:
        name = region.names.saved_query(event.family, event.key)
        if len(name) > _QUERY_NAME_LENGTH:
            yield Problem(
                origin.location_of("events", event.key),
                f"the saved query's name would have {len(name)} characters, over {_QUERY_NAME_LENGTH}: "
                f"{name}",
            )


def _lengths(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check what placeholders have made longer than AWS or Terraform takes."""
    bucket = region.settings.output_bucket
    names: list[tuple[KeyPath, str, int]] = []
    if bucket and bucket.existing:
        names.append((("output_bucket", "existing"), bucket.existing, _BUCKET_NAME_LENGTH))
    match region.state:
        case S3Backend():
            names.append((("state", "bucket"), region.state.bucket, _BUCKET_NAME_LENGTH))
        case CloudBackend():
            names.append((("state", "workspace"), region.state.workspace, _WORKSPACE_NAME_LENGTH))
    for setting, name, longest in names:
        if len(name) > longest:
            yield Problem(
                origin.location_of(*setting),
                f"{name} has {len(name)} characters for {region.stack_name}, and may have {longest}",
            )
