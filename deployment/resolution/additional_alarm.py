"""A further alarm over the metric of an event."""

from dataclasses import dataclass

from catalog.model.security_event import SecurityEvent


@dataclass(frozen=True, slots=True)
class AdditionalAlarm:
    """A further alarm over the metric of an event: a slow one beside the burst, say.

    Args:
        name: Its name among the event's variants, such as ``slow``.
        event: The event with the alarm and the severity of this variant; all else is the event's.
        actions: The ARNs that it calls in place of its severity's topic; most have none.
    """

    name: str
    event: SecurityEvent
    actions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What reports call it: ``<event key>.<name>``, which no event is called."""
        return f"{self.event.key}.{self.name}"
