"""The data of the charts of a page, as its script reads them: by the id of the element to draw in."""

from typing import Any

from catalog.model.alarm_rule import duration
from replay.engine.finding import Finding
from replay.engine.outcome import Outcome
from replay.report.timeline import WITHOUT_ALARM, timeline
from replay.report.wording import iso

OVERVIEW = "overview"
#: How much of a chart's time is left free on each side.
_MARGIN = 0.02
_SHORTEST = 1800


def chart_id(finding: Finding) -> str:
    """Return the id of the element that an event's chart is drawn in."""
    return f"chart-{finding.key}"


def charts(outcome: Outcome) -> dict[str, Any]:
    """Return the chart of each event that has matches, and the overview where an alarm was raised."""
    found = {chart_id(finding): _chart(finding) for finding in outcome.findings if finding.matches}
    if raised := outcome.raised:
        found[OVERVIEW] = _overview(raised)
    return found


def _chart(finding: Finding) -> dict[str, Any]:
    line = timeline(finding)
    alarm = finding.event.alarm
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


def _overview(raised: list[Finding]) -> dict[str, Any]:
    rows = [(finding, timeline(finding).alarms) for finding in raised]
    return {
        "rows": [
            {
                "key": finding.key,
                "title": finding.event.title,
                "severity": finding.event.severity.value,
                "alarms": [[iso(start), iso(end)] for start, end in alarms],
            }
            for finding, alarms in rows
        ],
        "range": _range(min(a[0][0] for _, a in rows), max(a[-1][1] for _, a in rows)),
    }


def _range(first: int, last: int) -> list[str]:
    margin = max((last - first) * _MARGIN, (_SHORTEST - (last - first)) / 2)
    return [iso(first - margin), iso(last + margin)]
