"""Which servers are meant, and whether the agent on them can do what is requested."""

from collections.abc import Iterator

from catalog.derived.agent_configuration import (
    AGENT_BUILDS,
    AGENT_VERSION,
    AGENT_VERSION_2012,
    MINIMUM_AGENT_VERSION,
    Collection,
    agent_configuration,
)
from catalog.derived.agent_scripts import ConfigurationMode
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.associations import ORDERED_STEPS, Associations, AssociationSettings, Layout
from deployment.settings.deployment import Settings
from deployment.settings.extra_collection import WindowsEvents


def of_settings(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Check the targets, the schedules and the agent of an account."""
    yield from _targets(settings, origin)
    yield from _schedules(settings, origin)
    yield from _agent_version(settings, origin)
    chosen = settings.agent_configuration
    if (
        chosen.proxy
        and chosen.mode is ConfigurationMode.REPLACE
        and settings.associations.layout is Layout.SEPARATE
    ):
        yield Problem(
            origin.location_of("agent_configuration", "proxy"),
            "is not written with the layout separate and the mode replace, where a document of AWS "
            "configures the agent: take 'layout: ordered' or 'mode: append'",
        )


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check what is collected beside the events of one account and region."""
    settings = region.settings
    extra = settings.agent_configuration.extra
    if extra is None:
        return
    here = ("agent_configuration", "extra")
    for place, entry in extra.log_sources:
        if entry.log_group_name in region.log_groups.values():
            yield Problem(
                origin.location_of(*here, *place, "log_group_name"),
                f"{entry.log_group_name} is a log group of this deployment, whose filters would count what "
                "comes to it: name another",
            )
        if isinstance(entry, WindowsEvents) and (entry.event_ids or entry.filters):
            name = "event_ids" if entry.event_ids else "filters"
            for setting, version in _old_agents(settings):
                yield Problem(
                    origin.location_of(*here, *place, name),
                    f"{setting} is {version}, which does not know {name} of event logs and would refuse the "
                    f"whole configuration: choose by event_levels, or take {MINIMUM_AGENT_VERSION} or later",
                )
    if extra.metrics:
        published = agent_configuration([], host_metrics=settings.host_metrics).get("metrics", {})
        taken = {name.casefold() for name in published.get("metrics_collected", {})}
        for name in extra.metrics.metrics_collected.objects:
            if name.casefold() in taken:
                yield Problem(
                    origin.location_of(*here, "metrics", "metrics_collected", name),
                    f"host_metrics: {settings.host_metrics.value} measures {name} already: leave it out, or "
                    "set 'host_metrics: none' and name all that is to be measured here",
                )


def _old_agents(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the versions of the agent on the account's servers that know no event ids, by their settings."""
    for name, servers in (
        ("agent_version", settings.targets),
        ("canary_agent_version", settings.canary_targets),
        ("ec2config_agent_version", settings.ec2config_targets),
    ):
        version = getattr(settings, name)
        if servers and version and _order(version) < _order(MINIMUM_AGENT_VERSION):
            yield name, version


#: Pairs of settings whose servers must not be the same, with the reason.
_APART = {
    ("targets", "ec2config_targets"): "a server has EC2Config (Windows Server 2012 R2 and earlier) or not",
    ("targets", "canary_targets"): "a server gets one version of the agent",
    ("canary_targets", "ec2config_targets"): "a server gets one version of the agent",
}


def notices(settings: Settings) -> Iterator[str]:
    """Yield what is not wrong in the settings of an account but should be known."""
    if settings.agent_configuration.mode is ConfigurationMode.REMOVE:
        yield (
            "agent_configuration.mode is remove: the servers ship nothing, and no alarm can fire, until "
            "it is append or replace again"
        )
    if settings.ec2config_targets and not _shared_values(settings, "targets", "ec2config_targets"):
        yield (
            "targets and ec2config_targets name different tags: a server that has those of both would be "
            "taken for one with EC2Config and for one without"
        )
    if settings.canary_targets and not _shared_values(settings, "targets", "canary_targets"):
        yield (
            "targets and canary_targets name different tags: on a server that has those of both, two "
            "versions of the agent would replace each other every hour"
        )


def _targets(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """A server has all tags of what it is under: one tag whose values differ keeps the two apart."""
    for (setting, other), reason in _APART.items():
        shared_values = _shared_values(settings, setting, other)
        if all(shared_values.values()):
            for key, values in shared_values.items():
                for value in values:
                    yield Problem(
                        origin.location_of(other, key),
                        f"{value!r} is under {setting} as well: {reason}",
                    )


def _shared_values(settings: Settings, setting: str, other: str) -> dict[str, list[str]]:
    """Return the tags that two settings of servers both name, with the values that are in both."""
    targets = getattr(settings, setting)
    return {
        key: [value for value in values if value in targets[key]]
        for key, values in getattr(settings, other).items()
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
    for name in ("agent_version", "canary_agent_version", "ec2config_agent_version"):
        version = getattr(settings, name)
        is_2012 = name == "ec2config_agent_version"
        if not version:
            if is_2012 and settings.ec2config_targets:
                yield Problem(
                    origin.location_of(name),
                    f"the newest does not run on Windows Server 2012 R2: take {AGENT_VERSION_2012}",
                )
            continue
        release, mark, _ = version.partition("b")
        build = AGENT_BUILDS.get(release)
        knows_ids = _order(version) >= _order(MINIMUM_AGENT_VERSION)
        if not is_2012 and settings.collection is not Collection.LEVELS and not knows_ids:
            yield Problem(
                origin.location_of(name),
                f"{version} does not know event_ids and would refuse the whole configuration: take "
                f"{MINIMUM_AGENT_VERSION} or later, or 'collection: levels'",
            )
        elif is_2012 and knows_ids:
            yield Problem(
                origin.location_of(name),
                f"{version} does not run on Windows Server 2012 R2: take {AGENT_VERSION_2012}",
            )
        elif (build and version != release + build) or not mark:
            right = f"{release}{build}" if build else f"{release}b and its build, as in {AGENT_VERSION}"
            yield Problem(
                origin.location_of(name),
                f"{version} is not how Distributor spells the version, and would not be installed: "
                f"write {right}",
            )


def _order(version: str) -> list[int]:
    return [int(part) for part in version.partition("b")[0].split(".")]
