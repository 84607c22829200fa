"""Events in JSON: a record a line (.jsonl), or what ``aws logs filter-log-events`` and its kin print."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from replay.readers.input_problem import InputProblem, Report
from replay.readers.record import LONGEST_TEXT, Record, RecordError, from_event_xml, from_message

#: How an answer of CloudWatch Logs begins; a list of events may also stand alone.
DOCUMENT = re.compile(
    r'\{\s*"(?:events|searchedLogStreams|next\w*Token)"\s*:|\[\s*\{.*?"(?:message|xml)"\s*:', re.DOTALL
)
#: How a line with an event begins.
LINE = re.compile(r'^[ \t]*\{[ \t]*"', re.MULTILINE)
_LIST_OF_EVENTS = re.compile(r'"events"\s*:\s*\[')
_NEXT_OBJECT = re.compile(r"\}\s*,\s*(?=\{)")
_SEPARATORS = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def json_line_records(lines: Iterable[str], report: Report) -> Iterator[Record]:
    """Yield the event of each line: a JSON object with a field ``xml`` or ``message``."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            report(InputProblem.DAMAGED_RECORD, f"line {number}: not JSON: {error}")
            continue
        yield from _records(value, f"line {number}", report)


def json_document_records(chunks: Iterable[str], report: Report) -> Iterator[Record]:
    """Yield the events of a JSON document, or of several one after the other, without loading it whole."""
    for number, value in enumerate(_values(chunks, report), start=1):
        yield from _records(value, f"event {number}", report)


def _records(value: Any, place: str, report: Report) -> Iterator[Record]:
    fields = value if isinstance(value, dict) else {}
    try:
        match fields:
            case {"xml": str(xml)}:
                yield from_event_xml(_text(xml))
            case {"message": str(message), "timestamp": int(time)}:
                yield from_message(_text(message), time)
            case {"message": str(message)}:
                yield from_message(_text(message))
            case _:
                report(InputProblem.NOT_AN_EVENT, f"{place}: JSON without a text in xml or message")
    except RecordError as error:
        report(error.problem, f"{place}: {error}")


def _text(value: str) -> str:
    """Return a value without halves of surrogate pairs, which JSON can hold and UTF-8 cannot."""
    return value if value.isascii() else value.encode(errors="replace").decode()


def _values(chunks: Iterable[str], report: Report) -> Iterator[Any]:
    """Yield the elements of the lists of events."""
    unread = iter(chunks)
    buffer = next(unread, "").lstrip()
    inside = buffer.startswith("[")
    at = 1 if inside else 0
    while True:
        if inside:
            at = _SEPARATORS.match(buffer, at).end()  # type: ignore[union-attr]  # it matches nothing, too
            if buffer[at : at + 1] == "]":
                inside, at = False, at + 1
                continue
            try:
                value, at = _DECODER.raw_decode(buffer, at)
            except (json.JSONDecodeError, RecursionError) as error:
                broken = _is_broken(error, buffer, at)
            else:
                yield value
                continue
            if broken:
                report(InputProblem.DAMAGED_RECORD, f"not JSON: {buffer[at : at + 60]!r}")
                found = _NEXT_OBJECT.search(buffer, at)
                at = found.end() if found else len(buffer)
                continue
        elif found := _LIST_OF_EVENTS.search(buffer, at):
            inside, at = True, found.end()
            continue
        else:
            at = max(at, len(buffer) - 64)
        chunk = next(unread, None)
        if chunk is None:
            if inside:
                report(InputProblem.DAMAGED_FILE, "the JSON breaks off")
            return
        buffer, at = buffer[at:] + chunk, 0


def _is_broken(error: json.JSONDecodeError | RecursionError, buffer: str, at: int) -> bool:
    """Return whether reading on cannot help: the error is not that the buffer ends within the value."""
    if isinstance(error, RecursionError) or len(buffer) - at > LONGEST_TEXT:
        return True
    # A cut literal, number or escape is noticed a few characters before the end.
    return error.pos < len(buffer) - 16 and not error.msg.startswith("Unterminated string")
