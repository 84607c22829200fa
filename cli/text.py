"""Texts of the command lines: safe to print, with right plurals, and with commands as the user runs them."""

import sys
import unicodedata
from pathlib import Path

#: The console command of the installed package.
CONSOLE_COMMAND = "windows-security"
#: Control characters, format characters (bidirectional controls among them), surrogates, line separators.
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """Return text that cannot command a terminal or break a line of a log; U+FFFD stands for what could."""
    if text.isprintable():
        return text
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in _UNSAFE_CATEGORIES else character
        for character in text
    )


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 file``, ``2,000 files``.

    Args:
        number: The number.
        noun: The noun in the singular.
        plural: Its plural. Default: the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def command(line: str) -> str:
    """Return a command of this project as the user runs it.

    Args:
        line: The command line and its arguments: ``catalog list``.

    Returns:
        ``windows-security catalog list`` where the console command runs; else ``python -m catalog list``,
        with the name of the installed package where it is installed.
    """
    if Path(sys.argv[0]).stem == CONSOLE_COMMAND:
        return f"{CONSOLE_COMMAND} {line}"
    return f"python -m {__package__.removesuffix('cli')}{line}"
