"""The servers: those that the deployment's tags choose are there, and each ships events."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from deployment import MonitoredRegion
from verify.account import Account
from verify.check import Check, Status, judged
from verify.expectation import TELLING, expected_records
from verify.log_streams import Arrivals
from verify.window import Window, shown

#: How long a new server may take: to register with Systems Manager, get its agent, and show in the streams.
_NEW = timedelta(hours=2)


def check(
    region: MonitoredRegion, account: Account, arrived: Iterable[Arrivals], window: Window
) -> Iterator[Check]:
    """Check each running server that has the tags, by what has arrived in the log groups."""
    last_events: dict[str, datetime] = {}
    for arrivals in arrived:
        for instance_id, time in arrivals.servers.items():
            last_events[instance_id] = max(time, last_events.get(instance_id, time))
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
    for instance_id, server in found.items():
        yield _judged(region, server, last_events.get(instance_id), window)


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
    region: MonitoredRegion, server: Mapping[str, Any], last_event: datetime | None, window: Window
) -> Check:
    failures, warnings = [], []
    if last_event is None:
        silence = f"no event of it has arrived {window}"
        if server["LaunchTime"] > window.end - _NEW:
            warnings.append(f"{silence}; it was launched at {shown(server['LaunchTime'])} only")
        elif "IamInstanceProfile" not in server:
            failures.append(f"has no instance profile, so that no agent can work on it: {_profile(region)}")
        elif expected_records(region, region.log_groups, window) >= TELLING:
            failures.append(
                f"{silence}: see in Systems Manager whether it is a managed node and its associations "
                "succeed, and the agent's own log on the server"
            )
        else:
            warnings.append(f"{silence}; the events watched are rare, so that may be right")
    return judged(
        "server",
        server["InstanceId"],
        failures=failures,
        warnings=warnings,
        ok=f"last event at {shown(last_event)}" if last_event else "",
    )


def _profile(region: MonitoredRegion) -> str:
    existing = region.settings.server_role.existing
    return f"attach the one of the role {existing}" if existing else f"attach {region.names.server_role}"
