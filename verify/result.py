"""What was found out about one thing in an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """How it stands, from the worst to the best."""

    FAILED = "failed"
    """It does not work, is not as deployed, or cannot be asked."""
    WARNING = "warning"
    """It may be right, and should be looked at."""
    OK = "ok"
    """It works, as far as can be asked."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Args:
        name: The kind of thing, such as ``metric filter``.
        resource: Which one: a name, an id or an address.
        status: How it stands.
        message: What was found, and what to do about it.
    """

    name: str
    resource: str
    status: Status
    message: str


def judged(
    name: str, resource: str, *, failures: Iterable[str] = (), warnings: Iterable[str] = (), ok: str
) -> Check:
    """Return one check of everything that was found about one thing; ``ok`` is what to say of nothing."""
    failed, warned = list(failures), list(warnings)
    status = Status.FAILED if failed else Status.WARNING if warned else Status.OK
    return Check(name, resource, status, "; ".join([*failed, *warned]) or ok)
