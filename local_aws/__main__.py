"""``python -m local_aws``: a local AWS in the foreground, to plan and apply against."""

import shlex
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from cli import application as command_line
from cli.application import Command

application = command_line.new_application()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return command_line.run(application, "local_aws", arguments)


@application.command(cls=Command)
def _serve(
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="The port to listen on; 0: a free one.")
    ] = 0,
    region: Annotated[
        str, typer.Option(metavar="REGION", help="The default region in the variables.")
    ] = "us-east-1",
    account: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The account whose credentials to export. Default: one that only assumes roles.",
        ),
    ] = None,
    evaluate_every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="How often alarms are evaluated.")
    ] = 10,
) -> None:
    """Run a local AWS until interrupted, and print the variables that direct terraform and cdktf to it."""
    from local_aws.server import LocalAws
    from local_aws.terraform import terraform_environment

    # In the background of a script it would be started with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    local_aws = LocalAws(port=port, region=region, evaluate_every=evaluate_every)
    with tempfile.TemporaryDirectory() as directory, local_aws as aws:
        variables = {**terraform_environment(Path(directory)), **aws.environment(account)}
        for name, value in sorted(variables.items()):
            print(f"export {name}={shlex.quote(value)}")
        print(f"# The local AWS listens on {aws.endpoint_url}. It forgets everything on Ctrl-C.", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("# stopped")


if __name__ == "__main__":
    sys.exit(main())
