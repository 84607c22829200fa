from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from deployment import Deployment, DeploymentError, RegionPlan, load, resolve

HEAD = """\
defaults:
  regions: [eu-central-1]
  packs: [article]
  watched_paths: ['C:\\Secret\\']
  notifications:
    subscriptions: [{protocol: email, endpoint: security@example.com}]
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Write a deployment file; its first line is the first of the text."""

    def write_file(text: str) -> Path:
        path = tmp_path / "deployment.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def problems_of(write: Callable[[str], Path]) -> Callable[[str], list[str]]:
    """Return the problems of a deployment file, as they are printed, without the folder of the file."""

    def problems(text: str) -> list[str]:
        path = write(text)
        try:
            load(path)
        except DeploymentError as error:
            return [str(problem).removeprefix(f"{path.parent}/") for problem in error.problems]
        return []

    return problems


@pytest.fixture
def problems_of_account(problems_of: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """Return the problems of one account's settings, beside defaults that are in order.

    The settings begin in line 10. The file's name is left out of the problems, and so is ``accounts.a``.
    """

    def problems(settings: str) -> list[str]:
        text = HEAD + "accounts:\n  a:\n    id: 111111111111\n" + _indented(settings)
        return [
            problem.removeprefix("deployment.yaml:").replace(" accounts.a.", " ")
            for problem in problems_of(text)
        ]

    return problems


@pytest.fixture
def regions_of(write: Callable[[str], Path]) -> Callable[[str], tuple[RegionPlan, ...]]:
    """Return the stacks of a deployment file."""
    return lambda text: resolve(load(write(text)))


@pytest.fixture
def region_of_account(write: Callable[[str], Path]) -> Callable[[str], RegionPlan]:
    """Return the first stack of one account with these settings, beside defaults that are in order."""

    def region(settings: str) -> RegionPlan:
        text = HEAD + "accounts:\n  a:\n    id: 111111111111\n" + _indented(settings)
        return resolve(load(write(text)))[0]

    return region


@pytest.fixture
def deployment() -> Deployment:
    """A deployment that is in order: two accounts, one with two regions."""
    return Deployment.model_validate(
        {
            "defaults": {
                "regions": ["eu-central-1"],
                "notifications": {
                    "subscriptions": [{"protocol": "email", "endpoint": "security@example.com"}]
                },
            },
            "accounts": {
                "production": {"id": "111111111111", "regions": ["eu-central-1", "ap-northeast-1"]},
                "staging": {"id": "222222222222"},
            },
        }
    )


def _indented(settings: str) -> str:
    return "".join(f"    {line}\n" for line in dedent(settings).strip("\n").splitlines())
