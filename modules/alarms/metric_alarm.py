"""A metric alarm, from its spec."""

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from deployment.resources.alarms import MetricAlarmSpec
from modules.terraform.escape_template import escape_template


def metric_alarm(scope: Construct, id: str, spec: MetricAlarmSpec) -> CloudwatchMetricAlarm:
    """Return the resource of a metric alarm."""
    return CloudwatchMetricAlarm(
        scope,
        id,
        alarm_name=spec.name,
        alarm_description=escape_template(spec.description),
        namespace=escape_template(spec.namespace),
        metric_name=spec.metric_name,
        dimensions=spec.dimensions or None,
        statistic=spec.statistic,
        comparison_operator=spec.comparison_operator,
        threshold=spec.threshold,
        period=spec.period,
        evaluation_periods=spec.evaluation_periods,
        datapoints_to_alarm=spec.datapoints_to_alarm,
        treat_missing_data=spec.treat_missing_data,
        alarm_actions=list(spec.actions),
        ok_actions=list(spec.ok_actions),
        tags=spec.tags or None,
    )
