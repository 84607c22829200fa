"""Whatever wrote a record down, and whatever it was put into, the same text comes out as from its .evtx."""

import base64
import csv
import gzip
import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.model.condition import escape
from catalog.model.provider import SECURITY_EVENTLOG, SERVICE_CONTROL_MANAGER
from replay.readers.file_formats import file_records
from replay.readers.input_problem import InputProblem, InputProblems
from tests.replay.logs import START, event_xml, failed_logon

_TIME = int(START.timestamp() * 1000)
_EVENTS = [
    event_xml(4625, {"LogonType": "3", "SubjectLogonId": "0x3e7", "Status": "0xc000006d"}),
    event_xml(4688, {"CommandLine": 'cmd /c "echo \\\\srv\\share" & dir > "C:\\a b" || it\'s, {"a": ["b"]}'}),
    event_xml(4673, {"PrivilegeList": "SeDebugPrivilege\r\n\t\t\tSeTcbPrivilege"}),
    event_xml(4768, {"TicketOptions": "0x40810010", "Status": "0x18"}),
    event_xml(7045, {"ImagePath": "%SystemRoot%\\a.exe"}, provider=SERVICE_CONTROL_MANAGER),
    event_xml(1102, provider=SECURITY_EVENTLOG),
]

_Rendering = Callable[[str], str]


def _double_quotes(xml: str) -> str:
    return re.sub(
        r"<[^<>]*>", lambda tag: re.sub(r"='([^']*)'", lambda a: f'="{html.escape(a[1])}"', tag[0]), xml
    )


def _indented(xml: str) -> str:
    return re.sub(r"(</\w+>|/>|<System>|<EventData>|<UserData>)(?=<)", r"\1\r\n    ", xml)


def _python_evtx(xml: str) -> str:
    xml = xml.replace("<EventID>", '<EventID Qualifiers="">').replace(
        "<Correlation/>", '<Correlation ActivityID="" RelatedActivityID=""></Correlation>'
    )
    xml = xml.replace("<Security/>", '<Security UserID=""></Security>')
    xml = re.sub(r"'(\S+)T(\S+?)\d?Z'/><EventR", r"'\1 \2+00:00'/><EventR", xml)
    return (
        '<?xml version="1.1" encoding="utf-8" standalone="yes" ?>\n<Events>\n'
        + _double_quotes(xml)
        + "</Events>"
    )


def _libevtx(xml: str) -> str:
    padded = re.sub(r">0x([0-9a-f]+)<", lambda n: f">0x{n[1].zfill(8 if len(n[1]) <= 8 else 16)}<", xml)
    return _indented(_double_quotes(padded))


def _event_viewer(xml: str) -> str:
    folded = re.sub(
        r"^\s*(<(?:Event|System|EventData|UserData|LogFileCleared)\b)", r"- \1", _indented(xml), flags=re.M
    )
    return _double_quotes(folded)


def _entities(xml: str) -> str:
    return re.sub(
        r">([^<]+)<", lambda t: f">{t[1].replace(chr(34), '&quot;').replace(chr(39), '&#39;')}<", xml
    )


def _cdata(xml: str) -> str:
    return re.sub(
        r"(<Data Name='[^']*'>)([^<]+)<", lambda d: f"{d[1]}<![CDATA[{html.unescape(d[2])}]]><", xml
    )


_RENDERINGS: dict[str, _Rendering] = {
    "the agent": lambda xml: xml,
    "double quotes": _double_quotes,
    "indentation": _indented,
    "python-evtx": _python_evtx,
    "libevtx": _libevtx,
    "Event Viewer": _event_viewer,
    "entities": _entities,
    "CDATA": _cdata,
    "comments": lambda xml: xml.replace("<System>", "<!-- <Event/> --><System>").replace(
        "</Data>", "<!-- a --></Data>"
    ),
    "no namespace": lambda xml: xml.replace(
        " xmlns='http://schemas.microsoft.com/win/2004/08/events/event'", ""
    ),
    "prefix": lambda xml: re.sub(
        r"<(/?)(Event|System|EventID)\b",
        r"<\1e:\2",
        xml.replace(
            "<Event xmlns=", "<Event xmlns:e='http://schemas.microsoft.com/win/2004/08/events/event' xmlns="
        ),
    ),
    "level names": lambda xml: xml.replace("<Level>0<", "<Level>LogAlways<").replace(
        "<Level>4<", "<Level>Information<"
    ),
    "offset": lambda xml: xml.replace("T10:00:00.0000000Z", "T12:00:00.0000000+02:00"),
    "self-closing": lambda xml: re.sub(r"<Data Name='(\w+)'></Data>", r"<Data Name='\1' />", xml),
    "order": lambda xml: re.sub(r"(<EventID.*?</EventID>)(.*?)(<Channel>.*?</Channel>)", r"\3\1\2", xml),
}


def _read(content: bytes, folder: Path, name: str = "log") -> tuple[list[str], InputProblems]:
    path = folder / name
    path.write_bytes(content)
    problems = InputProblems()
    return [record.message for record in file_records(path, problems)], problems


@pytest.mark.parametrize("name", _RENDERINGS)
def test_every_rendering_of_a_record_becomes_the_text_that_the_agent_ships(name: str, tmp_path: Path) -> None:
    for event in _EVENTS:
        found, problems = _read(_RENDERINGS[name](event).encode(), tmp_path)
        assert (found, problems.counts) == ([event], {}), name


@example(value="&\x1f", name="CDATA")
@example(value="&#31;\x1f & ]] ]", name="CDATA")
@given(
    value=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n\t\x85\u2028\u2029"), min_size=1
    ).filter(str.strip),
    name=st.sampled_from(sorted(_RENDERINGS)),
)
def test_every_value_survives_every_rendering(
    value: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name == "CDATA" and "]]>" in value:
        return
    event = event_xml(4688, {"CommandLine": f"a {value} b"})
    found, _ = _read(_RENDERINGS[name](event).encode(), tmp_path_factory.mktemp("rendering"))
    assert found == [event]


def _rows(events: list[str]) -> list[dict[str, object]]:
    return [
        {"logStreamName": "i-1", "timestamp": _TIME, "message": event, "eventId": "3"} for event in events
    ]


def _insights_time() -> str:
    return f"{START:%Y-%m-%d %H:%M:%S}.000"


def _subscription(events: list[str]) -> str:
    return json.dumps({"messageType": "DATA_MESSAGE", "logGroup": "g", "logEvents": _rows(events)})


def _packed(events: list[str]) -> str:
    return base64.b64encode(gzip.compress(_subscription(events).encode())).decode()


def _csv(names: list[str], rows: list[list[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows])
    return text.getvalue()


_CONTAINERS: dict[str, Callable[[list[str]], str | bytes]] = {
    "filter-log-events": lambda e: json.dumps({"events": _rows(e), "searchedLogStreams": []}, indent=4),
    "pages": lambda e: (
        json.dumps({"events": _rows(e[:1]), "nextToken": "t"}) + json.dumps({"events": _rows(e[1:])})
    ),
    "a list of pages": lambda e: json.dumps(
        [{"events": _rows(e[:2]), "nextToken": "t"}, {"events": _rows(e[2:])}]
    ),
    "get-log-events, all pages": lambda e: (
        json.dumps({"events": _rows(e), "nextForwardToken": "f/1"})
        + json.dumps({"events": [], "nextForwardToken": "f/1"})
    ),
    "query: messages": lambda e: json.dumps(e, indent=4),
    "query: pairs": lambda e: json.dumps([[_TIME, event] for event in e]),
    "query: triples": lambda e: json.dumps([[event, "i-1", _TIME] for event in e]),
    "query: objects": lambda e: json.dumps([{"message": event} for event in e]),
    "jq": lambda e: "\n".join(json.dumps(row, indent=2) for row in _rows(e)),
    "jq -c": lambda e: "\n".join(json.dumps(row) for row in _rows(e)),
    "jq strings": lambda e: "\n".join(map(json.dumps, e)),
    "jq -r": lambda e: "\n".join(e),
    "get-query-results": lambda e: json.dumps(
        {
            "results": [
                [{"field": "@timestamp", "value": _insights_time()}, {"field": "@message", "value": event}]
                for event in e
            ],
            "statistics": {"recordsMatched": float(len(e))},
            "status": "Complete",
        }
    ),
    "Logs Insights, JSON": lambda e: json.dumps([{"@timestamp": _insights_time(), "@message": x} for x in e]),
    "Logs Insights, CSV": lambda e: _csv(["@timestamp", "@message"], [[_insights_time(), x] for x in e]),
    "console, CSV": lambda e: _csv(["timestamp", "message"], [[_TIME, x] for x in e]),
    "get-log-record": lambda e: "\n".join(
        json.dumps({"logRecord": {"@timestamp": str(_TIME), "@message": x, "@logStream": "i-1"}}) for x in e
    ),
    "Firehose": lambda e: (
        '{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE"}]}'
        + "".join(_subscription([event]) for event in e)
    ),
    "Firehose, lines": lambda e: "\n".join(_subscription([event]) for event in e),
    "Firehose, gzip twice": lambda e: gzip.compress(
        b"".join(gzip.compress(_subscription([event]).encode()) for event in e)
    ),
    "Firehose, messages alone": lambda e: "".join(e),
    "Lambda": lambda e: json.dumps({"awslogs": {"data": _packed(e)}}),
    "Lambda, Kinesis": lambda e: json.dumps({"Records": [{"kinesis": {"data": _packed([x])}} for x in e]}),
    "get-records": lambda e: json.dumps({"Records": [{"Data": _packed(e)}], "NextShardIterator": "A"}),
    "Lambda, Firehose": lambda e: json.dumps({"records": [{"recordId": "1", "data": _packed(e)}]}),
    "base64 lines": lambda e: "\n".join(_packed([x]) for x in e),
    "export task": lambda e: gzip.compress("".join(f"2026-05-05T10:00:00.000Z {x}\n" for x in e).encode()),
    "logs tail": lambda e: "".join(f"2026-05-05T10:00:00.000000+00:00 i-1/Security {x}\n" for x in e),
    "logs tail, short": lambda e: "".join(f"2026-05-05T10:00:00 {x}\n" for x in e),
}


@pytest.mark.parametrize("name", _CONTAINERS)
def test_every_container_of_messages_is_read(name: str, tmp_path: Path) -> None:
    content = _CONTAINERS[name](_EVENTS)
    found, problems = _read(content if isinstance(content, bytes) else content.encode(), tmp_path)
    assert (found, [(kind.title, what.first) for kind, what in problems]) == (_EVENTS, [])


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([{"body": _EVENTS[1]}]),
        json.dumps({"hits": {"hits": [{"_source": {"message": _EVENTS[1]}}]}}),
        json.dumps({"data": [{"text": _EVENTS[1]}]}, indent=2),
        _csv(["_time", "_raw"], [["2026", _EVENTS[1]]]),
        _csv(["Level", "Date and Time", "Text"], [["Information", "2026", _EVENTS[1]]]),
        f"events:\n- eventId: '3'\n  message: {json.dumps(_EVENTS[1])}\n  timestamp: {_TIME}\n",
        f"EVENTS\t3\t{_TIME}\ti-1\t{_EVENTS[1]}\t{_TIME}\n",
        f"{_TIME}\t{_EVENTS[1]}\n",
        f"|   timestamp   |   message   |\n| {_TIME} | {_EVENTS[1]} |\n",
    ],
)
def test_a_container_that_is_not_known_is_refused_whole(content: str, tmp_path: Path) -> None:
    found, problems = _read(content.encode(), tmp_path)
    assert (found, problems.counts) == ([], {InputProblem.NOT_A_LOG: 1})


@pytest.mark.parametrize(
    "content",
    [
        {"events": _rows(_EVENTS), "nextToken": "t"},
        {"events": _rows(_EVENTS), "NextToken": "t"},
        {"events": _rows(_EVENTS), "nextForwardToken": "f/1", "nextBackwardToken": "b/1"},
        {"results": [[{"field": "@message", "value": _EVENTS[0]}]], "status": "Running"},
        {"results": [[{"field": "@message", "value": _EVENTS[0]}]], "statistics": {"recordsMatched": 9.0}},
    ],
)
def test_an_answer_that_is_not_the_last_is_reported(content: object, tmp_path: Path) -> None:
    found, problems = _read(json.dumps(content).encode(), tmp_path)
    assert found
    assert problems.counts == {InputProblem.MISSING_RECORDS: 1}


@pytest.mark.parametrize(
    "time",
    [1_777_975_200, 1_777_975_200_000_000, "yesterday", "2026-05-05T10:00:00Z", None, True, 10**30, -1, [1]],
)
def test_a_timestamp_that_is_no_number_of_milliseconds_is_not_used(time: object, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text(json.dumps({"message": failed_logon(), "timestamp": time}))
    problems = InputProblems()
    (record,) = file_records(path, problems)
    assert record.time == _TIME
    assert problems.counts == {InputProblem.WRONG_TIMESTAMP: 1}


def test_the_records_of_a_collector_are_in_the_log_that_the_agent_reads(tmp_path: Path) -> None:
    subscription = json.dumps({"logGroup": "/windows/ForwardedEvents", "logEvents": _rows(_EVENTS[:1])})
    for name, content, channel in (
        ("ForwardedEvents.xml", _EVENTS[0], "ForwardedEvents"),
        ("Archive-ForwardedEvents-2026-05-05-10-00-00-123.xml", _EVENTS[0], "ForwardedEvents"),
        ("Security.xml", _EVENTS[0], "Security"),
        ("firehose", subscription, "ForwardedEvents"),
    ):
        path = tmp_path / name
        path.write_text(content)
        assert [record.channel for record in file_records(path, InputProblems())] == [channel], name


def test_a_text_that_only_holds_escaped_names_is_not_changed(tmp_path: Path) -> None:
    event = event_xml(4688, {"CommandLine": escape("<Data Name='A'>&amp;</Data>")})
    assert _read(event.encode(), tmp_path)[0] == [event]
