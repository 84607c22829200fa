import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.readers import xml_file
from replay.readers.xml_file import xml_records
from tests.replay.logs import Reports, event_xml, failed_logon, seconds_at_most

_EVENTS = [
    failed_logon(at=1),
    event_xml(4698, {"TaskContent": "<Task>\r\n<Event>x</Event></Task>"}, at=2),
    event_xml(4688, {"CommandLine": "a > b && c"}, at=3),
]


def _chunks(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
@pytest.mark.parametrize(
    "text",
    [
        "".join(_EVENTS),
        "\n".join(_EVENTS),
        '\ufeff<?xml version="1.0"?>\n<Events>\n' + "\n".join(_EVENTS) + "\n</Events>",
        "<!-- exported -->" + "<!-- next -->".join(_EVENTS),
    ],
)
def test_events_are_found_in_any_arrangement_and_wherever_the_text_is_cut(text: str, size: int) -> None:
    reports = Reports()
    found = list(xml_records(_chunks(text, size), reports))
    assert [record.message for record in found] == _EVENTS
    assert reports == []


def test_one_indented_event_with_double_quotes_is_found() -> None:
    indented = '<?xml version="1.0"?>\n' + _EVENTS[0].replace("'", '"').replace("><", ">\n  <")
    assert [record.message for record in xml_records([indented], Reports())] == [_EVENTS[0]]


def test_an_event_whose_data_holds_an_event_element_is_one_event() -> None:
    nested = event_xml(4688).replace(
        "<EventData>", "<UserData><Event xmlns='a'>x</Event></UserData><EventData>"
    )
    assert [record.message for record in xml_records([nested, _EVENTS[0]], Reports())] == [nested, _EVENTS[0]]


@pytest.mark.parametrize("kept", [30, 300, 900])
def test_an_event_that_breaks_off_does_not_hide_the_next(kept: int) -> None:
    reports = Reports()
    found = list(xml_records([_EVENTS[0][:kept], _EVENTS[1], _EVENTS[2][:kept]], reports))
    assert [record.message for record in found] == [_EVENTS[1]]
    assert reports.titles == ["damaged record", "damaged record"]


def test_text_between_events_is_reported_once_for_each_place() -> None:
    reports = Reports()
    found = list(xml_records(["oops ", _EVENTS[0], " what? ", _EVENTS[1]], reports))
    assert len(found) == 2
    assert reports.titles == ["not an event", "not an event"]


def test_many_comments_in_a_file_of_another_kind_take_no_time() -> None:
    comments = '<!-- <add key="a"/> -->\n' * 200
    reports = Reports()
    with seconds_at_most(10):
        text = f"<configuration>{comments}</configuration>{_EVENTS[0]}{comments}<Note/>{_EVENTS[1]}"
        found = list(xml_records([text, "<!-- open " * 5000], reports))
    assert [record.message for record in found] == _EVENTS[:2]
    assert reports.titles == ["not an event"] * 3


def test_an_event_nested_too_deep_is_one_damaged_record() -> None:
    reports = Reports()
    deep = _EVENTS[0].replace("'", '"').replace("</EventData>", f"{'<a>' * 1200}{'</a>' * 1200}</EventData>")
    found = list(xml_records([_EVENTS[1], deep, _EVENTS[2]], reports))
    assert [record.message for record in found] == _EVENTS[1:]
    assert [title for title, place, _ in reports if "nested deeper" in place] == ["damaged record"]


def test_an_event_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_file, "LONGEST_TEXT", 10_000)
    reports = Reports()
    endless = [_EVENTS[0].removesuffix("</Event>"), *["x" * 1000] * 50, _EVENTS[1]]
    assert [record.message for record in xml_records(endless, reports)] == [_EVENTS[1]]
    assert "too large" in reports.titles


@given(st.text(st.sampled_from("<>/Evnts \n'")), st.integers(1, 50))
def test_no_text_whatever_is_an_error_and_the_event_after_it_is_found(junk: str, size: int) -> None:
    text = f"{junk}\n{_EVENTS[0]}"
    found = [record.message for record in xml_records(_chunks(text, size), Reports())]
    assert _EVENTS[0] in found
