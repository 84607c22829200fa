"""Runs a Python file of own events: ``python -m deployment.loading.own_events_process FILE RESULT``."""

import ast
import pickle
import runpy
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog.errors import CatalogError
from catalog.events import EVENTS
from catalog.model.security_event import SecurityEvent
from deployment.problem import Problem

#: A record and the line of its name; None where it has none of its own, as in a loop.
Record = tuple[SecurityEvent, int | None]


def run(file: str) -> list[Record] | list[Problem]:
    """Run a file and return the records that it defines, or what is wrong with it.

    Records are those that its top-level names stand for, singly or in a list; not what it only imports from
    the catalog.
    """
    try:
        lines = _lines(ast.parse(Path(file).read_bytes(), file))
        names = runpy.run_path(file, run_name="own_events")
    except (Exception, SystemExit) as error:
        return _problems(error, file)
    found: list[Record] = []
    for name, event in _records(names):
        if event not in EVENTS and all(event is not other for other, _ in found):
            found.append((event, lines.get(name)))
    return found or [Problem((), "defines no event: write SecurityEvent records at its top level", file)]


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


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(pickle.dumps(run(sys.argv[1])))
