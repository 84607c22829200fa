"""The metric filters: each there, with exactly the pattern and the metric that were deployed."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.checks.check import Check, Status, judged

#: How the service shows a setting that was not given.
_NOTHING: tuple[Any, ...] = (None, "None", {})


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each event's metric filters, and that nothing else counts into its metric."""
    for channel, group in region.log_groups.items():
        found = _metric_filters(account.client("logs"), group)
        wanted = _wanted(region, channel)
        for name, settings in wanted.items():
            yield _judged(name, settings, found.get(name))
        metrics = {(each["metricNamespace"], each["metricName"]) for each in wanted.values()}
        for name in found.keys() - wanted.keys():
            transformation = _transformation(found[name])
            metric = (transformation["metricNamespace"], transformation["metricName"])
            if metric in metrics:
                yield Check(
                    "metric filter",
                    name,
                    Status.WARNING,
                    f"counts into {metric[1]} as well, and is none of the deployment's: delete it, or "
                    "records are counted twice",
                )


def _wanted(region: RegionPlan, channel: str) -> dict[str, dict[str, Any]]:
    return {
        region.names.metric_filter(event.key, number): {
            "filterPattern": pattern,
            "metricNamespace": region.settings.metric_namespace,
            "metricName": event.metric_name,
            "metricValue": "1",
            "defaultValue": 0,
            "dimensions": None,
            "unit": None,
        }
        for event in region.events
        if event.channel == channel
        for number, pattern in enumerate(event.patterns)
    }


def _metric_filters(logs: Any, group: str) -> dict[str, Mapping[str, Any]]:
    pages = logs.get_paginator("describe_metric_filters").paginate(logGroupName=group)
    try:
        return {each["filterName"]: each for page in pages for each in page["metricFilters"]}
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return {}
        raise


def _transformation(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the one transformation that a metric filter has (PutMetricFilter API)."""
    transformation: Mapping[str, Any] = found["metricTransformations"][0]
    return transformation


def _judged(name: str, wanted: Mapping[str, Any], found: Mapping[str, Any] | None) -> Check:
    if found is None:
        return Check("metric filter", name, Status.FAILED, "does not exist: apply the stack again")
    settings = {"filterPattern": found["filterPattern"], **_transformation(found)}
    drift = [
        f"{setting} is {settings.get(setting)!r} instead of {value!r}"
        for setting, value in wanted.items()
        if settings.get(setting) != value and (value is not None or settings.get(setting) not in _NOTHING)
    ]
    if found.get("applyOnTransformedLogs"):
        drift.append("it is applied to transformed events instead of the original text")
    failures = [f"{', '.join(drift)}: apply the stack again"] if drift else []
    return judged("metric filter", name, failures=failures, ok="as deployed")
