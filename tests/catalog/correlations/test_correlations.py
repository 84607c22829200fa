"""Each correlation finds its samples and not its near misses: by its query, and by parsed fields."""

import pytest

from catalog.correlations import CORRELATIONS
from catalog.derived.correlation_query import correlation_query
from catalog.model.correlation import COMPUTER, Correlation
from catalog.model.event_fields import field_problem
from catalog.model.record import windows_record
from catalog.model.record_evaluation import TimedRecord, groups_in_alarm
from catalog.samples.correlations import CORRELATION_SAMPLES, Sequence
from local_aws.insights import parse_query

UTC_OFFSET = 9
#: Midnight in the account's time zone, in milliseconds.
MIDNIGHT = 1_780_000_000_000 // 86_400_000 * 86_400_000 - UTC_OFFSET * 3_600_000

SEQUENCES = [
    pytest.param(correlation, sequence, is_match, id=f"{correlation.key}-{name}")
    for correlation in CORRELATIONS
    for is_match, sequences in (
        (True, CORRELATION_SAMPLES[correlation.key].matches),
        (False, CORRELATION_SAMPLES[correlation.key].near_misses),
    )
    for name, sequence in sequences.items()
]
each = pytest.mark.parametrize("correlation", CORRELATIONS, ids=lambda correlation: correlation.key)


def by_query(
    correlation: Correlation, sequence: Sequence, utc_offsets: tuple[float, ...] = (UTC_OFFSET,)
) -> set[tuple[str, ...]]:
    """Return the groups that the query finds, judged by the aggregation as the alarm judges it."""
    asked = correlation_query(correlation, utc_offsets=utc_offsets)
    records: list[dict[str, float | str]] = [
        {"@timestamp": MIDNIGHT + 1000.0 * at, "@message": message} for at, message in sequence
    ]
    rows = parse_query(f"{asked.query}\n| stats {asked.aggregation}").run(records)
    (number,) = {name for row in rows for name in row if name.endswith(")")} or {""}
    return {
        tuple(str(row[name]) for name in correlation.group_by)
        for row in rows
        if float(row[number] or 0) >= asked.threshold
    }


@pytest.mark.parametrize(("correlation", "sequence", "is_match"), SEQUENCES)
def test_query_finds_the_samples_and_not_the_near_misses(
    correlation: Correlation, sequence: Sequence, is_match: bool
) -> None:
    assert bool(by_query(correlation, sequence)) is is_match


@pytest.mark.parametrize(("correlation", "sequence", "is_match"), SEQUENCES)
def test_parsed_fields_give_the_groups_of_the_query(
    correlation: Correlation, sequence: Sequence, is_match: bool
) -> None:
    records = [TimedRecord(MIDNIGHT + 1000 * at, windows_record(message)) for at, message in sequence]
    assert groups_in_alarm(correlation, records, utc_offsets=(UTC_OFFSET,)) == by_query(correlation, sequence)


def test_every_correlation_has_samples_and_near_misses() -> None:
    assert {key for key, s in CORRELATION_SAMPLES.items() if s.matches and s.near_misses} == {
        correlation.key for correlation in CORRELATIONS
    }


@each
def test_a_sequence_lies_within_the_timespan(correlation: Correlation) -> None:
    for sequence in CORRELATION_SAMPLES[correlation.key].matches.values():
        assert sequence[-1][0] - sequence[0][0] <= correlation.timespan


@each
def test_every_field_is_one_of_the_record(correlation: Correlation) -> None:
    for record in correlation.records:
        named = {condition.field for condition in record.where}
        named |= {record.data_field(name) for name in correlation.names} - {COMPUTER}
        for field in named:
            assert field_problem(record.provider.name, record.event_id, field) is None


@each
def test_a_query_is_within_what_an_alarm_takes(correlation: Correlation) -> None:
    asked = correlation_query(correlation)
    assert len(asked.query) <= 10_000
    assert len(asked.aggregation) <= 256


def test_titles_and_keys_are_unlike() -> None:
    for name in ("key", "title", "title_ja", "runbook", "runbook_ja"):
        texts = [getattr(correlation, name) for correlation in CORRELATIONS]
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("hour", range(24))
def test_where_clocks_change_with_the_season_the_hours_of_either_count(hour: int) -> None:
    found = next(correlation for correlation in CORRELATIONS if correlation.hours)
    assert found.hours is not None
    start, end = found.hours
    sequence = tuple(
        (at % 3600 + 3600 * (hour + UTC_OFFSET), text)
        for at, text in next(iter(CORRELATION_SAMPLES[found.key].matches.values()))
    )
    in_either = any((hour + offset - start) % 24 < (end - start) % 24 for offset in (1, 2))
    assert bool(by_query(found, sequence, (1, 2))) is in_either
    records = [TimedRecord(MIDNIGHT + 1000 * at, windows_record(text)) for at, text in sequence]
    assert bool(groups_in_alarm(found, records, utc_offsets=(1, 2))) is in_either
