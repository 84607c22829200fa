"""CloudWatch: rules that mute the actions of alarms for a time, which moto lacks.

A rule is active from each time that its expression names on, for its duration.
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
# Each name stands at three times its number; there is no month 0.
_MONTHS = "---JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_WEEKDAYS = "SUNMONTUEWEDTHUFRISAT"
DURATION = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?")


def is_muted(backend: CloudWatchBackend, alarm_name: str) -> bool:
    """Return whether an active rule mutes the actions of an alarm."""
    return any(
        alarm_name in _targets(rule) and _status(rule) == "ACTIVE" for rule in _rules(backend).values()
    )


def duration_of(found: re.Match[str]) -> timedelta:
    """Return the length of a duration that `DURATION` matches."""
    return timedelta(**{unit: int(number or 0) for unit, number in found.groupdict().items()})


def _rules(backend: CloudWatchBackend) -> dict[str, dict[str, Any]]:
    return kept(backend, "mute_rules")


def _targets(rule: Mapping[str, Any]) -> list[str]:
    names: list[str] = rule.get("MuteTargets", {}).get("AlarmNames", [])
    return names


def _status(rule: Mapping[str, Any]) -> str:
    schedule, now = rule["Rule"]["Schedule"], datetime.now(UTC)
    at, duration = _AT.fullmatch(schedule["Expression"]), DURATION.fullmatch(schedule["Duration"])
    if duration is None:
        return "SCHEDULED"
    length, zone = duration_of(duration), ZoneInfo(schedule.get("Timezone", "UTC"))
    if at is None:
        minutes = range(int(length.total_seconds()) // 60)
        before = (now - timedelta(minutes=minute) for minute in minutes)
        is_active = any(_begins(schedule["Expression"], each.astimezone(zone)) for each in before)
        return "ACTIVE" if is_active else "SCHEDULED"
    start = datetime.fromisoformat(at[1]).replace(tzinfo=zone)
    return "SCHEDULED" if now < start else "ACTIVE" if now < start + length else "EXPIRED"


def _begins(expression: str, minute: datetime) -> bool:
    """Return whether a cron expression names a minute."""
    fields = expression.removeprefix("cron(").removesuffix(")").split()
    values = (minute.minute, minute.hour, minute.day, minute.month, minute.isoweekday() % 7)
    names = ("", "", "", _MONTHS, _WEEKDAYS)
    return all(_names(*each) for each in zip(fields, values, names, strict=True))


def _names(field: str, value: int, names: str) -> bool:
    def number(text: str) -> int:
        return names.index(text) // 3 if text.isalpha() else int(text)

    spans = (part.partition("-") for part in field.split(",") if part != "*")
    return field == "*" or any(number(low) <= value <= number(high or low) for low, _, high in spans)


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
