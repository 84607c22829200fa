"""What `python main.py` builds when only some of it is asked for, or some of it cannot be built."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.project import REPOSITORY, Project, deployment
from tests.main_in_process import ProjectInProcess

Main = Callable[..., subprocess.CompletedProcess[str]]

ACCOUNTS: dict[str, dict[str, Any]] = {
    "production": {"id": "111111111111", "regions": ["eu-central-1", "ap-northeast-1"]},
    "staging": {"id": "222222222222", "regions": ["eu-central-1"]},
}
# More than the document of the audit policy may hold, which only shows when it is made.
TOO_MUCH = {
    "id": "333333333333",
    "regions": ["eu-central-1"],
    "events": {"object-handle-requested": {"enabled": True}},
    "watched_paths": [f"C:\\{number}\\{'x' * 200}\\{'y' * 200}\\{'z' * 200}" for number in range(95)],
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return ProjectInProcess(tmp_path)


@pytest.fixture
def main(project: Project) -> Main:
    """Run main.py with these arguments and variables."""
    return project.main


def output(project: Project) -> dict[str, bytes]:
    """The stacks that were written, by name."""
    return {name: (folder / "cdk.tf.json").read_bytes() for name, folder in project.stacks().items()}


def manifest(project: Project) -> set[str]:
    content = json.loads((project.folder / "cdktf.out" / "manifest.json").read_text(encoding="utf-8"))
    return set(content["stacks"])


def test_only_what_is_asked_for_is_in_the_manifest_and_the_rest_stays_as_it_was(
    project: Project, main: Main
) -> None:
    project.synthesize(deployment(ACCOUNTS))

    run = main("--account", "production", "--region", "ap-northeast-1")

    assert run.returncode == 0, run.stderr
    assert manifest(project) == {"production-ap-northeast-1"}
    assert set(project.stacks()) == {
        "production-ap-northeast-1",
        "production-eu-central-1",
        "staging-eu-central-1",
    }


def test_a_name_that_there_is_not_is_refused_and_writes_nothing(project: Project, main: Main) -> None:
    project.write(deployment(ACCOUNTS))

    run = main("--account", "stagin")

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "account stagin: there is no such account; did you mean staging?\n"
    assert not (project.folder / "cdktf.out").exists()


def test_variables_choose_what_is_built_as_the_options_do(project: Project, main: Main) -> None:
    project.write(deployment({**ACCOUNTS, "tokyo": {"id": "444444444444", "regions": ["ap-northeast-1"]}}))

    run = main(ACCOUNTS="production, tokyo", REGIONS="ap-northeast-1 eu-central-1")

    assert run.returncode == 0, run.stderr
    assert manifest(project) == {
        "production-ap-northeast-1",
        "production-eu-central-1",
        "tokyo-ap-northeast-1",
    }


def test_an_option_replaces_its_variable(project: Project, main: Main) -> None:
    project.write(deployment(ACCOUNTS))

    run = main("--account", "staging", ACCOUNTS="production", REGIONS="eu-central-1")

    assert run.returncode == 0, run.stderr
    assert manifest(project) == {"staging-eu-central-1"}


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("ACCOUNTS", "stagin", "account stagin: there is no such account; did you mean staging?"),
        ("REGIONS", " , ", "REGIONS: ' , ' names nothing: unset it, or name some"),
        ("CONTINUE_ON_ERROR", "maybe", "CONTINUE_ON_ERROR: 'maybe' must be true or false"),
    ],
)
def test_a_variable_with_a_wrong_value_is_refused_and_writes_nothing(
    project: Project, main: Main, variable: str, value: str, message: str
) -> None:
    project.write(deployment(ACCOUNTS))

    run = main(**{variable: value})

    assert (run.returncode, run.stdout, run.stderr) == (2, "", f"{message}\n")
    assert not (project.folder / "cdktf.out").exists()


def test_a_variable_lets_cdktf_continue_without_the_accounts_that_have_errors(
    project: Project, main: Main
) -> None:
    project.write(deployment({**ACCOUNTS, "broken": {"id": 5}}))

    run = main(CONTINUE_ON_ERROR="true")

    assert run.returncode == 0
    assert "left out: broken" in run.stderr.splitlines()
    assert len(manifest(project)) == 3


def test_an_account_that_cannot_be_built_stops_everything(project: Project, main: Main) -> None:
    project.write(deployment({**ACCOUNTS, "huge": TOO_MUCH}))

    run = main()

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("accounts.huge: huge-eu-central-1: ")
    assert not (project.folder / "cdktf.out").exists()


def test_the_others_are_built_when_asked_and_those_left_out_are_named(project: Project, main: Main) -> None:
    project.write(deployment({**ACCOUNTS, "huge": TOO_MUCH, "broken": {"id": 5}}))

    run = main("--continue-on-error")

    assert run.returncode == 1
    problems = run.stderr.splitlines()
    assert problems[0].startswith("deployment.yaml:")
    assert "accounts.broken.id: '5' is not an AWS account id" in problems[0]
    assert problems[1].startswith("accounts.huge: huge-eu-central-1: ")
    assert problems[2] == "left out: broken, huge"
    assert manifest(project) == {
        "production-ap-northeast-1",
        "production-eu-central-1",
        "staging-eu-central-1",
    }


def test_where_nothing_is_left_to_build_an_earlier_output_stays_as_it_was(
    project: Project, main: Main
) -> None:
    project.synthesize(deployment(ACCOUNTS))
    project.write(deployment({"huge": TOO_MUCH}))

    run = main("--keep-going")

    assert run.returncode == 2
    assert len(manifest(project)) == 3


@dataclass(frozen=True)
class SeveralProcesses:
    """A deployment that several processes have built.

    Args:
        project: The deployment.
        run: The run.
        remains: The temporary files that are there afterwards.
    """

    project: Project
    run: subprocess.CompletedProcess[str]
    remains: list[Path]


@pytest.fixture(scope="module")
def several_processes(tmp_path_factory: pytest.TempPathFactory) -> SeveralProcesses:
    """Three stacks of two accounts, whose state is in buckets that the first stack of an account makes."""
    project, temporary = ProjectInProcess(tmp_path_factory.mktemp("a")), tmp_path_factory.mktemp("temporary")
    state = {"type": "s3", "bucket": "state-{account_id}", "region": "eu-central-1"}
    accounts = {
        "a": {"id": "111111111111", "regions": ["eu-central-1"]},
        "b": {"id": "222222222222", "regions": ["eu-central-1"]},
        "c": {"id": "111111111111", "regions": ["eu-west-1"]},
    }
    project.write(deployment(accounts, state=state))
    run = subprocess.run(
        [sys.executable, "-O", str(REPOSITORY / "tests" / "several_processes.py")],
        cwd=project.folder,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
    )
    return SeveralProcesses(project, run, list(temporary.iterdir()))


def test_several_processes_leave_no_file_behind(several_processes: SeveralProcesses) -> None:
    assert several_processes.run.returncode == 0, several_processes.run.stderr
    assert several_processes.remains == []
    files = {path.name for path in several_processes.project.folder.iterdir()}
    assert files == {"cdktf.out", "deployment.yaml"}


def test_several_processes_build_what_one_would(several_processes: SeveralProcesses, tmp_path: Path) -> None:
    one = ProjectInProcess(tmp_path)
    one.synthesize((several_processes.project.folder / "deployment.yaml").read_text(encoding="utf-8"))
    assert output(one) == output(several_processes.project)


def test_one_stack_makes_a_bucket_however_far_apart_an_accounts_entries_are(
    several_processes: SeveralProcesses,
) -> None:
    project = several_processes.project
    assert {name for name in manifest(project) if name.endswith("-state")} == {
        "a-eu-central-1-state",
        "b-eu-central-1-state",
    }
    stacks = json.loads((project.folder / "cdktf.out" / "manifest.json").read_text(encoding="utf-8"))[
        "stacks"
    ]
    assert stacks["c-eu-west-1"]["dependencies"] == ["a-eu-central-1-state"]
