"""A copy of what makes the stacks, which any environment's interpreter can run."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

#: The JSON of each stack, by the stack's name.
Stacks: TypeAlias = dict[str, dict[str, Any]]

_FOLDERS = ("catalog", "cli", "deployment", "modules", "examples/central_topic")
_IMPORT = re.compile(r"^(\s*(?:from|import) )(\w+)", re.MULTILINE)
# What would lead a program out of its folder, or to other sources.
_ELSEWHERE = {"CDKTF_CONTEXT_JSON", "CDKTF_OUTDIR", "DEPLOYMENT", "PYTHONPATH"}


def copy_sources(origin: Path, target: Path, renamed: Mapping[str, str]) -> Path:
    """Copy ``main.py``, an app like it, and all that they import, with other names for some packages.

    Returns:
        The copy.
    """
    target.mkdir()
    shutil.copy(origin / "main.py", target)
    for folder in _FOLDERS:
        shutil.copytree(origin / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in target.rglob("*.py") if renamed else ():
        source = file.read_text(encoding="utf-8")
        file.write_text(
            _IMPORT.sub(lambda match: match[1] + renamed.get(match[2], match[2]), source), encoding="utf-8"
        )
    return target


def run(python: Path, *arguments: str | Path, folder: Path, **variables: str) -> str:
    """Run a program in a folder, with these variables on top of the environment; return what it prints."""
    inherited = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    process = subprocess.run(
        [python, *arguments],
        cwd=folder,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def synthesize(python: Path, sources: Path, deployment: Path, folder: Path) -> Stacks:
    """Build the stacks of a deployment, or of an app of its own, in an empty folder.

    Without ``-O``, so that jsii checks every argument.
    """
    if deployment.suffix == ".py":
        app = sources / "examples" / deployment.parent.name / deployment.name
        run(python, app, folder=folder, PYTHONPATH=str(sources))
    else:
        run(python, sources / "main.py", folder=folder, DEPLOYMENT=str(deployment))
    return {
        stack.name: json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))
        for stack in (folder / "cdktf.out" / "stacks").iterdir()
    }
