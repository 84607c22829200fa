"""What a replay found, for a terminal: what fired, then what was only counted, and the rest in a line."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from catalog import Severity
from catalog.model.alarm_rule import duration, rule
from cli.text import counted, printable
from replay.engine.event_result import EventResult
from replay.engine.log_alarm import MOST_IN_ALARM, LogAlarmResult
from replay.engine.replay_result import ReplayResult
from replay.report.comparison import ChangeSinceBaseline
from replay.report.wording import attributes, readable

#: How many channels are named.
_CHANNELS = 5
#: How many event ids of each are named.
_IDS = 8
#: How many contributors of each log alarm are listed.
_CONTRIBUTORS = 10
_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "dim",
}


def show(result: ReplayResult, console: Console, *, unmatched: bool = False) -> None:
    """Print the result of a replay; `unmatched`: with the keys of the events that matched nothing."""
    for part in _parts(result):
        console.print(part)
    if unmatched and result.quiet:
        console.print(Text(f"Matched nothing: {', '.join(event.key for event in result.quiet)}"))


def show_changes(changes: Sequence[ChangeSinceBaseline], console: Console) -> None:
    """Print what differs from the baseline."""
    if not changes:
        console.print(Text("The same as in the baseline."))
        return
    table = _table("Since the baseline", "Alarm", "Records>", "Before>", "Notifications>", "Before >")
    for each in changes:
        (records_before, records), (before, now) = each.records, each.notifications
        table.add_row(each.key, f"{records:,}", f"{records_before:,}", f"{now:,}", f"{before:,}")
    console.print(table)


def _parts(result: ReplayResult) -> Iterator[RenderableType]:
    yield _headline(result)
    if result.not_shipped:
        channels = [
            f"{ids.total():,} in {printable(channel)} ({_ids(ids)})"
            for channel, ids in list(result.not_shipped_by_id.items())[:_CHANNELS]
        ]
        if more := len(result.not_shipped) - len(channels):
            channels.append(f"and {counted(more, 'more channel')}")
        yield Text(f"Not shipped: {', '.join(channels)}.\n")
    if result.raised:
        yield _raised(result.raised)
    if result.raised_log_alarms:
        yield _log_alarms_raised(result.raised_log_alarms)
    if result.counted:
        yield _counted(result.counted)
    if found := [each for each in result.log_alarms if each.matches and not each.raised]:
        yield _log_alarms_counted(found)
    if late := [each for each in result.log_alarms if each.missed]:
        yield Text("".join(f"{sentence}\n" for sentence in map(_too_late, late)))
    if crowded := [each for each in result.log_alarms if each.most_in_alarm > MOST_IN_ALARM]:
        names = ", ".join(each.key for each in crowded)
        yield Text(
            f"More than {MOST_IN_ALARM} contributors in ALARM at a time, of which CloudWatch takes "
            f"{MOST_IN_ALARM}: {names}\n"
        )
    if result.watch.notices:
        yield Text("".join(f"{printable(notice)}\n" for notice in result.watch.notices))
    raised = len(result.raised) + len(result.raised_log_alarms)
    yield Text(
        f"Alarms raised: {raised}, with {counted(result.notifications, 'notification')}{_muted(result)}. "
        f"Matched nothing: {len(result.quiet)} of {counted(len(result.watch.chosen), 'event')}."
    )
    if result.problems.counts:
        yield _problems(result)


def _muted(result: ReplayResult) -> str:
    """Say how many of the notifications are not sent as they fall into maintenance windows."""
    windows = result.muted
    names = ", ".join(sorted(windows))
    return f", of which {windows.total():,} muted by maintenance windows ({names})" if windows else ""


def _ids(ids: Counter[int]) -> str:
    named = ", ".join(f"{event_id}: {count:,}" for event_id, count in ids.most_common(_IDS))
    return f"{named}, ..." if len(ids) > _IDS else named


def _headline(result: ReplayResult) -> Text:
    text = f"{counted(result.events, 'event')} in {counted(result.files, 'file')}"
    if result.first is not None and result.last is not None:
        text += f", {readable(result.first / 1000)} to {readable(result.last / 1000)} UTC"
    return Text(f"{text}; {result.shipped:,} of them shipped for {printable(result.watch.name)}.")


def _raised(event_results: list[EventResult]) -> Table:
    table = _table("Alarms raised", "First raised", "Times>", "Event", "Severity", "Records>", "Rule")
    for event_result in event_results:
        table.add_row(
            readable(event_result.raised[0]),
            f"{len(event_result.raised):,}",
            event_result.key,
            _severity(event_result),
            f"{event_result.matches:,}",
            rule(event_result.event.alarm) if event_result.event.alarm else "",
        )
    return table


def _log_alarms_raised(results: list[LogAlarmResult]) -> Table:
    """Return a row for each contributor that notified, up to some for each alarm."""
    table = _table(
        "Log alarms raised", "First raised", "Times>", "Alarm", "Severity", "Records>", "Contributor"
    )
    for result in results:
        raised = [each for each in result.contributors if each.raised]
        for each in raised[:_CONTRIBUTORS]:
            table.add_row(
                readable(each.raised[0]),
                f"{len(each.raised):,}",
                result.key,
                _shown_severity(result.watched.severity),
                f"{each.records:,}",
                Text(printable(attributes(each.attributes))),
            )
        if (more := len(raised) - _CONTRIBUTORS) > 0:
            table.add_row("", "", result.key, "", "", f"and {counted(more, 'more contributor')}")
    return table


def _log_alarms_counted(results: list[LogAlarmResult]) -> Table:
    table = _table("Found, no log alarm", "Records>", "Alarm", "Severity", "Why")
    for result in results:
        most = max(each.peak for each in result.contributors)
        why = f"at most {most:,} of a contributor; the alarm needs {result.watched.query.threshold:,}"
        if result.watched.alarm.correlation and not result.watched.alarm.correlation.type.counts:
            why = "no contributor has a record of each step within the window"
        severity = _shown_severity(result.watched.severity)
        table.add_row(f"{result.matches:,}", result.key, severity, why)
    return table


def _too_late(result: LogAlarmResult) -> str:
    settings = result.watched.settings
    return (
        f"{result.key}: {counted(result.missed, 'record')} came too late for every run: "
        f"log_alarms.lateness is {duration(settings.lateness)}"
    )


def _counted(event_results: list[EventResult]) -> Table:
    table = _table("Counted, no alarm", "Records>", "Event", "Severity", "Why")
    for event_result in event_results:
        alarm = event_result.event.alarm
        why = f"at most {event_result.peak:,}; the alarm needs {rule(alarm)}" if alarm else "has no alarm"
        table.add_row(f"{event_result.matches:,}", event_result.key, _severity(event_result), why)
    return table


def _problems(result: ReplayResult) -> Table:
    table = _table("Problems of the input", "Count>", "What", "First")
    for problem, found in result.problems:
        table.add_row(
            f"{found.count:,}", Text(f"{problem.title}: {problem.meaning}"), Text(printable(found.first))
        )
    return table


def _table(title: str, *columns: str) -> Table:
    """Return an empty table; a column that ends in > holds numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column.rstrip(">"), justify="right" if column.endswith(">") else "left")
    return table


def _severity(event_result: EventResult) -> Text:
    return _shown_severity(event_result.event.severity)


def _shown_severity(severity: Severity) -> Text:
    return Text(severity.value, _STYLES[severity])
