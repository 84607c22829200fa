"""``python -m deployment permissions``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

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


def test_a_stack_set_is_printed_as_yaml(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(TWO_ACCOUNTS))
    assert main(["permissions", "--role", "deploy", "--stack-set", "--deployment", path]) == 0
    template = yaml.safe_load(capsys.readouterr().out)
    assert template["Parameters"]["RoleName"]["Default"] == "deployment"
    assert template["Resources"]["Role"]["Type"] == "AWS::IAM::Role"


def test_the_policy_of_a_key_is_printed_as_kms_takes_it(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "arn:aws:kms:eu-central-1:111111111111:key/1"
    text = TWO_ACCOUNTS.replace("{id: 111111111111}", f"{{id: 111111111111, encryption: {{key: '{key}'}}}}")
    assert main(["permissions", "--key-policy", "--deployment", str(write(text))]) == 0
    assert json.loads(capsys.readouterr().out).keys() == {"Version", "Statement"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name either a role (--role deploy) or --key-policy"),
        (["--role", "deploy", "--key-policy"], "name either a role (--role deploy) or --key-policy"),
        (["--key-policy"], "no key is named under encryption.key or notifications.kms_key"),
        (["--role", "plan", "--stack-set", "--json"], "--stack-set prints YAML"),
    ],
)
def test_what_cannot_be_printed_is_refused(
    write: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["permissions", *arguments, "--deployment", str(write(TWO_ACCOUNTS))]) == 2
    assert message in capsys.readouterr().err
