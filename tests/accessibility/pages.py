"""The two web pages, small, with something of every kind in them."""

from pathlib import Path

from catalog import event
from catalog.model.provider import SECURITY_EVENTLOG
from catalog.site import site_page
from replay import Watch
from replay.engine.replay_result import replay
from replay.report.as_json import as_json
from replay.report.comparison import changes
from replay.report.evidence import RecordEvidence
from replay.report.page import write_page
from tests.replay.logs import event_xml, failed_logon, written

_CHOSEN = tuple(
    map(
        event,
        ("logon-failed-network", "logon-succeeded-remote-desktop", "security-log-cleared", "process-created"),
    )
)


def written_pages(folder: Path) -> list[Path]:
    """Write the report of a replay, beside an earlier one, and the catalog; return the files."""
    records = [
        *(failed_logon(at=6 * number, TargetUserName=f"user{number % 3}") for number in range(27)),
        event_xml(4624, {"LogonType": "10", "IpAddress": "203.0.113.9"}, at=400),
        event_xml(1102, provider=SECURITY_EVENTLOG, at=500),
        event_xml(4999),
        "<Event>rubbish</Event>",
    ]
    watch = Watch("some of the catalog", _CHOSEN, _CHOSEN)
    evidence = RecordEvidence(watch.chosen)
    log = written(folder / "log.xml", *records)
    result = replay([log], watch, witness=evidence, observer=evidence.saw)
    report, catalog = folder / "report.html", folder / "catalog.html"
    earlier = {"matches": {"security-log-cleared": 3}, "alarms": {}}
    write_page(result, evidence, report, changes(earlier, as_json(result)))
    watched = {_CHOSEN[0].key: ["production"]}
    catalog.write_text(site_page(_CHOSEN, title="The catalog", watched=watched), encoding="utf-8")
    return [report, catalog]
