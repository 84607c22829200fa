"""``python -m verify``: ask every account of a deployment whether its monitoring works."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import output_console
from deployment import DeploymentError
from deployment.resolution.selection import selected
from verify.access.account import ACCOUNTS_AT_A_TIME
from verify.access.window import Window
from verify.checks.check import Check, Status
from verify.report import as_json, summary, table
from verify.stack import verify

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@application.command()
def main(
    deployment: Annotated[
        Path, typer.Option(metavar="FILE", envvar="DEPLOYMENT", help="The deployment file.")
    ] = Path("deployment.yaml"),
    account: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Ask this account only; may be repeated.")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(metavar="REGION", help="Ask this region only; may be repeated.")
    ] = None,
    as_data: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    since: Annotated[
        int,
        typer.Option(
            metavar="HOURS",
            min=1,
            max=720,
            help="How far to look back for events. CloudWatch Logs tells of an event up to an hour late.",
        ),
    ] = 24,
    everything: Annotated[
        bool, typer.Option("--all", help="A line for each thing that is right, too.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="A warning counts as a failure for the exit status.")
    ] = False,
) -> None:
    """Ask each deployed account whether its monitoring would see an event and tell somebody of it.

    The exit status is 0 if nothing has failed, 1 if something has, and 2 if it could not be asked for: a bad
    deployment file, or an account or region that is not in it. A deployment without servers is a warning
    only: once there are some, let a pipeline use --strict, with which it is 1 for a warning as well.
    """
    try:
        regions = selected(deployment, accounts=account or (), regions=region or ()).regions
    except DeploymentError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None

    window = Window(since)
    console = output_console()
    found: dict[str, list[Check]] = {}
    with ThreadPoolExecutor(ACCOUNTS_AT_A_TIME) as pool:
        answers = pool.map(lambda each: list(verify(each, window)), regions)
        for each, checks in zip(regions, answers, strict=True):
            found[each.stack_name] = checks
            if not as_data:
                console.print(table(each, checks, everything=everything))
    every = [check for checks in found.values() for check in checks]
    if as_data:
        print(as_json(found))
    else:
        console.print(summary(every))
    wrong = {Status.FAILED, Status.WARNING} if strict else {Status.FAILED}
    if any(check.status in wrong for check in every):
        raise typer.Exit(1)


if __name__ == "__main__":
    application(prog_name="python -m verify")
