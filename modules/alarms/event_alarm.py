"""One event's metric filters and alarms."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from catalog import AlarmDefaults, SecurityEvent
from deployment import AdditionalAlarm, Names
from deployment.resolution.names import EVENT_KEY_TAG, SEVERITY_TAG
from modules.logs.event_log_group import LogGroup
from modules.terraform.escape import literal


class EventAlarm(Construct):
    """The metric that counts an event's records and, unless it is a signal only, the alarm over it.

    The metric has no dimensions: CloudWatch Logs gives them to JSON and space-delimited events only. It is 0
    in every minute in which events arrive and none matches, and absent while none arrives at all; missing
    data therefore do not breach.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        event: What to count, and when its number is an alarm.
        log_group: The log group of the event's channel.
        names: The names of the alarm and its filters.
        metric_namespace: The namespace of the metric, which may not begin with ``AWS/``.
        description: The alarm's description, at most 1,024 characters: what a mail will say.
        actions: What to notify when the alarm rings, at most 5 ARNs.
        ok_actions: What to notify when it rests again, at most 5 ARNs.

    Attributes:
        alarm: The alarm; None for a signal.
        variants: The further alarms over the same metric, by the variant's name.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        event: SecurityEvent,
        log_group: LogGroup,
        names: Names,
        metric_namespace: str,
        description: str,
        actions: Sequence[str] = (),
        ok_actions: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        self.event = event
        self._names = names
        self._metric_namespace = literal(metric_namespace)
        self.metric_filters: list[CloudwatchLogMetricFilter] = []
        log_group_name = log_group.name
        transformation = CloudwatchLogMetricFilterMetricTransformation(
            name=event.metric_name, namespace=self._metric_namespace, value="1", default_value="0"
        )
        for number, pattern in enumerate(event.patterns):
            suffix = f"-{number + 1}" if number else ""
            self.metric_filters.append(
                CloudwatchLogMetricFilter(
                    self,
                    f"metric-filter{suffix}",
                    name=names.metric_filter(event.key, number),
                    log_group_name=log_group_name,
                    pattern=literal(pattern),
                    metric_transformation=transformation,
                )
            )
        self.alarm: CloudwatchMetricAlarm | None = None
        self.variants: dict[str, CloudwatchMetricAlarm] = {}
        if event.alarm:
            self.alarm = self._alarm(
                "alarm", event, event.alarm, names.alarm(event.key), description, actions, ok_actions
            )

    def add_variant(
        self,
        variant: AdditionalAlarm,
        *,
        description: str,
        actions: Sequence[str] = (),
        ok_actions: Sequence[str] = (),
    ) -> None:
        """Add a further alarm over the same metric, without another metric filter.

        Args:
            variant: The alarm, with the event tuned for it.
            description: The alarm's description, at most 1,024 characters.
            actions: What to notify when it rings, at most 5 ARNs.
            ok_actions: What to notify when it rests again, at most 5 ARNs.

        Raises:
            ValueError: The variant has no alarm.
        """
        if variant.event.alarm is None:
            raise ValueError(f"{variant.key} has no alarm")
        self.variants[variant.name] = self._alarm(
            f"alarm-{variant.name}",
            variant.event,
            variant.event.alarm,
            self._names.additional_alarm(variant.event.key, variant.name),
            description,
            actions,
            ok_actions,
        )

    def _alarm(
        self,
        id: str,
        event: SecurityEvent,
        alarm: AlarmDefaults,
        name: str,
        description: str,
        actions: Sequence[str],
        ok_actions: Sequence[str],
    ) -> CloudwatchMetricAlarm:
        return CloudwatchMetricAlarm(
            self,
            id,
            alarm_name=name,
            alarm_description=literal(description),
            namespace=self._metric_namespace,
            metric_name=event.metric_name,
            statistic="Sum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=alarm.threshold,
            period=alarm.period,
            evaluation_periods=alarm.evaluation_periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm,
            treat_missing_data="notBreaching",
            alarm_actions=list(actions),
            ok_actions=list(ok_actions),
            tags={EVENT_KEY_TAG: event.key, SEVERITY_TAG: event.severity.value},
        )
