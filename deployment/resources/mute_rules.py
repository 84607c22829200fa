"""Alarm mute rules: a maintenance window becomes one for up to a hundred alarms.

The AWS provider 5 has no resource for them: each is a CloudFormation stack of its own, as a log alarm is. The
shape is that of AWS::CloudWatch::AlarmMuteRule, which is that of PutAlarmMuteRule.
"""

import json
from dataclasses import dataclass
from typing import Any

from deployment.resolution.region_plan import RegionPlan
from deployment.resolution.stable_groups import stable_groups
from deployment.resources.alarms import RegionAlarm, alarms
from deployment.settings.mute import MutedAlarms, MuteSettings

#: The id of the rule in the template of its stack.
_LOGICAL_ID = "MuteRule"
#: The alarms that a rule names at most (PutAlarmMuteRule), and on average.
ALARMS_A_RULE = 100
_ALARMS_ON_AVERAGE = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteRuleSpec:
    """An alarm mute rule, in the words of PutAlarmMuteRule."""

    key: str
    """The maintenance window, by its name in the deployment file."""
    name: str
    stack_name: str
    """The CloudFormation stack that holds it."""
    description: str
    expression: str
    """When it begins: a cron or at expression."""
    duration: str
    """How long it mutes, in ISO 8601."""
    time_zone: str
    alarm_names: tuple[str, ...]
    """The alarms that it mutes, sorted, at most 100."""

    @property
    def schedule(self) -> dict[str, str]:
        """When it mutes, as PutAlarmMuteRule takes it."""
        return {"Expression": self.expression, "Duration": self.duration, "Timezone": self.time_zone}

    @property
    def properties(self) -> dict[str, Any]:
        """The parameters of PutAlarmMuteRule, which are the properties of the CloudFormation resource."""
        return {
            "Name": self.name,
            "Description": self.description,
            "Rule": {"Schedule": self.schedule},
            "MuteTargets": {"AlarmNames": list(self.alarm_names)},
        }

    @property
    def template(self) -> str:
        """The JSON of its stack's template."""
        rule = {"Type": "AWS::CloudWatch::AlarmMuteRule", "Properties": self.properties}
        return json.dumps(
            {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {_LOGICAL_ID: rule}}, ensure_ascii=False
        )


def muted_events(muted: MutedAlarms, alarm: RegionAlarm) -> set[str]:
    """Return the keys of the events of an alarm that a window names, by themselves or by a pack."""
    events = (alarm.event,) if alarm.event else alarm.events
    return {
        event.key
        for event in events
        if event.key in muted.events or not set(muted.packs).isdisjoint(event.packs)
    }


def mutes(muted: MutedAlarms, alarm: RegionAlarm) -> bool:
    """Return whether a maintenance window mutes an alarm: of several events, only if it names them all."""
    if muted.all or alarm.severity in muted.severities:
        return True
    events = muted_events(muted, alarm)
    if events and (alarm.event or len(events) == len(alarm.events)):
        return True
    return alarm.key in (
        *(f"correlations.{key}" for key in muted.correlations),
        *(f"composite_alarms.{key}" for key in muted.composite_alarms),
        *(["silence_alarm"] if muted.silence_alarm else []),
    )


def mute_rules(plan: RegionPlan) -> tuple[MuteRuleSpec, ...]:
    """Return the alarm mute rules of a region."""
    return tuple(
        spec
        for key, window in plan.settings.effective_mute.items()
        for spec in _rules_of_window(plan, key, window)
    )


def _rules_of_window(plan: RegionPlan, key: str, window: MuteSettings) -> list[MuteRuleSpec]:
    groups = stable_groups(
        (alarm.name for alarm in alarms(plan) if mutes(window.alarms, alarm)),
        key=str,
        average=_ALARMS_ON_AVERAGE,
        fits=lambda names: len(names) <= ALARMS_A_RULE,
    )
    rules = []
    for number, names in enumerate(groups):
        name = plan.names.mute_rule(key, number)
        if names:
            rules.append(
                MuteRuleSpec(
                    key=key,
                    name=name,
                    stack_name=plan.names.cloudformation_stack(name),
                    description=window.description or f"Maintenance window {key}",
                    expression=window.schedule,
                    duration=window.duration,
                    time_zone=window.time_zone,
                    alarm_names=names,
                )
            )
    return rules
