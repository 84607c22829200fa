"""What a whole process costs, with all the processes that it starts."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# getrusage(2): Linux counts in KiB, macOS in bytes.
_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


class ProcessFailed(Exception):  # noqa: N818
    """A measured process did not end with status 0; the message is what it printed."""


@dataclass(frozen=True)
class Cost:
    """What a process and its descendants took.

    Args:
        wall: Seconds from its start to its end.
        cpu: Seconds of processor time, of all together.
        memory: The most memory that the largest of them held at once, in bytes. Linux counts what the
            process that starts it held then: a small one has to measure.
    """

    wall: float
    cpu: float
    memory: int


def cost(command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end and return what it cost.

    Descendants count when whoever started them waits for them (wait4(2)), as Python does for jsii's Node
    process and for those of a pool, and jsii for its second Node process.

    Args:
        command: The program and its arguments.
        folder: The folder to run it in.
        environment: All of its environment variables.

    Raises:
        ProcessFailed: Its status is not 0.
    """
    with tempfile.TemporaryFile() as printed:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            text = printed.read().decode(errors="replace")
            raise ProcessFailed(f"{' '.join(map(str, command))}: status {process.returncode}\n{text}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _MAXRSS_BYTES)
