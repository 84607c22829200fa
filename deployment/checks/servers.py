"""Which servers are meant, and whether the agent on them can do what is requested."""

from collections.abc import Iterator

from catalog.derived.agent_configuration import MINIMUM_AGENT_VERSION, Collection
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.settings.associations import ORDERED_STEPS, Associations, AssociationSettings, Layout
from deployment.settings.deployment import Settings


def of_settings(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Check the targets, the schedules and the agent of an account."""
    yield from _targets(settings, origin)
    yield from _schedules(settings, origin)
    yield from _agent_version(settings, origin)


def notices(settings: Settings) -> Iterator[str]:
    """Yield what is not wrong in the settings of an account but should be known."""
    if settings.ec2config_targets and not _shared_values(settings):
        yield (
            "targets and ec2config_targets name different tags: a server that has those of both would be "
            "taken for one with EC2Config and for one without"
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
    if associations.layout is Layout.ORDERED:
        yield from _ordered_schedules(associations, origin)
        return
    if configure.enabled and configure.schedule is None and associations.install_agent.enabled:
        yield Problem(
            origin.location_of("associations", "configure_agent", "schedule"),
            "would run once, before install_agent has installed the agent, fail, and never run again: give a "
            "rate, such as rate(1 hour)",
        )


def _ordered_schedules(associations: Associations, origin: Origin) -> Iterator[Problem]:
    """Find what is set for an association that the ordered document takes the place of."""
    for step in ORDERED_STEPS:
        given = getattr(associations, step)
        default = Associations.model_fields[step].default
        for name in AssociationSettings.model_fields:
            if name != "enabled" and getattr(given, name) != getattr(default, name):
                yield Problem(
                    origin.location_of("associations", step, name),
                    f"does not count with the layout ordered, where {step} is a step of watch_servers: set "
                    "it there, or 'layout: separate'",
                )


def _agent_version(settings: Settings, origin: Origin) -> Iterator[Problem]:
    version = settings.agent_version
    if (
        version
        and settings.collection is not Collection.LEVELS
        and _order(version) < _order(MINIMUM_AGENT_VERSION)
    ):
        yield Problem(
            origin.location_of("agent_version"),
            f"{version} does not know event_ids and would refuse the whole configuration: take "
            f"{MINIMUM_AGENT_VERSION} or later, or 'collection: levels'",
        )


def _order(version: str) -> list[int]:
    return [int(part) for part in version.partition("b")[0].split(".")]
