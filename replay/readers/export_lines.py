"""Lines with a time and a message: of an export task to S3, and of ``aws logs tail``.

``2024-05-01T03:20:00.123Z message``, ``2024-05-01T03:20:00.123000+00:00 stream message``, or without stream.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from replay.readers.input_problem import InputProblem, Report
from replay.readers.record import LONGEST_TEXT, Record, RecordError, from_message

#: How a line with a message begins.
LINE = re.compile(
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)"
    r"(?:Z |(?:\+00:00)? (?:[^\s<]+ )?(?=<Event ))",
    re.MULTILINE,
)
_EVENT = "<Event "
_EVENT_END = "</Event>"


def export_records(lines: Iterable[str], report: Report) -> Iterator[Record]:
    """Yield the events of exported lines; an event with line breaks in its values takes several."""
    for number, (time, message) in _messages(lines):
        place = f"line {number}"
        try:
            yield from_message(message, _milliseconds(time))
        except RecordError as error:
            report(error.problem, f"{place}: {error}")
        except ValueError:
            report(InputProblem.INCOMPLETE_EVENT, f"{place}: {time}Z is no time")


def _messages(lines: Iterable[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the first line's number, the time and the text of each message."""
    first, time, parts, size = 0, "", [""], 0
    for number, line in enumerate(lines, start=1):
        found = LINE.match(line)
        if found and not (_is_open(parts) and not line.startswith(_EVENT, found.end())):
            if first:
                yield first, (time, "".join(parts).rstrip("\r\n"))
            first, time, parts, size = number, found[1], [line[found.end() :]], len(line)
        elif size <= LONGEST_TEXT:
            parts.append(line)
            size += len(line)
    if first:
        yield first, (time, "".join(parts).rstrip("\r\n"))


def _is_open(parts: list[str]) -> bool:
    """Return whether a message is an event whose end is still to come."""
    return parts[0].startswith(_EVENT) and _EVENT_END not in parts[-1]


def _milliseconds(time: str) -> int:
    return round(datetime.fromisoformat(f"{time}+00:00").timestamp() * 1000)
