"""checkov finds nothing to say against any example, but for what .checkov.yaml leaves out with a reason."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.main_in_process import ProjectInProcess

PROJECT = Path(__file__).parents[2]
CHECKOV = PROJECT / ".checkov" / "bin" / "checkov"
CONFIGURATION = PROJECT / ".checkov.yaml"
#: Every example but the article's: it shows the procedure as published, without the secure profile.
DEPLOYMENTS = [
    PROJECT / "deployment.yaml",
    *sorted(p for p in (PROJECT / "examples").glob("*/deployment.yaml") if p.parent.name != "article"),
]

Report = Mapping[str, Sequence[Mapping[str, Any]]]

pytestmark = pytest.mark.skipif(
    not CHECKOV.exists(), reason="checkov has an environment of its own: make checkov sets it up"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What checkov says of all stacks of all examples, read at once: its start takes longest."""
    project = ProjectInProcess(tmp_path_factory.mktemp("examples"))
    for deployment in DEPLOYMENTS:
        output = project.folder / name(deployment) / "cdktf.out"
        run = project.main(DEPLOYMENT=str(deployment), CDKTF_OUTDIR=str(output))
        assert run.returncode == 0, run.stderr
    # Also what passed is listed.
    settings = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8")) | {"quiet": False}
    configuration = project.folder / "checkov.yaml"
    configuration.write_text(yaml.safe_dump(settings), encoding="utf-8")
    checkov = subprocess.run(
        [CHECKOV, "-d", project.folder, "--config-file", configuration, "-o", "json"],
        capture_output=True,
        text=True,
    )
    found = json.loads(checkov.stdout)
    results: Report = (found if isinstance(found, dict) else found[0])["results"]
    return results


def name(deployment: Path) -> str:
    """The folder of an example's stacks in the report."""
    return "_".join(deployment.relative_to(PROJECT).parts)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=name)
def test_no_check_fails_in_any_stack_of_an_example(deployment: Path, report: Report) -> None:
    failed, passed = (
        [
            f"{check['check_id']} {check['check_name']}: {check['resource']}"
            for check in report[result]
            if check["file_path"].startswith(f"/{name(deployment)}/")
        ]
        for result in ("failed_checks", "passed_checks")
    )
    assert failed == []
    # A run that read nothing would look just as green.
    assert len(passed) > 20


def test_every_check_that_is_left_out_says_why() -> None:
    lines = CONFIGURATION.read_text(encoding="utf-8").splitlines()
    skipped = yaml.safe_load("\n".join(lines))["skip-check"]
    for check in skipped:
        (number,) = (n for n, line in enumerate(lines) if check in line)
        assert lines[number - 1].strip().startswith("#"), f"{check} is left out without a reason"
