"""CloudWatch: composite alarms, which moto lacks, and the rules that bind them to the alarms they watch.

Of metric alarms, moto forgets the evaluation window and the warm-up; they are kept here, and change nothing.
"""

import re
from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends

from local_aws.calls import ApiError, Call, Handlers, kept

MOST_CHILDREN = 100

STATE = re.compile(r'\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"(?P<quoted>[^"]+)"|(?P<bare>[^"\s()]+))\s*\)')
"""A state that a rule asks for: of an alarm by name or ARN, in quotes or bare."""

# With this in place of each state and constant, a rule is sound if the steps below leave nothing else.
_VALUE = "\0"
_STEPS = tuple(map(re.compile, (r"\(\s*\0\s*\)", r"\bNOT\s*\0", r"\0\s*(?:AND|OR)\s*\0")))

# Arguments of moto's method that only a metric alarm has.
_OF_METRIC_ALARMS: Mapping[str, Any] = dict.fromkeys(
    (
        *("namespace", "metric_name", "statistic", "period"),
        *("threshold", "comparison_operator", "evaluation_periods"),
    )
)
_SUPPRESSION = {
    "ActionsSuppressor": "actions_suppressor",
    "ActionsSuppressorWaitPeriod": "actions_suppressor_wait_period",
    "ActionsSuppressorExtensionPeriod": "actions_suppressor_extension_period",
}


_FORGOTTEN = {"EvaluationWindow": "evaluation_window", "WarmUpConfiguration": "warm_up_configuration"}


def _backend(call: Call) -> CloudWatchBackend:
    return cloudwatch_backends[call.account_id][call.region]


def children(rule: str) -> set[str]:
    """The names of the alarms that a rule watches; an ARN counts as the name in it."""
    return {(match["quoted"] or match["bare"]).rpartition(":alarm:")[2] for match in STATE.finditer(rule)}


def is_sound(rule: str) -> bool:
    """Whether a rule is an expression of states, TRUE, FALSE, AND, OR, NOT and parentheses."""
    rest = re.sub(r"\b(?:TRUE|FALSE)\b", _VALUE, STATE.sub(_VALUE, rule)).strip()
    before = None
    while rest != before:
        before = rest
        for step in _STEPS:
            rest = step.sub(_VALUE, rest)
    return rest == _VALUE


def _put_composite_alarm(call: Call) -> Mapping[str, Any]:
    backend = _backend(call)
    given = call.parameters
    rule, name = given["AlarmRule"], given["AlarmName"]
    watched = children(rule)
    if not is_sound(rule):
        raise ApiError("ValidationError", f"AlarmRule cannot be parsed: {rule}")
    if len(watched) > MOST_CHILDREN:
        raise ApiError("ValidationError", f"AlarmRule names {len(watched)} alarms, more than {MOST_CHILDREN}")
    suppressor = given.get("ActionsSuppressor", "").rpartition(":alarm:")[2]
    missing = sorted((watched | ({suppressor} if suppressor else set())) - set(backend.alarms))
    if missing:
        message = f"Could not save the composite alarm as alarms {missing} in the alarm rule do not exist"
        raise ApiError("ValidationError", message)
    alarm = backend.put_metric_alarm(
        name=name,
        rule=rule,
        description=given.get("AlarmDescription", ""),
        actions_enabled=given.get("ActionsEnabled", True),
        alarm_actions=given.get("AlarmActions", []),
        ok_actions=given.get("OKActions", []),
        insufficient_data_actions=given.get("InsufficientDataActions", []),
        tags=given.get("Tags", []),
        dimensions=[],
        **_OF_METRIC_ALARMS,
    )
    # moto's record has no place for these; its serializer finds them by their names.
    for member, attribute in _SUPPRESSION.items():
        setattr(alarm, attribute, given.get(member))
    return {}


def _put_metric_alarm(call: Call) -> None:
    """Note what moto forgets; an alarm that is put again without it has none any more."""
    given = call.parameters
    noted = {attribute: given[member] for member, attribute in _FORGOTTEN.items() if member in given}
    kept(_backend(call), "alarm_windows")[given["AlarmName"]] = noted


def describe_alarms(call: Call) -> Mapping[str, Any]:
    """All alarms that match, on one page; metric alarms alone unless the call names the types it wants."""
    wanted = call.parameters
    types = wanted.get("AlarmTypes") or ["MetricAlarm"]
    found = [alarm for alarm in _backend(call).alarms.values() if is_asked_for(alarm, wanted)]
    for alarm in found:
        vars(alarm).update(kept(_backend(call), "alarm_windows").get(alarm.name, {}))
    metric = [alarm for alarm in found if alarm.rule is None] if "MetricAlarm" in types else []
    composite = [alarm for alarm in found if alarm.rule is not None] if "CompositeAlarm" in types else []
    return {"MetricAlarms": metric, "CompositeAlarms": composite}


def is_asked_for(alarm: Any, wanted: Mapping[str, Any]) -> bool:
    """Whether a request of DescribeAlarms asks for an alarm, whatever its type."""
    actions = [*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions]
    prefix = wanted.get("ActionPrefix", "")
    return (
        alarm.name in (wanted.get("AlarmNames") or [alarm.name])
        and alarm.name.startswith(wanted.get("AlarmNamePrefix", ""))
        and wanted.get("StateValue", alarm.state_value) == alarm.state_value
        and (not prefix or any(action.startswith(prefix) for action in actions))
    )


def delete_alarms(call: Call) -> None:
    """Refuse what a remaining composite alarm still watches; moto deletes the rest."""
    doomed = set(call.parameters["AlarmNames"])
    for alarm in _backend(call).alarms.values():
        watched = children(alarm.rule or "") & doomed
        if watched and alarm.name not in doomed:
            names = ", ".join(sorted(watched))
            message = f"Cannot delete {names} as there are composite alarm(s) depending on it."
            raise ApiError("ValidationError", message)


HANDLERS: Handlers = {
    ("cloudwatch", "PutCompositeAlarm"): _put_composite_alarm,
    ("cloudwatch", "PutMetricAlarm"): _put_metric_alarm,
    ("cloudwatch", "DescribeAlarms"): describe_alarms,
    ("cloudwatch", "DeleteAlarms"): delete_alarms,
}
