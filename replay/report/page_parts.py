"""The text of the page, part by part. Everything that is not written here passes through ``escape``."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from catalog import Severity
from catalog.derived.attack_layer import technique_page
from catalog.site.web_page import LANGUAGES
from cli.text import counted
from replay.engine.replay_result import ReplayResult
from replay.report.comparison import ChangeSinceBaseline
from replay.report.drawing import chart, heat_map, is_worth_a_chart, strip
from replay.report.evidence import Logon, RecordEvidence
from replay.report.finding import FoundAlarm
from replay.report.wording import attributes, readable

#: How many rows a table has at most, one of names, how many findings stand beside a name, and how many times.
_LISTED, _SUBJECTS, _RANKED, _TIMES = 50, 15, 6, 12
#: How many contributors of a log alarm are listed.
_CONTRIBUTORS = 50
#: Up to how many changes since a baseline are shown without a click.
_OPEN = 12
#: How many characters of a value stand in a line.
_SHOWN = 80
_MINUTE = 60
_LOGON_TYPES = {
    "0": "system",
    "2": "interactive",
    "3": "network",
    "4": "batch",
    "5": "service",
    "7": "unlock",
    "8": "network, clear text",
    "9": "new credentials",
    "10": "Remote Desktop",
    "11": "cached",
    "12": "cached Remote Desktop",
    "13": "cached unlock",
}


def parts(
    result: ReplayResult,
    evidence: RecordEvidence,
    found: list[FoundAlarm],
    changes: Iterable[ChangeSinceBaseline],
) -> Iterator[str]:
    """Yield the page's text: the verdict, each finding, then who and where, when, which logons and ids."""
    yield _header(result, found)
    yield _changes(list(changes))
    yield _findings(result, found)
    if found:
        yield _hosts_and_accounts(evidence, found)
        minutes: Counter[int] = Counter()
        for counts in result.counts.values():
            minutes.update(counts)
        if minutes:
            yield f'<section id="time"><h2>When</h2><div class="card">{heat_map(minutes)}</div></section>'
    if evidence.logons:
        yield _logons(evidence.logons)
    yield _ids(result, evidence)
    yield _input(result)


def _header(result: ReplayResult, found: list[FoundAlarm]) -> str:
    span = "No event could be read."
    if result.first is not None and result.last is not None:
        span = f"{readable(result.first / 1000)} to {readable(result.last / 1000)} UTC"
    raised = Counter(finding.severity for finding in found if finding.raised)
    by_severity = [
        f'<button class="tile {severity.value}" data-severity="{severity.value}"'
        f"{'' if raised[severity] else ' disabled'}><b>{raised[severity]}</b>"
        f"<span>{severity.value}</span></button>"
        for severity in reversed(Severity)
    ]
    in_windows = result.muted.total()
    muted = f", {in_windows:,} of them in maintenance windows" if in_windows else ""
    numbers = [
        (f"{result.notifications:,}", "notifications" + muted),
        (f"{result.events:,}", "events read"),
        (f"{result.shipped:,}", "shipped by the agent"),
        (f"{sum(result.problems.counts.values()):,}", "problems of the input"),
    ]
    return (
        f'<header><p class="muted">Alarm replay: {escape(result.watch.name)}</p>'
        f"<h1>{_verdict(found)}</h1>"
        f'<p class="muted">{escape(span)}, {counted(result.files, "file")}</p>'
        '<nav><a href="#findings">Alarms</a><a href="#hosts">Servers and accounts</a><a href="#time">When</a>'
        '<a href="#logons">Logons</a><a href="#ids">Event ids</a><a href="#input">Input</a>'
        f"{LANGUAGES}</nav></header>"
        f'<div class="tiles severities" role="group" aria-label="Alarms raised by severity">'
        f"{''.join(by_severity)}</div>"
        '<div class="tiles">'
        + "".join(f'<div class="tile"><b>{value}</b><span>{name}</span></div>' for value, name in numbers)
        + "</div>"
    )


def _verdict(found: list[FoundAlarm]) -> str:
    raised = [finding for finding in found if finding.raised]
    if not raised:
        return "No alarm would have fired."
    first = raised[0]
    return (
        f"{counted(len(raised), 'alarm')} would have fired. "
        f'<span class="first">Look first at <a href="#{_anchor(first.key)}">{_titles(first)}</a>.</span>'
    )


def _changes(changes: list[ChangeSinceBaseline]) -> str:
    if not changes:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(each.key)}</code></td>"
        f'<td class="number">{each.records[0]:,} → {each.records[1]:,}</td>'
        f'<td class="number">{each.notifications[0]:,} → {each.notifications[1]:,}</td></tr>'
        for each in changes
    )
    before, after = (sum(each.notifications[side] for each in changes) for side in (0, 1))
    # A long list is not what to look at first.
    state = " open" if len(changes) <= _OPEN else ""
    return (
        f'<section id="changes"><h2>Since the baseline</h2><details class="card"{state}>'
        f"<summary>{len(changes)} differ: {before:,} notifications before, {after:,} now</summary>"
        f"{_table(rows, 'Alarm', 'Records>', 'Notifications>')}</details></section>"
    )


def _findings(result: ReplayResult, found: list[FoundAlarm]) -> str:
    quiet = _quiet(result)
    if not found:
        return f'<section id="findings"><h2>Alarms</h2>{quiet}</section>'
    span = (result.first or 0) // 1000, (result.last or 0) // 1000 + _MINUTE
    cards = "".join(_card(finding, span) for finding in found)
    return (
        f'<section id="findings"><h2>Alarms and events found</h2>{_filters(found)}'
        f'<p class="spanned" aria-hidden="true"><span>{readable(span[0])}</span>'
        f"<span>{readable(span[1])} UTC</span></p>{cards}"
        '<p class="card muted" id="none" hidden>Nothing is like that.</p>'
        '<p class="legend"><span><i class="tick"></i>records</span>'
        '<span><i class="on"></i>in ALARM</span></p>'
        f"{quiet}</section>"
    )


def _filters(found: list[FoundAlarm]) -> str:
    choices = {
        "severity": [s.value for s in reversed(Severity) if any(f.severity is s for f in found)],
        "family": sorted({family for finding in found for family in finding.families}),
        "attack": sorted({each for f in found for t in f.attack for each in (t, t.partition(".")[0])}),
    }
    selects = "".join(
        f'<label>{name}<select data-filter="{kind}"><option value="">all</option>'
        + "".join(f"<option>{escape(value)}</option>" for value in choices[kind])
        + "</select></label>"
        for kind, name in (("severity", "Severity"), ("family", "Family"), ("attack", "ATT&amp;CK"))
    )
    return (
        f'<form class="filters" role="search"><label>Text<input type="search" data-filter="text" '
        f'placeholder="title, server, account, value"></label>{selects}'
        '<label>Server<select data-filter="host"><option value="">all</option></select></label>'
        '<label class="check"><input type="checkbox" data-filter="raised"> only alarms</label></form>'
    )


def _card(finding: FoundAlarm, span: tuple[int, int]) -> str:
    severity = finding.severity.value
    state = counted(len(finding.raised), "notification") if finding.raised else "no alarm"
    return (
        f'<details class="card finding{"" if finding.raised else " quiet"}" id="{_anchor(finding.key)}" '
        f'data-key="{escape(finding.key)}" data-severity="{severity}" '
        f'data-family="{escape(" ".join(finding.families))}" '
        f'data-attack="{escape(" ".join(finding.attack))}">'
        f'<summary><span class="severity {severity}">{severity}</span>'
        f'<span class="name"><b>{_titles(finding)}</b> <code>{escape(finding.key)}</code></span>'
        f'<span class="numbers"><b>{counted(finding.matches, "record")}</b> {state}</span>'
        f"{strip(finding, span)}</summary>{_details(finding)}</details>"
    )


def _details(finding: FoundAlarm) -> str:
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in finding.facts)
    recipients = "".join(f"<li>Notifies {escape(each)}</li>" for each in finding.recipients)
    techniques = "".join(
        f'<li><a rel="noreferrer" href="{escape(technique_page(each))}">{escape(each)}</a></li>'
        for each in finding.attack
    )
    drawn = ""
    if finding.line and is_worth_a_chart(finding):
        drawn = chart(finding.line, finding.events[0].alarm)
    return (
        f'<div class="details"><p class="happened" data-happened></p><div class="runbook"><h3>What to do</h3>'
        f'<p class="en">{escape(finding.runbook)}</p><p class="ja" lang="ja">{escape(finding.runbook_ja)}</p>'
        f'</div><ul class="facts">{facts}{recipients}{techniques}</ul>{_raised_at(finding)}{drawn}'
        f"{_contributors(finding)}<div data-names></div><div data-records></div></div>"
    )


def _raised_at(finding: FoundAlarm) -> str:
    times = [readable(time) for time in finding.raised]
    if not times:
        return ""
    more = f" and {len(times) - _TIMES:,} more times" if len(times) > _TIMES else ""
    return f"<p>Raised {counted(len(times), 'time')}: {', '.join(times[:_TIMES])}{more} UTC</p>"


def _contributors(finding: FoundAlarm) -> str:
    if not finding.contributors:
        return ""
    rows = "".join(
        f'<tr><td>{readable(each.raised[0])}</td><td class="number">{len(each.raised):,}</td>'
        f'<td class="number">{each.records:,}</td><td>{escape(attributes(each.attributes))}</td></tr>'
        for each in finding.contributors[:_CONTRIBUTORS]
    )
    left = len(finding.contributors) - _CONTRIBUTORS
    more = f'<p class="muted">and {counted(left, "more contributor")}</p>' if left > 0 else ""
    return _table(rows, "First raised", "Times>", "Records>", "Contributor", kind="contributors") + more


def _table(rows: str, *columns: str, kind: str = "") -> str:
    """Return a table of rows; a column that ends in > holds numbers."""
    head = "".join(
        f'<th scope="col" class="number">{name[:-1]}</th>'
        if name.endswith(">")
        else f'<th scope="col">{name}</th>'
        for name in columns
    )
    return (
        f'<div class="scroll" tabindex="0"><table class="{kind}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _titles(finding: FoundAlarm) -> str:
    return (
        f'<span class="en">{escape(finding.title)}</span>'
        f'<span class="ja" lang="ja">{escape(finding.title_ja)}</span>'
    )


def _anchor(key: str) -> str:
    return f"event-{escape(key)}"


def _hosts_and_accounts(evidence: RecordEvidence, found: list[FoundAlarm]) -> str:
    names = evidence.names
    return (
        '<section id="hosts"><h2>Servers and accounts</h2>'
        f"{_subjects('Servers', names.hosts, _keys_by_name(evidence, 'hosts'), found)}"
        f"{_subjects('Accounts', names.accounts, _keys_by_name(evidence, 'accounts'), found)}"
        f"{_subjects('Addresses', names.addresses, _keys_by_name(evidence, 'addresses'), found)}</section>"
    )


def _keys_by_name(evidence: RecordEvidence, kind: str) -> Mapping[str, Counter[str]]:
    by_name: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, names in evidence.of_event.items():
        for name, count in getattr(names, kind).items():
            by_name[name][key] = count
    return by_name


def _subjects(
    title: str, counter: Counter[str], keys: Mapping[str, Counter[str]], found: list[FoundAlarm]
) -> str:
    """Return a table of names: how many records of each, and the gravest findings among them."""
    place = {event.key: number for number, f in reversed(list(enumerate(found))) for event in f.events}
    rows = []
    for name, count in counter.most_common(_SUBJECTS):
        known = [
            found[number] for number in sorted({place[key] for key in keys.get(name, ()) if key in place})
        ]
        links = ", ".join(
            f'<a href="#{_anchor(each.key)}" class="{each.severity.value}">{escape(each.key)}</a> '
            f'<span class="muted">{each.severity.value}</span>'
            for each in known[:_RANKED]
        )
        more = f" and {len(known) - _RANKED} more" if len(known) > _RANKED else ""
        rows.append(
            f'<tr><td class="name">{escape(name[:_SHOWN])}</td><td class="number">{count:,}</td>'
            f"<td>{links}{more}</td></tr>"
        )
    if not rows:
        return f'<div class="card"><h3>{title}</h3><p class="muted">None is named.</p></div>'
    left = len(counter) - _SUBJECTS
    rest = f'<p class="muted">and {left:,} more</p>' if left > 0 else ""
    return (
        f'<div class="card"><h3>{title}</h3>'
        f"{_table(''.join(rows), 'Name', 'Records>', 'Gravest', kind='subjects')}{rest}</div>"
    )


def _logons(logons: Counter[Logon]) -> str:
    tables = "".join(
        _logon_table(
            title, Counter({logon: n for logon, n in logons.items() if logon.succeeded is succeeded})
        )
        for title, succeeded in (("Failed logons (4625)", False), ("Successful logons (4624)", True))
    )
    return f'<section id="logons"><h2>Logons</h2>{tables}</section>'


def _logon_table(title: str, logons: Counter[Logon]) -> str:
    if not logons:
        return ""
    rows = "".join(
        f'<tr><td class="number">{count:,}</td><td class="name">{escape(logon.account[:_SHOWN])}</td>'
        f"<td>{escape(logon.host[:_SHOWN])}</td>"
        f"<td>{escape(_LOGON_TYPES.get(logon.logon_type, ''))} ({escape(logon.logon_type[:_SHOWN])})</td>"
        f"<td>{escape(logon.source[:_SHOWN])}</td></tr>"
        for logon, count in logons.most_common(_LISTED)
    )
    left = len(logons) - _LISTED
    more = f'<p class="muted">and {counted(left, "more kind")}</p>' if left > 0 else ""
    return (
        f'<details class="card" open><summary><h3>{title}: {logons.total():,}</h3></summary>'
        f"{_table(rows, 'Number>', 'Account', 'Server', 'Logon type', 'From')}{more}</details>"
    )


def _ids(result: ReplayResult, evidence: RecordEvidence) -> str:
    counts: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for (channel, event_id, shipped), count in evidence.ids.items():
        counts[channel, event_id][shipped] += count
    ranked = sorted(counts.items(), key=lambda each: -sum(each[1]))
    rows = "".join(
        f'<tr><td class="number">{sum(both):,}</td><td class="number">{event_id}</td>'
        f"<td>{escape(channel)}</td><td>{_shipped(both)}</td></tr>"
        for (channel, event_id), both in ranked[:_LISTED]
    )
    left = len(ranked) - _LISTED
    more = f'<p class="muted">and {counted(left, "more event id")}</p>' if left > 0 else ""
    if not rows:
        return ""
    share = f"{result.shipped:,} of {result.read:,} records shipped"
    return (
        f'<section id="ids"><h2>Event ids</h2><details class="card"><summary><h3>{share}</h3></summary>'
        f"{_table(rows, 'Records>', 'Event id>', 'Event log', 'Shipped by the agent')}{more}"
        "</details></section>"
    )


def _shipped(both: list[int]) -> str:
    not_shipped, shipped = both
    if not not_shipped:
        return "yes"
    return f"{shipped:,} of {shipped + not_shipped:,}" if shipped else '<span class="muted">no</span>'


def _quiet(result: ReplayResult) -> str:
    if not result.quiet:
        return ""
    keys = "".join(f"<li><code>{escape(event.key)}</code></li>" for event in result.quiet)
    events = counted(len(result.watch.chosen), "event")
    return (
        f'<details class="card"><summary>{len(result.quiet)} of {events} '
        f'matched nothing</summary><ul class="keys">{keys}</ul></details>'
    )


def _input(result: ReplayResult) -> str:
    rows = [
        (count, f"not shipped: {channel}", "the agent's configuration does not collect them")
        for channel, count in result.not_shipped.most_common(_LISTED)
    ]
    problems = [
        (found.count, problem.title, f"{problem.meaning}; first: {found.first}")
        for problem, found in result.problems
    ]
    notices = "".join(f'<p class="card">{escape(notice)}</p>' for notice in result.watch.notices)
    body = "".join(
        f'<tr><td class="number">{count:,}</td><td>{escape(what)}</td>'
        f'<td class="muted">{escape(why)}</td></tr>'
        for count, what, why in [*problems, *rows]
    )
    inner = notices
    if body:
        inner += f'<div class="card scroll" tabindex="0"><table>{body}</table></div>'
    if not inner:
        inner = '<p class="card">Everything was read, and the agent would ship all of it.</p>'
    return f'<section id="input"><h2>Input</h2>{inner}</section>'
