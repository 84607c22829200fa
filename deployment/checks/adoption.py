"""Find what would go wrong when something created manually is imported, before a deployment."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from catalog.errors import did_you_mean
from catalog.model.security_event import SecurityEvent
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.notifications import TopicLayout

_Name = TypeVar("_Name", bound=Hashable)


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that everything named has a place in the stack, and one name only."""
    yield from _existing_log_groups(region, origin)
    if region.settings.adopt.model_fields_set:
        yield from _log_groups(region, origin)
        yield from _topics(region, origin)
        yield from _role(region, origin)
        yield from _events(region, origin)
        yield from _names(region, origin)


def of_all(regions: Iterable[tuple[RegionPlan, Origin]]) -> Iterator[Problem]:
    """Check that no role is imported by two stacks."""
    owners: dict[tuple[str, str], str] = {}
    for region, origin in regions:
        role = region.settings.adopt.server_role
        if role is None:
            continue
        owner = owners.setdefault((region.account_id, role), region.stack_name)
        if owner != region.stack_name:
            yield Problem(
                origin.location_of("adopt", "server_role"),
                f"{role} would belong to {owner} and to {region.stack_name}: IAM knows no regions; name it "
                "under server_role.existing, and it is used as it is",
            )


def _existing_log_groups(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    twice = _twice(region.log_groups.values())
    for channel, name in region.settings.existing_log_groups.items():
        place = origin.location_of("existing_log_groups", channel)
        if channel not in region.log_groups:
            yield Problem(place, _not_collected(channel, region))
        elif name in twice:
            yield Problem(place, f"{name} would receive two event logs: each has a log group of its own")


def _log_groups(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    for index, channel in enumerate(region.settings.adopt.log_groups):
        place = origin.location_of("adopt", "log_groups", index)
        if channel not in region.log_groups:
            yield Problem(place, _not_collected(channel, region))
        elif channel in region.settings.existing_log_groups:
            yield Problem(place, f"{channel} is under existing_log_groups as well: adopt it or refer to it")


def _not_collected(channel: str, region: RegionPlan) -> str:
    collected = ", ".join(region.log_groups)
    return (
        f"nothing of {channel} is collected in {region.account}{did_you_mean(channel, region.log_groups)}; "
        f"there is {collected}, and with 'collection: levels' Security and System"
    )


def _topics(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    adopt, notifications = region.settings.adopt, region.settings.notifications
    single = notifications.topics is TopicLayout.SINGLE
    if adopt.topic and not single:
        yield Problem(
            origin.location_of("adopt", "topic"),
            "is for one topic for all alarms: add 'topics: single' to notifications, or use topics",
        )
    if adopt.topics and single:
        yield Problem(
            origin.location_of("adopt", "topics"),
            "with 'topics: single' there is one topic: name it under topic",
        )
    made = {s: topic for topic in region.topics for s in topic.severities if not topic.existing_arn}
    for severity in () if single else adopt.topics:
        if severity not in made:
            yield Problem(
                origin.location_of("adopt", "topics", severity.value),
                f"{region.account} creates no topic for {severity.value}, by its alarms and notifications",
            )
    if adopt.topic and single and notifications.existing_topic:
        yield Problem(
            origin.location_of("adopt", "topic"),
            "is beside notifications.existing_topic: adopt it or refer to it",
        )
    for name in _twice(adopt.topics.values()):
        yield Problem(
            origin.location_of("adopt", "topics"),
            f"{name!r} is given twice: for one topic for all alarms, add 'topics: single' to notifications "
            "and name it under topic",
        )


def _role(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    adopt = region.settings.adopt
    if adopt.server_role and region.settings.server_role.existing:
        yield Problem(
            origin.location_of("adopt", "server_role"),
            "is beside server_role.existing: adopt it or refer to it",
        )
    if "instance_profile" in adopt.model_fields_set and adopt.server_role is None:
        yield Problem(origin.location_of("adopt", "instance_profile"), "has no effect without server_role")


def _events(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    watched = {event.key: event for event in region.events}
    for setting in ("alarms", "metric_filters"):
        names: Mapping[str, str] = getattr(region.settings.adopt, setting)
        for key in names:
            if problem := _event_problem(key, watched, setting, region):
                yield Problem(origin.location_of("adopt", setting, key), problem)


def _event_problem(
    key: str, watched: Mapping[str, SecurityEvent], setting: str, region: RegionPlan
) -> str | None:
    if key in region.log_engine:
        return (
            f"{key} has a log alarm, which cannot be imported: set 'engine: metric' for it, or leave it out"
        )
    if key not in watched:
        return f"no such event is watched in {region.account}{did_you_mean(key, watched)}"
    if setting == "alarms" and watched[key].alarm is None:
        return f"{key} is a metric only, without an alarm: add 'alarm: true' to it under events"
    return None


def _names(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    adopt, names = region.settings.adopt, region.names
    alarms = [names.alarm(event.key) for event in region.metric_events if event.alarm]
    for name in _twice(alarms):
        key = next((key for key, adopted in adopt.alarms.items() if adopted == name), None)
        if key:
            yield Problem(
                origin.location_of("adopt", "alarms", key), f"{name!r} would be the name of two alarms"
            )
    filters = [
        (event.channel, names.metric_filter(event.key, number))
        for event in region.metric_events
        for number, _ in enumerate(event.patterns)
    ]
    for channel, name in _twice(filters):
        key = next((key for key, adopted in adopt.metric_filters.items() if adopted == name), None)
        if key:
            yield Problem(
                origin.location_of("adopt", "metric_filters", key),
                f"{name!r} would be the name of two metric filters on the log group of {channel}",
            )


def _twice(values: Iterable[_Name]) -> list[_Name]:
    return [value for value, number in Counter(values).items() if number > 1]
