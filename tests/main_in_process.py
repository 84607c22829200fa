"""``python main.py`` in the process of the tests, which starts Node once for all of them."""

import os
import subprocess

import main
from tests.end_to_end.project import OUTSIDE_VARIABLES, Project
from tests.in_process import run_in_process


class ProjectInProcess(Project):
    """A project whose stacks are synthesized in this process.

    Node keeps the folder that it was started in, so the output's folder is named in full. What depends on a
    process of its own, the state's path and what Node itself writes among it, is tested with a `Project`.
    """

    def main(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run main.py in the folder with these arguments and variables."""
        own = {name: value for name, value in os.environ.items() if name not in OUTSIDE_VARIABLES}
        environment = {**own, "CDKTF_OUTDIR": str(self.folder / "cdktf.out"), **variables}
        return run_in_process(main.main, ["main.py", *arguments], folder=self.folder, environment=environment)
