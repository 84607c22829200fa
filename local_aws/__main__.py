"""`python -m local_aws`: a local AWS in the foreground, to plan and apply against by hand."""

import shlex
import signal
import tempfile
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from local_aws.server import LocalAws
from local_aws.terraform import terraform_environment


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 0,
    region: Annotated[str, typer.Option(help="Default region of the exported variables.")] = "us-east-1",
    account: Annotated[
        str | None,
        typer.Option(help="Account whose credentials to export. Default: one that only assumes roles."),
    ] = None,
    evaluate_every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="How often alarms are evaluated.")
    ] = 10,
) -> None:
    """Run a local AWS until interrupted, and print the variables that point terraform and cdktf at it."""
    # In the background of a script it would be started with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory() as directory,
        LocalAws(port=port, region=region, evaluate_every=evaluate_every) as aws,
    ):
        variables = {**terraform_environment(Path(directory)), **aws.environment(account)}
        for name, value in sorted(variables.items()):
            typer.echo(f"export {name}={shlex.quote(value)}")
        typer.echo(f"# The local AWS listens on {aws.endpoint_url}. It forgets everything on Ctrl-C.")
        try:
            Event().wait()
        except KeyboardInterrupt:
            typer.echo("# stopped")


if __name__ == "__main__":
    typer.run(serve)
