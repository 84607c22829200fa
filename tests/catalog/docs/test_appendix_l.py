"""Microsoft's list of events to monitor: what of it the catalog covers."""

from collections import Counter

from catalog.docs.appendix_l import MUST_BE_COVERED, appendix_l, reasons


def test_every_row_rated_high_or_medium_to_high_is_covered() -> None:
    assert [row for row in appendix_l() if row.criticality in MUST_BE_COVERED and not row.events] == []


def test_every_row_is_covered_or_left_out_for_a_reason() -> None:
    assert [row for row in appendix_l() if not row.events and row.reason not in reasons()] == []


def test_every_reason_is_some_rows() -> None:
    assert reasons().keys() == {row.reason for row in appendix_l()} - {""}


def test_the_list_is_microsofts() -> None:
    ratings = Counter(row.criticality for row in appendix_l())
    assert ratings == {"High": 9, "Medium to High": 2, "Medium": 77, "Low": 291}
    assert all(row.event_id or row.legacy_ids for row in appendix_l())


def test_a_row_that_only_windows_2003_had_is_covered_by_what_is_written_today() -> None:
    (row,) = (row for row in appendix_l() if row.legacy_ids == "550")
    assert row.event_id is None
    assert [event.event_id for event in row.events] == [4646]


def test_a_row_is_covered_by_all_events_of_its_id() -> None:
    (row,) = (row for row in appendix_l() if row.event_id == 4719)
    assert [event.key for event in row.events] == ["audit-policy-changed", "audit-policy-weakened"]
