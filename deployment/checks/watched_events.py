"""The events that are watched: some, not too many, and those that other settings presuppose."""

from collections import Counter
from collections.abc import Container, Iterator

from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from catalog.model.security_event import SecurityEvent
from deployment.problem import Problem
from deployment.resolution.layers import Origin, shared
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.deployment import Deployment, Settings


def of_settings(settings: Settings, events: tuple[SecurityEvent, ...], origin: Origin) -> Iterator[Problem]:
    """Check that an account watches events, and no more than a log group has metric filters."""
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


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that composite alarms name events that have an alarm."""
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


def of_defaults(deployment: Deployment, watched: Container[str]) -> Iterator[Problem]:
    """Check that what holds for several accounts tunes no event but those that some account watches."""
    for place, settings in shared(deployment):
        for key, override in settings.events.items():
            if override.enabled is None and key not in watched:
                yield Problem(
                    (*place, "events", key), "no account watches it: add 'enabled: true', or one of its packs"
                )
