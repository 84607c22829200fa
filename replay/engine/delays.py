"""How late the records of a host reach CloudWatch Logs: what a broken line or a stopped agent does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from catalog.errors import InputError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DELAY = re.compile(r"(?P<host>[^=\s]+)=(?P<amount>\d{1,7})(?P<unit>[smhd])")


@dataclass(frozen=True)
class Delays:
    """The delays of some hosts.

    Args:
        by_host: Names of hosts in small letters, which may hold ``*``, each with its delay in seconds. A name
            without a domain is that of a host in any domain. The first that fits counts.
    """

    by_host: tuple[tuple[str, int], ...] = ()

    @lru_cache(maxsize=1024)  # noqa: B019 (one object a replay)
    def of(self, computer: str) -> int:
        """Return the delay of a host's records, in milliseconds."""
        name = computer.lower()
        for host, seconds in self.by_host:
            if fnmatchcase(name, host) or fnmatchcase(name.partition(".")[0], host):
                return seconds * 1000
        return 0


def delays(texts: Iterable[str]) -> Delays:
    """Return delays such as ``dc01=20m``.

    Raises:
        InputError: One cannot be read.
    """
    found = []
    for text in texts:
        delay = _DELAY.fullmatch(text)
        if delay is None:
            raise InputError(
                f"--late {text}: must be HOST=DELAY, such as dc01=20m or '*=2h': a number of s, m, h or d"
            )
        found.append((delay["host"].lower(), int(delay["amount"]) * _UNITS[delay["unit"]]))
    return Delays(tuple(found))
