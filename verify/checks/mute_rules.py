"""The rules that mute alarms: an alarm whose actions are muted goes to ALARM and notifies nobody."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from cli.text import counted
from deployment import RegionPlan
from deployment.resources.alarms import alarm_specs
from deployment.resources.mute_rules import MuteRuleSpec
from deployment.resources.mute_rules import mute_rules as planned_rules
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.advice import aws_command, stack_created_again
from verify.result import Check, Status, judged

_STATUSES = ("ACTIVE", "SCHEDULED", "EXPIRED")


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the rules of the deployment's maintenance windows, and others that mute one of its alarms."""
    alarms = {spec.name for spec in alarm_specs(region).values() if spec.actions}
    try:
        rules = {rule["Name"]: rule for rule in mute_rules(account, *_STATUSES)}
    except ClientError as error:
        message = f"whether a mute rule mutes alarms is unknown: {error}"
        yield Check("mute rule", region.stack_name, Status.WARNING, message)
        return
    for spec in planned_rules(region):
        yield _own(region, spec, rules.pop(spec.name, None))
    for rule in rules.values():
        if rule["Status"] != "EXPIRED" and (muted := alarms & muted_alarms(rule)):
            yield _other(region, rule, muted)


def _own(region: RegionPlan, spec: MuteRuleSpec, rule: Mapping[str, Any] | None) -> Check:
    """Judge a rule of the deployment."""
    cure = stack_created_again(region, spec.stack_name)
    if rule is None:
        return Check("mute rule", spec.name, Status.FAILED, f"does not exist: {cure}")
    found = {"Timezone": "UTC", **rule["Rule"]["Schedule"]}
    drift = [
        f"{setting} is {found.get(setting)!r} instead of {value!r}"
        for setting, value in spec.schedule.items()
        if found.get(setting) != value
    ]
    targets, expected = muted_alarms(rule), set(spec.alarm_names)
    drift += (
        [f"it mutes {_named(targets - expected)} beside those of {spec.key}"] if targets - expected else []
    )
    drift += [f"it does not mute {_named(expected - targets)}"] if expected - targets else []
    failures = [f"{', '.join(drift)}: {cure}"] if drift else []
    when = f"{spec.expression} {spec.time_zone} for {spec.duration}"
    states = {"ACTIVE": "mutes now", "EXPIRED": "has muted, and will not again,"}
    state = states.get(rule["Status"], "will mute")
    ok = f"as deployed: {state} {_named(expected)} ({when}), which then notify nobody"
    return judged("mute rule", spec.name, failures=failures, ok=ok)


def _other(region: RegionPlan, rule: Mapping[str, Any], muted: set[str]) -> Check:
    """Judge a rule that is not of the deployment and mutes alarms of it."""
    schedule, cure = rule["Rule"]["Schedule"], deletion(region, rule)
    when = f"{schedule['Expression']} for {schedule['Duration']}"
    if "ExpireDate" in rule:
        when += f", until {shown(rule['ExpireDate'])}"
    failures, warnings = [], []
    if rule["Status"] == "ACTIVE":
        failures.append(f"mutes {_named(muted)} now ({when}), which notify nobody; run {cure}")
    else:
        warnings.append(
            f"will mute {_named(muted)} ({when}), which then notify nobody; unless you want it, run {cure}"
        )
    return judged("mute rule", rule["Name"], failures=failures, warnings=warnings, ok="")


def mute_rules(account: AccountAccess, *statuses: str) -> list[Mapping[str, Any]]:
    """Return the rules of an account and region that mute alarms.

    Args:
        account: The account and region.
        statuses: Their statuses. Default: ``ACTIVE`` and ``SCHEDULED``, without those that have expired.

    Raises:
        ClientError: CloudWatch refuses to say.
    """
    cloudwatch = account.client("cloudwatch")
    wanted = list(statuses or ("ACTIVE", "SCHEDULED"))
    pages = cloudwatch.get_paginator("list_alarm_mute_rules").paginate(Statuses=wanted)
    summaries = [each for page in pages for each in page["AlarmMuteRuleSummaries"]]
    names = [each["AlarmMuteRuleArn"].rpartition(":alarm-mute-rule:")[2] for each in summaries]
    return [cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name) for name in names]


def muted_alarms(rule: Mapping[str, Any]) -> set[str]:
    """Return the names of the alarms that a mute rule mutes."""
    return set(rule.get("MuteTargets", {}).get("AlarmNames", []))


def deletion(region: RegionPlan, rule: Mapping[str, Any]) -> str:
    """Return the command that deletes a mute rule."""
    return aws_command(region, "cloudwatch delete-alarm-mute-rule", alarm_mute_rule_name=rule["Name"])


def _named(alarms: set[str]) -> str:
    names = sorted(alarms)
    return f"{counted(len(names), 'alarm')} ({', '.join(names[:3])}{', ...' if len(names) > 3 else ''})"
