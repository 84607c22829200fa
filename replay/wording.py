"""Times and rules as people read them; times in UTC, since hosts of several zones log together."""

from datetime import UTC, datetime, timedelta

from catalog import AlarmDefaults

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01T03:20:00Z``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}Z"


def readable(seconds: float) -> str:
    """Return seconds since 1970 as ``2024-05-01 03:20``."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M}"


def duration(seconds: int) -> str:
    """Return the period of an alarm in the largest unit that it is a multiple of, such as ``5 min``."""
    for unit, name in ((86_400, "d"), (3600, "h")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds // 60} min"


def rule(alarm: AlarmDefaults) -> str:
    """Return when an alarm is raised, such as ``5 in 5 min, in 2 of 3``."""
    text = f"{alarm.threshold:,} in {duration(alarm.period)}"
    if alarm.evaluation_periods > 1:
        text += f", in {alarm.datapoints_to_alarm} of {alarm.evaluation_periods}"
    return text
