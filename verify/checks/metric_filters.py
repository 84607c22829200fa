"""The metric filters: each there, with exactly the pattern and the metric that were deployed."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.metric_filters import MetricFilterSpec, metric_filters
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.advice import aws_command
from verify.result import Check, Status, judged

#: How the service shows a setting that was not given.
_NOTHING: tuple[Any, ...] = (None, "None", {})


#: What changes what a filter counts, and no plan shows: the AWS provider knows none of it.
_UNSEEN_BY_PLAN = {
    "fieldSelectionCriteria": "it counts only records whose fields it chooses",
    "emitSystemFieldDimensions": "its metric has dimensions, which no alarm names",
    "applyOnTransformedLogs": "it is applied to transformed records instead of the original text",
}


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each event's metric filters, and that nothing else counts into its metric."""
    expected = [spec for of_event in metric_filters(region).values() for spec in of_event]
    for group in region.log_groups.values():
        found = _metric_filters(account.client("logs"), group)
        specs = {spec.name: spec for spec in expected if spec.log_group_name == group}
        for name, spec in specs.items():
            yield _judged(region, spec, found.get(name))
        metrics = {(spec.namespace, spec.metric_name) for spec in specs.values()}
        for name in found.keys() - specs.keys():
            transformation = _transformation(found[name])
            metric = (transformation["metricNamespace"], transformation["metricName"])
            if metric in metrics:
                cure = _deletion(region, group, name)
                yield Check(
                    "metric filter",
                    name,
                    Status.WARNING,
                    f"also counts into {metric[1]} and does not belong to the deployment, so that records "
                    f"are counted twice: run {cure}",
                )


def compared_settings(spec: MetricFilterSpec) -> dict[str, Any]:
    """Return what decides what a filter counts, in the words of the API; None for what must not be set."""
    return {
        "filterPattern": spec.pattern,
        "metricNamespace": spec.namespace,
        "metricName": spec.metric_name,
        "metricValue": spec.value,
        "defaultValue": spec.default_value,
        "dimensions": None,
        "unit": None,
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


def _judged(region: RegionPlan, spec: MetricFilterSpec, found: Mapping[str, Any] | None) -> Check:
    if found is None:
        return Check("metric filter", spec.name, Status.FAILED, "does not exist: apply the stack again")
    settings = {"filterPattern": found["filterPattern"], **_transformation(found)}
    drift = [
        f"{setting} is {settings.get(setting)!r} instead of {value!r}"
        for setting, value in compared_settings(spec).items()
        if settings.get(setting) != value and (value is not None or settings.get(setting) not in _NOTHING)
    ]
    failures = [f"{', '.join(drift)}: apply the stack again"] if drift else []
    if unseen := [
        f"{effect} ({setting} is {found[setting]})"
        for setting, effect in _UNSEEN_BY_PLAN.items()
        if found.get(setting)
    ]:
        deletion = _deletion(region, spec.log_group_name, spec.name)
        failures.append(f"{', '.join(unseen)}: run {deletion}, then apply the stack again")
    return judged("metric filter", spec.name, failures=failures, ok="as deployed")


def _deletion(region: RegionPlan, group: str, name: str) -> str:
    return aws_command(region, "logs delete-metric-filter", log_group_name=group, filter_name=name)
