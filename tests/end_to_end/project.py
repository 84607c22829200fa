"""A deployment in a folder of its own: what `python main.py` writes, it writes there."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deployment import RegionPlan, load, resolve

REPOSITORY = Path(__file__).resolve().parents[2]

OUTSIDE_VARIABLES = ("DEPLOYMENT", "CDKTF_OUTDIR", "CDKTF_CONTEXT_JSON")
"""What would lead main.py out of its folder."""

# Three events, whatever the catalog grows to, and neither a bucket nor a key: the provider takes a minute for
# the bucket's lifecycle, and 12 seconds for a key.
DEFAULTS: Mapping[str, Any] = {
    "assume_role": "security-deployment",
    "packs": [],
    "events": {
        "logon-failed-network": {"enabled": True, "threshold": 10},
        "special-privileges-assigned": {"enabled": True},
        "user-account-deleted": {"enabled": True, "severity": "high"},
    },
    "output_bucket": "none",
    "encryption": "none",
    "notifications": {"subscriptions": [{"protocol": "email", "endpoint": "security@example.com"}]},
}


def deployment(accounts: Mapping[str, Mapping[str, Any]], **defaults: Any) -> dict[str, Any]:
    """A small deployment: accounts by name, and what differs from `DEFAULTS`."""
    return {"defaults": {**DEFAULTS, **defaults}, "accounts": accounts}


@dataclass(frozen=True)
class Project:
    """A folder with a deployment file, and beside it what becomes of it: `cdktf.out` and `state`."""

    folder: Path

    def write(self, content: Mapping[str, Any] | str) -> None:
        """Write the deployment file."""
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        (self.folder / "deployment.yaml").write_text(text, encoding="utf-8")

    def plans(self) -> tuple[RegionPlan, ...]:
        """What the deployment file asks for, by account and region."""
        return resolve(load(self.folder / "deployment.yaml"))

    def main(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run main.py in the folder, with these arguments, and these variables on top of the environment."""
        own = {name: value for name, value in os.environ.items() if name not in OUTSIDE_VARIABLES}
        return subprocess.run(
            [sys.executable, "-O", REPOSITORY / "main.py", *arguments],
            cwd=self.folder,
            env={**own, **variables},
            capture_output=True,
            text=True,
        )

    def recover(self, stack: str, variables: Mapping[str, str]) -> str:
        """Run ``python -m recover`` on a stack, with these variables on top of the environment."""
        run = subprocess.run(
            [sys.executable, "-m", "recover", stack],
            cwd=self.folder,
            env={**os.environ, **variables, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    def synthesize(self, content: Mapping[str, Any] | str) -> dict[str, Path]:
        """Write the deployment file and synthesize it: the folder of each stack, by the stack's name."""
        self.write(content)
        run = self.main()
        assert run.returncode == 0, run.stderr
        return self.stacks()

    def stacks(self) -> dict[str, Path]:
        """The folders of the synthesized stacks, by name."""
        return {folder.name: folder for folder in sorted((self.folder / "cdktf.out" / "stacks").iterdir())}
