"""The rules that mute alarms: an alarm whose actions are muted goes to ALARM and notifies nobody."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from cli.text import counted
from deployment import RegionPlan
from deployment.resources.alarms import alarm_specs
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.advice import aws_command
from verify.result import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each mute rule that names an alarm of the deployment. The deployment itself has none."""
    cloudwatch = account.client("cloudwatch")
    alarms = {spec.name for spec in alarm_specs(region).values() if spec.actions}
    try:
        rules = list(_rules(cloudwatch))
    except ClientError as error:
        message = f"whether a mute rule mutes alarms is unknown: {error}"
        yield Check("mute rule", region.stack_name, Status.WARNING, message)
        return
    for rule in rules:
        muted = sorted(alarms & set(rule.get("MuteTargets", {}).get("AlarmNames", [])))
        if not muted:
            continue
        name, schedule = rule["Name"], rule["Rule"]["Schedule"]
        cure = aws_command(region, "cloudwatch delete-alarm-mute-rule", alarm_mute_rule_name=name)
        which = f"{counted(len(muted), 'alarm')} ({', '.join(muted[:3])}{', ...' if len(muted) > 3 else ''})"
        when = f"{schedule['Expression']} for {schedule['Duration']}"
        if "ExpireDate" in rule:
            when += f", until {shown(rule['ExpireDate'])}"
        failures, warnings = [], []
        if rule["Status"] == "ACTIVE":
            failures.append(f"mutes {which} now ({when}), which notify nobody; run {cure}")
        else:
            warnings.append(
                f"will mute {which} ({when}), which then notify nobody; unless you want it, run {cure}"
            )
        yield judged("mute rule", name, failures=failures, warnings=warnings, ok="")


def _rules(cloudwatch: Any) -> Iterator[Any]:
    """Return the rules that mute now or will: one that has expired mutes nothing any more."""
    pages = cloudwatch.get_paginator("list_alarm_mute_rules").paginate(Statuses=["ACTIVE", "SCHEDULED"])
    for page in pages:
        for summary in page["AlarmMuteRuleSummaries"]:
            name = summary["AlarmMuteRuleArn"].rpartition(":alarm-mute-rule:")[2]
            yield cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name)
