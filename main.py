"""The CDKTF app: the deployment file in, a stack for each account and region out."""

import argparse
import gc
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path

# First of all: Node starts while Python imports the others.
import modules.app.parallel_build as parallel_build
from cli.options import add_options
from deployment.reports.coverage import notices
from deployment.reports.quotas import table
from deployment.resolution.selection import Selection, selected

_DESCRIPTION = "Write a stack for each account and region of a deployment file, for cdktf to plan and apply."
_EPILOG = """\
The deployment file is the one that the variable DEPLOYMENT names, or deployment.yaml. The stacks go to
cdktf.out, whose manifest names those of this run only: cdktf acts on what was asked for, and the folders of
others stay.

Exit status: 0 when all is written; 1 when --keep-going has left out something that was asked for, and the
rest is written; 2 when nothing is written, and an earlier cdktf.out is as it was."""


def main() -> int:
    """Read the file that DEPLOYMENT names and write ``cdktf.out``; ``--help`` tells the status."""
    options = _options()
    output = Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    try:
        asked = selected(
            os.environ.get("DEPLOYMENT", "deployment.yaml"),
            accounts=options.accounts,
            regions=options.regions,
            continue_on_error=options.continue_on_error,
        )
        output.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder it replaces, so that each file can be moved there in one step.
        with tempfile.TemporaryDirectory(prefix=".cdktf-", dir=output.parent) as new:
            batches = parallel_build.build(
                asked.regions, Path(new), continue_on_error=options.continue_on_error
            )
            asked = asked.without([problem for batch in batches for problem in batch.problems])
            is_written = bool(asked.regions) and (options.continue_on_error or not asked.left_out)
            if is_written:
                parallel_build.publish(batches, output)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenExecutor:
        print("a process that builds stacks was killed, as by a system out of memory", file=sys.stderr)
        return 2
    for problem in asked.problems:
        print(problem, file=sys.stderr)
    if not is_written:
        return 2
    if asked.left_out:
        print(f"left out: {', '.join(asked.left_out)}", file=sys.stderr)
    _tell(asked, batches)
    return 1 if asked.is_incomplete else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser)
    return parser.parse_args()


def _tell(asked: Selection, batches: Sequence[parallel_build.Batch]) -> None:
    told = [f"{region.stack_name}: {text}" for region in asked.regions for text in notices(region)]
    usages = {stack: used for batch in batches for stack, used in batch.usages.items()}
    near = [
        f"warning: {stack}: {usage.quota}: {usage.used:,} of the {usage.limit:,} that AWS takes"
        for stack, used in usages.items()
        for usage in used
        if usage.is_near
    ]
    print(table(usages))
    for line in (*asked.notices, *told, *near):
        print(line, file=sys.stderr)


if __name__ == "__main__":
    status = main()
    # The process ends here: looking through all that jsii made for garbage would only take time.
    gc.freeze()
    sys.exit(status)
