"""Alarms of no single event: over other alarms, and for a log group to which nothing comes any more."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, model_validator

from catalog.model.security_event import Severity
from deployment.aws.limits import COMPOSITE_CHILDREN
from deployment.settings.model import Cascading, Model
from deployment.settings.types.cloudwatch import AlarmReference, whole_minutes
from deployment.settings.types.events import EventKey
from deployment.settings.types.text import DISTINCT, Text

#: The number of expected records from which on it means something that none comes: by chance, none of ten
#: comes once in e to the tenth, or 22,000, times.
SIGNIFICANT_RECORDS = 10


class Suppressor(Model):
    """An alarm that, while in ALARM, suppresses the actions of a composite alarm: a maintenance window."""

    alarm: AlarmReference
    """The name of the alarm, in the same account and region, or its ARN, in which {region}, {account_id} and
    {partition} are filled in."""
    wait_period: Annotated[StrictInt, Field(ge=0)] = 120
    """How many seconds to wait for the suppressor before the actions run. Default: 120."""
    extension_period: Annotated[StrictInt, Field(ge=0)] = 120
    """How many seconds after the suppressor returns to OK the actions stay suppressed. Default: 120."""


class CompositeAlarmSettings(Model):
    """An alarm that is in ALARM while all, or any, of other events' alarms are."""

    title: Text
    """What it means when it fires."""
    all_of: Annotated[tuple[EventKey, ...], Field(max_length=COMPOSITE_CHILDREN), DISTINCT] = ()
    """The events whose alarms must all be in ALARM. Either this or any_of. Default: none."""
    any_of: Annotated[tuple[EventKey, ...], Field(max_length=COMPOSITE_CHILDREN), DISTINCT] = ()
    """The events of whose alarms one must be in ALARM. Either this or all_of. Default: none."""
    severity: Severity = Severity.CRITICAL
    """Whom to notify: the recipients of this severity. Default: critical."""
    suppressor: Suppressor | None = None
    """An alarm that suppresses the actions of this one, as for a maintenance window. Default: none."""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if bool(self.all_of) == bool(self.any_of):
            raise ValueError("takes either all_of or any_of, with one event or more")
        return self


class NoDataAlarmSettings(Cascading):
    """An alarm for a log without any event for a while: a stopped agent looks like a quiet night."""

    enabled: StrictBool = True
    """Whether there is such an alarm for the log group of the Security log, or where that log is not
    collected, of the first event log that is. Default: true."""
    period: Annotated[StrictInt, Field(ge=300, le=86_400), AfterValidator(whole_minutes)] = 3600
    """The seconds without data that are an alarm: a multiple of 60, from 300 to 86400. Default: 3600."""
    severity: Severity = Severity.HIGH
    """Whom to notify: the recipients of this severity. Default: high."""
