"""Every event finds its matching samples and none of its near misses."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from catalog.events import EVENTS
from catalog.events import event as by_key
from catalog.filter_pattern import matches
from catalog.model.event_fields import fields_of
from catalog.model.security_event import Family, SecurityEvent
from catalog.samples import Samples, family_samples, samples_of
from tests.catalog.samples.variants import generated_near_misses, renderings, values_of

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.key)


def found(event: SecurityEvent, message: str) -> bool:
    return any(matches(pattern, message) for pattern in event.patterns)


@every_event
def test_every_event_has_matching_samples_and_near_misses(event: SecurityEvent) -> None:
    samples = samples_of(event)
    place = f"catalog/samples/{event.family.module.replace('.', '/')}.py"
    assert samples.matches, f"event {event.key!r}: add a matching sample to {place}"
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
    messages = samples_of(event).matches
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
    near_misses = samples_of(event).not_matching
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


@pytest.mark.parametrize("path", [r"D:\R&D", "D:\\R&D\\", r"\REGISTRY\MACHINE\SOFTWARE\Example"])
@pytest.mark.parametrize("key", [e.key for e in EVENTS if e.watched_field == "ObjectName"])
def test_samples_of_a_watched_path_have_that_path(key: str, path: str) -> None:
    watching = by_key(key).for_path(path)
    samples = samples_of(watching)
    assert samples.matches
    assert all(found(watching, message) for message in samples.matches)
    assert not [words for words, message in samples.not_matching.items() if found(watching, message)]


def test_samples_of_a_watched_share_have_that_share() -> None:
    watching = by_key("share-accessed").for_path(r"\\*\営業 2026$")
    assert all(found(watching, message) for message in samples_of(watching).matches)
    assert not any(found(watching, message) for message in samples_of(watching).near_misses)


def test_an_event_outside_the_catalog_has_no_samples() -> None:
    own = replace(by_key("user-account-created"), key="own-event")
    assert samples_of(own) == Samples()


def test_importing_the_catalog_loads_no_samples() -> None:
    code = "import sys, catalog; sys.exit(any(name.startswith('catalog.samples') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _messages(event: SecurityEvent) -> Iterator[tuple[str, str]]:
    samples = samples_of(event)
    yield from samples.matching.items()
    yield from samples.not_matching.items()


def _unknown_fields(message: str) -> set[str]:
    """Return the fields of a record that its provider's manifest does not have."""
    system = ElementTree.fromstring(message)[0]
    known = fields_of(system[0].get("Name", ""), int(system.findtext("{*}EventID", "0")))
    return set() if known is None else values_of(message).keys() - set(known)
