"""Find alarms that would notify nobody, or more than the requested recipients, before a deployment."""

from collections import defaultdict
from collections.abc import Iterator

from catalog.model.security_event import Severity
from deployment.aws.arn import parse_arn
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import alarms
from deployment.resources.chat import channels_of, topic_arns
from deployment.settings.deployment import Settings
from deployment.settings.notifications import TopicLayout


def of_settings(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Check that an account's topics, subscriptions and unnotified severities agree."""
    yield from _topics(settings, origin)
    yield from _subscriptions(settings, origin)
    yield from _channels(settings, origin)


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that each alarm has a recipient, and that each recipient gets the requested severities only."""
    yield from _unnotified_alarms(region, origin)
    yield from _shared_topics(region, origin)
    yield from _channel_topics(region, origin)


def _topics(settings: Settings, origin: Origin) -> Iterator[Problem]:
    notifications = settings.notifications
    single = notifications.topics is TopicLayout.SINGLE
    if single and notifications.existing_topics:
        yield Problem(
            origin.location_of("notifications", "existing_topics"),
            "with 'topics: single' there is one topic: name it under existing_topic",
        )
    if notifications.existing_topic and not single:
        yield Problem(
            origin.location_of("notifications", "existing_topic"),
            "is for one topic for all alarms: add 'topics: single', or use existing_topics",
        )
    for severity in notifications.unnotified:
        if severity in notifications.existing_topics:
            yield Problem(
                origin.location_of("notifications", "existing_topics", severity.value),
                "is listed under unnotified as well: remove it from one of the two",
            )


def _subscriptions(settings: Settings, origin: Origin) -> Iterator[Problem]:
    notifications = settings.notifications
    seen: defaultdict[tuple[str, str], set[Severity]] = defaultdict(set)
    for index, subscription in enumerate(notifications.subscriptions):
        severities = set(subscription.severities)
        place = origin.location_of("notifications", "subscriptions", index)
        if severities != set(Severity):
            if notifications.topics is TopicLayout.SINGLE:
                yield Problem(
                    (*place, "severities"),
                    "with 'topics: single' every subscription receives every severity: remove severities",
                )
            for severity in severities.intersection(notifications.unnotified):
                yield Problem(
                    (*place, "severities"),
                    f"{severity.value} is listed under unnotified as well: remove it from one of the two",
                )
        twice = seen[subscription.protocol.value, subscription.endpoint]
        if twice & severities:
            yield Problem(
                (*place, "endpoint"),
                f"{subscription.endpoint!r} is subscribed to the same alarms above already",
            )
        twice |= severities


def _unnotified_alarms(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    in_chat = {arn for each in channels_of(region).values() for arn in topic_arns(region, each)}
    for topic in region.topics:
        if topic.existing_arn or topic.subscriptions or region.topic_arn(topic) in in_chat:
            continue
        for severity in topic.severities:
            keys = [a.key for a in alarms(region) if a.severity is severity and not a.custom_actions]
            yield Problem(
                origin.location_of("notifications", "subscriptions"),
                f"{', '.join(keys)} (severity {severity.value}) would notify nobody: add a subscription to "
                "that severity, name an existing topic, or list it under unnotified if that is intended",
            )


def _shared_topics(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that no recipient would get more severities than requested, since they share a topic."""
    notifications = region.settings.notifications
    requested: defaultdict[tuple[str, str], set[Severity]] = defaultdict(set)
    for each in notifications.subscriptions:
        requested[each.protocol.value, each.endpoint].update(each.severities)
    for topic in region.topics:
        if notifications.topics is TopicLayout.SINGLE:
            return
        for index, each in enumerate(notifications.subscriptions):
            of_endpoint = requested[each.protocol.value, each.endpoint]
            if not set(each.severities).isdisjoint(topic.severities) and not of_endpoint.issuperset(
                topic.severities
            ):
                yield Problem(
                    (*origin.location_of("notifications", "subscriptions", index), "severities"),
                    f"{topic.existing_arn} is for {' and '.join(s.value for s in topic.severities)}: a "
                    "subscription to it receives all of them, so name them all",
                )


def _channels(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Check that an account configures each channel once, for one of its regions."""
    first: dict[tuple[str, ...], str] = {}
    for name, channel in settings.notifications.effective_chat.items():
        place = origin.location_of("notifications", "chat", name)
        if channel.region is None and len(settings.regions) > 1:
            yield Problem(
                place,
                "an account can configure a channel once, and has several regions here: name one of them as "
                "region, and other channels for the others",
            )
        elif channel.region and channel.region not in settings.regions:
            yield Problem(
                (*place, "region"),
                f"{channel.region} is no region of {origin.account}; '{name}: null' leaves the channel out "
                "there",
            )
        if channel.slack:
            identity: tuple[str, ...] = ("slack", channel.slack.workspace, channel.slack.channel)
            what = "its channel"
        else:
            assert channel.teams, "a channel is of one of the two"
            identity, what = ("teams", channel.teams.team), "its team"
        other = first.setdefault(identity, name)
        if other != name:
            yield Problem(place, f"{what} is that of {other}: an account can configure it once")
        yield from _channel_severities(settings, origin, name)


def _channel_severities(settings: Settings, origin: Origin, name: str) -> Iterator[Problem]:
    notifications = settings.notifications
    channel = notifications.effective_chat[name]
    place = (*origin.location_of("notifications", "chat", name), "severities")
    if "severities" not in channel.model_fields_set:
        return
    if notifications.topics is TopicLayout.SINGLE:
        yield Problem(place, "with 'topics: single' a channel receives every severity: remove severities")
    for severity in channel.severities:
        if severity in notifications.unnotified:
            yield Problem(
                place, f"{severity.value} is listed under unnotified as well: remove it from one of the two"
            )


def _channel_topics(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that the topics of a region can notify its channels, of the requested severities only."""
    for name, channel in channels_of(region).items():
        place = origin.location_of("notifications", "chat", name)
        if region.partition != "aws":
            yield Problem(place, f"Amazon Q Developer in chat applications is not for {region.region_name}")
            continue
        arns = topic_arns(region, channel)
        if not arns:
            yield Problem(place, f"no alarm of {region.stack_name} has its severities")
        for arn in arns:
            parts = parse_arn(arn)
            if parts and parts.account_id != region.account_id:
                yield Problem(
                    place, f"{arn} is of another account: configure the channel in account {parts.account_id}"
                )
        for topic in region.topics:
            more = set(topic.severities) - set(channel.severities)
            if region.topic_arn(topic) in arns and more:
                others = " and ".join(each.value for each in topic.severities if each in more)
                yield Problem(
                    (*place, "severities"),
                    f"{topic.existing_arn or topic.name} is also for {others}: a channel receives all "
                    "severities of a topic, so name them all",
                )
