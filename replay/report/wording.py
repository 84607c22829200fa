"""Times as people read them: in UTC, since hosts of several zones log together."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01T03:20:00Z``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}Z"


def readable(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01 03:20``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M}"
