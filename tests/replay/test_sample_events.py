from pathlib import Path

from replay import of_account, replay

_REPOSITORY = Path(__file__).resolve().parents[2]
_SAMPLE = _REPOSITORY / "examples" / "sample_events"


def test_the_sample_raises_the_alarms_of_its_story_in_its_order_and_leaves_others_quiet() -> None:
    result = replay([_SAMPLE], of_account(_REPOSITORY / "deployment.yaml", "production"))
    raised = [event_result.event.key for event_result in result.raised]
    story = ["logon-failed-network", "user-account-created", "service-installed", "security-log-cleared"]
    assert [key for key in raised if key in story] == story
    assert "administrators-member-added" in raised
    quiet = {event.key for event in result.quiet}
    assert {"user-account-locked-out", "guest-account-enabled", "remote-desktop-users-member-added"} <= quiet
    assert 0 < len(result.raised) < len(result.quiet)


def test_the_sample_holds_no_damage_and_some_events_that_nobody_asked_for() -> None:
    result = replay([_SAMPLE], of_account(_REPOSITORY / "deployment.yaml", "production"))
    assert result.problems.counts == {}
    assert result.not_shipped
    assert result.events > 50


def test_an_account_that_tolerates_more_failures_is_not_woken_by_them() -> None:
    result = replay([_SAMPLE], of_account(_REPOSITORY / "deployment.yaml", "development"))
    counted = {event_result.event.key: event_result.peak for event_result in result.counted}
    assert 10 < counted["logon-failed-network"] < 50
