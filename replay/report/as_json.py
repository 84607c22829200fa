"""What a replay found, as plain data for other programs. The keys are a contract."""

from dataclasses import asdict
from typing import Any

from replay.engine.replay_result import ReplayResult
from replay.report.wording import iso


def as_json(result: ReplayResult) -> dict[str, Any]:
    """Return the result of a replay, JSON types only; times are in UTC, in ISO 8601."""
    return {
        "watch": result.watch.name,
        "collection": result.watch.collection.value,
        "files": result.files,
        "events": result.events,
        "shipped": result.shipped,
        "not_shipped": dict(result.not_shipped.most_common()),
        "not_shipped_ids": {
            channel: {str(event_id): count for event_id, count in ids.most_common()}
            for channel, ids in result.not_shipped_by_id.items()
        },
        "first": None if result.first is None else iso(result.first / 1000),
        "last": None if result.last is None else iso(result.last / 1000),
        "matches": {f.event.key: f.matches for f in result.event_results if not f.variant},
        "alarms": {
            event_result.key: {
                **asdict(event_result.event.alarm),
                "peak": event_result.peak,
                "transitions": [
                    {"at": iso(change.at), "state": change.state.value, "count": change.count}
                    for change in event_result.transitions
                ],
            }
            for event_result in result.event_results
            if event_result.event.alarm
        },
        "problems": {
            problem.title: {"count": found.count, "meaning": problem.meaning, "first": found.first}
            for problem, found in result.problems
        },
    }
