"""What finding records and raising alarms costs a month, by metric filters and by log alarms: an estimate.

What the ways share is left out: ingestion, storage, the key, the dashboard. The prices are those of
``catalog.derived.cost``; the volumes are orders of magnitude for busy servers that write all chosen events.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from catalog.derived.cost import (
    DAYS_A_MONTH,
    GIGABYTE,
    PRICES,
    RECORD_BYTES,
    Prices,
    priced_region,
    records_a_day,
)
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from cli.tables import text_table
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarms import alarms
from deployment.resources.metric_filters import metric_filters
from deployment.settings.log_alarms import LogAlarmLayout

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class WayCost:
    """What one way to raise the alarms of a stack costs a month.

    Args:
        way: ``as deployed``, ``engine: metric``, or ``engine: log`` with a layout.
        filters: The metric filters on the log group with the most.
        metrics: The custom metrics.
        alarms: The metric alarms, the no-data alarm among them; composite alarms are left out.
        log_alarms: The log alarms.
        scanned: The gigabytes that queries scan a month, for each number of servers.
        dollars: The cost in US dollars a month, for each number of servers.
    """

    way: str
    filters: int
    metrics: int
    alarms: int
    log_alarms: int
    scanned: tuple[float, ...]
    dollars: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CostReport:
    """What the ways cost in one account and region.

    Args:
        stack: The stack's name.
        prices_of: The region whose prices count.
        servers: The numbers of servers that are reckoned.
        ways: The ways, that of the deployment first.
    """

    stack: str
    prices_of: str
    servers: tuple[int, ...]
    ways: tuple[WayCost, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)

    def __str__(self) -> str:
        header = ["WAY", "FILTERS", "METRICS", "ALARMS", "LOG ALARMS"]
        for number in self.servers:
            header += [f"GB AT {number}", f"USD AT {number}"]
        rows = []
        for way in self.ways:
            row = [way.way, *map(str, (way.filters, way.metrics, way.alarms, way.log_alarms))]
            for scanned, dollars in zip(way.scanned, way.dollars, strict=True):
                row += [f"{scanned:,.0f}", f"{dollars:,.0f}"]
            rows.append(row)
        lines = [f"{self.stack}, prices of {self.prices_of}", text_table([header, *rows])]
        lines += [
            f"refused: {way.way}: a log group takes {METRIC_FILTERS_A_LOG_GROUP} metric filters"
            for way in self.ways
            if way.filters > METRIC_FILTERS_A_LOG_GROUP
        ]
        return "\n".join(lines)


def cost(region: RegionPlan, servers: Sequence[int]) -> CostReport:
    """Return what the alarms of an account and region cost, as deployed and otherwise.

    Args:
        region: The account and region.
        servers: The numbers of servers to reckon.
    """
    known = priced_region(region.region_name)
    ways = tuple(_way(name, plan, servers, PRICES[known]) for name, plan in _ways(region))
    return CostReport(region.stack_name, known, tuple(servers), ways)


def _ways(region: RegionPlan) -> Iterator[tuple[str, RegionPlan]]:
    yield "as deployed", region
    clauses = frozenset(event.key for event in region.events if not event.patterns)
    # A composite alarm is over metric alarms only, and is left out of every way.
    settings = region.settings.model_copy(update={"composite_alarms": {}})
    yield "engine: metric", replace(region, settings=settings, log_engine=clauses)
    every = frozenset(event.key for event in region.events)
    for layout in LogAlarmLayout:
        chosen = settings.log_alarms.model_copy(update={"layout": layout})
        yield (
            f"engine: log, layout: {layout.value}",
            replace(region, settings=settings.model_copy(update={"log_alarms": chosen}), log_engine=every),
        )


def _way(name: str, plan: RegionPlan, servers: Sequence[int], prices: Prices) -> WayCost:
    every = [alarm for alarm in alarms(plan) if not alarm.key.startswith("composite_alarms.")]
    log_alarms = [alarm for alarm in every if alarm.query]
    metrics = len({event.metric_name for event in plan.metric_events})
    scanned_by_one = 0.0
    chosen = plan.settings.log_alarms
    for alarm in log_alarms:
        assert alarm.query
        daily = sum(_daily_gigabytes(plan, channel) for channel in alarm.channels)
        window = alarm.query.look_back(chosen.schedule, chosen.lateness)
        # Each run scans the part of a day that its window is.
        scanned_by_one += DAYS_A_MONTH * daily * window / chosen.schedule
    scanned = tuple(scanned_by_one * number for number in servers)
    fixed = (
        metrics * prices.metric
        + (len(every) - len(log_alarms)) * prices.alarm
        + len(log_alarms) * prices.log_alarm
    )
    by_group: dict[str, int] = {}
    for filters in metric_filters(plan).values():
        for each in filters:
            by_group[each.log_group_name] = by_group.get(each.log_group_name, 0) + 1
    return WayCost(
        way=name,
        filters=max(by_group.values(), default=0),
        metrics=metrics,
        alarms=len(every) - len(log_alarms),
        log_alarms=len(log_alarms),
        scanned=scanned,
        dollars=tuple(fixed + gigabytes * prices.scanned_gigabyte for gigabytes in scanned),
    )


def _daily_gigabytes(plan: RegionPlan, channel: str) -> float:
    events = (event for event in plan.collected_events if event.channel == channel)
    return records_a_day(events) * RECORD_BYTES / GIGABYTE
