"""docs/reference/commands.md says what the command lines take and how they end."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from cli import options
from cli.errors import ExitStatus
from cli.options import SharedOption
from cli.options_page import options_page
from cli.windows_security import COMMANDS

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "commands.md").read_text(encoding="utf-8")
SHARED = [option for option in vars(options).values() if isinstance(option, SharedOption)]


def commands(name: str) -> Iterator[tuple[str, Any]]:
    """Yield each command of a folder with its whole name."""
    yield from below(name, typer.main.get_command(import_module(f"{name}.__main__").application))


def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield a command, or those below it, however deep, with their whole names."""
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield name, command
    else:
        for each, subcommand in subcommands.items():
            yield from below(f"{name} {each}", subcommand)


def row(name: str, command: Any) -> str:
    """The row of a command: what it does, and what it takes."""
    sentence = command.help.partition("\n\n")[0].replace("\n", " ")
    arguments = [each.metavar for each in command.params if each.param_type_name == "argument"]
    flags = [each.opts[0] for each in command.params if each.param_type_name == "option"]
    taken = " ".join(f"`{each}`" for each in (*arguments, *flags))
    return f"| `{name}` | {sentence} | {taken} |"


def test_the_page_of_options_is_current() -> None:
    written = (REFERENCE / "options.md").read_text(encoding="utf-8")
    assert written == options_page(), "options.md is out of date: run 'python -m catalog docs'"


@pytest.mark.parametrize("folder", [*COMMANDS, "local_aws"])
def test_every_command_has_its_row(folder: str) -> None:
    expected = [row(name, command) for name, command in commands(folder)]
    assert [line for line in expected if line not in PAGE.splitlines()] == []


def test_there_is_no_row_of_a_command_that_does_not_exist() -> None:
    names = {name for folder in (*COMMANDS, "local_aws") for name, _ in commands(folder)}
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `") and "--" in line]
    assert {name for name in rows if name.split()[0] in {*COMMANDS, "local_aws"}} <= names


@pytest.mark.parametrize("option", SHARED, ids=lambda option: option.flags[0])
def test_every_shared_option_has_its_row(option: SharedOption) -> None:
    value = f" {option.metavar}" if option.metavar else ""
    flags = ", ".join(f"`{flag}{value}`" for flag in option.flags)
    assert f"| {flags} | {option.help} |" in PAGE


@pytest.mark.parametrize("status", ExitStatus)
def test_every_exit_status_has_its_row(status: ExitStatus) -> None:
    assert f"| {status.value} | {status.meaning} |" in PAGE
