"""What a replay found, alarm by alarm, the most urgent first: what to look at, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from catalog import SecurityEvent, Severity
from catalog.model.alarm_rule import duration, rule
from cli.text import counted
from replay.engine.event_result import EventResult
from replay.engine.log_alarm import ContributorResult, LogAlarmResult
from replay.engine.replay_result import ReplayResult
from replay.report.timeline import Timeline, stretches, timeline

_SEVERITIES = tuple(Severity)
_MINUTE = 60_000


@dataclass(frozen=True)
class FoundAlarm:
    """An alarm, or an event without one, whose records are in the logs.

    Args:
        key: What reports call it.
        title: What happened, in English.
        title_ja: The same in Japanese.
        severity: How much it matters.
        families: What it is about.
        attack: MITRE ATT&CK technique ids.
        runbook: What to do, in English.
        runbook_ja: The same in Japanese.
        matches: How many records it finds.
        raised: When it notified, in seconds since 1970.
        alarms: When it was in ALARM: from, to.
        facts: Its rule, and how the records compare with it, in short sentences.
        recipients: Whom it notifies.
        events: The events whose records it finds.
        minutes: How many records there are in each minute since 1970.
        line: How the count of the alarm's period went; None of a log alarm.
        contributors: The contributors of a log alarm that notified.
    """

    key: str
    title: str
    title_ja: str
    severity: Severity
    families: tuple[str, ...]
    attack: tuple[str, ...]
    runbook: str
    runbook_ja: str
    matches: int
    raised: tuple[int, ...]
    alarms: tuple[tuple[int, int], ...]
    facts: tuple[str, ...]
    recipients: tuple[str, ...]
    events: tuple[SecurityEvent, ...]
    minutes: dict[int, int]
    line: Timeline | None = None
    contributors: tuple[ContributorResult, ...] = ()


def findings(result: ReplayResult) -> list[FoundAlarm]:
    """Return what was found: what raised an alarm first, then by severity and number of records."""
    found = [
        *(_of_event(each, result) for each in result.event_results if each.matches),
        *(_of_log_alarm(each, result) for each in result.log_alarms if each.matches),
        *_without_alarm(result),
    ]
    return sorted(found, key=lambda f: (not f.raised, -_SEVERITIES.index(f.severity), -f.matches, f.key))


def _of_event(found: EventResult, result: ReplayResult) -> FoundAlarm:
    event, line = found.event, timeline(found)
    if event.alarm:
        rules = [f"Alarm at {rule(event.alarm)}", f"at most {found.peak:,} in {duration(event.alarm.period)}"]
    else:
        rules = ["Metric only: no alarm"]
    recipients = result.watch.recipients.get(found.key, ()) if event.alarm else ()
    return replace(
        _unalarmed(event, found.counts, *rules),
        key=found.key,
        raised=found.raised,
        alarms=line.alarms,
        recipients=recipients,
        line=line,
    )


def _unalarmed(event: SecurityEvent, counts: Mapping[int, int], *rules: str) -> FoundAlarm:
    """Return an event with its records, as if no alarm were on it."""
    return FoundAlarm(
        key=event.key,
        title=event.title,
        title_ja=event.title_ja,
        severity=event.severity,
        families=(event.family.value,),
        attack=event.attack,
        runbook=event.runbook,
        runbook_ja=event.runbook_ja,
        matches=sum(counts.values()),
        raised=(),
        alarms=(),
        facts=(f"Event {event.event_id} in {event.channel}", *rules),
        recipients=(),
        events=(event,),
        minutes=dict(counts),
    )


def _of_log_alarm(found: LogAlarmResult, result: ReplayResult) -> FoundAlarm:
    watched, correlation = found.watched, found.watched.alarm.correlation
    events = watched.alarm.events
    times = (time for records in found.found.values() for time, _, _ in records)
    minutes = Counter(time // _MINUTE for time in times)
    facts = [f"Runs every {duration(watched.settings.schedule)}, over {duration(watched.window)}"]
    if found.notifications:
        facts.append(f"{counted(found.notifications, 'notification')}, one for each contributor")
    else:
        most = max(each.peak for each in found.contributors)
        facts.append(f"at most {most:,} of a contributor; the alarm needs {watched.query.threshold:,}")
    if found.missed:
        facts.append(f"{counted(found.missed, 'record')} came too late for every run")
    return FoundAlarm(
        key=found.key,
        title=watched.title,
        title_ja=correlation.title_ja if correlation else events[0].title_ja,
        severity=watched.severity,
        families=("correlation",) if correlation else tuple(dict.fromkeys(e.family.value for e in events)),
        attack=correlation.attack if correlation else tuple({t: None for e in events for t in e.attack}),
        runbook=correlation.runbook if correlation else events[0].runbook,
        runbook_ja=correlation.runbook_ja if correlation else events[0].runbook_ja,
        matches=found.matches,
        raised=found.raised,
        alarms=tuple(stretches(found.transitions)),
        facts=tuple(facts),
        recipients=result.watch.recipients.get(found.key, ()),
        events=events,
        minutes=dict(minutes),
        contributors=tuple(each for each in found.contributors if each.raised),
    )


def _without_alarm(result: ReplayResult) -> Iterator[FoundAlarm]:
    """Yield the events of log alarms' engine that have no alarm: their records are found all the same."""
    for event in result.watch.chosen:
        if event.key in result.watch.log_engine and not event.alarm and result.counts[event.key]:
            yield _unalarmed(event, result.counts[event.key], "No alarm")
