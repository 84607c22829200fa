"""The alarms: each there and as deployed, switched on, and calling what it was deployed to call."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.checks.check import Check, Status, judged
from verify.checks.deployed_alarms import DeployedAlarm, deployed_alarms

#: How long a new alarm may go unevaluated.
_NEW = timedelta(hours=1)
#: How many alarms one call can name (DescribeAlarms).
_NAMES_A_CALL = 100


def check(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check every alarm of the deployment."""
    cloudwatch = account.client("cloudwatch")
    found = {alarm["AlarmName"]: alarm for alarm in _found(cloudwatch, region)}
    for alarm in deployed_alarms(region):
        if alarm.name in found:
            yield _judged(alarm, found[alarm.name], cloudwatch, window)
        else:
            yield Check("alarm", alarm.name, Status.FAILED, "does not exist: apply the stack again")


def _found(cloudwatch: Any, region: RegionPlan) -> Iterator[Mapping[str, Any]]:
    """Return the alarms that are named like this deployment's, and those that it has adopted."""
    adopted = list(region.names.adopted.alarms.values())
    wanted: list[dict[str, Any]] = [{"AlarmNamePrefix": region.names.alarm_prefix}]
    wanted += [
        {"AlarmNames": adopted[start : start + _NAMES_A_CALL]}
        for start in range(0, len(adopted), _NAMES_A_CALL)
    ]
    for names in wanted:
        pages = cloudwatch.get_paginator("describe_alarms").paginate(
            **names, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        for page in pages:
            yield from page.get("MetricAlarms", [])
            yield from page.get("CompositeAlarms", [])


def _judged(alarm: DeployedAlarm, found: Mapping[str, Any], cloudwatch: Any, window: Window) -> Check:
    failed, warnings, state = _state(found, cloudwatch, window)
    failures = [*_setting_problems(alarm, found), *_action_problems(alarm, found), *failed]
    return judged("alarm", alarm.name, failures=failures, warnings=warnings, ok=state)


def _setting_problems(alarm: DeployedAlarm, found: Mapping[str, Any]) -> Iterator[str]:
    drift = [
        f"{setting} is {found.get(setting)!r} instead of {value!r}"
        for setting, value in alarm.settings.items()
        if (found.get(setting) or None) != (value or None)
    ]
    if drift:
        yield f"{', '.join(drift)}: apply the stack again"


def _action_problems(alarm: DeployedAlarm, found: Mapping[str, Any]) -> Iterator[str]:
    if missing := [action for action in alarm.actions if action not in found["AlarmActions"]]:
        notified = "does not call" if found["AlarmActions"] else "notifies nobody: it does not call"
        yield f"{notified} {', '.join(missing)}: apply the stack again"
    if silent := [action for action in alarm.ok_actions if action not in found.get("OKActions", [])]:
        yield f"does not call {', '.join(silent)} when it rests again: apply the stack again"
    if alarm.actions and not found["ActionsEnabled"]:
        yield (
            "notifies nobody: its actions are switched off; run "
            f"'aws cloudwatch enable-alarm-actions --alarm-names {alarm.name}'"
        )


def _state(found: Mapping[str, Any], cloudwatch: Any, window: Window) -> tuple[list[str], list[str], str]:
    """Return what is wrong with the state, what may be, and what to say of it otherwise."""
    state = found["StateValue"]
    since = found.get("StateTransitionedTimestamp", found["StateUpdatedTimestamp"])
    if state == "INSUFFICIENT_DATA":
        text = f"is INSUFFICIENT_DATA since {shown(since)}"
        if since > window.end - _NEW:
            advice = "a new alarm is, until CloudWatch has evaluated it; ask again in some minutes"
            return [], [f"{text}: {advice}"], ""
        # An alarm of the deployment takes missing data for OK, or for ALARM: it never lacks data.
        return [f"{text}: CloudWatch does not evaluate it, so that it cannot ring; apply again"], [], ""
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
