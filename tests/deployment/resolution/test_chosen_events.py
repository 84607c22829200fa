from collections.abc import Callable
from dataclasses import replace

import pytest

from catalog import EVENTS, AlarmDefaults, Pack, SecurityEvent, Severity, event, pack
from deployment import RegionPlan
from deployment.resolution.chosen_events import WRITTEN_AT_START

Problems = Callable[[str], list[str]]
Region = Callable[[str], RegionPlan]

#: An event without an alarm that is in neither of the packs used here.
SIGNAL = next(
    e
    for e in EVENTS
    if e.alarm is None
    and not e.watched_field
    and not {Pack.ARTICLE, Pack.BASELINE, Pack.REMOTE_DESKTOP}.intersection(e.packs)
)


def chosen(region: RegionPlan, key: str) -> SecurityEvent:
    return next(e for e in region.events if e.key == key)


def test_without_overrides_the_events_are_those_of_the_catalog(region_of_account: Region) -> None:
    region = region_of_account("packs: [remote-desktop]\nwatched_paths: []\n")
    assert region.events == pack("remote-desktop")


def test_the_events_of_two_packs_are_there_once_and_in_the_catalogs_order(region_of_account: Region) -> None:
    region = region_of_account("packs: [remote-desktop, baseline]\nwatched_paths: []\n")
    both = {*pack("remote-desktop"), *pack("baseline")}
    expected = tuple(e for e in EVENTS if e in both)
    # The alarms of what Windows writes while it starts look at more periods.
    assert tuple(replace(e, alarm=None) for e in region.events) == tuple(
        replace(e, alarm=None) for e in expected
    )
    assert {e.event_id for e in set(region.events).difference(expected)} <= WRITTEN_AT_START


def test_an_event_of_a_pack_can_be_left_out(region_of_account: Region) -> None:
    region = region_of_account("events: {logon-failed-network: {enabled: false}}")
    assert "logon-failed-network" not in {e.key for e in region.events}


def test_an_event_of_no_pack_can_be_added(region_of_account: Region) -> None:
    region = region_of_account(f"packs: []\nwatched_paths: []\nevents: {{{SIGNAL.key}: {{enabled: true}}}}")
    assert region.events == (SIGNAL,)


def test_an_override_changes_what_it_names_and_nothing_else(region_of_account: Region) -> None:
    region = region_of_account("events: {logon-failed-network: {threshold: 7, severity: critical}}")
    tuned, original = chosen(region, "logon-failed-network"), event("logon-failed-network")
    assert original.alarm is not None
    assert tuned.severity is Severity.CRITICAL
    assert tuned.alarm == AlarmDefaults(threshold=7, period=original.alarm.period)
    assert (tuned.patterns, tuned.metric_name, tuned.title) == (
        original.patterns,
        original.metric_name,
        original.title,
    )


def test_an_alarm_can_look_at_several_periods(region_of_account: Region) -> None:
    region = region_of_account(
        "events: {logon-failed-network: {period: 60, evaluation_periods: 5, datapoints_to_alarm: 3}}"
    )
    alarm = chosen(region, "logon-failed-network").alarm
    assert alarm == AlarmDefaults(threshold=10, period=60, evaluation_periods=5, datapoints_to_alarm=3)


def test_alarm_false_makes_a_signal(region_of_account: Region) -> None:
    region = region_of_account("events: {logon-failed-network: {alarm: false}}")
    assert chosen(region, "logon-failed-network").alarm is None


@pytest.mark.parametrize(
    ("override", "alarm"),
    [
        ("alarm: true", AlarmDefaults()),
        ("threshold: 5", AlarmDefaults(threshold=5)),
        ("period: 60", AlarmDefaults(period=60)),
        ("severity: low", None),
    ],
)
def test_a_signal_gets_an_alarm_when_one_is_asked_for(
    region_of_account: Region, override: str, alarm: AlarmDefaults | None
) -> None:
    region = region_of_account(f"events: {{{SIGNAL.key}: {{enabled: true, {override}}}}}")
    assert chosen(region, SIGNAL.key).alarm == alarm


def test_each_watched_path_is_an_event_of_its_own(region_of_account: Region) -> None:
    region = region_of_account("watched_paths: ['C:\\a.txt', 'D:\\b\\']")
    watched = [e for e in region.events if e.key.startswith("object-handle-requested")]
    original = event("object-handle-requested")
    assert watched == [original.for_path("C:\\a.txt"), original.for_path("D:\\b\\")]


def test_an_override_of_a_watching_event_holds_for_each_path(region_of_account: Region) -> None:
    region = region_of_account(
        "watched_paths: ['C:\\a.txt', 'D:\\b\\']\n"
        "events: {object-handle-requested: {threshold: 3, severity: critical, actions: "
        "['arn:aws:sns:{region}:{account_id}:files']}}"
    )
    watched = [e for e in region.events if e.key.startswith("object-handle-requested")]
    assert [e.alarm and e.alarm.threshold for e in watched] == [3, 3]
    assert {e.severity for e in watched} == {Severity.CRITICAL}
    assert region.actions == {e.key: ("arn:aws:sns:eu-central-1:111111111111:files",) for e in watched}


def test_a_watching_event_without_paths_is_left_out_with_a_notice(region_of_account: Region) -> None:
    region = region_of_account("watched_paths: []")
    assert not any(e.watched_field or e.key.startswith("object-handle") for e in region.events)
    assert region.notices == ("object-handle-requested is left out: watched_paths names no file",)


def test_own_actions_take_the_place_of_the_topic(region_of_account: Region) -> None:
    region = region_of_account(
        "events: {logon-failed-network: {actions: ['arn:{partition}:sns:{region}:{account_id}:own']}}"
    )
    tuned = chosen(region, "logon-failed-network")
    assert region.actions == {tuned.key: ("arn:aws:sns:eu-central-1:111111111111:own",)}
    assert region.topic(tuned) is None


def test_the_same_settings_give_the_same_records(region_of_account: Region) -> None:
    text = "events: {logon-failed-network: {threshold: 7}}"
    first, second = region_of_account(text), region_of_account(text)
    assert chosen(first, "logon-failed-network") is chosen(second, "logon-failed-network")


def test_an_override_of_an_event_that_is_not_watched_is_refused(problems_of_account: Problems) -> None:
    settings = f"packs: [remote-desktop]\nwatched_paths: []\nevents:\n  {SIGNAL.key}: {{severity: low}}"
    assert problems_of_account(settings) == [
        f"13: events.{SIGNAL.key}: is in none of the packs (remote-desktop): add 'enabled: true' to watch it"
    ]


def test_each_path_is_watched_by_the_events_of_its_kind(region_of_account: Region) -> None:
    region = region_of_account(
        "watched_paths: ['C:\\a.txt', '\\REGISTRY\\MACHINE\\SOFTWARE', '\\\\*\\Finance']\n"
        "events: {registry-value-changed: {enabled: true}, share-accessed: {enabled: true}}"
    )
    watched = {
        key: [e.where[-1].values[0] for e in region.events if e.key.startswith(key)]
        for key in ("object-handle-requested", "registry-value-changed", "share-accessed")
    }
    assert watched == {
        "object-handle-requested": ["C:\\a.txt"],
        "registry-value-changed": ["\\REGISTRY\\MACHINE\\SOFTWARE"],
        "share-accessed": ["\\\\*\\Finance"],
    }


def test_a_path_that_no_chosen_event_watches_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account("watched_paths:\n  - C:\\a.txt\n  - \\REGISTRY\\MACHINE\\SOFTWARE\n")
    assert problem.startswith("12: watched_paths[1]: no event chosen watches a registry key: add ")
    assert "registry-value-changed" in problem
    assert "object-handle-requested" not in problem


@pytest.mark.parametrize(
    "field", ["threshold: 5", "period: 60", "evaluation_periods: 1", "datapoints_to_alarm: 1"]
)
def test_a_setting_of_an_alarm_that_is_switched_off_is_refused(
    problems_of_account: Problems, field: str
) -> None:
    assert problems_of_account(f"events:\n  logon-failed-network:\n    alarm: false\n    {field}") == [
        f"13: events.logon-failed-network.{field.split(':')[0]}: has no effect: 'alarm: false' "
        "makes logon-failed-network metric only"
    ]


def test_actions_of_an_event_without_an_alarm_are_refused(problems_of_account: Problems) -> None:
    arn = "arn:aws:sns:eu-central-1:111111111111:x"
    assert problems_of_account(f"events:\n  {SIGNAL.key}:\n    enabled: true\n    actions: ['{arn}']") == [
        f"13: events.{SIGNAL.key}.actions: {SIGNAL.key} has no alarm that could call them: add 'alarm: true'"
    ]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        *(
            (f"period: {n}", f"11: {{0}}.period: period {n}: must be 60 seconds or a multiple of that")
            for n in (0, 10, 20, 30, 45, 90)
        ),
        (
            "evaluation_periods: 5000",
            "11: {0}.evaluation_periods: period 300 x evaluation_periods 5000 is 1500000 seconds: must not "
            "be over 86400",
        ),
        (
            "datapoints_to_alarm: 3",
            "11: {0}.datapoints_to_alarm: datapoints_to_alarm 3: must be from 1 to evaluation_periods (1)",
        ),
        ("threshold: 0", "11: {0}.threshold: must be 1 or more, not 0"),
        ("threshold: true", "11: {0}.threshold: must be a whole number, not true"),
    ],
)
def test_an_alarm_that_cloudwatch_would_refuse_is_refused_at_its_setting(
    problems_of_account: Problems, override: str, message: str
) -> None:
    expected = message.format("events.logon-failed-network")
    assert problems_of_account(f"events:\n  logon-failed-network: {{{override}}}") == [expected]


def test_an_alarm_at_fault_in_the_defaults_is_told_once_for_all_accounts(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        defaults:
          regions: [eu-central-1]
          events:
            logon-failed-network: {period: 45}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          a: {id: 111111111111}
          b: {id: 222222222222}
        """
    )
    assert problems == [
        "deployment.yaml:4: defaults.events.logon-failed-network.period: period 45: must be 60 seconds or "
        "a multiple of that"
    ]


def test_of_two_settings_that_do_not_agree_the_accounts_own_is_at_fault(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        defaults:
          regions: [eu-central-1]
          events:
            logon-failed-network: {datapoints_to_alarm: 2, evaluation_periods: 2}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          a:
            id: 111111111111
            events:
              logon-failed-network: {evaluation_periods: 1}
        """
    )
    assert problems == [
        "deployment.yaml:10: accounts.a.events.logon-failed-network.evaluation_periods: datapoints_to_alarm "
        "2: must be from 1 to evaluation_periods (1)"
    ]


def test_an_account_may_switch_off_an_alarm_that_the_defaults_tune(regions_of: Callable[..., object]) -> None:
    assert regions_of(
        """\
        defaults:
          regions: [eu-central-1]
          events: {logon-failed-network: {threshold: 5}}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          a: {id: 111111111111, events: {logon-failed-network: {alarm: false}}}
        """
    )


def test_an_account_that_tunes_an_alarm_which_the_defaults_switch_off_is_told_so(
    problems_of: Problems,
) -> None:
    problems = problems_of(
        """\
        defaults:
          regions: [eu-central-1]
          events: {logon-failed-network: {alarm: false}}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          a: {id: 111111111111, events: {logon-failed-network: {threshold: 5}}}
        """
    )
    assert problems == [
        "deployment.yaml:6: accounts.a.events.logon-failed-network.threshold: has no effect: 'alarm: false' "
        "makes logon-failed-network metric only"
    ]


def test_the_defaults_may_tune_an_event_that_only_some_accounts_watch(
    regions_of: Callable[[str], tuple[RegionPlan, ...]],
) -> None:
    regions = regions_of(
        """\
        defaults:
          regions: [eu-central-1]
          events: {logon-succeeded-network: {threshold: 5}}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          a: {id: 111111111111}
          b: {id: 222222222222, packs: [article]}
        """
    )
    assert ["logon-succeeded-network" in {e.key for e in region.events} for region in regions] == [
        False,
        True,
    ]


def test_defaults_that_tune_an_event_of_no_account_are_refused(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        defaults:
          regions: [eu-central-1]
          packs: [remote-desktop]
          events:
            user-account-created: {threshold: 5}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          a: {id: 111111111111}
        """
    )
    assert problems == [
        "deployment.yaml:5: defaults.events.user-account-created: no account watches it: add 'enabled: "
        "true', or one of its packs"
    ]


def test_a_path_that_makes_too_long_a_pattern_is_refused(problems_of_account: Problems) -> None:
    path = "C:\\" + "a" * 1024
    (problem,) = problems_of_account(f"watched_paths:\n  - C:\\ok\n  - {path}")
    assert problem.startswith("12: watched_paths[1]: its pattern has ")
    assert problem.endswith("characters, over the 1024 that CloudWatch takes")


def test_a_path_that_is_given_twice_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("watched_paths: ['C:\\a', 'C:\\a']") == [
        "10: watched_paths: 'C:\\\\a' is given twice"
    ]
