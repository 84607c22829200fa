"""The CDKTF app: the deployment file in, a stack for each account and region out."""

import itertools
import json
import math
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deployment import DeploymentError, MonitoredRegion, load, resolve
from deployment.quotas import table

if TYPE_CHECKING:
    from modules.app import Written

#: More stacks are built by several processes, each of at most so many: Node's memory grows with them.
STACKS_A_PROCESS = 40
STACKS_IN_THIS_PROCESS = 6


def main() -> int:
    """Read the file that DEPLOYMENT names and write ``cdktf.out``; 2 where it is wrong, all of it told."""
    output = Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    try:
        regions = resolve(load(os.environ.get("DEPLOYMENT", "deployment.yaml")))
        output.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder it replaces, so that each file can be moved there in one step.
        with tempfile.TemporaryDirectory(prefix=".cdktf-", dir=output.parent) as new:
            written = list(_write(regions, Path(new)))
            problems = list(_over_quota(written))
            if not problems:
                _publish(written, Path(new), output)
    except (DeploymentError, ValueError) as error:
        problems = [str(error)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 2
    _tell(regions, written)
    return 0


def _write(regions: Sequence[MonitoredRegion], new: Path) -> Iterator["Written"]:
    batches = [(batch, new / str(number)) for number, batch in enumerate(_batches(regions))]
    if len(batches) == 1:
        yield _write_batch(*batches[0])
        return
    # A process for each batch, which gives its memory back before the next one begins.
    with multiprocessing.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        yield from pool.starmap(_write_batch, batches, chunksize=1)


def _write_batch(regions: Sequence[MonitoredRegion], directory: Path) -> "Written":
    # Only a deployment that is right pays for the start of Node.
    from modules.app import write_stacks

    return write_stacks(regions, directory)


def _batches(regions: Sequence[MonitoredRegion]) -> Iterator[list[MonitoredRegion]]:
    """Split the stacks evenly; an account's stay together, since they may share a state stack."""
    if len(regions) <= STACKS_IN_THIS_PROCESS:
        yield list(regions)
        return
    size = min(STACKS_A_PROCESS, math.ceil(len(regions) / (os.cpu_count() or 1)))
    batch: list[MonitoredRegion] = []
    for _, of_account in itertools.groupby(regions, key=lambda region: region.account):
        batch += of_account
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _over_quota(written: Sequence["Written"]) -> Iterator[str]:
    for app in written:
        for stack, usages in app.usages.items():
            for usage in usages:
                if usage.is_over:
                    yield f"{stack}: {usage.quota}: {usage.used:,}, but AWS takes {usage.limit:,}"


def _publish(written: Sequence["Written"], new: Path, output: Path) -> None:
    """Move the new stacks to where cdktf looks for them, and name them all in one manifest, last."""
    manifest = {"stacks": {}, **written[0].manifest}
    for number, app in enumerate(written):
        manifest["stacks"] |= app.manifest["stacks"]
        for stack in app.manifest["stacks"].values():
            target = output / stack["workingDirectory"]
            target.mkdir(parents=True, exist_ok=True)
            for part in (new / str(number) / stack["workingDirectory"]).iterdir():
                part.replace(target / part.name)
    file = new / "manifest.json"
    file.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    file.replace(output / "manifest.json")


def _tell(regions: Sequence[MonitoredRegion], written: Sequence["Written"]) -> None:
    for region in regions:
        for notice in region.notices:
            print(f"{region.stack_name}: {notice}", file=sys.stderr)
    print(table({stack: usages for app in written for stack, usages in app.usages.items()}))
    for app in written:
        for stack, usages in app.usages.items():
            for usage in usages:
                if usage.is_near:
                    near = f"{usage.quota}: {usage.used:,} of the {usage.limit:,} that AWS takes"
                    print(f"warning: {stack}: {near}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
