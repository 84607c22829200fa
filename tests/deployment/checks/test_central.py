from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]

CENTRAL_TOPIC = "arn:aws:sns:eu-central-1:999999999999:security"


@pytest.mark.parametrize(
    ("setting", "arn", "problem"),
    [
        (
            "event_bus",
            "arn:aws:events:eu-central-1:{account_id}:event-bus/default",
            "is the bus on which the alarms' changes are anyway: it would get them again and again",
        ),
        (
            "event_bus",
            "arn:aws-cn:events:cn-north-1:999999999999:event-bus/security",
            "is in the partition aws-cn, and a-eu-central-1 in aws: write {partition} for what differs",
        ),
        (
            "log_destination",
            "arn:aws:logs:eu-west-1:999999999999:destination:security",
            "is not in eu-central-1, as a-eu-central-1 is: write {region} for what differs",
        ),
        (
            "log_destination",
            "arn:aws:logs::999999999999:destination:security",
            "is not in eu-central-1, as a-eu-central-1 is: write {region} for what differs",
        ),
        (
            "oam_sink",
            "arn:aws:oam:eu-west-1:999999999999:sink/abc",
            "is not in eu-central-1, as a-eu-central-1 is: write {region} for what differs",
        ),
        (
            "oam_sink",
            "arn:aws:oam:eu-central-1:{account_id}:sink/abc",
            "is in 111111111111 itself, which sees its own data: set 'oam_sink: null' there",
        ),
    ],
)
def test_a_central_piece_that_aws_could_not_reach_is_refused(
    problems_of_account: Problems, setting: str, arn: str, problem: str
) -> None:
    filled = arn.replace("{account_id}", "111111111111")
    assert problems_of_account(f"central:\n  {setting}: '{arn}'") == [
        f"11: central.{setting}: {filled} {problem}"
    ]


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("event_bus: 'arn:aws:events:eu-central-1:999999999999:rule/x'", "the ARN of an event bus"),
        ("log_destination: 'arn:aws:logs:eu-central-1:999999999999:log-group:x'", "the ARN of a destination"),
        (
            "oam_sink: 'arn:aws:oam:eu-central-1:999999999999:link/x'",
            "the ARN of an Observability Access Manager",
        ),
    ],
)
def test_what_is_no_central_piece_is_refused(problems_of_account: Problems, setting: str, what: str) -> None:
    (problem,) = problems_of_account(f"central: {{{setting}}}")
    assert f" is not {what}" in problem


def test_an_event_bus_may_be_in_another_region(problems_of_account: Problems) -> None:
    assert not problems_of_account(
        "central: {event_bus: 'arn:aws:events:us-east-1:999999999999:event-bus/security'}"
    )


def test_the_topic_of_a_central_account_is_taken_where_it_is_said_to_be_there(
    problems_of_account: Problems,
) -> None:
    topics = f"topics: single, subscriptions: [], existing_topic: '{CENTRAL_TOPIC}'"
    assert not problems_of_account(f"notifications: {{{topics}, central_account: 999999999999}}")
    assert len(problems_of_account(f"notifications: {{{topics}}}")) == 1


def test_a_topic_of_neither_account_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        f"""\
        notifications:
          topics: single
          subscriptions: []
          central_account: 888888888888
          existing_topic: {CENTRAL_TOPIC}
        """
    )
    assert problem == (
        f"14: notifications.existing_topic: {CENTRAL_TOPIC} is not in 888888888888 and eu-central-1, as "
        "central_account and a-eu-central-1 say: write {region} for what differs"
    )


def test_nobody_is_subscribed_here_to_a_topic_of_another_account(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        f"""\
        notifications:
          topics: single
          central_account: 999999999999
          existing_topic: {CENTRAL_TOPIC}
          subscriptions:
          - {{protocol: email, endpoint: a@example.com}}
        """
    )
    assert problem == (
        f"14: notifications.subscriptions: {CENTRAL_TOPIC} belongs to 999999999999: subscribe there; here, "
        "list only the subscriptions of topics that this deployment creates"
    )


def test_a_central_account_without_topics_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("notifications: {central_account: 999999999999}") == [
        "10: notifications.central_account: has no effect without topics of that account: name them under "
        "existing_topics or existing_topic"
    ]
