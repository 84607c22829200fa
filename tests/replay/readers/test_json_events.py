import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.readers.json_events import json_records
from tests.replay.logs import START, Reports, event_xml, failed_logon

_EVENTS = [failed_logon(at=1), event_xml(4688, {"CommandLine": 'say "]},{"'}, at=2)]
_TIME = int(START.timestamp() * 1000)


def _answer(*messages: object) -> dict[str, object]:
    events = [
        {"logStreamName": "i-1/Security/0", "timestamp": _TIME, "message": message, "eventId": "3"}
        for message in messages
    ]
    return {"events": events, "searchedLogStreams": []}


def _chunks(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def test_each_line_holds_an_event_in_xml_or_in_message() -> None:
    reports = Reports()
    lines = [json.dumps({"xml": _EVENTS[0]}), "\n", json.dumps({"message": _EVENTS[1], "timestamp": _TIME})]
    found = list(json_records(lines, reports))
    assert [record.message for record in found] == _EVENTS
    assert found[1].time == _TIME
    assert reports == []


def test_a_bad_line_is_reported_with_its_number_and_the_others_count() -> None:
    reports = Reports()
    lines = [
        "{",
        json.dumps({"xml": _EVENTS[0]}),
        '"text"',
        '{"xml": 1}',
        '{"message": "hello"}',
        "[" * 100_000,
    ]
    assert len(list(json_records(["\n".join(lines)], reports))) == 1
    assert [(title, place.partition(":")[0]) for title, place, _ in reports] == [
        ("damaged record", "line 1"),
        ("not an event", "line 3"),
        ("not an event", "line 4"),
        ("not an event", "line 5"),
        ("damaged record", "line 6"),
    ]


@pytest.mark.parametrize("size", [1, 100, 100_000])
@pytest.mark.parametrize(
    "text",
    [
        json.dumps(_answer(*_EVENTS)),
        json.dumps(_answer(*_EVENTS), indent=4),
        json.dumps(_answer(_EVENTS[0])) + "\n" + json.dumps(_answer(_EVENTS[1])),
        json.dumps(_answer(*_EVENTS)["events"]),
    ],
)
def test_the_events_of_an_answer_of_cloudwatch_logs_are_found_wherever_it_is_cut(
    text: str, size: int
) -> None:
    reports = Reports()
    found = list(json_records(_chunks(text, size), reports))
    assert [(record.message, record.time) for record in found] == [(event, _TIME) for event in _EVENTS]
    assert reports == []


def test_an_answer_that_breaks_off_counts_up_to_there() -> None:
    reports = Reports()
    text = json.dumps(_answer(*_EVENTS))
    assert len(list(json_records([text[:-300]], reports))) == 1
    assert reports.titles == ["damaged file"]


def test_a_broken_event_in_an_answer_does_not_hide_the_next() -> None:
    reports = Reports()
    text = json.dumps(_answer(_EVENTS[0], "BROKEN", _EVENTS[1])).replace('"BROKEN"', "BRO KEN")
    found = list(json_records(_chunks(text, 64), reports))
    assert [record.message for record in found] == _EVENTS
    assert set(reports.titles) == {"damaged record"}


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    line = json.dumps({"xml": failed_logon(host="HOST")}).replace("HOST", r"web\ud800")
    (found,) = json_records([line], Reports())
    assert found.computer == "web?"


@given(st.text(st.sampled_from('[]{},":\\u0trues \n')), st.integers(1, 40))
def test_no_json_whatever_is_an_error(text: str, size: int) -> None:
    list(json_records(_chunks('{"events": [' + text, size), Reports()))
    list(json_records(text.split("\n"), Reports()))
