"""CloudWatch: log alarms, which moto lacks, evaluated by running their queries over the records put here.

A run takes the records of its log groups whose own time lies from `StartTimeOffset` to `EndTimeOffset` before
it, so that one which arrives late is seen as long as it is in the window of a later run. A run is due when
the schedule has passed since the one before.

Not documented, and decided here: a contributor is judged over the last N runs, in which its absence does not
breach; one that is not in the latest run is OK. Where none of the last N runs has a result, the alarm is in
the state that `TreatMissingData` says. An alarm whose name a metric or composite alarm has is refused.
"""

import hashlib
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.utilities.utils import get_partition

from local_aws.calls import ApiError, Call, Handlers, kept
from local_aws.insights import InsightsError, UndefinedBehaviorError, parse_query
from local_aws.insights.query import Row
from local_aws.insights.values import number, text
from local_aws.moto.alarm_states import COMPARISONS, action_noted, iso, note, set_alarm_state
from local_aws.moto.composite_alarms import delete_alarms, describe_alarms, is_asked_for
from local_aws.moto.mute_rules import is_muted
from local_aws.moto.topics import publish

LOG_ALARM = "LogAlarm"
AGGREGATION = re.compile(
    r"\s*(?P<aggregate>count\(\*\)|(?:avg|sum|min|max)\(\s*[\w@.`]+\s*\))"
    r"(?:\s+by\s+(?P<by>[\w@.`]+(?:\s*,\s*[\w@.`]+){0,4}))?(?:\s*\|\s*sort\s+(?P<sort>asc|desc))?\s*",
    re.IGNORECASE,
)
"""An aggregation expression: one aggregate, five fields to group by at most, and an order."""
SCHEDULE = re.compile(r"rate\((?P<amount>[1-9]\d*) (?P<unit>minute|hour)s?\)")

MOST_CONTRIBUTORS, MOST_IN_ALARM = 500, 100
_SECONDS = {"minute": 60, "hour": 3600}
_QUERY_ACTIONS = ("logs:StartQuery", "logs:StopQuery", "logs:GetQueryResults", "logs:DescribeLogGroups")
# What starts an alarm from the beginning when it changes; threshold and M of N do not.
_RESETTING = ("QueryString", "LogGroupIdentifiers", "ScheduleConfiguration", "AggregationExpression")
_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_NOTHING = "INSUFFICIENT_DATA"

Group = tuple[tuple[str, str], ...]


class EvaluationError(Exception):
    """A run that gave no result, because of the query or a permission."""


@dataclass
class Contributor:
    """One combination of the values that an alarm groups by.

    Args:
        attributes: The values by field; none for the single value of an alarm without groups.
        state: OK or ALARM.
        reason: Why.
        since: When it came into this state, in UTC and without a time zone.
    """

    attributes: Mapping[str, str]
    state: str = "OK"
    reason: str = ""
    since: datetime = field(default_factory=utcnow)

    @property
    def contributor_id(self) -> str:
        """The id of 16 characters that CloudWatch gives a contributor."""
        return hashlib.sha256(json.dumps(self.attributes, sort_keys=True).encode()).hexdigest()[:16]


@dataclass
class EvaluatedLogAlarm:
    """A log alarm and what its runs have found.

    Args:
        settings: The request of PutLogAlarm.
        alarm_arn: Its ARN.
        state_value: Its state.
        state_reason: Why.
        evaluation_state: EVALUATION_ERROR or PARTIAL_DATA; empty where a run went well.
        runs: The results of the last N runs: numbers by group.
        contributors: Those that are known, by their values.
        last_run: When the last run was; None before the first.
        updated: When its state was last set.
        transitioned: When its state last changed.
        configured: When it was put.
    """

    settings: Mapping[str, Any]
    alarm_arn: str
    state_value: str = _NOTHING
    state_reason: str = "Unchecked: Initial alarm creation"
    evaluation_state: str = ""
    runs: deque[Mapping[Group, float]] = field(default_factory=deque)
    contributors: dict[Group, Contributor] = field(default_factory=dict)
    last_run: datetime | None = None
    updated: datetime = field(default_factory=utcnow)
    transitioned: datetime = field(default_factory=utcnow)
    configured: datetime = field(default_factory=utcnow)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.settings["AlarmName"])

    @property
    def query(self) -> Mapping[str, Any]:
        """The configuration of its scheduled query."""
        configuration: Mapping[str, Any] = self.settings["ScheduledQueryConfiguration"]
        return configuration

    @property
    def alarm_actions(self) -> Sequence[str]:
        """What it calls when it goes to ALARM."""
        return list(self.settings.get("AlarmActions", ()))

    @property
    def ok_actions(self) -> Sequence[str]:
        """What it calls when it returns to OK."""
        return list(self.settings.get("OKActions", ()))

    @property
    def insufficient_data_actions(self) -> Sequence[str]:
        """What it calls when it lacks data."""
        return list(self.settings.get("InsufficientDataActions", ()))

    @property
    def schedule(self) -> timedelta:
        """The time between two runs."""
        return schedule_of(self.query["ScheduleConfiguration"]["ScheduleExpression"])

    def described(self) -> Mapping[str, Any]:
        """Return it as DescribeAlarms does."""
        settings = {name: value for name, value in self.settings.items() if name != "Tags"}
        query = {name: value for name, value in self.query.items() if name != "Tags"}
        *_, region, account, _, _ = self.alarm_arn.split(":", 6)
        partition = self.alarm_arn.split(":")[1]
        digest = hashlib.sha256(self.name.encode()).hexdigest()[:32]
        query["QueryARN"] = f"arn:{partition}:logs:{region}:{account}:scheduled-query:{digest}"
        return {
            "ActionsEnabled": True,
            **settings,
            **{name: settings.get(name, []) for name in _ACTIONS.values()},
            "ScheduledQueryConfiguration": query,
            "TreatMissingData": settings.get("TreatMissingData", "missing"),
            "AlarmArn": self.alarm_arn,
            "AlarmConfigurationUpdatedTimestamp": self.configured,
            "StateValue": self.state_value,
            "StateReason": self.state_reason,
            "StateUpdatedTimestamp": self.updated,
            "StateTransitionedTimestamp": self.transitioned,
            **({"EvaluationState": self.evaluation_state} if self.evaluation_state else {}),
        }


def schedule_of(expression: str) -> timedelta:
    """Return the time between two runs of a schedule such as `rate(5 minutes)`.

    Raises:
        ValueError: It is none.
    """
    found = SCHEDULE.fullmatch(expression)
    if found is None:
        raise ValueError(f"{expression} is not rate(N minutes) or rate(N hours)")
    return timedelta(seconds=int(found["amount"]) * _SECONDS[found["unit"]])


def evaluate_log_alarms(at: datetime, *, ignore_schedule: bool = False) -> None:
    """Run the queries of every log alarm whose run is due, in every account and region.

    Args:
        at: The time of the runs, in UTC and without a time zone.
        ignore_schedule: Whether to run all, also where the schedule has not passed.
    """
    for regions in list(cloudwatch_backends.values()):
        for backend in list(regions.values()):
            for alarm in list(kept(backend, "log_alarms").values()):
                if ignore_schedule or alarm.last_run is None or at - alarm.last_run >= alarm.schedule:
                    alarm.last_run = at
                    _run(backend, alarm, at)


def _run(backend: CloudWatchBackend, alarm: EvaluatedLogAlarm, at: datetime) -> None:
    try:
        rows = parse_query(alarm.query["QueryString"]).run(_records(backend, alarm, at))
        results, is_partial = _aggregated(alarm.query["AggregationExpression"], rows)
    except (EvaluationError, InsightsError, UndefinedBehaviorError) as error:
        alarm.evaluation_state = "EVALUATION_ERROR"
        _change(backend, alarm, _NOTHING, f"The query could not be evaluated: {error}", at, rows=())
        return
    alarm.evaluation_state = "PARTIAL_DATA" if is_partial else ""
    alarm.runs.append(results)
    while len(alarm.runs) > alarm.settings["QueryResultsToEvaluate"]:
        alarm.runs.popleft()
    _judge(backend, alarm, at, rows)


def _records(backend: CloudWatchBackend, alarm: EvaluatedLogAlarm, at: datetime) -> list[Row]:
    """Return the records that a run sees.

    Raises:
        EvaluationError: A log group does not exist, or the role may not run the query.
    """
    _check_role(backend, alarm)
    schedule = alarm.query["ScheduleConfiguration"]
    now = at.replace(tzinfo=UTC).timestamp()
    first = (now - schedule["StartTimeOffset"]) * 1000
    last = (now - schedule.get("EndTimeOffset", 0)) * 1000
    records: list[Row] = []
    for account, region, name in _log_groups(backend, alarm):
        group = logs_backends[account][region].groups.get(name)
        if group is None:
            raise EvaluationError(f"the log group {name} does not exist")
        records += [
            {
                "@timestamp": float(record.timestamp),
                "@message": record.message,
                "@ingestionTime": float(record.ingestion_time),
                "@logStream": stream.log_stream_name,
                "@log": f"{account}:{name}",
            }
            for stream in group.streams.values()
            for record in stream.events
            if first <= record.timestamp <= last
        ]
    return records


def _log_groups(backend: CloudWatchBackend, alarm: EvaluatedLogAlarm) -> Iterator[tuple[str, str, str]]:
    for identifier in alarm.query.get("LogGroupIdentifiers", ()):
        if identifier.startswith("arn:"):
            _, _, _, region, account, _, name = identifier.split(":", 6)
            yield account, region, name
        else:
            yield backend.account_id, backend.region_name, identifier


def _check_role(backend: CloudWatchBackend, alarm: EvaluatedLogAlarm) -> None:
    """Refuse a role that is not there, is not for CloudWatch Logs, or may not run the query.

    Only allowing statements of inline policies are read, without their conditions.
    """
    arn = alarm.query["ScheduledQueryRoleARN"]
    role = _role(backend, arn, "logs.amazonaws.com")
    allowed = [
        (action.lower(), resource)
        for policy in role.policies.values()
        for statement in _listed(_read(policy)["Statement"])
        if statement["Effect"] == "Allow"
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    ]
    partition = get_partition(backend.region_name)
    groups = [
        f"arn:{partition}:logs:{region}:{account}:log-group:{name}"
        for account, region, name in _log_groups(backend, alarm)
    ]
    for action in _QUERY_ACTIONS:
        # The other actions have no resource types: allowed on log groups only, they are not allowed at all.
        for needed in groups if action == "logs:StartQuery" else ["*"]:
            if not any(fnmatchcase(action.lower(), a) and fnmatchcase(needed, r) for a, r in allowed):
                raise EvaluationError(f"{arn} is not allowed {action} on {needed}")


def _role(backend: CloudWatchBackend, arn: str, service: str) -> Any:
    roles = iam_backends[backend.account_id][get_partition(backend.region_name)].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    if role is None:
        raise EvaluationError(f"the role {arn} does not exist")
    trusted = _read(role.assume_role_policy_document)["Statement"]
    if not any(service in _listed(s.get("Principal", {}).get("Service", [])) for s in _listed(trusted)):
        raise EvaluationError(f"{service} is not trusted by the role {arn}")
    return role


def _read(policy: Any) -> Any:
    return json.loads(policy) if isinstance(policy, str) else policy


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _aggregated(expression: str, rows: Sequence[Row]) -> tuple[Mapping[Group, float], bool]:
    """Return the number of each group, and whether there were more groups than CloudWatch judges."""
    found = AGGREGATION.fullmatch(expression)
    assert found is not None, "PutLogAlarm refuses another"
    stats = f"stats {found['aggregate']} as value" + (f" by {found['by']}" if found["by"] else "")
    fields = [name.strip(" `") for name in (found["by"] or "").split(",") if name.strip()]
    numbers: dict[Group, float] = {}
    for row in parse_query(stats).run(rows):
        if (value := number(row.get("value"))) is not None:
            group = tuple((name, text(row[name])) for name in fields if row.get(name) is not None)
            numbers[group] = value
    if found["sort"]:
        chosen = sorted(numbers, key=numbers.__getitem__, reverse=found["sort"].lower() == "desc")
    else:
        chosen = sorted(numbers)
    return {group: numbers[group] for group in chosen[:MOST_CONTRIBUTORS]}, len(chosen) > MOST_CONTRIBUTORS


def _judge(backend: CloudWatchBackend, alarm: EvaluatedLogAlarm, at: datetime, rows: Sequence[Row]) -> None:
    settings = alarm.settings
    compare, words = COMPARISONS[settings["ComparisonOperator"]]
    threshold, needed = settings["Threshold"], settings["QueryResultsToAlarm"]
    latest = alarm.runs[-1]
    in_alarm = 0
    for group in [*latest, *(group for group in alarm.contributors if group not in latest)]:
        values = [run.get(group) for run in alarm.runs]
        breaching = sum(value is not None and compare(value, threshold) for value in values)
        is_alarm = group in latest and breaching >= needed and in_alarm < MOST_IN_ALARM
        in_alarm += is_alarm
        shown = ", ".join("none" if value is None else f"{value:g}" for value in values)
        reason = (
            f"Threshold Crossed: {breaching} of {len(values)} query results [{shown}] "
            f"{'were' if is_alarm else 'were not'} {words} the threshold ({threshold:g})."
        )
        if group:
            contributor = alarm.contributors.setdefault(group, Contributor(dict(group), since=at))
            _change_contributor(backend, alarm, contributor, is_alarm, reason, at, rows)
            if group not in latest:
                del alarm.contributors[group]
    state, reason = _whole_state(alarm, in_alarm)
    _change(backend, alarm, state, reason, at, rows)


def _whole_state(alarm: EvaluatedLogAlarm, in_alarm: int) -> tuple[str, str]:
    if any(alarm.runs):
        return ("ALARM", f"{in_alarm} in ALARM.") if in_alarm else ("OK", "No query result breaches.")
    treatment = alarm.settings.get("TreatMissingData", "missing")
    reason = f"No query result: {treatment}."
    states = {"missing": _NOTHING, "breaching": "ALARM", "notBreaching": "OK"}
    return states.get(treatment, alarm.state_value), reason


def _change_contributor(
    backend: CloudWatchBackend,
    alarm: EvaluatedLogAlarm,
    contributor: Contributor,
    is_alarm: bool,
    reason: str,
    at: datetime,
    rows: Sequence[Row],
) -> None:
    before, state = contributor.state, "ALARM" if is_alarm else "OK"
    contributor.reason = reason
    if state == before:
        return
    contributor.state, contributor.since = state, at
    own_rows = [row for row in rows if all(text(row.get(k)) == v for k, v in contributor.attributes.items())]
    _notify(backend, alarm, (before, state), reason, at, own_rows, contributor)


def _change(
    backend: CloudWatchBackend,
    alarm: EvaluatedLogAlarm,
    state: str,
    reason: str,
    at: datetime,
    rows: Sequence[Row],
) -> None:
    before = alarm.state_value
    alarm.state_value, alarm.state_reason, alarm.updated = state, reason, at
    if state == before:
        return
    alarm.transitioned = at
    _notify(backend, alarm, (before, state), reason, at, rows, None)


def _notify(
    backend: CloudWatchBackend,
    alarm: EvaluatedLogAlarm,
    states: tuple[str, str],
    reason: str,
    at: datetime,
    rows: Sequence[Row],
    contributor: Contributor | None,
) -> None:
    """Write down a change of state, of the alarm or a contributor, and call the actions that it calls.

    Topics and functions are called for each contributor of an alarm that has any, and else for the alarm.
    """
    before, state = states
    of_contributor: dict[str, Any] = (
        {
            "AlarmContributorId": contributor.contributor_id,
            "AlarmContributorAttributes": contributor.attributes,
        }
        if contributor
        else {}
    )
    note(
        *(backend, alarm.name, LOG_ALARM, at, "StateUpdate"),
        f"Alarm {'contributor ' if contributor else ''}updated from {before} to {state}",
        {"oldState": {"stateValue": before}, "newState": {"stateValue": state, "stateReason": reason}},
        **of_contributor,
    )
    has_groups = " by " in f" {alarm.query['AggregationExpression'].lower()} "
    whole_alarm_calls = not has_groups or state == _NOTHING
    is_calling = alarm.settings.get("ActionsEnabled", True) and not is_muted(backend, alarm.name)
    for action in alarm.settings.get(_ACTIONS[state], ()) if is_calling else ():
        is_each = action.split(":")[2] in ("sns", "lambda")
        if (contributor is not None) is not (is_each and not whole_alarm_calls):
            continue
        refused = ""
        if action.split(":")[2] == "sns":
            subject = f'{state}: "{alarm.name}" in {backend.region_name}'
            message = {
                "AlarmName": alarm.name,
                "AlarmDescription": alarm.settings.get("AlarmDescription", ""),
                "AWSAccountId": backend.account_id,
                "NewStateValue": state,
                "NewStateReason": reason,
                "StateChangeTime": iso(at),
                "Region": backend.region_name,
                "AlarmArn": alarm.alarm_arn,
                "OldStateValue": before,
                **of_contributor,
            }
            lines = _log_lines(backend, alarm, rows) if state == "ALARM" else []
            refused = publish(action, subject, json.dumps(message), at=at, mail_lines=lines)
        summary, data = action_noted(action, refused, at)
        note(backend, alarm.name, LOG_ALARM, at, "Action", summary, data, **of_contributor)


def _log_lines(backend: CloudWatchBackend, alarm: EvaluatedLogAlarm, rows: Sequence[Row]) -> list[str]:
    """Return the lines of the query's result that a mail carries: none where their role may not read them."""
    count = alarm.settings.get("ActionLogLineCount", 0)
    if not count:
        return []
    try:
        _role(backend, alarm.settings["ActionLogLineRoleArn"], "cloudwatch.amazonaws.com")
    except EvaluationError:
        return []
    return [
        ", ".join(f"{name}={text(value)}" for name, value in row.items() if not name.startswith("@log"))
        for row in rows[:count]
    ]


def put_log_alarm(call: Call) -> Mapping[str, Any]:
    """Create an alarm, or give one its new settings."""
    backend = cloudwatch_backends[call.account_id][call.region]
    given = call.parameters
    name = given["AlarmName"]
    if name in backend.alarms:
        raise ApiError("ValidationError", f"{name} is the name of a metric or composite alarm")
    alarms = kept(backend, "log_alarms")
    arn = f"arn:{get_partition(call.region)}:cloudwatch:{call.region}:{call.account_id}:alarm:{name}"
    before = alarms.get(name)
    if before and all(
        before.query.get(each) == given["ScheduledQueryConfiguration"].get(each) for each in _RESETTING
    ):
        before.settings, before.configured = given, utcnow()
    else:
        alarms[name] = EvaluatedLogAlarm(given, arn)
    if given.get("Tags"):
        backend.tagger.tag_resource(arn, given["Tags"])
    return {}


def _log_alarm(call: Call, name: str) -> EvaluatedLogAlarm | None:
    found: EvaluatedLogAlarm | None = kept(
        cloudwatch_backends[call.account_id][call.region], "log_alarms"
    ).get(name)
    return found


def _describe_alarms(call: Call) -> Mapping[str, Any]:
    """Log alarms only where the call asks for their type."""
    found = dict(describe_alarms(call))
    if LOG_ALARM in (call.parameters.get("AlarmTypes") or ()):
        alarms = kept(cloudwatch_backends[call.account_id][call.region], "log_alarms").values()
        found["LogAlarms"] = [each.described() for each in alarms if is_asked_for(each, call.parameters)]
    return found


def _describe_alarm_contributors(call: Call) -> Mapping[str, Any]:
    """The contributors in ALARM, on one page."""
    alarm = _log_alarm(call, call.parameters["AlarmName"])
    if alarm is None:
        raise ApiError("ResourceNotFound", f"there is no log alarm {call.parameters['AlarmName']}", 404)
    return {
        "AlarmContributors": [
            {
                "ContributorId": each.contributor_id,
                "ContributorAttributes": each.attributes,
                "StateReason": each.reason,
                "StateTransitionedTimestamp": each.since,
            }
            for each in alarm.contributors.values()
            if each.state == "ALARM"
        ]
    }


def _delete_alarms(call: Call) -> None:
    """Delete the log alarms among those named; moto deletes the others."""
    delete_alarms(call)
    backend = cloudwatch_backends[call.account_id][call.region]
    for name in call.parameters["AlarmNames"]:
        if alarm := kept(backend, "log_alarms").pop(name, None):
            backend.tagger.delete_all_tags_for_resource(alarm.alarm_arn)


def _set_alarm_state(call: Call) -> Mapping[str, Any] | None:
    alarm = _log_alarm(call, call.parameters["AlarmName"])
    if alarm is None:
        return set_alarm_state(call)
    backend = cloudwatch_backends[call.account_id][call.region]
    _change(backend, alarm, call.parameters["StateValue"], call.parameters["StateReason"], utcnow(), ())
    return {}


def _switch_actions(is_on: bool) -> Any:
    def handler(call: Call) -> None:
        for name in call.parameters["AlarmNames"]:
            if alarm := _log_alarm(call, name):
                alarm.settings = {**alarm.settings, "ActionsEnabled": is_on}

    return handler


def _tagged(call: Call) -> CloudWatchBackend | None:
    """Return the backend of a log alarm whose tags are asked for; None for another resource."""
    alarm = _log_alarm(call, call.parameters["ResourceARN"].rpartition(":alarm:")[2])
    return cloudwatch_backends[call.account_id][call.region] if alarm else None


def _tag_resource(call: Call) -> Mapping[str, Any] | None:
    if (backend := _tagged(call)) is None:
        return None
    backend.tagger.tag_resource(call.parameters["ResourceARN"], call.parameters["Tags"])
    return {}


def _untag_resource(call: Call) -> Mapping[str, Any] | None:
    if (backend := _tagged(call)) is None:
        return None
    backend.tagger.untag_resource_using_names(call.parameters["ResourceARN"], call.parameters["TagKeys"])
    return {}


HANDLERS: Handlers = {
    ("cloudwatch", "PutLogAlarm"): put_log_alarm,
    ("cloudwatch", "DescribeAlarms"): _describe_alarms,
    ("cloudwatch", "DescribeAlarmContributors"): _describe_alarm_contributors,
    ("cloudwatch", "DeleteAlarms"): _delete_alarms,
    ("cloudwatch", "EnableAlarmActions"): _switch_actions(True),
    ("cloudwatch", "DisableAlarmActions"): _switch_actions(False),
    ("cloudwatch", "SetAlarmState"): _set_alarm_state,
    ("cloudwatch", "TagResource"): _tag_resource,
    ("cloudwatch", "UntagResource"): _untag_resource,
}
