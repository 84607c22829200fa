"""The deployment's own events in a Python file: records at its top level, as in a family of the catalog."""

import ast
import runpy
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import CatalogError
from catalog.events import EVENTS
from catalog.model.security_event import SecurityEvent
from deployment.loading.yaml_file import reason
from deployment.problem import DeploymentError, Problem


@dataclass(frozen=True, slots=True)
class OwnEventsFile:
    """What a file defines.

    Args:
        file: Its name, as problems tell it.
        events: Its records, in their order.
        lines: The line of each; None where it has none of its own, as in a loop.
    """

    file: str
    events: tuple[SecurityEvent, ...]
    lines: tuple[int | None, ...]


def read(path: Path) -> OwnEventsFile:
    """Run a file and return the events that it defines.

    Those are the records that its top-level names stand for, singly or in a list. What it only imports from
    the catalog is none of its own.

    Raises:
        DeploymentError: It cannot be read or run, or defines no event. Holds what is wrong, with the line.
    """
    file = str(path)
    try:
        source = path.read_bytes()
    except OSError as error:
        raise DeploymentError([Problem((), reason(error), file)]) from None
    try:
        lines = _lines(ast.parse(source, file))
        names = runpy.run_path(file, run_name="own_events")
    except (Exception, SystemExit) as error:
        raise DeploymentError(_problems(error, file)) from None
    found: list[tuple[SecurityEvent, int | None]] = []
    for name, event in _records(names):
        if event not in EVENTS and all(event is not other for other, _ in found):
            found.append((event, lines.get(name)))
    if not found:
        raise DeploymentError(
            [Problem((), "defines no event: write SecurityEvent records at its top level", file)]
        )
    return OwnEventsFile(file, tuple(event for event, _ in found), tuple(line for _, line in found))


def _records(names: Mapping[str, Any]) -> Iterator[tuple[str, SecurityEvent]]:
    for name, value in names.items():
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, SecurityEvent):
                yield name, each


def _lines(module: ast.Module) -> dict[str, int]:
    """Return the line in which each top-level name is assigned."""
    return {
        node.id: statement.lineno
        for statement in module.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _problems(error: BaseException, file: str) -> list[Problem]:
    if isinstance(error, SyntaxError) and error.filename == file:
        return [Problem((), f"is not Python: {error.msg}", file, error.lineno)]
    own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = own[-1] if own else None
    if isinstance(error, CatalogError):
        return [Problem((), f"{error.subject}: {problem}", file, line) for problem in error.problems]
    return [Problem((), f"{type(error).__name__}: {error}", file, line)]
