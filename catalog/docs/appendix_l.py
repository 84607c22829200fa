"""Microsoft's list of events to monitor, and which of them the catalog has.

The list is Appendix L of "Best Practices for Securing Active Directory". ``appendix_l.tsv`` holds its rows,
with summaries of our own, and for each that the catalog leaves out a word on the reason, which
``appendix_l_reasons.tsv`` explains.
"""

from collections.abc import Iterator, Mapping
from csv import DictReader
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from catalog.events import EVENTS
from catalog.model.security_event import SecurityEvent

#: The ratings that Microsoft would have investigated at the first occurrence: none of them may be left out.
MUST_BE_COVERED = ("High", "Medium to High")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list.

    Args:
        event_id: The event's id, or None where only Windows 2000 and 2003 had it.
        legacy_ids: Its ids in Windows 2000 and 2003, or ``""``.
        written_today_as: For a row without ``event_id``, the id that tells the same today, or None.
        criticality: Microsoft's rating: High, Medium to High, Medium or Low.
        reason: A key of ``reasons`` where the catalog leaves it out, or ``""``.
        summary: What happened.
    """

    event_id: int | None
    legacy_ids: str
    written_today_as: int | None
    criticality: str
    reason: str
    summary: str

    @property
    def events(self) -> tuple[SecurityEvent, ...]:
        """The events of the catalog that cover it."""
        identity = self.event_id or self.written_today_as
        return tuple(event for event in EVENTS if event.event_id == identity)


@cache
def appendix_l() -> tuple[Row, ...]:
    """Return the rows in Microsoft's order."""
    return tuple(
        Row(
            event_id=_number(row["event_id"]),
            legacy_ids=row["legacy_id"],
            written_today_as=_number(row["written_today_as"]),
            criticality=row["criticality"],
            reason=row["reason"],
            summary=row["summary"],
        )
        for row in _table("appendix_l.tsv")
    )


@cache
def reasons() -> Mapping[str, str]:
    """Return why rows are left out, by the word that stands for it."""
    return {row["reason"]: row["explanation"] for row in _table("appendix_l_reasons.tsv")}


def _table(name: str) -> Iterator[dict[str, str]]:
    with files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        yield from DictReader(lines, delimiter="\t")


def _number(text: str) -> int | None:
    return int(text) if text else None
