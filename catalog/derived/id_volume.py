"""How many records servers write of a whole event id, of which the catalog may watch a small part only."""

from collections.abc import Iterable, Mapping

from catalog.events import EVENTS
from catalog.model.security_event import SecurityEvent, Volume

#: What a busy server writes of an id of which the catalog watches a small part only.
_WHOLE_IDS = {
    ("Security", 4662): Volume.HIGH,
    ("Security", 4768): Volume.HIGH,
    ("Security", 4769): Volume.HIGH,
    ("Security", 4776): Volume.MEDIUM,
    ("Microsoft-Windows-Windows Defender/Operational", 5007): Volume.LOW,
    ("Microsoft-Windows-TaskScheduler/Operational", 200): Volume.MEDIUM,
    ("OpenSSH/Operational", 4): Volume.MEDIUM,
    ("Windows PowerShell", 400): Volume.MEDIUM,
}


def id_volumes(events: Iterable[SecurityEvent]) -> Mapping[tuple[str, int], Volume]:
    """Return the volume of each whole id that some events need, by channel and id.

    It is that of the id's most frequent event, in the catalog or among those given.
    """
    chosen = tuple(events)
    ids = dict.fromkeys((event.channel, event_id) for event in chosen for event_id in event.event_ids)
    volumes = {key: _WHOLE_IDS.get(key, Volume.RARE) for key in ids}
    for event in (*EVENTS, *chosen):
        for event_id in event.event_ids:
            key = event.channel, event_id
            if key in volumes:
                volumes[key] = max(volumes[key], event.volume, key=lambda volume: volume.records_a_day)
    return volumes
