"""``python -m verify drill``: plan, announce, ask, hold."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from types import FrameType

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.errors import ExitStatus, complain
from deployment import RegionPlan
from verify.access.account import AccountError, enter
from verify.drill.hold import Followed, hold
from verify.drill.plan import DrillError, plan_drills, recipients, refuse_if_not_ready
from verify.drill.report import announcement, hop_line


def drill(
    regions: Sequence[RegionPlan],
    keys: Iterable[str],
    *,
    timeout: float,
    is_confirmed: bool = False,
    is_quiet: bool = False,
) -> list[Followed]:
    """Hold a drill of some events in some accounts and regions.

    Args:
        regions: The accounts and regions.
        keys: The events' keys.
        timeout: How long to follow the records, in seconds.
        is_confirmed: Whether the user has agreed already; otherwise the terminal is asked.
        is_quiet: Whether standard output is left to the caller.

    Raises:
        DrillError: It cannot be held; nothing was sent.
        typer.Exit: The user does not agree.
    """
    drills = plan_drills(regions, list(keys))
    accounts = {}
    reasons: list[str] = []
    for region in regions:
        name = region.stack_name
        of_stack = [each for each in drills if each.region is region]
        try:
            accounts[name] = enter(region)
            refuse_if_not_ready(of_stack, accounts[name])
            notified = recipients(of_stack, accounts[name])
        except DrillError as error:
            reasons += error.lines
        except (AccountError, BotoCoreError, ClientError) as error:
            reasons.append(f"{name}: {error}")
        else:
            _say(announcement(of_stack, notified), is_quiet=is_quiet)
    if reasons:
        raise DrillError(*reasons)
    if not is_confirmed:
        _ask()
    with stopped_by_signals() as is_stopped:
        return hold(
            drills,
            accounts,
            timeout=timeout,
            is_stopped=is_stopped,
            report=lambda one, hop: _say(hop_line(one, hop), is_quiet=is_quiet),
            complain=complain,
        )


def _say(text: str, *, is_quiet: bool) -> None:
    print(text, file=sys.stderr if is_quiet else sys.stdout, flush=True)


def _ask() -> None:
    if not sys.stdin.isatty():
        raise DrillError("Nothing was sent: without a terminal to ask for confirmation, add --yes.")
    if not typer.confirm("Send these records?", err=True):
        complain("Nothing was sent.")
        raise typer.Exit(ExitStatus.FOUND)


@contextmanager
def stopped_by_signals() -> Iterator[Callable[[], bool]]:
    """Yield what says whether Ctrl-C was pressed, or a pipeline has ended the program with SIGTERM.

    Either is a KeyboardInterrupt at once. One that arrives while Python runs a callback of its own, such as
    that of a weak reference, is lost: whoever waits asks.
    """
    stopped = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        signal.default_int_handler(number, frame)

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped.is_set
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
