"""What is known of Windows' events whether the catalog has them or not, from ``event_fields.tsv``.

The table has a row for each event: its id, its provider (nothing for Microsoft-Windows-Security-Auditing),
the audit subcategories that write it (nothing where they are not known, ``-`` where Windows always writes
it), and its data fields in the order of the newest manifest (nothing where they are not known).
"""

from collections.abc import Mapping
from csv import DictReader
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from catalog.errors import did_you_mean
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.provider import SECURITY_AUDITING

_ALWAYS_WRITTEN = "-"


@dataclass(frozen=True, slots=True)
class _Row:
    fields: tuple[str, ...] | None
    subcategories: tuple[AuditSubcategory, ...] | None


def fields_of(provider: str, event_id: int) -> tuple[str, ...] | None:
    """Return the data fields of a provider's event in the manifest's order, None where unknown."""
    row = _table().get((provider, event_id))
    return row.fields if row else None


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
    row = _table().get((provider, event_id))
    return row.subcategories if row else None


@cache
def _table() -> Mapping[tuple[str, int], _Row]:
    by_title = {subcategory.value.title: subcategory for subcategory in AuditSubcategory}
    with files(__package__).joinpath("event_fields.tsv").open(encoding="utf-8") as lines:
        return {
            (row["provider"] or SECURITY_AUDITING.name, int(row["event_id"])): _Row(
                fields=tuple(row["fields"].split(",")) if row["fields"] else None,
                subcategories=_subcategories(row["subcategories"], by_title),
            )
            for row in DictReader(lines, delimiter="\t")
        }


def _subcategories(
    titles: str, by_title: Mapping[str, AuditSubcategory]
) -> tuple[AuditSubcategory, ...] | None:
    if titles == _ALWAYS_WRITTEN:
        return ()
    return tuple(by_title[title] for title in titles.split(";")) if titles else None
