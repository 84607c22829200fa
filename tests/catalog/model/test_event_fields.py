"""The table of what is known of events."""

from catalog import EVENTS, AuditSubcategory
from catalog.model.event_fields import fields_of, follower_of, subcategories_of
from catalog.model.provider import SECURITY_AUDITING, SERVICE_CONTROL_MANAGER

AUDITING = SECURITY_AUDITING.name


def test_the_fields_of_an_event_stand_in_the_manifests_order() -> None:
    assert fields_of(AUDITING, 4778) == (
        "AccountName",
        "AccountDomain",
        "LogonID",
        "SessionName",
        "ClientName",
        "ClientAddress",
    )


def test_a_field_that_the_same_one_always_follows_says_so() -> None:
    assert follower_of(AUDITING, 5145, "SubjectUserName") == "SubjectDomainName"
    assert follower_of(SERVICE_CONTROL_MANAGER.name, 7045, "ServiceName") == "ImagePath"


def test_a_field_that_older_versions_or_real_records_end_with_has_no_follower() -> None:
    # 4624 ended there in version 0; some records of 5145 have no ShareLocalPath; 4648 has two LogonGuid.
    assert follower_of(AUDITING, 4624, "IpPort") is None
    assert follower_of(AUDITING, 5145, "ShareName") is None
    assert follower_of(AUDITING, 4648, "LogonGuid") is None


def test_the_last_field_and_those_of_unknown_events_have_no_follower() -> None:
    assert follower_of(AUDITING, 4672, "PrivilegeList") is None
    assert follower_of(AUDITING, 60000, "Any") is None


def test_fields_and_subcategories_that_are_not_known_are_none_rather_than_empty() -> None:
    assert fields_of(AUDITING, 60000) is None
    assert fields_of(AUDITING, 4608) is None
    assert subcategories_of(AUDITING, 60000) is None
    assert subcategories_of(AUDITING, 4899) is None


def test_one_id_of_two_providers_is_two_events() -> None:
    assert fields_of(SERVICE_CONTROL_MANAGER.name, 7045)
    assert fields_of(AUDITING, 7045) is None


def test_an_event_may_be_written_by_one_of_several_subcategories() -> None:
    assert subcategories_of(AUDITING, 4625) == (AuditSubcategory.ACCOUNT_LOCKOUT, AuditSubcategory.LOGON)


def test_an_event_that_windows_always_writes_has_no_subcategory() -> None:
    assert subcategories_of(AUDITING, 4826) == ()
    assert subcategories_of("Microsoft-Windows-Eventlog", 1102) == ()


def test_the_fields_of_most_events_of_the_catalog_are_known() -> None:
    unknown = {e.event_id for e in EVENTS if e.where and fields_of(e.provider.name, e.event_id) is None}
    assert unknown == set()
