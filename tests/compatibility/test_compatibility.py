"""The constructs write the same resources with other versions of CDKTF and of the AWS provider.

`make compatibility` installs these versions and runs this; without them there is nothing to compare with.
"""

import ast
import functools
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.compatibility.environments import ENVIRONMENTS, REPOSITORY, Environment
from tests.compatibility.sources import Stacks, copy_sources, run, synthesize

HERE = Path(__file__).parent
DOCUMENT = REPOSITORY / "docs" / "reference" / "compatibility.md"
#: The two deployment files, and the app with the constructs of a security account.
SECURITY_ACCOUNT = REPOSITORY / "examples" / "central_topic" / "main.py"
DEPLOYMENTS = (REPOSITORY / "deployment.yaml", HERE / "everything.yaml", SECURITY_ACCOUNT)
#: The package whose classes the constructs are made of.
PROVIDER = "cdktf_cdktf_provider_aws"

Sources: TypeAlias = Callable[[Environment | None], Path]
Synthesized: TypeAlias = Callable[[Environment | None, Path], Stacks]

of_each_environment = pytest.mark.parametrize("environment", ENVIRONMENTS, ids=str)
of_each_deployment = pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda file: file.stem)


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The sources as an environment imports them; as they are for the pinned versions (None)."""
    folder = tmp_path_factory.mktemp("sources")
    # Copied once: whoever edits the repository meanwhile changes nothing here.
    pinned = copy_sources(REPOSITORY, folder / "pinned", {})

    @functools.cache
    def of(environment: Environment | None) -> Path:
        if environment is None:
            return pinned
        if not environment.is_installed:
            pytest.skip(f"{environment.name} is not installed: 'make compatibility' does it")
        return copy_sources(pinned, folder / environment.name, environment.renamed)

    return of


@pytest.fixture(scope="session")
def synthesized(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """The stacks of a deployment in an environment, or with the pinned versions (None)."""

    @functools.cache
    def of(environment: Environment | None, deployment: Path) -> Stacks:
        python = environment.python if environment else Path(sys.executable)
        return synthesize(python, sources(environment), deployment, tmp_path_factory.mktemp("project"))

    return of


def differences(pinned: Any, here: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What differs in the JSON of two stacks: each place, and what stands there (``...`` where nothing)."""
    if isinstance(pinned, dict) and isinstance(here, dict):
        for key in pinned | here:
            yield from differences(pinned.get(key, ...), here.get(key, ...), (*place, key))
    elif isinstance(pinned, list) and isinstance(here, list) and len(pinned) == len(here):
        for number, pair in enumerate(zip(pinned, here, strict=True)):
            yield from differences(*pair, (*place, str(number)))
    elif pinned != here:
        yield ".".join(place), (pinned, here)


@of_each_environment
@of_each_deployment
def test_every_stack_differs_in_what_is_listed_and_in_nothing_else(
    environment: Environment, deployment: Path, synthesized: Synthesized
) -> None:
    here = synthesized(environment, deployment)
    pinned = synthesized(None, deployment)
    listed = {each.place: (each.pinned, each.here) for each in environment.differences}
    assert here.keys() == pinned.keys()
    for name in pinned:
        assert dict(differences(pinned[name], here[name])) == listed, name


@of_each_environment
def test_fast_start_stands_aside_for_versions_that_it_does_not_know(
    environment: Environment, sources: Sources, tmp_path: Path
) -> None:
    modules = sources(environment) / "modules" / "app"
    program = "import fast_start, sys; print(fast_start.enable(), 'constructs' in sys.modules)"
    assert run(environment.python, "-c", program, folder=tmp_path, PYTHONPATH=str(modules)) == "False False\n"


def test_everything_has_a_resource_of_every_class_that_the_constructs_use(synthesized: Synthesized) -> None:
    synthesized_types = {
        resource_type
        for source in (HERE / "everything.yaml", SECURITY_ACCOUNT)
        for stack in synthesized(None, source).values()
        for block in ("resource", "data", "provider")
        for resource_type in stack.get(block, {})
    }
    imported = {
        node.module.removeprefix(f"{PROVIDER}.")
        for file in (REPOSITORY / "modules").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{PROVIDER}.")
    }
    assert {f"aws_{module}" for module in imported - {"provider"}} - synthesized_types == set()


@of_each_environment
def test_the_document_tells_the_versions_and_the_differences(environment: Environment) -> None:
    rows = [f"| `{d.place}` | `{d.pinned}` | `{d.here}` | {d.reason} |" for d in environment.differences]
    section = DOCUMENT.read_text(encoding="utf-8").split(f"\n### {environment.title}\n")[1].split("\n#")[0]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows
    for requirement in environment.requirements:
        if match := re.fullmatch(r"(cdk.+)==(.+)", requirement):
            assert f"{match[1]} {match[2]}" in section
