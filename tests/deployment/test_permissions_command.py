"""``python -m deployment permissions``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deployment.__main__ import main
from deployment.aws.limits import MANAGED_POLICY_CHARACTERS

Write = Callable[[str], Path]

TWO_ACCOUNTS = """\
    defaults:
      regions: [eu-central-1]
      notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
    accounts:
      production: {id: 111111111111}
      staging: {id: 222222222222, state: {type: s3}, assume_role: deployment}
    """


@pytest.fixture
def run(write: Write, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str]]:
    """Run the command over two accounts; return what it prints, and what it reports."""

    def printed(*arguments: str) -> tuple[Any, str]:
        assert main(["permissions", "--deployment", str(write(TWO_ACCOUNTS)), *arguments]) == 0
        output = capsys.readouterr()
        return json.loads(output.out), output.err

    return printed


def test_a_single_policy_is_printed_as_iam_takes_it(run: Callable[..., tuple[Any, str]]) -> None:
    policy, _ = run("--role", "plan", "--account", "production")
    assert policy.keys() == {"Version", "Statement"}
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}


def test_several_policies_are_named_by_account(run: Callable[..., tuple[Any, str]]) -> None:
    policies, _ = run("--role", "recover")
    assert policies.keys() == {"production/windows-security-recover", "staging/windows-security-recover"}
    assert "222222222222" not in json.dumps(policies["production/windows-security-recover"])


def test_json_has_the_length_of_each_policy(run: Callable[..., tuple[Any, str]]) -> None:
    policies, _ = run("--role", "deploy", "--json")
    assert {each["account"] for each in policies} == {"production", "staging"}
    assert all(0 < each["characters"] <= MANAGED_POLICY_CHARACTERS for each in policies)


def test_a_state_that_others_must_reach_is_reported(run: Callable[..., tuple[Any, str]]) -> None:
    _, reported = run("--role", "deploy")
    assert reported == (
        "staging: the state in windows-security-state-222222222222-eu-central-1 is not among them: the "
        "credentials that terraform starts with must reach it (--role state)\n"
    )


def test_an_unknown_role_is_refused_with_those_that_there_are(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["permissions", "--role", "deployer", "--deployment", str(write(TWO_ACCOUNTS))]) == 2
    assert "'deploy', 'plan', 'verify', 'drill', 'recover', 'state'" in capsys.readouterr().err
