"""The alarm for a log group that receives no events."""

from collections.abc import Sequence

from cdktf import TerraformProvider
from constructs import Construct

from deployment.resources.alarms import no_data_alarm
from modules.alarms.metric_alarm import metric_alarm
from modules.logs.event_log_group import LogGroup
from modules.terraform.providers import use_provider


class NoDataAlarm(Construct):
    """Fires when no event at all has reached a log group for a while: no server, no agent, no right to write.

    Without it, an agent that was stopped looks like a quiet night. Missing data breach here, as in no other
    alarm: a log group that receives nothing has no metric either.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The alarm's name, unique in the region.
        log_group: The log group that must receive events.
        description: The alarm's description, at most 1,024 characters.
        period: How many seconds without an event are an alarm: a multiple of 60, at most a day. Default:
            3600.
        actions: The ARNs that it calls, at most 5, when it fires and when events arrive again. Default: none.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        alarm: The alarm's resource.
        arn: Its ARN.
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
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = no_data_alarm(
            name=name,
            log_group_name=log_group.name,
            description=description,
            period=period,
            actions=actions,
        )
        self.alarm = metric_alarm(self, "alarm", spec)
        self.arn: str = self.alarm.arn
