"""The commands of ``docs/how-to/verify.md`` run as they stand there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deployment import load, resolve
from local_aws import LocalAws
from tests.local_requests import without_sockets
from tests.verify.conftest import Deploy
from verify.__main__ import application

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "how-to" / "verify.md"
DEPLOYMENT = REPOSITORY / "deployment.yaml"
COMMANDS = re.findall(r"^\.venv/bin/python -m verify (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    with LocalAws(region="eu-central-1", evaluate_every=0.2) as aws, without_sockets(aws):
        yield aws


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("patterns")])
def test_each_command_that_tries_patterns_finds_no_difference(command: str) -> None:
    result = CliRunner().invoke(application, [*shlex.split(command), "--deployment", str(DEPLOYMENT)])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("drill")])
def test_each_drill_comes_through(deploy: Deploy, command: str) -> None:
    deploy(*(region for region in resolve(load(DEPLOYMENT)) if region.account == "production"))
    # A test has no terminal to confirm at.
    arguments = dict.fromkeys([*shlex.split(command), "--yes"])

    result = CliRunner().invoke(application, [*arguments, "--deployment", str(DEPLOYMENT)])

    assert result.exit_code == 0, result.output


def test_the_page_has_commands_of_both_kinds() -> None:
    assert {command.split()[0] for command in COMMANDS} == {"patterns", "drill"}
