"""The checks as people and programs read them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from cli.text import printable
from deployment import RegionPlan
from verify.result import Check, Status

_STYLES: Mapping[Status, str] = {Status.FAILED: "bold red", Status.WARNING: "yellow", Status.OK: "green"}


def table(region: RegionPlan, checks: Iterable[Check], *, everything: bool = False) -> Table:
    """Return the checks of one stack, failures first.

    Args:
        region: The stack.
        checks: Its checks.
        everything: Whether what is right has a line for each, and not one for each kind.
    """
    shown = Table(
        title=Text(f"{region.stack_name} (account {region.account_id})", style="bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    shown.add_column("")
    shown.add_column("check", no_wrap=True)
    shown.add_column("resource", overflow="fold", ratio=2)
    shown.add_column("found", overflow="fold", ratio=5)
    found = list(checks)
    wrong = [check for check in found if check.status is not Status.OK]
    right = [check for check in found if check.status is Status.OK]
    by_status = sorted(wrong, key=lambda check: list(Status).index(check.status))
    for check in [*by_status, *(right if everything else _folded(right, found))]:
        status = Text(check.status.value, style=_STYLES[check.status])
        shown.add_row(status, check.name, Text(printable(check.resource)), Text(printable(check.message)))
    return shown


def as_json(found: Mapping[str, Iterable[Check]]) -> str:
    """Return all checks as JSON, by stack."""
    stacks = {
        stack: {
            "checks": [
                {
                    "name": check.name,
                    "resource": check.resource,
                    "status": check.status.value,
                    "message": check.message,
                }
                for check in checks
            ]
        }
        for stack, checks in found.items()
    }
    return json.dumps({"stacks": stacks}, ensure_ascii=False, indent=2)


def summary(checks: Iterable[Check]) -> str:
    """Return how many checks there are of each status."""
    counts = Counter(check.status for check in checks)
    warnings = "warning" if counts[Status.WARNING] == 1 else "warnings"
    return f"{counts[Status.FAILED]} failed, {counts[Status.WARNING]} {warnings}, {counts[Status.OK]} ok"


def _folded(right: list[Check], found: list[Check]) -> Iterator[Check]:
    """Return one line for each kind of which something is right."""
    of_kind = Counter(check.name for check in found)
    for name, number in Counter(check.name for check in right).items():
        if number == 1:
            yield next(check for check in right if check.name == name)
        else:
            yield Check(name, f"{number} of {of_kind[name]}", Status.OK, "in order")
