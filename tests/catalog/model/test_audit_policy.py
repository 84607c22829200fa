"""The audit subcategories and what is on by default."""

import pytest

from catalog import AuditSubcategory, Outcome
from catalog.model.audit_policy import Subcategory


@pytest.mark.parametrize(
    ("default", "outcome", "said"),
    [
        (None, Outcome.SUCCESS, "no"),
        (Outcome.SUCCESS, Outcome.SUCCESS, "yes"),
        (Outcome.SUCCESS, Outcome.FAILURE, "no"),
        (Outcome.SUCCESS, Outcome.SUCCESS_AND_FAILURE, "partly"),
        (Outcome.SUCCESS_AND_FAILURE, Outcome.FAILURE, "yes"),
        (Outcome.SUCCESS_AND_FAILURE, Outcome.SUCCESS_AND_FAILURE, "yes"),
    ],
)
def test_what_a_server_writes_without_a_policy_of_its_own(
    default: Outcome | None, outcome: Outcome, said: str
) -> None:
    subcategory = Subcategory("Logon", 0x15, default)
    assert subcategory.by_default(outcome) == said
    assert subcategory.on_by_default(outcome) is (said == "yes")


def test_every_subcategory_has_a_guid_of_its_own() -> None:
    guids = [each.value.guid for each in AuditSubcategory]
    assert len(set(guids)) == len(guids)
    assert AuditSubcategory.LOGON.value.guid == "{0CCE9215-69AE-11D9-BED3-505054503030}"
