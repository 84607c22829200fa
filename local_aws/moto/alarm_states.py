"""CloudWatch: alarms change their state, call their actions and keep a history, which moto's do not.

`evaluate_alarms` is one round of CloudWatch's own evaluation, which runs every minute there. It knows metric
alarms over one metric with a plain statistic, and composite alarms; an alarm over an expression keeps its
state. A new alarm is OK, as moto has it, where CloudWatch's begins as INSUFFICIENT_DATA.

The data points of an alarm are its N latest periods, of which the last ends with the current minute. Where
data is missing, CloudWatch looks back further than that, as far as it does not say; here, a missing period is
treated as `TreatMissingData` says and never replaced by an older one. The evaluation of `replay`, in
`replay.engine`, says the same of the alarms of a deployment; it is another one since it runs over months of
minutes, and so that each is evidence for the other.
"""

import json
import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from moto.cloudwatch.models import (
    Alarm,
    CloudWatchBackend,
    MetricDatumBase,
    Statistics,
    cloudwatch_backends,
)
from moto.core.utils import utcnow

from local_aws.calls import Call, Handlers, kept
from local_aws.moto.composite_alarms import STATE, children
from local_aws.moto.mute_rules import is_muted
from local_aws.moto.topics import publish

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
_STATISTICS = ("Sum", "Average", "Minimum", "Maximum", "SampleCount")
_MINUTE = timedelta(minutes=1)


def evaluate_alarms(at: datetime) -> None:
    """Evaluate every alarm of every account and region.

    Args:
        at: The time to evaluate for, in UTC and without a time zone: data up to the end of its minute counts.
    """
    for regions in list(cloudwatch_backends.values()):
        for backend in list(regions.values()):
            _evaluate(backend, at)


def _evaluate(backend: CloudWatchBackend, at: datetime) -> None:
    composites = [alarm for alarm in backend.alarms.values() if alarm.rule is not None]
    data = backend.metric_data if len(composites) < len(backend.alarms) else []
    by_metric: dict[tuple[str, str], list[MetricDatumBase]] = {}
    for datum in data:
        by_metric.setdefault((datum.namespace, datum.name), []).append(datum)
    for alarm in backend.alarms.values():
        if alarm.rule is None and alarm.comparison_operator in COMPARISONS:
            of_metric = by_metric.get((alarm.namespace, alarm.metric_name), [])
            if alarm.statistic in _STATISTICS:
                _change(backend, alarm, *_judged(alarm, list(_datapoints(alarm, of_metric, at))), at=at)
    # A composite alarm may watch others, which come before it.
    for alarm in composites:
        state = "ALARM" if _holds(str(alarm.rule), backend) else "OK"
        _change(backend, alarm, state, f"{alarm.rule} is {'true' if state == 'ALARM' else 'false'}", at=at)


def _datapoints(alarm: Alarm, data: Sequence[MetricDatumBase], at: datetime) -> Iterator[float | None]:
    """Yield the value of each of the alarm's periods, the latest first; None without data."""
    dimensions = {(each.name, each.value) for each in alarm.dimensions}
    end = at.replace(second=0, microsecond=0) + _MINUTE
    period = timedelta(seconds=alarm.period)
    edges = [end - number * period for number in range(alarm.evaluation_periods + 1)]
    for stop, start in pairwise(edges):
        statistics = Statistics([alarm.statistic], start)
        statistics.metric_data = [
            datum
            for datum in data
            if start <= datum.timestamp < stop
            and {(each.name, each.value) for each in datum.dimensions} == dimensions
            and alarm.unit in (None, datum.unit)
        ]
        value: Any = statistics.get_statistics_for_type(alarm.statistic)
        yield value if statistics.metric_data else None


def _judged(alarm: Alarm, datapoints: Sequence[float | None]) -> tuple[str, str]:
    """Return the state of a metric alarm and the reason for it."""
    compare, words = COMPARISONS[alarm.comparison_operator]
    known = [value for value in datapoints if value is not None]
    missing = len(datapoints) - len(known)
    treatment = alarm.treat_missing_data or "missing"
    if not known and treatment == "ignore":
        return alarm.state_value, alarm.state_reason
    if not known and treatment == "missing":
        return "INSUFFICIENT_DATA", f"Insufficient Data: {missing} datapoints were unknown."
    breaching = sum(compare(value, alarm.threshold) for value in known)
    needed = alarm.datapoints_to_alarm or alarm.evaluation_periods
    if treatment == "breaching":
        breaching += missing
    elif treatment in ("missing", "ignore"):
        needed = min(needed, len(known))
    state = "ALARM" if breaching >= needed else "OK"
    shown = ", ".join("unknown" if value is None else str(value) for value in datapoints)
    crossed = f"was {words}" if state == "ALARM" else f"was not {words}"
    return state, f"Threshold Crossed: {breaching} of [{shown}] {crossed} the threshold ({alarm.threshold})."


def _holds(rule: str, backend: CloudWatchBackend) -> bool:
    """Return whether the rule of a composite alarm is true: NOT before AND before OR, parentheses first."""

    def stands(found: re.Match[str]) -> str:
        (name,) = children(found[0])
        alarm = backend.alarms.get(name)
        return str(alarm is not None and found[0].startswith(f"{alarm.state_value}(")).upper()

    text = STATE.sub(stands, rule)
    while "(" in text:
        text = re.sub(r"\(([^()]*)\)", lambda found: f" {_is_true(found[1])} ".upper(), text)
    return _is_true(text)


def _is_true(text: str) -> bool:
    """Return the value of TRUE, FALSE, NOT, AND and OR without parentheses."""
    return any(
        all((term.split().count("NOT") % 2 == 0) == term.endswith("TRUE") for term in _terms(each, "AND"))
        for each in _terms(text, "OR")
    )


def _terms(text: str, word: str) -> list[str]:
    return [term.strip() for term in re.split(rf"\b{word}\b", text)]


def _change(backend: CloudWatchBackend, alarm: Alarm, state: str, reason: str, *, at: datetime) -> None:
    """Give an alarm its state; where that is another one, write it down and call the alarm's actions."""
    before = alarm.state_value
    if state == before:
        return
    alarm.update_state(reason, "{}", state)
    # The history of the change begins at the time of the change, and not before it.
    alarm.state_updated_timestamp = at
    alarm_type = "MetricAlarm" if alarm.rule is None else "CompositeAlarm"
    note(
        *(backend, alarm.name, alarm_type, at, "StateUpdate"),
        f"Alarm updated from {before} to {state}",
        {"oldState": {"stateValue": before}, "newState": {"stateValue": state, "stateReason": reason}},
    )
    actions = {
        "ALARM": alarm.alarm_actions,
        "OK": alarm.ok_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }[state]
    suppressor = (getattr(alarm, "actions_suppressor", None) or "").rpartition(":alarm:")[2]
    suppressed = suppressor in backend.alarms and backend.alarms[suppressor].state_value == "ALARM"
    suppressed = suppressed or is_muted(backend, str(alarm.name))
    for action in actions if alarm.actions_enabled and not suppressed else ():
        refused = _call(backend, alarm, action, before, at)
        note(backend, alarm.name, alarm_type, at, "Action", *action_noted(action, refused, at))


def _call(backend: CloudWatchBackend, alarm: Alarm, action: str, before: str, at: datetime) -> str:
    """Publish to a topic and return why it was refused; nothing runs for an action of another kind."""
    if action.split(":")[2] != "sns":
        return ""
    subject = f'{alarm.state_value}: "{alarm.name}" in {backend.region_name}'
    return publish(action, subject, json.dumps(_message(backend, alarm, before, at)), at=at)


def _message(backend: CloudWatchBackend, alarm: Alarm, before: str, at: datetime) -> Mapping[str, Any]:
    """Return the message that CloudWatch publishes to a topic."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": iso(at),
        "Region": backend.region_name,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        **(
            {"AlarmRule": alarm.rule}
            if alarm.rule is not None
            else {
                "Trigger": {
                    "MetricName": alarm.metric_name,
                    "Namespace": alarm.namespace,
                    "Statistic": alarm.statistic.upper(),
                    "Period": alarm.period,
                    "EvaluationPeriods": alarm.evaluation_periods,
                    "ComparisonOperator": alarm.comparison_operator,
                    "Threshold": alarm.threshold,
                }
            }
        ),
    }


def iso(at: datetime) -> str:
    """Return a time as CloudWatch writes it into messages and history."""
    return f"{at.isoformat(timespec='milliseconds')}+0000"


def note(
    backend: CloudWatchBackend,
    alarm_name: str,
    alarm_type: str,
    at: datetime,
    kind: str,
    summary: str,
    data: Mapping[str, Any],
    **of_contributor: Any,
) -> None:
    """Write an item of an alarm's history.

    Args:
        backend: CloudWatch in one account and region.
        alarm_name: The alarm.
        alarm_type: `MetricAlarm`, `CompositeAlarm` or `LogAlarm`.
        at: When, in UTC and without a time zone.
        kind: `StateUpdate` or `Action`.
        summary: What happened, a sentence.
        data: The same as data.
        of_contributor: The members of the item that name a contributor of the alarm.
    """
    kept(backend, "alarm_history").setdefault("items", []).append(
        {
            "AlarmName": alarm_name,
            "AlarmType": alarm_type,
            "Timestamp": at,
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps(data),
            **of_contributor,
        }
    )


def action_noted(action: str, refused: str, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """Return the summary and the data of an action's item in the history.

    Args:
        action: The action's ARN.
        refused: Why it was refused; empty where it was not.
        at: When the state changed that called it.
    """
    summary = (
        f"Failed to execute action {action}. Received error: {refused!r}"
        if refused
        else f"Successfully executed action {action}"
    )
    return summary, {"actionState": "Failed" if refused else "Succeeded", "stateUpdateTimestamp": iso(at)}


def set_alarm_state(call: Call) -> Mapping[str, Any] | None:
    """Give a metric or composite alarm the state that a caller asks for."""
    backend = cloudwatch_backends[call.account_id][call.region]
    alarm = backend.alarms.get(call.parameters["AlarmName"])
    if alarm is None:
        return None  # moto refuses the call
    _change(backend, alarm, call.parameters["StateValue"], call.parameters["StateReason"], at=utcnow())
    return {}


def _describe_alarm_history(call: Call) -> Mapping[str, Any]:
    """All items that match, on one page as far as MaxRecords allows; those of metric alarms by default."""
    wanted = call.parameters
    items = kept(cloudwatch_backends[call.account_id][call.region], "alarm_history").get("items", [])
    types = wanted.get("AlarmTypes") or ["MetricAlarm"]
    found = [
        item
        for item in items
        if item["AlarmType"] in types
        and item["AlarmName"] == wanted.get("AlarmName", item["AlarmName"])
        and item["HistoryItemType"] == wanted.get("HistoryItemType", item["HistoryItemType"])
        and wanted.get("StartDate", item["Timestamp"]) <= item["Timestamp"]
        and item["Timestamp"] <= wanted.get("EndDate", item["Timestamp"])
    ]
    if wanted.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        found.reverse()
    return {"AlarmHistoryItems": found[: wanted.get("MaxRecords", 100)]}


HANDLERS: Handlers = {
    ("cloudwatch", "DescribeAlarmHistory"): _describe_alarm_history,
    ("cloudwatch", "SetAlarmState"): set_alarm_state,
}
