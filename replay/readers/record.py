"""One event as it would stand in CloudWatch Logs, with the parts that decide what becomes of it."""

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from replay.readers.agent_text import from_xml
from replay.readers.input_problem import InputProblem

#: The largest event that Windows renders for the agent, in bytes of UTF-16; the agent drops a larger one.
LARGEST_RENDERED = 131_072
#: The largest message that CloudWatch Logs takes, in bytes of UTF-8 (PutLogEvents API).
LARGEST_MESSAGE = 1_048_576
#: The longest text, in characters, that is still taken for one record: far more than any log service takes.
LONGEST_TEXT = 8_388_608
#: The end of the year 2999, in milliseconds since 1970: a chart has room for what comes after it. CloudWatch
#: Logs takes nothing from before 1970 (PutLogEvents API).
LATEST_TIME = 32_503_679_999_999

# The order of <System> is fixed; possessive, because this runs once for every record.
_SYSTEM = re.compile(
    r"<Event xmlns='[^']*+'><System><Provider Name='([^']*+)'[^>]*+><EventID[^>]*+>([0-9]{1,5})</EventID>"
    r"(?:<Version>[^<]*+</Version>)?+<Level>([0-9]{1,3})</Level>(?:<Task>[^<]*+</Task>)?+"
    r"(?:<Opcode>[^<]*+</Opcode>)?+(?:<Keywords>[^<]*+</Keywords>)?+<TimeCreated SystemTime='([^']*+)'/>"
    r"(?:<EventRecordID>([0-9]{0,20})</EventRecordID>)?+(?:<Correlation[^>]*+>)?+(?:<Execution[^>]*+>)?+"
    r"<Channel>([^<]++)</Channel><Computer>([^<]*+)</Computer>"
)
_EVENT_END = "</Event>"
#: What Windows never writes: other entities, comments and the like, double quotes around attributes, empty
#: attributes and data elements that close in themselves, and padded numbers.
_OTHER_SPELLING = re.compile(
    r"""&(?!(?:amp|lt|gt);)|<[!?]|<[^<>]*=(?:"|'')|<Data[^<>]*/>|>0x0[0-9a-fA-F]+<"""
)
_TIME_IN_UTC = re.compile(r"[^T]*T[^Z+-]*Z")
_EVENT_START = re.compile(r"\s*(?:[-+]\s+)?<(?:\w+:)?Event\b")
_FORWARDED = "ForwardedEvents"
_FORWARDED_IN_NAME = re.compile(rf"(?<![A-Za-z]){_FORWARDED}(?![A-Za-z])", re.IGNORECASE)


class RecordError(ValueError):
    """A record that cannot be replayed.

    Attributes:
        problem: The kind of thing that is wrong with it.
    """

    def __init__(self, problem: InputProblem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


class Record(NamedTuple):
    """One event.

    Args:
        message: The text in CloudWatch Logs.
        event_id: The number in ``<EventID>``.
        level: The number in ``<Level>``; 0 and 4 are information, 2 is an error.
        provider: Who wrote the event.
        channel: The event log that the agent reads it from, such as ``Security``. That of a forwarded record
            is the collector's ``ForwardedEvents``, whatever its own ``<Channel>`` is.
        computer: The host that wrote it.
        time: When, in milliseconds since 1970 (UTC).
        number: The number in ``<EventRecordID>``, which a log gives its records in the order that it is
            written in; 0 without one.
    """

    message: str
    event_id: int
    level: int
    provider: str
    channel: str
    computer: str
    time: int
    number: int = 0


def from_agent_text(text: str) -> Record:
    """Return the record of an event that is in a log file, in the agent's shape already.

    Raises:
        RecordError: The event is incomplete, too large to be shipped, or no event.
    """
    # Beyond half the limit in characters, count.
    if len(text) > LARGEST_RENDERED // 4 and _rendered_size(text) > LARGEST_RENDERED:
        raise RecordError(
            InputProblem.TOO_LARGE, f"{_rendered_size(text):,} bytes of UTF-16, of {LARGEST_RENDERED:,}"
        )
    return _record(text)


def from_event_xml(xml: str) -> Record:
    """Return the record of an event's XML, in the agent's shape or in any other.

    Raises:
        RecordError: As for ``from_agent_text``; or it is not well-formed.
    """
    text = xml.strip()
    system = _SYSTEM.match(text)
    is_agents = (
        system is not None
        and text.endswith(_EVENT_END)
        and _TIME_IN_UTC.fullmatch(system[4])
        and not _OTHER_SPELLING.search(text)
    )
    return from_agent_text(text if is_agents else _in_agent_shape(text))


def forwarding_log(name: str) -> str:
    """Return ``ForwardedEvents`` where the name of a file or log group says so, else an empty text.

    A collector keeps each record's own ``<Channel>``, but the agent reads all of them from this log, and the
    metric filters of its log group see them.
    """
    return _FORWARDED if _FORWARDED_IN_NAME.search(name) else ""


def from_message(message: str, time: int | None = None) -> Record:
    """Return the record of a message that CloudWatch Logs held, which stays as it is.

    Args:
        message: The message; the agent may have cut it at its size limit.
        time: When CloudWatch Logs says it happened, in milliseconds since 1970; by default the event's time.

    Raises:
        RecordError: It is no event, incomplete, or larger than CloudWatch Logs takes.
    """
    if (
        len(message) > LARGEST_MESSAGE // 4
        and (size := len(message.encode(errors="replace"))) > LARGEST_MESSAGE
    ):
        raise RecordError(InputProblem.TOO_LARGE, f"{size:,} bytes, of {LARGEST_MESSAGE:,}")
    if _SYSTEM.match(message):
        record = _record(message)
    else:
        record = _record(_in_agent_shape(message))._replace(message=message)
    if time is None:
        return record
    if not 0 <= time <= LATEST_TIME:
        raise RecordError(
            InputProblem.INCOMPLETE_EVENT, f"timestamp {time} is no time in milliseconds from 1970 to 2999"
        )
    return record._replace(time=time)


def _record(text: str) -> Record:
    found = _SYSTEM.match(text)
    if found is None:
        if "</EventID>" in text:
            raise RecordError(
                InputProblem.INCOMPLETE_EVENT, "no provider, level, time or channel in <System>"
            )
        raise RecordError(InputProblem.NOT_AN_EVENT, "an XML <Event> without an <EventID>")
    provider, event_id, level, created, number, channel, computer = found.groups()
    time = _milliseconds(created)
    return Record(text, int(event_id), int(level), provider, channel, computer, time, int(number or 0))


def _in_agent_shape(xml: str) -> str:
    try:
        return from_xml(xml)
    except ValueError as error:
        is_event = _EVENT_START.match(xml) is not None
        raise RecordError(
            InputProblem.DAMAGED_RECORD if is_event else InputProblem.NOT_AN_EVENT, str(error)
        ) from error


def _rendered_size(text: str) -> int:
    """Return the size of what Windows renders before it adds the localised texts."""
    return len(text.partition("<RenderingInfo")[0].encode("utf-16-le", errors="replace"))


def _milliseconds(created: str) -> int:
    """Return a ``SystemTime`` such as ``2024-05-01T03:20:00.1234567Z`` in milliseconds since 1970."""
    try:
        if created[19] not in ".Z" or created[-1] != "Z":
            raise ValueError
        time = _second(created[:19]) * 1000 + int(created[20:23].rstrip("Z").ljust(3, "0"))
        if not 0 <= time <= LATEST_TIME:
            raise ValueError
        return time
    except (ValueError, IndexError):
        raise RecordError(
            InputProblem.INCOMPLETE_EVENT, f"SystemTime {created!r} is no time in UTC from 1970 to 2999"
        ) from None


@lru_cache(maxsize=1024)
def _second(time: str) -> int:
    return int(datetime.fromisoformat(f"{time}+00:00").timestamp())
