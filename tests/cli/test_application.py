"""What every command line does alike, tried on a small one."""

from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from catalog.errors import InputError
from cli.application import Accounts, GroupWithDefault, Json, new_application, run

application = new_application(GroupWithDefault)


@application.callback()
def _small() -> None:
    """A small command line."""


@application.command("checks")
def _checks(
    accounts: Accounts,
    stacks: Annotated[list[str] | None, typer.Argument(metavar="[STACK]...")] = None,
    as_data: Json = False,
) -> None:
    """Check something."""
    print("checks", accounts, stacks, as_data)


@application.command("patterns")
def _patterns(accounts: Accounts) -> None:
    """Try the patterns."""
    print("patterns", accounts)


@application.command("fail")
def _fail(kind: str) -> None:
    """Fail in one of several ways."""
    raise {
        "input": InputError("line 3: what is wrong"),
        "terminal": InputError("a\x1b[31m\n::error::b\u202ec"),
        "disk": OSError(28, "No space left on device"),
        "folder": PermissionError(13, "Permission denied", "/folder"),
        "memory": MemoryError(),
        "interrupt": KeyboardInterrupt(),
    }[kind]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "checks [] None False"),
        (["--account", "a", "--account", "b"], "checks ['a', 'b'] None False"),
        (["stack", "--json"], "checks [] ['stack'] True"),
        (["checks", "stack"], "checks [] ['stack'] False"),
        (["patterns", "--account", "a"], "patterns ['a']"),
    ],
)
def test_the_first_subcommand_runs_where_none_is_named(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(application, arguments)
    assert (result.exit_code, result.output) == (0, f"{said}\n")


def test_an_option_before_a_subcommand_is_not_ignored() -> None:
    # The name is an argument of the default then, which knows no such stack: nothing runs on all accounts.
    assert CliRunner().invoke(application, ["--account", "a", "patterns"]).output == (
        "checks ['a'] ['patterns'] False\n"
    )


def test_help_shows_the_subcommands_and_the_options_of_the_default() -> None:
    text = CliRunner().invoke(application, ["--help"]).stdout
    assert "--account NAME" in text
    assert "patterns" in text


def test_a_flag_does_not_look_as_if_it_took_a_value() -> None:
    lines = CliRunner().invoke(application, ["checks", "--help"]).stdout.splitlines()
    (line,) = (line.split() for line in lines if "--json" in line)
    assert line == ["--json", "Print", "JSON."]


@pytest.mark.parametrize(
    ("kind", "said", "status"),
    [
        ("input", "line 3: what is wrong", 2),
        ("terminal", "a\ufffd[31m\ufffd::error::b\ufffdc", 2),
        ("disk", "Standard output: No space left on device", 2),
        ("folder", "/folder: Permission denied", 2),
        ("memory", "The machine is out of memory.", 2),
    ],
)
def test_an_error_is_one_line_on_standard_error(kind: str, said: str, status: int) -> None:
    result = CliRunner().invoke(application, ["fail", kind])
    assert (result.exit_code, result.stderr, result.stdout) == (status, f"{said}\n", "")


def test_the_exit_status_of_wrong_usage_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(application, "small", ["patterns", "--unknown"]) == 2
    assert "No such option: --unknown" in capsys.readouterr().err
