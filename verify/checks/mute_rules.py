"""The rules that mute alarms: an alarm whose actions are muted goes to ALARM and notifies nobody."""

from collections.abc import Iterator, Mapping
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
    alarms = {spec.name for spec in alarm_specs(region).values() if spec.actions}
    try:
        rules = mute_rules(account)
    except ClientError as error:
        message = f"whether a mute rule mutes alarms is unknown: {error}"
        yield Check("mute rule", region.stack_name, Status.WARNING, message)
        return
    for rule in rules:
        muted = sorted(alarms & muted_alarms(rule))
        if not muted:
            continue
        name, schedule = rule["Name"], rule["Rule"]["Schedule"]
        cure = deletion(region, rule)
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
