from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]
GUID = "01234567-89ab-cdef-0123-456789abcdef"
SLACK = "slack: {workspace: T0123ABCDEF, channel: C0123ABCDEF}"
TEAMS = f"teams: {{tenant: {GUID}, team: {GUID}, channel: 19%3Aabc%40thread.tacv2}}"
EMAIL = "subscriptions: [{protocol: email, endpoint: security@example.com}]"


def chat(*channels: str, others: str = EMAIL) -> str:
    lines = "".join(f"\n    channel-{number}: {{{each}}}" for number, each in enumerate(channels))
    return f"notifications:\n  {others}\n  chat:{lines}"


@pytest.mark.parametrize("channel", [SLACK, TEAMS, f"{SLACK}, severities: [high, critical]"])
def test_channel_is_accepted(problems_of_account: Problems, channel: str) -> None:
    assert problems_of_account(chat(channel)) == []


def test_channel_alone_is_a_recipient(problems_of_account: Problems) -> None:
    assert problems_of_account(chat(SLACK, others="subscriptions: []")) == []
    problems = problems_of_account(chat(f"{SLACK}, severities: [high]", others="subscriptions: []"))
    assert problems
    assert all("would notify nobody" in problem for problem in problems)


@pytest.mark.parametrize(
    ("channel", "reason"),
    [
        (SLACK.replace("T0123ABCDEF", "acme"), "'acme' is not the id of a Slack workspace"),
        (SLACK.replace("C0123ABCDEF", "'#security'"), "'#security' is not the id of a Slack channel"),
        (TEAMS.replace(GUID, "acme", 1), "is not an id of Microsoft Teams"),
        (TEAMS.replace("%3A", ":"), "with %3A for : and %40 for @"),
        (f"{SLACK}, {TEAMS}", "takes either slack or teams"),
        ("severities: [high]", "takes either slack or teams"),
        (f"{SLACK}, region: eu-west-1", "eu-west-1 is no region of a"),
    ],
)
def test_channel_that_cannot_be_configured_is_refused(
    problems_of_account: Problems, channel: str, reason: str
) -> None:
    problems = problems_of_account(chat(channel))
    assert any(reason in problem for problem in problems)


@pytest.mark.parametrize(("channel", "what"), [(SLACK, "its channel"), (TEAMS, "its team")])
def test_channel_is_configured_once_in_an_account(
    problems_of_account: Problems, channel: str, what: str
) -> None:
    (problem,) = problems_of_account(chat(channel, channel))
    assert f"chat.channel-1: {what} is that of channel-0: an account can configure it once" in problem


def test_account_with_several_regions_says_which_one_notifies(problems_of_account: Problems) -> None:
    regions = "\nregions: [eu-central-1, eu-west-1]"
    (problem,) = problems_of_account(chat(SLACK) + regions)
    assert "an account can configure a channel once, and has several regions here" in problem
    assert problems_of_account(chat(f"{SLACK}, region: eu-west-1") + regions) == []


def test_severities_of_a_channel_suit_the_topics(problems_of_account: Problems) -> None:
    some = f"{SLACK}, severities: [high]"
    (problem, *_) = problems_of_account(chat(some, others=f"{EMAIL}\n  topics: single"))
    assert "with 'topics: single' a channel receives every severity: remove severities" in problem
    (problem, *_) = problems_of_account(chat(some, others=f"{EMAIL}\n  unnotified: [high]"))
    assert "high is listed under unnotified as well" in problem


def test_channel_of_topics_in_another_account_is_refused(problems_of_account: Problems) -> None:
    topic = "arn:aws:sns:eu-central-1:999999999999:alarms"
    others = f"topics: single\n  existing_topic: {topic}\n  central_account: 999999999999"
    assert any(
        f"{topic} is of another account: configure the channel in account 999999999999" in problem
        for problem in problems_of_account(chat(SLACK, others=others))
    )


def test_china_has_no_chat_channels(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(chat(SLACK) + "\nregions: [cn-north-1]")
    assert "Amazon Q Developer in chat applications is not for cn-north-1" in problem
