"""What a condition looks for in an event's text."""

from catalog import Field, matches
from catalog.filter_pattern import quote
from catalog.model.condition import Markup
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
