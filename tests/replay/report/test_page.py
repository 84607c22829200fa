import json
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from catalog import Severity, event
from catalog.derived.insights_query import telling_fields
from catalog.model.provider import SECURITY_EVENTLOG
from replay import Watch, of_catalog
from replay.engine.replay_result import ReplayResult, replay
from replay.engine.watch import of_account
from replay.report.as_json import as_json
from replay.report.comparison import changes
from replay.report.evidence import RecordEvidence
from replay.report.finding import findings
from replay.report.page import page, write_page
from tests.replay.logs import event_xml, failed_logon, written

_REPOSITORY = Path(__file__).resolve().parents[3]
_HOSTILE = (
    "</dd></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
)


def _made(tmp_path: Path, *events: str, watch: Watch | None = None) -> tuple[ReplayResult, RecordEvidence]:
    watch = watch or of_catalog()
    evidence = RecordEvidence(watch.chosen)
    log = written(tmp_path / "log.xml", *events)
    return replay([log], watch, witness=evidence, observer=evidence.saw), evidence


def _attack() -> list[str]:
    return [
        *(
            failed_logon(at=6 * number, IpAddress="203.0.113.9", TargetUserName=_HOSTILE)
            for number in range(60)
        ),
        event_xml(4624, {"LogonType": "10", "IpAddress": "203.0.113.9"}, at=400),
        event_xml(4720, {"TargetUserName": _HOSTILE, "SubjectUserName": "sato"}, at=500, host=_HOSTILE),
        event_xml(4672, at=401),
    ]


def _without_scripts(html: str) -> str:
    return re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)


def _data(html: str) -> dict[str, Any]:
    """Return what the page's script draws from, by the key of the finding."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def _cards(html: str) -> dict[str, str]:
    """Return the card of each finding, in the order of the page."""
    return dict(
        re.findall(r'<details[^>]* class="card finding.*?data-key="([^"]*)"(.*?)</details>', html, re.DOTALL)
    )


def test_the_page_shows_each_raised_alarm_with_its_rule_and_its_times(tmp_path: Path) -> None:
    result, evidence = _made(tmp_path, *_attack())
    text = unescape(_without_scripts(page(result, evidence)))
    for event_result in result.raised:
        assert event_result.event.title in text
        assert event_result.event.key in text
    assert "Alarm at 1 in 5 min" in text
    assert "Raised 1 time: 2026-05-05 10:0" in text


@pytest.mark.parametrize("year", ["0001", "1601", "1970", "2999", "9999"])
def test_an_event_of_any_year_leaves_a_page_to_be_written(tmp_path: Path, year: str) -> None:
    strange = event_xml(1102).replace("2026-05-05", f"{year}-12-31")
    result, evidence = _made(tmp_path, *_attack(), strange)
    assert "user-account-created" in _data(page(result, evidence))


def test_the_page_begins_with_how_many_alarms_fire_and_the_gravest(tmp_path: Path) -> None:
    result, evidence = _made(tmp_path, *_attack(), event_xml(1102, provider=SECURITY_EVENTLOG))
    html = page(result, evidence)
    heading = re.sub(r"<[^>]*>", "", html[html.index("<h1>") : html.index("</h1>")])
    assert f"{len(result.raised)} alarms would have fired. Look first at Security log cleared" in heading


def test_findings_stand_by_alarm_then_severity_then_number_of_records(tmp_path: Path) -> None:
    result, evidence = _made(tmp_path, *_attack(), event_xml(1102, provider=SECURITY_EVENTLOG))
    found = findings(result)
    assert list(_cards(page(result, evidence))) == [finding.key for finding in found]
    assert found[0].key == "security-log-cleared"
    order = [(bool(each.raised), list(Severity).index(each.severity), each.matches) for each in found]
    assert order == sorted(order, reverse=True)


def test_a_card_says_what_to_do_in_both_languages_and_names_the_technique(tmp_path: Path) -> None:
    card = unescape(_cards(page(*_made(tmp_path, *_attack())))["user-account-created"])
    created = event("user-account-created")
    assert created.runbook in card
    assert created.runbook_ja in card
    assert created.title_ja in card
    assert all(f">{technique}</a>" in card for technique in created.attack)


def test_a_card_says_whom_its_alarm_notifies(tmp_path: Path) -> None:
    deployment = tmp_path / "deployment.yaml"
    deployment.write_text(
        "name: windows-security\ndefaults:\n  regions: [eu-central-1]\n  packs: [baseline]\n"
        "  notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}\n"
        "accounts:\n  production: {id: '111111111111'}\n"
    )
    html = page(*_made(tmp_path, *_attack(), watch=of_account(deployment, None)))
    card = _cards(html)["user-account-created"]
    assert re.search(r"Notifies topic windows-security-\S*medium: email soc@example\.com", card)


def test_an_alarm_that_needs_several_records_has_a_chart_and_one_that_needs_one_has_ticks(
    tmp_path: Path,
) -> None:
    cards = _cards(page(*_made(tmp_path, *_attack())))
    failed = cards["logon-failed-network"]
    assert 'class="threshold"' in failed
    assert 'class="band"' in failed
    assert "the threshold is 10" in failed
    created = cards["user-account-created"]
    assert "<figure" not in created
    assert re.search(r'<g class="records"><rect [^>]*/></g><g class="alarms"><rect [^>]*/></g>', created)


def test_the_busiest_are_named_and_the_records_can_be_read_with_their_fields(tmp_path: Path) -> None:
    card = _data(page(*_made(tmp_path, *_attack())))["logon-failed-network"]
    assert card["names"]["addresses"] == [[["203.0.113.9", 60]], 1]
    assert card["columns"] == list(telling_fields(event("logon-failed-network")))
    assert len(card["records"]) == card["matches"] == 60
    first, last = card["records"][0], card["records"][-1]
    assert ["LogonType", "3"] in first[4]
    assert "203.0.113.9" in last[3]
    assert len(last) == 4


def test_hours_are_coloured_by_their_number_of_records(tmp_path: Path) -> None:
    heat = page(*_made(tmp_path, *_attack())).partition('<table class="heat">')[2].partition("</table>")[0]
    assert re.search(r'<th scope="row">Tue 05 May</th>(<td></td>){10}<td class="level-4" title="\d+">', heat)


def test_logons_and_event_ids_are_summed_up(tmp_path: Path) -> None:
    text = unescape(_without_scripts(page(*_made(tmp_path, *_attack(), event_xml(4999)))))
    assert "Failed logons (4625): 60" in text
    assert "<td>Remote Desktop (10)</td>" in text
    assert re.search(r'>4999</td><td>Security</td><td><span class="muted">no</span>', text)


def test_what_differs_from_a_baseline_stands_in_the_page(tmp_path: Path) -> None:
    result, evidence = _made(tmp_path, *_attack())
    before, _ = _made(tmp_path, *_attack(), event_xml(1102, provider=SECURITY_EVENTLOG))
    html = page(result, evidence, changes(as_json(before), as_json(result)))
    table = html.partition('<section id="changes">')[2].partition("</section>")[0]
    assert re.search(r"security-log-cleared</code></td><td[^>]*>1 → 0</td><td[^>]*>1 → 0</td>", table)
    assert table.count("<code>") == 1


def test_the_page_of_the_sample_events_is_small(tmp_path: Path) -> None:
    watch = of_catalog()
    evidence = RecordEvidence(watch.chosen)
    result = replay([_REPOSITORY / "examples/sample_events"], watch, witness=evidence, observer=evidence.saw)
    assert len(page(result, evidence).encode()) < 1_000_000


def test_nothing_that_stands_in_an_event_is_markup(tmp_path: Path) -> None:
    html = page(*_made(tmp_path, *_attack()))
    assert html.count("<script") == html.count("</script>") == 2
    assert "<img" not in _without_scripts(html)
    assert "&lt;script&gt;" in html


def test_the_page_loads_nothing_and_its_policy_allows_its_own_script_only(tmp_path: Path) -> None:
    html = page(*_made(tmp_path, *_attack()))
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', html)[0])
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.partition("style-src")[0].count("sha256-") == 1
    text = _without_scripts(html)
    assert not re.search(r"<link|<[^>]*\bsrc=", text)
    # A link loads nothing before somebody follows it.
    places = [unescape(place) for place in re.findall(r'\bhref="([^"]*)"', text)]
    assert all(place.startswith(("#", "https://attack.mitre.org/techniques/T")) for place in places)


def test_a_log_without_matches_or_without_events_makes_a_page_without_cards(tmp_path: Path) -> None:
    for events in ([event_xml(4999)], []):
        html = page(*_made(tmp_path, *events))
        assert _data(html) == {}
        assert "No alarm would have fired." in html
        assert len(html) < 100_000
        assert "matched nothing" in html


def test_problems_and_channels_that_are_not_shipped_are_named(tmp_path: Path) -> None:
    watched = (event("logon-failed-network"),)
    watch = Watch("one", watched, watched)
    result, evidence = _made(tmp_path, "<Event>rubbish</Event>", event_xml(4624), watch=watch)
    text = unescape(page(result, evidence))
    assert "not an event" in text
    assert "not shipped: Security" in text


def test_a_page_that_cannot_be_finished_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("earlier")
    result, evidence = _made(tmp_path, failed_logon())
    monkeypatch.setattr(
        Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(OSError, match="No space"):
        write_page(result, evidence, path)
    assert path.read_text() == "earlier"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["log.xml", "report.html"]


def test_the_files_of_the_page_are_installed_with_the_package() -> None:
    settings = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["*"]
    for file in (_REPOSITORY / "replay").glob("page.*"):
        assert file.suffix == ".py" or any(fnmatch(file.name, pattern) for pattern in patterns), file.name


def _in_chromium(path: Path, tmp_path: Path, *options: str) -> tuple[str, list[str]]:
    """Return the document after its scripts have run, and what they wrote to the console."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    run = subprocess.run(
        [
            chromium,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--enable-logging=stderr",
            "--virtual-time-budget=10000",
            "--window-size=1200,1600",
            *options,
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return run.stdout, [line for line in run.stderr.splitlines() if ":CONSOLE" in line]


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Path, ReplayResult]:
    """A page whose first card is open, and what it is about."""
    result, evidence = _made(tmp_path, *_attack())
    path = tmp_path / "report.html"
    write_page(result, evidence, path)
    html = path.read_text(encoding="utf-8")
    path.write_text(html.replace('<details class="card finding"', '<details open class="card finding"', 1))
    return path, result


def test_the_page_opens_in_a_browser_without_an_error_and_fills_an_open_card(
    opened: tuple[Path, ReplayResult], tmp_path: Path
) -> None:
    path, result = opened
    dom, console = _in_chromium(path, tmp_path)
    assert console == []
    assert "<title>Replay: the catalog</title>" in dom
    card = _cards(dom)[findings(result)[0].key]
    assert re.search(r"data-happened[^>]*>\d+ records? on ", card)
    assert re.search(r"<caption>All \d+ records?</caption>", card)
    assert "Save as CSV" in card


def test_the_cards_are_opened_to_be_printed(opened: tuple[Path, ReplayResult], tmp_path: Path) -> None:
    path, _ = opened
    closed = tmp_path / "closed.html"
    closed.write_text(re.sub(r"<script>.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))

    def pages(page: Path) -> int:
        pdf = page.with_suffix(".pdf")
        _in_chromium(page, tmp_path, f"--print-to-pdf={pdf}")
        return pdf.read_bytes().count(b"/Type /Page\n")

    assert pages(path) > pages(closed)
