"""Events in XML text: one, several one after the other, or inside ``<Events>``, in any layout."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from replay.readers.input_problem import InputProblem, Report
from replay.readers.record import LONGEST_TEXT, Record, RecordError, from_event_xml

#: Tags of events, and what can hide them.
_TAG = re.compile(
    r"<(?:\w+:)?Event(?:\s[^<>]*)?>(?P<system>\s*(?:[-+]\s+)?<(?:\w+:)?System>)?"
    r"|(?P<end></(?:\w+:)?Event\s*>)|(?P<hidden><!--|<!\[CDATA\[)"
)
_ENDS_OF_HIDDEN = {"<!--": "-->", "<![CDATA[": "]]>"}
# Possessive, and a comment atomic: else every other way to cut the comments is tried before it is no match.
_BETWEEN_EVENTS = re.compile(
    r"(?:\s|\0|\ufeff|[-+](?=\s*(?:<|\Z))|<\?[^>]*>|(?><!--.*?-->)|</?(?:\w+:)?Events(?:\s[^<>]*)?>)*+",
    re.DOTALL,
)
#: A tag begun this far from the end of what is read so far may go on in what is not.
_LOOK_AHEAD = 1024


def xml_records(chunks: Iterable[str], report: Report) -> Iterator[Record]:
    """Yield the events of an XML text, wherever its chunks are cut."""
    for number, (xml, problem) in enumerate(_split(chunks), start=1):
        if problem:
            report(problem, f"event {number}: {xml[:60]!r}")
            continue
        try:
            yield from_event_xml(xml)
        except RecordError as error:
            report(error.problem, f"event {number}: {error}")


def _split(chunks: Iterable[str]) -> Iterator[tuple[str, InputProblem | None]]:
    """Yield the text of each event, and what stands where an event should, with what is wrong with it."""
    buffer = ""
    depth = 0  # How deep in <Event> elements: an event's own data may hold one.
    at = 0  # Everything before is known.
    hidden_until = ""  # The end of the comment or CDATA that reading is in.
    never_ends: set[str] = set()
    for chunk in chain(chunks, [None]):
        buffer += chunk or ""
        known = len(buffer) - (_LOOK_AHEAD if chunk is not None else 0)
        start = 0  # Where the event begins, or what stands between two.
        while True:
            if hidden_until:
                end = buffer.find(hidden_until, at)
                if end < 0 and chunk is not None:
                    at = max(at, len(buffer) - len(hidden_until))
                    break
                if end < 0:
                    never_ends.add(hidden_until)  # It hides nothing.
                at, hidden_until = max(at, end), ""
            tag = _TAG.search(buffer, at)
            if not tag or tag.start() >= known:
                at = max(at, known)
                break
            at = tag.end()
            if tag["hidden"]:
                end_of_hidden = _ENDS_OF_HIDDEN[tag["hidden"]]
                hidden_until = "" if end_of_hidden in never_ends else end_of_hidden
            elif tag["end"]:
                depth -= depth > 0
                if not depth:
                    yield buffer[start:at], None
                    start = at
            else:
                if depth and tag["system"]:
                    yield buffer[start : tag.start()], InputProblem.DAMAGED_RECORD
                    start, depth = tag.start(), 0
                if not depth:
                    yield from _between(buffer[start : tag.start()])
                    start = tag.start()
                depth += 1
        if len(buffer) - start > LONGEST_TEXT:
            yield buffer[start:], InputProblem.TOO_LARGE if depth else InputProblem.NOT_AN_EVENT
            start, depth = len(buffer), 0
        at = max(at, start)
        buffer, at = buffer[start:], at - start
    if depth:
        yield buffer, InputProblem.DAMAGED_RECORD
    else:
        yield from _between(buffer)


def _between(text: str) -> Iterator[tuple[str, InputProblem | None]]:
    if not _BETWEEN_EVENTS.fullmatch(text):
        text = text.strip()
        yield text, InputProblem.DAMAGED_RECORD if text.startswith("<Event") else InputProblem.NOT_AN_EVENT
