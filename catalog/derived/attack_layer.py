"""A layer for the MITRE ATT&CK Navigator: which techniques the events are signs of.

The shape is that of "ATT&CK Navigator Layer File Format Definition", version 4.5.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent

#: The version of ATT&CK whose ids the events name; the layer's format; the first Navigator that reads it.
_VERSIONS = {"attack": "19", "navigator": "4.9.0", "layer": "4.5"}
#: From one event to as many as any technique has: light to dark.
_COLORS = ["#deebf7", "#08519c"]


def technique_page(technique: str) -> str:
    """Return where MITRE describes a technique, such as ``T1110.001``."""
    return f"https://attack.mitre.org/techniques/{technique.replace('.', '/')}/"


def attack_layer(
    events: Iterable[SecurityEvent | Correlation], *, name: str, description: str = ""
) -> dict[str, Any]:
    """Return the layer of a choice of events, as JSON data.

    Args:
        events: The events and correlations; a technique's score is the number of those that name it, its
            comment their keys.
        name: What the Navigator calls the layer.
        description: What it says of it.
    """
    keys: dict[str, list[str]] = defaultdict(list)
    for event in events:
        for technique in event.attack:
            keys[technique].append(event.key)
    highest = max(map(len, keys.values()), default=1)
    return {
        "name": name,
        "versions": dict(_VERSIONS),
        "domain": "enterprise-attack",
        "description": description,
        "filters": {"platforms": ["Windows"]},
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "expandedSubtechniques": "annotated"},
        "techniques": [
            {"techniqueID": technique, "score": len(keys[technique]), "comment": ", ".join(keys[technique])}
            for technique in sorted(keys)
        ],
        # The scale must not be of no length, even where each technique has one event.
        "gradient": {"colors": list(_COLORS), "minValue": 0, "maxValue": highest},
    }
