"""What events leave out, and why."""

from dataclasses import replace

import pytest

from catalog import EVENTS, Condition, Field, event
from catalog.checks.left_out import left_out, reason, reasons

CREATED = event("user-account-created")
NAME = Field("SubjectUserName")


def test_no_reason_is_left_of_what_is_not_left_out() -> None:
    used = set()
    for each in EVENTS:
        for field, value in left_out(each, EVENTS):
            used |= {(each.key, field, value), (each.key, field, "")}
    assert set(reasons()) - used == set()


def test_a_reason_is_a_sentence() -> None:
    assert [why for why in reasons().values() if not why.endswith(".")] == []


def test_a_reason_may_stand_for_every_value_of_a_field() -> None:
    assert reason(event("password-filter-loaded"), "NotificationPackageName", "scecli")
    assert reason(event("local-group-member-added"), "TargetSid", "S-1-5-32-544") is None


@pytest.mark.parametrize(
    ("excluding", "finding"),
    [
        (NAME != "svc-web", NAME == "svc-web"),
        (NAME != "svc-web", NAME.starts_with("svc-")),
        (NAME != "svc-web", NAME.not_ends_with("$")),
        (NAME.not_starts_with("svc-web"), NAME.starts_with("svc-")),
        (NAME.not_starts_with("svc-"), NAME.not_starts_with("adm-")),
        (NAME.not_starts_with("svc-"), NAME != "admin"),
        (NAME.not_ends_with("$"), NAME.ends_with("$")),
        (NAME.not_contains("admin"), NAME.contains("adm")),
    ],
)
def test_a_value_is_found_where_another_event_has_all_that_the_exclusion_takes(
    excluding: Condition, finding: Condition
) -> None:
    one, other = replace(CREATED, where=(excluding,)), replace(CREATED, key="other", where=(finding,))
    assert list(left_out(one, [one, other])) == []


@pytest.mark.parametrize(
    ("excluding", "finding"),
    [
        (NAME != "svc-web", NAME == "svc-db"),
        (NAME.not_starts_with("svc-"), NAME.starts_with("svc-web")),
        (NAME.not_starts_with("svc-"), NAME != "svc-web"),
        (NAME.not_starts_with("svc-"), NAME.not_starts_with("s")),
        (NAME.not_ends_with("$"), NAME.ends_with("01$")),
        (NAME.not_ends_with("$"), NAME.starts_with("WEB")),
    ],
)
def test_a_value_is_left_out_where_another_event_finds_a_part_only(
    excluding: Condition, finding: Condition
) -> None:
    one, other = replace(CREATED, where=(excluding,)), replace(CREATED, key="other", where=(finding,))
    assert len(list(left_out(one, [one, other]))) == 1


def test_an_event_that_asks_for_more_does_not_find_all() -> None:
    one = replace(CREATED, where=(NAME != "x",))
    other = replace(CREATED, key="other", where=(NAME == "x", Field("TargetUserName") == "y"))
    assert list(left_out(one, [one, other])) == [("SubjectUserName", "x")]


def test_an_event_that_excludes_what_is_asked_for_finds_nothing_of_it() -> None:
    one = replace(CREATED, where=(NAME != "x", Field("Status") == "0x0"))
    other = replace(CREATED, key="other", where=(Field("Status") != "0x0",))
    assert list(left_out(one, [one, other])) == [("SubjectUserName", "x")]
