"""Whether one record could be found by two events, judged from their conditions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import Condition, Field, event
from catalog.checks.overlap import may_find_the_same
from catalog.filter_pattern import matches
from catalog.model.condition import Operator
from catalog.model.provider import SECURITY_EVENTLOG
from catalog.samples.windows_event import windows_event

ANY = event("user-account-created")
A, B = Field("TargetUserName"), Field("SubjectUserName")


def may_meet(one: tuple[Condition, ...], other: tuple[Condition, ...]) -> bool:
    first, second = replace(ANY, where=one), replace(ANY, where=other)
    meeting = may_find_the_same(first, second)
    assert meeting is may_find_the_same(second, first)
    return meeting


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (A == "x", A == "y"),
        (A.one_of("x", "y"), A.one_of("z", "w")),
        (A == "x", A != "x"),
        (A.one_of("x", "y"), A.none_of("y", "x")),
        (A == "x-512", A.starts_with("y")),
        (A == "x-512", A.ends_with("-519")),
        (A == "WEB-01$", A.not_ends_with("$")),
        (A.starts_with("S-1-5-21-"), A.starts_with("S-1-5-32-")),
        (A.ends_with("-512"), A.ends_with("-519")),
        (A.ends_with("01$"), A.not_ends_with("$")),
        (A.starts_with("svc-web"), A.not_starts_with("svc-")),
        (A.contains("admin"), A.not_contains("adm")),
        (A == "admin", A.not_contains("dmi")),
    ],
)
def test_events_are_apart_where_no_value_of_a_field_fulfils_both(one: Condition, other: Condition) -> None:
    assert not may_meet((one,), (other,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (A == "x", B == "y"),
        (A.one_of("x", "y"), A.one_of("y", "z")),
        (A == "x", A != "y"),
        (A == "x-512", A.starts_with("x")),
        (A == "x-512", A.ends_with("512")),
        (A.starts_with("S-1-5-"), A.starts_with("S-1-5-32-")),
        (A.ends_with("-512"), A.ends_with("2")),
        (A.starts_with("x"), A.ends_with("y")),
        (A.starts_with("x"), A != "x"),
        (A.ends_with("1"), A.not_ends_with("$")),
        (A != "x", A != "y"),
        (A == "x", A.contains("y")),
        (A.starts_with("s"), A.not_starts_with("svc-")),
        (A != "x", A.not_contains("x")),
        (A.contains("y"), A.not_contains("yz")),
    ],
)
def test_events_may_meet_where_a_value_could_fulfil_both(one: Condition, other: Condition) -> None:
    assert may_meet((one,), (other,))


def test_one_field_that_decides_is_enough() -> None:
    assert not may_meet((A == "x", B == "y"), (A == "x", B == "z"))


def test_an_event_without_conditions_meets_every_other_of_its_id() -> None:
    assert may_meet((), (A == "x",))


def test_events_of_another_id_or_provider_never_meet() -> None:
    assert not may_find_the_same(ANY, replace(ANY, event_id=4721))
    assert not may_find_the_same(ANY, replace(ANY, provider=SECURITY_EVENTLOG))


# Letters that no other field of the sample ends in: an ending is not tied to its field in the pattern.
_exact = [operator for operator in Operator if operator is not Operator.CONTAINS]
_conditions = st.builds(
    Condition,
    field=st.just("TargetUserName"),
    operator=st.sampled_from(_exact),
    values=st.lists(st.text("αβγ", min_size=1, max_size=3), min_size=1, max_size=2, unique=True).map(tuple),
)


@given(_conditions, _conditions, st.text("αβγ", min_size=1, max_size=4))
def test_no_record_is_found_by_two_events_that_are_said_to_be_apart(
    one: Condition, other: Condition, value: str
) -> None:
    message = windows_event(4720, {"TargetUserName": value, "SubjectUserName": "someone"})
    first, second = replace(ANY, where=(one,)), replace(ANY, where=(other,))
    both = all(any(matches(p, message) for p in each.patterns) for each in (first, second))
    assert not both or may_find_the_same(first, second)
