"""The metrics: where events arrive, every filter reports a number, and the frequent ones find something."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog import SecurityEvent
from deployment import RegionPlan
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.checks.expected_records import expected_matches
from verify.result import Check, Status, judged

#: Seconds of a data point. Hours keep a call of 100 metrics over 30 days within 100,800 data points.
_PERIOD = 3600
_METRICS_A_CALL = 100
#: The number of records expected of one server from which on it is telling that none was found. The numbers
#: are orders of magnitude, and a server may be quiet in one respect: it is a hint, and no fault.
_TELLING = 100

Metric = tuple[str, str, str]  # namespace, name, log group or ""

#: What EventBridge counts of events that a rule's target did not take: namespace, metric and dimension.
UNDELIVERED_EVENTS = ("AWS/Events", "FailedInvocations", "RuleName")
#: What SNS counts of messages that a subscription did not take.
UNDELIVERED_MESSAGES = ("AWS/SNS", "NumberOfNotificationsFailed", "TopicName")


def check(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check what each event's metric filters have counted."""
    groups = region.log_groups
    namespace = region.settings.metric_namespace
    arrivals = {group: ("AWS/Logs", "IncomingLogEvents", group) for group in groups.values()}
    counts = {event.key: (namespace, event.metric_name, "") for event in region.metric_events}
    sums = _sums(account.client("cloudwatch"), [*arrivals.values(), *counts.values()], window)
    for channel, group in groups.items():
        events = [event for event in region.metric_events if event.channel == channel]
        if not events:
            continue
        arrived = sums.get(arrivals[group], 0)
        if not arrived:
            yield Check(
                "metric",
                group,
                Status.WARNING,
                f"no event has arrived {window}, so that nothing is known of {len(events)} metrics",
            )
            continue
        for event in events:
            yield _judged(event, sums.get(counts[event.key]), arrived, group, window)


def undelivered(
    account: AccountAccess, metric: tuple[str, str, str], names: Sequence[str], window: Window
) -> Mapping[str, float]:
    """Return how much of each rule or topic was not delivered, of those that lost anything.

    Args:
        account: The account and region.
        metric: ``UNDELIVERED_EVENTS`` or ``UNDELIVERED_MESSAGES``.
        names: The names of the rules or topics.
        window: How far to look back.
    """
    counted = counts_of(account, metric, names, window, _PERIOD)
    sums = {name: sum(number for _, number in points) for name, points in counted.items()}
    return {name: number for name, number in sums.items() if number}


def counts_of(
    account: AccountAccess, metric: tuple[str, str, str], names: Sequence[str], window: Window, period: int
) -> Mapping[str, list[tuple[datetime, float]]]:
    """Return the sums of a metric for each name, with their times: none where it has no data.

    Args:
        account: The account and region.
        metric: Its namespace, its name, and the dimension that the names are of.
        names: The names.
        window: How far to look back.
        period: The seconds of a sum.
    """
    namespace, metric_name, dimension = metric
    asked = {f"m{number}": name for number, name in enumerate(names)}
    queries = [
        {
            "Id": query,
            "MetricStat": {
                "Metric": {
                    "Namespace": namespace,
                    "MetricName": metric_name,
                    "Dimensions": [{"Name": dimension, "Value": name}],
                },
                "Period": period,
                "Stat": "Sum",
            },
        }
        for query, name in asked.items()
    ]
    if not queries:
        return {}
    pages = account.client("cloudwatch").get_paginator("get_metric_data")
    found = pages.paginate(MetricDataQueries=queries, StartTime=window.start, EndTime=window.end)
    counts: dict[str, list[tuple[datetime, float]]] = {name: [] for name in names}
    for result in (each for page in found for each in page["MetricDataResults"]):
        counts[asked[result["Id"]]] += zip(result["Timestamps"], result["Values"], strict=True)
    return counts


def _judged(event: SecurityEvent, matched: float | None, arrived: float, group: str, window: Window) -> Check:
    warnings = []
    if matched is None:
        warnings.append(
            f"has no data {window}, though {arrived:,.0f} events arrived in {group}: a metric filter does "
            "not look back, so ask again in a quarter of an hour if it is new"
        )
    elif not matched and (expected := expected_matches([event], window)) >= _TELLING:
        warnings.append(
            f"counted none of {arrived:,.0f} events {window}, though a busy server writes some "
            f"{expected:,.0f}: see whether Windows audits it (auditpol), and try the pattern on their events"
        )
    return judged(
        "metric",
        event.metric_name,
        warnings=warnings,
        ok=f"{matched or 0:,.0f} of {arrived:,.0f} events {window}",
    )


def _sums(cloudwatch: Any, metrics: list[Metric], window: Window) -> Mapping[Metric, float]:
    """Return the sum of each metric that has any data."""
    sums: dict[Metric, float] = {}
    pages = cloudwatch.get_paginator("get_metric_data")
    for start in range(0, len(metrics), _METRICS_A_CALL):
        asked = {
            f"m{number}": metric for number, metric in enumerate(metrics[start : start + _METRICS_A_CALL])
        }
        queries = [{"Id": name, "MetricStat": _statistic(*metric)} for name, metric in asked.items()]
        for page in pages.paginate(MetricDataQueries=queries, StartTime=window.start, EndTime=window.end):
            for result in page["MetricDataResults"]:
                if result["Values"]:
                    metric = asked[result["Id"]]
                    sums[metric] = sums.get(metric, 0) + sum(result["Values"])
    return sums


def _statistic(namespace: str, name: str, group: str) -> dict[str, Any]:
    dimensions = [{"Name": "LogGroupName", "Value": group}] if group else []
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
    return {"Metric": metric, "Period": _PERIOD, "Stat": "Sum"}
