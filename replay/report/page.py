"""What a replay found, as one web page that needs nothing else: readable offline, in light and dark."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog.derived.insights_query import telling_fields
from catalog.site.web_page import web_page
from cli.files import write_text
from replay.engine.replay_result import ReplayResult
from replay.report import page_parts
from replay.report.comparison import ChangeSinceBaseline
from replay.report.evidence import KeptRecord, NamedSubjects, RecordEvidence
from replay.report.finding import FoundAlarm, findings

#: How many accounts, addresses and servers of a finding its card names, and how many one can filter by.
_NAMED, _HOSTS = 5, 200


def write_page(
    result: ReplayResult, evidence: RecordEvidence, path: Path, changes: Iterable[ChangeSinceBaseline] = ()
) -> None:
    """Write the page; the file appears complete or not at all.

    Raises:
        OSError: It cannot be written.
    """
    write_text(path, page(result, evidence, changes))


def page(result: ReplayResult, evidence: RecordEvidence, changes: Iterable[ChangeSinceBaseline] = ()) -> str:
    """Return the page.

    Whatever stands in an event is shown as text. Should a way around that be found, the page's own policy
    still lets nothing run but the script it comes with, and nothing be loaded.

    Args:
        result: What the replay found.
        evidence: What it collected of the records.
        changes: What differs from an earlier replay.
    """
    found = findings(result)
    return web_page(
        __package__,
        f"Replay: {result.watch.name}",
        page_parts.parts(result, evidence, found, changes),
        _data(found, evidence),
    )


def _data(found: list[FoundAlarm], evidence: RecordEvidence) -> dict[str, Any]:
    """Return what the script draws as a card is opened, by the finding's key."""
    return {finding.key: _card(finding, evidence) for finding in found}


def _card(finding: FoundAlarm, evidence: RecordEvidence) -> dict[str, Any]:
    names = NamedSubjects()
    for event in finding.events:
        for total, each in zip(_counters(names), _counters(evidence.of_event[event.key]), strict=True):
            total.update(each)
    columns = list(dict.fromkeys(name for event in finding.events for name in telling_fields(event)))
    kept = [record for event in finding.events for record in evidence.records[event.key]]
    kept.sort(key=lambda each: each.record.time)
    return {
        "names": {
            kind: [counter.most_common(_NAMED), len(counter)]
            for kind, counter in zip(("accounts", "addresses", "servers"), _counters(names), strict=True)
        },
        "hosts": [name for name, _ in names.hosts.most_common(_HOSTS)],
        "columns": columns,
        "records": [_row(record, columns) for record in kept],
        "matches": finding.matches,
        # A log alarm over several events has a name of its own, which no override knows.
        "tuned": finding.events[0].key if len(finding.events) == 1 else None,
    }


def _counters(names: NamedSubjects) -> tuple[Any, ...]:
    return names.accounts, names.addresses, names.hosts


def _row(kept: KeptRecord, columns: list[str]) -> list[Any]:
    """Return a record: time, host, number, the values of the columns, and all its fields where kept."""
    values = dict(kept.fields)
    record = kept.record
    row: list[Any] = [record.time, record.computer, record.number, [values.get(name, "") for name in columns]]
    if kept.whole:
        system = [("Provider", record.provider), ("Channel", record.channel), ("Event id", record.event_id)]
        row.append([*system, *kept.fields])
    return row
