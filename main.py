"""The CDKTF app: the deployment file in, a stack for each account and region out."""

import argparse
import gc
import json
import math
import multiprocessing
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# First of all: Node starts while Python imports the others.
import modules.app
from deployment import DeploymentError, MonitoredRegion, Problem
from deployment.coverage import notices
from deployment.quotas import Usage, table
from deployment.selection import Selection, add_options, selected

#: More stacks are built by several processes, each of at most so many: Node's memory grows with them.
STACKS_A_PROCESS = 50
STACKS_IN_THIS_PROCESS = 6

_DESCRIPTION = "Write a stack for each account and region of a deployment file, for cdktf to plan and apply."
_EPILOG = """\
The deployment file is the one that the variable DEPLOYMENT names, or deployment.yaml. The stacks go to
cdktf.out, whose manifest names those of this run only: cdktf acts on what was asked for, and the folders of
others stay.

Exit status: 0 when all is written; 1 when --keep-going has left out something that was asked for, and the
rest is written; 2 when nothing is written, and an earlier cdktf.out is as it was."""


@dataclass(frozen=True)
class Batch:
    """What one process wrote and could not: plain data, so that the first process starts no Node for it."""

    directory: Path
    problems: Sequence[Problem]
    manifest: Mapping[str, Any] = field(default_factory=lambda: {"stacks": {}})
    usages: Mapping[str, Sequence[Usage]] = field(default_factory=dict)


def main() -> int:
    """Read the file that DEPLOYMENT names and write ``cdktf.out``; ``--help`` tells the status."""
    options = _options()
    output = Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    try:
        asked = selected(
            os.environ.get("DEPLOYMENT", "deployment.yaml"),
            accounts=options.accounts,
            regions=options.regions,
            keep_going=options.keep_going,
        )
        output.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder it replaces, so that each file can be moved there in one step.
        with tempfile.TemporaryDirectory(prefix=".cdktf-", dir=output.parent) as new:
            batches = _write(asked.regions, Path(new), keep_going=options.keep_going)
            asked = asked.without([problem for batch in batches for problem in batch.problems])
            is_written = bool(asked.regions) and (options.keep_going or not asked.left_out)
            if is_written:
                _publish(batches, output)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenExecutor:
        print("a process that builds stacks was killed, as by a system out of memory", file=sys.stderr)
        return 2
    for problem in asked.problems:
        print(problem, file=sys.stderr)
    if not is_written:
        return 2
    if asked.left_out:
        print(f"left out: {', '.join(asked.left_out)}", file=sys.stderr)
    _tell(asked, batches)
    return 1 if asked.is_incomplete else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser)
    return parser.parse_args()


def _write(regions: Sequence[MonitoredRegion], new: Path, *, keep_going: bool) -> list[Batch]:
    work = [(batch, new / str(number), keep_going) for number, batch in enumerate(_batches(regions))]
    if len(work) == 1:
        return [_write_batch(*work[0])]
    # Where this process deletes them: jsii's files outlive a worker.
    os.environ |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(new.resolve()))
    # A process for each batch, which gives its memory back before the next one begins.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, max_tasks_per_child=1) as pool:
        return list(pool.map(_write_batch, *zip(*work, strict=True)))


def _write_batch(regions: Sequence[MonitoredRegion], directory: Path, keep_going: bool) -> Batch:
    problems: list[Problem] = []
    while regions:
        try:
            app = modules.app.write_stacks(regions, directory)
            return Batch(directory, problems, app.manifest, app.usages)
        except DeploymentError as error:
            problems += error.problems
        faulty = {problem.path[1] for problem in problems}
        regions = [region for region in regions if keep_going and region.account not in faulty]
    return Batch(directory, problems)


def _batches(regions: Sequence[MonitoredRegion]) -> Iterator[list[MonitoredRegion]]:
    """Split the stacks evenly; an account's stay together, since they may share a state stack."""
    if len(regions) <= STACKS_IN_THIS_PROCESS:
        yield list(regions)
        return
    processors = os.cpu_count() or 1
    # As many rounds as it takes, all of them with every processor at work to the end.
    rounds = math.ceil(len(regions) / (processors * STACKS_A_PROCESS))
    size = math.ceil(len(regions) / (processors * rounds))
    accounts: dict[str, list[MonitoredRegion]] = defaultdict(list)
    for region in regions:
        accounts[region.account_id].append(region)
    batch: list[MonitoredRegion] = []
    for of_account in accounts.values():
        batch += of_account
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _publish(batches: Sequence[Batch], output: Path) -> None:
    """Move the new stacks to where cdktf looks for them, and name them all in one manifest, last."""
    manifest = dict(batches[0].manifest)
    for batch in batches:
        stacks = batch.manifest["stacks"]
        manifest |= {**batch.manifest, "stacks": {**manifest["stacks"], **stacks}}
        for stack in stacks.values():
            target = output / stack["workingDirectory"]
            target.mkdir(parents=True, exist_ok=True)
            parts = list((batch.directory / stack["workingDirectory"]).iterdir())
            # Terraform reads every such file: one beside an earlier stack, as recover writes it, would import
            # what may be gone by now.
            for stale in {*target.glob("*.tf.json")} - {target / part.name for part in parts}:
                stale.unlink()
            for part in parts:
                part.replace(target / part.name)
    file = batches[0].directory.with_name("manifest.json")
    file.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    file.replace(output / "manifest.json")


def _tell(asked: Selection, batches: Sequence[Batch]) -> None:
    told = [f"{region.stack_name}: {text}" for region in asked.regions for text in notices(region)]
    usages = {stack: used for batch in batches for stack, used in batch.usages.items()}
    near = [
        f"warning: {stack}: {usage.quota}: {usage.used:,} of the {usage.limit:,} that AWS takes"
        for stack, used in usages.items()
        for usage in used
        if usage.is_near
    ]
    print(table(usages))
    for line in (*asked.notices, *told, *near):
        print(line, file=sys.stderr)


if __name__ == "__main__":
    status = main()
    # The process ends here: looking through all that jsii made for garbage would only take time.
    gc.freeze()
    sys.exit(status)
