"""What a condition looks for in an event's text."""

from catalog import Field, matches
from catalog.filter_pattern import quote
from catalog.model.condition import LEVEL, Markup
from catalog.model.provider import Provider
from catalog.samples.windows_event import windows_event

PROPERTIES = "%%7688\r\n\t\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}\r\n"


def test_contains_finds_a_value_inside_a_field_whatever_stands_around_it() -> None:
    (text,) = Field("Properties").contains("1131f6ad").texts()
    assert matches(quote(text), windows_event(4662, {"Properties": PROPERTIES}))
    assert not matches(quote(text), windows_event(4662, {"Properties": "%%7684"}))


def test_contains_is_not_tied_to_its_field() -> None:
    (text,) = Field("Properties").contains("1131f6ad").texts()
    assert matches(quote(text), windows_event(4662, {"AdditionalInfo": PROPERTIES}))


def test_contains_looks_for_a_value_as_the_event_escapes_it() -> None:
    assert Field("CommandLine").contains("a && b").texts() == ("a &amp;&amp; b",)
    assert Field("CommandLine").contains("a").texts(Markup.USER_DATA) == ("a",)


def test_an_end_is_tied_to_its_field_by_the_start_of_the_next_one() -> None:
    condition = Field("TargetSid").ends_with("-512")
    assert condition.texts(follower="SubjectUserSid") == ("-512</Data><Data Name='SubjectUserSid'>",)
    assert not condition.is_wider(Markup.EVENT_DATA, "SubjectUserSid")


def test_an_end_is_wider_where_what_follows_the_field_is_not_known() -> None:
    assert Field("TargetSid").ends_with("-512").is_wider(Markup.EVENT_DATA, None)
    assert Field("TargetSid").not_ends_with("-512").is_wider(Markup.EVENT_DATA, None)


def test_an_end_in_an_element_of_its_own_name_is_tied_by_that_name() -> None:
    condition = Field("SubjectUserName").ends_with("$")
    assert condition.texts(Markup.USER_DATA) == ("$</SubjectUserName>",)
    assert not condition.is_wider(Markup.USER_DATA, None)


def test_what_a_field_contains_is_always_wider() -> None:
    assert Field("Properties").contains("x").is_wider(Markup.EVENT_DATA, "AdditionalInfo")
    assert Field("Properties").not_contains("x").is_wider(Markup.USER_DATA, None)


def test_an_excluded_beginning_is_tied_to_its_field() -> None:
    assert Field("A").not_starts_with("svc-").texts() == ("<Data Name='A'>svc-",)
    assert not Field("A").not_starts_with("svc-").is_wider(Markup.EVENT_DATA, None)


def test_data_of_a_classic_provider_stands_for_data_without_a_name() -> None:
    markup = Provider("MSSQLSERVER", channel="Application", classic=True).markup_of("Data")
    assert (Field("Data") == "sa").texts(markup) == ("<Data>sa</Data>",)
    assert Field("Data").starts_with(" Reason:").texts(markup) == ("<Data> Reason:",)
    assert Field("Data").ends_with("]").texts(markup) == ("]</Data>",)


def test_data_of_another_provider_is_a_field_of_that_name() -> None:
    markup = Provider("Contoso-Audit", channel="Application").markup_of("Data")
    assert (Field("Data") == "sa").texts(markup) == ("<Data Name='Data'>sa</Data>",)


def test_a_condition_on_the_header_looks_for_an_element_whatever_the_markup_of_the_data() -> None:
    assert (LEVEL == "3").texts() == ("<Level>3</Level>",)
    assert not (LEVEL == "3").is_wider(Markup.EVENT_DATA, None)
    assert (Field("Level") == "3").texts() == ("<Data Name='Level'>3</Data>",)
