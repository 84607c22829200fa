"""Hold a drill: send its records, follow each to the topic, and take the records away again."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from itertools import groupby
from secrets import token_hex
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli.text import command
from deployment.resources.alarms import MetricAlarmSpec
from deployment.resources.log_alarms import LogAlarmSpec
from verify.access.account import AccountAccess
from verify.advice import aws_command
from verify.drill.plan import EventDrill, read_alarms
from verify.evaluation import evaluation_problem

STREAM_PREFIX = "drill/"
"""What the log stream of a drill begins with."""

#: Seconds between two looks: soon at first, and then as often as is worth it.
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 10.0
#: PutLogEvents takes 10,000 records and 1 MiB at most, of which each takes 26 bytes more (API reference).
_RECORDS_A_CALL = 10_000
_BYTES_A_CALL = 1_048_576
_BYTES_A_RECORD = 26
#: How far the clock of this machine may be off before that of AWS is used; its header has whole seconds only.
_CLOCK_TOLERANCE = timedelta(seconds=3)
_METRICS_A_CALL = 500


class Hop(Enum):
    """A step on a record's way, in order."""

    ACCEPTED = "record accepted"
    COUNTED = "metric counted"
    ALARM = "alarm in ALARM"
    PUBLISHED = "message published"


#: Which checks show why a hop is not reached.
_TO_SEE = {
    Hop.ACCEPTED: "log group",
    Hop.COUNTED: "metric filter",
    Hop.ALARM: "alarm",
    Hop.PUBLISHED: "alarm, topic and encryption key",
}


@dataclass
class Followed:
    """A drill and how far it has come.

    Args:
        drill: The drill.
        stream: The log stream of its records.
        seconds: When each hop was reached, in seconds since the records were sent.
        failure: Why it went no further; empty where nothing failed.
        contributor: The attributes that the message names, of a log alarm.
    """

    drill: EventDrill
    stream: str
    seconds: dict[Hop, float] = field(default_factory=dict)
    failure: str = ""
    contributor: Mapping[str, str] = field(default_factory=dict)

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The hops that the drill is to take: without an alarm, or one that calls something, fewer."""
        if self.drill.alarm is None:
            return (Hop.ACCEPTED, Hop.COUNTED)
        hops = tuple(Hop) if self.drill.alarm.actions else (Hop.ACCEPTED, Hop.COUNTED, Hop.ALARM)
        if isinstance(self.drill.alarm, LogAlarmSpec):
            return tuple(hop for hop in hops if hop is not Hop.COUNTED)
        return hops

    @property
    def next_hop(self) -> Hop | None:
        """The hop that is not reached yet; None where all are."""
        return next((hop for hop in self.hops if hop not in self.seconds), None)

    @property
    def is_over(self) -> bool:
        """Whether it has come through, or failed."""
        return bool(self.failure) or self.next_hop is None

    @property
    def advice(self) -> str:
        """What to do where it stopped; empty where it came through."""
        hop = self.next_hop
        if hop is None:
            return ""
        stack = f"--account {self.drill.region.account} --region {self.drill.region.region_name}"
        advice = f"run '{command(f'verify checks {stack}')}' and see {_TO_SEE[hop]}"
        if hop is Hop.COUNTED:
            advice += f", and '{command(f'verify patterns {stack}')}' for the pattern"
        return advice


Report = Callable[[Followed, Hop], None]


def hold(
    drills: Sequence[EventDrill],
    accounts: dict[str, AccountAccess],
    *,
    timeout: float,
    report: Report,
    complain: Callable[[str], None],
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[Followed]:
    """Send the records of drills, follow them, and delete their log streams, whatever happens.

    Args:
        drills: The drills.
        accounts: The way in to each stack, by its name.
        timeout: How long to follow them, in seconds, beside the time that a log alarm waits for its run.
        report: Called for each hop that is reached.
        complain: Called with a sentence for each log stream that could not be deleted.
        is_stopped: Whether to stop now.

    Raises:
        KeyboardInterrupt: It was to stop; the log streams are deleted.
    """
    followed = [Followed(drill, f"{STREAM_PREFIX}{drill.event.key}-{token_hex(4)}") for drill in drills]
    by_stack = {name: list(each) for name, each in groupby(followed, key=lambda f: f.drill.region.stack_name)}
    with _streams_deleted(followed, accounts, complain):
        sent = {name: _send(each, accounts[name], report) for name, each in by_stack.items()}
        following = timeout + max((drill.schedule for drill in drills), default=0)
        deadline = time.monotonic() + following
        wait = _FIRST_WAIT
        while True:
            if is_stopped():
                raise KeyboardInterrupt
            for name, each in by_stack.items():
                if open_ones := [one for one in each if not one.is_over]:
                    _look(open_ones, accounts[name], sent[name], report)
            if all(one.is_over for one in followed) or time.monotonic() >= deadline:
                break
            time.sleep(min(wait, max(0.0, deadline - time.monotonic())))
            wait = min(2 * wait, _LONGEST_WAIT)
    for one in followed:
        if not one.is_over:
            one.failure = f"not reached within {following:g} seconds"
    return followed


@contextmanager
def _streams_deleted(
    followed: Sequence[Followed], accounts: dict[str, AccountAccess], complain: Callable[[str], None]
) -> Iterator[None]:
    try:
        yield
    finally:
        for one in followed:
            drill = one.drill
            try:
                accounts[drill.region.stack_name].client("logs").delete_log_stream(
                    logGroupName=drill.log_group, logStreamName=one.stream
                )
            except (BotoCoreError, ClientError) as error:
                if _code(error) != "ResourceNotFoundException":
                    deletion = aws_command(
                        drill.region,
                        "logs delete-log-stream",
                        log_group_name=drill.log_group,
                        log_stream_name=one.stream,
                    )
                    complain(
                        f"The log stream {one.stream} in {drill.region.stack_name} could not be deleted "
                        f"({error}): run {deletion}"
                    )


@dataclass(frozen=True, slots=True)
class _Sent:
    """When the records of a stack were sent, by the clock of AWS, and what their metrics counted before."""

    at: datetime
    offset: timedelta
    before: dict[str, float]

    @property
    def elapsed(self) -> float:
        return (datetime.now(UTC) + self.offset - self.at).total_seconds()


def _send(followed: Sequence[Followed], account: AccountAccess, report: Report) -> _Sent:
    offset = _clock_offset(account)
    at = datetime.now(UTC) + offset
    sent = _Sent(at, offset, _counts(followed, account, at))
    logs = account.client("logs")
    for one in followed:
        group = one.drill.log_group
        try:
            logs.create_log_stream(logGroupName=group, logStreamName=one.stream)
            for batch in _batches(one.drill.records(at)):
                answer = logs.put_log_events(logGroupName=group, logStreamName=one.stream, logEvents=batch)
                if rejected := answer.get("rejectedLogEventsInfo"):
                    one.failure = f"CloudWatch Logs rejected records: {json.dumps(rejected)}"
        except (BotoCoreError, ClientError) as error:
            one.failure = str(error)
        if not one.failure:
            _reach(one, Hop.ACCEPTED, sent.elapsed, report)
    return sent


def _reach(one: Followed, hop: Hop, seconds: float, report: Report) -> None:
    one.seconds[hop] = round(max(0.0, seconds), 1)
    report(one, hop)


def _batches(records: Sequence[tuple[datetime, str]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the records in calls: a call takes a day of them at most, so each age has its own."""
    for at, same_time in groupby(records, key=lambda record: record[0]):
        batch: list[dict[str, Any]] = []
        size = 0
        for _, text in same_time:
            length = len(text.encode()) + _BYTES_A_RECORD
            if len(batch) == _RECORDS_A_CALL or size + length > _BYTES_A_CALL:
                yield batch
                batch, size = [], 0
            batch.append({"timestamp": int(at.timestamp() * 1000), "message": text})
            size += length
        yield batch


def _clock_offset(account: AccountAccess) -> timedelta:
    """Return how far the clock of AWS is ahead of this machine's, where that matters."""
    answer = account.client("cloudwatch").describe_alarms(MaxRecords=1)
    date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    offset = parsedate_to_datetime(date) - datetime.now(UTC) if date else timedelta()
    return offset if abs(offset) > _CLOCK_TOLERANCE else timedelta()


def _look(followed: Sequence[Followed], account: AccountAccess, sent: _Sent, report: Report) -> None:
    """See how far drills have come; what cannot be looked at is a failure."""
    try:
        if uncounted := [one for one in followed if one.next_hop is Hop.COUNTED]:
            counts = _counts(uncounted, account, sent.at)
            for one in uncounted:
                counted = counts[one.drill.event.key] - sent.before[one.drill.event.key]
                if counted >= len(one.drill.ages):
                    _reach(one, Hop.COUNTED, sent.elapsed, report)
        for one in followed:
            if one.drill.alarm and one.next_hop in (Hop.ALARM, Hop.PUBLISHED):
                _follow_alarm(one, one.drill.alarm, account, sent, report)
        _see_evaluation(followed, account)
    except (BotoCoreError, ClientError) as error:
        for one in followed:
            one.failure = str(error)


def _follow_alarm(
    one: Followed,
    alarm: MetricAlarmSpec | LogAlarmSpec,
    account: AccountAccess,
    sent: _Sent,
    report: Report,
) -> None:
    types = ["LogAlarm" if isinstance(alarm, LogAlarmSpec) else "MetricAlarm"]
    pages = (
        account.client("cloudwatch")
        .get_paginator("describe_alarm_history")
        .paginate(AlarmName=alarm.name, AlarmTypes=types, StartDate=sent.at, ScanBy="TimestampAscending")
    )
    done = set()
    for item in (item for page in pages for item in page["AlarmHistoryItems"]):
        attributes = item.get("AlarmContributorAttributes") or {}
        if not one.drill.is_own(attributes):
            continue
        seconds = (item["Timestamp"] - sent.at).total_seconds()
        summary = item["HistorySummary"]
        if item["HistoryItemType"] == "StateUpdate" and _is_to_alarm(item) and one.next_hop is Hop.ALARM:
            _reach(one, Hop.ALARM, seconds, report)
            one.contributor = attributes
            # The metric has counted by then, whenever that was seen here.
            if Hop.COUNTED in one.seconds:
                one.seconds[Hop.COUNTED] = min(one.seconds[Hop.COUNTED], one.seconds[Hop.ALARM])
        elif item["HistoryItemType"] == "Action" and one.next_hop is Hop.PUBLISHED:
            if summary.startswith("Failed"):
                one.failure = summary
                return
            done |= {action for action in alarm.actions if action in summary}
            if done == set(alarm.actions):
                _reach(one, Hop.PUBLISHED, seconds, report)


def _see_evaluation(followed: Sequence[Followed], account: AccountAccess) -> None:
    """End each drill whose log alarm cannot be evaluated: no later run would find its records."""
    waiting = [
        (one, one.drill.alarm.name)
        for one in followed
        if isinstance(one.drill.alarm, LogAlarmSpec) and one.next_hop is Hop.ALARM
    ]
    alarms = read_alarms(account, sorted({name for _, name in waiting}))
    for one, name in waiting:
        problem = evaluation_problem(alarms.get(name, {}))
        if "EVALUATION_ERROR" in problem:
            one.failure = problem


def _is_to_alarm(item: dict[str, Any]) -> bool:
    data = json.loads(item.get("HistoryData") or "{}")
    return bool(data.get("newState", {}).get("stateValue") == "ALARM")


def _counts(followed: Sequence[Followed], account: AccountAccess, at: datetime) -> dict[str, float]:
    """Return what the metrics of drills have counted, by event, from their oldest records on."""
    counting = [one for one in followed if Hop.COUNTED in one.hops]
    if not counting:
        return {}
    oldest = max(max(one.drill.ages) for one in counting)
    start = (at - timedelta(seconds=oldest)).replace(second=0, microsecond=0)
    by_key = {one.drill.event.key: one.drill for one in counting}
    counts = dict.fromkeys(by_key, 0.0)
    drills = list(by_key.values())
    pages = account.client("cloudwatch").get_paginator("get_metric_data")
    for first in range(0, len(drills), _METRICS_A_CALL):
        some = {f"m{n}": drill for n, drill in enumerate(drills[first : first + _METRICS_A_CALL])}
        queries = [
            {
                "Id": name,
                "MetricStat": {
                    "Metric": {
                        "Namespace": drill.region.settings.metric_namespace,
                        "MetricName": drill.event.metric_name,
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
            for name, drill in some.items()
        ]
        end = start + timedelta(seconds=oldest, minutes=2)
        for page in pages.paginate(MetricDataQueries=queries, StartTime=start, EndTime=end):
            for result in page["MetricDataResults"]:
                counts[some[result["Id"]].event.key] += sum(result["Values"])
    return counts


def _code(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""
