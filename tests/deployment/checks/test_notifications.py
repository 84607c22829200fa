from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]

TOPIC = "arn:aws:sns:eu-central-1:111111111111:x"


@pytest.mark.parametrize(
    ("notifications", "problem"),
    [
        (
            f"topics: single\nexisting_topics: {{high: '{TOPIC}'}}",
            "12: notifications.existing_topics: with 'topics: single' there is one topic: name it under "
            "existing_topic",
        ),
        (
            f"existing_topic: '{TOPIC}'",
            "11: notifications.existing_topic: is for one topic for all alarms: add 'topics: single', or use "
            "existing_topics",
        ),
        (
            f"unnotified: [high]\nexisting_topics:\n  high: '{TOPIC}'",
            "13: notifications.existing_topics.high: is listed under unnotified as well: remove it "
            "from one of the two",
        ),
        (
            "topics: single\nsubscriptions:\n- {protocol: email, endpoint: a@example.com, severities: "
            "[high]}",
            "13: notifications.subscriptions[0].severities: with 'topics: single' every subscription "
            "receives every severity: remove severities",
        ),
        (
            "unnotified: [low]\n"
            "subscriptions:\n"
            "- {protocol: email, endpoint: a@example.com}\n"
            "- {protocol: email, endpoint: b@example.com, severities: [low, high]}",
            "14: notifications.subscriptions[1].severities: low is listed under unnotified as well: remove "
            "it from one of the two",
        ),
        (
            "subscriptions:\n"
            "- {protocol: email, endpoint: a@example.com}\n"
            "- {protocol: email, endpoint: a@example.com, severities: [high]}",
            "13: notifications.subscriptions[1].endpoint: 'a@example.com' is subscribed to the same alarms "
            "above already",
        ),
    ],
)
def test_notifications_that_contradict_each_other_are_refused(
    problems_of_account: Problems, notifications: str, problem: str
) -> None:
    indented = "\n".join(f"  {line}" for line in notifications.splitlines())
    assert problems_of_account(f"notifications:\n{indented}") == [problem]


def test_one_endpoint_may_receive_two_severities_by_two_subscriptions(
    problems_of_account: Problems,
) -> None:
    assert not problems_of_account(
        "notifications:\n"
        "  subscriptions:\n"
        "  - {protocol: email, endpoint: a@example.com, severities: [informational, low, medium]}\n"
        "  - {protocol: email, endpoint: a@example.com, severities: [high, critical]}\n"
    )


def test_alarms_that_would_notify_nobody_are_refused_by_name(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        defaults:
          regions: [eu-central-1, eu-west-1]
          packs: []
          events:
            user-account-created: {enabled: true, severity: medium}
            user-account-deleted: {enabled: true, severity: medium}
            administrators-member-added: {enabled: true}
          notifications:
            subscriptions:
            - {protocol: email, endpoint: a@example.com, severities: [high, critical]}
        accounts:
          a: {id: 111111111111}
          b: {id: 222222222222}
        """
    )
    assert problems == [
        "deployment.yaml:9: defaults.notifications.subscriptions: user-account-created, "
        "user-account-deleted (severity medium) would notify nobody: add a subscription to that severity, "
        "name an existing topic, or list it under unnotified if that is intended"
    ]


def test_without_any_notifications_the_account_is_at_fault(problems_of: Problems) -> None:
    (problem,) = problems_of(
        """\
        accounts:
          a:
            id: 111111111111
            regions: [eu-central-1]
            packs: []
            events: {user-account-created: {enabled: true}}
            silence_alarm: {enabled: false}
        """
    )
    assert problem.startswith(
        "deployment.yaml:2: accounts.a: user-account-created (severity medium) would notify nobody: "
    )


@pytest.mark.parametrize(
    "settings",
    [
        "notifications: {unnotified: [informational, low, medium, high, critical], subscriptions: []}",
        f"notifications: {{topics: single, existing_topic: '{TOPIC}', subscriptions: []}}",
        "packs: []\nwatched_paths: []\nnotifications: {subscriptions: []}\nevents:\n"
        f"  user-account-created: {{enabled: true, actions: ['{TOPIC}']}}",
        "packs: []\nwatched_paths: []\nnotifications: {subscriptions: []}\nevents:\n"
        "  user-account-created: {enabled: true, alarm: false}",
        "packs: []\nwatched_paths: []\nevents: {user-account-created: {enabled: true, severity: low}}\n"
        f"notifications: {{subscriptions: [], existing_topics: {{low: '{TOPIC}'}}}}",
    ],
)
def test_an_alarm_may_notify_nobody_on_purpose_or_another_recipient(
    problems_of_account: Problems, settings: str
) -> None:
    assert not problems_of_account(f"{settings}\nsilence_alarm: {{enabled: false}}")


def test_the_no_data_alarm_needs_a_recipient_as_well(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        "packs: []\nwatched_paths: []\nnotifications: {subscriptions: []}\n"
        "events: {user-account-created: {enabled: true, alarm: false}}"
    )
    assert "silence_alarm (severity high) would notify nobody" in problem


SHARED = """\
events: {logon-failed-network: {severity: critical}}
notifications:
  existing_topics: {high: "arn:aws:sns:eu-central-1:111111111111:x",
                    critical: "arn:aws:sns:eu-central-1:111111111111:x"}
  subscriptions:
"""


def test_a_subscription_to_a_shared_topic_must_name_all_its_severities(problems_of_account: Problems) -> None:
    assert problems_of_account(
        SHARED + "  - {protocol: email, endpoint: all@example.com}\n"
        "  - {protocol: email, endpoint: some@example.com, severities: [critical]}\n"
    ) == [
        "16: notifications.subscriptions[1].severities: arn:aws:sns:eu-central-1:111111111111:x is for high "
        "and critical: a subscription to it receives all of them, so name them all"
    ]


def test_an_endpoint_of_a_shared_topic_may_be_given_once_for_each_severity(
    problems_of_account: Problems,
) -> None:
    assert not problems_of_account(
        SHARED + "  - {protocol: email, endpoint: a@example.com, severities: [high]}\n"
        "  - {protocol: email, endpoint: a@example.com, severities: [critical]}\n"
        "  - {protocol: email, endpoint: b@example.com, severities: [informational, low, medium]}\n"
    )


def test_a_password_in_an_address_is_refused_and_not_repeated(
    problems_of_account: Callable[[str], list[str]],
) -> None:
    endpoint = "https://user:pa55word@example.com/"
    (problem,) = problems_of_account(
        f"notifications: {{subscriptions: [{{protocol: https, endpoint: '{endpoint}'}}]}}"
    )
    assert "has a user name or a password" in problem
    assert "pa55word" not in problem


def test_the_scheme_of_an_address_is_in_small_letters(
    problems_of_account: Callable[[str], list[str]],
) -> None:
    (problem,) = problems_of_account(
        "notifications: {subscriptions: [{protocol: https, endpoint: 'HTTPS://example.com/'}]}"
    )
    assert "must begin with https:// in small letters" in problem
