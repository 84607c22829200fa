import subprocess
import sys
from pathlib import Path

import pytest

from cli.windows_security import COMMANDS, main

REPOSITORY = Path(__file__).resolve().parents[2]


def test_every_folder_with_a_command_line_for_users_is_a_command() -> None:
    folders = {file.parent.name for file in REPOSITORY.glob("*/__main__.py")}
    assert set(COMMANDS) == folders - {"local_aws"}


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_lists_the_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert "\n  verify      Check whether" in capsys.readouterr().out


def test_a_command_gets_its_arguments_and_returns_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "list", "--pack", "article"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 11
    assert main(["catalog", "list", "--pack", "artikle"]) == 2
    assert "did you mean article?" in capsys.readouterr().err


def test_an_unknown_command_is_refused_with_the_closest_match(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verfy"]) == 2
    assert capsys.readouterr().err == (
        "verfy: there is no such command; did you mean verify?; windows-security --help lists them\n"
    )


def test_only_the_command_that_runs_is_imported() -> None:
    program = (
        "import sys; from cli.windows_security import main; main(['catalog', '--help']); "
        "print([name for name in ('deployment', 'replay', 'verify', 'rich', 'boto3') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True)
    assert run.stdout.splitlines()[-1] == "[]", run.stderr


def test_help_names_the_command_as_the_user_runs_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["catalog", "--help"])
    assert capsys.readouterr().out.startswith("Usage: python -m catalog ")
    monkeypatch.setattr(sys, "argv", ["/usr/local/bin/windows-security", "catalog", "--help"])
    main(["catalog", "--help"])
    assert capsys.readouterr().out.startswith("Usage: windows-security catalog ")
