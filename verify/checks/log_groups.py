"""The log groups: there, of the class that takes metric filters, kept as long as deployed, and not silent."""

from collections.abc import Iterator, Mapping
from typing import Any

from deployment import RegionPlan
from deployment.settings.no_data_alarm import SIGNIFICANT_RECORDS
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.checks import log_streams, servers
from verify.checks.check import Check, Status, judged
from verify.checks.encryption_key import deployed_key, deployed_key_arn
from verify.checks.expectation import expected_records
from verify.checks.log_streams import Arrivals


def check(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check each log group, and each server by what of it arrives there."""
    logs = account.client("logs")
    key_arn = deployed_key_arn(region, account)
    arrived: dict[str, Arrivals] = {}
    for channel, name in region.log_groups.items():
        group = _log_group(logs, name)
        if group is None:
            yield Check("log group", name, Status.FAILED, "does not exist: apply the stack again")
            continue
        arrived[channel] = log_streams.arrivals(logs, name, window)
        yield _judged(region, channel, group, key_arn, arrived[channel], window)
    yield from servers.check(region, account, arrived, window)


def _log_group(logs: Any, name: str) -> Mapping[str, Any] | None:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    groups = (group for page in pages for group in page["logGroups"])
    return next((group for group in groups if group["logGroupName"] == name), None)


def _judged(
    region: RegionPlan,
    channel: str,
    group: Mapping[str, Any],
    key_arn: str | None,
    arrived: Arrivals,
    window: Window,
) -> Check:
    failures, warnings = [], []
    kind = group.get("logGroupClass", "STANDARD")
    if kind != "STANDARD":
        failures.append(
            f"its class is {kind}, which takes no metric filters, and cannot be changed: delete the log "
            "group and apply the stack again"
        )
    kept, wanted = group.get("retentionInDays"), region.retention_days(channel)
    if wanted and kept != wanted:
        days = f"{kept} days" if kept else "for ever"
        failures.append(f"keeps events {days} instead of {wanted} days: apply the stack again")
    theirs = channel in region.settings.existing_log_groups
    if deployed_key(region) and not theirs and not region.keeps_encryption(channel):
        key = group.get("kmsKeyId")
        if not key:
            failures.append("is not encrypted, though deployed so: apply the stack again")
        elif key_arn and key != key_arn:
            failures.append(f"is encrypted with {key} instead of {key_arn}: apply the stack again")
    if arrived.last is None:
        warnings.append(
            "no server has ever shipped an event to it: see the associations and the servers, and whether "
            "Windows audits the events (auditpol)"
        )
    elif not arrived.servers:
        expected = expected_records(region, [channel], window)
        silence = f"the last event is of {shown(arrived.last)}"
        if expected >= SIGNIFICANT_RECORDS:
            failures.append(f"{silence}: see whether the CloudWatch agent runs on the servers")
        else:
            warnings.append(f"{silence}; the events watched in {channel} are rare, so that may be right")
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
