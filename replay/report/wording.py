"""Times as people read them: in UTC, since hosts of several zones log together; and text safe to print."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROL_CHARACTERS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\N{REPLACEMENT CHARACTER}")


def iso(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01T03:20:00Z``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}Z"


def readable(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01 03:20``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M}"


def printable(text: str) -> str:
    """Return a name from the input without control characters, with which it could command a terminal."""
    return text.translate(_CONTROL_CHARACTERS)
