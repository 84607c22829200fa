"""A program of the project in the process of the tests: as a process of its own, but for its start."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch


def run_in_process(
    program: Callable[[], int],
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with these arguments, and return what a process of its own would.

    Args:
        program: Reads `sys.argv`; returns its exit status, or raises SystemExit.
        arguments: The name of the program, and its arguments.
        folder: The folder to run in.
        environment: All of its variables. Default: those of the process.
    """
    output, errors = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        chdir(folder),
        patch.dict(os.environ, environment or os.environ, clear=True),
        patch.object(sys, "argv", list(arguments)),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        try:
            status = int(program())
        except SystemExit as end:
            status = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, status, _text(output), _text(errors))


def _text(stream: TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
