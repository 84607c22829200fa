"""The hooks before a commit run what CONTRIBUTING.md has people run, when what they read has changed."""

import re
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.checks.lock import LOCK_FILE
from catalog.docs import pages
from deployment.settings.schema import SCHEMA_FILE
from deployment.settings_page import EXAMPLES, PAGE
from tests.in_process import run_in_process

REPOSITORY = Path(__file__).resolve().parents[1]
(LOCAL,) = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for hook in LOCAL["hooks"]}
GENERATED = {
    "catalog-lock": [LOCK_FILE],
    "catalog-docs": [REPOSITORY / "docs" / "reference" / name for name in pages()],
    "deployment-schema": [SCHEMA_FILE, REPOSITORY / PAGE],
}


@pytest.mark.parametrize("hook", GENERATED)
def test_a_hook_writes_what_it_is_for(hook: str) -> None:
    python, module, package, *arguments = HOOKS[hook]["entry"].split()
    assert (python, module) == (".venv/bin/python", "-m")
    program = import_module(f"{package}.__main__").main
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in GENERATED[hook]}
    run = run_in_process(program, [package, *arguments], folder=REPOSITORY)
    assert run.returncode == 0, run.stderr
    for file, (content, written) in before.items():
        assert file.read_bytes() == content
        assert file.stat().st_mtime_ns > written


@pytest.mark.parametrize(
    ("hook", "changed"),
    [
        ("catalog-lock", "catalog/events/logon.py"),
        ("catalog-lock", "catalog/model/event_fields.tsv"),
        ("catalog-docs", "catalog/docs/audit_noise.py"),
        ("deployment-schema", "deployment/settings/mute.py"),
        ("deployment-schema", "catalog/events/logon.py"),
        ("deployment-schema", EXAMPLES),
    ],
)
def test_a_hook_runs_when_what_it_reads_has_changed(hook: str, changed: str | Path) -> None:
    assert (REPOSITORY / changed).exists()
    assert re.search(HOOKS[hook]["files"], Path(changed).as_posix())


def test_hooks_need_nothing_but_the_environment_of_the_project() -> None:
    assert LOCAL["repo"] == "local"
    assert {hook["language"] for hook in HOOKS.values()} == {"system"}
    tools = {hook["entry"].split()[0] for hook in HOOKS.values()}
    assert all(shutil.which(Path(tool).name, path=str(Path(sys.executable).parent)) for tool in tools)
