"""Variants of samples: the near misses that make sense for every event, and other languages."""

import re
from xml.etree import ElementTree

from catalog.model.event_fields import fields_of
from catalog.model.provider import UNNAMED
from catalog.model.security_event import SecurityEvent
from catalog.samples.windows_event import COM_EVENT_SYSTEM, rendered, windows_event

_EVENT_ID = re.compile(r">\d+</EventID>")
_RECORD_ID = re.compile(r"<EventRecordID>\d+<")


def generated_near_misses(event: SecurityEvent, message: str) -> dict[str, str]:
    """Return records that no pattern of the event may find, made from one that it must find."""
    neighbour = _EVENT_ID.sub(f">{event.event_id + 1}</EventID>", message, count=1)
    host, text = (4689, "ProcessName") if event.event_id == 4688 else (4688, "CommandLine")
    field = (fields_of(event.provider.name, event.event_id) or ("Value",))[0]
    return {
        "the neighbouring id, with this id as the record's number": _RECORD_ID.sub(
            f"<EventRecordID>{event.event_id}<", neighbour
        ),
        "the neighbouring id, with this id as a value": neighbour.replace(
            "</System>", f"</System><EventData><Data Name='{field}'>{event.event_id}</Data></EventData>"
        ),
        "the record as a value of another": windows_event(host, {text: message}),
        "the record in the rendering of another": windows_event(host, rendering=message),
        "the same id and values from the Application channel": windows_event(
            event.event_id, values_of(message), provider=COM_EVENT_SYSTEM
        ),
    }


def renderings(event: SecurityEvent, message: str) -> dict[str, str]:
    """Return the same record as servers of several languages ship it, by language."""
    if "<RenderingInfo" in message:
        return {}
    words = {
        "en-US": event.title,
        "ja-JP": event.title_ja,
        "de-DE": "Überwachung",
        "fr-FR": "Succès de l’audit",
    }
    return {
        culture: rendered(message, f"{text}\n\n\t{event.event_id}", event.provider, culture)
        for culture, text in words.items()
    }


def values_of(message: str) -> dict[str, str]:
    """Return the values of a sample's data fields, by name."""
    root = ElementTree.fromstring(message)
    values = {data.get("Name", UNNAMED): data.text or "" for data in root.iterfind("{*}EventData/{*}Data")}
    if binary := root.findtext("{*}EventData/{*}Binary"):
        values["Binary"] = binary
    elements = {e.tag.partition("}")[2]: e.text or "" for e in root.iterfind("{*}UserData/{*}*/{*}*")}
    return values | elements
