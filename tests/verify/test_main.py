import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deployment import load, resolve
from local_aws import LocalAws
from tests.verify.conftest import Deploy
from tests.verify.deployed import run_servers
from verify.__main__ import application

STATUSES = ("failed", "warning", "ok")
TWO_ACCOUNTS = """\
defaults:
  regions: [eu-west-1, eu-central-1]
  packs: [article]
  watched_paths: ['C:\\Secret\\']
  assume_role: security-audit
  notifications:
    subscriptions: [{protocol: email, endpoint: soc@example.com}]
accounts:
  production: {id: 111122223333}
  staging: {id: 444455556666, regions: [eu-west-1]}
"""
#: Nothing runs in the local AWS, so that each association would be a warning.
WITHOUT_ASSOCIATIONS = """\
associations:
  update_ssm_agent: {enabled: false}
  install_agent: {enabled: false}
  apply_audit_policy: {enabled: false}
  configure_agent: {enabled: false}
"""


@pytest.fixture
def run(
    aws: LocalAws, deployment_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run ``python -m verify`` with these arguments, on two accounts or another deployment."""
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments: str, **deployment: str) -> Result:
        path = str(deployment_file(**(deployment or {"text": TWO_ACCOUNTS})))
        return CliRunner().invoke(application, ["--deployment", path, *arguments])

    return invoke


def put(deploy: Deploy, deployment_file: Callable[..., Path], stack: str) -> None:
    """Deploy one of the two accounts' stacks, and run a server."""
    (region,) = (
        region for region in resolve(load(deployment_file(text=TWO_ACCOUNTS))) if region.stack_name == stack
    )
    deploy(region, servers=True)


def test_the_exit_status_says_whether_anything_failed(
    run: Callable[..., Result], deploy: Deploy, deployment_file: Callable[..., Path]
) -> None:
    put(deploy, deployment_file, "staging-eu-west-1")

    assert run("--account", "staging").exit_code == 0
    assert run("--account", "production").exit_code == 1


def test_only_where_it_is_strict_a_warning_is_a_failure(
    run: Callable[..., Result], aws: LocalAws, deploy: Deploy, deployment_file: Callable[..., Path]
) -> None:
    (region,) = resolve(load(deployment_file(WITHOUT_ASSOCIATIONS)))
    deploy(region)

    unwatched = run(settings=WITHOUT_ASSOCIATIONS), run("--strict", settings=WITHOUT_ASSOCIATIONS)

    assert "no running server has these tags" in unwatched[0].output
    assert [result.exit_code for result in unwatched] == [0, 1]

    run_servers(aws, region)

    assert run("--strict", settings=WITHOUT_ASSOCIATIONS).exit_code == 0


def test_all_stacks_are_asked_in_their_order(run: Callable[..., Result]) -> None:
    output = run().output

    titles = [line.split()[0] for line in output.splitlines() if "(account " in line]
    assert titles == ["production-eu-west-1", "production-eu-central-1", "staging-eu-west-1"]


def test_stacks_are_chosen_by_account_and_region(run: Callable[..., Result]) -> None:
    def stacks(*arguments: str) -> list[str]:
        return list(json.loads(run("--json", *arguments).stdout)["stacks"])

    assert stacks("--region", "eu-west-1") == ["production-eu-west-1", "staging-eu-west-1"]
    assert stacks("--account", "production", "--region", "eu-central-1") == ["production-eu-central-1"]
    assert len(stacks("--account", "production", "--account", "staging")) == 3
    assert stacks("staging-eu-west-1") == ["staging-eu-west-1"]
    assert stacks("production-*") == ["production-eu-west-1", "production-eu-central-1"]


def test_json_holds_every_check(
    run: Callable[..., Result], deploy: Deploy, deployment_file: Callable[..., Path]
) -> None:
    put(deploy, deployment_file, "staging-eu-west-1")

    data = json.loads(run("--account", "staging", "--json").stdout)

    checks = data["stacks"]["staging-eu-west-1"]["checks"]
    assert all(check.keys() == {"name", "resource", "status", "message"} for check in checks)
    assert {check["status"] for check in checks} == {"ok", "warning"}
    assert len([check for check in checks if check["name"] == "metric filter"]) == 11


def test_failures_come_first_and_what_is_right_is_folded(
    run: Callable[..., Result], aws: LocalAws, deploy: Deploy, deployment_file: Callable[..., Path]
) -> None:
    put(deploy, deployment_file, "staging-eu-west-1")
    name = "windows-security-user-account-created"
    client = aws.client("logs", "444455556666", "eu-west-1")
    client.delete_metric_filter(logGroupName="Security", filterName=name)

    output = run("--account", "staging").output
    rows = [line.split() for line in output.splitlines() if line.strip().startswith(STATUSES)]

    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=STATUSES.index)
    assert rows[0][:4] == ["failed", "metric", "filter", name]
    assert " 10 of 11 " in output
    assert output.rstrip().splitlines()[-1].startswith("1 failed, 2 warnings, ")


def test_with_all_each_thing_that_is_right_has_a_line(
    run: Callable[..., Result], deploy: Deploy, deployment_file: Callable[..., Path]
) -> None:
    put(deploy, deployment_file, "staging-eu-west-1")

    output = run("--account", "staging", "--all").output

    assert "windows-security-user-account-created" in output
    assert " of 11 " not in output


def test_an_account_that_cannot_be_entered_does_not_keep_the_others_from_being_asked(
    run: Callable[..., Result], deploy: Deploy, deployment_file: Callable[..., Path]
) -> None:
    put(deploy, deployment_file, "production-eu-west-1")
    text = TWO_ACCOUNTS.replace("{id: 444455556666,", "{id: 444455556666, assume_role: null,")

    result = run("--region", "eu-west-1", "--json", text=text)

    stacks = json.loads(result.stdout)["stacks"]
    assert result.exit_code == 1
    assert "failed" not in {check["status"] for check in stacks["production-eu-west-1"]["checks"]}
    (only,) = stacks["staging-eu-west-1"]["checks"]
    assert (only["name"], only["status"]) == ("account", "failed")
    assert "in account 111122223333, not of 444455556666" in only["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--account", "productoin"],
            "account productoin: there is no such account; did you mean production?",
        ),
        (["--account", "zzz"], "account zzz: there is no such account"),
        (
            ["--region", "eu-west-2"],
            "region eu-west-2: no account is watched there; did you mean eu-west-1?",
        ),
        (
            ["--account", "staging", "--region", "eu-central-1"],
            "account staging: is watched in none of these regions, but in eu-west-1",
        ),
        (["stagin-eu-west-1"], "stagin-eu-west-1: there is no such stack; did you mean staging-eu-west-1?"),
        (["--since", "0"], "--since"),
        (["--since", "soon"], "--since"),
        (["--deployment", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_is_wrong(
    run: Callable[..., Result], arguments: list[str], said: str
) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_every_problem_of_a_bad_deployment_file_is_told(run: Callable[..., Result]) -> None:
    result = run(text="accounts:\n  production: {id: 1, regions: [nowhere], retention_days: 2}\n")

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3
    assert "Traceback" not in result.stderr


def test_the_deployment_file_may_be_named_by_the_environment(
    run: Callable[..., Any], deployment_file: Callable[..., Path]
) -> None:
    path = deployment_file(text=TWO_ACCOUNTS)

    result = CliRunner().invoke(
        application, ["--json", "--account", "staging"], env={"DEPLOYMENT": str(path)}
    )

    assert list(json.loads(result.stdout)["stacks"]) == ["staging-eu-west-1"]
