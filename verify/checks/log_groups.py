"""The log groups: each exists, takes metric filters, keeps events as long as deployed, and receives some."""

from collections.abc import Iterator, Mapping
from typing import Any

from deployment import RegionPlan
from deployment.resources.encryption_key import key_id
from deployment.resources.log_groups import LOG_GROUP_CLASS, LogGroupSpec, log_groups
from deployment.settings.account_alarms import SIGNIFICANT_RECORDS
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.advice import aws_command
from verify.checks import encryption_key, log_group_policies, log_streams, servers
from verify.checks.encryption_key import deployed_key_arn
from verify.checks.expected_records import expected_records
from verify.checks.log_streams import Arrivals
from verify.result import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check each log group, and each server by what of it arrives there."""
    logs = account.client("logs")
    key_arn = deployed_key_arn(region, account)
    policies = log_group_policies.of_account(logs)
    arrived: dict[str, Arrivals] = {}
    for channel, spec in log_groups(region).items():
        group = _log_group(logs, spec.name)
        if group is None:
            cure = (
                "create it, or take it out of existing_log_groups"
                if spec.existing
                else "apply the stack again"
            )
            yield Check("log group", spec.name, Status.FAILED, f"does not exist: {cure}")
            continue
        arrived[channel] = log_streams.arrivals(logs, spec.name, window)
        denied, unknown = log_group_policies.denied(logs, region, spec.name, policies)
        masked = [*log_group_policies.masked(logs, region, group), *unknown]
        if (key := group.get("kmsKeyId")) and (spec.keeps_encryption or not key_id(region)):
            cure = "give it another key" if spec.keeps_encryption else "apply the stack again"
            lost, unread = encryption_key.log_group_problems(account, key, spec.name, region, cure=cure)
            denied += lost
            masked += unread
        yield _judged(region, channel, spec, group, key_arn, arrived[channel], window, denied, masked)
    yield from servers.check(region, account, arrived, window)


def _log_group(logs: Any, name: str) -> Mapping[str, Any] | None:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    groups = (group for page in pages for group in page["logGroups"])
    return next((group for group in groups if group["logGroupName"] == name), None)


def _judged(
    region: RegionPlan,
    channel: str,
    spec: LogGroupSpec,
    group: Mapping[str, Any],
    key_arn: str | None,
    arrived: Arrivals,
    window: Window,
    denied: list[str],
    masked: list[str],
) -> Check:
    failures, warnings = [*denied], [*masked]
    kind = group.get("logGroupClass", LOG_GROUP_CLASS)
    if kind != LOG_GROUP_CLASS:
        deletion = aws_command(region, "logs delete-log-group", log_group_name=spec.name)
        then = "create one of the class STANDARD" if spec.existing else "apply the stack again"
        failures.append(
            f"its class is {kind}, which takes no metric filters, and cannot be changed: export what you "
            f"need of it, run {deletion}, then {then}"
        )
    kept, expected_days = group.get("retentionInDays"), spec.retention_days
    if expected_days and kept != expected_days:
        days = f"{kept} days" if kept else "for ever"
        failures.append(f"keeps events {days} instead of {expected_days} days: apply the stack again")
    if key_id(region) and not spec.keeps_encryption:
        key = group.get("kmsKeyId")
        if not key:
            failures.append("is not encrypted as deployed: apply the stack again")
        elif key_arn and key != key_arn:
            failures.append(f"is encrypted with {key} instead of {key_arn}: apply the stack again")
    if arrived.last is None:
        warnings.append(
            "no server has ever shipped an event to it: see the associations and the servers, and whether "
            "Windows audits the events (auditpol)"
        )
    elif not arrived.servers:
        expected = expected_records(region, [channel], window)
        no_data = f"the last event is of {shown(arrived.last)}"
        if expected >= SIGNIFICANT_RECORDS:
            failures.append(f"{no_data}: see whether the CloudWatch agent runs on the servers")
        else:
            warnings.append(f"{no_data}; the events watched in {channel} are rare, so that may be right")
    last = f", last at {shown(arrived.last)}" if arrived.last else ""
    return judged(
        "log group",
        group["logGroupName"],
        failures=failures,
        warnings=warnings,
        ok=f"events of {len(arrived.servers)} {_servers(len(arrived.servers))} arrived {window}{last}",
    )


def _servers(number: int) -> str:
    return "server" if number == 1 else "servers"
