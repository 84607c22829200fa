"""Why an event finds a record or misses it: each thing that its patterns ask for, and what the record has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from catalog import Condition, SecurityEvent
from catalog.model.record import windows_record
from catalog.model.record_evaluation import is_of_event
from cli.text import printable
from replay.engine.watch import Watch
from replay.readers.file_formats import file_records
from replay.readers.files import log_files
from replay.readers.input_problem import InputProblems
from replay.readers.record import Record
from replay.report.evidence import data_fields
from replay.report.wording import readable


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a record needs, or must not have.

    Args:
        text: What is asked for.
        holds: Whether the record fulfils it.
        found: What the record has in its place.
    """

    text: str
    holds: bool
    found: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an event asks of one record.

    Args:
        key: The event's key.
        file: The file that holds the record.
        record: Its number, event id, log, computer and time, in a line.
        shipped: Whether the agent would ship it.
        requirements: What the event asks for, in the order of its pattern.
    """

    key: str
    file: str
    record: str
    shipped: bool
    requirements: tuple[Requirement, ...]

    @property
    def matches(self) -> bool:
        """Whether the event finds the record."""
        return all(requirement.holds for requirement in self.requirements)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {**asdict(self), "matches": self.matches}

    def __str__(self) -> str:
        lines = [
            f"{self.file}: {self.record}",
            f"{self.key} {'finds' if self.matches else 'misses'} this record:",
        ]
        for each in self.requirements:
            lines.append(f"  {'yes' if each.holds else 'no ':<3}  {each.text}; the record has {each.found}")
        if not self.shipped:
            lines.append("  no   is shipped: the configuration of the agent does not collect this record")
        return "\n".join(map(printable, lines))


def explanations(
    paths: Iterable[Path], key: str, number: int, watch: Watch, problems: InputProblems, encoding: str = ""
) -> Iterator[Explanation]:
    """Yield what an event asks of each record that has a number, in some files.

    Args:
        paths: Files and folders.
        key: The event's key.
        number: The record's number in its log, ``EventRecordID``.
        watch: What is watched, the event among it.
        problems: Takes note of what cannot be read.
        encoding: The encoding of text files, as for ``replay``.

    Raises:
        UnknownNameError: The event is not watched; names the nearest.
        FileNotFoundError: A path does not exist.
    """
    (event,) = watch.only(keys=[key]).chosen
    for path in log_files(paths, problems):
        for record in file_records(path, problems, encoding=encoding):
            if record.number == number:
                yield Explanation(
                    key,
                    str(path),
                    f"record {number}, event {record.event_id} of {record.channel}, {record.computer}, "
                    f"{readable(record.time / 1000)} UTC",
                    watch.collects(record),
                    tuple(_requirements(event, record)),
                )


def _requirements(event: SecurityEvent, record: Record) -> Iterator[Requirement]:
    if event.selection:
        meant = f"is what the rule asks for, by event id {', '.join(map(str, event.event_ids))}"
        found = is_of_event(windows_record(record.message), replace(event, where=()))
    else:
        meant = f"is event {event.event_id} of {event.provider.name}"
        found = all(text in record.message for text in event.provider.texts(event.event_id))
    yield Requirement(meant, found, f"event {record.event_id} of {record.provider}")
    fields: dict[str, str] = {}
    for name, value in data_fields(record.message):
        fields.setdefault(name, value)
    for condition in event.where:
        texts = event.texts(condition)
        holds = any(text in record.message for text in texts) is not condition.operator.excludes
        values = windows_record(record.message).header if condition.in_header else fields
        yield Requirement(_asked(condition), holds, _found(condition, texts, values, record))


def _asked(condition: Condition) -> str:
    joint = " and " if condition.operator.excludes else " or "
    values = joint.join(f"'{value}'" for value in condition.values)
    return f"{condition.field} {condition.operator.value} {values}"


def _found(condition: Condition, texts: Iterable[str], values: Mapping[str, str], record: Record) -> str:
    value = values.get(condition.field)
    found = f"no {condition.field}" if value is None else f"'{value}'"
    folded = record.message.casefold()
    if not any(text in record.message for text in texts) and any(text.casefold() in folded for text in texts):
        return f"{found}, in another letter case: CloudWatch compares upper and lower case"
    return found
