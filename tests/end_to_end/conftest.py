import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws import LocalAws, binary_name
from tests.end_to_end.disturbance import Disturbance
from tests.end_to_end.project import Project
from tests.end_to_end.provider import VARIABLE, running_provider
from tests.main_in_process import ProjectInProcess


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
    return ProjectInProcess(tmp_path)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One folder for all tests of a module."""
    return ProjectInProcess(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def one_provider(aws: LocalAws) -> Iterator[None]:
    """One process of the AWS provider for all commands of a module.

    This is for commands that do not run at once, and that act with the credentials that the local AWS gives
    to a pipeline.
    """
    with pytest.MonkeyPatch.context() as variables, running_provider(aws.environment()) as provider:
        if provider:
            variables.setenv(VARIABLE, provider)
        yield


@pytest.fixture
def own_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command starts the provider itself, although one runs for the module."""
    monkeypatch.delenv(VARIABLE, raising=False)
