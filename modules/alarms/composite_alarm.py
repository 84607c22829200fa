"""An alarm over other alarms: all of them together, or any."""

from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import (
    CloudwatchCompositeAlarm,
    CloudwatchCompositeAlarmActionsSuppressor,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from deployment import Suppressor
from deployment.aws.limits import COMPOSITE_CHILDREN
from deployment.resources.alarms import Combination
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider
from modules.terraform.replacement import replaced_with


class CompositeAlarm(Construct):
    """Fires while all, or any, of other alarms in the same account and region are in ALARM.

    The rule refers to the alarms as resources, so that terraform creates it after them and destroys it before
    them: CloudWatch refuses to delete an alarm that a rule names. With another rule the alarm is replaced,
    since terraform changes a rule only after it has deleted what the rule named before.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The alarm's name, unique in the region.
        combination: Whether all or any of the alarms must be in ALARM.
        alarms: The alarms, 1 to 100.
        description: The alarm's description, at most 1,024 characters.
        suppressor: An alarm during which this one notifies nobody, such as one for a maintenance window.
            Default: none.
        actions: The ARNs that it calls when it fires, at most 5. Default: none.
        ok_actions: The ARNs that it calls when it returns to OK, at most 5. Default: none.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        alarm: The alarm's resource.
        arn: Its ARN.

    Raises:
        ValueError: There are no alarms, or more than CloudWatch takes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        combination: Combination,
        alarms: Sequence[CloudwatchMetricAlarm],
        description: str,
        suppressor: Suppressor | None = None,
        actions: Sequence[str] = (),
        ok_actions: Sequence[str] = (),
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        if not 1 <= len(alarms) <= COMPOSITE_CHILDREN:
            raise ValueError(
                f"composite alarm {name}: it takes 1 to {COMPOSITE_CHILDREN} alarms, not {len(alarms)}"
            )
        rule = combination.rule([alarm.alarm_name for alarm in alarms])
        self.alarm = CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=escape_template(description),
            alarm_rule=rule,
            alarm_actions=list(actions),
            ok_actions=list(ok_actions),
            actions_suppressor=CloudwatchCompositeAlarmActionsSuppressor(
                alarm=escape_template(suppressor.alarm),
                wait_period=suppressor.wait_period,
                extension_period=suppressor.extension_period,
            )
            if suppressor
            else None,
            lifecycle=replaced_with(self, rule),
        )
        self.arn: str = self.alarm.arn
