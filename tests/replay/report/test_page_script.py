"""What the report shows as somebody filters, opens a card, turns a page, saves and tunes."""

import csv
import json
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from catalog import event
from catalog.model.provider import SECURITY_EVENTLOG
from replay import Watch
from replay.engine.replay_result import replay
from replay.engine.watch import of_account
from replay.report.evidence import LONGEST_IN_A_ROW, RecordEvidence
from replay.report.page import write_page
from tests.replay.logs import event_xml, failed_logon, written

_HERE = Path(__file__).parent
_REPOSITORY = _HERE.parents[2]
_CHOSEN = tuple(map(event, ("logon-failed-network", "user-account-created", "security-log-cleared")))
_LONG = "x" * (LONGEST_IN_A_ROW + 1)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("clicks")
    records = [
        *(
            failed_logon(at=6 * number, IpAddress="203.0.113.9", TargetUserName="=cmd()" if number else "-")
            for number in range(29)
        ),
        failed_logon(at=200, IpAddress="203.0.113.9", TargetUserName=_LONG),
        event_xml(4720, {"TargetUserName": "new"}, at=300, host="web-02.example.com"),
        event_xml(1102, provider=SECURITY_EVENTLOG, at=500),
    ]
    watch = Watch("three events", _CHOSEN, _CHOSEN)
    evidence = RecordEvidence(watch.chosen)
    log = written(folder / "log.xml", *records)
    result = replay([log], watch, witness=evidence, observer=evidence.saw)
    write_page(result, evidence, folder / "report.html")
    command = ["node", str(_HERE / "clicks.cjs"), str(folder / "report.html")]
    run = subprocess.run(command, cwd=_REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    printed: dict[str, Any] = json.loads(run.stdout)
    return printed


def test_each_filter_leaves_the_cards_that_it_names(shown: dict[str, Any]) -> None:
    assert shown["severity"] == ["security-log-cleared"]
    assert shown["family"] == ["user-account-created"]
    assert shown["host"] == ["user-account-created"]
    assert shown["text"] == ["logon-failed-network"]
    assert shown["nothing"] == []


def test_a_technique_chooses_its_sub_techniques_too(shown: dict[str, Any]) -> None:
    assert "T1136" not in event("user-account-created").attack
    assert shown["attack"] == ["user-account-created"]


def test_an_open_card_says_in_a_sentence_what_happened(shown: dict[str, Any]) -> None:
    assert (
        shown["happened"]
        == "30 records on web-01.example.com; 3 accounts, most by sato (30); from 203.0.113.9."
    )


def test_records_are_turned_page_by_page(shown: dict[str, Any]) -> None:
    assert shown["rows"] == [25, 5]


def test_all_records_are_saved_as_csv_and_none_becomes_a_formula(shown: dict[str, Any]) -> None:
    assert shown["savedAs"] == "logon-failed-network.csv"
    head, *rows = csv.reader(StringIO(shown["csv"].removeprefix("\ufeff")))
    assert head[:3] == ["Time (UTC)", "Computer", "EventRecordID"]
    assert len(rows) == 30
    users = [row[head.index("TargetUserName")] for row in rows]
    assert users[:2] == ["-", "'=cmd()"]


def test_a_value_that_is_cut_is_marked_and_offered_to_no_override(shown: dict[str, Any]) -> None:
    assert f"{_LONG[:LONGEST_IN_A_ROW]}…" in shown["csv"]
    assert _LONG not in shown["csv"]
    assert shown["cut"] == 0


def test_the_override_that_a_value_offers_excludes_it(shown: dict[str, Any], tmp_path: Path) -> None:
    assert shown["yaml"].startswith("events:\n  logon-failed-network:\n    exclude:\n")
    indented = "".join(f"    {line}\n" for line in shown["yaml"].splitlines())
    deployment = tmp_path / "deployment.yaml"
    deployment.write_text(
        "defaults:\n  regions: [eu-central-1]\n"
        "  notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}\n"
        f"accounts:\n  production:\n    id: '111111111111'\n{indented}"
    )
    addresses = ("203.0.113.9", "203.0.113.10")
    log = written(tmp_path / "log.xml", *(failed_logon(IpAddress=each) for each in addresses))
    assert replay([log], of_account(deployment, None)).counts["logon-failed-network"].total() == 1
