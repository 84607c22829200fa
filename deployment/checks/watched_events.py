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
    """Check that an account watches events."""
    if not events and not any(settings.correlations.values()):
        yield Problem(origin.location_of("packs"), "nothing is watched: choose packs or events")


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that the events need no more metric filters than a log group has, and what alarms name."""
    yield from _filter_problems(region, origin)
    alarms = {event.key for event in region.events if event.alarm}
    known = {event.key for event in origin.deployment.known_events}
    for name, composite in region.settings.effective_composite_alarms.items():
        for setting in ("all_of", "any_of"):
            for index, key in enumerate(getattr(composite, setting)):
                if key in region.log_engine:
                    yield Problem(
                        origin.location_of("composite_alarms", name, setting, index),
                        f"the alarm of {key} is a log alarm, and AWS does not document that a composite "
                        "alarm takes one: set 'engine: metric' for it under events, or leave it out here",
                    )
                elif key in known and key not in alarms:
                    yield Problem(
                        origin.location_of("composite_alarms", name, setting, index),
                        f"{key} has no alarm in {region.account}: the composite alarm could not name it; "
                        f"'{name}: null' leaves it out there",
                    )


def _filter_problems(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    filters: Counter[str] = Counter()
    for event in region.metric_events:
        filters[event.channel] += len(event.patterns)
    setting = "watched_paths" if region.settings.watched_paths else "packs"
    for channel, number in filters.items():
        if number > METRIC_FILTERS_A_LOG_GROUP:
            yield Problem(
                origin.location_of(setting),
                f"the events chosen need {number} metric filters on the log group of {channel}: CloudWatch "
                f"Logs takes {METRIC_FILTERS_A_LOG_GROUP}; log alarms need none: set 'engine: log' for the "
                "account or for some events, or name packs under pack_engines "
                "(docs/explanation/log-alarms.md)",
            )


def of_defaults(deployment: Deployment, watched: Container[str]) -> Iterator[Problem]:
    """Check that what holds for several accounts tunes no event but those that some account watches."""
    for place, settings in shared(deployment):
        for key, override in settings.events.items():
            if override.enabled is None and key not in watched:
                yield Problem(
                    (*place, "events", key), "no account watches it: add 'enabled: true', or one of its packs"
                )
