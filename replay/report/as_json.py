"""What a replay found, as plain data for other programs. The keys are a contract."""

from dataclasses import asdict
from typing import Any

from replay.engine.outcome import Outcome
from replay.report.wording import iso


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome of a replay, JSON types only; times are in UTC, in ISO 8601."""
    return {
        "watch": outcome.watch.name,
        "collection": outcome.watch.collection.value,
        "files": outcome.files,
        "events": outcome.events,
        "shipped": outcome.shipped,
        "not_shipped": dict(outcome.not_shipped.most_common()),
        "first": None if outcome.first is None else iso(outcome.first / 1000),
        "last": None if outcome.last is None else iso(outcome.last / 1000),
        "matches": {f.event.key: f.matches for f in outcome.findings if not f.variant},
        "alarms": {
            finding.key: {
                **asdict(finding.event.alarm),
                "peak": finding.peak,
                "transitions": [
                    {"at": iso(change.at), "state": change.state.value, "count": change.count}
                    for change in finding.transitions
                ],
            }
            for finding in outcome.findings
            if finding.event.alarm
        },
        "problems": {
            problem.title: {"count": found.count, "meaning": problem.meaning, "first": found.first}
            for problem, found in outcome.problems
        },
    }
