"""The catalog as a whole."""

import importlib

import pytest

from catalog import EVENTS, Family, Pack, SecurityEvent, UnknownNameError, event, pack


def test_there_are_events_of_every_family_but_that_of_users_own() -> None:
    assert {event.family for event in EVENTS} == set(Family) - {Family.CUSTOM}


@pytest.mark.parametrize(
    "family", [f for f in Family if f is not Family.CUSTOM], ids=lambda family: family.value
)
def test_an_event_stands_in_the_module_of_its_family_under_the_name_of_its_key(family: Family) -> None:
    module = importlib.import_module(f"catalog.events.{family.module}")
    named = {name: value for name, value in vars(module).items() if isinstance(value, SecurityEvent)}
    assert {event.family for event in named.values()} == {family}
    assert {name: event.key for name, event in named.items()} == {
        name: name.lower().replace("_", "-") for name in named
    }


def test_every_pack_has_events_and_a_purpose() -> None:
    assert all(pack(each) and each.purpose.endswith(".") for each in Pack)


def test_any_two_packs_fit_in_one_log_group() -> None:
    numbers = {
        (one.value, other.value): sum(
            len(event.patterns) for event in {*pack(one), *pack(other)} if event.channel == "Security"
        )
        for one in Pack
        for other in Pack
    }
    assert {packs: number for packs, number in numbers.items() if number > 100} == {}


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean domain-controller"):
        pack("domain-controler")
    with pytest.raises(UnknownNameError, match="did you mean security-log-cleared"):
        event("security-log-clear")


def test_the_evidence_of_an_event_is_that_of_its_patterns_for_a_path() -> None:
    watched = event("object-accessed").for_path(r"C:\Finance\plan.txt")
    assert watched.evidence is event("object-accessed").evidence
