"""One pass over the records: what was read, what was shipped, and what each filter counted."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from replay.engine.finding import Finding
from replay.engine.pattern_dispatch import PatternDispatch
from replay.engine.watch import Watch
from replay.readers.files import Opener, file_records, log_files, open_file
from replay.readers.problems import Problem, Problems
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
class Outcome:
    """What a replay found. It grows with the minutes in which something matched, not with the logs.

    Args:
        watch: What was watched.
        files: The number of files read.
        problems: What was wrong with the input.
        read: The number of records that could be read.
        shipped: How many of them the agent would ship.
        not_shipped: The number of the others by channel.
        counts: What each event's metric counts: numbers by minute since 1970, for each key.
        first: The time of the earliest record, in milliseconds since 1970; None without any.
        last: The same of the latest.
    """

    watch: Watch
    files: int = 0
    problems: Problems = field(default_factory=Problems)
    read: int = 0
    shipped: int = 0
    not_shipped: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Counter[int]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None

    @property
    def events(self) -> int:
        """The number of events in the logs, with those that no filter could ever see."""
        unseen = (Problem.INCOMPLETE_EVENT, Problem.TOO_LARGE)
        return self.read + sum(self.problems.counts.get(problem, 0) for problem in unseen)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What became of each event that is reported on and of its further alarms, in their order."""
        found = []
        for event in self.watch.chosen:
            counts = self.counts[event.key]
            found.append(Finding(event, counts))
            found += [
                Finding(v.event, counts, v.name) for v in self.watch.variants if v.event.key == event.key
            ]
        return tuple(found)

    @property
    def raised(self) -> list[Finding]:
        """Those whose alarm was raised, from the first raised on."""
        return sorted((f for f in self.findings if f.raised), key=lambda finding: finding.raised[0])

    @property
    def counted(self) -> list[Finding]:
        """Those that matched something but raised no alarm, from the most records on."""
        counted = (f for f in self.findings if f.matches and not f.raised)
        return sorted(counted, key=lambda finding: -finding.matches)

    @property
    def quiet(self) -> list[Finding]:
        """The events that matched nothing."""
        return [finding for finding in self.findings if not (finding.matches or finding.variant)]


def replay(
    paths: Iterable[Path], watch: Watch, *, witness: Witness | None = None, opener: Opener = open_file
) -> Outcome:
    """Replay log files as if they arrived in the watched account.

    Args:
        paths: Files and folders.
        watch: What is watched there.
        witness: Sees each counted record.
        opener: Opens each file for reading.

    Raises:
        FileNotFoundError: A path does not exist, or a folder holds no log; names all of them.
    """
    outcome = Outcome(watch, counts={event.key: Counter() for event in watch.chosen})
    dispatch = PatternDispatch(watch.chosen)
    for path in log_files(paths, outcome.problems):
        outcome.files += 1
        _replay_file(path, outcome, dispatch, witness, opener)
    return outcome


def _replay_file(
    path: Path, outcome: Outcome, dispatch: PatternDispatch, witness: Witness | None, opener: Opener
) -> None:
    collects = outcome.watch.collects
    clocks: dict[str, int] = {}
    for record in file_records(path, outcome.problems, opener):
        outcome.read += 1
        _note_time(record, outcome, clocks, path)
        if not collects(record):
            _count_bounded(outcome.not_shipped, record.channel)
            continue
        outcome.shipped += 1
        keys = dispatch.matching(record)
        for key in keys:
            outcome.counts[key][record.time // _MINUTE] += 1
        if keys and witness:
            witness(keys, record)


def _note_time(record: Record, outcome: Outcome, clocks: dict[str, int], path: Path) -> None:
    time, computer = record.time, record.computer
    if outcome.first is None or time < outcome.first:
        outcome.first = time
    if outcome.last is None or time > outcome.last:
        outcome.last = time
    step_back = clocks.get(computer, time) - time
    if step_back > _CLOCK_TOLERANCE:
        place = f"{path}: {computer}, by {step_back / 1000:,.0f} seconds"
        outcome.problems.add(Problem.CLOCK_WENT_BACK, place)
    if len(clocks) > _NAMES:
        clocks.clear()
    clocks[computer] = time


def _count_bounded(counter: Counter[str], name: str) -> None:
    counter[name if name in counter or len(counter) < _NAMES else "(further channels)"] += 1
