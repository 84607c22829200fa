"""The stacks of many accounts, built by several processes and published together, or not at all."""

import fcntl
import json
import math
import multiprocessing
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deployment import DeploymentError, Problem, RegionPlan
from deployment.reports.quotas import Usage
from modules.app.app import write_stacks
from modules.state.state_backend import OUTPUT

#: More stacks are built by several processes, each of at most so many: Node's memory grows with them.
STACKS_A_PROCESS = 50
STACKS_IN_THIS_PROCESS = 25
_PREFIX = ".cdktf-"


@dataclass(frozen=True)
class Batch:
    """What one process wrote and could not: plain data, which goes from that process to the first."""

    directory: Path
    problems: Sequence[Problem]
    manifest: Mapping[str, Any] = field(default_factory=lambda: {"stacks": {}})
    usages: Mapping[str, Sequence[Usage]] = field(default_factory=dict)


def build(
    regions: Sequence[RegionPlan], new: Path, output: Path = OUTPUT, *, continue_on_error: bool
) -> list[Batch]:
    """Write the stacks of these accounts and regions into folders below a new one.

    Args:
        regions: The accounts and regions.
        new: A folder that is removed afterwards, on the disk of the output.
        output: The folder that they are published in. Default: ``cdktf.out``.
        continue_on_error: Whether the others are written where an account cannot be built.

    Raises:
        BrokenExecutor: A process was killed.
    """
    work = [
        (batch, new / str(number), output, continue_on_error)
        for number, batch in enumerate(_batches(regions))
    ]
    if len(work) == 1:
        return [_build_batch(*work[0])]
    # Where this process deletes them: jsii's files outlive a worker.
    os.environ |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(new.resolve()))
    # A process for each batch, which gives its memory back before the next one begins.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, max_tasks_per_child=1) as pool:
        return list(pool.map(_build_batch, *zip(*work, strict=True)))


def _build_batch(
    regions: Sequence[RegionPlan], directory: Path, output: Path, continue_on_error: bool
) -> Batch:
    problems: list[Problem] = []
    while regions:
        try:
            app = write_stacks(regions, directory, output)
            return Batch(directory, problems, app.manifest, app.usages)
        except DeploymentError as error:
            problems += error.problems
        faulty = {problem.path[1] for problem in problems}
        regions = [region for region in regions if continue_on_error and region.account not in faulty]
    return Batch(directory, problems)


def _batches(regions: Sequence[RegionPlan]) -> Iterator[list[RegionPlan]]:
    """Split the stacks evenly; an account's stay together, since they may share a state stack."""
    if len(regions) <= STACKS_IN_THIS_PROCESS:
        yield list(regions)
        return
    processors = os.cpu_count() or 1
    # As many rounds as it takes, all of them with every processor at work to the end.
    rounds = math.ceil(len(regions) / (processors * STACKS_A_PROCESS))
    size = math.ceil(len(regions) / (processors * rounds))
    accounts: dict[str, list[RegionPlan]] = defaultdict(list)
    for region in regions:
        accounts[region.account_id].append(region)
    batch: list[RegionPlan] = []
    for of_account in accounts.values():
        batch += of_account
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Make a folder beside the output, so that each file can be moved there in one step, and remove it.

    What a killed synthesis left behind goes, too: nobody holds its lock any more.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    for leftover in output.parent.glob(f"{_PREFIX}*"):
        with suppress(OSError), _locked(leftover):
            shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=output.parent) as folder, _locked(Path(folder)):
        yield Path(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock a folder.

    Raises:
        OSError: Another process has locked it, or it is none.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def publish(batches: Sequence[Batch], output: Path, *, can_undo: bool = True) -> None:
    """Move the new stacks to where cdktf looks for them, and name them all in one manifest, last.

    While they are moved there is no manifest: where a kill leaves some stacks as they were, cdktf and recover
    find none, until the next synthesis publishes all. An error puts everything back.

    Args:
        batches: The new stacks.
        output: The folder that they are published in.
        can_undo: Whether former stacks may be used again; not where their states have moved.

    Raises:
        OSError: Something cannot be moved.
    """
    new = batches[0].directory.parent
    manifest = dict(batches[0].manifest)
    moves: dict[Path, Path | None] = {output / "manifest.json": None}
    for batch in batches:
        stacks = batch.manifest["stacks"]
        manifest |= {**batch.manifest, "stacks": {**manifest["stacks"], **stacks}}
        for stack in stacks.values():
            target = output / stack["workingDirectory"]
            target.mkdir(parents=True, exist_ok=True)
            parts = {
                target / part.name: part for part in (batch.directory / stack["workingDirectory"]).iterdir()
            }
            # Terraform reads every such file: one beside an earlier stack, as recover writes it, would import
            # what may be gone by now.
            moves |= dict.fromkeys({*target.glob("*.tf.json")} - parts.keys()) | parts
    file = new / "manifest.json"
    file.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    former = new / "former"
    former.mkdir()
    kept: dict[Path, Path | None] = {}
    try:
        for number, (target, part) in enumerate(moves.items()):
            is_former = target.exists()
            if is_former:
                target.replace(former / str(number))
            kept[target] = former / str(number) if is_former else None
            if part:
                part.replace(target)
        file.replace(output / "manifest.json")
    except OSError:
        if can_undo:
            _put_back(kept)
        raise


def _put_back(kept: Mapping[Path, Path | None]) -> None:
    """Put files back to where they were, the manifest last, and remove those that were not there."""
    with suppress(OSError):
        for target, former in reversed(list(kept.items())):
            if former:
                former.replace(target)
            else:
                target.unlink(missing_ok=True)
