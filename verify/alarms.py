"""The alarms: each there and as deployed, switched on, and calling what it was deployed to call."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from catalog import SecurityEvent
from deployment import MonitoredRegion
from verify.account import Account
from verify.check import Check, Status, judged
from verify.topics import topic_arn
from verify.window import Window, shown

#: What all alarms have in common, in the words of the API.
_COMMON: Mapping[str, Any] = {
    "Statistic": "Sum",
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
    "Dimensions": None,
    "Unit": None,
}
#: How long a new alarm may go unevaluated.
_NEW = timedelta(hours=1)


def check(region: MonitoredRegion, account: Account, window: Window) -> Iterator[Check]:
    """Check the alarm of each event that has one."""
    cloudwatch = account.client("cloudwatch")
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=region.names.alarm(""), AlarmTypes=["MetricAlarm"]
    )
    found = {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}
    for event in region.events:
        if event.alarm:
            name = region.names.alarm(event.key)
            if name in found:
                yield _judged(region, event, found[name], cloudwatch, window)
            else:
                yield Check("alarm", name, Status.FAILED, "does not exist: apply the stack again")


def _judged(
    region: MonitoredRegion, event: SecurityEvent, found: Mapping[str, Any], cloudwatch: Any, window: Window
) -> Check:
    failures = []
    drift = [
        f"{setting} is {found.get(setting)!r} instead of {value!r}"
        for setting, value in _wanted(region, event).items()
        if (found.get(setting) or None) != value
    ]
    if drift:
        failures.append(f"{', '.join(drift)}: apply the stack again")
    wanted = _actions(region, event)
    if missing := [action for action in wanted if action not in found["AlarmActions"]]:
        notified = "does not call" if found["AlarmActions"] else "notifies nobody: it does not call"
        failures.append(f"{notified} {', '.join(missing)}: apply the stack again")
    elif wanted and not found["ActionsEnabled"]:
        failures.append(
            "notifies nobody: its actions are switched off; run "
            f"'aws cloudwatch enable-alarm-actions --alarm-names {found['AlarmName']}'"
        )
    failed, warnings, state = _state(found, cloudwatch, window)
    return judged("alarm", found["AlarmName"], failures=[*failures, *failed], warnings=warnings, ok=state)


def _wanted(region: MonitoredRegion, event: SecurityEvent) -> dict[str, Any]:
    assert event.alarm is not None, "asked for only where there is one"
    return {
        "Namespace": region.settings.metric_namespace,
        "MetricName": event.metric_name,
        "Threshold": event.alarm.threshold,
        "Period": event.alarm.period,
        "EvaluationPeriods": event.alarm.evaluation_periods,
        "DatapointsToAlarm": event.alarm.datapoints_to_alarm,
        **_COMMON,
    }


def _actions(region: MonitoredRegion, event: SecurityEvent) -> tuple[str, ...]:
    """Return what the alarm is to call; nothing where its severity notifies nobody on purpose."""
    if event.key in region.actions:
        return region.actions[event.key]
    topic = region.topic(event)
    return (topic_arn(region, topic),) if topic else ()


def _state(found: Mapping[str, Any], cloudwatch: Any, window: Window) -> tuple[list[str], list[str], str]:
    """Return what is wrong with the state, what may be, and what to say of it otherwise."""
    state = found["StateValue"]
    since = found.get("StateTransitionedTimestamp", found["StateUpdatedTimestamp"])
    if state == "INSUFFICIENT_DATA":
        text = f"is INSUFFICIENT_DATA since {shown(since)}"
        if since > window.end - _NEW:
            return (
                [],
                [f"{text}: a new alarm is, until CloudWatch has evaluated it; ask again in some minutes"],
                "",
            )
        return (
            [f"{text}, though missing data count as OK: CloudWatch does not evaluate it; apply again"],
            [],
            "",
        )
    if state != "ALARM":
        return [], [], "as deployed, and at rest"
    try:
        history = cloudwatch.describe_alarm_history(
            AlarmName=found["AlarmName"], HistoryItemType="Action", StartDate=since, MaxRecords=10
        )["AlarmHistoryItems"]
    except ClientError as error:
        return [], [f"is in ALARM since {shown(since)}; whether its action succeeded is unknown: {error}"], ""
    failed = [item["HistorySummary"] for item in history if item["HistorySummary"].startswith("Failed")]
    return failed[:1], [], f"as deployed, and in ALARM since {shown(since)}"
