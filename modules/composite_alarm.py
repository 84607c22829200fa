"""An alarm over other alarms: together, or any of them."""

from collections.abc import Sequence
from enum import Enum

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from constructs import Construct

from modules.literal import literal

#: What CloudWatch takes: children of one composite alarm (PutCompositeAlarm).
MAXIMUM_CHILDREN = 100


class Combination(Enum):
    """When the composite alarm rings."""

    ALL = " AND "
    """While all of the alarms do."""
    ANY = " OR "
    """While any of the alarms does."""


class CompositeAlarm(Construct):
    """Rings while all, or any, of other alarms in the same account and region do.

    The rule refers to the alarms as resources, so that terraform makes it after them and destroys it before
    them: CloudWatch refuses to delete an alarm that a rule names.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The alarm's name, unique in the region.
        combination: Whether all or any of the alarms must ring.
        alarm_names: The alarms' names, as tokens of their resources; 1 to 100.
        description: The alarm's description, at most 1,024 characters.
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
        alarm_names: Sequence[str],
        description: str,
        actions: Sequence[str] = (),
        ok_actions: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        if not 1 <= len(alarm_names) <= MAXIMUM_CHILDREN:
            raise ValueError(
                f"composite alarm {name}: it takes 1 to {MAXIMUM_CHILDREN} alarms, not {len(alarm_names)}"
            )
        self.arn: str = CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=literal(description),
            alarm_rule=combination.value.join(f'ALARM("{child}")' for child in alarm_names),
            alarm_actions=list(actions),
            ok_actions=list(ok_actions),
        ).arn
