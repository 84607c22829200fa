"""Maintenance windows that name what has no alarm, or of an alarm's events only some."""

from collections.abc import Iterator

from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import RegionAlarm, alarms
from deployment.resources.mute_rules import muted_events, mutes
from deployment.settings.mute import MutedAlarms


def of_region(region: RegionPlan, origin: Origin) -> Iterator[Problem]:
    """Check that each maintenance window mutes the alarms that it names, and no others."""
    if not region.settings.effective_mute:
        return
    every = list(alarms(region))
    known = {event.key for event in origin.deployment.known_events}
    for name, window in region.settings.effective_mute.items():
        found = False
        for path, what in _without_alarm(window.alarms, every, known):
            found = True
            yield Problem(
                origin.location_of("mute", name, "alarms", *path),
                f"{what} has no alarm in {region.account}: there is nothing to mute; '{name}: null' leaves "
                "the maintenance window out there",
            )
        for alarm in every:
            named = muted_events(window.alarms, alarm)
            if named and not mutes(window.alarms, alarm):
                others = sorted({event.key for event in alarm.events} - named)
                found = True
                yield Problem(
                    origin.location_of("mute", name, "alarms"),
                    f"{', '.join(sorted(named))} share{'s' if len(named) == 1 else ''} a log alarm with "
                    f"{', '.join(others)}, which would be muted too: name these as well, or set 'log_alarms: "
                    "{layout: event}'",
                )
        if not found and not any(mutes(window.alarms, alarm) for alarm in every):
            yield Problem(
                origin.location_of("mute", name, "alarms"),
                f"mutes no alarm in {region.account}; '{name}: null' leaves the maintenance window out there",
            )


def _without_alarm(
    muted: MutedAlarms, every: list[RegionAlarm], known: set[str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what a window names that has no alarm, with its place; unknown events are reported elsewhere."""
    keys = {alarm.key for alarm in every}
    events = {event.key for alarm in every for event in ((alarm.event,) if alarm.event else alarm.events)}
    for index, key in enumerate(muted.events):
        if key in known and key not in events:
            yield ("events", index), key
    for setting, names in (
        ("correlations", muted.correlations),
        ("composite_alarms", muted.composite_alarms),
    ):
        for index, key in enumerate(names):
            if f"{setting}.{key}" not in keys:
                yield (setting, index), f"{setting}.{key}"
    if muted.silence_alarm and "silence_alarm" not in keys:
        yield ("silence_alarm",), "silence_alarm"
