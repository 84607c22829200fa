"""What is imported is declared: in the Pipfile for the checkout, in an extra for the installed package."""

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDERS = ("catalog", "cli", "deployment", "modules", "replay", "verify", "recover")
OURS = {*FOLDERS, "local_aws", "benchmarks", "tests", "main"}
DISTRIBUTIONS = packages_distributions()
PYPROJECT: Mapping[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PIPFILE: Mapping[str, Any] = tomllib.loads((REPOSITORY / "Pipfile").read_text(encoding="utf-8"))


def imported(*places: str) -> set[str]:
    """The distributions of which a file below these places imports something."""
    files = [file for place in places for file in sorted((REPOSITORY / place).rglob("*.py"))]
    modules = {
        name
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    top = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names) - OURS
    return {normal(DISTRIBUTIONS[name][0]) for name in top}


def normal(requirement: str) -> str:
    """The name in a requirement, as all write it."""
    return re.sub("[-_.]+", "-", re.split(r"[\[<>=~! ]", requirement)[0]).lower()


def of_extra(name: str) -> set[str]:
    """What an extra requires, and the extras that it names."""
    required: set[str] = set()
    for requirement in PYPROJECT["project"]["optional-dependencies"][name]:
        further = re.fullmatch(r"windows-security-monitoring\[(\w+)\]", requirement)
        required |= of_extra(further[1]) if further else {normal(requirement)}
    return required


@pytest.mark.parametrize("folder", FOLDERS)
def test_extra_of_a_folder_declares_what_it_imports(folder: str) -> None:
    extra = {"catalog": "sigma", "modules": "constructs"}.get(folder, folder)
    assert imported(folder) - of_extra(extra) == set()


def test_pipfile_declares_what_the_checkout_imports() -> None:
    needed = imported(*FOLDERS, "local_aws")
    assert needed - {normal(name) for name in {**PIPFILE["packages"], **PIPFILE["dev-packages"]}} == set()


def test_pipfile_declares_what_the_tests_import() -> None:
    needed = imported("tests", "benchmarks")
    assert needed - {normal(name) for name in {**PIPFILE["packages"], **PIPFILE["dev-packages"]}} == set()


@pytest.mark.parametrize("lock", ["Pipfile.lock", "package-lock.json"])
def test_lock_file_records_no_download_address(lock: str) -> None:
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    assert re.findall(r'"(?:resolved|index|file|path)": "[^"]*:.*|"sources": \[[^]]+\]', text) == []
