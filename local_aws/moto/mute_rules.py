"""CloudWatch: rules that mute the actions of alarms for a time, which moto lacks.

A rule with an `at` expression is active from that time on, for its duration. One with a `cron` expression
stays scheduled: nothing here says when it would be active.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.utilities.utils import get_partition

from local_aws.calls import ApiError, Call, Handlers, kept

_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)\)")
_DURATION = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?")


def is_muted(backend: CloudWatchBackend, alarm_name: str) -> bool:
    """Return whether an active rule mutes the actions of an alarm."""
    return any(
        alarm_name in _targets(rule) and _status(rule) == "ACTIVE" for rule in _rules(backend).values()
    )


def _rules(backend: CloudWatchBackend) -> dict[str, dict[str, Any]]:
    return kept(backend, "mute_rules")


def _targets(rule: Mapping[str, Any]) -> list[str]:
    names: list[str] = rule.get("MuteTargets", {}).get("AlarmNames", [])
    return names


def _status(rule: Mapping[str, Any]) -> str:
    schedule, now = rule["Rule"]["Schedule"], datetime.now(UTC)
    at, duration = _AT.fullmatch(schedule["Expression"]), _DURATION.fullmatch(schedule["Duration"])
    if at is None or duration is None:
        return "SCHEDULED"
    zone = ZoneInfo(schedule.get("Timezone", "UTC"))
    start = datetime.fromisoformat(at[1]).replace(tzinfo=zone)
    end = start + timedelta(**{unit: int(number or 0) for unit, number in duration.groupdict().items()})
    return "SCHEDULED" if now < start else "ACTIVE" if now < end else "EXPIRED"


def _put(call: Call) -> Mapping[str, Any]:
    backend = cloudwatch_backends[call.account_id][call.region]
    name = call.parameters["Name"]
    arn = (
        f"arn:{get_partition(call.region)}:cloudwatch:{call.region}:{call.account_id}:alarm-mute-rule:{name}"
    )
    _rules(backend)[name] = {
        **call.parameters,
        "AlarmMuteRuleArn": arn,
        "LastUpdatedTimestamp": datetime.now(UTC),
    }
    return {}


def _get(call: Call) -> Mapping[str, Any]:
    rule = _rules(cloudwatch_backends[call.account_id][call.region]).get(call.parameters["AlarmMuteRuleName"])
    if rule is None:
        raise ApiError("ResourceNotFoundException", "The alarm mute rule does not exist.", 404)
    return {**rule, "Status": _status(rule)}


def _list(call: Call) -> Mapping[str, Any]:
    """All rules on one page."""
    alarm, statuses = call.parameters.get("AlarmName"), call.parameters.get("Statuses")
    members = ("AlarmMuteRuleArn", "ExpireDate", "LastUpdatedTimestamp")
    summaries = [
        {**{name: rule[name] for name in members if name in rule}, "Status": _status(rule)}
        for rule in _rules(cloudwatch_backends[call.account_id][call.region]).values()
        if (alarm is None or alarm in _targets(rule)) and (not statuses or _status(rule) in statuses)
    ]
    return {"AlarmMuteRuleSummaries": summaries}


def _delete(call: Call) -> Mapping[str, Any]:
    _rules(cloudwatch_backends[call.account_id][call.region]).pop(call.parameters["AlarmMuteRuleName"], None)
    return {}


HANDLERS: Handlers = {
    ("cloudwatch", "PutAlarmMuteRule"): _put,
    ("cloudwatch", "GetAlarmMuteRule"): _get,
    ("cloudwatch", "ListAlarmMuteRules"): _list,
    ("cloudwatch", "DeleteAlarmMuteRule"): _delete,
}
