"""The alarm for a log group to which nothing comes any more."""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StrictInt

from catalog.model.security_event import Severity
from deployment.settings.model import Cascading
from deployment.settings.types.cloudwatch import whole_minutes

#: The number of expected records from which on it means something that none comes: by chance, none of ten
#: comes once in e to the tenth, or 22,000, times.
SIGNIFICANT_RECORDS = 10


class NoDataAlarmSettings(Cascading):
    """An alarm for a log without any event for a while: a stopped agent looks like a quiet night."""

    enabled: StrictBool = True
    """Whether there is such an alarm for the log group of the Security log, or where that log is not
    collected, of the first event log that is. Default: true."""
    period: Annotated[StrictInt, Field(ge=300, le=86_400), AfterValidator(whole_minutes)] = 3600
    """The seconds without data that are an alarm: a multiple of 60, from 300 to 86400. Default: 3600."""
    severity: Severity = Severity.HIGH
    """Whom to notify: the recipients of this severity. Default: high."""
