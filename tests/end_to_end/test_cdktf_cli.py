"""The cdktf command line of package.json, as a user runs it in the project's folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws, inventory, terraform_environment
from tests.end_to_end.project import REPOSITORY, Project, deployment

ACCOUNT = "111111111111"
REGION = "eu-central-1"
STACK = "production-eu-central-1"

# What `cdktf` finds in the project's folder.
CONTENT = ("main.py", "cdktf.json", "catalog", "cli", "deployment", "modules")

pytestmark = [
    pytest.mark.skipif(
        not (REPOSITORY / "node_modules" / ".bin" / "cdktf").exists(),
        reason="cdktf-cli is not installed: make setup",
    ),
    pytest.mark.usefixtures("one_provider"),
]

Cdktf = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def copied(shared_project: Project) -> Project:
    """A copy of the project, whose bytecode the first command writes."""
    for name in CONTENT:
        source = REPOSITORY / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, shared_project.folder / name, ignore=ignored)
        else:
            shutil.copy(source, shared_project.folder)
    (shared_project.folder / ".venv").symlink_to(sys.prefix)
    (shared_project.folder / "node_modules").symlink_to(REPOSITORY / "node_modules")
    (shared_project.folder / "home").mkdir()
    return shared_project


@pytest.fixture
def project(copied: Project) -> Project:
    """The copy, without stacks."""
    shutil.rmtree(copied.folder / "cdktf.out", ignore_errors=True)
    return copied


@pytest.fixture
def cdktf(aws: LocalAws, project: Project) -> Cdktf:
    """Runs cdktf in a copy of the project."""
    home = project.folder / "home"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        **terraform_environment(home),
        **aws.environment(),
        "CDKTF_HOME": str(home),
        "CI": "true",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["node_modules/.bin/cdktf", *arguments],
            cwd=project.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return run


def test_a_stack_is_planned_applied_shown_and_destroyed(
    cdktf: Cdktf, project: Project, aws: LocalAws
) -> None:
    project.write(deployment({"production": {"id": ACCOUNT, "regions": [REGION]}}))

    def said(*arguments: str) -> str:
        run = cdktf(*arguments)
        assert run.returncode == 0, run.stdout
        return run.stdout

    assert "to add, 0 to change, 0 to destroy" in said("plan", STACK)
    assert not any(inventory(aws, ACCOUNT, REGION).values())

    said("apply", "--auto-approve", STACK)
    assert inventory(aws, ACCOUNT, REGION)["metric alarms"]
    assert (project.folder / "state" / f"windows-security-{STACK}.tfstate").exists()

    said("output", STACK, "--outputs-file", "outputs.json")
    outputs: dict[str, Any] = json.loads((project.folder / "outputs.json").read_text())
    assert outputs[STACK]["log_groups"] == {"Security": "Security"}

    said("destroy", "--auto-approve", STACK)
    assert not any(inventory(aws, ACCOUNT, REGION).values())


def test_every_stack_is_synthesized_and_listed(cdktf: Cdktf, project: Project) -> None:
    regions = [REGION, "ap-northeast-1"]
    project.write(
        deployment(
            {
                "production": {"id": ACCOUNT, "regions": regions},
                "staging": {"id": "222222222222", "regions": regions},
            }
        )
    )
    stacks = {f"{account}-{region}" for account in ("production", "staging") for region in regions}

    synth = cdktf("synth")
    assert synth.returncode == 0, synth.stdout
    assert set(project.stacks()) == stacks

    listed = cdktf("list").stdout
    assert all(f"cdktf.out/stacks/{stack}" in listed for stack in stacks)


def test_a_deployment_file_that_is_wrong_is_told_and_nothing_is_synthesized(
    cdktf: Cdktf, project: Project
) -> None:
    project.write("accounts:\n  production:\n    id: 12345\n    regions: [eu-central-1]\n")

    synth = cdktf("synth")

    assert synth.returncode != 0
    assert "deployment.yaml:3: accounts.production.id: '12345' is not an AWS account id" in synth.stdout
    assert not (project.folder / "cdktf.out").exists()


def test_a_stack_is_not_applied_without_the_stack_of_its_state_bucket(cdktf: Cdktf, project: Project) -> None:
    project.write(deployment({"production": {"id": ACCOUNT, "regions": [REGION]}}, state={"type": "s3"}))

    apply = cdktf("apply", "--auto-approve", STACK)

    assert apply.returncode != 0
    assert f"dependencies are not included in the stacks to run: {STACK}-state" in apply.stdout
