"""One event's metric filters and alarms."""

from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from catalog import SecurityEvent
from deployment import AdditionalAlarm, Names
from deployment.resources.alarms import event_alarm
from deployment.resources.metric_filters import MetricFilterSpec, metric_filters_of
from modules.alarms.metric_alarm import metric_alarm
from modules.logs.event_log_group import LogGroup
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class EventAlarm(Construct):
    """The metric that counts an event's records and, unless it is a metric only, the alarm over it.

    The metric has no dimensions: CloudWatch Logs gives them to JSON and space-delimited events only. It is 0
    in every minute in which events arrive and none matches, and absent while none arrives at all; missing
    data therefore do not breach.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        event: What to count, and which number of records is an alarm.
        log_group: The log group of the event's channel.
        names: The names of the alarm and its filters.
        metric_namespace: The namespace of the metric, which may not begin with ``AWS/``.
        description: The alarm's description, at most 1,024 characters: the text of the notification.
        actions: The ARNs that the alarm calls when it fires, at most 5. Default: none.
        ok_actions: The ARNs that it calls when it returns to OK, at most 5. Default: none.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        alarm: The alarm; None for a metric only.
        additional_alarms: The additional alarms over the same metric, by name.
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
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        self.event = event
        self._names = names
        self._metric_namespace = metric_namespace
        self.metric_filters = [
            _metric_filter(self, f"metric-filter-{number + 1}" if number else "metric-filter", spec)
            for number, spec in enumerate(
                metric_filters_of(
                    event, names=names, log_group_name=log_group.name, metric_namespace=metric_namespace
                )
            )
        ]
        self.alarm: CloudwatchMetricAlarm | None = None
        self.additional_alarms: dict[str, CloudwatchMetricAlarm] = {}
        if event.alarm:
            self.alarm = self._alarm("alarm", event, names.alarm(event.key), description, actions, ok_actions)

    def add_alarm(
        self,
        additional: AdditionalAlarm,
        *,
        description: str,
        actions: Sequence[str] = (),
        ok_actions: Sequence[str] = (),
    ) -> None:
        """Add an additional alarm over the same metric, without another metric filter.

        Args:
            additional: The alarm, with the event tuned for it.
            description: The alarm's description, at most 1,024 characters.
            actions: The ARNs that it calls when it fires, at most 5. Default: none.
            ok_actions: The ARNs that it calls when it returns to OK, at most 5. Default: none.

        Raises:
            ValueError: Its event has no alarm.
        """
        if additional.event.alarm is None:
            raise ValueError(f"{additional.key} has no alarm")
        self.additional_alarms[additional.name] = self._alarm(
            f"alarm-{additional.name}",
            additional.event,
            self._names.additional_alarm(additional.event.key, additional.name),
            description,
            actions,
            ok_actions,
        )

    def _alarm(
        self,
        id: str,
        event: SecurityEvent,
        name: str,
        description: str,
        actions: Sequence[str],
        ok_actions: Sequence[str],
    ) -> CloudwatchMetricAlarm:
        spec = event_alarm(
            event,
            name=name,
            metric_namespace=self._metric_namespace,
            description=description,
            actions=actions,
            ok_actions=ok_actions,
        )
        return metric_alarm(self, id, spec)


def _metric_filter(scope: Construct, id: str, spec: MetricFilterSpec) -> CloudwatchLogMetricFilter:
    return CloudwatchLogMetricFilter(
        scope,
        id,
        name=spec.name,
        log_group_name=spec.log_group_name,
        pattern=escape_template(spec.pattern),
        metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
            name=spec.metric_name,
            namespace=escape_template(spec.namespace),
            value=spec.value,
            default_value=str(spec.default_value),
        ),
    )
