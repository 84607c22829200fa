import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deployment import settings_page
from deployment.__main__ import main
from deployment.settings import schema

Write = Callable[[str], Path]
ROOT = Path(__file__).parents[2]


SILENCE = (
    "silence_alarm may fire on healthy servers: of the chosen events of Security, a busy server writes about "
    "1 a day, and 1 h without any is an alarm; choose a frequent event (logon-succeeded-network), "
    "set a longer silence_alarm.period, or switch it off"
)


def test_check_lists_the_stacks(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(
        """\
        defaults:
          regions: [eu-central-1]
          packs: []
          events:
            user-account-created: {enabled: true, variants: {slow: {threshold: 9}}}
            user-account-deleted: {enabled: true, alarm: false}
            object-handle-requested: {enabled: true}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          production: {id: 111111111111, regions: [eu-central-1, ap-northeast-1]}
          staging: {id: 222222222222, state: {type: cloud, organization: example}}
        """
    )
    monkeypatch.chdir(path.parent)
    assert main(["check", path.name]) == 0
    assert capsys.readouterr().out == (
        "STACK                      ACCOUNT       EVENTS  ALARMS  TOPICS  STATE\n"
        "production-eu-central-1    111111111111  2       3       2       "
        "state/windows-security-production-eu-central-1.tfstate\n"
        "production-ap-northeast-1  111111111111  2       3       2       "
        "state/windows-security-production-ap-northeast-1.tfstate\n"
        "staging-eu-central-1       222222222222  2       3       2       "
        "app.terraform.io/example/windows-security-staging-eu-central-1\n"
        "production: object-handle-requested is left out: watched_paths names no file\n"
        f"production: {SILENCE}\n"
        "staging: object-handle-requested is left out: watched_paths names no file\n"
        f"staging: {SILENCE}\n"
    )


def test_check_shows_where_a_state_is_before_it_is_moved(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(
        """\
        defaults:
          regions: [eu-central-1]
          silence_alarm: {enabled: false}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts: {a: {id: 111111111111, packs: [article], state: {type: s3}}, b: {id: 222222222222}}
        """
    )
    monkeypatch.chdir(path.parent)
    Path("state").mkdir()
    role = {"name": "windows-security-eu-central-1-server", "arn": "arn:aws:iam::222222222222:role/x"}
    resource = {"mode": "managed", "type": "aws_iam_role", "instances": [{"attributes": role}]}
    Path("state/b-eu-central-1.tfstate").write_text(json.dumps({"resources": [resource]}))

    assert main(["check", path.name]) == 0

    stacks = {line.split()[0]: line.split()[-1] for line in capsys.readouterr().out.splitlines()}
    assert stacks["b-eu-central-1"] == "state/b-eu-central-1.tfstate"
    assert stacks["b-eu-central-1:"] == "state/windows-security-b-eu-central-1.tfstate"
    assert stacks["a-eu-central-1-state:"] == "state/windows-security-a-eu-central-1-state.tfstate"


def test_check_reports_a_state_of_another_account(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(
        """\
        defaults:
          regions: [eu-central-1]
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts: {a: {id: 111111111111}, b: {id: 222222222222}}
        """
    )
    monkeypatch.chdir(path.parent)
    Path("state").mkdir()
    role = {"name": "it", "arn": "arn:aws:iam::333333333333:role/it"}
    resource = {"mode": "managed", "type": "aws_iam_role", "instances": [{"attributes": role}]}
    Path("state/windows-security-b-eu-central-1.tfstate").write_text(json.dumps({"resources": [resource]}))

    assert main(["check", path.name]) == 2
    refused = capsys.readouterr()
    assert refused.out == ""
    assert "is the state of account 333333333333" in refused.err

    assert main(["check", "--continue-on-error", path.name]) == 1
    partial = capsys.readouterr()
    assert "a-eu-central-1 " in partial.out
    assert "b-eu-central-1 " not in partial.out
    assert partial.err.splitlines()[-1] == "left out: b"


def test_check_tells_of_alarms_that_can_never_ring(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        """\
        defaults:
          regions: [eu-central-1, eu-west-1]
          packs: []
          events:
            scheduled-task-created: {enabled: true, alarm: true}
            scheduled-task-deleted: {enabled: true, alarm: false}
            user-account-created: {enabled: true}
          associations: {apply_audit_policy: {enabled: false}}
          silence_alarm: {enabled: false}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts: {production: {id: 111111111111}}
        """
    )
    assert main(["check", str(path)]) == 0
    (message,) = capsys.readouterr().out.splitlines()[3:]
    assert message == (
        "production: can never fire: scheduled-task-created; python -m catalog coverage --deployment FILE "
        "says why"
    )


def test_check_tells_every_problem_on_standard_error(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("accounts:\n  production:\n    id: 5\n    region: x\n")
    assert main(["check", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"{path}:3: accounts.production.id: '5' is not an AWS account id: it has 12 digits (with leading "
        "zeros, if any)\n"
        f"{path}:4: accounts.production.region: no such setting; did you mean regions?\n"
    )


def test_check_reads_the_deployment_here_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "deployment.yaml: there is no such file\n"


def test_check_reads_the_file_that_the_option_or_the_variable_names(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("accounts: {production: {id: 5}}\n")
    assert main(["check", "--deployment", str(path)]) == 2
    by_option = capsys.readouterr().err
    monkeypatch.setenv("DEPLOYMENT", str(path))
    assert main(["check"]) == 2
    assert capsys.readouterr().err == by_option
    assert by_option.startswith(f"{path}:1: ")
    assert main(["check", "another.yaml"]) == 2
    assert capsys.readouterr().err.startswith("another.yaml: ")


def test_check_of_two_files_at_once_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "a.yaml", "--deployment", "b.yaml"]) == 2
    assert capsys.readouterr().err == "name one deployment file: a.yaml, or --deployment b.yaml\n"


def test_schema_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == f"{schema.json_schema()}\n"


def test_schema_writes_the_file_that_editors_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema, "SCHEMA_FILE", tmp_path / "schema.json")
    monkeypatch.setattr(settings_page, "PAGE", tmp_path / "settings.md")
    assert main(["schema", "--write"]) == 0
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == f"{schema.json_schema()}\n"
    assert capsys.readouterr().out == "".join(
        f"{tmp_path / name} written\n" for name in ("schema.json", "settings.md")
    )


def test_the_example_is_in_order() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deployment", "check", "deployment.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "STACK",
        "production-eu-central-1",
        "production-eu-west-1",
        "tokyo-ap-northeast-1",
        "development-eu-central-1",
    ]


def test_importing_the_settings_loads_no_cdktf() -> None:
    program = (
        "import sys, deployment; print([m for m in sys.modules if m.startswith(('cdktf', 'jsii', 'boto'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
