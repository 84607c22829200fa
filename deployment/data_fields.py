"""Whether an event has a data field."""

from catalog.errors import did_you_mean
from catalog.event_fields import fields_of
from catalog.security_event import SecurityEvent


def field_problem(event: SecurityEvent, field: str) -> str | None:
    """Return why an event cannot have a data field; None where it has it, or where its fields are unknown."""
    known = fields_of(event.provider.name, event.event_id)
    if known is None or field in known:
        return None
    hint = did_you_mean(field, known) or f"; it has {', '.join(known)}"
    return f"event {event.event_id} has no field {field}{hint}"
