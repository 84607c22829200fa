"""The alarms that a deployment makes: of events, of silence, and over other alarms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog import SecurityEvent, Severity
from deployment import RegionPlan, Topic
from deployment.settings.composite_alarm import CompositeAlarmSettings


@dataclass(frozen=True, slots=True)
class DeployedAlarm:
    """An alarm as it was deployed.

    Args:
        name: Its name.
        settings: What decides when it rings, in the words of the API; None for what must not be set.
        actions: What it is to call when it rings; nothing where its severity notifies nobody on purpose.
        ok_actions: What it is to call when it rests again.
    """

    name: str
    settings: Mapping[str, Any]
    actions: tuple[str, ...]
    ok_actions: tuple[str, ...]

    def arn(self, region: RegionPlan) -> str:
        """Return its ARN."""
        return region.arn("cloudwatch", f"alarm:{self.name}")


def deployed_alarms(region: RegionPlan) -> Iterator[DeployedAlarm]:
    """Return every alarm of a stack."""
    for event in region.events:
        if event.alarm:
            yield _of_event(region, event, region.names.alarm(event.key), region.actions.get(event.key))
    for variant in region.additional_alarms:
        name = region.names.additional_alarm(variant.event.key, variant.name)
        yield _of_event(region, variant.event, name, variant.actions)
    if channel := region.no_data_channel:
        yield _of_silence(region, channel)
    for name, composite in region.settings.effective_composite_alarms.items():
        yield _composite(region, name, composite)


def called(region: RegionPlan, service: str) -> dict[str, list[str]]:
    """Return what alarms are to call of a service, such as ``sns``: by ARN, the ARNs of those alarms."""
    callers: dict[str, list[str]] = {}
    for alarm in deployed_alarms(region):
        for action in alarm.actions:
            if action.split(":")[2] == service:
                callers.setdefault(action, []).append(alarm.arn(region))
    return callers


def topic_arn(region: RegionPlan, topic: Topic) -> str:
    """Return the ARN of a topic, made by the deployment or there before."""
    return topic.existing_arn or region.arn("sns", topic.name)


def _of_event(
    region: RegionPlan, event: SecurityEvent, name: str, own_actions: tuple[str, ...] | None
) -> DeployedAlarm:
    assert event.alarm is not None, "asked for only where there is one"
    actions = own_actions or _topics(region, event.severity)
    return DeployedAlarm(
        name=name,
        settings={
            "Namespace": region.settings.metric_namespace,
            "MetricName": event.metric_name,
            "Dimensions": None,
            "Unit": None,
            "Statistic": "Sum",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": event.alarm.threshold,
            "Period": event.alarm.period,
            "EvaluationPeriods": event.alarm.evaluation_periods,
            "DatapointsToAlarm": event.alarm.datapoints_to_alarm,
            "TreatMissingData": "notBreaching",
        },
        actions=actions,
        ok_actions=actions if region.settings.notifications.ok_actions else (),
    )


def _of_silence(region: RegionPlan, channel: str) -> DeployedAlarm:
    settings = region.settings.silence_alarm
    actions = _topics(region, settings.severity)
    return DeployedAlarm(
        name=region.names.no_data_alarm(channel),
        settings={
            "Namespace": "AWS/Logs",
            "MetricName": "IncomingLogEvents",
            "Dimensions": [{"Name": "LogGroupName", "Value": region.log_groups[channel]}],
            "Unit": None,
            "Statistic": "Sum",
            "ComparisonOperator": "LessThanThreshold",
            "Threshold": 1,
            "Period": settings.period,
            "EvaluationPeriods": 1,
            "DatapointsToAlarm": 1,
            "TreatMissingData": "breaching",
        },
        actions=actions,
        ok_actions=actions,
    )


def _composite(region: RegionPlan, name: str, composite: CompositeAlarmSettings) -> DeployedAlarm:
    suppressor = composite.suppressor
    actions = _topics(region, composite.severity)
    children = [f'ALARM("{region.names.alarm(key)}")' for key in composite.all_of or composite.any_of]
    return DeployedAlarm(
        name=region.names.composite_alarm(name),
        settings={
            "AlarmRule": (" AND " if composite.all_of else " OR ").join(children),
            "ActionsSuppressor": suppressor.alarm if suppressor else None,
            "ActionsSuppressorWaitPeriod": suppressor.wait_period if suppressor else None,
            "ActionsSuppressorExtensionPeriod": suppressor.extension_period if suppressor else None,
        },
        actions=actions,
        ok_actions=actions if region.settings.notifications.ok_actions else (),
    )


def _topics(region: RegionPlan, severity: Severity) -> tuple[str, ...]:
    return tuple(topic_arn(region, topic) for topic in region.topics if severity in topic.severities)
