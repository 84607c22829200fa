"""What `python main.py` builds when only some of it is asked for, or some of it cannot be built."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.project import REPOSITORY, Project, deployment

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
    return Project(tmp_path)


@pytest.fixture
def main(project: Project) -> Main:
    """Run main.py with these arguments, or a program in its place."""

    def run(*arguments: str, program: str = str(REPOSITORY / "main.py")) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-O", program, *arguments]
        # jsii has its own opinion of Node 20 on standard error.
        environment = {**os.environ, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
        return subprocess.run(command, cwd=project.folder, env=environment, capture_output=True, text=True)

    return run


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
    assert run.stderr == "--account stagin: there is no such account; did you mean staging?\n"
    assert not (project.folder / "cdktf.out").exists()


def test_an_account_that_cannot_be_built_stops_everything(project: Project, main: Main) -> None:
    project.write(deployment({**ACCOUNTS, "huge": TOO_MUCH}))

    run = main()

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("accounts.huge: huge-eu-central-1: ")
    assert not (project.folder / "cdktf.out").exists()


def test_the_others_are_built_when_asked_and_those_left_out_are_named(project: Project, main: Main) -> None:
    project.write(deployment({**ACCOUNTS, "huge": TOO_MUCH, "broken": {"id": 5}}))

    run = main("--keep-going")

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


def test_the_first_of_several_processes_starts_no_node(project: Project, main: Main) -> None:
    accounts = {
        f"account-{number}": {"id": str(100000000000 + number), "regions": ["eu-central-1"]}
        for number in range(7)
    }
    project.write(deployment(accounts))
    program = project.folder / "program.py"
    program.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(REPOSITORY)!r})\n"
        "import main\n"
        "if __name__ == '__main__':\n"
        "    status = main.main()\n"
        "    print([name for name in sys.modules if name.split('.')[0] in ('cdktf', 'jsii', 'modules')])\n"
        "    sys.exit(status)\n"
    )

    run = main(program=str(program))

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "[]"
    assert manifest(project) == {f"{name}-eu-central-1" for name in accounts}
