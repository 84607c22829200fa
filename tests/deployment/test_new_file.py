"""``deployment new``: answers become a commented deployment file, or nothing is written."""

import json
import subprocess
from pathlib import Path

import pytest

from deployment import load_plan
from deployment.__main__ import main
from deployment.new_file import Answers, StateKind, new_file
from tests.in_process import run_in_process

_ANSWERS = [
    *("--account", "production=111111111111", "--account", "test=012345678901"),
    *("--region", "eu-central-1", "--region", "eu-west-1", "--email", "soc@example.com"),
]


def _new(output: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["deployment", "new", *arguments, "--output", str(output)]
    return run_in_process(main, command, folder=output.parent)


def test_answers_become_a_file_whose_stacks_are_those_that_were_meant(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    run = _new(file, *_ANSWERS, "--tag", "OS=Windows Server 2022", "--tag", "OS=Windows Server 2025")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"{file} written. Next: python -m deployment check {file}\n"
    regions = load_plan(file).regions
    assert [(region.stack_name, region.account_id) for region in regions] == [
        ("production-eu-central-1", "111111111111"),
        ("production-eu-west-1", "111111111111"),
        ("test-eu-central-1", "012345678901"),
        ("test-eu-west-1", "012345678901"),
    ]
    settings = regions[0].settings
    assert settings.targets == {"OS": ("Windows Server 2022", "Windows Server 2025")}
    assert [each.endpoint for each in settings.notifications.subscriptions] == ["soc@example.com"]


@pytest.mark.parametrize("state", StateKind)
def test_each_kind_of_state_can_be_chosen(state: StateKind, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    run = _new(file, *_ANSWERS, "--state", state.value, "--organization", "example")
    assert run.returncode == 0, run.stderr
    assert load_plan(file).regions[0].settings.state.type == state.value


def test_every_wrong_answer_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    wrong = ["--account", "production=1111", "--region", "eu-cetral-1", "--email", "socexample.com"]
    run = _new(file, *wrong)
    assert run.returncode == 2
    assert [line.partition(" ")[2] for line in run.stderr.splitlines()] != []
    assert len(run.stderr.splitlines()) == 3
    assert "did you mean eu-central-1?" in run.stderr
    assert "'socexample.com' is not an e-mail address" in run.stderr
    assert "'1111' is not an AWS account id" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("mine")
    run = _new(file, *_ANSWERS)
    assert (run.returncode, file.read_text()) == (2, "mine")
    assert "exists already; name another with --output" in run.stderr


@pytest.mark.parametrize("value", ["production", "=1", "production="])
def test_an_account_without_name_or_id_is_refused(value: str, tmp_path: Path) -> None:
    run = _new(tmp_path / "mine.yaml", *_ANSWERS[4:], "--account", value)
    assert run.returncode == 2
    assert "as in NAME=VALUE" in run.stderr


def test_a_value_that_yaml_would_take_for_another_type_stays_text(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    answers = Answers(
        accounts={"no": "012345678901"},
        regions=["eu-central-1"],
        emails=["soc@example.com"],
        tags={"On": ["yes", "1.10"]},
    )
    file.write_text(new_file(answers))
    (region,) = load_plan(file).regions
    assert (region.account, region.account_id) == ("no", "012345678901")
    assert region.settings.targets == {"On": ("yes", "1.10")}


def test_the_accounts_can_be_those_of_an_organization_and_the_recipient_a_channel(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    account = {"Id": "111111111111", "Name": "Prod EU", "Status": "ACTIVE"}
    (tmp_path / "accounts.json").write_text(json.dumps({"Accounts": [account]}))
    channels = ["--slack", "T0123ABCDEF/C0123ABCDEF", "--slack", "T0123ABCDEF/C0123ABCDEG"]
    regions = ["--region", "eu-central-1", "--region", "eu-west-1"]
    run = _new(file, "--export", str(tmp_path / "accounts.json"), *regions, *channels)
    assert run.returncode == 0, run.stderr
    plans = load_plan(file).regions
    assert [each.stack_name for each in plans] == ["prod-eu-eu-central-1", "prod-eu-eu-west-1"]
    chat = [each for each in plans[0].settings.notifications.chat.values() if each]
    assert [each.slack and each.slack.channel for each in chat] == ["C0123ABCDEF", "C0123ABCDEG"]
    assert [each.region for each in chat] == ["eu-central-1", "eu-west-1"]


def test_an_export_elsewhere_or_nowhere_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (tmp_path / "accounts.json").write_text("{}")
    elsewhere = _new(folder / "mine.yaml", *_ANSWERS[4:], "--export", str(tmp_path / "accounts.json"))
    assert "must be in the folder of" in elsewhere.stderr
    nowhere = _new(folder / "mine.yaml", *_ANSWERS[4:], "--export", "nothing.json")
    assert "--export nothing.json: cannot be read: No such file or directory" in nowhere.stderr
    assert list(folder.iterdir()) == []


def test_a_channel_that_lacks_an_id_is_refused(tmp_path: Path) -> None:
    run = _new(tmp_path / "mine.yaml", *_ANSWERS[:8], "--slack", "general")
    assert (run.returncode, "as in T0123ABCDEF/C0123ABCDEF" in run.stderr) == (2, True)
