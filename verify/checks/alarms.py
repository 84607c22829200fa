"""The alarms: each exists as deployed, is enabled, and calls what it is meant to call."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.alarms import AlarmSpec, CompositeAlarmSpec, alarm_specs
from deployment.resources.log_alarms import LogAlarmSpec
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.advice import aws_command, stack_created_again
from verify.evaluation import contributors_in_alarm, evaluation_problem, shown_contributors
from verify.result import Check, Status, judged

#: How long a new alarm may go unevaluated.
_NEW = timedelta(hours=1)
#: How many alarms one call can name (DescribeAlarms).
_NAMES_A_CALL = 100
#: What changes when an alarm fires, and no plan shows: the AWS provider knows none of it.
_UNSEEN_BY_PLAN = {
    ("EvaluationWindow", "WallClockWindow"): "it looks at whole hours or days only (EvaluationWindow)",
    ("WarmUpConfiguration", "WarmUpPeriodDurationInMinutes"): (
        "it does not fire for some time after each change (WarmUpConfiguration)"
    ),
}


def check(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check every alarm of the deployment."""
    cloudwatch = account.client("cloudwatch")
    found = {alarm["AlarmName"]: alarm for alarm in _found(cloudwatch, region)}
    for spec in alarm_specs(region).values():
        if spec.name in found:
            yield _judged(region, spec, found[spec.name], cloudwatch, window)
        else:
            yield Check("alarm", spec.name, Status.FAILED, f"does not exist: {_cure(region, spec)}")


def compared_settings(spec: AlarmSpec) -> dict[str, Any]:
    """Return what decides when an alarm fires, as DescribeAlarms names it; None for what must not be set."""
    if isinstance(spec, CompositeAlarmSpec):
        suppressor = spec.suppressor
        return {
            "AlarmRule": spec.rule,
            "ActionsSuppressor": suppressor.alarm if suppressor else None,
            "ActionsSuppressorWaitPeriod": suppressor.wait_period if suppressor else None,
            "ActionsSuppressorExtensionPeriod": suppressor.extension_period if suppressor else None,
        }
    if isinstance(spec, LogAlarmSpec):
        return {
            "QueryString": spec.query.query,
            "AggregationExpression": spec.query.aggregation,
            "LogGroupIdentifiers": list(spec.log_group_names),
            "ScheduledQueryRoleARN": spec.query_role_arn,
            "ScheduleExpression": spec.schedule_expression,
            "StartTimeOffset": spec.start_time_offset,
            "EndTimeOffset": spec.end_time_offset,
            "QueryResultsToEvaluate": spec.evaluated_results,
            "QueryResultsToAlarm": spec.results_to_alarm,
            "Threshold": spec.threshold,
            "ComparisonOperator": spec.comparison_operator,
            "TreatMissingData": spec.treat_missing_data,
            "ActionLogLineCount": spec.log_lines or None,
            "ActionLogLineRoleArn": spec.log_line_role_arn,
        }
    return {
        "Namespace": spec.namespace,
        "MetricName": spec.metric_name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in spec.dimensions.items()] or None,
        "Unit": None,
        "Statistic": spec.statistic,
        "ComparisonOperator": spec.comparison_operator,
        "Threshold": spec.threshold,
        "Period": spec.period,
        "EvaluationPeriods": spec.evaluation_periods,
        "DatapointsToAlarm": spec.datapoints_to_alarm,
        "TreatMissingData": spec.treat_missing_data,
    }


def _found(cloudwatch: Any, region: RegionPlan) -> Iterator[Mapping[str, Any]]:
    """Return the alarms that are named like this deployment's, and those that it has adopted."""
    adopted = list(region.names.adopted.alarms.values())
    wanted: list[dict[str, Any]] = [{"AlarmNamePrefix": region.names.alarm_prefix}]
    wanted += [
        {"AlarmNames": adopted[start : start + _NAMES_A_CALL]}
        for start in range(0, len(adopted), _NAMES_A_CALL)
    ]
    types = ["MetricAlarm", "CompositeAlarm", *(["LogAlarm"] if region.has_log_alarms else [])]
    for names in wanted:
        pages = cloudwatch.get_paginator("describe_alarms").paginate(**names, AlarmTypes=types)
        for page in pages:
            yield from page.get("MetricAlarms", [])
            yield from page.get("CompositeAlarms", [])
            yield from page.get("LogAlarms", [])


def _judged(
    region: RegionPlan, alarm: AlarmSpec, found: Mapping[str, Any], cloudwatch: Any, window: Window
) -> Check:
    failed, warnings, state = _state(found, cloudwatch, window)
    if problem := evaluation_problem(found):
        (failed if "EVALUATION_ERROR" in problem else warnings).append(problem)
    if isinstance(alarm, CompositeAlarmSpec) and found.get("ActionsSuppressor"):
        warnings += _suppression(found["ActionsSuppressor"], cloudwatch)
    failures = [*_setting_problems(region, alarm, found), *_action_problems(region, alarm, found), *failed]
    return judged("alarm", alarm.name, failures=failures, warnings=warnings, ok=state)


def _cure(region: RegionPlan, alarm: AlarmSpec) -> str:
    """Say what brings an alarm back."""
    if isinstance(alarm, LogAlarmSpec):
        return stack_created_again(region, alarm.stack_name)
    return "apply the stack again"


def _setting_problems(region: RegionPlan, alarm: AlarmSpec, found: Mapping[str, Any]) -> Iterator[str]:
    settings = _flat(found)
    drift = [
        f"{setting} is {settings.get(setting)!r} instead of {value!r}"
        if setting != "QueryString"
        else "its query is another one"
        for setting, value in compared_settings(alarm).items()
        if (settings.get(setting) or None) != (value or None)
    ]
    if drift:
        yield f"{', '.join(drift)}: {_cure(region, alarm)}"
    if unseen := _unseen(found):
        cure = _cure(region, alarm)
        if not isinstance(alarm, LogAlarmSpec) and found["ActionsEnabled"]:
            # Whatever change makes an apply write the whole alarm again: without these settings, then.
            change = aws_command(region, "cloudwatch disable-alarm-actions", alarm_names=alarm.name)
            cure = f"run {change}, then {cure}"
        yield f"{', '.join(unseen)}: {cure}"


def _unseen(found: Mapping[str, Any]) -> list[str]:
    return [text for (setting, member), text in _UNSEEN_BY_PLAN.items() if member in found.get(setting, {})]


def _flat(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings of an alarm, those of a log alarm's query and schedule among them.

    A log group is the name in its ARN, and may be given by both.
    """
    query = found.get("ScheduledQueryConfiguration", {})
    settings = {**found, **query, **query.get("ScheduleConfiguration", {})}
    if groups := query.get("LogGroupIdentifiers"):
        settings["LogGroupIdentifiers"] = [each.rpartition(":log-group:")[2] for each in groups]
    return settings


def _action_problems(region: RegionPlan, alarm: AlarmSpec, found: Mapping[str, Any]) -> Iterator[str]:
    if missing := [action for action in alarm.actions if action not in found["AlarmActions"]]:
        notified = "does not call" if found["AlarmActions"] else "notifies nobody: it does not call"
        yield f"{notified} {', '.join(missing)}: {_cure(region, alarm)}"
    if missing := [action for action in alarm.ok_actions if action not in found.get("OKActions", [])]:
        yield f"does not call {', '.join(missing)} when it returns to OK: {_cure(region, alarm)}"
    if alarm.actions and not found["ActionsEnabled"]:
        command = aws_command(region, "cloudwatch enable-alarm-actions", alarm_names=alarm.name)
        cure = "apply the stack again" if _unseen(found) else f"run {command}"
        yield f"notifies nobody: its actions are switched off; {cure}"


def _suppression(suppressor: str, cloudwatch: Any) -> Iterator[str]:
    """Say whether another alarm suppresses the actions of a composite alarm: it is meant to, for a time."""
    name = suppressor.rpartition(":alarm:")[2]
    found = cloudwatch.describe_alarms(
        AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM"
    )
    for each in [*found.get("MetricAlarms", []), *found.get("CompositeAlarms", [])]:
        since = each.get("StateTransitionedTimestamp", each["StateUpdatedTimestamp"])
        yield (
            f"notifies nobody while {name}, which suppresses it, is in ALARM, as it is since {shown(since)}: "
            "end what keeps that alarm there"
        )


def _state(found: Mapping[str, Any], cloudwatch: Any, window: Window) -> tuple[list[str], list[str], str]:
    """Return what is wrong with the state, what may be, and what to say of it otherwise."""
    state = found["StateValue"]
    since = found.get("StateTransitionedTimestamp", found["StateUpdatedTimestamp"])
    if state == "INSUFFICIENT_DATA" and "EvaluationState" in found:
        return [], [], ""  # which says why
    if state == "INSUFFICIENT_DATA":
        text = f"is INSUFFICIENT_DATA since {shown(since)}"
        if since > window.end - _NEW:
            advice = "a new alarm is, until CloudWatch has evaluated it; check again in some minutes"
            return [], [f"{text}: {advice}"], ""
        # An alarm of the deployment takes missing data for OK, or for ALARM: it never lacks data.
        advice = "unless a setting explains it, ask AWS"
        return [f"{text}: CloudWatch does not evaluate it, so it cannot fire; {advice}"], [], ""
    if state != "ALARM":
        return [], [], "as deployed, and in OK"
    try:
        history = cloudwatch.describe_alarm_history(
            AlarmName=found["AlarmName"],
            # By default, the history of metric alarms alone.
            AlarmTypes=["MetricAlarm", "CompositeAlarm", "LogAlarm"],
            HistoryItemType="Action",
            StartDate=since,
            MaxRecords=10,
        )["AlarmHistoryItems"]
    except ClientError as error:
        return [], [f"is in ALARM since {shown(since)}; whether its action succeeded is unknown: {error}"], ""
    failed = [item["HistorySummary"] for item in history if item["HistorySummary"].startswith("Failed")]
    by = ""
    if "ScheduledQueryConfiguration" in found:
        try:
            by = f", by {shown_contributors(contributors_in_alarm(cloudwatch, found['AlarmName']))}"
        except ClientError as error:
            by = f"; its contributors are unknown: {error}"
    return failed[:1], [], f"as deployed, and in ALARM since {shown(since)}{by}"
