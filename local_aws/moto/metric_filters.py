"""CloudWatch Logs: metric filters count the records that reach their log group, which moto's do not.

A record counts in the minute of its own time. A minute with records of which none matches gets the filter's
default value. Patterns are those of text: moto's filters for JSON and for columns count nothing here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, MetricAggregatedDatum, cloudwatch_backends
from moto.core.utils import utcnow
from moto.logs.models import LogEvent, logs_backends

from catalog.filter_pattern import FilterPatternError, parse
from local_aws.calls import ApiError, Call, Handlers

_MINUTE_MS = 60_000
# As moto parses a term filter's value: "$size" takes it from the record, which text does not have.
_FROM_RECORD = "$"


def put_value(
    backend: CloudWatchBackend,
    metric: tuple[str, str],
    value: float,
    *,
    at: datetime,
    samples: int = 1,
    dimensions: Mapping[str, str] | None = None,
) -> None:
    """Record a value of a metric as often as there are samples.

    Args:
        backend: CloudWatch in one account and region.
        metric: The metric's namespace and name.
        value: The value of each sample.
        at: When, in UTC and without a time zone, as moto keeps times.
        samples: How many samples.
        dimensions: The metric's dimensions; none by default.
    """
    namespace, name = metric
    named = [{"Name": name, "Value": text} for name, text in (dimensions or {}).items()]
    backend.metric_data.append(
        MetricAggregatedDatum(namespace, name, value, value, samples, value * samples, named, at)
    )


def _put_log_events(call: Call) -> Mapping[str, Any] | None:
    given = call.parameters
    backend = logs_backends[call.account_id][call.region]
    group_name, stream_name = given["logGroupName"], given["logStreamName"]
    group = backend.groups.get(group_name)
    if group is None or stream_name not in group.streams:
        return None  # moto refuses the call
    before = len(group.streams[stream_name].events)
    token, rejected = backend.put_log_events(group_name, stream_name, given["logEvents"])
    accepted = group.streams[stream_name].events[before:]
    _count(call, group_name, accepted)
    return {"nextSequenceToken": token, **({"rejectedLogEventsInfo": rejected} if rejected else {})}


def _count(call: Call, group_name: str, accepted: Iterable[LogEvent]) -> None:
    """Have the metric filters of a log group count the records, and CloudWatch the arrivals."""
    by_minute: defaultdict[int, list[str]] = defaultdict(list)
    for record in accepted:
        by_minute[record.timestamp // _MINUTE_MS].append(record.message)
    metrics = cloudwatch_backends[call.account_id][call.region]
    filters = logs_backends[call.account_id][call.region].describe_metric_filters(log_group_name=group_name)
    for metric_filter in filters:
        try:
            matches = parse(metric_filter["filterPattern"]).matches
        except FilterPatternError:
            continue
        for minute, messages in by_minute.items():
            _put_count(metrics, metric_filter, minute, sum(map(matches, messages)))
    if arrived := sum(map(len, by_minute.values())):
        put_value(
            metrics,
            ("AWS/Logs", "IncomingLogEvents"),
            1,
            at=utcnow(),
            samples=arrived,
            dimensions={"LogGroupName": group_name},
        )


def _put_count(
    metrics: CloudWatchBackend, metric_filter: Mapping[str, Any], minute: int, matched: int
) -> None:
    at = datetime.fromtimestamp(minute * 60, UTC).replace(tzinfo=None)
    for transformation in metric_filter["metricTransformations"]:
        metric = (transformation["metricNamespace"], transformation["metricName"])
        value = transformation["metricValue"]
        if matched and not value.startswith(_FROM_RECORD):
            put_value(metrics, metric, float(value), at=at, samples=matched)
        elif not matched and transformation.get("defaultValue") is not None:
            put_value(metrics, metric, float(transformation["defaultValue"]), at=at)


def _test_metric_filter(call: Call) -> Mapping[str, Any]:
    pattern = call.parameters["filterPattern"]
    if pattern.strip().startswith(("{", "[")):
        raise NotImplementedError("TestMetricFilter with a pattern for JSON or for columns")
    try:
        matches = parse(pattern).matches
    except FilterPatternError as problem:
        raise ApiError("InvalidParameterException", f"Invalid metric filter pattern: {problem}") from problem
    return {
        "matches": [
            {"eventNumber": number, "eventMessage": message, "extractedValues": {}}
            for number, message in enumerate(call.parameters["logEventMessages"], start=1)
            if matches(message)
        ]
    }


HANDLERS: Handlers = {
    ("logs", "PutLogEvents"): _put_log_events,
    ("logs", "TestMetricFilter"): _test_metric_filter,
}
