"""Does it work: checks whether a deployed account would see an event and notify its recipients.

The checks only read; ``python -m verify drill`` is the one command that writes, and cleans up after itself.
What they need, ``python -m deployment permissions --role verify`` and ``--role drill`` print.
"""

from typing import TYPE_CHECKING

from cli.lazy import lazy_names

if TYPE_CHECKING:
    from verify.access.window import Window
    from verify.result import Check, Status
    from verify.stack import verify
else:
    __getattr__ = lazy_names(__name__)

__all__ = ["Check", "Status", "Window", "verify"]
