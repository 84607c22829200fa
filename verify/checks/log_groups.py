"""The log groups: each exists, takes metric filters, keeps events as long as deployed, and receives some."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.encryption_key import key_id
from deployment.resources.log_groups import LOG_GROUP_CLASS, LogGroupSpec, log_groups
from deployment.settings.account_alarms import SIGNIFICANT_RECORDS
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.advice import aws_command
from verify.checks import log_streams, servers
from verify.checks.encryption_key import deployed_key_arn
from verify.checks.expected_records import expected_records
from verify.checks.log_streams import Arrivals
from verify.result import Check, Status, judged

_DATA_PROTECTION = "DATA_PROTECTION_POLICY"
_ACCOUNT_DATA_PROTECTION = "ACCOUNT_DATA_PROTECTION"


def check(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check each log group, and each server by what of it arrives there."""
    logs = account.client("logs")
    key_arn = deployed_key_arn(region, account)
    arrived: dict[str, Arrivals] = {}
    for channel, spec in log_groups(region).items():
        group = _log_group(logs, spec.name)
        if group is None:
            yield Check("log group", spec.name, Status.FAILED, "does not exist: apply the stack again")
            continue
        arrived[channel] = log_streams.arrivals(logs, spec.name, window)
        masked = list(_masking(logs, region, group))
        yield _judged(region, channel, spec, group, key_arn, arrived[channel], window, masked)
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
    masked: list[str],
) -> Check:
    failures, warnings = [], list(masked)
    kind = group.get("logGroupClass", LOG_GROUP_CLASS)
    if kind != LOG_GROUP_CLASS:
        failures.append(
            f"its class is {kind}, which takes no metric filters, and cannot be changed: delete the log "
            "group and apply the stack again"
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


def _masking(logs: Any, region: RegionPlan, group: Mapping[str, Any]) -> Iterator[str]:
    """Name the policies that mask parts of records: metric filters and queries see the mask.

    CloudWatch Logs masks at every way out, metric filters included (user guide, "Help protect sensitive log
    data with masking").
    """
    name = group["logGroupName"]
    if group.get("dataProtectionStatus") == "ACTIVATED":
        deletion = aws_command(region, "logs delete-data-protection-policy", log_group_identifier=name)
        try:
            document = logs.get_data_protection_policy(logGroupIdentifier=name)["policyDocument"]
        except ClientError as error:
            yield f"whether its data protection policy masks what filters look for is unknown: {error}"
        else:
            yield from _masked(document, "its data protection policy", deletion)
    if _ACCOUNT_DATA_PROTECTION in group.get("inheritedProperties", ()):
        try:
            found = logs.describe_account_policies(policyType=_DATA_PROTECTION)["accountPolicies"]
        except ClientError as error:
            yield f"whether the account's data protection masks what filters look for is unknown: {error}"
            found = []
        for each in found:
            name = each["policyName"]
            cure = aws_command(
                region, "logs delete-account-policy", policy_name=name, policy_type=_DATA_PROTECTION
            )
            yield from _masked(each["policyDocument"], f"the account's data protection policy {name}", cure)


def _masked(document: str, policy: str, cure: str) -> Iterator[str]:
    statements = json.loads(document)["Statement"]
    masking = [each for each in statements if "Deidentify" in each.get("Operation", {})]
    if identifiers := sorted(
        {str(identifier).rpartition("/")[2] for each in masking for identifier in each["DataIdentifier"]}
    ):
        yield (
            f"{policy} masks {', '.join(identifiers)}, and a filter that looks for such a text finds the "
            f"mask: unless none does, run {cure}"
        )


def _servers(number: int) -> str:
    return "server" if number == 1 else "servers"
