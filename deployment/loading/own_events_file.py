"""The deployment's own events in a Python file: records at its top level, as in a family of the catalog."""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from catalog.model.security_event import SecurityEvent
from deployment.loading.yaml_file import reason
from deployment.problem import DeploymentError, Problem
from deployment.settings.explanation import explanation

#: How long a file may run: it defines records, and nothing else.
_MOST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class OwnEventsFile:
    """What a file defines.

    Args:
        file: Its name, as problems spell it.
        events: Its records, in their order.
        lines: The line of each; None where it has none of its own, as in a loop.
    """

    file: str
    events: tuple[SecurityEvent, ...]
    lines: tuple[int | None, ...]


def read(path: Path) -> OwnEventsFile:
    """Run a file in a process of its own and return the events that it defines.

    Raises:
        DeploymentError: It cannot be read or run, defines no event, or one with a value of a wrong type.
            Holds what is wrong, with the line.
    """
    file = str(path)
    try:
        path.read_bytes()
    except OSError as error:
        raise DeploymentError([Problem((), reason(error), file)]) from None
    found = _run(file)
    problems = [each for each in found if isinstance(each, Problem)]
    records = [each for each in found if not isinstance(each, Problem)]
    for event, line in records:
        problems += [
            Problem((), f"event {event.key!r}: {place}: {problem}", file, line)
            for place, problem in _type_problems(event)
        ]
    if problems:
        raise DeploymentError(problems)
    return OwnEventsFile(file, tuple(event for event, _ in records), tuple(line for _, line in records))


def _run(file: str) -> list[tuple[SecurityEvent, int | None]] | list[Problem]:
    package = __name__.rpartition(".")[0]
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result"
        try:
            ended = subprocess.run(
                [sys.executable, "-m", f"{package}.own_events_process", file, str(result)],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                timeout=_MOST_SECONDS,
            )
        except subprocess.TimeoutExpired:
            message = f"was still running after {_MOST_SECONDS} seconds: it must define records only"
            return [Problem((), message, file)]
        if ended.returncode or not result.exists():
            message = f"ended Python with exit status {ended.returncode}: it must define records only"
            return [Problem((), message, file)]
        found: list[tuple[SecurityEvent, int | None]] | list[Problem] = pickle.loads(result.read_bytes())
        return found


def _type_problems(record: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field of a record, and of the records in it, that has a value of another type."""
    kind: object = type(record)
    for field in fields(record):
        here = f"{place}.{field.name}" if place else field.name
        value = getattr(record, field.name)
        try:
            _type_of(kind, field.name).validate_python(value, strict=True)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                is_no_tuple = detail["type"] == "tuple_type"
                yield here, "must be a tuple: (value,)" if is_no_tuple else explanation(detail, {}, {})
            continue
        for each in value if isinstance(value, tuple) else (value,):
            if is_dataclass(each) and not isinstance(each, type):
                yield from _type_problems(each, here)


@cache
def _type_of(record: object, field: str) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(record)[field])
