"""How a command line ends: its exit status, and one sentence where Python would print a traceback."""

import errno
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from importlib.util import find_spec
from typing import TextIO

from cli.text import printable

#: The extra of the package that a command needs, where it is not called as the command is.
_EXTRAS = {"catalog": "cli", "coverage": "deployment"}
#: What a broken device or terminal answers a write with.
_OUTPUT_ERRORS = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT)


class ExitStatus(IntEnum):
    """The exit statuses of every command line."""

    OK = 0, "All is well."
    FOUND = 1, "The command found something wrong, or its result is incomplete."
    REFUSED = 2, "The input is wrong, or the machine prevents the work."
    INTERRUPTED = 130, "The user pressed Ctrl-C."

    meaning: str

    def __new__(cls, number: int, meaning: str) -> "ExitStatus":  # noqa: D102
        status = int.__new__(cls, number)
        status._value_ = number
        status.meaning = meaning
        return status


def complain(*lines: str) -> None:
    """Write lines to standard error, as far as there is one."""
    if sys.stderr:
        with suppress(OSError):
            print(*map(printable, lines), sep="\n", file=sys.stderr)


@contextmanager
def reported(name: str = "") -> Iterator[None]:
    """Report an error as a sentence on standard error, and end the program with its exit status.

    Args:
        name: The command (``verify``), for the advice where a library is not installed; empty where the
            caller reports that.

    Raises:
        SystemExit: An error was reported, the reader of the output is gone, or the user pressed Ctrl-C.
    """
    try:
        yield
        if sys.stdout:
            sys.stdout.flush()
    except ValueError as error:
        # Not loaded before: a synthesis starts Node first, and the catalog takes longer to load than this.
        from catalog.errors import InputError

        if not isinstance(error, InputError):
            raise
        complain(*error.lines)
    except BrokenPipeError:
        # The reader has what it wants, as head does.
        _discard_output()
        sys.exit(ExitStatus.OK)
    except KeyboardInterrupt:
        _interrupted()
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if not name or not library or find_spec(library):
            raise
        install = f'pip install "windows-security-monitoring[{_EXTRAS.get(name, name)}]"'
        complain(f"{name}: needs {library}, which is not installed: {install}")
    except MemoryError:
        complain("The machine is out of memory.")
    except OSError as error:
        complain(*_sentence(error).splitlines())
    else:
        return
    _discard_output()
    sys.exit(ExitStatus.REFUSED)


def prepare_output() -> None:
    """Make output possible in every encoding: characters that it lacks are escaped.

    Raises:
        SystemExit: Standard output is closed.
    """
    if sys.stdout is None:
        complain("Standard output is closed.")
        sys.exit(ExitStatus.REFUSED)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def print_or_complain(text: str) -> None:
    """Print what is not the work itself: where it cannot be printed, report that, and go on."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        complain(_sentence(error))
        _discard_output()


def _sentence(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {reason}"
    return f"Standard output: {reason}" if error.errno in _OUTPUT_ERRORS else reason


def _discard_output() -> None:
    """Keep Python from flushing what nobody reads, and from failing at it, when the program ends."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _interrupted() -> None:
    complain("Interrupted.")
    _discard_output()
    # What libraries say of their own interrupted processes and connections helps nobody.
    _discard(sys.stderr)
    if threading.active_count() > 1:
        # Python would wait for threads, which wait for answers from AWS.
        os._exit(ExitStatus.INTERRUPTED)
    sys.exit(ExitStatus.INTERRUPTED)
