"""The alarm for a log group to which nothing comes any more."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.logs.event_log_group import LogGroup
from modules.terraform.escape import literal


class SilenceAlarm(Construct):
    """Rings when no event at all has reached a log group for a while: no server, no agent, no right to write.

    Without it, an agent that was stopped looks like a quiet night. Missing data breach here, as in no other
    alarm: a log group that gets nothing has no metric either.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The alarm's name, unique in the region.
        log_group: The log group that must not fall silent.
        description: The alarm's description, at most 1,024 characters.
        period: The silence that is an alarm, in seconds: a multiple of 60, at most a day.
        actions: What to notify, at most 5 ARNs; told also when events arrive again.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        log_group: LogGroup,
        description: str,
        period: int = 3600,
        actions: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        self.arn: str = CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=literal(description),
            namespace="AWS/Logs",
            metric_name="IncomingLogEvents",
            dimensions={"LogGroupName": log_group.name},
            statistic="Sum",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=period,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            treat_missing_data="breaching",
            alarm_actions=list(actions),
            ok_actions=list(actions),
        ).arn
