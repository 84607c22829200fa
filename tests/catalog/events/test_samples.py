"""Every event finds its matching samples and none of its near misses."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from catalog.checks.event_fields import fields_of
from catalog.events import EVENTS
from catalog.filter_pattern import matches
from catalog.model.security_event import Family, SecurityEvent
from tests.catalog.events.samples import (
    Samples,
    family_samples,
    generated_near_misses,
    renderings,
    samples_file,
    values_of,
)

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.key)


def found(event: SecurityEvent, message: str) -> bool:
    return any(matches(pattern, message) for pattern in event.patterns)


def samples_of(event: SecurityEvent) -> Samples:
    return family_samples(event.family).get(event.key, Samples(matching={}, near_misses={}))


@every_event
def test_every_event_has_matching_samples_and_near_misses(event: SecurityEvent) -> None:
    samples = samples_of(event)
    place = samples_file(event.family)
    assert samples.matching, f"event {event.key!r}: add a matching sample to {place}"
    assert samples.near_misses, f"event {event.key!r}: add a near miss to {place}"


@pytest.mark.parametrize("family", Family, ids=lambda family: family.value)
def test_no_samples_are_left_of_an_event_that_is_gone(family: Family) -> None:
    assert family_samples(family).keys() <= {event.key for event in EVENTS if event.family is family}


@every_event
def test_matching_samples_are_found(event: SecurityEvent) -> None:
    missed = [words for words, message in samples_of(event).matching.items() if not found(event, message)]
    assert not missed


@every_event
def test_each_pattern_finds_a_sample_and_each_sample_has_one_pattern(event: SecurityEvent) -> None:
    messages = samples_of(event).matching.values()
    counts = [sum(matches(pattern, message) for pattern in event.patterns) for message in messages]
    unproven = [p for p in event.patterns if not any(matches(p, message) for message in messages)]
    assert all(count == 1 for count in counts), counts
    assert not unproven


@every_event
def test_matching_samples_are_found_in_every_language_of_the_rendering(event: SecurityEvent) -> None:
    missed = [
        (words, culture)
        for words, message in samples_of(event).matching.items()
        for culture, translated in renderings(event, message).items()
        if not found(event, translated)
    ]
    assert not missed


@every_event
def test_near_misses_are_not_found(event: SecurityEvent) -> None:
    near_misses = samples_of(event).near_misses
    assert not [words for words, message in near_misses.items() if found(event, message)]


@every_event
def test_generated_near_misses_are_not_found(event: SecurityEvent) -> None:
    wrong = [
        (words, what)
        for words, message in samples_of(event).matching.items()
        for what, near_miss in generated_near_misses(event, message).items()
        if found(event, near_miss)
    ]
    assert not wrong


@every_event
def test_a_sample_is_found_by_no_other_event_unless_it_is_declared(event: SecurityEvent) -> None:
    others = [
        other
        for other in EVENTS
        if other.key != event.key and other.key not in event.overlaps and event.key not in other.overlaps
    ]
    also_found = [
        (words, other.key)
        for words, message in samples_of(event).matching.items()
        for other in others
        if found(other, message)
    ]
    assert not also_found


@every_event
def test_samples_are_well_formed_and_name_only_fields_of_the_event(event: SecurityEvent) -> None:
    wrong = [(words, name) for words, message in _messages(event) for name in _unknown_fields(message)]
    assert not wrong


def _messages(event: SecurityEvent) -> Iterator[tuple[str, str]]:
    samples = samples_of(event)
    yield from samples.matching.items()
    yield from samples.near_misses.items()


def _unknown_fields(message: str) -> set[str]:
    """Return the fields of a record that its provider's manifest does not have."""
    system = ElementTree.fromstring(message)[0]
    known = fields_of(system[0].get("Name", ""), int(system.findtext("{*}EventID", "0")))
    return set() if known is None else values_of(message).keys() - set(known)
