"""Log alarms: alarms over a scheduled query of the records themselves, in place of a metric filter."""

from enum import Enum
from typing import Annotated

from pydantic import AfterValidator, Field, StrictInt

from deployment.settings.model import Cascading
from deployment.settings.types.cloudwatch import whole_minutes


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


_Seconds = Annotated[StrictInt, AfterValidator(whole_minutes)]


class LogAlarmSettings(Cascading):
    """The log alarms of the events with the log engine, and of correlations. A preview: nobody has reported a
    drill on a real account yet."""

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
    utc_offset: Annotated[float, Field(ge=-12, le=14)] = 0.0
    """How many hours the account's clocks are ahead of UTC, for correlations that count at night only, such
    as 9 in Japan or 5.5 in India. Summer time is not known. Default: 0."""
    lateness: Annotated[_Seconds, Field(ge=0, le=604_800)] = 300
    """How late a record may reach its log group and still be seen, in seconds: a multiple of 60, from 0 to
    604800, such as the time that a server needs to start again. A longer one scans more. Default: 300."""
