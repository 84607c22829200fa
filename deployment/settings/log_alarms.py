"""Log alarms: alarms over a scheduled query of the records themselves, in place of a metric filter."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StrictInt

from deployment.settings.model import Cascading
from deployment.settings.types.cloudwatch import whole_minutes
from deployment.settings.types.mute_schedule import TimeZone


class AlarmEngine(Enum):
    """What finds an event's records and raises its alarm."""

    METRIC = "metric"
    """Metric filters and an alarm over their metric."""
    LOG = "log"
    """A log alarm: a Logs Insights query that CloudWatch runs on a schedule."""


class LogAlarmLayout(Enum):
    """How many events a log alarm is over."""

    EVENT = "event"
    SEVERITY = "severity"


#: Four years show what the clocks of a zone do, those of Morocco in Ramadan too. They are fixed: a plan must
#: not change with the day.
_WEEKS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=week) for week in range(4 * 52)]
_Seconds = Annotated[StrictInt, AfterValidator(whole_minutes)]


class LogAlarmSettings(Cascading):
    """The log alarms of the events with the log engine, and of correlations. A preview: nobody has reported a
    drill on a real account yet."""

    refused: ClassVar[Mapping[str, str]] = {"utc_offset": "is called time_zone, such as Asia/Tokyo"}

    layout: LogAlarmLayout = LogAlarmLayout.EVENT
    """event: an alarm for each event. severity: one for up to 10 events of a severity and event log whose
    alarm fires at the first record, which costs one scan in place of ten; the notification names the event.
    An event that counts, or has actions, contributors or variants of its own, keeps an alarm of its own.
    Default: event."""
    log_lines: Annotated[StrictInt, Field(ge=0, le=50)] = 0
    """How many matching records a mail carries, from 0 to 50. Records hold the names and addresses of people,
    and go to all recipients of the topic. Default: 0."""
    schedule: Annotated[_Seconds, Field(ge=60, le=86_400)] = 300
    """How often the queries run, in seconds: a multiple of 60, from 60 to 86400. A shorter one notifies
    sooner and scans more. Default: 300."""
    time_zone: TimeZone = "UTC"
    """Whose hours count for correlations that look at some hours only, such as Asia/Tokyo. Where clocks
    change with the season, a record counts that is within the hours by either time: none is missed, and the
    hours are longer by one. Default: UTC."""
    lateness: Annotated[_Seconds, Field(ge=0, le=604_800)] = 300
    """How late a record may reach its log group and still be seen, in seconds: a multiple of 60, from 0 to
    604800, such as the time that a server needs to start again. A longer one scans more. Default: 300."""

    @property
    def utc_offsets(self) -> tuple[float, ...]:
        """The hours that the account's clocks are ahead of UTC: two where they change with the season."""
        return _offsets(self.time_zone)


@cache
def _offsets(time_zone: str) -> tuple[float, ...]:
    zone = ZoneInfo(time_zone)
    offsets = {week.astimezone(zone).utcoffset() for week in _WEEKS}
    return tuple(sorted(offset / timedelta(hours=1) for offset in offsets if offset is not None))
