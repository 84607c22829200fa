"""Which folder may import which: the table of CONTRIBUTING.md."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

LAYERS = {
    "catalog": set[str](),
    "cli": {"catalog.errors"},
    "deployment": {"catalog", "cli"},
    "modules": {"catalog", "deployment"},
    "replay": {"catalog", "cli", "deployment"},
    "verify": {"catalog", "cli", "deployment"},
    "recover": {"catalog", "cli", "deployment", "verify.access"},
    "local_aws": {"catalog.filter_pattern", "cli"},
}
CDKTF = {"cdktf", "cdktf_cdktf_provider_aws", "constructs", "jsii"}
SETTINGS = {"pydantic", "pydantic_core", "yaml"}
TERMINAL = {"rich", "typer"}
AWS = {"boto3", "botocore"}
LIBRARIES = {
    "catalog": set[str](),
    "cli": TERMINAL,
    "deployment": SETTINGS | TERMINAL,
    "modules": CDKTF,
    "replay": TERMINAL | {"defusedxml", "evtx", "plotly"},
    "verify": TERMINAL | AWS,
    "recover": TERMINAL | AWS,
}
# The command line; one of its commands is about a deployment.
COMMAND_LINE = {("catalog/__main__.py", "cli"), ("catalog/__main__.py", "deployment")}


def imports(folder: str) -> Iterator[tuple[str, str]]:
    """Each file below a folder with each module that it names in an import."""
    for file in sorted((REPOSITORY / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{file} imports relatively"
                names = [node.module or ""]
            else:
                continue
            yield from ((str(file.relative_to(REPOSITORY)), name) for name in names)


def is_part_of(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("folder", LAYERS)
def test_a_folder_imports_of_this_project_only_what_is_below_it(folder: str) -> None:
    above = {
        (file, module)
        for file, module in imports(folder)
        if is_part_of(module, set(LAYERS) | {"main", "benchmarks", "tests"})
        and not is_part_of(module, {folder} | LAYERS[folder])
    }
    assert {(file, module.partition(".")[0]) for file, module in above} == (
        COMMAND_LINE if folder == "catalog" else set()
    )


@pytest.mark.parametrize("folder", LIBRARIES)
def test_a_folder_imports_only_the_libraries_made_for_its_field(folder: str) -> None:
    assert {
        (file, module)
        for file, module in imports(folder)
        if module.partition(".")[0] not in sys.stdlib_module_names
        and not is_part_of(module, set(LAYERS) | LIBRARIES[folder])
    } == ({("catalog/__main__.py", "typer")} if folder == "catalog" else set())
