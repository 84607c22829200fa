"""The servers: those that the deployment's tags choose are there, and each ships every event log."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from deployment import RegionPlan
from deployment.settings.account_alarms import SIGNIFICANT_RECORDS
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.checks.expected_records import expected_records
from verify.checks.log_streams import Arrivals
from verify.result import Check, Status, judged

#: How long a new server may take: to register with Systems Manager, get its agent, and show in the streams.
_NEW = timedelta(hours=2)


def check(
    region: RegionPlan, account: AccountAccess, arrived: Mapping[str, Arrivals], window: Window
) -> Iterator[Check]:
    """Check each running server that has the tags, by what has arrived of each event log."""
    ec2 = account.client("ec2")
    found: dict[str, Mapping[str, Any]] = {}
    for setting in ("targets", "ec2config_targets"):
        targets: Mapping[str, Iterable[str]] = getattr(region.settings, setting)
        servers = {server["InstanceId"]: server for server in _running(ec2, targets)} if targets else {}
        if targets and not servers:
            yield Check(
                "server",
                targets_shown(targets),
                Status.WARNING,
                "no running server has these tags: tag the servers that are to be watched, or change "
                f"{setting}",
            )
        found |= servers
    for server in found.values():
        yield _judged(region, server, arrived, window)


def targets_shown(targets: Mapping[str, Iterable[str]]) -> str:
    """Return the tags of an association's targets as a person would say them."""
    return " and ".join(f"{key} = {' or '.join(values)}" for key, values in targets.items())


def _running(ec2: Any, targets: Mapping[str, Iterable[str]]) -> Iterator[Mapping[str, Any]]:
    tags = [{"Name": f"tag:{key}", "Values": list(values)} for key, values in targets.items()]
    pages = ec2.get_paginator("describe_instances").paginate(
        Filters=[*tags, {"Name": "instance-state-name", "Values": ["running"]}]
    )
    for page in pages:
        for reservation in page["Reservations"]:
            yield from reservation["Instances"]


def _judged(
    region: RegionPlan, server: Mapping[str, Any], arrived: Mapping[str, Arrivals], window: Window
) -> Check:
    instance_id = server["InstanceId"]
    last_events = {
        channel: arrivals.servers[instance_id]
        for channel, arrivals in arrived.items()
        if instance_id in arrivals.servers
    }
    if not last_events:
        failures, warnings = _no_data_problems(region, server, window)
        return judged("server", instance_id, failures=failures, warnings=warnings, ok="")
    last = shown(max(last_events.values()))
    without_data = [
        channel
        for channel in arrived
        if channel not in last_events and _is_telling(region, [channel], server, window)
    ]
    failures = (
        [_logs_without_data(without_data, last, window)]
        if without_data and not _is_new(server, window)
        else []
    )
    return judged("server", instance_id, failures=failures, ok=f"last event at {last}")


def _no_data_problems(
    region: RegionPlan, server: Mapping[str, Any], window: Window
) -> tuple[list[str], list[str]]:
    """Return what is wrong with a server of which nothing arrives, and what may be."""
    no_data = f"no event of it has arrived {window}"
    if _is_new(server, window):
        return [], [f"{no_data}; it was launched at {shown(server['LaunchTime'])} only"]
    if "IamInstanceProfile" not in server:
        return [f"has no instance profile, so that no agent can work on it: {_profile(region)}"], []
    if _is_telling(region, region.log_groups, server, window):
        return [
            f"{no_data}: see in Systems Manager whether it is a managed node and its associations "
            "succeed, and the agent's own log on the server"
        ], []
    return [], [f"{no_data}; the events watched are rare, so that may be right"]


def _logs_without_data(channels: Iterable[str], last: str, window: Window) -> str:
    return (
        f"no event of {', '.join(channels)} has arrived {window}, though others have, the last at {last}: "
        "see on the server whether Windows still writes there (Event Viewer, auditpol), and what the agent's "
        "own log says of it"
    )


def _is_new(server: Mapping[str, Any], window: Window) -> bool:
    return bool(server["LaunchTime"] > window.end - _NEW)


def _is_telling(
    region: RegionPlan, channels: Iterable[str], server: Mapping[str, Any], window: Window
) -> bool:
    """Return whether no data means something, for as much of the window as the server has been running."""
    running = (window.end - server["LaunchTime"]) // timedelta(hours=1)
    seen = Window(min(window.hours, running), window.end)
    return expected_records(region, channels, seen) >= SIGNIFICANT_RECORDS


def _profile(region: RegionPlan) -> str:
    existing = region.settings.server_role.existing
    return f"attach the one of the role {existing}" if existing else f"attach {region.names.server_role}"
