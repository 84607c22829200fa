from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import EVENTS, AlarmDefaults, event
from catalog.correlations import CORRELATIONS
from catalog.samples import samples_of
from deployment.settings.log_alarms import AlarmEngine, LogAlarmSettings
from replay import Watch, of_account, of_catalog, replay
from replay.engine.delays import Delays, delays
from replay.engine.log_alarm import LogAlarmResult, WatchedLogAlarm, correlation_alarm, event_alarm
from replay.engine.replay_result import ReplayResult
from replay.report.as_json import as_json
from tests.replay.logs import START, event_xml, failed_logon, written

CREATED = event("user-account-created")
FAILED = replace(event("logon-failed-network"), alarm=AlarmDefaults(threshold=3, period=300))
SPRAYING = next(each for each in CORRELATIONS if each.key == "password-spraying")
DELETED = next(each for each in CORRELATIONS if each.key == "account-created-and-deleted")


def watch(*alarms: WatchedLogAlarm) -> Watch:
    events = tuple(event for each in alarms for event in each.alarm.events)
    return Watch("a test", events, events, log_alarms=alarms, log_engine=frozenset(e.key for e in events))


def replayed(tmp_path: Path, watched: WatchedLogAlarm, *events: str, late: str = "") -> LogAlarmResult:
    log = written(tmp_path / "log.xml", *events)
    (result,) = replay([log], watch(watched), delays=delays([late] if late else [])).log_alarms
    return result


def created(at: float = 0, host: str = "server-1", by: str = "sato") -> str:
    return event_xml(4720, {"TargetUserName": "new", "SubjectUserName": by}, at=at, host=host)


def changes(result: LogAlarmResult) -> list[tuple[float, str, str]]:
    """Return each change of each contributor: the seconds from the start, its server, the state."""
    return sorted(
        (change.at - START.timestamp(), each.attributes["Computer"], change.state.value)
        for each in result.contributors
        for change in each.transitions
    )


def test_each_contributor_notifies_with_the_next_run_and_returns_to_ok_after_the_window(
    tmp_path: Path,
) -> None:
    result = replayed(
        tmp_path,
        WatchedLogAlarm(event_alarm(CREATED)),
        *(created(at=10), created(at=20), created(at=400, host="server-2")),
    )
    # Runs are every 300 seconds and look back 600.
    assert changes(result) == [
        (300, "server-1", "ALARM"),
        (600, "server-2", "ALARM"),
        (900, "server-1", "OK"),
        (1200, "server-2", "OK"),
    ]
    assert result.notifications == 2
    assert [each.attributes["SubjectUserName"] for each in result.contributors] == ["sato", "sato"]


def test_alarm_is_in_alarm_while_any_contributor_is(tmp_path: Path) -> None:
    events = (created(at=10), created(at=400, host="server-2"))
    result = replayed(tmp_path, WatchedLogAlarm(event_alarm(CREATED)), *events)
    states = [(change.at - START.timestamp(), change.state.value) for change in result.transitions]
    assert states == [(300, "ALARM"), (1200, "OK")]
    assert result.most_in_alarm == 2


def test_threshold_counts_by_server_and_period_of_the_clock(tmp_path: Path) -> None:
    watched = WatchedLogAlarm(event_alarm(FAILED))
    spread = [failed_logon(at=at, host=host) for host in ("a", "b") for at in (280, 290)]
    assert replayed(tmp_path, watched, *spread, failed_logon(at=310, host="a")).raised == ()
    assert changes(replayed(tmp_path, watched, *spread, failed_logon(at=299, host="a")))[0] == (
        *(300, "a", "ALARM"),
    )


def test_several_periods_must_reach_the_threshold(tmp_path: Path) -> None:
    rule = AlarmDefaults(threshold=2, period=300, evaluation_periods=3, datapoints_to_alarm=2)
    watched = WatchedLogAlarm(event_alarm(replace(FAILED, alarm=rule)))
    one_period = [failed_logon(at=at, host="a") for at in (1, 2, 3, 4)]
    assert replayed(tmp_path, watched, *one_period).raised == ()
    two_periods = [*one_period, *(failed_logon(at=at, host="a") for at in (601, 602))]
    assert changes(replayed(tmp_path, watched, *two_periods))[0] == (900, "a", "ALARM")


def test_m_of_n_runs_must_breach(tmp_path: Path) -> None:
    settings = LogAlarmSettings(lateness=0)
    watched = WatchedLogAlarm(event_alarm(CREATED), settings, evaluated_results=3, results_to_alarm=2)
    assert replayed(tmp_path, watched, created(at=10)).raised == ()
    assert changes(replayed(tmp_path, watched, created(at=10), created(at=700)))[0] == (
        *(900, "server-1", "ALARM"),
    )


@pytest.mark.parametrize(
    ("late", "raised", "missed"),
    [("server-1=4m", 300, 0), ("server-1=9m", 600, 0), ("SERVER-*=2h", None, 1), ("other=2h", 300, 0)],
)
def test_late_record_is_seen_by_a_later_run_or_reported_as_missed(
    tmp_path: Path, late: str, raised: int | None, missed: int
) -> None:
    result = replayed(tmp_path, WatchedLogAlarm(event_alarm(CREATED)), created(at=30), late=late)
    assert [at - START.timestamp() for at in result.raised] == ([raised] if raised else [])
    assert result.missed == missed


def test_late_record_counts_for_no_metric_alarm_whose_period_has_passed(tmp_path: Path) -> None:
    log = written(tmp_path / "log.xml", created(at=30), created(at=31, host="server-2"))

    def raised(late: Sequence[str]) -> list[float]:
        result = replay([log], Watch("a test", (CREATED,), (CREATED,)), delays=delays(late))
        (event_result,) = result.event_results
        assert event_result.matches == 2
        return [at - START.timestamp() for at in event_result.raised]

    assert raised([]) == [60]
    assert raised(["server-1=2m"]) == [60]
    assert raised(["*=2m"]) == [180]
    assert raised(["*=10m"]) == []


def test_record_in_another_event_log_is_not_found(tmp_path: Path) -> None:
    text = event_xml(4720, {"SubjectUserName": "sato"}, channel="ForwardedEvents")
    assert replayed(tmp_path, WatchedLogAlarm(event_alarm(CREATED)), text).matches == 0


def test_correlation_counts_distinct_values_of_its_window(tmp_path: Path) -> None:
    rule = replace(SPRAYING, threshold=3)
    attack = [failed_logon(at=at, IpAddress="203.0.113.9", TargetUserName=f"user{at}") for at in (10, 20, 30)]
    again = [failed_logon(at=at, IpAddress="203.0.113.8", TargetUserName="one") for at in (10, 20, 30)]
    result = replayed(tmp_path, WatchedLogAlarm(correlation_alarm(rule)), *attack, *again)
    assert [dict(each.attributes) for each in result.contributors if each.raised] == [
        {"IpAddress": "203.0.113.9"}
    ]


def test_sequence_is_an_alarm_in_its_order_only(tmp_path: Path) -> None:
    def raised(created_at: float, deleted_at: float) -> bool:
        account = {"TargetSid": "S-1-5-21-1-2-3-1105", "TargetUserName": "new"}
        events = event_xml(4720, account, at=created_at), event_xml(4726, account, at=deleted_at)
        return bool(replayed(tmp_path, WatchedLogAlarm(correlation_alarm(DELETED)), *events).raised)

    assert raised(10, 20)
    assert not raised(20, 10)


def test_catalog_with_the_log_engine_finds_every_sample_in_the_log_of_its_event(tmp_path: Path) -> None:
    single = [
        each for each in EVENTS if each.alarm and each.alarm.threshold * each.alarm.datapoints_to_alarm == 1
    ]
    watched = replace(of_catalog(AlarmEngine.LOG), chosen=EVENTS)
    texts = [samples_of(each).matches[0] for each in single]
    result = replay([written(tmp_path / "log.xml", *texts)], watched)
    raised = {each.key for each in result.raised_log_alarms}
    assert {each.key for each in single} <= raised


def test_engines_count_the_same_records(tmp_path: Path) -> None:
    texts = [text for each in EVENTS for text in samples_of(each).matches]
    log = written(tmp_path / "log.xml", *texts)
    by_metric, by_log = (as_json(replay([log], of_catalog(engine)))["matches"] for engine in AlarmEngine)
    differing = {key for key in by_metric if bool(by_metric[key]) is not bool(by_log[key])}
    assert differing == set()


def test_deployment_decides_the_engine_of_each_event(tmp_path: Path) -> None:
    deployment = tmp_path / "deployment.yaml"
    deployment.write_text(
        """\
accounts:
  production:
    id: 111122223333
    regions: [eu-west-1]
    packs: [article]
    notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}
    events: {user-account-created: {engine: log}}
    correlations: {account-created-and-deleted: {}}
    log_alarms: {schedule: 600}
""",
        encoding="utf-8",
    )
    watched = of_account(deployment, None)
    assert [each.key for each in watched.log_alarms] == [
        *("user-account-created", "correlations.account-created-and-deleted"),
    ]
    assert {each.settings.schedule for each in watched.log_alarms} == {600}
    assert "user-account-created" not in [each.key for each in watched.metric_events]
    everything = of_account(deployment, None, AlarmEngine.LOG)
    assert everything.metric_events == ()
    only = watched.only(keys=["account-created-and-deleted"])
    assert [each.key for each in only.reported_log_alarms] == ["correlations.account-created-and-deleted"]


def test_json_has_the_contributors_of_a_log_alarm_with_their_changes(tmp_path: Path) -> None:
    log = written(tmp_path / "log.xml", created(at=10))
    result: ReplayResult = replay([log], watch(WatchedLogAlarm(event_alarm(CREATED))))
    found = as_json(result)
    assert found["matches"] == {"user-account-created": 1}
    alarm = found["alarms"]["user-account-created"]
    assert (alarm["engine"], alarm["notifications"], alarm["too_late"]) == ("log", 1, 0)
    assert alarm["contributors"] == [
        {
            "attributes": {"Computer": "server-1", "SubjectUserName": "sato"},
            "records": 1,
            "peak": 1,
            "transitions": [
                {"at": "2026-05-05T10:05:00Z", "state": "ALARM", "count": 1},
                {"at": "2026-05-05T10:15:00Z", "state": "OK", "count": 0},
            ],
        }
    ]


@pytest.mark.parametrize("text", ["dc01", "dc01=", "dc01=20", "dc01=20 m", "=20m", "dc01=-1m"])
def test_delay_that_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="must be HOST=DELAY, such as dc01=20m"):
        delays([text])


def test_first_delay_that_fits_a_host_counts_with_and_without_its_domain() -> None:
    found = delays(["dc01=1m", "*.example.com=2h"])
    assert [found.of(host) for host in ("DC01.example.com", "web.example.com", "web")] == [
        *(60_000, 7_200_000, 0),
    ]
    assert Delays().of("dc01") == 0
