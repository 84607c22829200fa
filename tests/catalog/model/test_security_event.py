"""A record that CloudWatch could not match, or a person could not act on, cannot be built."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import (
    AlarmDefaults,
    CatalogError,
    Field,
    Provider,
    SecurityEvent,
    event,
    matches,
    object_handle_requested,
)
from catalog.filter_pattern import MAXIMUM_LENGTH
from catalog.model.condition import Condition, Markup
from catalog.model.event_fields import fields_of, follower_of
from catalog.model.provider import SECURITY_AUDITING
from catalog.samples.windows_event import windows_event

CREATED = event("user-account-created")
CLASSIC = Provider("Service Control Manager", channel="System", classic=True)
EVENT_LOG = Provider("Microsoft-Windows-Eventlog", channel="Security", markup=Markup.USER_DATA)

AUDITING = SECURITY_AUDITING.name


def changed(**fields: Any) -> SecurityEvent:
    return replace(CREATED, **fields)


def test_a_field_called_as_one_of_the_header_can_be_asked_for_what_the_header_never_holds() -> None:
    cleared = changed(provider=EVENT_LOG, audit=None, where=(Field("Channel") == "Application",))
    assert cleared.patterns[0].endswith('"<Channel>Application</Channel>"')
    assert changed(where=(Field("Computer") == "dc-01",)).patterns[0].endswith("'Computer'>dc-01</Data>\"")


def test_a_record_cannot_be_changed_after_it_was_built() -> None:
    with pytest.raises(FrozenInstanceError):
        CREATED.key = "other"  # type: ignore[misc]


@pytest.mark.parametrize("character", ["x", "&", "<", '"', "\\", "給", "𠮷"])
@pytest.mark.parametrize(
    "provider", [SECURITY_AUDITING, EVENT_LOG, Provider("給" * 60, "System", classic=True)]
)
@pytest.mark.parametrize("compared", [Field.__eq__, Field.starts_with, Field.ends_with, Field.contains])
def test_the_first_pattern_that_is_a_character_too_long_is_refused(
    character: str, provider: Provider, compared: Callable[[Field, str], Condition]
) -> None:
    def length(number: int) -> int:
        where = (compared(Field("TargetUserName"), character * number),)
        return len(changed(provider=provider, audit=None, where=where).patterns[0].encode())

    one = length(1)
    longest = 1 + (MAXIMUM_LENGTH - one) // (length(2) - one)
    assert length(longest) <= MAXIMUM_LENGTH
    with pytest.raises(CatalogError, match="over the 1024"):
        length(longest + 1)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"key": "User Created"}, "the key 'User Created' is not lower-case words joined by hyphens"),
        ({"event_id": 70000}, "event_id 70000 is not from 0 to 65535"),
        ({"title": " "}, "title is empty"),
        ({"title_ja": ""}, "title_ja is empty"),
        ({"runbook": ""}, "runbook is empty"),
        ({"runbook_ja": ""}, "runbook_ja is empty"),
        ({"where": (Field("LogonType") == "",)}, "the condition on LogonType is empty"),
        ({"where": (Field("LogonType").one_of(),)}, "the condition on LogonType has no value"),
        ({"where": (Field("Logon'Type") == "3",)}, '"Logon\'Type" is not the name of a data field'),
        ({"where": (Field("LogonType") == "3\n",)}, r"the condition on LogonType holds '\n'"),
        ({"where": (Field("LogonType") != "\x00",)}, r"the condition on LogonType holds '\x00'"),
        ({"where": (Field("ObjectName") == "x" * 1024,)}, "over the 1024 that CloudWatch takes"),
        ({"where": (Field("ObjectName") == "給" * 400,)}, "bytes of UTF-8, over the 1024 that terraform's"),
        *(
            (
                {"provider": EVENT_LOG, "audit": None, "where": (condition,)},
                f"every record has a {condition.field} in its header as well",
            )
            for condition in (
                Field("Channel") == "Security",
                Field("Channel").none_of("Application", "Security"),
                Field("Channel").starts_with("Sec"),
                Field("Computer") == "dc-01",
            )
        ),
        ({"published_metric_name": "Logons:Failed"}, "metric name 'Logons:Failed' must be"),
        ({"published_metric_name": "Logons*"}, "metric name 'Logons*' must be"),
        ({"published_metric_name": "Logons$"}, "metric name 'Logons$' must be"),
        ({"published_metric_name": "x" * 256}, "at most 255 ASCII characters"),
        ({"attack": ("T1110.1",)}, "'T1110.1' is no ATT&CK technique id"),
        ({"alarm": AlarmDefaults(threshold=0)}, "threshold 0: below 1"),
        *(
            ({"alarm": AlarmDefaults(period=n)}, f"period {n}: must be 60 seconds or a multiple of that")
            for n in (10, 30, 90)
        ),
        ({"alarm": AlarmDefaults(evaluation_periods=0)}, "evaluation_periods 0: must be 1 or more"),
        ({"alarm": AlarmDefaults(datapoints_to_alarm=2)}, "datapoints_to_alarm 2: must be from 1 to"),
        (
            {"alarm": AlarmDefaults(period=300, evaluation_periods=289)},
            "period 300 x evaluation_periods 289 is 86700 seconds: must not be over 86400",
        ),
        (
            {"alarm": AlarmDefaults(period=3600, evaluation_periods=169)},
            "is 608400 seconds: must not be over 604800",
        ),
        ({"watched_field": "ObjectName"}, "watched_field ObjectName has no condition with an example path"),
        ({"query_fields": ("a'b",)}, '"a\'b" is not the name of a data field'),
        ({"provider": Provider("", "Application")}, "'' is not the name of an event provider"),
        ({"provider": Provider("x", "a" * 113)}, "is not the name of an event log: at most 112 letters"),
        (
            {"where": tuple(Field(name).one_of(*map(str, range(99))) for name in "ABCDE")},
            "its conditions have 9509900499 combinations of values, a metric filter each, over the 100 of",
        ),
        (
            {"where": (Field("A") == "x", Field("A").none_of("y", "x"))},
            "its conditions exclude what they ask for: no record could match",
        ),
    ],
)
def test_a_record_that_could_not_work_is_refused_with_the_reason(
    fields: dict[str, Any], problem: str
) -> None:
    with pytest.raises(CatalogError) as refused:
        changed(**fields)
    assert problem in str(refused.value)


def test_each_problem_of_a_record_names_its_field() -> None:
    with pytest.raises(CatalogError) as refused:
        changed(
            key="A",
            title="",
            where=(Field("A") == "",),
            provider=Provider("a'b", "a:b"),
            alarm=AlarmDefaults(threshold=0),
        )
    assert refused.value.places == (
        ("key",),
        ("title",),
        ("provider", "name"),
        ("provider", "channel"),
        ("alarm",),
        ("where", "A"),
    )


def test_an_alternative_that_is_excluded_has_no_pattern() -> None:
    where = (Field("LogonType").one_of("3", "10"), Field("LogonType") != "3")
    assert changed(where=where).patterns == (
        """"<EventID>4720</EventID>" "<Data Name='LogonType'>10</Data>" """
        """-"<Data Name='LogonType'>3</Data>\"""",
    )


def test_the_exclusions_of_a_watching_event_hold_for_each_path() -> None:
    watching = event("object-handle-requested")
    excluding = replace(watching, where=(*watching.where, Field("ObjectName") != "C:\\a\\b"))
    assert excluding.for_path("C:\\a\\").where[0] == (Field("ObjectName") != "C:\\a\\b")


def test_everything_wrong_with_a_record_is_said_at_once() -> None:
    with pytest.raises(CatalogError) as refused:
        changed(title="", runbook="", attack=("x",), where=(Field("A") == "",))
    assert len(refused.value.problems) == 4


def test_a_metric_name_is_derived_from_the_key() -> None:
    assert CREATED.metric_name == "Windows-User-Account-Created"


def test_a_condition_closes_its_tag_so_that_logon_type_1_does_not_find_10() -> None:
    (pattern,) = changed(where=(Field("LogonType") == "1",)).patterns
    assert pattern == """"<EventID>4720</EventID>" "<Data Name='LogonType'>1</Data>\""""


def test_alternatives_become_one_pattern_each() -> None:
    patterns = changed(where=(Field("LogonType").one_of("3", "10"), Field("Status") == "0x0")).patterns
    assert patterns == tuple(
        f""""<EventID>4720</EventID>" "<Data Name='LogonType'>{t}</Data>" "<Data Name='Status'>0x0</Data>\""""
        for t in ("3", "10")
    )


def test_unequal_values_become_exclusions_after_the_terms() -> None:
    conditions = (Field("A").none_of("x", "y"), Field("B") == "z")
    (pattern,) = changed(where=conditions).patterns
    assert pattern == (
        """"<EventID>4720</EventID>" "<Data Name='B'>z</Data>" """
        """-"<Data Name='A'>x</Data>" -"<Data Name='A'>y</Data>\""""
    )


def test_the_beginning_of_a_value_is_open_on_the_right_and_its_end_on_the_left() -> None:
    assert (Field("A").starts_with("C:\\x")).texts() == ("<Data Name='A'>C:\\x",)
    assert (Field("A").ends_with("-512")).texts() == ("-512</Data>",)


def test_access_to_admin_share_by_other_than_machine_accounts_is_found_exactly() -> None:
    for event_id in (5140, 5145):
        where = (Field("ShareName") == r"\\*\ADMIN$", Field("SubjectUserName").not_ends_with("$"))
        event = changed(event_id=event_id, where=where)
        (pattern,) = event.patterns
        # The share ends in $ as well, and is not taken for the account.
        share = {"ShareName": r"\\*\ADMIN$"}
        assert matches(pattern, windows_event(event_id, {**share, "SubjectUserName": "sato"}))
        assert not matches(pattern, windows_event(event_id, {**share, "SubjectUserName": "WEB-02$"}))
        assert matches(pattern, windows_event(event_id, {**share, "SubjectDomainName": "ODD$"}))
        assert event.wider == ()


@given(st.data())
def test_a_tied_end_matches_by_its_own_field_whatever_the_others_hold(data: st.DataObject) -> None:
    event_id = data.draw(st.sampled_from([4624, 4663, 4672, 4688, 4728, 4769, 5140, 5145]))
    names = [name for name in fields_of(AUDITING, event_id) or () if follower_of(AUDITING, event_id, name)]
    field, end = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(["$", "-512", r"\lsass.exe"]))
    values = {name: data.draw(st.sampled_from(["x", f"x{end}", f"{end}x"])) for name in names}
    record = windows_event(event_id, values)
    expected = values[field].endswith(end)
    for condition, finds in (
        (Field(field).ends_with(end), expected),
        (Field(field).not_ends_with(end), not expected),
    ):
        (pattern,) = changed(event_id=event_id, where=(condition,)).patterns
        assert matches(pattern, record) is finds


def test_an_end_that_no_field_always_follows_is_called_wider() -> None:
    last = Field("TransmittedServices").ends_with("/web-01")
    assert changed(event_id=4769, where=(last,)).wider == (last,)
    unproven = Field("TargetSid").ends_with("-512")
    assert changed(event_id=4757, where=(unproven,)).wider == (unproven,)


def test_an_alternative_that_an_end_excludes_is_left_out() -> None:
    where = (Field("SubjectUserName").one_of("sato", "WEB-01$"), Field("SubjectUserName").not_ends_with("$"))
    (pattern,) = changed(event_id=5140, where=where).patterns
    assert "sato" in pattern
    with pytest.raises(CatalogError, match="no record could match"):
        changed(event_id=5140, where=(Field("SubjectUserName") == "WEB-01$", where[1]))


def test_an_end_that_another_field_excludes_is_no_contradiction() -> None:
    where = (Field("ShareName") == r"\\*\ADMIN$", Field("SubjectUserName").not_ends_with("$"))
    assert len(changed(event_id=5145, where=where).patterns) == 1


def test_an_event_of_a_classic_provider_is_found_with_its_qualifiers() -> None:
    (pattern,) = changed(event_id=7045, provider=CLASSIC, audit=None).patterns
    provider = "<Provider Name='Service Control Manager' Guid='{x}'/>"
    message = f"<Event><System>{provider}<EventID Qualifiers='16384'>7045</EventID>"
    assert matches(pattern, message)
    assert not matches(pattern, message.replace("Service Control Manager", "Another"))


def test_an_event_of_the_event_log_service_compares_elements_instead_of_data() -> None:
    condition = Field("SubjectUserName") != "backup"
    (pattern,) = changed(event_id=1102, provider=EVENT_LOG, audit=None, where=(condition,)).patterns
    assert pattern.endswith('-"<SubjectUserName>backup</SubjectUserName>"')


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (r"C:\Documents\大切なファイル", r"C:\Documents\大切なファイル</Data>"),
        (r"D:\R&D\plan.txt", r"D:\R&amp;D\plan.txt</Data>"),
        (r"\\server\share\it's.txt", r"\\server\share\it's.txt</Data>"),
        ("C:\\全角　空白\\é.txt", "C:\\全角　空白\\é.txt</Data>"),
    ],
)
def test_a_watched_path_is_found_as_it_stands_in_the_text_of_the_event(path: str, text: str) -> None:
    (pattern,) = object_handle_requested(path).patterns
    message = f"<EventID>4656</EventID>...<Data Name='ObjectName'>{text}"
    assert matches(pattern, message)
    assert not matches(pattern, message.replace("</Data>", "2</Data>"))


def test_a_watched_folder_finds_what_lies_below_it_and_not_beside_it() -> None:
    (pattern,) = object_handle_requested("C:\\Finance\\").patterns
    message = r"<EventID>4656</EventID>...<Data Name='ObjectName'>C:\Finance{}</Data>"
    assert matches(pattern, message.format(r"\2026\payroll.xlsx"))
    assert not matches(pattern, message.format(r"2\payroll.xlsx"))


def test_events_that_watch_two_paths_have_names_of_their_own() -> None:
    first, second = object_handle_requested("C:\\a"), object_handle_requested("C:\\b")
    assert first.key.startswith("object-handle-requested-")
    assert first.key != second.key
    assert first.metric_name != second.metric_name
    assert first.title.endswith(": C:\\a")


@pytest.mark.parametrize("path", ["", "Documents\\x", "C:/x", "C:\\a*.txt", "C:\\a\nb"])
def test_a_path_that_no_event_could_name_is_refused(path: str) -> None:
    with pytest.raises(CatalogError):
        object_handle_requested(path)


def test_an_event_that_watches_no_path_takes_none() -> None:
    with pytest.raises(CatalogError, match="this event watches no path"):
        CREATED.for_path("C:\\a")
