"""A correlation that could not be a log alarm, or could never fire, cannot be built."""

from dataclasses import replace
from typing import Any

import pytest

from catalog.correlations import CORRELATIONS, correlation
from catalog.errors import CatalogError, UnknownNameError
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.correlation import CorrelatedRecord, CorrelationType

SPRAYING = correlation("password-spraying")
GUESSED = correlation("password-guessed")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"key": "Password Spraying"}, "not lower-case words"),
        ({"title": " "}, "title is empty"),
        ({"records": ()}, "looks at no records"),
        ({"records": (CorrelatedRecord("failed logon", 4625),)}, "'failed logon' is not a word"),
        ({"group_by": ()}, "groups by 0 fields"),
        ({"group_by": tuple("abcdef")}, "groups by 6 fields"),
        ({"timespan": 59}, "must be 60 to 86400 seconds"),
        ({"timespan": 86_401}, "must be 60 to 86400 seconds"),
        ({"threshold": 0}, "must be 1 or more"),
        ({"counted": ""}, "value_count needs a field whose values are counted"),
        ({"minimum": {"failure": 2}}, "value_count has a threshold"),
        ({"left_out": {"IpAdress": ("-",)}}, "left_out names 'IpAdress', which is none of IpAddress"),
        ({"hours": (22, 25)}, "must be from 0 to 24"),
        ({"attack": ("T11",)}, "no ATT&CK technique"),
        ({"type": CorrelationType.EVENT_COUNT}, "event_count has no field whose values are counted"),
        ({"type": CorrelationType.TEMPORAL, "counted": ""}, "temporal needs two steps"),
    ],
)
def test_a_wrong_correlation_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(CatalogError, match=problem):
        replace(SPRAYING, **changes)


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(CatalogError) as refused:
        replace(SPRAYING, timespan=1, threshold=0)
    assert refused.value.places == (("timespan",), ("threshold",))


def test_a_temporal_correlation_has_no_threshold() -> None:
    with pytest.raises(CatalogError, match="minimum for each step, and no threshold"):
        replace(GUESSED, threshold=2)


def test_a_minimum_names_a_step() -> None:
    with pytest.raises(CatalogError, match="minimum names 'failures', which is none of failure, success"):
        replace(GUESSED, minimum={"failures": 5})


def test_channels_are_those_of_the_records() -> None:
    assert correlation("log-cleared-after-installation").channels == ("System", "Security")


def test_audits_name_the_outcome_that_is_needed() -> None:
    assert GUESSED.audits == (
        (AuditSubcategory.LOGON, Outcome.FAILURE),
        (AuditSubcategory.LOGON, Outcome.SUCCESS),
    )


def test_an_unknown_key_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean password-spraying"):
        correlation("password-sprayed")


def test_every_correlation_is_found_by_its_key() -> None:
    assert all(correlation(each.key) is each for each in CORRELATIONS)
