"""checkov finds nothing to say against any example, but for what .checkov.yaml leaves out with a reason."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
CHECKOV = PROJECT / ".checkov" / "bin" / "checkov"
CONFIGURATION = PROJECT / ".checkov.yaml"
#: Every example but the article's: it shows the procedure as published, without the secure profile.
DEPLOYMENTS = [
    PROJECT / "deployment.yaml",
    *sorted(p for p in (PROJECT / "examples").glob("*/deployment.yaml") if p.parent.name != "article"),
]

pytestmark = pytest.mark.skipif(
    not CHECKOV.exists(), reason="checkov has an environment of its own: make checkov sets it up"
)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_check_fails_in_any_stack_of_an_example(deployment: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "DEPLOYMENT": str(deployment), "CDKTF_OUTDIR": str(tmp_path / "cdktf.out")}
    subprocess.run([sys.executable, "-O", "main.py"], cwd=PROJECT, env=environment, check=True)
    run = subprocess.run(
        [CHECKOV, "-d", tmp_path / "cdktf.out", "--config-file", CONFIGURATION, "-o", "json"],
        capture_output=True,
        text=True,
    )
    found = json.loads(run.stdout)
    found = found if isinstance(found, dict) else found[0]
    failed = [
        f"{check['check_id']} {check['check_name']}: {check['resource']}"
        for check in found["results"]["failed_checks"]
    ]
    assert failed == []
    # A run that read nothing would look just as green.
    assert found["summary"]["passed"] > 20


def test_every_check_that_is_left_out_says_why() -> None:
    lines = CONFIGURATION.read_text(encoding="utf-8").splitlines()
    skipped = yaml.safe_load("\n".join(lines))["skip-check"]
    for check in skipped:
        (number,) = (n for n, line in enumerate(lines) if check in line)
        assert lines[number - 1].strip().startswith("#"), f"{check} is left out without a reason"
