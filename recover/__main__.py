"""``python -m recover``: have terraform import what a killed apply created and did not record."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cli.errors import ExitStatus, complain, reported
from cli.parallel import in_parallel
from cli.tables import text_table
from cli.text import printable

with reported("recover"):
    import typer

    from cli import application as command_line
    from cli.application import Command

if TYPE_CHECKING:
    from recover.recovery import Recovery
    from recover.synthesized_stack import SynthesizedStack

application = command_line.new_application()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return command_line.run(application, "recover", arguments)


@application.command(cls=Command)
def _recover(
    stacks: Annotated[
        list[str],
        typer.Argument(
            metavar="STACK",
            help="A stack's name, or a pattern ('production-*'). Default: all.",
            default_factory=list,
            show_default=False,
        ),
    ],
    directory: Annotated[
        Path, typer.Option(metavar="FOLDER", envvar="CDKTF_OUTDIR", help="The folder of synthesized stacks.")
    ] = Path("cdktf.out"),
) -> None:
    """Find what an apply created before it was killed, and write import blocks for the next apply.

    Run it with the stacks as they were applied, before anything in the deployment changes. It changes nothing
    in AWS, and in each stack's folder writes recovered.tf.json; terraform ignores what its state has already.

    The exit status is 1 if something could not be determined.
    """
    from recover.recovery import publish, recover
    from recover.synthesized_stack import read_stacks
    from verify.access.account import ACCOUNTS_AT_A_TIME

    recoveries = []
    for recovery in in_parallel(recover, read_stacks(directory, stacks), at_a_time=ACCOUNTS_AT_A_TIME):
        recoveries.append(recovery)
        _report(recovery, publish(recovery))
    for line in _next_steps([each.stack for each in recoveries if each.imports]):
        print(line)
    if any(recovery.failures or recovery.doubts for recovery in recoveries):
        raise typer.Exit(ExitStatus.FOUND)


def _report(recovery: "Recovery", file: Path) -> None:
    name = recovery.stack.name
    if recovery.imports:
        print(f"{name}: what exists, for terraform to import ({file})")
        rows = [(printable(address), printable(each)) for address, each in recovery.imports.items()]
        print("", text_table([("address", "id"), *rows]), "", sep="\n")
    elif not recovery.failures and not recovery.doubts:
        print(f"{name}: nothing exists that an apply would be refused for or make twice")
    notes = (f"note: {notice}" for notice in recovery.notices)
    complain(*(f"{name}: {line}" for line in (*recovery.failures, *recovery.doubts, *notes)))


def _next_steps(stacks: "Sequence[SynthesizedStack]") -> Iterator[str]:
    if not stacks:
        return
    names = dict.fromkeys(name for stack in stacks for name in (*stack.dependencies, stack.name))
    yield "Next, without another synthesis, which would remove what was written:"
    yield f"  npx cdktf apply --skip-synth {' '.join(names)}"
    yield "Its plan imports what the state lacks, and destroys nothing."
    for stack in stacks:
        if stack.backend == "s3":
            yield f"If the state of {stack.name} is still locked, and no other apply of it runs:"
            yield f"  terraform -chdir={stack.folder} force-unlock ID    (the ID that the apply names)"


if __name__ == "__main__":
    sys.exit(main())
