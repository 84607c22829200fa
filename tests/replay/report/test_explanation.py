"""Which condition a record misses."""

from pathlib import Path

import pytest

from catalog import UnknownNameError, event
from replay.engine.watch import Watch, of_catalog
from replay.readers.input_problem import InputProblems
from replay.report.explanation import Explanation, explanations
from tests.replay.logs import event_xml, failed_logon, written

NUMBER = 694674


def explained(folder: Path, key: str, *events: str, watch: Watch | None = None) -> Explanation:
    file = written(folder / "log.xml", *events)
    (found,) = explanations([file], key, NUMBER, watch or of_catalog(), InputProblems())
    return found


def test_a_record_that_is_found_fulfils_each_requirement(tmp_path: Path) -> None:
    found = explained(tmp_path, "logon-failed-network", failed_logon())
    assert found.matches
    assert [(each.text, each.found) for each in found.requirements][1] == ("LogonType equals '3'", "'3'")


def test_the_condition_that_a_record_misses_is_named_with_the_value_it_has(tmp_path: Path) -> None:
    found = explained(tmp_path, "logon-failed-remote-desktop", failed_logon())
    assert not found.matches
    assert "  no   LogonType equals '10'; the record has '3'" in str(found).splitlines()


def test_another_event_id_is_named(tmp_path: Path) -> None:
    (first, *_) = explained(tmp_path, "user-account-created", failed_logon()).requirements
    assert not first.holds
    assert first.found == "event 4625 of Microsoft-Windows-Security-Auditing"


def test_a_value_in_another_letter_case_is_pointed_out(tmp_path: Path) -> None:
    record = event_xml(4673, {"PrivilegeList": "sedebugprivilege"})
    texts = str(explained(tmp_path, "debug-privilege-used", record))
    assert "in another letter case" in texts


def test_a_record_that_the_agent_does_not_ship_is_pointed_out(tmp_path: Path) -> None:
    watch = Watch("one event", (event("user-account-created"),), (event("user-account-created"),))
    found = explained(tmp_path, "user-account-created", failed_logon(), watch=watch)
    assert not found.shipped
    assert "is shipped" in str(found)


def test_an_event_that_is_not_watched_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="logon-failed-networ: no such event"):
        explained(tmp_path, "logon-failed-networ", failed_logon())
