"""Alarms over other alarms."""

from typing import Annotated, Self

from pydantic import Field, StrictInt, model_validator

from catalog.model.security_event import Severity
from deployment.aws.limits import COMPOSITE_CHILDREN
from deployment.settings.model import Model
from deployment.settings.types.cloudwatch import AlarmReference
from deployment.settings.types.events import EventKey
from deployment.settings.types.text import DISTINCT, Text


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
