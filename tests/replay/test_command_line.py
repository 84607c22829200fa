import json
import os
import pty
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from catalog import EVENTS
from replay.command_line import main
from tests.in_process import run_in_process
from tests.replay.logs import event_xml, failed_logon, written

_REPOSITORY = Path(__file__).resolve().parents[2]


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return run_in_process(main, ["replay", *map(str, arguments)], folder=_REPOSITORY)


def _json(*arguments: object) -> dict[str, Any]:
    run = _run(*arguments, "--json")
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Path:
    created = event_xml(4720, {"TargetUserName": "guest2"}, at=90)
    return written(tmp_path / "log.xml", *(failed_logon(at=number) for number in range(3)), created)


def test_json_has_every_event_and_every_alarm_with_its_changes_of_state(log: Path) -> None:
    found = _json(log)
    assert found["events"] == 4
    assert list(found["matches"]) == [event.key for event in EVENTS]
    assert found["matches"]["logon-failed-network"] == 3
    assert found["matches"]["security-log-cleared"] == 0
    assert list(found["alarms"]) == [event.key for event in EVENTS if event.alarm]
    assert found["alarms"]["security-log-cleared"]["transitions"] == []
    assert found["alarms"]["user-account-created"]["transitions"] == [
        {"at": "2026-05-05T10:02:00Z", "state": "ALARM", "count": 1},
        {"at": "2026-05-05T10:07:00Z", "state": "OK", "count": 0},
    ]


def test_a_deployments_own_threshold_decides(log: Path, tmp_path: Path) -> None:
    deployment = tmp_path / "deployment.yaml"
    deployment.write_text(
        """\
defaults:
  regions: [eu-central-1]
  packs: [article]
  watched_paths: ['C:\\Secret\\']
  notifications:
    subscriptions: [{protocol: email, endpoint: security@example.com}]
accounts:
  strict:
    id: 111111111111
    events:
      logon-failed-network: {threshold: 3, period: 60}
  lenient:
    id: 222222222222
    events:
      logon-failed-network: {threshold: 4, period: 60}
"""
    )
    alarms = {
        account: _json(log, "--deployment", deployment, "--account", account)["alarms"][
            "logon-failed-network"
        ]
        for account in ("strict", "lenient")
    }
    assert [change["state"] for change in alarms["strict"]["transitions"]] == ["ALARM", "OK"]
    assert alarms["lenient"]["transitions"] == []
    assert alarms["lenient"]["peak"] == 3

    both = ("--account", "strict", "--account", "lenient")
    reports = _json(log, "--deployment", deployment, *both)["accounts"]
    assert {name: report["alarms"]["logon-failed-network"] for name, report in reports.items()} == alarms
    page = _run(log, "--deployment", deployment, *both, "--html", tmp_path / "a.html")
    assert (page.returncode, page.stdout) == (2, "")
    assert "a page is about one account: strict, lenient" in page.stderr


@pytest.mark.parametrize("engine", ["metric", "log"])
def test_alarm_in_a_maintenance_window_is_reported_as_muted(log: Path, tmp_path: Path, engine: str) -> None:
    deployment = tmp_path / "deployment.yaml"
    deployment.write_text(
        f"""\
defaults:
  regions: [eu-central-1]
  packs: [article]
  engine: {engine}
  watched_paths: ['C:\\Secret\\']
  notifications:
    subscriptions: [{{protocol: email, endpoint: security@example.com}}]
  mute:
    # 19:00 in Tokyo is 10:00 in UTC.
    patching:
      {{schedule: at(2026-05-05T19:00), duration: PT6M, time_zone: Asia/Tokyo,
        alarms: {{severities: [high]}}}}
accounts:
  one: {{id: 111111111111, events: {{user-account-created: {{severity: high}}}}}}
"""
    )
    alarms = _json(log, "--deployment", deployment)["alarms"]
    raised, over = alarms["user-account-created"]["transitions"]
    assert (raised["state"], raised["muted"]) == ("ALARM", "patching")
    assert over["state"] == "OK"
    assert "muted" not in over
    run = _run(log, "--deployment", deployment)
    assert "with 1 notification, of which 1 muted by maintenance windows (patching)" in run.stdout


def test_the_table_tells_what_fired_first_and_how_many_were_quiet(log: Path) -> None:
    run = _run(log)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    fired, counted = run.stdout.index("user-account-created"), run.stdout.index("logon-failed-network")
    assert fired < counted
    assert "2026-05-05 10:02" in run.stdout
    assert "at most 3; the alarm needs" in run.stdout
    assert "Matched nothing: " in run.stdout


def test_reports_can_be_limited_to_packs_and_events(log: Path) -> None:
    assert list(_json(log, "--event", "user-account-created")["matches"]) == ["user-account-created"]
    assert "logon-failed-network" in _json(log, "--pack", "article")["matches"]


def test_the_page_is_written_beside_the_other_output(log: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    assert _json(log, "--html", report)["events"] == 4
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument"),
        (["nothing-here.evtx", "nor-here.xml"], "nor-here.xml: no such file or folder"),
        (["LOG", "--event", "logon-faild-network"], "did you mean logon-failed-network?"),
        (["LOG", "--pack", "articel"], "no such pack"),
        (["LOG", "--account", "production"], "needs --deployment"),
        (["LOG", "--deployment", "nothing-here.yaml"], "nothing-here.yaml"),
        (["LOG", "--html", "no-such-folder/report.html"], "no folder no-such-folder"),
        (["LOG", "--html", "replay"], "--html replay"),
        (["LOG", "--unknown"], "No such option"),
    ],
)
def test_wrong_usage_is_explained_on_standard_error_with_status_2(
    log: Path, arguments: list[str], said: str
) -> None:
    run = _run(*(str(log) if argument == "LOG" else argument for argument in arguments))
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_damaged_input_is_named_in_the_summary_and_is_no_failure(log: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.evtx").touch()
    (tmp_path / "broken.evtx").write_bytes(b"ElfFile\0" + b"\xff" * 70_000)
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08\x00oops")
    found = _json(tmp_path)
    assert found["matches"]["logon-failed-network"] == 3
    assert found["problems"]["empty file"]["count"] == 1
    assert found["problems"]["damaged file"]["count"] >= 2
    assert "empty file" in _run(tmp_path).stdout


def test_a_file_whose_name_is_no_text_is_named_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "a folder whose name is longer than a line of a terminal" / ("x" * 200)
    folder.mkdir(parents=True)
    (folder / os.fsdecode(b"caf\xe9.xml")).touch()
    for run in (_run(tmp_path), _run(tmp_path, "--json"), _run(tmp_path, "--html", tmp_path / "a.html")):
        assert (run.returncode, run.stderr) == (0, "")
        assert "caf?.xml" in run.stdout


def test_no_name_in_the_input_commands_the_terminal(tmp_path: Path) -> None:
    written(tmp_path / "a.xml", event_xml(1, channel="a\x1b[31mb\x9b1mc"))
    (tmp_path / "d\x1b]0;e\x07\r.evtx").touch()
    shown = _run(tmp_path).stdout
    assert "a\ufffd[31mb\ufffd1mc" in shown
    assert not set(shown) & {"\x1b", "\x9b", "\x07", "\r"}


def test_a_file_given_twice_counts_once_and_help_says_what_of_equal_records(log: Path) -> None:
    found = _json(log, log.parent)
    assert (found["files"], found["events"]) == (1, 4)
    assert found["problems"]["repeated file"]["count"] == 1
    assert "count twice" in " ".join(_run("--help").stdout.replace("│", " ").split())


def test_a_long_input_has_a_progress_bar_on_a_terminal_only(tmp_path: Path) -> None:
    log = tmp_path / "long.xml"
    log.write_text(failed_logon() * 8000)
    assert _run(log).stderr == ""
    controller, terminal = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "replay", str(log)],
        cwd=_REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
    )
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(controller, 4096):
            shown += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(controller)
    assert run.wait(timeout=240) == 0
    assert b"Reading" in shown
    assert b"100%" in shown or b"%" in shown


def test_a_report_never_replaces_a_link(log: Path, tmp_path: Path) -> None:
    target = written(tmp_path / "kept.html", "kept")
    (tmp_path / "link.html").symlink_to(target)
    run = _run(log, "--html", tmp_path / "link.html")
    assert run.returncode == 2
    assert "is a link" in run.stderr
    assert target.read_text() == "kept\n"


def test_an_encoding_that_does_not_exist_is_refused(log: Path) -> None:
    run = _run(log, "--encoding", "cp93")
    assert run.returncode == 2
    assert "--encoding cp93" in run.stderr


def test_decomposed_text_that_matches_no_record_is_reported(log: Path, tmp_path: Path) -> None:
    deployment = tmp_path / "deployment.yaml"
    folder = unicodedata.normalize("NFD", "D:\\データ\\")
    deployment.write_text(
        f"""\
accounts:
  a:
    id: 111111111111
    regions: [eu-central-1]
    packs: [article]
    watched_paths: ['{folder}']
    notifications: {{subscriptions: [{{protocol: email, endpoint: security@example.com}}]}}
""",
        encoding="utf-8",
    )

    found = _json(log, "--deployment", deployment)
    page = tmp_path / "page.html"
    shown = _run(log, "--deployment", deployment, "--html", page).stdout

    assert any("decomposed Unicode (NFD" in notice for notice in found["notices"])
    assert "decomposed Unicode (NFD" in " ".join(shown.split())
    assert "decomposed Unicode (NFD" in page.read_text(encoding="utf-8")
    assert _json(log)["notices"] == []


def test_a_baseline_shows_what_changed_and_nothing_else(log: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "before.json"
    baseline.write_text(json.dumps(_json(log)))
    later = written(tmp_path / "later.xml", *(failed_logon(at=number) for number in range(30)))
    assert "The same as in the baseline." in _run(log, "--baseline", baseline).stdout
    found = {each["key"]: each for each in _json(later, "--baseline", baseline)["changes"]}
    assert found["logon-failed-network"] == {
        "key": "logon-failed-network",
        "records": [3, 30],
        "notifications": [0, 1],
    }
    assert found["user-account-created"]["notifications"] == [1, 0]
    assert "security-log-cleared" not in found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "cannot be read: No such file or directory"),
        ("<html>", "is not what replay --json writes: Expecting value"),
        ('{"matches": {}}', "it needs matches and alarms, with"),
        (
            '{"matches": {"a": "b"}, "alarms": {}}',
            "it needs matches and alarms, with",
        ),
        ('{"matches": {}, "alarms": {"a": {}}}', "it needs matches and alarms"),
        ('{"accounts": {"production": {}}}', "has several accounts, and --account names none: production"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(
    text: str | None, problem: str, log: Path, tmp_path: Path
) -> None:
    baseline = tmp_path / "before.json"
    if text is not None:
        baseline.write_text(text)
    run = _run(log, "--baseline", baseline)
    assert run.returncode == 2
    assert problem in run.stderr
    assert "Alarms raised" not in run.stdout


def test_events_that_matched_nothing_are_named_on_request(log: Path) -> None:
    named = _run(log, "--unmatched").stdout.replace("\n", " ")
    assert "security-log-cleared" in named
    assert "user-account-created," not in named
    assert "security-log-cleared" not in _run(log).stdout


def test_json_totals_the_notifications(log: Path) -> None:
    found = _json(log)
    assert found["notifications"] == sum(alarm["notifications"] for alarm in found["alarms"].values()) == 1
