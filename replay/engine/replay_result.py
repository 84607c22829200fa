"""One pass over the records: what was read, what was shipped, and what each filter counted."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol
from xml.etree.ElementTree import ParseError

from catalog import SecurityEvent
from catalog.model.record import windows_record
from catalog.model.record_evaluation import TimedRecord, is_of_event
from replay.engine.delays import Delays
from replay.engine.event_result import EventResult
from replay.engine.log_alarm import LogAlarmResult
from replay.engine.pattern_dispatch import PatternDispatch
from replay.engine.watch import Watch
from replay.readers.file_formats import file_records
from replay.readers.files import Opener, log_files, open_file
from replay.readers.input_problem import InputProblem, InputProblems
from replay.readers.record import Record

#: A record this much earlier than the one before, in milliseconds, was not just overtaken on its way.
_CLOCK_TOLERANCE = 1000
_MINUTE = 60_000
#: How many names of channels, or of a file's hosts, are kept: a hostile file could hold any number.
_NAMES = 1000


class Witness(Protocol):
    """Sees each record that filters count, for reports that need more than numbers."""

    def __call__(self, keys: Collection[str], record: Record) -> None:
        """Take note of a record that the filters of the events with these keys count."""


class Observer(Protocol):
    """Sees each record that is read, for reports on the logs rather than on the alarms."""

    def __call__(self, record: Record, shipped: bool) -> None:
        """Take note of a record, and of whether the agent ships it."""


@dataclass
class ReplayResult:
    """What a replay found. It grows with the minutes in which something matched, not with the logs.

    Args:
        watch: What was watched.
        files: The number of files read.
        problems: What was wrong with the input.
        read: The number of records that could be read.
        shipped: How many of them the agent would ship.
        not_shipped_ids: The number of the others by channel and event id.
        counts: What each event's metric counts: numbers by minute since 1970, for each key. Of an event with
            the log engine, the records that its query finds.
        late: How many of these arrived later, for each key: numbers by the minute and that of the arrival.
        log_alarms: What became of each log alarm.
        first: The time of the earliest record, in milliseconds since 1970; None without any.
        last: The same of the latest.
    """

    watch: Watch
    files: int = 0
    problems: InputProblems = field(default_factory=InputProblems)
    read: int = 0
    shipped: int = 0
    not_shipped_ids: Counter[tuple[str, int]] = field(default_factory=Counter)
    counts: dict[str, Counter[int]] = field(default_factory=dict)
    late: dict[str, Counter[tuple[int, int]]] = field(default_factory=dict)
    log_alarms: tuple[LogAlarmResult, ...] = ()
    first: int | None = None
    last: int | None = None

    @property
    def events(self) -> int:
        """The number of events in the logs, with those that no filter could ever see."""
        unseen = (InputProblem.INCOMPLETE_EVENT, InputProblem.TOO_LARGE)
        return self.read + sum(self.problems.counts.get(problem, 0) for problem in unseen)

    @property
    def not_shipped_by_id(self) -> dict[str, Counter[int]]:
        """How many records of each event id the agent would not ship, by channel."""
        return {
            channel: Counter(
                {number: count for (log, number), count in self.not_shipped_ids.items() if log == channel}
            )
            for channel, _ in self.not_shipped.most_common()
        }

    @property
    def not_shipped(self) -> Counter[str]:
        """How many records the agent would not ship, by channel."""
        channels: Counter[str] = Counter()
        for (channel, _), count in self.not_shipped_ids.items():
            channels[channel] += count
        return channels

    @property
    def notifications(self) -> int:
        """How many notifications the alarms send as they, or contributors of theirs, go to ALARM."""
        of_metrics = sum(len(event_result.raised) for event_result in self.event_results)
        return of_metrics + sum(log_alarm.notifications for log_alarm in self.log_alarms)

    @property
    def muted(self) -> Counter[str]:
        """How many of these notifications each maintenance window mutes."""
        raised = [(each.key, at) for each in self.event_results for at in each.raised]
        raised += [
            (each.key, at) for each in self.log_alarms for one in each.contributors for at in one.raised
        ]
        windows = (self.watch.muted_by(key, at) for key, at in raised)
        return Counter(name for name in windows if name)

    @cached_property
    def event_results(self) -> tuple[EventResult, ...]:
        """What became of each event that filters count and of its further alarms, in their order."""
        found = []
        for event in self.watch.metric_events:
            counts, late = self.counts[event.key], self.late[event.key]
            found.append(EventResult(event, counts, late=late))
            found += [
                EventResult(v.event, counts, v.name, late)
                for v in self.watch.variants
                if v.event.key == event.key
            ]
        return tuple(found)

    @property
    def raised_log_alarms(self) -> list[LogAlarmResult]:
        """The log alarms that notified, from the first raised on."""
        return sorted((each for each in self.log_alarms if each.raised), key=lambda each: each.raised[0])

    @property
    def raised(self) -> list[EventResult]:
        """Those whose alarm was raised, from the first raised on."""
        return sorted(
            (f for f in self.event_results if f.raised), key=lambda event_result: event_result.raised[0]
        )

    @property
    def counted(self) -> list[EventResult]:
        """Those that matched something but raised no alarm, from the most records on."""
        counted = (f for f in self.event_results if f.matches and not f.raised)
        return sorted(counted, key=lambda event_result: -event_result.matches)

    @property
    def quiet(self) -> list[SecurityEvent]:
        """The events that matched nothing."""
        return [event for event in self.watch.chosen if not self.counts[event.key]]


def replay(
    paths: Iterable[Path],
    watch: Watch,
    *,
    witness: Witness | None = None,
    observer: Observer | None = None,
    opener: Opener = open_file,
    encoding: str = "",
    delays: Delays | None = None,
) -> ReplayResult:
    """Replay log files as if they arrived in the watched account.

    Args:
        paths: Files and folders.
        watch: What is watched there.
        witness: Sees each counted record.
        observer: Sees each record.
        opener: Opens each file for reading.
        encoding: The encoding of text files that do not begin with a mark of their own; by default the one
            that their XML declaration names, or UTF-8.
        delays: How late the records of some hosts are; by default they all arrive in time.

    Raises:
        FileNotFoundError: A path does not exist, or a folder holds no log; names all of them.
    """
    result = ReplayResult(
        watch,
        counts={event.key: Counter() for event in watch.chosen},
        late={event.key: Counter() for event in watch.chosen},
        log_alarms=tuple(map(LogAlarmResult, watch.reported_log_alarms)),
    )
    counters = _Counters(result, delays or Delays(), witness)
    for path in log_files(paths, result.problems):
        result.files += 1
        _replay_file(path, file_records(path, result.problems, opener, encoding), result, counters, observer)
    return result


class _Counters:
    """Lets the filters and the log alarms of a result count a record that is shipped."""

    def __init__(self, result: ReplayResult, delays: Delays, witness: Witness | None) -> None:
        self._result = result
        self._delays = delays
        self._witness = witness
        watch = result.watch
        self._dispatch = PatternDispatch(watch.metric_events)
        self._log_events = {event.key: event for event in watch.chosen if event.key in watch.log_engine}
        #: What may look at a record, by its channel and id: XML takes its time to be read.
        self._kinds: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for key, event in self._log_events.items():
            for event_id in event.event_ids:
                self._kinds[event.channel, event_id].append(key)
        self._log_alarms: defaultdict[tuple[str, int], list[LogAlarmResult]] = defaultdict(list)
        for log_alarm in result.log_alarms:
            for place in log_alarm.watched.places:
                self._log_alarms[place].append(log_alarm)

    def count(self, record: Record) -> None:
        arrival = record.time + self._delays.of(record.computer)
        keys = [*self._dispatch.matching(record), *self._found_in_logs(record, arrival)]
        minute, arrived = record.time // _MINUTE, arrival // _MINUTE
        for key in keys:
            self._result.counts[key][minute] += 1
            if arrived > minute:
                self._result.late[key][minute, arrived] += 1
        if keys and self._witness:
            self._witness(keys, record)

    def _found_in_logs(self, record: Record, arrival: int) -> list[str]:
        """Have the log alarms judge a record, and return the events with the log engine that it is of."""
        place = record.channel, record.event_id
        if place not in self._kinds and place not in self._log_alarms:
            return []
        try:
            timed = TimedRecord(record.time, windows_record(record.message))
        except (ParseError, ValueError) as error:
            self._result.problems.add(InputProblem.UNPARSED_RECORD, f"{record.computer}: {error}")
            return []
        for log_alarm in self._log_alarms.get(place, ()):
            if match := log_alarm.watched.match(timed):
                log_alarm.add(match, record.time, arrival)
        return [key for key in self._kinds.get(place, ()) if is_of_event(timed.record, self._log_events[key])]


def _replay_file(
    path: Path,
    records: Iterable[Record],
    result: ReplayResult,
    counters: _Counters,
    observer: Observer | None,
) -> None:
    collects = result.watch.collects
    latest: dict[tuple[str, str], tuple[int, int]] = {}
    for record in records:
        result.read += 1
        _note_time(record, result, latest, path)
        shipped = collects(record)
        if observer:
            observer(record, shipped)
        if not shipped:
            _count_bounded(result.not_shipped_ids, (record.channel, record.event_id))
            continue
        result.shipped += 1
        counters.count(record)


def _note_time(
    record: Record, result: ReplayResult, latest: dict[tuple[str, str], tuple[int, int]], path: Path
) -> None:
    time = record.time
    if result.first is None or time < result.first:
        result.first = time
    if result.last is None or time > result.last:
        result.last = time
    log = record.computer, record.channel
    number, before = latest.get(log, (record.number, time))
    # Only a record that was written later says so: a log that is full goes on at its start, and some tools
    # list the latest record first.
    if before - time > _CLOCK_TOLERANCE and number <= record.number:
        place = f"{path}: {record.computer}, by {(before - time) / 1000:,.0f} seconds"
        result.problems.add(InputProblem.CLOCK_WENT_BACK, place)
    if len(latest) > _NAMES:
        latest.clear()
    latest[log] = record.number, time


def _count_bounded(counter: Counter[tuple[str, int]], name: tuple[str, int]) -> None:
    counter[name if name in counter or len(counter) < _NAMES else ("(additional channels)", 0)] += 1
