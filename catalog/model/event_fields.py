"""What is known of Windows' events whether the catalog has them or not, from two tables.

``event_fields.tsv`` holds the events that audits write and those of the System log.

The table has a row for each event: its id, its provider (nothing for Microsoft-Windows-Security-Auditing),
the audit subcategories that write it (nothing where they are not known, ``-`` where Windows always writes
it), and its data fields in the order of the newest manifest (nothing where they are not known). ``Binary`` is
no data field: an element of its own, with the bytes that a classic provider adds.

``A>B`` between two fields says that B directly follows A in every record that has A: in each version of the
manifest (all 434 templates of Windows 10 1909, as the package etl-parser 1.0.1 lists them) and in each real
record that was tried, of which there was one at least. ``A,B`` says that this is not so, or not known.

``channel_fields.tsv`` holds events of other logs, which no audit subcategory writes: the id, the provider,
the fields of its newest records, written as above, and where they were read.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from catalog.errors import did_you_mean
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.provider import SECURITY_AUDITING

# Not pathlib, which takes a tenth of the time that importing the catalog may take.
_FOLDER = os.path.dirname(__file__)  # noqa: PTH120
_ALWAYS_WRITTEN = "-"


@dataclass(frozen=True, slots=True)
class _Row:
    fields: tuple[str, ...] | None
    #: Each field with the one that directly follows it in every record.
    followers: Mapping[str, str]
    subcategories: tuple[AuditSubcategory, ...] | None


def fields_of(provider: str, event_id: int) -> tuple[str, ...] | None:
    """Return the data fields of a provider's event in the manifest's order, None where unknown."""
    row = _row(provider, event_id)
    return row.fields if row else None


def follower_of(provider: str, event_id: int, field: str) -> str | None:
    """Return the data field that directly follows another in every record of an event; None where none does.

    The last field of an event has none: a later version of Windows may append fields.
    """
    row = _row(provider, event_id)
    return row.followers.get(field) if row else None


def field_problem(provider: str, event_id: int, field: str) -> str | None:
    """Return why a provider's event cannot have a data field; None where it has it, or its are unknown."""
    known = fields_of(provider, event_id)
    if known is None or field in known:
        return None
    hint = did_you_mean(field, known) or f"; it has {', '.join(known)}"
    return f"event {event_id} has no field {field}{hint}"


def subcategories_of(provider: str, event_id: int) -> tuple[AuditSubcategory, ...] | None:
    """Return the audit subcategories that write a provider's event, any one of which is enough.

    None where they are unknown; none at all, ``()``, where Windows always writes the event.
    """
    row = _row(provider, event_id)
    return row.subcategories if row else None


@cache
def _row(provider: str, event_id: int) -> _Row | None:
    line = _rows().get((provider, str(event_id)))
    if line is None:
        return None
    titles, order = line
    runs = [run.split(">") for run in order.split(",")]
    return _Row(
        fields=tuple(field for run in runs for field in run) if order else None,
        followers=dict(pair for run in runs for pair in pairwise(run)),
        subcategories=_subcategories(titles),
    )


@cache
def _rows() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return the subcategories and the fields of each event, by its provider and id."""
    audited = {
        (provider or SECURITY_AUDITING.name, event_id): (titles, order)
        for event_id, provider, titles, order in _lines("event_fields.tsv")
    }
    others = {
        (provider, event_id): (_ALWAYS_WRITTEN, order)
        for event_id, provider, order, _ in _lines("channel_fields.tsv")
    }
    return {**audited, **others}


def _lines(name: str) -> Iterator[list[str]]:
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:  # noqa: PTH118, PTH123
        yield from (line.split("\t") for line in file.read().splitlines()[1:])


@cache
def _by_title() -> Mapping[str, AuditSubcategory]:
    return {subcategory.value.title: subcategory for subcategory in AuditSubcategory}


def _subcategories(titles: str) -> tuple[AuditSubcategory, ...] | None:
    if titles == _ALWAYS_WRITTEN:
        return ()
    return tuple(_by_title()[title] for title in titles.split(";")) if titles else None
