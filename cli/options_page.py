"""``docs/reference/options.md``: each command with its arguments and options, as ``--help`` explains them."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import typer

from catalog.docs.markdown import page, table, text
from cli.windows_security import COMMANDS

_INTRODUCTION = (
    "What `--help` says of each command. [Commands](commands.md) has all in one table, and the exit statuses."
)


def options_page() -> str:
    """Return the page, of all commands of the repository."""
    folders = (*COMMANDS, "local_aws")
    commands = [each for folder in folders for each in _commands(folder, _command_line(folder))]
    return page("# Options", _INTRODUCTION, *(block for each in commands for block in _blocks(*each)))


def _command_line(folder: str) -> Any:
    return typer.main.get_command(import_module(f"{folder}.__main__").application)


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield name, command
    for below, subcommand in (subcommands or {}).items():
        yield from _commands(f"{name} {below}", subcommand)


def _blocks(name: str, command: Any) -> Iterator[str]:
    context = typer.Context(command, info_name=name)
    yield f"## `{name}`"
    yield f"```console\n{' '.join([f'python -m {name}', *command.collect_usage_pieces(context)])}\n```"
    yield from (text(" ".join(paragraph.split())) for paragraph in command.help.split("\n\n"))
    records = filter(None, (each.get_help_record(context) for each in command.params))
    if rows := [(f"`{flags.replace('|', ', ')}`", text(meaning)) for flags, meaning in records]:
        yield table(("Takes", "Meaning"), rows)
