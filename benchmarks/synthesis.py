"""How long synthesis takes: ``python benchmarks/synthesis.py [--runs 5] [--quick]``.

Fleets of accounts are synthesized with fast start, without it, and by a JavaScript twin (``twin/``) that
builds the same stacks; the output of all must be the same. Writes ``benchmarks/RESULTS.md``. Needs npm, and
Linux or macOS.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fleets import all_that_fits, fleet, full_catalog, stacks
from benchmarks.results import (
    FAST,
    FULL_CATALOG,
    HUNDRED_ACCOUNTS,
    ONE_ACCOUNT,
    ONE_PROCESS,
    PLAIN,
    TEN_ACCOUNTS,
    TWIN,
    UNIT_TESTS,
    goals,
    page,
)
from benchmarks.whole_process import Cost, ProcessFailed, cost
from catalog import EVENTS

BENCHMARKS = Path(__file__).resolve().parent
REPOSITORY = BENCHMARKS.parent

COLD = "1 account, first run ever (empty jsii cache)"
# jsii starts the same Node.
NODE = os.environ.get("JSII_NODE", "node")
#: What the twin builds again.
REFERENCE = "reference"

COMMANDS: Mapping[str, Sequence[str | Path]] = {
    FAST: [sys.executable, "-O", REPOSITORY / "main.py"],
    ONE_PROCESS: [sys.executable, "-O", BENCHMARKS / "one_process.py"],
    PLAIN: [sys.executable, "-O", BENCHMARKS / "one_process.py"],
    TWIN: [NODE, BENCHMARKS / "twin" / "main.cjs", REFERENCE],
}
_UNIT_TESTS = [
    *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--collect-only", "-q"),
    *("tests", "--ignore=tests/end_to_end", "--ignore=tests/compatibility", "--ignore=tests/checkov"),
]


@dataclass(frozen=True)
class Fleet:
    """A deployment to synthesize, and the ways to."""

    title: str
    deployment: Mapping[str, Any]
    ways: Sequence[str]
    is_cold: bool = False


FLEETS = (
    Fleet(FULL_CATALOG, full_catalog(), (FAST, PLAIN, TWIN)),
    Fleet(ONE_ACCOUNT, fleet(1), (FAST, TWIN)),
    Fleet(TEN_ACCOUNTS, fleet(10), (FAST, ONE_PROCESS, PLAIN, TWIN)),
    Fleet(HUNDRED_ACCOUNTS, fleet(100), (FAST, PLAIN, TWIN)),
    Fleet(COLD, fleet(1), (FAST, PLAIN), is_cold=True),
)


def main() -> int:
    """Measure, print and write the results; 0: the goals are met, 1: not all of them, 2: something failed."""
    options = _options()
    chosen = [each for each in FLEETS if not options.quick or each.title in (FULL_CATALOG, TEN_ACCOUNTS)]
    try:
        notes = [*_notes(), f"rounds: {options.runs}; of the first run ever: 1"]
        costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
        with tempfile.TemporaryDirectory() as folder:
            _prepare(chosen, Path(folder))
            for number in range(options.runs):
                for key, measured in _round(chosen, Path(folder), is_first=number == 0):
                    costs[key].append(measured)
                    print(f"{number + 1}: {', '.join(key)}: {measured.wall:.2f} s", file=sys.stderr)
    except (ProcessFailed, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 2
    results = page(costs, notes)
    print(results)
    if not options.quick:
        (BENCHMARKS / "RESULTS.md").write_text(results, encoding="utf-8")
    return 0 if all(goal.is_met for goal in goals(costs)) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how long synthesis takes.")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds to take the median of")
    parser.add_argument(
        "--quick", action="store_true", help="one account and ten, without writing the results"
    )
    return parser.parse_args()


def _notes() -> Iterator[str]:
    node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    versions = [f"{name} {version(name)}" for name in ("cdktf", "cdktf-cdktf-provider-aws", "jsii")]
    yield f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f} before it began"
    yield ", ".join([f"Python {platform.python_version()}", f"Node {node.removeprefix('v')}", *versions])
    yield (
        f"full catalog: as much of it as a log group takes, {len(all_that_fits())} of {len(EVENTS)} events; "
        "other accounts: the default pack"
    )


def _prepare(fleets: Sequence[Fleet], folder: Path) -> None:
    """Install the twin, and synthesize each fleet: the twin has its model then, and every cache is warm."""
    npm = ["npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"]
    subprocess.run([*npm, "--loglevel=error"], cwd=BENCHMARKS / "twin", check=True)
    for each in fleets:
        here = folder / each.title
        here.mkdir()
        (here / "deployment.yaml").write_text(json.dumps(each.deployment), encoding="utf-8")
        for way in each.ways if each is fleets[0] else [FAST]:
            if not each.is_cold:
                _synthesize(each, way, here)


def _round(
    fleets: Sequence[Fleet], folder: Path, *, is_first: bool
) -> Iterator[tuple[tuple[str, str], Cost]]:
    for each in fleets:
        if is_first or not each.is_cold:
            for way in each.ways:
                yield (each.title, way), _synthesize(each, way, folder / each.title)
    yield (UNIT_TESTS, "pytest"), cost(_UNIT_TESTS, folder=REPOSITORY, environment=_environment())


def _synthesize(measured: Fleet, way: str, folder: Path) -> Cost:
    """Synthesize a fleet in a way, and see that the output is the same as before."""
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary) / "cdktf.out"
        variables = {"CDKTF_OUTDIR": str(output)}
        if way == PLAIN:
            variables["CDKTF_FAST_START"] = "off"
        if measured.is_cold:
            variables["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(Path(temporary) / "cache")
        took = cost(COMMANDS[way], folder=folder, environment=_environment() | variables)
        reference = folder / REFERENCE
        if not reference.exists():
            output.rename(reference)
        elif stacks(output) != stacks(reference):
            raise ProcessFailed(f"{measured.title}: {way} gives other stacks than {FAST}")
    return took


def _environment() -> dict[str, str]:
    # Neither what leads elsewhere, nor what keeps Python from starting with bytecode.
    without = {"DEPLOYMENT", "CDKTF_CONTEXT_JSON", "CDKTF_FAST_START", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return kept | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}


if __name__ == "__main__":
    sys.exit(main())
