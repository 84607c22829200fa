"""An alarm over other alarms: together, or any of them."""

from collections.abc import Sequence
from enum import Enum

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import (
    CloudwatchCompositeAlarm,
    CloudwatchCompositeAlarmActionsSuppressor,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from deployment import Suppressor
from deployment.aws.limits import COMPOSITE_CHILDREN
from modules.terraform.escape import literal
from modules.terraform.replacement import replaced_with


class Combination(Enum):
    """When the composite alarm rings."""

    ALL = " AND "
    """While all of the alarms do."""
    ANY = " OR "
    """While any of the alarms does."""


class CompositeAlarm(Construct):
    """Rings while all, or any, of other alarms in the same account and region do.

    The rule refers to the alarms as resources, so that terraform makes it after them and destroys it before
    them: CloudWatch refuses to delete an alarm that a rule names. With another rule the alarm is made anew,
    since terraform changes a rule only after it has deleted what the rule named before.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The alarm's name, unique in the region.
        combination: Whether all or any of the alarms must ring.
        alarms: The alarms, 1 to 100.
        description: The alarm's description, at most 1,024 characters.
        suppressor: An alarm that keeps this one from telling anybody while it rings, such as one for a
            maintenance window; None for none.
        actions: What to notify, at most 5 ARNs.
        ok_actions: What to notify when it rests again, at most 5 ARNs.

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
    ) -> None:
        super().__init__(scope, id)
        if not 1 <= len(alarms) <= COMPOSITE_CHILDREN:
            raise ValueError(
                f"composite alarm {name}: it takes 1 to {COMPOSITE_CHILDREN} alarms, not {len(alarms)}"
            )
        rule = combination.value.join(f'ALARM("{alarm.alarm_name}")' for alarm in alarms)
        self.arn: str = CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=literal(description),
            alarm_rule=rule,
            alarm_actions=list(actions),
            ok_actions=list(ok_actions),
            actions_suppressor=CloudwatchCompositeAlarmActionsSuppressor(
                alarm=literal(suppressor.alarm),
                wait_period=suppressor.wait_period,
                extension_period=suppressor.extension_period,
            )
            if suppressor
            else None,
            lifecycle=replaced_with(self, rule),
        ).arn
