"""``python -m recover``: have terraform import what a killed apply made and did not write down."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import output_console
from recover.recovery import Recovery, publish, recover
from recover.synthesized_stack import SynthesisError, SynthesizedStack, read_stacks
from verify.access.account import ACCOUNTS_AT_A_TIME

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@application.command()
def main(
    stack: Annotated[
        list[str] | None,
        typer.Argument(metavar="STACK", help="A stack's name, or a pattern ('production-*'). Default: all."),
    ] = None,
    directory: Annotated[
        Path,
        typer.Option(metavar="FOLDER", envvar="CDKTF_OUTDIR", help="Where the stacks were synthesized to."),
    ] = Path("cdktf.out"),
) -> None:
    """Find what an apply made before it was killed, and write it down for the next apply to import.

    Run it with the stacks as they were applied, before anything in the deployment changes. It changes nothing
    in AWS, and in each stack's folder writes recovered.tf.json; terraform ignores what its state has already.

    The exit status is 0 if all could be told, 1 if something could not, and 2 if there was nothing to ask
    for: no synthesized stacks, or none of that name.
    """
    try:
        stacks = read_stacks(directory, stack or ())
    except SynthesisError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None

    console = output_console()
    recoveries = []
    with ThreadPoolExecutor(ACCOUNTS_AT_A_TIME) as pool:
        for recovery in pool.map(recover, stacks):
            recoveries.append(recovery)
            _tell(recovery, publish(recovery), console)
    for line in _next_steps([each.stack for each in recoveries if each.imports]):
        console.print(Text(line), soft_wrap=True)
    if any(recovery.failures or recovery.doubts for recovery in recoveries):
        raise typer.Exit(1)


def _tell(recovery: Recovery, file: Path, console: Console) -> None:
    name = recovery.stack.name
    if recovery.imports:
        title = f"{name}: what exists, for terraform to import ({file})"
        console.print(Text(title, style="bold"), soft_wrap=True)
        console.print(_table(recovery))
    elif not recovery.failures and not recovery.doubts:
        print(f"{name}: nothing exists that an apply would be refused for or make twice")
    notes = (f"note: {notice}" for notice in recovery.notices)
    for line in (*recovery.failures, *recovery.doubts, *notes):
        print(f"{name}: {line}", file=sys.stderr)


def _table(recovery: Recovery) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("address", overflow="fold")
    table.add_column("id", overflow="fold")
    for address, identifier in recovery.imports.items():
        table.add_row(Text(address), Text(identifier))
    return table


def _next_steps(stacks: Sequence[SynthesizedStack]) -> Iterator[str]:
    if not stacks:
        return
    names = dict.fromkeys(name for stack in stacks for name in (*stack.dependencies, stack.name))
    yield "Next, without another synthesis, which would remove what was written:"
    yield f"  npx cdktf apply --skip-synth {' '.join(names)}"
    yield "Its plan imports what the state lacks, and destroys nothing."
    for stack in stacks:
        if stack.backend == "s3":
            yield f"If the state of {stack.name} is still locked, and nobody else applies it:"
            yield f"  terraform -chdir={stack.folder} force-unlock ID    (the ID that the apply names)"


if __name__ == "__main__":
    application(prog_name="python -m recover")
