"""Everything that is checked beforehand: what AWS would refuse, and what would never work.

A check yields what is wrong, with its place.
"""

from collections.abc import Container, Iterator, Sequence

from catalog.model.security_event import SecurityEvent
from deployment.checks import (
    adoption,
    arns,
    central,
    collisions,
    mute,
    names,
    notifications,
    regions,
    servers,
    tags,
    watched_events,
)
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.deployment import Deployment, Settings


def of_settings(settings: Settings, events: tuple[SecurityEvent, ...], origin: Origin) -> Iterator[Problem]:
    """Check the settings of an account with each other."""
    yield from regions.of_settings(settings, origin)
    yield from watched_events.of_settings(settings, events, origin)
    for check in (tags.of_settings, servers.of_settings, notifications.of_settings):
        yield from check(settings, origin)


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check the plan of one account and region."""
    for topic in (notifications, watched_events, arns, adoption, central, names, servers, mute):
        yield from topic.of_region(region, origin)


def of_deployment(
    deployment: Deployment,
    plans: Sequence[tuple[RegionPlan, Origin]],
    watched: Container[str],
    *,
    complete: bool,
) -> Iterator[Problem]:
    """Check a deployment as a whole.

    Args:
        deployment: The settings.
        plans: The plans of all regions, each with where its settings are written.
        watched: The keys of the events that any account watches.
        complete: Whether every account is there. Otherwise defaults that no account uses are accepted.
    """
    yield from adoption.of_all(plans)
    yield from collisions.of_all(plans)
    if complete:
        yield from watched_events.of_defaults(deployment, watched)
