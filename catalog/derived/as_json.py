"""An event as plain data, for ``python -m catalog list --json`` and other programs: the keys are stable."""

from dataclasses import asdict
from typing import Any

from catalog.derived.insights_query import insights_query
from catalog.model.security_event import SecurityEvent


def as_json(event: SecurityEvent) -> dict[str, Any]:
    """Return what a program may rely on of an event, JSON types only."""
    return {
        "key": event.key,
        "event_id": event.event_id,
        "channel": event.channel,
        "provider": event.provider.name,
        "title": event.title,
        "title_ja": event.title_ja,
        "family": event.family.value,
        "severity": event.severity.value,
        "patterns": list(event.patterns),
        "metric_name": event.metric_name,
        "alarm": asdict(event.alarm) if event.alarm else None,
        "audit": _audit(event),
        "prerequisites": [
            {"title": each.value.title, "manually": each.value.manually} for each in event.prerequisites
        ],
        "attack": list(event.attack),
        "evidence": event.evidence.value,
        "healthy": event.healthy,
        "packs": [pack.value for pack in event.packs],
        "domain_controllers_only": event.domain_controllers_only,
        "records_a_day": event.volume.records_a_day,
        "watched_field": event.watched_field or None,
        "runbook": event.runbook,
        "runbook_ja": event.runbook_ja,
        "note": event.note,
        "insights_query": insights_query(event),
    }


def _audit(event: SecurityEvent) -> dict[str, Any] | None:
    if event.audit is None:
        return None
    subcategory = event.audit.value
    return {
        "subcategory": subcategory.title,
        "guid": subcategory.guid,
        "also_needed": [
            {"subcategory": each.value.title, "guid": each.value.guid} for each in event.audits[1:]
        ],
        "success": event.outcome.success,
        "failure": event.outcome.failure,
        "default_on": subcategory.on_by_default(event.outcome),
    }
