"""Charts as SVG in the page itself: they take its colours, need no script, and print.

A chart is as wide as its place: what is drawn is stretched, so texts stand beside it as HTML.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape

from catalog.model.alarm_rule import AlarmDefaults, duration
from cli.text import counted
from replay.report.finding import FoundAlarm
from replay.report.timeline import WITHOUT_ALARM, Timeline
from replay.report.wording import readable

#: The units of a chart's width; a tick is three of them wide at least.
_WIDTH, _TICK = 1000, 3
_CHART_HEIGHT, _STRIP_HEIGHT = 140, 20
_MINUTE, _DAY = 60, 86_400
#: Up to so many days a heat map has a row for each, beyond one for each day of the week.
_DAYS = 14
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def strip(finding: FoundAlarm, span: tuple[int, int]) -> str:
    """Return when the records of a finding were written, as ticks, and when it was in ALARM, below them."""
    first, last = span
    scale = _WIDTH / max(last - first, _MINUTE)
    places = sorted({int((minute * _MINUTE - first) * scale / _TICK) for minute in finding.minutes})
    records = "".join(f'<rect x="{place * _TICK}" y="2" width="{_TICK}" height="10"/>' for place in places)
    alarms = "".join(
        f'<rect x="{(start - first) * scale:.0f}" y="15" width="{max(_TICK, (end - start) * scale):.0f}" '
        'height="4"/>'
        for start, end in finding.alarms
    )
    label = f"{counted(finding.matches, 'record')}, {counted(len(finding.raised), 'notification')}"
    return (
        f'<svg class="strip" viewBox="0 0 {_WIDTH} {_STRIP_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}"><g class="records">{records}</g><g class="alarms">{alarms}</g></svg>'
    )


def is_worth_a_chart(finding: FoundAlarm) -> bool:
    """Return whether a chart shows more than the strip: how near an alarm is that needs several records."""
    if finding.line is None or len(finding.minutes) == 1:
        return False
    alarm = finding.events[0].alarm
    return alarm.threshold > 1 if alarm else max(count for _, count in finding.line.points) > 1


def chart(line: Timeline, alarm: AlarmDefaults | None) -> str:
    """Return how the count of an alarm's period went, with its threshold and when it was in ALARM."""
    first, last = line.points[0][0], line.points[-1][0]
    threshold = alarm.threshold if alarm else None
    peak = max(count for _, count in line.points)
    top = 1.1 * max(threshold or 1, peak)
    across = _WIDTH / max(last - first, _MINUTE)

    def at(time: int) -> float:
        return round((time - first) * across, 1)

    def height(count: float) -> float:
        return round(_CHART_HEIGHT * (1 - count / top), 1)

    steps = "".join(f"H{at(time)}V{height(count)}" for time, count in line.points)
    path = f"M0 {_CHART_HEIGHT}{steps}H{_WIDTH}"
    bands = "".join(
        f'<rect class="band" x="{at(start)}" y="0" width="{max(at(end) - at(start), _TICK):.1f}" '
        f'height="{_CHART_HEIGHT}"/>'
        for start, end in line.alarms
    )
    limit = "" if threshold is None else f'<path class="threshold" d="M0 {height(threshold)}H{_WIDTH}"/>'
    # The texts of the axis, unless the two would cover each other.
    marks = [(peak, f"{peak:,}")]
    if threshold is not None and abs(height(threshold) - height(peak)) > _CHART_HEIGHT / 8:
        marks.append((threshold, f"{threshold:,}"))
    axis = "".join(
        f'<span style="top:{100 * height(count) / _CHART_HEIGHT:.1f}%">{text}</span>' for count, text in marks
    )
    label = (
        f"Records in {duration((alarm or WITHOUT_ALARM).period)}, at most {peak:,}"
        + ("" if threshold is None else f"; the threshold is {threshold:,}")
        + f"; {readable(first)} to {readable(last)} UTC"
    )
    return (
        f'<figure class="chart"><div class="axis" aria-hidden="true">{axis}</div>'
        f'<svg viewBox="0 0 {_WIDTH} {_CHART_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{bands}<path class="area" d="{path}V{_CHART_HEIGHT}Z"/>'
        f'<path class="line" d="{path}"/>{limit}</svg>'
        f"<figcaption><span>{readable(first)}</span><span>{escape(label.partition(';')[0])}</span>"
        f"<span>{readable(last)} UTC</span></figcaption></figure>"
    )


def heat_map(minutes: Mapping[int, int]) -> str:
    """Return how many records there are in each hour (UTC), by day; of many days, by day of the week."""
    days = {minute * _MINUTE // _DAY for minute in minutes}
    by_date = max(days) - min(days) < _DAYS
    cells: Counter[tuple[int, int]] = Counter()
    for minute, count in minutes.items():
        day, rest = divmod(minute * _MINUTE, _DAY)
        # 1970 began on a Thursday.
        cells[day if by_date else (day + 3) % 7, rest // 3600] += count
    rows = range(min(days), max(days) + 1) if by_date else range(7)
    most = max(cells.values())
    head = "".join(f'<th scope="col">{hour:02}</th>' for hour in range(24))
    body = "".join(
        f'<tr><th scope="row">{_day(row, by_date)}</th>'
        + "".join(_cell(cells[row, hour], most) for hour in range(24))
        + "</tr>"
        for row in rows
    )
    return (
        '<div class="scroll" tabindex="0"><table class="heat"><caption>Records found, by hour (UTC)</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(count: int, most: int) -> str:
    if not count:
        return "<td></td>"
    # Four steps, each twice the one before at least, and the number itself.
    level = max(1, 4 - (most // count).bit_length() + 1)
    shown = f"{count}" if count < 1000 else f"{count // 1000}k"
    return f'<td class="level-{level}" title="{count:,}">{shown}</td>'


def _day(number: int, by_date: bool) -> str:
    if by_date:
        return f"{_EPOCH + timedelta(days=number):%a %d %b}"
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[number]
