"""How many records should have arrived: no data means something only where records were expected."""

from collections.abc import Iterable, Mapping

from catalog import Collection, SecurityEvent, Volume
from deployment import RegionPlan
from verify.access.window import Window

#: The records that even an idle server writes a day to an event log that is shipped whole: low guesses, since
#: System may have no event for hours. Nothing is known of further logs: some are empty without a logon.
_WHOLE_LOGS: Mapping[str, float] = {"Security": 1_000, "System": 20}


def expected_records(region: RegionPlan, channels: Iterable[str], window: Window) -> float:
    """Return how many records one member server should have shipped of some event logs."""
    chosen = set(channels)
    watched = expected_matches((event for event in region.events if event.channel in chosen), window)
    if region.settings.collection is Collection.LEVELS:
        return watched + sum(_WHOLE_LOGS.get(channel, 0) for channel in chosen) * window.hours / 24
    return watched


def expected_matches(events: Iterable[SecurityEvent], window: Window) -> float:
    """Return how many records of these events one busy member server should have written.

    Rare ones are not expected, however long the window: a server that is well may never write them.
    """
    a_day = sum(
        event.volume.records_a_day
        for event in events
        if not event.domain_controllers_only and event.volume is not Volume.RARE
    )
    return a_day * window.hours / 24
