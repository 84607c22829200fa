"""A machine that lacks something: ``main.py`` works, or ends with one sentence and status 2 and no output."""

import shutil
from pathlib import Path

import pytest

from tests.end_to_end.project import Project, deployment

ONE_ACCOUNT = deployment({"production": {"id": "111111111111", "regions": ["eu-central-1"]}})


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


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"PATH": "/dev/null"}, "There is no Node: install Node 20 or later"),
        # No folder can be made there, not even by root.
        ({"HOME": "/dev/null", "XDG_CACHE_HOME": ""}, "Node cannot write what it needs: ENOTDIR"),
        ({"TMPDIR": "/dev/null"}, "Node cannot write what it needs: ENO"),
        ({"CDKTF_OUTDIR": "/dev/null/cdktf.out"}, "/dev/null"),
    ],
    ids=["no-node", "home", "tmpdir", "output"],
)
def test_what_the_machine_prevents_is_one_sentence(
    own_process: Project, variables: dict[str, str], reason: str
) -> None:
    run = own_process.main(**variables)

    (sentence,) = run.stderr.splitlines()
    assert (run.returncode, run.stdout) == (2, "")
    assert reason in sentence
    assert not (own_process.folder / "cdktf.out").exists()
    assert not [*own_process.folder.glob(".cdktf-*")]
