"""``python -m local_aws.demo``: the example deployment, applied to a local AWS before your eyes.

What it shows is asked of the API afterwards, not taken from any state. It keeps to the folder ``.local-aws``
and touches neither ``cdktf.out`` nor the states of a real deployment.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from local_aws.existing_resources import inventory
from local_aws.server import LocalAws
from local_aws.terraform import Terraform, TerraformError

PROJECT = Path(__file__).resolve().parents[1]
WORK = PROJECT / ".local-aws"
DEPLOYMENT = PROJECT / "deployment.yaml"
SAMPLE_EVENTS = PROJECT / "examples" / "sample_events"
#: Terraform waits for AWS most of the time: more stacks at once than processors.
STACKS_AT_ONCE = 4

_PLANNED = re.compile(r"Plan: (\d+) to add")
_CREATED = re.compile(r": Creation complete")


@dataclass(frozen=True)
class Stack:
    """A synthesized stack, and the account and region that its provider is held to."""

    name: str
    directory: Path
    account_id: str
    region: str


class DemoError(Exception):
    """Something that the demonstration shows did not come true."""


def main() -> int:
    """Run the demonstration; 1 where anything did not come true."""
    console = Console()
    try:
        _demonstrate(console)
    except (DemoError, TerraformError) as error:
        console.print(f"\n[bold red]The demonstration failed.[/] {error}", highlight=False)
        return 1
    return 0


def _demonstrate(console: Console) -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir()
    console.rule("1. Synthesize: deployment.yaml becomes Terraform", align="left")
    stacks = _synthesize(console)
    for stack in stacks:
        console.print(f"  {stack.name}: account {stack.account_id}, {stack.region}", highlight=False)

    with LocalAws() as aws:
        console.rule("2. Apply every stack to a local AWS, as unmodified Terraform", align="left")
        runs = _apply(console, aws, stacks)
        console.rule("3. Plan again: nothing is left to do", align="left")
        _plan_again(console, runs)
        console.rule("4. What exists now, asked of the API in each account", align="left")
        console.print(_inventory(aws, stacks))
    console.rule("5. Replay sample events: which alarms would have rung", align="left")
    _replay(console)
    console.rule("What next", align="left")
    console.print(
        "  Edit deployment.yaml (your account ids, regions, addresses), then\n"
        "    .venv/bin/python -m deployment check deployment.yaml   # what is wrong\n"
        "    npx cdktf plan '*'                                     # what would be made\n"
        "    npx cdktf apply '*'                                    # make it\n"
        "    .venv/bin/python -m verify                             # does it work?\n"
        "  Try your own event logs first:\n"
        "    .venv/bin/python -m replay FILE.evtx --html report.html",
        highlight=False,
        markup=False,
    )


def _synthesize(console: Console) -> list[Stack]:
    output = WORK / "cdktf.out"
    environment = {**os.environ, "DEPLOYMENT": str(DEPLOYMENT), "CDKTF_OUTDIR": str(output)}
    run = subprocess.run(
        [sys.executable, "-O", "main.py"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    if run.returncode:
        raise DemoError(f"main.py could not synthesize {DEPLOYMENT.name}:\n{run.stderr}")
    stacks = []
    for directory in sorted((output / "stacks").iterdir()):
        (provider,) = json.loads((directory / "cdk.tf.json").read_text(encoding="utf-8"))["provider"]["aws"]
        (account_id,) = provider["allowed_account_ids"]
        stacks.append(Stack(directory.name, directory, account_id, provider["region"]))
    return stacks


def _apply(console: Console, aws: LocalAws, stacks: list[Stack]) -> dict[str, Terraform]:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, ThreadPoolExecutor(STACKS_AT_ONCE) as pool:

        def apply(stack: Stack) -> Terraform:
            task = progress.add_task(stack.name, total=None)
            terraform = Terraform(
                stack.directory, aws.environment(), progress=lambda line: _advance(progress, task, line)
            )
            terraform.init()
            terraform.apply()
            return terraform

        names = [stack.name for stack in stacks]
        return dict(zip(names, pool.map(apply, stacks), strict=True))


def _advance(progress: Progress, task: TaskID, line: str) -> None:
    if planned := _PLANNED.search(line):
        progress.update(task, total=int(planned[1]))
    elif _CREATED.search(line):
        progress.advance(task)


def _plan_again(console: Console, runs: dict[str, Terraform]) -> None:
    with ThreadPoolExecutor(STACKS_AT_ONCE) as pool:
        for name, plan in zip(runs, pool.map(Terraform.plan, runs.values()), strict=True):
            if not plan.is_empty:
                changes = ", ".join(f"{' and '.join(c.actions)} {c.address}" for c in plan.changes)
                raise DemoError(f"{name}: the second plan is not empty: {changes}")
            console.print(f"  {name}: no changes", highlight=False)


def _inventory(aws: LocalAws, stacks: list[Stack]) -> Table:
    found = {stack.name: inventory(aws, stack.account_id, stack.region) for stack in stacks}
    table = Table("")
    for stack in stacks:
        table.add_column(f"{stack.account_id}\n{stack.region}", justify="right")
    for kind in next(iter(found.values())):
        numbers = [len(of_stack[kind]) for of_stack in found.values()]
        if any(numbers):
            table.add_row(kind, *map(str, numbers))
    return table


def _replay(console: Console) -> None:
    command = [
        "replay",
        str(SAMPLE_EVENTS.relative_to(PROJECT)),
        "--deployment",
        DEPLOYMENT.name,
        "--account",
        "production",
    ]
    run = subprocess.run([sys.executable, "-m", *command], cwd=PROJECT)
    if run.returncode:
        raise DemoError("the replay of the sample events failed")


if __name__ == "__main__":
    sys.exit(main())
