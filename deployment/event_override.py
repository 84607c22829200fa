"""How one deployment, or one account, watches an event otherwise than the catalog proposes."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictInt

from catalog.alarm import AlarmDefaults
from catalog.security_event import Severity
from deployment.model import Cascading
from deployment.templates import fill
from deployment.values import DISTINCT, AlarmActionArn

_Count = Annotated[StrictInt, Field(ge=1)]


class EventOverride(Cascading):
    """What differs from the catalog for one event. What is left out, or null, is as in the catalog."""

    enabled: StrictBool | None = None
    """Whether the event is watched at all. true adds it where none of the packs has it, false leaves it out.
    Default: whether one of the packs has it."""
    alarm: StrictBool | None = None
    """Whether its number raises an alarm. false makes it a signal: a metric, and no alarm. true gives an
    event that is a signal in the catalog an alarm. Default: as in the catalog; true where threshold,
    period, evaluation_periods or datapoints_to_alarm is given."""
    threshold: _Count | None = None
    """The lowest number of records in a period that counts. Default: as in the catalog."""
    period: StrictInt | None = None
    """Length of a period in seconds: 10, 20, 30 or a multiple of 60. Default: as in the catalog."""
    evaluation_periods: _Count | None = None
    """How many of the latest periods are looked at. Default: as in the catalog."""
    datapoints_to_alarm: _Count | None = None
    """How many of these periods must reach the threshold. Default: as in the catalog."""
    severity: Severity | None = None
    """How much an occurrence matters, which also decides who is told. Default: as in the catalog."""
    actions: Annotated[tuple[AlarmActionArn, ...], Field(min_length=1, max_length=5), DISTINCT] | None = None
    """ARNs that the alarm calls in place of its severity's topic, one to five. {region}, {account_id} and
    {partition} are filled in. Default: the severity's topic."""

    def filled(self, stack: Mapping[str, str]) -> Self:
        """Return it for one stack; ``stack`` holds the values of the placeholders."""
        if self.actions is None:
            return self
        return self.model_copy(update={"actions": tuple(fill(arn, stack) for arn in self.actions)})

    @property
    def alarm_values(self) -> dict[str, int]:
        """The fields of ``AlarmDefaults`` that are given."""
        return {name: value for name in ALARM_FIELDS if (value := getattr(self, name)) is not None}


#: The settings of an override that are the alarm's.
ALARM_FIELDS = tuple(AlarmDefaults.__dataclass_fields__)
