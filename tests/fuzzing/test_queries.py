"""The text of every query, run by the interpreter, beside the evaluation from parsed fields.

The tests of every day compare one run of each alarm; ``make fuzz`` compares over 500,000 records.
"""

import os

import pytest

from tests.queries import compare, watched_alarms

_IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


@pytest.mark.parametrize("seed", range(1, 11) if _IS_THOROUGH else [1])
def test_queries_and_parsed_fields_never_differ_over_mutated_records(seed: int) -> None:
    comparison = compare(watched_alarms(), seed, rounds=10 if _IS_THOROUGH else 1)
    print(f"{comparison.records:,} records, {comparison.in_alarm:,} contributors in ALARM")
    assert comparison.differences == []
    assert comparison.records > 5_000
    assert comparison.in_alarm > 500
