"""The metric filters: each counts the records of one pattern of an event."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.model.security_event import SecurityEvent
from deployment.resolution.names import Names
from deployment.resolution.region_plan import RegionPlan


@dataclass(frozen=True, slots=True)
class MetricFilterSpec:
    """A metric filter. Its metric has no dimensions: they exist for JSON and space-delimited events only.

    Args:
        name: Its name, unique in the log group.
        log_group_name: The log group of the event's channel.
        pattern: The filter pattern.
        namespace: The namespace of the metric.
        metric_name: The metric that it counts into.
        value: What one matching record adds.
        default_value: The value of a minute in which events arrive and none matches.
    """

    name: str
    log_group_name: str
    pattern: str
    namespace: str
    metric_name: str
    value: str = "1"
    default_value: int = 0


def metric_filters_of(
    event: SecurityEvent, *, names: Names, log_group_name: str, metric_namespace: str
) -> tuple[MetricFilterSpec, ...]:
    """Return the metric filters of one event: one for each of its patterns."""
    return tuple(
        MetricFilterSpec(
            name=names.metric_filter(event.key, number),
            log_group_name=log_group_name,
            pattern=pattern,
            namespace=metric_namespace,
            metric_name=event.metric_name,
        )
        for number, pattern in enumerate(event.patterns)
    )


def metric_filters(plan: RegionPlan) -> Mapping[str, tuple[MetricFilterSpec, ...]]:
    """Return the metric filters of a region, by the key of their event."""
    log_groups = plan.log_groups
    return {
        event.key: metric_filters_of(
            event,
            names=plan.names,
            log_group_name=log_groups[event.channel],
            metric_namespace=plan.settings.metric_namespace,
        )
        for event in plan.metric_events
    }
