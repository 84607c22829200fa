"""What is wrong with the input, counted and named: a bad record never stops a replay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Protocol


class InputProblem(Enum):
    """One kind of thing that is wrong; the value is what it is called, and what that means."""

    UNREADABLE_FILE = ("unreadable file", "could not be opened or read")
    EMPTY_FILE = ("empty file", "holds nothing")
    UNREADABLE_FOLDER = ("unreadable folder", "could not be listed: what it holds is not read")
    LINKED_FOLDER = ("linked folder", "in a folder, a link to another one: not followed")
    NO_FILE = (
        "not a file",
        "in a folder, a link to what is not there or may not be seen, a pipe or the like: not opened",
    )
    REPEATED_FILE = ("repeated file", "given more than once, by itself, in a folder or by a link: read once")
    OTHER_FILE = ("other file", "in a folder, and by its name no log: not opened")
    NOT_A_LOG = (
        "not a log",
        "no event log, and no XML, JSON, CSV or lines of events in a known shape; the aws command line "
        "writes one with --output json",
    )
    UNKNOWN_ENCODING = (
        "unknown encoding",
        "its XML declaration names one that is not known, or not the text's own: read as UTF-8",
    )
    REPLACED_TEXT = (
        "replaced text",
        "a file with bytes that are no text in its encoding: they are replaced, and no pattern matches them; "
        "--encoding NAME says which it is in",
    )
    GUESSED_ENCODING = (
        "guessed encoding",
        "a file without a declared encoding, and not in UTF-8: --encoding NAME says which it is in",
    )
    DAMAGED_FILE = ("damaged file", "ends early or is broken in a place; what could be read of it counts")
    DAMAGED_RECORD = ("damaged record", "cannot be decoded, or breaks off")
    NOT_AN_EVENT = ("not an event", "is not the XML of a Windows event")
    INCOMPLETE_EVENT = (
        "incomplete event",
        "has no channel, level, provider or valid time: no filter sees it",
    )
    WRONG_TIMESTAMP = (
        "wrong timestamp",
        "no number of milliseconds since 1970, or from before CloudWatch Logs: the event's own time is used",
    )
    MISSING_RECORDS = ("missing records", "an answer of CloudWatch Logs that is not the last one")
    TOO_LARGE = ("too large", "over the size that Windows renders, or CloudWatch Logs takes: never arrives")
    UNPARSED_RECORD = (
        "record cut off",
        "its XML is not whole, so that no log alarm is tried on it; CloudWatch would search its text",
    )
    CLOCK_WENT_BACK = ("clock went back", "over a second earlier than the same host's record before it")

    @property
    def title(self) -> str:
        """What it is called, in the summary and in JSON."""
        return self.value[0]

    @property
    def meaning(self) -> str:
        """What it is, in words."""
        return self.value[1]


@dataclass(slots=True)
class Occurrences:
    """How often something went wrong, and where first."""

    count: int
    first: str


class Report(Protocol):
    """Takes note of a problem within a file."""

    def __call__(self, problem: InputProblem, place: str, count: int = 1) -> None:
        """Note a problem, its place in the file and what exactly it is, and how many records it concerns."""


class InputProblems:
    """Everything that was wrong with the input."""

    def __init__(self) -> None:
        self._found: dict[InputProblem, Occurrences] = {}

    def add(self, problem: InputProblem, place: str, count: int = 1) -> None:
        """Count a problem; ``place`` says where, and what exactly, and is kept of the first of a kind."""
        if problem not in self._found:
            # The name of a file may be no text at all, and what stands in it neither.
            self._found[problem] = Occurrences(0, place.encode(errors="replace").decode())
        self._found[problem].count += count

    def within(self, file: str) -> Report:
        """Return what takes note of problems within one file."""

        def report(problem: InputProblem, place: str, count: int = 1) -> None:
            self.add(problem, f"{file}: {place}", count)

        return report

    def __iter__(self) -> Iterator[tuple[InputProblem, Occurrences]]:
        """Yield the kinds that occurred, in the order of ``InputProblem``."""
        for problem in InputProblem:
            if problem in self._found:
                yield problem, self._found[problem]

    @property
    def counts(self) -> Mapping[InputProblem, int]:
        """How often each kind occurred."""
        return MappingProxyType({problem: occurrences.count for problem, occurrences in self})
