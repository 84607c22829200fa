import re
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from catalog import AlarmDefaults, event
from catalog.model.provider import SERVICE_CONTROL_MANAGER
from deployment import AdditionalAlarm
from replay import InputProblem, ReplayResult, State, Watch, of_catalog, replay
from replay.report.as_json import as_json
from tests.replay.logs import START, event_xml, failed_logon, written

_FAILED = replace(event("logon-failed-network"), alarm=AlarmDefaults(threshold=5, period=300))
_WATCH = Watch("a test", (_FAILED,), (_FAILED,))


def _replayed(*paths: Path, watch: Watch = _WATCH) -> ReplayResult:
    return replay(paths, watch)


def _states(result: ReplayResult) -> list[tuple[float, State]]:
    (event_result,) = result.event_results
    return [(change.at - START.timestamp(), change.state) for change in event_result.transitions]


def test_five_failures_in_five_minutes_raise_the_alarm_once_and_it_ends(tmp_path: Path) -> None:
    log = written(tmp_path / "a.xml", *(failed_logon(at=20 * number) for number in range(7)))
    result = _replayed(log)
    assert result.event_results[0].matches == 7
    assert _states(result) == [(120, State.ALARM), (360, State.OK)]


def test_the_failures_of_several_hosts_add_up(tmp_path: Path) -> None:
    logs = [
        written(tmp_path / f"{number}.xml", failed_logon(at=number, host=f"web-{number}.example.com"))
        for number in range(5)
    ]
    assert _states(_replayed(*logs)) == [(60, State.ALARM), (360, State.OK)]


def test_the_order_in_which_files_are_read_does_not_matter(tmp_path: Path) -> None:
    logs = [written(tmp_path / f"{number}.xml", *[failed_logon(at=240 * number)] * 2) for number in range(4)]
    assert len({str(_states(_replayed(*order))) for order in permutations(logs)}) == 1


def test_each_record_counts_in_the_minute_of_its_own_time(tmp_path: Path) -> None:
    log = written(tmp_path / "a.xml", failed_logon(at=59.999), failed_logon(at=60), failed_logon(at=0))
    minutes = _replayed(log).event_results[0].counts
    assert sorted(minutes.values()) == [1, 2]


def test_a_clock_that_goes_back_is_counted_for_its_own_host_only(tmp_path: Path) -> None:
    log = written(
        tmp_path / "a.xml",
        failed_logon(at=3600),
        failed_logon(at=0, host="other.example.com"),
        failed_logon(at=0),
        failed_logon(at=0.5),
        failed_logon(at=0.1),
        failed_logon(at=3600),
    )
    result = _replayed(log)
    ((problem, found),) = result.problems
    assert (problem, found.count) == (InputProblem.CLOCK_WENT_BACK, 1)
    assert "web-01.example.com, by 3,600 seconds" in found.first
    assert result.event_results[0].matches == 6


def test_what_the_agent_does_not_ship_is_counted_by_channel_and_matches_nothing(tmp_path: Path) -> None:
    log = written(
        tmp_path / "a.xml",
        failed_logon(),
        event_xml(4625, {"LogonType": "3"}, channel="Application"),
        event_xml(4999),
        event_xml(7036, provider=SERVICE_CONTROL_MANAGER),
    )
    result = _replayed(log)
    assert (result.events, result.shipped) == (4, 1)
    assert result.not_shipped == {"Application": 1, "Security": 1, "System": 1}
    assert result.event_results[0].matches == 1


def test_bad_records_are_counted_and_the_good_ones_still_count(tmp_path: Path) -> None:
    huge = event_xml(4625, {"LogonType": "3", "TargetUserName": "x" * 1_000_000})
    no_channel = failed_logon().replace("<Channel>Security<", "<Channel><")
    log = written(
        tmp_path / "a.xml", failed_logon()[:500], failed_logon(), huge, "rubbish", no_channel, failed_logon()
    )
    result = _replayed(log)
    assert result.event_results[0].matches == 2
    assert result.events == 4
    assert {problem.title: found.count for problem, found in result.problems} == {
        "damaged record": 1,
        "too large": 1,
        "not an event": 1,
        "incomplete event": 1,
    }


def test_the_first_and_the_last_time_are_known_whatever_the_order(tmp_path: Path) -> None:
    log = written(tmp_path / "a.xml", *(failed_logon(at=at) for at in (500, 0.25, 7000, 30)))
    result = _replayed(log)
    assert result.first == START.timestamp() * 1000 + 250
    assert result.last == START.timestamp() * 1000 + 7_000_000


def test_nothing_readable_is_an_outcome_too(tmp_path: Path) -> None:
    (tmp_path / "a.evtx").touch()
    result = _replayed(tmp_path)
    assert (result.events, result.first) == (0, None)
    assert result.problems.counts == {InputProblem.EMPTY_FILE: 1}


def test_raised_counted_and_quiet_share_out_the_events(tmp_path: Path) -> None:
    log = written(tmp_path / "a.xml", *[failed_logon()] * 200, event_xml(4672), event_xml(4726, at=3000))
    result = _replayed(log, watch=of_catalog())
    raised = [event_result.event.key for event_result in result.raised]
    assert raised == sorted(raised, key=lambda key: key == "user-account-deleted")
    assert "logon-failed-network" in raised
    assert "special-privileges-assigned" in [event_result.event.key for event_result in result.counted]
    shared = len(result.raised) + len(result.counted) + len(result.quiet)
    assert shared == len(result.event_results)


def test_a_witness_sees_each_counted_record_once_with_all_its_events(tmp_path: Path) -> None:
    seen: list[list[str]] = []
    log = written(
        tmp_path / "a.xml", failed_logon(FailureReason="%%2313", SubStatus="0xc000006a"), event_xml(4999)
    )
    replay([log], of_catalog(), witness=lambda keys, record: seen.append(sorted(keys)))
    assert seen == [["logon-failed-bad-password", "logon-failed-network"]]


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gone"):
        _replayed(tmp_path / "gone.evtx")


def test_a_variant_is_a_further_finding_over_the_counts_of_its_event(tmp_path: Path) -> None:
    slow = replace(_FAILED, alarm=AlarmDefaults(threshold=6, period=3600))
    watch = replace(_WATCH, variants=(AdditionalAlarm("slow", slow),))
    log = written(tmp_path / "a.xml", *(failed_logon(at=400 * number) for number in range(7)))
    result = _replayed(log, watch=watch)
    burst, found = result.event_results
    assert [(f.key, f.matches, bool(f.raised)) for f in (burst, found)] == [
        ("logon-failed-network", 7, False),
        ("logon-failed-network.slow", 7, True),
    ]
    assert [event_result.key for event_result in result.raised] == ["logon-failed-network.slow"]
    written_down = as_json(result)
    assert written_down["matches"] == {"logon-failed-network": 7}
    assert set(written_down["alarms"]) == {"logon-failed-network", "logon-failed-network.slow"}


def test_a_variant_is_not_counted_among_the_quiet_events(tmp_path: Path) -> None:
    watch = replace(_WATCH, variants=(AdditionalAlarm("slow", _FAILED),))
    result = _replayed(written(tmp_path / "a.xml", event_xml(4624)), watch=watch)
    assert [event.key for event in result.quiet] == ["logon-failed-network"]


def test_a_log_that_goes_on_at_its_start_has_no_clock_that_goes_back(tmp_path: Path) -> None:
    def numbered(number: int, at: float) -> str:
        return re.sub("<EventRecordID>[0-9]+<", f"<EventRecordID>{number}<", failed_logon(at=at))

    log = written(tmp_path / "a.xml", numbered(9, 7200), numbered(10, 7300), numbered(7, 10), numbered(8, 20))
    assert not _replayed(log).problems.counts


def test_the_ids_that_are_not_shipped_are_listed(tmp_path: Path) -> None:
    log = written(tmp_path / "a.xml", event_xml(4999), event_xml(4999), event_xml(4998))
    assert as_json(_replayed(log))["not_shipped_ids"] == {"Security": {"4999": 2, "4998": 1}}
