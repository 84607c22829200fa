"""Where the reports of the command lines go: to a terminal, a file, or a program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

#: The width of tables that go elsewhere than to a terminal: no line is longer, so none is broken.
_WIDTH = 4096


def output_console() -> Console:
    """Return the console on standard output: as wide as its terminal, or as wide as any line."""
    # For the programs that print tables; a deployment alone needs no rich.
    from rich.console import Console

    class OutputConsole(Console):
        """A console that leaves it to its program how a reader that ended early ends the program."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return OutputConsole(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
