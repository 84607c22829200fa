"""How many records should have come: silence means something only where there should have been noise."""

import math
from collections.abc import Iterable

from catalog import Collection, SecurityEvent
from deployment import MonitoredRegion
from verify.window import Window

#: The number of records expected of one server from which on silence is a fault: that none of ten comes is
#: one chance in twenty thousand.
TELLING = 10


def expected_records(region: MonitoredRegion, channels: Iterable[str], window: Window) -> float:
    """Return how many records one busy member server should have shipped of some event logs.

    Infinite where whole event logs are shipped.
    """
    if region.settings.collection is Collection.LEVELS:
        return math.inf
    chosen = set(channels)
    return expected_matches((event for event in region.events if event.channel in chosen), window)


def expected_matches(events: Iterable[SecurityEvent], window: Window) -> float:
    """Return how many records of these events one busy member server should have written."""
    a_day = sum(event.volume.records_a_day for event in events if not event.domain_controllers_only)
    return a_day * window.hours / 24
