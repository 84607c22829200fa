"""``python -m replay``: try the filters and alarms on event logs."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from catalog.errors import InputError
from cli.errors import ExitStatus, complain, reported

with reported("replay"):
    import typer

    from cli import application as command_line
    from cli.application import Accounts, Command, Json, OptionalDeployment, Packs, print_json
    from deployment.settings.log_alarms import AlarmEngine

if TYPE_CHECKING:
    from replay.engine.watch import Watch
    from replay.readers.files import Opener

#: The size in bytes from which on reading takes long enough for a progress bar.
_LONG_INPUT = 8_388_608

application = command_line.new_application()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return command_line.run(application, "replay", arguments)


@application.command(cls=Command)
def _replay(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Event logs: .evtx, XML, and what CloudWatch Logs, Logs Insights, Firehose, Lambda and "
            "export tasks write (JSON, CSV, lines, base64), each of them in gzip too; or folders of such. "
            "A file given twice is read once; records that stand in two files count twice.",
            show_default=False,
        ),
    ],
    accounts: Accounts,
    packs: Packs,
    keys: command_line.Keys,
    deployment: OptionalDeployment = None,
    as_data: Json = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as a web page, too.")
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Compare with an earlier replay: what --json wrote, before a change of the deployment.",
        ),
    ] = None,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Name the events that matched nothing.", show_default=False)
    ] = False,
    why: Annotated[
        tuple[str, int] | None,
        typer.Option(
            metavar="KEY RECORD",
            help="Explain instead why an event finds or misses the record with this number (EventRecordID).",
        ),
    ] = None,
    engine: Annotated[
        AlarmEngine | None,
        typer.Option(
            help="What finds the events: metric filters, or log alarms, which notify for each contributor. "
            "Default: what the deployment says of each event; without one, metric. With log and without a "
            "deployment, the correlations of the catalog are replayed too.",
            show_default=False,
        ),
    ] = None,
    late: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST=DELAY",
            help="Have the records of a host reach CloudWatch Logs so much later, such as dc01=20m or "
            "'web*=2h': a number of s, m, h or d. For several hosts, repeat it.",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The encoding of text files without a mark of their own, such as cp932 or cp850: "
            "wevtutil writes that of the console. Default: the one that the XML declaration names, or UTF-8.",
        ),
    ] = None,
) -> None:
    """Replay event logs offline: report which alarms would have fired, and when.

    With a deployment file, the filters and alarms are those of --account, which is needed where the file has
    several accounts; each account named gets a report of its own. Without a deployment file, they are those
    that the catalog proposes for all its events. --pack and --event, which takes the key of a correlation as
    well, limit the report.
    """
    from cli.terminal import output_console
    from replay.engine.delays import delays
    from replay.engine.replay_result import replay
    from replay.readers.input_problem import InputProblem
    from replay.readers.text_encoding import is_encoding
    from replay.report.as_json import as_json
    from replay.report.comparison import changes, read_baseline
    from replay.report.evidence import RecordEvidence

    if encoding and not is_encoding(encoding):
        raise InputError(f"--encoding {encoding}: no encoding of text has this name")
    delayed = delays(late or ())
    watches = _watches(deployment, accounts, packs, keys, engine)
    if why:
        _explain(paths, why, watches, encoding or "", as_data)
        return
    if html:
        _check_page(html, watches)
    baselines = {name: read_baseline(baseline, name) for name in watches} if baseline else {}
    data = {}
    for account, watch in watches.items():
        evidence = RecordEvidence(watch.chosen)
        with _progress(paths) as opener:
            result = replay(
                paths,
                watch,
                witness=evidence if html else None,
                observer=evidence.saw if html else None,
                opener=opener,
                encoding=encoding or "",
                delays=delayed,
            )
        differences = changes(baselines[account], as_json(result)) if baselines else []
        if as_data:
            data[account] = as_json(result)
            if baselines:
                data[account]["changes"] = [asdict(each) for each in differences]
        else:
            from replay.report import table

            table.show(result, output_console(), unmatched=unmatched)
            if baselines:
                table.show_changes(differences, output_console())
    if as_data:
        print_json({"accounts": data} if len(accounts) > 1 else next(iter(data.values())))
    if html:  # Last: the result is printed even where the page cannot be written.
        from replay.report.page import write_page

        write_page(result, evidence, html, differences)
    if result.problems.counts.get(InputProblem.UNREADABLE_FILE) == result.files:
        complain("No file could be read.")
        raise typer.Exit(ExitStatus.REFUSED)


def _watches(
    deployment: Path | None,
    accounts: Sequence[str],
    packs: Sequence[str],
    keys: Sequence[str],
    engine: AlarmEngine | None,
) -> "dict[str, Watch]":
    """Return what to watch, by account; without a deployment, that of the catalog."""
    from replay.engine.watch import of_account, of_catalog

    if deployment is None:
        if accounts:
            raise InputError(f"--account {accounts[0]} needs --deployment FILE")
        watches = {"": of_catalog(engine or AlarmEngine.METRIC)}
    else:
        watches = {name: of_account(deployment, name or None, engine) for name in accounts or [""]}
    if packs or keys:
        watches = {name: watch.only(packs, keys) for name, watch in watches.items()}
    for watch in watches.values():
        if not watch.chosen and not watch.reported_log_alarms:
            named = ", ".join(packs) or "any pack"
            raise InputError(f"nothing to report on: {watch.name} watches no event of {named}")
    return watches


def _explain(
    paths: Sequence[Path], why: tuple[str, int], watches: "dict[str, Watch]", encoding: str, as_data: bool
) -> None:
    from replay.readers.input_problem import InputProblems
    from replay.report.explanation import explanations

    key, number = why
    problems = InputProblems()
    found = [
        explanation
        for watch in watches.values()
        for explanation in explanations(paths, key, number, watch, problems, encoding)
    ]
    if not found:
        unread = "; some of the input could not be read: see replay without --why" if problems.counts else ""
        raise InputError(f"--why {key} {number}: no record has this number (EventRecordID){unread}")
    if as_data:
        print_json([each.as_json() for each in found])
    else:
        print(*found, sep="\n\n")


def _check_page(html: Path, watches: "dict[str, Watch]") -> None:
    """Refuse a page that cannot be written before a long replay, rather than after it."""
    if len(watches) > 1:
        raise InputError(f"--html {html}: a page is about one account: {', '.join(watches)}")
    if not html.parent.is_dir():
        raise InputError(f"--html {html}: there is no folder {html.parent}")
    if html.is_symlink() or (html.exists() and not html.is_file()):
        kind = "a link" if html.is_symlink() else "a folder" if html.is_dir() else "no regular file"
        raise InputError(f"--html {html}: is {kind}: name a new file, or a regular one to be replaced")


@contextmanager
def _progress(paths: Sequence[Path]) -> "Iterator[Opener]":
    """Yield what opens the files: with a progress bar on a terminal's standard error where it takes long."""
    from replay.readers.files import log_files, open_file
    from replay.readers.input_problem import InputProblems

    is_terminal = sys.stderr.isatty()
    size = sum(file.stat().st_size for file in log_files(paths, InputProblems())) if is_terminal else 0
    if size < _LONG_INPUT:
        yield open_file
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=size)
        yield lambda path: progress.wrap_file(open_file(path), task_id=task)
