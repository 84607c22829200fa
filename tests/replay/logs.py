"""Logs made up for the tests: events at a time of one's choice, from a host of one's choice."""

import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalog.model.condition import escape
from catalog.model.provider import SECURITY_AUDITING, Provider
from catalog.samples.windows_event import windows_event
from replay.readers.record import Record, from_event_xml

#: The first minute of the made-up logs.
START = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
START_MINUTE = int(START.timestamp()) // 60
HOST = "web-01.example.com"


def event_xml(
    event_id: int,
    values: Mapping[str, str] | None = None,
    *,
    at: float = 0,
    host: str = HOST,
    channel: str = "",
    provider: Provider = SECURITY_AUDITING,
) -> str:
    """Return an event's text, ``at`` seconds after ``START``."""
    time = f"{START + timedelta(seconds=at):%Y-%m-%dT%H:%M:%S.%f}0Z"
    text = windows_event(event_id, values, provider=provider)
    text = re.sub("SystemTime='[^']*'", f"SystemTime='{time}'", text)
    text = text.replace(f"<Computer>{HOST}<", f"<Computer>{escape(host)}<")
    return text.replace(f"<Channel>{provider.channel}<", f"<Channel>{channel}<") if channel else text


def failed_logon(at: float = 0, host: str = HOST, **values: str) -> str:
    """Return a failed network logon, of which five in five minutes are an alarm below."""
    return event_xml(4625, {"LogonType": "3", **values}, at=at, host=host)


def record(text: str) -> Record:
    """Return the record of an event's text."""
    return from_event_xml(text)


def written(path: Path, *events: str) -> Path:
    """Write events as XML, a line each."""
    path.write_text("\n".join(events) + "\n", encoding="utf-8", newline="")
    return path


@contextmanager
def seconds_at_most(limit: int) -> Iterator[None]:
    """Fail instead of going on for ever."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(limit)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Reports(list[tuple[str, str, int]]):
    """Takes note of problems: the kind's title, the place, and how many."""

    def __call__(self, problem: object, place: str, count: int = 1) -> None:
        self.append((problem.title, place, count))  # type: ignore[attr-defined]

    @property
    def titles(self) -> list[str]:
        """The kinds in order."""
        return [title for title, _, _ in self]
