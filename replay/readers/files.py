"""Log files, and the folders that hold them."""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, cast

from cli.text import printable
from replay.readers.input_problem import InputProblem, InputProblems

#: What the names of logs in a folder end in, if in anything: Firehose gives its files no suffix. A file given
#: by name may be called anything.
SUFFIXES = (".evtx", ".xml", ".jsonl", ".json", ".csv", ".gz")

#: Opens a file for reading bytes; a progress bar can count what is read.
Opener = Callable[[Path], BinaryIO]


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading bytes; its reader buffers."""
    return cast(BinaryIO, path.open("rb", buffering=0))


def log_files(paths: Iterable[Path], problems: InputProblems) -> list[Path]:
    """Return the files themselves, and for each folder the logs in it and below, by name; each file once.

    Raises:
        FileNotFoundError: A path does not exist, or a folder holds no log; names all of them.
    """
    files: list[Path] = []
    missing: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = _inside(path)
            logs = sorted(file for file, problem in inside.items() if problem is None)
            others = {other: problem for other, problem in sorted(inside.items()) if problem}
            if not logs:
                missing.append(_without_log(path, others.values()))
            files += logs
            for other, problem in others.items():
                problems.add(problem, str(other))
        elif path.exists():
            files.append(path)
        else:
            missing.append(f"{printable(str(path))}: no such file or folder")
    if missing:
        raise FileNotFoundError("\n".join(missing))
    return _each_once(files, problems)


def _inside(folder: Path) -> dict[Path, InputProblem | None]:
    """Return what is in a folder and below: the logs, and what is not read with the reason."""
    found: dict[Path, InputProblem | None] = {}

    def unreadable(error: OSError) -> None:
        found[Path(error.filename)] = InputProblem.UNREADABLE_FOLDER

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        below = (Path(parent, name) for name in folders)
        found |= {path: InputProblem.LINKED_FOLDER for path in below if path.is_symlink()}
        found |= {path: _reason_to_skip(path) for path in (Path(parent, name) for name in names)}
    return found


def _reason_to_skip(path: Path) -> InputProblem | None:
    try:
        if not path.is_file():
            return InputProblem.NO_FILE
    except PermissionError:  # A link to what may not be seen.
        return InputProblem.NO_FILE
    is_log = path.name.lower().endswith(SUFFIXES) or not path.suffix
    return None if is_log else InputProblem.OTHER_FILE


def _without_log(folder: Path, reasons: Iterable[InputProblem]) -> str:
    """Return the words for a folder of which nothing is read, and how often for which reason."""
    counts = "".join(f"; {problem.title}: {count:,}" for problem, count in Counter(reasons).items())
    return f"{folder}: a folder without a log ({', '.join(SUFFIXES)}){counts}"


def _each_once(files: Iterable[Path], problems: InputProblems) -> list[Path]:
    """Return files without those that are, by another name or the same, among those before."""
    once: dict[str, Path] = {}
    for file in files:
        name = os.path.realpath(file)
        if name in once:
            problems.add(InputProblem.REPEATED_FILE, str(file))
        else:
            once[name] = file
    return list(once.values())
