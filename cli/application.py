"""The command lines as typer applications: shared options, plain help, errors as sentences."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli import options
from cli.errors import ExitStatus, prepare_output, reported
from cli.options import SharedOption
from cli.text import command


def _typer_option(option: SharedOption, **further: Any) -> Any:
    return typer.Option(
        *option.flags,
        help=option.help,
        metavar=option.metavar or None,
        envvar=option.variable or None,
        **further,
    )


def repeatable(option: SharedOption) -> Any:
    """Return typer's form of an option that can be given several times; by default it is an empty list."""
    return _typer_option(option, default_factory=list, show_default=False)


DeploymentOption = Annotated[Path, _typer_option(options.DEPLOYMENT)]
OptionalDeployment = Annotated[Path | None, _typer_option(options.DEPLOYMENT)]
Accounts = Annotated[list[str], repeatable(options.ACCOUNT)]
Regions = Annotated[list[str], repeatable(options.REGION)]
ContinueOnError = Annotated[bool, _typer_option(options.CONTINUE_ON_ERROR)]
Json = Annotated[bool, _typer_option(options.JSON)]
Packs = Annotated[list[str], repeatable(options.PACK)]
Keys = Annotated[list[str], repeatable(options.EVENT)]

DEFAULT_DEPLOYMENT = Path(options.DEFAULT_DEPLOYMENT)


class Command(TyperCommand):
    """A command line without subcommands; its errors are sentences."""

    def make_context(self, *args: Any, **named: Any) -> Any:
        """Read the arguments; print the help, if they ask for it."""
        with reported():
            return super().make_context(*args, **named)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with reported():
            return super().invoke(ctx)


class Group(TyperGroup):
    """A command line with subcommands; their errors are sentences."""

    def make_context(self, *args: Any, **named: Any) -> Any:
        """Read the arguments before the subcommand; print the help, if they ask for it."""
        with reported():
            return super().make_context(*args, **named)

    def invoke(self, ctx: Any) -> Any:
        """Run the subcommand."""
        with reported():
            return super().invoke(ctx)


class GroupWithDefault(Group):
    """A command line whose first subcommand runs where none is named; its help shows the options of both."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the first subcommand before arguments that name none."""
        names = self.list_commands(ctx)
        if not args or args[0] not in (*names, "--help"):
            args = [names[0], *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, with the options of the first subcommand."""
        self.params = self.commands[self.list_commands(ctx)[0]].params
        super().format_help(ctx, formatter)


def new_application(cls: type[Group] = Group) -> typer.Typer:
    """Return an application without commands; ``GroupWithDefault`` runs the first where none is named."""
    return typer.Typer(cls=cls, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def run(application: typer.Typer, name: str, arguments: Sequence[str] | None = None) -> int:
    """Run an application and return its exit status.

    Args:
        application: The application.
        name: The folder that it is the command line of: ``catalog``.
        arguments: Its arguments. Default: those of the process.
    """
    try:
        prepare_output()
        with reported(name):
            application(args=arguments, prog_name=command(name))
    except SystemExit as end:
        return int(end.code or ExitStatus.OK)
    return ExitStatus.OK


def print_json(value: object) -> None:
    """Print JSON, with characters that the encoding of standard output lacks as JSON escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    print(text)
