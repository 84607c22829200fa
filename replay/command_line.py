"""``python -m replay``: try the filters and alarms on event logs."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from catalog import CatalogError
from cli.terminal import output_console
from deployment import DeploymentError
from replay.engine.replay_result import replay
from replay.engine.watch import Watch, of_account, of_catalog
from replay.readers.files import Opener, log_files, open_file
from replay.readers.input_problem import InputProblem, InputProblems
from replay.report import table
from replay.report.as_json import as_json
from replay.report.evidence import Evidence

#: The size in bytes from which on reading takes long enough for a progress bar.
_LONG_INPUT = 8_388_608

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@application.command()
def main(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Event logs: .evtx, .xml, .jsonl with a field xml or message, exports of CloudWatch Logs "
            "(JSON, or the lines of an export to S3), each of them in gzip too; or folders of such. "
            "A file given twice is read once; records that stand in two files count twice.",
            show_default=False,
        ),
    ],
    deployment: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Watch what an account of this deployment watches.")
    ] = None,
    account: Annotated[
        str | None, typer.Option(metavar="NAME", help="The account; needed where the deployment has several.")
    ] = None,
    pack: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Report on this pack only; may be repeated.")
    ] = None,
    event: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Report on this event only; may be repeated.")
    ] = None,
    as_data: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as a web page, too.")
    ] = None,
) -> None:
    """Replay Windows event logs through the filters and alarms, offline: what would have fired, and when.

    Without --deployment, every event of the catalog is watched, with the alarm that it proposes.
    """
    watch = _watch(deployment, account, pack or [], event or [])
    if html and not html.parent.is_dir():
        _fail(f"--html {html}: there is no folder {html.parent}")
    evidence = Evidence(watch.chosen)
    try:
        with _progress(paths) as opener:
            result = replay(paths, watch, witness=evidence if html else None, opener=opener)
    except FileNotFoundError as error:
        _fail(str(error))
    if html:
        from replay.report.page import write_page  # the charting library takes its time to load

        try:
            write_page(result, evidence, html)
        except OSError as error:
            _fail(f"--html {html}: {error.strerror or error}")
    if as_data:
        print(json.dumps(as_json(result), ensure_ascii=False, indent=2))
    else:
        table.show(result, output_console())
    if result.problems.counts.get(InputProblem.UNREADABLE_FILE) == result.files:
        _fail("No file could be read.")


def _watch(deployment: Path | None, account: str | None, packs: list[str], keys: list[str]) -> Watch:
    try:
        if deployment is None:
            if account is not None:
                _fail(f"--account {account} needs --deployment FILE")
            watch = of_catalog()
        else:
            watch = of_account(deployment, account)
        if packs or keys:
            watch = watch.only(packs, keys)
    except (CatalogError, DeploymentError) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"--deployment {deployment}: {error.strerror or error}")
    if not watch.chosen:
        _fail(f"nothing to report on: {watch.name} watches no event of {', '.join(packs) or 'any pack'}")
    return watch


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)


@contextmanager
def _progress(paths: list[Path]) -> Iterator[Opener]:
    """Yield what opens the files: with a progress bar on a terminal's standard error where it takes long."""
    console = Console(stderr=True)
    size = (
        sum(file.stat().st_size for file in log_files(paths, InputProblems())) if console.is_terminal else 0
    )
    if size < _LONG_INPUT:
        yield open_file
        return
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Reading", total=size)
        yield lambda path: progress.wrap_file(open_file(path), task_id=task)
