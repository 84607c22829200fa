"""Conditions on the parsed fields of a record."""

import pytest

from catalog import SecurityEvent, event
from catalog.model.record import windows_record
from catalog.model.record_evaluation import is_of_event
from catalog.samples import samples_of


@pytest.mark.parametrize(
    "key", ["suspicious-script-block", "powershell-downgraded", "defender-exclusion-added"]
)
def test_a_record_is_of_an_event_by_its_header_its_unnamed_data_and_names_with_blanks(key: str) -> None:
    chosen: SecurityEvent = event(key)
    samples = samples_of(chosen)
    assert all(is_of_event(windows_record(message), chosen) for message in samples.matches)
    assert not any(is_of_event(windows_record(message), chosen) for message in samples.near_misses)
