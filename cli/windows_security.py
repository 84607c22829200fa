"""``windows-security``: the command lines of the installed package in one. It loads the one that runs."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from catalog.errors import InputError, did_you_mean
from cli.errors import ExitStatus, prepare_output, reported
from cli.tables import text_table
from cli.text import CONSOLE_COMMAND

#: The folders that have a command line.
COMMANDS: Mapping[str, str] = {
    "catalog": "Read, check and document the catalog of Windows events.",
    "deployment": "Check a deployment file; print its JSON Schema.",
    "replay": "Replay event logs through the filters and alarms, offline.",
    "verify": "Check whether the monitoring of each deployed account works.",
    "recover": "After a killed apply: have terraform import what exists already.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Args:
        arguments: The command and its arguments. Default: those of the process.
    """
    name, *further = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        with reported():
            prepare_output()
            if name in COMMANDS:
                folder = f"{__package__.removesuffix('cli')}{name}"
                return int(import_module(f"{folder}.__main__").main(further))
            if name == "--help":
                print(_help())
            elif name == "--version":
                print(_version())
            else:
                raise InputError(
                    f"{name}: there is no such command{did_you_mean(name, COMMANDS)}; "
                    f"{CONSOLE_COMMAND} --help lists them"
                )
    except SystemExit as end:
        return int(end.code or ExitStatus.OK)
    return ExitStatus.OK


def _help() -> str:
    return "\n".join(
        [
            f"Usage: {CONSOLE_COMMAND} COMMAND [ARGS]...",
            "",
            "Security monitoring of Windows servers on AWS, as code.",
            "",
            "Options:",
            "  --help     Show this message and exit.",
            "  --version  Show the version and exit.",
            "",
            "Commands:",
            *(f"  {line}" for line in text_table(COMMANDS.items()).splitlines()),
        ]
    )


def _version() -> str:
    try:
        return version("windows-security-monitoring")
    except PackageNotFoundError:
        return "a checkout, which is not installed"


if __name__ == "__main__":
    sys.exit(main())
