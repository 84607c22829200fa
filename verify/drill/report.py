"""What a drill says: beforehand, on its way, and at its end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from catalog.model.alarm_rule import duration
from cli.text import counted
from deployment.resources.alarms import MetricAlarmSpec
from deployment.resources.log_alarms import LogAlarmSpec
from verify.drill.hold import STREAM_PREFIX, Followed, Hop
from verify.drill.plan import COMPUTER, EventDrill


def announcement(drills: Sequence[EventDrill], notified: Mapping[str, Sequence[str]]) -> str:
    """Return what the drills will do and whom they will notify, in lines.

    Args:
        drills: The drills of one account and region.
        notified: The recipients by topic or other action.
    """
    region = drills[0].region
    lines = [f"{region.stack_name} (account {region.account_id})"]
    for drill in drills:
        where = f"{counted(len(drill.ages), 'record')} into the log group {drill.log_group}"
        then = f"the alarm {drill.alarm.name} fires" if drill.alarm else "no alarm: only the metric counts"
        if drill.schedule:
            then += f", with its next run, which is up to {duration(drill.schedule)} away"
        lines.append(f"  {drill.event.key}: {where}; {then}")
        lines += [f"    fires as well: {alarm.name}" for alarm in drill.further_alarms]
    for action, those in notified.items():
        lines.append(f"  notifies {action}" + ("" if those or ":sns:" not in action else ": no subscription"))
        lines += [f"    {each}" for each in those]
    if not notified:
        lines.append("  notifies nobody")
    if destination := region.settings.central.log_destination:
        lines.append(f"  the records go to {destination} as well")
    if bus := region.settings.central.event_bus:
        lines.append(f"  the alarms' changes of state go to {bus} as well")
    lines.append(
        f"  the records name the computer {COMPUTER}, in log streams {STREAM_PREFIX}... of their own"
    )
    return "\n".join(lines)


def hop_line(followed: Followed, hop: Hop) -> str:
    """Return a line that says which hop a drill has reached."""
    seconds = f"{followed.seconds[hop]:.1f}"
    return f"  {seconds:>7} s  {followed.drill.region.stack_name}  {followed.drill.event.key}: {hop.value}"


def table(followed: Iterable[Followed]) -> Table:
    """Return a row for each drill, with the seconds of each hop."""
    shown = Table(box=box.SIMPLE_HEAD)
    shown.add_column("")
    shown.add_column("stack", no_wrap=True)
    shown.add_column("event", no_wrap=True)
    for hop in Hop:
        shown.add_column(hop.value, justify="right")
    shown.add_column("result", overflow="fold", ratio=1)
    for one in followed:
        seconds = [f"{one.seconds[hop]:.1f} s" if hop in one.seconds else "-" for hop in Hop]
        status = Text("failed", style="bold red") if one.failure else Text("ok", style="green")
        shown.add_row(status, one.drill.region.stack_name, one.drill.event.key, *seconds, Text(_result(one)))
    return shown


def _result(one: Followed) -> str:
    if one.failure and one.next_hop:
        return f"stopped before: {one.next_hop.value}: {one.failure}; {one.advice}"
    if one.drill.alarm is None:
        return "counted; the event has no alarm"
    if one.contributor:
        named = ", ".join(f"{name} {value}" for name, value in one.contributor.items())
        return f"came through; the alarm names {named}"
    return "came through" if one.drill.alarm.actions else "came through; the alarm notifies nobody on purpose"


def closing(followed: Sequence[Followed]) -> str:
    """Return what remains of the drills and what nothing here can see."""
    lines = []
    if any(Hop.PUBLISHED in one.seconds for one in followed):
        lines.append("Whether the message has reached its recipients only they can say.")
    if periods := [
        _seconds_in_alarm(alarm)
        for one in followed
        if Hop.ALARM in one.seconds and (alarm := one.drill.alarm)
    ]:
        minutes = -(-max(periods) // 60)
        lines.append(
            f"The alarms return to OK by themselves, {counted(minutes, 'minute')} or a little more after the "
            "drill."
        )
    lines.append("The records are deleted; what the metrics have counted stays.")
    return "\n".join(lines)


def _seconds_in_alarm(alarm: MetricAlarmSpec | LogAlarmSpec) -> int:
    if isinstance(alarm, LogAlarmSpec):
        return alarm.start_time_offset + alarm.schedule
    return alarm.period * alarm.evaluation_periods


def as_json(followed: Iterable[Followed]) -> Mapping[str, Any]:
    """Return the same as JSON types."""
    return {
        "drills": [
            {
                "stack": one.drill.region.stack_name,
                "key": one.drill.event.key,
                "records": len(one.drill.ages),
                "log_group": one.drill.log_group,
                "alarm": one.drill.alarm.name if one.drill.alarm else None,
                "seconds": {hop.name.lower(): one.seconds.get(hop) for hop in Hop},
                "stopped_before": one.next_hop.name.lower() if one.failure and one.next_hop else None,
                "contributor": dict(one.contributor),
                "failure": one.failure,
                "advice": one.advice if one.failure else "",
            }
            for one in followed
        ]
    }
