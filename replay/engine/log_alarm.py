"""When a log alarm notifies, as CloudWatch runs its query.

* A run sees the records of its window that have arrived by then: a record that is late by more than the
  window is longer than the schedule may be missed, and is counted as such.
* Each contributor is judged by itself, notifies as it goes to ALARM, and returns to OK with the first run
  that does not find it any more.
* The runs are at multiples of the schedule. In an account they begin when the alarm is created.

The answer comes from the parsed fields of the records, and not from the query: each is evidence for the
other.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from catalog import SecurityEvent, Severity
from catalog.derived.alarm_query import AlarmQuery
from catalog.derived.correlation_query import correlation_query
from catalog.derived.event_query import acting_field, contributors_of, event_alarm_query
from catalog.model.correlation import COMPUTER, Correlation
from catalog.model.record_evaluation import Group, Match, TimedRecord, correlated, is_alarm, is_of_event
from deployment.resources.alarms import RegionAlarm
from deployment.settings.log_alarms import LogAlarmSettings
from replay.engine.alarm_evaluation import State

#: How many contributors can be in ALARM at a time (user guide); CloudWatch leaves the others out.
MOST_IN_ALARM = 100
_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of a query makes of a contributor.

    Args:
        at: When, in seconds since 1970.
        number: The number that is compared with the threshold.
        state: The contributor's state from then on.
    """

    at: int
    number: int
    state: State


@dataclass(frozen=True)
class WatchedLogAlarm:
    """A log alarm, and how it finds and judges records.

    Args:
        alarm: The alarm: of an event, of several, or of a correlation.
        settings: The schedule and the lateness of the account.
        evaluated_results: How many of the latest runs are looked at (N).
        results_to_alarm: How many of these must breach (M).
    """

    alarm: RegionAlarm
    settings: LogAlarmSettings = field(default_factory=LogAlarmSettings)
    evaluated_results: int = 1
    results_to_alarm: int = 1

    @property
    def key(self) -> str:
        """What reports call it."""
        return self.alarm.key

    @property
    def chosen_by(self) -> frozenset[str]:
        """The keys of what it watches: of its events, or of its correlation."""
        correlation = self.alarm.correlation
        return frozenset([correlation.key] if correlation else [event.key for event in self.alarm.events])

    @property
    def title(self) -> str:
        """What has happened where it fires."""
        if self.alarm.correlation:
            return self.alarm.correlation.title
        first, *more = self.alarm.events
        return f"{first.title}, or one of {len(more)} more events" if more else first.title

    @property
    def severity(self) -> Severity:
        """Its severity."""
        return self.alarm.severity

    @property
    def query(self) -> AlarmQuery:
        """Its query."""
        assert self.alarm.query is not None, "a log alarm has a query"
        return self.alarm.query

    @property
    def window(self) -> int:
        """How many seconds back a run looks."""
        return self.query.look_back(self.settings.schedule, self.settings.lateness)

    @cached_property
    def places(self) -> frozenset[tuple[str, int]]:
        """The event log and the id of each record that it may count."""
        if self.alarm.correlation:
            records = self.alarm.correlation.records
            return frozenset((each.provider.channel, number) for each in records for number in each.event_ids)
        return frozenset((event.channel, each) for event in self.alarm.events for each in event.event_ids)

    def match(self, record: TimedRecord) -> Match | None:
        """Return the contributor of a record and what counts of it; None where the alarm passes over it."""
        if self.alarm.correlation:
            return correlated(self.alarm.correlation, record, self.settings.utc_offsets)
        event = next((event for event in self.alarm.events if is_of_event(record.record, event)), None)
        return None if event is None else Match(self._contributor(event, record), event.key)

    def _contributor(self, event: SecurityEvent, record: TimedRecord) -> Group:
        if len(self.alarm.events) == 1 and self.alarm.event:
            return tuple(record.value(name).lower() for name in contributors_of(event))
        account = acting_field(event)
        return (
            event.key,
            record.value(COMPUTER).lower(),
            record.value(account).lower() if account else "-",
        )

    def number(self, seen: Sequence[tuple[int, Match]]) -> int:
        """Return the number that is compared with the threshold.

        Args:
            seen: The records of a contributor that a run sees, each with its time in milliseconds.
        """
        if correlation := self.alarm.correlation:
            return self._correlated(correlation, seen)
        event = self.alarm.event
        if event is None or event.alarm is None:
            return len(seen)
        rule = event.alarm
        if rule.threshold == rule.evaluation_periods == 1:
            return len(seen)
        numbers = Counter(time // (rule.period * _SECOND) for time, _ in seen)
        if rule.evaluation_periods == 1:
            return max(numbers.values(), default=0)
        return sum(number >= rule.threshold for number in numbers.values())

    def _correlated(self, correlation: Correlation, seen: Sequence[tuple[int, Match]]) -> int:
        if correlation.counted:
            return len({match.counted for _, match in seen})
        return len(seen) if correlation.type.counts else int(is_alarm(correlation, seen))


@dataclass(frozen=True)
class ContributorResult:
    """What became of one contributor.

    Args:
        attributes: Its values by field.
        runs: The runs at which its number or state changes.
        records: How many records it has.
    """

    attributes: Mapping[str, str]
    runs: tuple[Run, ...]
    records: int

    @cached_property
    def transitions(self) -> tuple[Run, ...]:
        """The runs that change its state. It starts as OK."""
        state, changes = State.OK, []
        for run in self.runs:
            if run.state is not state:
                state = run.state
                changes.append(run)
        return tuple(changes)

    @property
    def raised(self) -> tuple[int, ...]:
        """When it notified, in seconds since 1970."""
        return tuple(change.at for change in self.transitions if change.state is State.ALARM)

    @property
    def peak(self) -> int:
        """Its highest number."""
        return max((run.number for run in self.runs), default=0)


@dataclass
class LogAlarmResult:
    """The records that a log alarm looks at, and what becomes of its contributors.

    Args:
        watched: The alarm.
        found: The records of each contributor: time and arrival in milliseconds, and what counts.
    """

    watched: WatchedLogAlarm
    found: defaultdict[Group, list[tuple[int, int, Match]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def key(self) -> str:
        """What reports call the alarm."""
        return self.watched.key

    def add(self, match: Match, time: int, arrival: int) -> None:
        """Take note of a record that the alarm looks at.

        Args:
            match: Its contributor and what counts of it.
            time: When it was written, in milliseconds since 1970.
            arrival: When it reached its log group.
        """
        self.found[match.group].append((time, arrival, match))

    @property
    def matches(self) -> int:
        """How many records it looks at."""
        return sum(map(len, self.found.values()))

    @cached_property
    def missed(self) -> int:
        """How many records arrived too late for every run."""
        return sum(
            first >= last
            for records in self.found.values()
            for first, last in (self._runs_of(time, arrival) for time, arrival, _ in records)
        )

    def _runs_of(self, time: int, arrival: int) -> tuple[int, int]:
        """Return the first run that sees a record, and the first that does not see it any more."""
        schedule, window = self.watched.settings.schedule * _SECOND, self.watched.window * _SECOND
        first = -(-max(time, arrival) // schedule) * schedule
        return first, (time + window) // schedule * schedule + schedule

    @cached_property
    def contributors(self) -> tuple[ContributorResult, ...]:
        """The contributors, from the first raised on, and those that never were at the end."""
        names = self.watched.query.contributors
        results = [
            ContributorResult(dict(zip(names, group, strict=True)), tuple(self._runs(records)), len(records))
            for group, records in self.found.items()
        ]
        return tuple(sorted(results, key=lambda each: (each.raised[:1] or (1 << 62,), -each.peak)))

    def _runs(self, records: Sequence[tuple[int, int, Match]]) -> Iterator[Run]:
        """Yield the runs at which the contributor's number changes, or might change its state."""
        watched = self.watched
        step = watched.settings.schedule * _SECOND
        comes: defaultdict[int, list[int]] = defaultdict(list)
        goes: defaultdict[int, list[int]] = defaultdict(list)
        for index, (time, arrival, _) in enumerate(records):
            first, last = self._runs_of(time, arrival)
            if first < last:
                comes[first].append(index)
                goes[last].append(index)
        seen: set[int] = set()
        times: list[int] = []
        numbers: list[int] = []
        for at in sorted({*comes, *goes}):
            seen.update(comes[at])
            seen.difference_update(goes[at])
            times.append(at)
            numbers.append(watched.number([(records[index][0], records[index][2]) for index in seen]))

        def number_at(time: int) -> int:
            place = bisect_right(times, time)
            return numbers[place - 1] if place else 0

        span = watched.evaluated_results
        for at in sorted({time + number * step for time in times for number in range(span)}):
            latest = [number_at(at - number * step) for number in range(span)]
            breaching = sum(number >= watched.query.threshold for number in latest)
            is_on = latest[0] > 0 and breaching >= watched.results_to_alarm
            yield Run(at // _SECOND, latest[0], State.ALARM if is_on else State.OK)

    @cached_property
    def raised(self) -> tuple[int, ...]:
        """When contributors notified, in seconds since 1970, in order."""
        return tuple(sorted(at for each in self.contributors for at in each.raised))

    @property
    def notifications(self) -> int:
        """How many notifications the alarm sends as contributors go to ALARM."""
        return len(self.raised)

    @cached_property
    def transitions(self) -> tuple[Run, ...]:
        """When the alarm itself changes its state, with the number of its contributors in ALARM."""
        runs, state = [], State.OK
        for at, number in self._numbers_in_alarm:
            if (now := State.ALARM if number else State.OK) is not state:
                state = now
                runs.append(Run(at, number, state))
        return tuple(runs)

    @cached_property
    def most_in_alarm(self) -> int:
        """The most contributors that are in ALARM at a time."""
        return max((number for _, number in self._numbers_in_alarm), default=0)

    @cached_property
    def _numbers_in_alarm(self) -> tuple[tuple[int, int], ...]:
        """How many contributors are in ALARM from each time on at which that may change, in order."""
        changes: Counter[int] = Counter()
        for contributor in self.contributors:
            for change in contributor.transitions:
                changes[change.at] += 1 if change.state is State.ALARM else -1
        times = sorted(changes)
        return tuple(zip(times, accumulate(changes[at] for at in times), strict=True))


def event_alarm(event: SecurityEvent) -> RegionAlarm:
    """Return the log alarm that the catalog proposes for an event with an alarm."""
    return RegionAlarm(
        *(event.key, ("events", event.key), event.key, event.severity),
        event=event,
        query=event_alarm_query(event),
        events=(event,),
    )


def correlation_alarm(correlation: Correlation) -> RegionAlarm:
    """Return the log alarm that the catalog proposes for a correlation."""
    key = f"correlations.{correlation.key}"
    return RegionAlarm(
        *(key, ("correlations", correlation.key), key, correlation.severity),
        query=correlation_query(correlation),
        correlation=correlation,
    )
