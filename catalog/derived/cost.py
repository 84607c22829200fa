"""What a choice of events costs a month in CloudWatch: an estimate, to compare choices by.

The prices are those of 2026 in US dollars, from public lists and not from a bill; the volumes
are orders of magnitude. Not counted: what is stored, 0.03 dollars for each GB and month; what queries scan,
0.005 dollars or more for each GB; composite alarms, 0.50 dollars each; and free tiers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.events import EVENTS
from catalog.model.security_event import SecurityEvent, Volume

#: A record with its localised rendering is 2 to 4 KB of XML.
RECORD_BYTES = 3_000
DAYS_A_MONTH = 30
_GIGABYTE = 1_000_000_000

#: What a busy server writes of an id of which the catalog watches a small part only.
_WHOLE_IDS = {4662: Volume.HIGH, 4768: Volume.HIGH, 4769: Volume.HIGH, 4776: Volume.MEDIUM}


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a region, in US dollars.

    Args:
        metric: A custom metric for a month, of the first 10,000.
        alarm: A standard alarm for a month.
        gigabyte: A GB that reaches a log group of the standard class.
        key: A customer managed key for a month.
        dashboard: A dashboard for a month.
        log_alarm: A log alarm for a month, without what its queries scan.
        scanned_gigabyte: A GB that Logs Insights scans.
    """

    metric: float
    alarm: float
    gigabyte: float
    key: float
    dashboard: float
    log_alarm: float
    scanned_gigabyte: float


PRICES: Mapping[str, Prices] = {
    "us-east-1": Prices(
        metric=0.30,
        alarm=0.10,
        gigabyte=0.50,
        key=1.00,
        dashboard=3.00,
        log_alarm=0.30,
        scanned_gigabyte=0.005,
    ),
    "ap-northeast-1": Prices(
        metric=0.30,
        alarm=0.10,
        gigabyte=0.76,
        key=1.00,
        dashboard=3.00,
        log_alarm=0.30,
        scanned_gigabyte=0.0076,
    ),
}


def records_a_day(events: Iterable[SecurityEvent]) -> float:
    """Return how many records the agent of one busy server ships a day for these events.

    It ships the ids that they need, whole: also the records that no filter finds.
    """
    ids = {(event.channel, event.event_id) for event in events}
    volumes = {key: _WHOLE_IDS[key[1]].records_a_day for key in ids if key[1] in _WHOLE_IDS}
    for event in EVENTS:
        key = (event.channel, event.event_id)
        if key in ids:
            volumes[key] = max(volumes.get(key, 0), event.volume.records_a_day)
    return sum(volumes.values())


def monthly_cost(events: Iterable[SecurityEvent], *, servers: int, prices: Prices) -> float:
    """Return what events cost in one account and region, in US dollars a month.

    With them goes what a deployment has unless it says otherwise: a key, a dashboard, the no-data alarm.

    Args:
        events: The events: a metric each, and an alarm where they have one.
        servers: How many busy servers write all of them.
        prices: The region's prices.
    """
    chosen = tuple(events)
    gigabytes = records_a_day(chosen) * servers * DAYS_A_MONTH * RECORD_BYTES / _GIGABYTE
    alarms = sum(event.alarm is not None for event in chosen) + 1
    fixed = prices.key + prices.dashboard
    return fixed + len(chosen) * prices.metric + alarms * prices.alarm + gigabytes * prices.gigabyte
