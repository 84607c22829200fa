import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws import LocalAws, binary_name, find_provider_mirror
from local_aws.terraform import PROVIDER
from tests.end_to_end.disturbance import Disturbance
from tests.end_to_end.project import Project


@pytest.fixture(scope="session", autouse=True)
def terraform_is_installed() -> None:
    if shutil.which(binary_name()) is None:
        pytest.skip(f"{binary_name()} is not installed")


@pytest.fixture(scope="module")
def faults() -> Disturbance:
    """What happens to the calls of the local AWS: nothing, unless a test asks for it."""
    return Disturbance()


# Of the module: a process holds one local AWS at a time, and other tests run one of their own.
@pytest.fixture(scope="module")
def aws(faults: Disturbance) -> Iterator[LocalAws]:
    with LocalAws(faults=faults) as local_aws:
        yield local_aws


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One folder for all tests of a module."""
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def one_provider(aws: LocalAws) -> Iterator[None]:
    """One process of the AWS provider for all commands of a module, where this machine has its binary.

    Each command otherwise starts one or two, which takes most of its time. The process knows one
    configuration at a time: this is for stacks with one provider, whose commands neither run at once nor are
    killed, and which act with the credentials that the local AWS gives to a pipeline.
    """
    mirror = find_provider_mirror()
    found = list((mirror / PROVIDER).glob("5.*/*/terraform-provider-aws_*")) if mirror else []
    if len(found) != 1:
        yield
        return
    with (
        pytest.MonkeyPatch.context() as variables,
        _debugged(found[0], aws) as run,
    ):
        assert run.stdout
        lines = iter(run.stdout.readline, "")
        reattach = next(match for line in lines if (match := re.search("TF_REATTACH_PROVIDERS='(.*)'", line)))
        variables.setenv("TF_REATTACH_PROVIDERS", reattach[1])
        yield
        run.terminate()


def _debugged(binary: Path, aws: LocalAws) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.Popen(
        [binary, "-debug"], env={**own, **aws.environment()}, stdout=subprocess.PIPE, text=True
    )
