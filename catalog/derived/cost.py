"""What a choice of events costs a month in CloudWatch: an estimate, to compare choices by.

The prices are those of 2026 in US dollars, from public lists and not from a bill; the volumes
are orders of magnitude. Not counted: what is stored, 0.03 dollars for each GB and month; what queries scan,
0.005 dollars or more for each GB; composite alarms, 0.50 dollars each; and free tiers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from catalog.derived.agent_configuration import Collection
from catalog.derived.id_volume import id_volumes
from catalog.derived.shipping_filter import ships_exactly
from catalog.model.security_event import SecurityEvent

#: A record with its localised rendering is 2 to 4 KB of XML.
RECORD_BYTES = 3_000
DAYS_A_MONTH = 30
GIGABYTE = 1_000_000_000


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


def priced_region(region: str) -> str:
    """Return the region whose prices count for a region: its own, or us-east-1 where those are not known."""
    return region if region in PRICES else "us-east-1"


def records_a_day(events: Iterable[SecurityEvent], collection: Collection = Collection.EVENT_IDS) -> float:
    """Return how many records the agent of one busy server ships a day for these events.

    Args:
        events: The events.
        collection: With ``EVENT_IDS`` it ships the ids that they need, whole: also the records that no filter
            finds. With ``MATCHING`` it ships those that some filter finds, in so far as the agent's
            expression is exact. Whole channels are not estimated, and count as ``EVENT_IDS``.
    """
    chosen = tuple(events)
    whole = {key: volume.records_a_day for key, volume in id_volumes(chosen).items()}
    if collection is not Collection.MATCHING:
        return fsum(whole.values())
    found = dict.fromkeys(whole, 0.0)
    for event in chosen:
        for event_id in event.event_ids:
            key = event.channel, event_id
            found[key] += event.volume.records_a_day if ships_exactly(event) else whole[key]
    return fsum(min(whole[key], records) for key, records in found.items())


def monthly_cost(
    events: Iterable[SecurityEvent],
    *,
    servers: int,
    prices: Prices,
    collection: Collection = Collection.EVENT_IDS,
) -> float:
    """Return what events cost in one account and region, in US dollars a month.

    With them goes what a deployment has unless it says otherwise: a key, a dashboard, the no-data alarm.

    Args:
        events: The events: a metric each, and an alarm where they have one.
        servers: How many busy servers write all of them.
        prices: The region's prices.
        collection: What the agent ships. Default: the ids that the events need, whole.
    """
    chosen = tuple(events)
    gigabytes = records_a_day(chosen, collection) * servers * DAYS_A_MONTH * RECORD_BYTES / GIGABYTE
    alarms = sum(event.alarm is not None for event in chosen) + 1
    fixed = prices.key + prices.dashboard
    return fixed + len(chosen) * prices.metric + alarms * prices.alarm + gigabytes * prices.gigabyte
