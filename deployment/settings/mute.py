"""Maintenance windows: times in which alarms notify nobody, on purpose."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, StrictBool, model_validator

from catalog.model.security_event import Pack, Severity
from deployment.settings.model import Model
from deployment.settings.types.cloudwatch import CompositeName
from deployment.settings.types.events import CorrelationKey, EventKey
from deployment.settings.types.mute_schedule import (
    MuteDuration,
    MuteExpression,
    TimeZone,
    always_mutes,
    length,
    starts,
)
from deployment.settings.types.text import DISTINCT, Text


class MutedAlarms(Model):
    """The alarms that a maintenance window mutes: all that any of these names."""

    events: Annotated[tuple[EventKey, ...], DISTINCT] = ()
    """Those of these events, with their variants. Default: none."""
    packs: Annotated[tuple[Pack, ...], DISTINCT] = ()
    """Those of the events of these packs. Default: none."""
    severities: Annotated[tuple[Severity, ...], DISTINCT] = ()
    """Those of these severities, whatever they are over. Default: none."""
    correlations: Annotated[tuple[CorrelationKey, ...], DISTINCT] = ()
    """Those of these correlations. Default: none."""
    composite_alarms: Annotated[tuple[CompositeName, ...], DISTINCT] = ()
    """These of composite_alarms. Default: none."""
    silence_alarm: StrictBool = False
    """The alarm for a log group to which nothing comes any more, as where servers are switched off.
    Default: false."""
    all: StrictBool = False
    """Every alarm; also written 'alarms: all'. Default: false."""

    @model_validator(mode="after")
    def _names_some(self) -> Self:
        others = [name for name in type(self).model_fields if name != "all" and getattr(self, name)]
        if bool(others) == self.all:
            raise ValueError(
                f"names all alarms, and {' and '.join(others)}: leave one of the two out"
                if others
                else "names no alarm: give events, packs, severities or others, or 'alarms: all'"
            )
        return self


def _from_word(value: Any) -> Any:
    return {"all": True} if value == "all" else value


class MuteSettings(Model):
    """A maintenance window. Alarms that it mutes change their states, and notify nobody of it."""

    schedule: MuteExpression
    """When it begins: cron(minutes hours days-of-month months days-of-week), with names for the days of the
    week, such as cron(0 2 * * SUN), or once, such as at(2026-12-24T18:00)."""
    duration: MuteDuration
    """How long it lasts: 1 minute to 15 days, in ISO 8601, such as PT30M, PT4H or P2DT12H."""
    time_zone: TimeZone = "UTC"
    """The time zone of schedule, by its name, such as Asia/Tokyo, with its summer time. Default: UTC."""
    alarms: Annotated[
        MutedAlarms, BeforeValidator(_from_word, json_schema_input_type=Literal["all"] | MutedAlarms)
    ]
    """Which alarms it mutes: a mapping, or all."""
    description: Text | None = None
    """What it is for, as the console shows it. Default: its name here."""

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if always_mutes(self.schedule, self.duration):
            raise ValueError(
                f"{self.duration} is as long as the time from one {self.schedule} to the next: the alarms "
                "would never notify anybody"
            )
        return self

    def is_active(self, at: datetime) -> bool:
        """Return whether the window is open at an aware time."""
        zone, longest = ZoneInfo(self.time_zone), length(self.duration)
        local = at.astimezone(zone)
        first = local.date() - longest - timedelta(1)
        days = (local.date() - first).days + 1
        return any(
            start <= at < start + longest
            for start in (each.replace(tzinfo=zone) for each in starts(self.schedule, first, days))
        )
