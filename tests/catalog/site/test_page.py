import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from catalog import EVENTS, Pack, event
from catalog.correlations import CORRELATIONS
from catalog.site import site_page
from catalog.site.page import TACTICS
from tests.in_process import run_in_process

_REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def html() -> str:
    return site_page(EVENTS, title="The catalog")


def _data(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_has_every_event_with_all_that_is_derived_from_it(html: str) -> None:
    events = {each["key"]: each for each in _data(html)["events"]}
    assert list(events) == [each.key for each in EVENTS]
    failed = events["logon-failed-network"]
    chosen = event("logon-failed-network")
    assert failed["patterns"] == list(chosen.patterns)
    assert failed["runbook_ja"] == chosen.runbook_ja
    assert failed["rule"] == "10 in 5 min"
    assert failed["commands"][0].startswith("auditpol /set /subcategory:")
    assert "<EventID>4625</EventID>" in failed["samples"][0][1]
    assert failed["reference"].endswith("/auditing/event-4625")
    assert "CIS 17.5.4" in failed["controls"]


def test_a_control_names_the_outcomes_that_no_watched_event_has_audited() -> None:
    chosen = event("logon-failed-network")
    assert chosen.outcome.failure
    assert not chosen.outcome.success

    def not_audited(watched: dict[str, list[str]]) -> list[str]:
        page = site_page([chosen, event("logon-succeeded-network")], title="", watched=watched)
        controls = {f"{framework} {number}": rest for framework, number, *rest in _data(page)["controls"]}
        outcomes: list[str] = controls["CIS 17.5.4"][-1]
        return outcomes

    assert not_audited({chosen.key: ["production"]}) == ["success"]
    assert not_audited({chosen.key: ["production"], "logon-succeeded-network": ["test"]}) == []


def test_every_technique_of_the_catalog_is_in_the_matrix_below_a_tactic(html: str) -> None:
    techniques = {identity: tactics.split(",") for identity, _, tactics in _data(html)["techniques"]}
    named = {each for known in EVENTS for each in known.attack}
    named |= {each for known in CORRELATIONS for each in known.attack}
    named = {each.partition(".")[0] for each in named}
    assert named <= set(techniques)
    assert {tactic for tactics in techniques.values() for tactic in tactics} <= set(TACTICS)


def test_the_page_loads_nothing_and_runs_its_own_script_only(html: str) -> None:
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', html)[0])
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    without = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r"<link|<[^>]*\bsrc=", without)
    assert html.count("<script") == html.count("</script>") == 2


def test_a_deployment_says_which_account_watches_what(tmp_path: Path) -> None:
    from catalog.__main__ import main

    deployment = tmp_path / "deployment.yaml"
    deployment.write_text(
        "defaults:\n  regions: [eu-central-1]\n"
        "  notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}\n"
        "accounts:\n  production: {id: '111111111111'}\n"
        "  test: {id: '222222222222', packs: [article]}\n"
    )
    page = tmp_path / "catalog.html"
    command = ["catalog", "site", "--deployment", str(deployment), "--output", str(page)]
    run = run_in_process(main, command, folder=_REPOSITORY)
    assert run.returncode == 0, run.stderr
    events = {each["key"]: each for each in _data(page.read_text(encoding="utf-8"))["events"]}
    assert events["security-log-cleared"]["accounts"] == ["production"]
    assert events["logon-failed-network"]["accounts"] == ["production", "test"]
    in_neither = next(each for each in EVENTS if not {Pack.ARTICLE, Pack.BASELINE} & set(each.packs))
    assert events[in_neither.key]["accounts"] == []


def test_the_page_draws_its_views_in_a_browser_without_an_error(html: str, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    path = tmp_path / "catalog.html"
    path.write_text(html, encoding="utf-8")
    command = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=10000", "--dump-dom"]
    address = f"{path.as_uri()}#logon-failed-network"
    run = subprocess.run([*command, address], capture_output=True, text=True, timeout=120, check=True)
    assert [line for line in run.stderr.splitlines() if ":CONSOLE" in line] == []
    assert run.stdout.count('class="card finding"') == len(EVENTS)
    assert f"{len(EVENTS)} events</p>" in run.stdout
    opened = run.stdout.partition('id="logon-failed-network"')[2].partition("</details>")[0]
    assert "What to do" in opened
    assert re.search(r'class="technique level-[1-4]"><b>T1110</b>', run.stdout)
    assert "17.5.4" in run.stdout
