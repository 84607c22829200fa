"""``python main.py`` in the process of the tests, which starts Node once for all of them."""

import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from unittest.mock import patch

import main
from tests.end_to_end.project import OUTSIDE_VARIABLES, Project


class ProjectInProcess(Project):
    """A project whose stacks are synthesized in this process.

    Node keeps the folder that it was started in, so the output's folder is named in full. What depends on a
    process of its own, the state's path and what Node itself writes among it, is tested with a `Project`.
    """

    def main(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run main.py in the folder with these arguments and variables."""
        own = {name: value for name, value in os.environ.items() if name not in OUTSIDE_VARIABLES}
        variables = {**own, "CDKTF_OUTDIR": str(self.folder / "cdktf.out"), **variables}
        command = ["main.py", *arguments]
        output, errors = (
            TextIOWrapper(BytesIO(), encoding="utf-8"),
            TextIOWrapper(BytesIO(), encoding="utf-8"),
        )
        with (
            chdir(self.folder),
            patch.dict(os.environ, variables, clear=True),
            patch.object(sys, "argv", command),
            redirect_stdout(output),
            redirect_stderr(errors),
        ):
            try:
                status = int(main.main())
            except SystemExit as end:
                status = int(end.code or 0)
        return subprocess.CompletedProcess(command, status, _text(output), _text(errors))


def _text(stream: TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
