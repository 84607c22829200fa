"""The options that several command lines have, with one meaning each. They load no library."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SharedOption:
    """An option.

    Args:
        flags: What it is called: the first name is the usual one.
        help: What it does.
        metavar: What its value is called; empty for a flag.
        variable: The environment variable that stands for it; empty for none.
    """

    flags: tuple[str, ...]
    help: str
    metavar: str = ""
    variable: str = ""


DEFAULT_DEPLOYMENT = "deployment.yaml"

DEPLOYMENT = SharedOption(("--deployment",), "The deployment file.", metavar="FILE", variable="DEPLOYMENT")
ACCOUNT = SharedOption(("--account",), "Only this account. Repeatable.", metavar="NAME")
REGION = SharedOption(("--region",), "Only this region. Repeatable.", metavar="REGION")
PACK = SharedOption(("--pack",), "Only the events of this pack. Repeatable.", metavar="NAME")
EVENT = SharedOption(("--event",), "Only this event. Repeatable.", metavar="KEY")
CONTINUE_ON_ERROR = SharedOption(
    ("--continue-on-error", "--keep-going"),
    "Leave out the accounts that have errors, report them, and continue with the others.",
)
JSON = SharedOption(("--json",), "Print JSON.")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose stacks: ``accounts``, ``regions`` and ``continue_on_error``."""
    for option, name in ((ACCOUNT, "accounts"), (REGION, "regions")):
        parser.add_argument(
            *option.flags, dest=name, action="append", default=[], metavar=option.metavar, help=option.help
        )
    parser.add_argument(
        *CONTINUE_ON_ERROR.flags, dest="continue_on_error", action="store_true", help=CONTINUE_ON_ERROR.help
    )
