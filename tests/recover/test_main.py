from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local_aws import LocalAws
from recover import FILE
from recover.__main__ import application

Client = Callable[[str], Any]
Synthesize = Callable[..., Path]

LOG_GROUP = {"aws_cloudwatch_log_group": {"it": {"name": "Security"}}}
S3 = {"backend": {"s3": {"bucket": "states"}}}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(application, [str(argument) for argument in arguments])


def test_what_exists_is_shown_with_the_command_that_imports_it(
    client: Client, synthesize: Synthesize
) -> None:
    client("logs").create_log_group(logGroupName="Security")
    directory = synthesize(resources=LOG_GROUP)
    result = run("--directory", directory)
    assert result.exit_code == 0
    file = directory / "stacks" / "production" / FILE
    assert f"production: what exists, for terraform to import ({file})" in result.stdout
    assert ["aws_cloudwatch_log_group.it", "Security"] in [
        line.split() for line in result.stdout.splitlines()
    ]
    assert "  npx cdktf apply --skip-synth production\n" in result.stdout
    assert "force-unlock" not in result.stdout


def test_with_state_in_s3_the_state_stack_is_named_and_how_a_lock_is_released(
    client: Client, synthesize: Synthesize
) -> None:
    client("logs").create_log_group(logGroupName="Security")
    synthesize("production-state")
    directory = synthesize(resources=LOG_GROUP, terraform=S3, dependencies=["production-state"])
    said = run("production", "--directory", directory).stdout
    assert "npx cdktf apply --skip-synth production-state production\n" in said
    assert f"terraform -chdir={directory / 'stacks' / 'production'} force-unlock ID" in said


@pytest.mark.usefixtures("aws")
def test_where_nothing_exists_it_is_said_and_nothing_is_written(synthesize: Synthesize) -> None:
    directory = synthesize(resources=LOG_GROUP)
    result = run("--directory", directory)
    assert result.exit_code == 0
    assert result.stdout == "production: nothing exists that an apply would be refused for or make twice\n"
    assert not (directory / "stacks" / "production" / FILE).exists()


def test_what_was_made_twice_is_told_on_standard_error_and_the_status_is_1(
    client: Client, synthesize: Synthesize
) -> None:
    for _ in range(2):
        client("logs").put_query_definition(name="failed", queryString="limit 1")
    queries = {"aws_cloudwatch_query_definition": {"it": {"name": "failed"}}}
    result = run("--directory", synthesize(resources=queries))
    assert result.exit_code == 1
    assert result.stderr.startswith("production: aws_cloudwatch_query_definition.it exists 2 times: ")
    assert "npx cdktf apply" not in result.stdout


def test_a_stack_that_cannot_be_asked_for_does_not_keep_the_others_from_it(
    client: Client, synthesize: Synthesize
) -> None:
    client("logs").create_log_group(logGroupName="Security")
    synthesize("another", resources=LOG_GROUP, provider={"allowed_account_ids": ["444455556666"]})
    directory = synthesize(resources=LOG_GROUP)
    result = run("--directory", directory)
    assert result.exit_code == 1
    assert "another: the credentials are those of " in result.stderr
    assert (directory / "stacks" / "production" / FILE).exists()
    assert "npx cdktf apply --skip-synth production\n" in result.stdout


def test_a_stack_that_does_not_exist_is_told_and_the_status_is_2(
    aws: LocalAws, synthesize: Synthesize
) -> None:
    directory = synthesize()
    result = run("prodution", "--directory", directory)
    assert result.exit_code == 2
    assert result.stderr == f"prodution: {directory} has no such stack; did you mean production?\n"


def test_without_a_synthesis_the_status_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run()
    assert result.exit_code == 2
    assert (
        result.stderr == f"{Path('cdktf.out', 'manifest.json')} does not exist: run npx cdktf synth first\n"
    )
