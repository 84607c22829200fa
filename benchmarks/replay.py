"""How fast a replay is: ``python benchmarks/replay.py FILE.evtx...``, or a folder of such files.

The full catalog is watched. The goal: the whole, with all its patterns, keeps above half the rate of reading
and rendering alone.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evtx import PyEvtxParser

from replay.engine.pattern_dispatch import PatternDispatch
from replay.engine.replay_result import replay
from replay.engine.watch import of_catalog
from replay.readers.file_formats import file_records
from replay.readers.files import log_files
from replay.readers.input_problem import InputProblems

#: Small logs are copied until there are this many records; the best of some runs counts.
RECORDS = 50_000
RUNS = 5
GOAL = 0.5
READING, RENDERING, PATTERNS, WHOLE = (
    "reading alone (evtx)",
    "reading and rendering",
    "patterns alone",
    "the whole",
)


def main(arguments: list[str]) -> int:
    """Measure, print, and return 0 where the goal is met."""
    paths = [Path(argument) for argument in arguments]
    try:
        files = [file for file in log_files(paths, InputProblems()) if file.suffix.lower() == ".evtx"]
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    if not files:
        print("usage: python benchmarks/replay.py FILE.evtx... (or folders)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        return _measure(files, Path(folder))


def _measure(logs: Sequence[Path], folder: Path) -> int:
    every = (record for log in logs for record in file_records(log, InputProblems()))
    records = list(islice(every, RECORDS))
    times = max(1, RECORDS // len(records))
    files = [
        Path(shutil.copyfile(log, folder / f"{number}-{index}.evtx"))
        for number in range(times)
        for index, log in enumerate(logs)
    ]
    watch = of_catalog()
    matching = PatternDispatch(watch.chosen).matching
    shipped = [record for record in records if watch.collects(record)]

    best = _rates(
        {
            READING: lambda: sum(
                1 for file in files for _ in PyEvtxParser(str(file), indent=False).records()
            ),
            RENDERING: lambda: sum(1 for file in files for _ in file_records(file, InputProblems())),
            PATTERNS: lambda: sum(1 for record in shipped for _ in (matching(record),)),
            WHOLE: lambda: replay(files, watch).read,
        }
    )
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files, {size / 1e6:,.0f} MB, {len(watch.chosen)} events in the catalog\n")
    for name, rate in best.items():
        print(f"{name:<24}{rate:>12,.0f} records/s")
    ratio = best[WHOLE] / best[RENDERING]
    print(f"\n{WHOLE} / {RENDERING}: {ratio:.2f} (goal: above {GOAL})")
    print(f"{WHOLE} / {READING}: {best[WHOLE] / best[READING]:.2f}")
    return 0 if ratio > GOAL else 1


def _rates(measured: Mapping[str, Callable[[], int]]) -> dict[str, float]:
    """Return how many records a second each handles: the best of some runs, which take turns."""
    best = dict.fromkeys(measured, 0.0)
    for _ in range(RUNS):
        for name, handle in measured.items():
            start = time.perf_counter()
            number = handle()
            best[name] = max(best[name], number / (time.perf_counter() - start))
    return best


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
