from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]
WINDOW = "mute:\n  night:\n    schedule: cron(0 2 * * *)\n    duration: PT1H\n    alarms: "


@pytest.mark.parametrize(
    "alarms",
    [
        "all",
        "{events: [user-account-created]}",
        "{packs: [article]}",
        "{severities: [high]}",
        "{silence_alarm: true}",
    ],
)
def test_window_over_existing_alarms_is_accepted(problems_of_account: Problems, alarms: str) -> None:
    assert problems_of_account(WINDOW + alarms) == []


@pytest.mark.parametrize(
    ("alarms", "place", "what"),
    [
        ("{events: [special-privileges-assigned]}", "events[0]", "special-privileges-assigned"),
        ("{correlations: [password-spraying]}", "correlations[0]", "correlations.password-spraying"),
        ("{composite_alarms: [guessed]}", "composite_alarms[0]", "composite_alarms.guessed"),
    ],
)
def test_what_has_no_alarm_cannot_be_muted(
    problems_of_account: Problems, alarms: str, place: str, what: str
) -> None:
    (problem,) = problems_of_account(WINDOW + alarms)
    assert problem.startswith(
        f"14: mute.night.alarms.{place}: {what} has no alarm in a: there is nothing to mute"
    )
    assert "'night: null' leaves the maintenance window out there" in problem


def test_no_data_alarm_that_is_off_cannot_be_muted(problems_of_account: Problems) -> None:
    settings = f"{WINDOW}{{silence_alarm: true}}\nsilence_alarm: {{enabled: false}}"
    (problem,) = problems_of_account(settings)
    assert "silence_alarm has no alarm in a" in problem


def test_window_that_mutes_nothing_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(WINDOW + "{packs: [certificate-services]}")
    assert "mute.night.alarms: mutes no alarm in a" in problem


def test_unknown_event_is_reported_once(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(WINDOW + "{events: [user-account-craeted]}")
    assert "no such event; did you mean user-account-created?" in problem


SHARED = "engine: log\nlog_alarms: {layout: severity}\n"


def test_some_of_the_events_of_a_shared_log_alarm_cannot_be_muted(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(SHARED + WINDOW + "{events: [user-account-created]}")
    assert "user-account-created shares a log alarm with " in problem
    assert "which would be muted too: name these as well, or set 'log_alarms: {layout: event}'" in problem


def test_all_events_of_a_shared_log_alarm_can_be_muted(problems_of_account: Problems) -> None:
    assert problems_of_account(SHARED + WINDOW + "{packs: [article]}") == []


def test_account_can_take_a_window_of_the_defaults_away(problems_of: Problems) -> None:
    text = """\
        defaults:
          regions: [eu-central-1]
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
          mute:
            night: {schedule: cron(0 2 * * *), duration: PT1H, alarms: {correlations: [password-spraying]}}
        accounts:
          a: {id: 111111111111, correlations: {password-spraying: {}}}
          b: {id: 222222222222, mute: {night: null}}
    """
    assert problems_of(text) == []
    assert len(problems_of(text.replace(", mute: {night: null}", ""))) == 1
