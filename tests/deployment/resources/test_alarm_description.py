"""What an alarm's mail says."""

from dataclasses import replace

import pytest

from catalog import EVENTS, AlarmDefaults, SecurityEvent, event
from deployment import Language
from deployment.resources.alarm_description import MAXIMUM_LENGTH, alarm_description, composite_description

ADDED = event("administrators-member-added")


def description(chosen: SecurityEvent, language: Language) -> str:
    return alarm_description(
        chosen,
        account_name="production",
        account_id="111111111111",
        region="ap-northeast-1",
        query_name="windows-security/group/administrators-member-added",
        language=language,
    )


def test_it_says_what_happened_how_bad_where_and_what_to_do() -> None:
    text = description(ADDED, Language.ENGLISH)
    for part in (
        ADDED.title,
        "high",
        "production",
        "111111111111",
        "ap-northeast-1",
        "group/administrators-member-added",
        ADDED.runbook,
    ):
        assert part in text


def test_it_says_all_of_that_in_japanese() -> None:
    text = description(ADDED, Language.JAPANESE)
    for part in (ADDED.title_ja, "重大度: 高", "production", "111111111111", ADDED.runbook_ja):
        assert part in text
    assert ADDED.title not in text


@pytest.mark.parametrize(
    ("language", "condition"),
    [
        (Language.ENGLISH, "Condition: 5 or more in 3600 seconds"),
        (Language.JAPANESE, "条件: 3600 秒間に 5 件以上"),
    ],
)
def test_it_tells_from_how_many_records_in_a_period_it_rings(language: Language, condition: str) -> None:
    alarm = AlarmDefaults(threshold=5, period=3600)
    assert condition in description(replace(ADDED, alarm=alarm), language).splitlines()


@pytest.mark.parametrize(
    ("language", "condition"),
    [
        (Language.ENGLISH, "Condition: 1 or more in 3600 seconds, in 2 of 3 periods"),
        (Language.JAPANESE, "条件: 3600 秒間に 1 件以上、3 期間のうち 2 期間で"),
    ],
)
def test_of_an_alarm_over_several_periods_it_tells_in_how_many_of_them(
    language: Language, condition: str
) -> None:
    alarm = AlarmDefaults(threshold=1, period=3600, evaluation_periods=3, datapoints_to_alarm=2)
    assert condition in description(replace(ADDED, alarm=alarm), language).splitlines()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("chosen", EVENTS, ids=lambda chosen: str(chosen.key))
def test_the_whole_runbook_of_every_event_fits(chosen: SecurityEvent, language: Language) -> None:
    text = description(chosen, language)
    assert len(text) <= MAXIMUM_LENGTH
    assert not text.endswith("…")


def test_a_composite_alarm_is_described_by_its_title_and_its_place() -> None:
    assert composite_description("Guessing", "production, eu-west-1") == "Guessing\nproduction, eu-west-1"


def test_the_title_of_a_composite_alarm_is_cut_rather_than_refused_by_cloudwatch() -> None:
    assert len(composite_description("x" * 2000, "production").encode()) == MAXIMUM_LENGTH


def test_a_longer_text_is_cut_rather_than_refused_by_cloudwatch() -> None:
    text = description(replace(ADDED, runbook="x" * 2000), Language.ENGLISH)
    assert len(text.encode()) == MAXIMUM_LENGTH
    assert text.endswith("…")


def test_a_japanese_text_is_cut_at_the_bytes_that_terraforms_provider_counts() -> None:
    text = description(replace(ADDED, runbook_ja="消去された" * 200), Language.JAPANESE)
    assert MAXIMUM_LENGTH - 3 < len(text.encode()) <= MAXIMUM_LENGTH
    assert text.endswith("…")
