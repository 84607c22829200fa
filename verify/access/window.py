"""The time that is looked back on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """The last hours.

    Args:
        hours: How many.
        end: When they end, with its time zone. Default: now.
    """

    hours: int
    end: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def start(self) -> datetime:
        """When they begin."""
        return self.end - timedelta(hours=self.hours)

    def __str__(self) -> str:
        return "in the last hour" if self.hours == 1 else f"in the last {self.hours} hours"


def shown(time: datetime) -> str:
    """Return a time as it is written in a message, in UTC."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
