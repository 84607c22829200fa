"""Which servers have shipped events to a log group, and when last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from verify.access.window import Window


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What has arrived in a log group.

    Args:
        last: The time of the last event, of any age; None where there never was one.
        servers: When the last event of each server was, by instance id; only of the time looked back on.
    """

    last: datetime | None
    servers: Mapping[str, datetime]


def arrivals(logs: Any, log_group_name: str, window: Window) -> Arrivals:
    """Ask for the streams of a log group, the latest first, as far back as the window goes.

    CloudWatch Logs brings the times of a stream up to date within about an hour.
    """
    last: datetime | None = None
    servers: dict[str, datetime] = {}
    pages = logs.get_paginator("describe_log_streams").paginate(
        logGroupName=log_group_name, orderBy="LastEventTime", descending=True
    )
    for stream in (stream for page in pages for stream in page["logStreams"]):
        if "lastEventTimestamp" not in stream:
            break
        time = datetime.fromtimestamp(stream["lastEventTimestamp"] / 1000, UTC)
        last = last or time
        if time < window.start:
            break
        # A stream is called {instance_id}, or {instance_id}/<channel>/<number>.
        servers.setdefault(stream["logStreamName"].partition("/")[0], time)
    return Arrivals(last, servers)
