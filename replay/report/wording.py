"""Times as people read them, in UTC, since hosts of several zones log together; and contributors."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01T03:20:00Z``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}Z"


def readable(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01 03:20``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M}"


def attributes(values: Mapping[str, str]) -> str:
    """Return the attributes of a contributor in a line."""
    return ", ".join(f"{name} {value}" for name, value in values.items())
