"""Which records an event is about, where no conditions on single fields say it: those of a Sigma rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catalog.model.audit_policy import AuditSubcategory
from catalog.model.prerequisite import Prerequisite


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of records, in each language that looks for them.

    Args:
        event_ids: The ids of the records, one at least.
        clause: The condition in the language of Logs Insights that exactly these records meet.
        is_met: Returns whether a parsed record (``catalog.model.record.WindowsRecord``) is one of them.
        reads: The commands that a query needs before the clause: they read fields into columns.
        patterns: The filter patterns that find exactly these records; none where no patterns do.
        audits: The audit subcategories that make Windows write them; none where it always writes them.
        prerequisites: What it needs beside these.
    """

    event_ids: tuple[int, ...]
    clause: str
    is_met: Callable[[Any], bool]
    reads: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    audits: tuple[AuditSubcategory, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
