"""A choice of events, as ``catalog list`` makes it."""

import pytest

from catalog import EVENTS, Severity
from catalog.derived.event_filter import EventFilter
from catalog.errors import UnknownNameError


def test_an_empty_filter_admits_every_event() -> None:
    assert EventFilter().chosen(EVENTS) == EVENTS


def test_a_technique_admits_its_sub_techniques_and_no_other_that_begins_so() -> None:
    found = {
        technique for event in EventFilter(techniques=("T1110",)).chosen(EVENTS) for technique in event.attack
    }
    assert {"T1110", "T1110.003"} <= found
    assert EventFilter(techniques=("T1110.003",)).chosen(EVENTS)
    with pytest.raises(UnknownNameError, match="T111: no such technique"):
        EventFilter(techniques=("T111",)).chosen(EVENTS)


def test_all_of_several_criteria_hold_of_each_event() -> None:
    found = EventFilter(event_ids=(4625, 4624), severities=(Severity.MEDIUM,), words=("NETWORK",)).chosen(
        EVENTS
    )
    assert "logon-failed-network" in {event.key for event in found}
    assert {event.event_id for event in found} <= {4624, 4625}
    assert {event.severity for event in found} == {Severity.MEDIUM}


def test_a_word_is_found_in_the_japanese_title_and_in_the_fields() -> None:
    assert "user-account-created" in {e.key for e in EventFilter(words=("アカウント作成",)).chosen(EVENTS)}
    assert "logon-failed-network" in {e.key for e in EventFilter(words=("logontype",)).chosen(EVENTS)}


def test_an_event_id_that_no_event_has_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="9: no such event id"):
        EventFilter(event_ids=(9,)).chosen(EVENTS)
