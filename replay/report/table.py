"""What a replay found, for a terminal: what fired, then what was only counted, and the rest in a line."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from catalog import Severity
from catalog.model.alarm_rule import rule
from replay.engine.finding import Finding
from replay.engine.outcome import Outcome
from replay.report.wording import printable, readable

#: How many channels are named.
_CHANNELS = 5
_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "dim",
}


def show(outcome: Outcome, console: Console) -> None:
    """Print the outcome of a replay."""
    for part in _parts(outcome):
        console.print(part)


def _parts(outcome: Outcome) -> Iterator[RenderableType]:
    yield _headline(outcome)
    if outcome.not_shipped:
        channels = [
            f"{count:,} in {printable(channel)}"
            for channel, count in outcome.not_shipped.most_common(_CHANNELS)
        ]
        more = len(outcome.not_shipped) - len(channels)
        yield Text(f"Not shipped: {', '.join(channels)}{f', and {more} more channels' if more else ''}.\n")
    if outcome.raised:
        yield _raised(outcome.raised)
    if outcome.counted:
        yield _counted(outcome.counted)
    yield Text(
        f"Alarms raised: {len(outcome.raised)}. "
        f"Matched nothing: {len(outcome.quiet)} of {len(outcome.watch.chosen)} events."
    )
    if outcome.problems.counts:
        yield _problems(outcome)


def _headline(outcome: Outcome) -> Text:
    text = f"{outcome.events:,} events in {outcome.files:,} files"
    if outcome.first is not None and outcome.last is not None:
        text += f", {readable(outcome.first / 1000)} to {readable(outcome.last / 1000)} UTC"
    return Text(f"{text}; {outcome.shipped:,} of them shipped for {printable(outcome.watch.name)}.")


def _raised(findings: list[Finding]) -> Table:
    table = _table("Alarms raised", "First raised", "Times>", "Event", "Severity", "Records>", "Rule")
    for finding in findings:
        table.add_row(
            readable(finding.raised[0]),
            f"{len(finding.raised):,}",
            finding.key,
            _severity(finding),
            f"{finding.matches:,}",
            rule(finding.event.alarm) if finding.event.alarm else "",
        )
    return table


def _counted(findings: list[Finding]) -> Table:
    table = _table("Counted, no alarm", "Records>", "Event", "Severity", "Why")
    for finding in findings:
        alarm = finding.event.alarm
        why = f"at most {finding.peak:,}; the alarm needs {rule(alarm)}" if alarm else "has no alarm"
        table.add_row(f"{finding.matches:,}", finding.key, _severity(finding), why)
    return table


def _problems(outcome: Outcome) -> Table:
    table = _table("Problems of the input", "Count>", "What", "First")
    for problem, found in outcome.problems:
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


def _severity(finding: Finding) -> Text:
    return Text(finding.event.severity.value, _STYLES[finding.event.severity])
