"""The data of the charts of a page, as its script reads them: by the id of the element to draw in."""

from typing import Any

from catalog.model.alarm_rule import duration
from replay.engine.event_result import EventResult
from replay.engine.replay_result import ReplayResult
from replay.report.timeline import WITHOUT_ALARM, timeline
from replay.report.wording import iso

OVERVIEW = "overview"
#: How much of a chart's time is left free on each side.
_MARGIN = 0.02
_SHORTEST = 1800


def chart_id(event_result: EventResult) -> str:
    """Return the id of the element that an event's chart is drawn in."""
    return f"chart-{event_result.key}"


def charts(result: ReplayResult) -> dict[str, Any]:
    """Return the chart of each event that has matches, and the overview where an alarm was raised."""
    found = {
        chart_id(event_result): _chart(event_result)
        for event_result in result.event_results
        if event_result.matches
    }
    if raised := result.raised:
        found[OVERVIEW] = _overview(raised)
    return found


def _chart(event_result: EventResult) -> dict[str, Any]:
    line = timeline(event_result)
    alarm = event_result.event.alarm
    threshold = alarm.threshold if alarm else None
    times = [time for time, _ in line.points]
    return {
        "x": [iso(time) for time in times],
        "y": [count for _, count in line.points],
        "alarms": [[iso(start), iso(end)] for start, end in line.alarms],
        "threshold": threshold,
        "top": 1.15 * max([threshold or 1, *(count for _, count in line.points)]),
        "period": duration((alarm or WITHOUT_ALARM).period),
        "range": _range(times[0], times[-1]),
    }


def _overview(raised: list[EventResult]) -> dict[str, Any]:
    rows = [(event_result, timeline(event_result).alarms) for event_result in raised]
    return {
        "rows": [
            {
                "key": event_result.key,
                "title": event_result.event.title,
                "severity": event_result.event.severity.value,
                "alarms": [[iso(start), iso(end)] for start, end in alarms],
            }
            for event_result, alarms in rows
        ],
        "range": _range(min(a[0][0] for _, a in rows), max(a[-1][1] for _, a in rows)),
    }


def _range(first: int, last: int) -> list[str]:
    margin = max((last - first) * _MARGIN, (_SHORTEST - (last - first)) / 2)
    return [iso(first - margin), iso(last + margin)]
