"""Events in JSON, in each shape that CloudWatch Logs, its exports and the usual tools leave them.

============================================  =========================================================
shape                                         from
============================================  =========================================================
``{"xml"}``                                   a record a line, as other tools write it
``{"message", "timestamp"}``                  an event of filter-log-events, get-log-events, a subscription
``"..."``, ``[timestamp, "..."]``             ``--query`` and ``jq``: the texts alone, or with their times
``{"events": [...]}``                         a page of filter-log-events or get-log-events
``{"results": [[{"field", "value"}]]}``       Logs Insights: get-query-results
``{"@message", "@timestamp"}``                Logs Insights: the console's JSON
``{"logRecord": {...}}``                      get-log-record
``{"logEvents": [...]}``                      a subscription's record, as Firehose leaves it in S3
``{"awslogs": {"data"}}``                     the same as Lambda gets it: base64, gzip
``{"Records": [{"kinesis": {"data"}}]}``      the same from a Kinesis data stream, by Lambda
``{"Records": [{"Data"}]}``                   the same by get-records
``{"records": [{"data"}]}``                   the same as Firehose hands it to a transforming Lambda
============================================  =========================================================

JSON in any other shape is refused: what is within it may be escaped in ways that nobody knows.
"""

import base64
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from replay.readers.input_problem import InputProblem, Report
from replay.readers.json_values import json_values
from replay.readers.record import Record, RecordError, forwarding_log, from_event_xml, from_message

#: CloudWatch Logs began in 2014, and takes nothing older than 14 days: an earlier time is in another unit.
EARLIEST_TIMESTAMP = 1_388_534_400_000
LATEST_TIMESTAMP = 32_503_679_999_999

_LISTS = ("events", "logEvents", "results", "Records", "records")
_CONTAINERS = (*_LISTS, "logRecord", "awslogs", "kinesis")
_PACKED = ("data", "Data")
_NEXT_PAGE = ("nextToken", "NextToken")
#: get-log-events gives this one with every page: after the last page it is the same once more.
_FORWARD = "nextForwardToken"
_GZIP_BASE64 = "H4sI"
_BLOCK = 65536
#: How deep containers may be within each other.
_DEPTH = 12


def json_records(chunks: Iterable[str], report: Report) -> Iterator[Record]:
    """Yield the events of JSON text: one document, several, or one a line."""
    shapes = JsonShapes(report)
    yield from shapes.read(chunks)
    shapes.finish()


def timestamp(value: Any) -> int | None:
    """Return a time of CloudWatch Logs or Logs Insights in milliseconds since 1970; None where it is none."""
    if isinstance(value, str):
        if value.isdecimal() and value.isascii():
            return timestamp(int(value[:20]))
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return None
        value = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value) if EARLIEST_TIMESTAMP <= value <= LATEST_TIMESTAMP else None


class JsonShapes:
    """Reads the values of one file, and knows at its end whether anything in it was understood."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._is_known = False
        self._refused = 0
        self._first_refused = ""
        self._missing = ""
        self._forward_token: Any = None

    def read(self, chunks: Iterable[str], place: str = "", depth: int = 0) -> Iterator[Record]:
        """Yield the events of JSON text."""
        for line, value in json_values(chunks, self._report, _CONTAINERS):
            yield from self._value(value, place or f"line {line}", depth)

    def finish(self) -> None:
        """Report what is known at the end of the file only."""
        if self._missing:
            self._report(InputProblem.MISSING_RECORDS, self._missing)
        if self._refused:
            self._report(InputProblem.NOT_A_LOG, self._first_refused)

    def _value(self, value: Any, place: str, depth: int) -> Iterator[Record]:
        if depth > _DEPTH:
            return self._refuse(f"{place}: nested deeper than any answer of CloudWatch Logs")
        match value:
            case {"xml": str(xml)}:
                yield from self._event(lambda: from_event_xml(_text(xml)), place)
            case {"message": str(message)}:
                yield from self._message(message, value, "timestamp", place)
            case {"@message": str(message)}:
                log = forwarding_log(str(value.get("@log")))
                yield from _in_log(log, self._message(message, value, "@timestamp", place))
            case [{"field": str(), "value": _}, *cells]:
                row = {
                    cell.get("field"): cell.get("value")
                    for cell in (value[0], *cells)
                    if isinstance(cell, dict)
                }
                yield from self._value(row, place, depth + 1)
            case list() if len(texts := [text for text in value if _is_event(text)]) == 1 < len(value):
                times = [time for time in value if isinstance(time, int | float)]
                fields = {"timestamp": times[0]} if len(times) == 1 else {}
                yield from self._message(texts[0], fields, "timestamp", place)
            case list():
                self._is_known |= not value
                for element in value:
                    yield from self._value(element, place, depth + 1)
            case str() if value.startswith(_GZIP_BASE64):
                yield from self._packed(value, place, depth)
            case str():
                yield from self._message(value, {}, "", place)
            case {"messageType": "CONTROL_MESSAGE"}:
                self._is_known = True
            case dict():
                yield from self._object(value, place, depth)
            case _:
                self._refuse(f"{place}: JSON, but no event: {str(value)[:60]!r}")

    def _object(self, value: dict[str, Any], place: str, depth: int) -> Iterator[Record]:
        contents = [value[key] for key in _CONTAINERS if isinstance(value.get(key, ""), list | dict | None)]
        packed = [value[key] for key in _PACKED if isinstance(value.get(key), str)]
        if not contents and not packed:
            keys = ", ".join(repr(key)[:40] for key in list(value)[:5]) or "none"
            return self._refuse(f"{place}: JSON, but no answer of CloudWatch Logs; its keys: {keys}")
        if "events" in value or "results" in value:
            self._missing = self._missing_after(value, place)
        log = forwarding_log(str(value.get("logGroup")))
        for content in packed:
            yield from _in_log(log, self._packed(content, place, depth))
        for content in contents:
            # None: an object that was entered, whose elements have come before.
            if content is not None:
                yield from _in_log(log, self._value(content, place, depth + 1))

    def _missing_after(self, page: dict[str, Any], place: str) -> str:
        """Return why records are missing after an answer; empty where it is the last one."""
        before, self._forward_token = self._forward_token, page.get(_FORWARD)
        rows, statistics = page.get("results"), page.get("statistics")
        matched = statistics.get("recordsMatched") if isinstance(statistics, dict) else None
        if any(page.get(key) for key in _NEXT_PAGE):
            return f"{place}: the answer ends with a nextToken: read the pages after it, too"
        if page.get(_FORWARD) not in (None, before) and page.get("events") != []:
            return (
                f"{place}: one page of get-log-events: read pages until the nextForwardToken repeats itself"
            )
        if (status := page.get("status", "Complete")) != "Complete":
            return f"{place}: the status of the query is {str(status)[:40]}"
        if isinstance(rows, list) and isinstance(matched, int | float) and matched > len(rows):
            return f"{place}: the query shows {len(rows):,} of {matched:,.0f} records: raise its limit"
        return ""

    def _message(self, text: str, fields: dict[Any, Any], key: str, place: str) -> Iterator[Record]:
        """Yield the record of a message, at the time that ``key`` says."""
        for record in self._event(lambda: from_message(_text(text)), place):
            written = fields.get(key)
            if key not in fields:
                yield record
            elif (
                time := None if key == "timestamp" and isinstance(written, str) else timestamp(written)
            ) is None:
                detail = f"{place}: {key} {str(written)[:40]!r} is no time in milliseconds since 1970"
                self._report(InputProblem.WRONG_TIMESTAMP, detail)
                yield record
            else:
                yield record._replace(time=time)

    def _event(self, read: Callable[[], Record], place: str) -> Iterator[Record]:
        try:
            record = read()
        except RecordError as error:
            if error.problem is InputProblem.NOT_AN_EVENT:
                return self._refuse(f"{place}: {error}")
            self._understood()
            return self._report(error.problem, f"{place}: {error}")
        self._understood()
        yield record

    def _packed(self, content: str, place: str, depth: int) -> Iterator[Record]:
        """Yield the events of a subscription's record: base64, with gzip or without."""
        try:
            data = io.BytesIO(base64.b64decode(content, validate=True))
            packed = gzip.GzipFile(fileobj=data) if data.getvalue().startswith(b"\x1f\x8b") else data
            text = io.TextIOWrapper(cast(BinaryIO, packed), "utf-8", "replace", newline="")
            yield from self.read(iter(lambda: text.read(_BLOCK), ""), place, depth + 1)
        except (ValueError, EOFError, gzip.BadGzipFile, zlib.error) as error:
            self._report(InputProblem.DAMAGED_RECORD, f"{place}: base64 or gzip: {error}")

    def _understood(self) -> None:
        self._is_known = True
        if self._refused:
            self._report(InputProblem.NOT_AN_EVENT, self._first_refused, self._refused)
            self._refused = 0

    def _refuse(self, detail: str) -> None:
        """Note a value that is no event; where the whole file holds none, it is no log."""
        if self._is_known:
            self._report(InputProblem.NOT_AN_EVENT, detail)
        else:
            self._refused += 1
            self._first_refused = self._first_refused or detail


def _is_event(value: object) -> bool:
    return isinstance(value, str) and value.startswith("<Event")


def _text(value: str) -> str:
    """Return a value without halves of surrogate pairs, which JSON can hold and UTF-8 cannot."""
    return value if value.isascii() else value.encode(errors="replace").decode()


def _in_log(log: str, records: Iterator[Record]) -> Iterator[Record]:
    """Yield records, in the log that the agent reads them from where it is another than their own."""
    return (record._replace(channel=log) for record in records) if log else records
