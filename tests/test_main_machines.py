"""A machine that lacks something: ``main.py`` works, or ends with one sentence and status 2 and no output."""

import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from deployment import RegionPlan
from modules.app import parallel_build
from modules.app.parallel_build import Batch
from tests.end_to_end.project import Project, deployment
from tests.main_in_process import ProjectInProcess

ONE_ACCOUNT = deployment({"production": {"id": "111111111111", "regions": ["eu-central-1"]}})
NAMED = {"1": "first", "2": "second"}


@pytest.fixture
def own_process(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write(ONE_ACCOUNT)
    return project


def test_no_terraform_is_needed(own_process: Project) -> None:
    node = shutil.which("node")
    assert node
    commands = own_process.folder / "commands"
    commands.mkdir()
    (commands / "node").symlink_to(node)

    run = own_process.main(PATH=str(commands))

    assert run.returncode == 0, run.stderr
    assert (own_process.folder / "cdktf.out" / "manifest.json").exists()


def build_or_die(regions: Sequence[RegionPlan], directory: Path, output: Path, _: bool) -> Batch:
    """Build nothing; for the second account, be killed as a process is that takes too much memory."""
    if any(region.account == "second" for region in regions):
        os.kill(os.getpid(), signal.SIGKILL)
    return Batch(directory, [])


def test_killed_process_of_several_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = {name: {"id": number * 12, "regions": ["eu-central-1"]} for number, name in NAMED.items()}
    project = ProjectInProcess(tmp_path)
    project.write(deployment(accounts))
    monkeypatch.setattr(parallel_build, "STACKS_IN_THIS_PROCESS", 1)
    monkeypatch.setattr(parallel_build, "_build_batch", build_or_die)

    run = project.main()

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        "A process that builds stacks was killed, for example because the machine is out of memory.\n"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"deployment.yaml"}


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"PATH": "/dev/null"}, "There is no Node: install Node 20 or later"),
        # No folder can be made there, not even by root.
        ({"HOME": "/dev/null", "XDG_CACHE_HOME": ""}, "Node cannot write what it needs: ENOTDIR"),
        ({"TMPDIR": "/dev/null"}, "Node cannot write what it needs: ENO"),
    ],
    ids=["no-node", "home", "tmpdir"],
)
def test_what_the_machine_prevents_is_one_sentence(
    own_process: Project, variables: dict[str, str], reason: str
) -> None:
    is_one_sentence(own_process, variables, reason)


def test_output_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    project = ProjectInProcess(tmp_path)
    project.write(ONE_ACCOUNT)
    is_one_sentence(project, {"CDKTF_OUTDIR": "/dev/null/cdktf.out"}, "/dev/null")


def is_one_sentence(project: Project, variables: dict[str, str], reason: str) -> None:
    run = project.main(**variables)

    (sentence,) = run.stderr.splitlines()
    assert (run.returncode, run.stdout) == (2, "")
    assert reason in sentence
    assert not (project.folder / "cdktf.out").exists()
    assert not [*project.folder.glob(".cdktf-*")]
