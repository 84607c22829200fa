"""The text of the page, part by part. Everything that is not written here passes through ``escape``."""

from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape

from catalog.derived.insights_query import telling_fields
from catalog.model.alarm_rule import duration, rule
from replay.engine.event_result import EventResult
from replay.engine.log_alarm import LogAlarmResult
from replay.engine.replay_result import ReplayResult
from replay.report.evidence import KeptRecord, RecordEvidence
from replay.report.page_charts import OVERVIEW, chart_id
from replay.report.wording import attributes, readable

#: How many accounts, addresses and hosts are listed, and how many times of an alarm.
_RANKED = 10
_TIMES = 12
#: How many contributors of a log alarm are listed.
_CONTRIBUTORS = 50
#: How many characters of a value stand in a line.
_SHOWN = 80
#: Pixels of the overview: for its axis, and for each alarm.
_AXIS, _ROW = 50, 26


def parts(result: ReplayResult, evidence: RecordEvidence) -> Iterator[str]:
    """Yield the page's text: what fired, what was counted, who was busy, what was quiet, what was wrong."""
    yield _header(result)
    if result.raised:
        height = _AXIS + _ROW * len(result.raised)
        yield "<h2>Alarms raised</h2>"
        yield f'<div class="card"><div class="chart" id="{OVERVIEW}" style="height:{height}px"></div></div>'
        yield _LEGEND
        for event_result in result.raised:
            yield f'<section class="card">{_title(event_result)}{_details(event_result, evidence)}</section>'
    if result.raised_log_alarms:
        yield "<h2>Log alarms raised</h2>"
        yield from map(_log_alarm, result.raised_log_alarms)
    if result.counted:
        yield "<h2>Counted, no alarm raised</h2>"
        for event_result in result.counted:
            yield f'<details class="card"><summary>{_title(event_result)}</summary>'
            yield f"{_details(event_result, evidence)}</details>"
    if result.raised or result.counted or result.raised_log_alarms:
        yield "<h2>Busiest in the matching records</h2>"
        yield f'<div class="columns">{_ranking("Accounts", evidence.accounts)}'
        yield f"{_ranking('Addresses', evidence.addresses)}{_ranking('Hosts', evidence.hosts)}</div>"
    if result.quiet:
        yield "<h2>Quiet</h2>"
        yield _quiet(result)
    yield "<h2>Input</h2>"
    yield _input(result)


_LEGEND = (
    '<p class="legend"><span><i class="line"></i>records in the alarm\'s period</span>'
    '<span><i class="threshold"></i>threshold</span><span><i class="on"></i>in alarm</span></p>'
)


def _header(result: ReplayResult) -> str:
    span = "No event could be read."
    if result.first is not None and result.last is not None:
        span = f"{readable(result.first / 1000)} to {readable(result.last / 1000)} UTC"
    alarms = sum(1 for event_result in result.event_results if event_result.event.alarm)
    alarms += len(result.log_alarms)
    raised = len(result.raised) + len(result.raised_log_alarms)
    tiles = [
        ("raised" if raised else "", f"{raised} of {alarms}", "alarms raised"),
        ("", f"{result.events:,}", "events read"),
        ("", f"{result.shipped:,}", "shipped by the agent"),
        ("", f"{sum(result.problems.counts.values()):,}", "problems of the input"),
    ]
    return (
        f'<header><h1>Alarm replay: {escape(result.watch.name)}</h1><p class="muted">{escape(span)}, '
        f"{_number(result.files, 'file')}</p></header>"
        '<div class="tiles">'
        + "".join(
            f'<div class="tile {kind}"><b>{value}</b><span>{name}</span></div>' for kind, value, name in tiles
        )
        + "</div>"
    )


def _log_alarm(result: LogAlarmResult) -> str:
    """Return a log alarm, with a row for each contributor that notified."""
    watched, severity = result.watched, result.watched.severity.value
    raised = [each for each in result.contributors if each.raised]
    rows = "".join(
        f'<tr><td>{readable(each.raised[0])}</td><td class="number">{len(each.raised):,}</td>'
        f'<td class="number">{each.records:,}</td><td>{escape(attributes(each.attributes))}</td></tr>'
        for each in raised[:_CONTRIBUTORS]
    )
    more = (
        f'<p class="muted">and {_number(len(raised) - _CONTRIBUTORS, "more contributor")}</p>'
        if len(raised) > _CONTRIBUTORS
        else ""
    )
    facts = [
        f"Runs every {duration(watched.settings.schedule)}, over {duration(watched.window)}",
        f"{_number(result.notifications, 'notification')}, one for each contributor",
    ]
    if result.missed:
        facts.append(f"{_number(result.missed, 'record')} came too late for every run")
    items = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    return (
        f'<section class="card"><h3 class="title">{escape(watched.title)} '
        f'<span class="severity {severity}">{severity}</span> <code>{escape(result.key)}</code> '
        f'<span class="muted">{_number(result.matches, "record")}</span></h3><ul class="facts">{items}</ul>'
        '<table class="contributors"><tr><th>First raised</th><th class="number">Times</th>'
        '<th class="number">Records</th><th>Contributor</th></tr>'
        f"{rows}</table>{more}</section>"
    )


def _title(event_result: EventResult) -> str:
    event, severity = event_result.event, event_result.event.severity.value
    return (
        f'<h3 class="title">{escape(event.title)} <span class="severity {severity}">{severity}</span> '
        f"<code>{escape(event_result.key)}</code> "
        f'<span class="muted">{_number(event_result.matches, "record")}</span></h3>'
    )


def _details(event_result: EventResult, evidence: RecordEvidence) -> str:
    event = event_result.event
    facts = [f"Event {event.event_id} in {escape(event.channel)}"]
    if event.alarm:
        facts += [
            f"Alarm at {escape(rule(event.alarm))}",
            f"at most {event_result.peak:,} in {duration(event.alarm.period)}",
        ]
    else:
        facts.append("Metric only: no alarm")
    items = "".join(f"<li>{fact}</li>" for fact in facts)
    return (
        f'<ul class="facts">{items}</ul>{_raised_at(event_result)}'
        f'<div class="chart" id="{chart_id(event_result)}" role="img" aria-label="Timeline"></div>'
        f"{_records(event_result, evidence.records[event.key])}"
    )


def _raised_at(event_result: EventResult) -> str:
    times = [readable(time) for time in event_result.raised]
    if not times:
        return ""
    more = f" and {len(times) - _TIMES:,} more times" if len(times) > _TIMES else ""
    return f"<p>Raised {_number(len(times), 'time')}: {', '.join(times[:_TIMES])}{more} UTC</p>"


def _records(event_result: EventResult, kept: list[KeptRecord]) -> str:
    columns = telling_fields(event_result.event)
    which = (
        "The matching records"
        if len(kept) == event_result.matches
        else f"The first {len(kept)} matching records"
    )
    return f"<details><summary>{which}</summary>{''.join(_record(each, columns) for each in kept)}</details>"


def _record(kept: KeptRecord, columns: Iterable[str]) -> str:
    """Return one record, closed: when and where, and the fields that its saved query shows."""
    record, values = kept.record, dict(kept.fields)
    shown = [values[name][:_SHOWN] for name in columns if values.get(name, "-") not in ("", "-")]
    at = f"{readable(record.time / 1000)}:{record.time // 1000 % 60:02}"
    system = [("Provider", record.provider), ("Channel", record.channel), ("Event id", str(record.event_id))]
    fields = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in [*system, *kept.fields]
    )
    return (
        f'<details class="record"><summary><span class="number">{at}</span> {escape(record.computer)} '
        f'<span class="muted">{escape(" · ".join(shown))}</span></summary><dl>{fields}</dl></details>'
    )


def _ranking(title: str, counter: Counter[str]) -> str:
    ranked = counter.most_common(_RANKED)
    if not ranked:
        return f'<section class="card"><h3>{title}</h3><p class="muted">None is named.</p></section>'
    most = ranked[0][1]
    rows = "".join(
        f'<li><span class="bar" style="width:{100 * count / most:.1f}%"></span>'
        f'<span class="name">{escape(name[:_SHOWN])}</span><span class="number">{count:,}</span></li>'
        for name, count in ranked
    )
    more = (
        f'<p class="muted">and {len(counter) - len(ranked):,} more</p>' if len(counter) > len(ranked) else ""
    )
    return f'<section class="card"><h3>{title}</h3><ol class="ranking">{rows}</ol>{more}</section>'


def _quiet(result: ReplayResult) -> str:
    keys = "".join(f"<li><code>{escape(event.key)}</code></li>" for event in result.quiet)
    events = _number(len(result.watch.chosen), "event")
    return (
        f'<details class="card"><summary>{len(result.quiet)} of {events} '
        f'matched nothing</summary><ul class="keys">{keys}</ul></details>'
    )


def _input(result: ReplayResult) -> str:
    rows = [
        (count, f"not shipped: {channel}", "the agent's configuration does not collect them")
        for channel, count in result.not_shipped.most_common(_RANKED)
    ]
    problems = [
        (found.count, problem.title, f"{problem.meaning}; first: {found.first}")
        for problem, found in result.problems
    ]
    notices = "".join(f'<p class="card">{escape(notice)}</p>' for notice in result.watch.notices)
    if not rows and not problems and not notices:
        return '<p class="card">Everything was read, and the agent would ship all of it.</p>'
    body = "".join(
        f'<tr><td class="number">{count:,}</td><td>{escape(what)}</td>'
        f'<td class="muted">{escape(why)}</td></tr>'
        for count, what, why in [*problems, *rows]
    )
    return notices + (f'<div class="card"><table>{body}</table></div>' if body else "")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
