import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from benchmarks.whole_process import Cost, ProcessFailed, cost

MEGABYTE = 1_000_000

CHILD = """
import subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
"""


def cost_of(program: str, *arguments: str) -> Cost:
    command = [sys.executable, "-c", textwrap.dedent(program), *arguments]
    return cost(command, folder=Path.cwd(), environment=os.environ)


def memory_of(program: str, *arguments: str) -> int:
    """Measure from a small process: this one is large by then."""
    measure = """
        import os, sys
        from pathlib import Path
        from benchmarks.whole_process import cost
        print(cost([sys.executable, "-c", *sys.argv[1:]], folder=Path.cwd(), environment=os.environ).memory)
    """
    command = [sys.executable, "-c", textwrap.dedent(measure), program, *arguments]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_memory_is_that_of_the_largest_process_and_not_the_sum() -> None:
    held = "held = bytes(range(256)) * 400_000"

    alone = memory_of(held)
    with_a_small_child = memory_of(f"{held}\n{CHILD}", "pass")
    of_a_child = memory_of(CHILD, held)

    assert 102 * MEGABYTE < alone < 150 * MEGABYTE
    assert with_a_small_child == pytest.approx(alone, abs=15 * MEGABYTE)
    assert of_a_child == pytest.approx(alone, abs=15 * MEGABYTE)


def test_the_processor_time_of_descendants_counts() -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"

    assert cost_of(CHILD, busy).cpu > max(0.3, cost_of("pass").cpu)
    assert cost_of(CHILD, f"import sys\nsys.argv = ['', {busy!r}]\n{CHILD}").cpu > 0.3


def test_waiting_takes_wall_time_and_no_processor_time() -> None:
    waiting = cost_of("import time; time.sleep(0.5)")

    assert waiting.wall > 0.5
    # The start takes of both.
    assert waiting.cpu < waiting.wall - 0.4


def test_a_process_that_fails_tells_what_it_printed() -> None:
    program = """
        import sys
        print("on standard output", flush=True)
        print("no such account", file=sys.stderr)
        sys.exit(3)
    """
    with pytest.raises(ProcessFailed, match=r"(?s)status 3\n.*on standard output.*no such account"):
        cost_of(program)


def test_a_process_runs_in_its_folder_and_with_its_environment_only(tmp_path: Path) -> None:
    program = "import os; open('seen', 'w').write(' '.join(sorted(set(os.environ) - {'LC_CTYPE'})))"

    cost([sys.executable, "-c", program], folder=tmp_path, environment={"NAME": "value"})

    assert (tmp_path / "seen").read_text() == "NAME"
