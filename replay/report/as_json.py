"""What a replay found, as plain data for other programs. The keys are a contract."""

from dataclasses import asdict
from typing import Any

from replay.engine.log_alarm import LogAlarmResult, Run
from replay.engine.replay_result import ReplayResult
from replay.engine.watch import Watch
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
        "notifications": result.notifications,
        "matches": {event.key: result.counts[event.key].total() for event in result.watch.chosen},
        "alarms": {
            event_result.key: {
                **asdict(event_result.event.alarm),
                "peak": event_result.peak,
                "notifications": len(event_result.raised),
                "transitions": [
                    _transition(result.watch, event_result.key, change.at, change.state.value, change.count)
                    for change in event_result.transitions
                ],
            }
            for event_result in result.event_results
            if event_result.event.alarm
        }
        | {each.key: _log_alarm(each, result.watch) for each in result.log_alarms},
        "notices": list(result.watch.notices),
        "problems": {
            problem.title: {"count": found.count, "meaning": problem.meaning, "first": found.first}
            for problem, found in result.problems
        },
    }


def _log_alarm(result: LogAlarmResult, watch: Watch) -> dict[str, Any]:
    """Return a log alarm: with its contributors, each of which notifies by itself."""
    watched = result.watched

    def shown(run: Run) -> dict[str, Any]:
        return _transition(watch, result.key, run.at, run.state.value, run.number)

    return {
        "engine": "log",
        "threshold": watched.query.threshold,
        "schedule": watched.settings.schedule,
        "window": watched.window,
        "records": result.matches,
        "too_late": result.missed,
        "notifications": result.notifications,
        "transitions": [shown(change) for change in result.transitions],
        "contributors": [
            {
                "attributes": dict(each.attributes),
                "records": each.records,
                "peak": each.peak,
                "transitions": [shown(change) for change in each.transitions],
            }
            for each in result.contributors
        ],
    }


def _transition(watch: Watch, alarm_key: str, at: int, state: str, count: int) -> dict[str, Any]:
    """Return a change of state, with the maintenance window in which it notifies nobody."""
    window = watch.muted_by(alarm_key, at)
    return {"at": iso(at), "state": state, "count": count} | ({"muted": window} if window else {})
