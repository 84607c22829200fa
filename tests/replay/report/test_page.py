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

from catalog import event
from replay import Watch, of_catalog
from replay.engine.replay_result import ReplayResult, replay
from replay.report.evidence import RecordEvidence
from replay.report.page import page, write_page
from tests.replay.logs import event_xml, failed_logon, written

_REPOSITORY = Path(__file__).resolve().parents[3]
_HOSTILE = (
    "</dd></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
)


def _made(tmp_path: Path, *events: str, watch: Watch | None = None) -> tuple[ReplayResult, RecordEvidence]:
    watch = watch or of_catalog()
    evidence = RecordEvidence(watch.chosen)
    return replay([written(tmp_path / "log.xml", *events)], watch, witness=evidence), evidence


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


def _charts(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    charts: dict[str, Any] = json.loads(found[1])
    return charts


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
    assert "chart-user-account-created" in _charts(page(result, evidence))


def test_each_alarm_with_matches_has_a_chart_with_its_threshold_and_when_it_was_on(tmp_path: Path) -> None:
    result, evidence = _made(tmp_path, *_attack())
    html = page(result, evidence)
    charts = _charts(html)
    for event_result in result.event_results:
        assert (f"chart-{event_result.event.key}" in charts) == bool(event_result.matches)
    created = charts["chart-user-account-created"]
    assert created["threshold"] == 1
    assert created["alarms"] == [["2026-05-05T10:09:00Z", "2026-05-05T10:14:00Z"]]
    assert charts["chart-special-privileges-assigned"]["threshold"] is None
    assert set(re.findall(r'class="chart" id="([^"]*)"', html)) == set(charts)
    assert [row["key"] for row in charts["overview"]["rows"]] == [f.event.key for f in result.raised]


def test_the_busiest_are_named_and_the_records_can_be_read_with_their_fields(tmp_path: Path) -> None:
    text = unescape(_without_scripts(page(*_made(tmp_path, *_attack()))))
    assert "203.0.113.9" in text
    assert "The first 20 matching records" in text
    assert re.search(r"<dt>LogonType</dt><dd>3</dd>", text)
    assert re.search(r"<dt>IpAddress</dt><dd>203\.0\.113\.9</dd>", text)


def test_nothing_that_stands_in_an_event_is_markup(tmp_path: Path) -> None:
    html = page(*_made(tmp_path, *_attack()))
    assert html.count("<script") == html.count("</script>") == 3
    assert "<img" not in _without_scripts(html)
    assert "&lt;script&gt;" in html


def test_the_page_loads_nothing_and_its_policy_allows_its_own_two_scripts_only(tmp_path: Path) -> None:
    html = page(*_made(tmp_path, *_attack()))
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', html)[0])
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.partition("style-src")[0].count("sha256-") == 2
    assert not re.search(r"<link|<[^>]*\b(?:src|href)=", _without_scripts(html))


def test_a_log_without_matches_or_without_events_makes_a_page_without_charts(tmp_path: Path) -> None:
    for events in ([event_xml(4999)], []):
        html = page(*_made(tmp_path, *events))
        assert _charts(html) == {}
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


def test_the_page_opens_in_a_browser_without_an_error_and_draws_its_charts(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    result, evidence = _made(tmp_path, *_attack())
    write_page(result, evidence, path)
    dom, console = _in_chromium(path, tmp_path)
    assert console == []
    assert dom.count('class="main-svg"') >= 4
    assert "<title>Replay: the catalog</title>" in dom
    assert "2026" in re.sub(r"<script.*?</script>|<dl>.*?</dl>", "", dom, flags=re.DOTALL)


def test_the_charts_take_the_colours_of_a_dark_page(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_page(*_made(tmp_path, *_attack()), path)
    light, _ = _in_chromium(path, tmp_path, "--blink-settings=preferredColorScheme=1")
    dark, console = _in_chromium(path, tmp_path, "--blink-settings=preferredColorScheme=0")
    assert console == []
    colours = [
        set(re.findall(r"stroke: (rgb\([^)]*\))", re.sub(r"<script.*?</script>", "", dom, flags=re.DOTALL)))
        for dom in (light, dark)
    ]
    assert "rgb(36, 99, 196)" in colours[0]
    assert "rgb(114, 167, 245)" in colours[1]
