"""One pass over the records: what was read, what was shipped, and what each filter counted."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from replay.engine.event_result import EventResult
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
        counts: What each event's metric counts: numbers by minute since 1970, for each key.
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
        """How many notifications the alarms send as they go to ALARM."""
        return sum(len(event_result.raised) for event_result in self.event_results)

    @cached_property
    def event_results(self) -> tuple[EventResult, ...]:
        """What became of each event that is reported on and of its further alarms, in their order."""
        found = []
        for event in self.watch.chosen:
            counts = self.counts[event.key]
            found.append(EventResult(event, counts))
            found += [
                EventResult(v.event, counts, v.name) for v in self.watch.variants if v.event.key == event.key
            ]
        return tuple(found)

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
    def quiet(self) -> list[EventResult]:
        """The events that matched nothing."""
        return [
            event_result
            for event_result in self.event_results
            if not (event_result.matches or event_result.variant)
        ]


def replay(
    paths: Iterable[Path],
    watch: Watch,
    *,
    witness: Witness | None = None,
    opener: Opener = open_file,
    encoding: str = "",
) -> ReplayResult:
    """Replay log files as if they arrived in the watched account.

    Args:
        paths: Files and folders.
        watch: What is watched there.
        witness: Sees each counted record.
        opener: Opens each file for reading.
        encoding: The encoding of text files that do not begin with a mark of their own; by default the one
            that their XML declaration names, or UTF-8.

    Raises:
        FileNotFoundError: A path does not exist, or a folder holds no log; names all of them.
    """
    result = ReplayResult(watch, counts={event.key: Counter() for event in watch.chosen})
    dispatch = PatternDispatch(watch.chosen)
    for path in log_files(paths, result.problems):
        result.files += 1
        _replay_file(path, file_records(path, result.problems, opener, encoding), result, dispatch, witness)
    return result


def _replay_file(
    path: Path,
    records: Iterable[Record],
    result: ReplayResult,
    dispatch: PatternDispatch,
    witness: Witness | None,
) -> None:
    collects = result.watch.collects
    latest: dict[tuple[str, str], tuple[int, int]] = {}
    for record in records:
        result.read += 1
        _note_time(record, result, latest, path)
        if not collects(record):
            _count_bounded(result.not_shipped_ids, (record.channel, record.event_id))
            continue
        result.shipped += 1
        keys = dispatch.matching(record)
        for key in keys:
            result.counts[key][record.time // _MINUTE] += 1
        if keys and witness:
            witness(keys, record)


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
