"""What the terminal and the page say of log alarms."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from catalog import event
from deployment.settings.log_alarms import AlarmEngine
from replay import of_catalog, replay
from replay.engine.delays import delays
from replay.engine.log_alarm import WatchedLogAlarm, event_alarm
from replay.engine.replay_result import ReplayResult
from replay.report import table
from replay.report.evidence import RecordEvidence
from replay.report.page import page
from tests.replay.engine.test_log_alarm import created, watch
from tests.replay.logs import failed_logon, written

CREATED = WatchedLogAlarm(event_alarm(event("user-account-created")))


def shown(result: ReplayResult) -> str:
    console = Console(file=io.StringIO(), width=200)
    table.show(result, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture
def result(tmp_path: Path) -> ReplayResult:
    names = [f"server-{number:02}" for number in range(12)]
    log = written(tmp_path / "log.xml", *(created(at=number, host=name) for number, name in enumerate(names)))
    return replay([log], watch(CREATED))


def test_table_has_a_row_for_each_contributor_up_to_ten(result: ReplayResult) -> None:
    text = shown(result)
    assert "Log alarms raised" in text
    assert "Computer server-00, SubjectUserName sato" in text
    assert text.count("SubjectUserName sato") == 10
    assert "and 2 more contributors" in text
    assert "Alarms raised: 1, with 12 notifications." in text


def test_table_says_why_records_that_were_found_raised_nothing(tmp_path: Path) -> None:
    log = written(tmp_path / "log.xml", failed_logon())
    text = shown(replay([log], of_catalog(AlarmEngine.LOG).only(keys=["logon-failed-network"])))
    assert "Found, no log alarm" in text
    assert "at most 1 of a contributor; the alarm needs 10" in text


def test_table_says_which_records_came_too_late(tmp_path: Path) -> None:
    log = written(tmp_path / "log.xml", created())
    text = shown(replay([log], watch(CREATED), delays=delays(["*=2h"])))
    assert "user-account-created: 1 record came too late for every run: log_alarms.lateness is 5 min" in text


def test_page_lists_the_contributors_and_shows_what_they_hold_as_text(tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    log = written(tmp_path / "log.xml", created(by=hostile))
    watched = watch(CREATED)
    evidence = RecordEvidence(watched.chosen)
    html = page(replay([log], watched, witness=evidence), evidence)
    assert '<table class="contributors">' in html
    assert "SubjectUserName &lt;img src=x onerror=alert(1)&gt;" in html
    assert hostile not in html
    assert "1 notification, one for each contributor" in html
    assert "1 alarm would have fired" in html
