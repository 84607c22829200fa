"""The lock file: what each event synthesizes, so that a change of it is seen in review and made on purpose.

A changed title or runbook leaves it as it is; a changed pattern, metric, alarm or audit requirement does not.
An event that watches a path is locked with its example path.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from catalog.events import EVENTS
from catalog.model.security_event import SecurityEvent

LOCK_FILE = Path(__file__).with_name("synthesized.lock.json")


def synthesized(events: Iterable[SecurityEvent] = EVENTS) -> str:
    """Return the text of the lock file for these events, by their keys in alphabetical order."""
    entries = {event.key: _entry(event) for event in sorted(events, key=lambda event: event.key)}
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def _entry(event: SecurityEvent) -> dict[str, Any]:
    return {
        "channel": event.channel,
        "event_id": event.event_id,
        "patterns": list(event.patterns),
        "metric_name": event.metric_name,
        "alarm": asdict(event.alarm) if event.alarm else None,
        "audit": _audit(event),
    }


def _audit(event: SecurityEvent) -> dict[str, Any] | None:
    if event.audit is None:
        return None
    also = [each.value.guid for each in event.audits[1:]]
    needed = {"guid": event.audit.value.guid, "outcome": event.outcome.value}
    return needed | ({"also_needed": also} if also else {})
