"""The CloudWatch Logs Insights query that shows an event's records: who, from where, on which host."""

import re
from collections.abc import Iterable, Sequence

from catalog.filter_pattern import quote
from catalog.model.condition import Condition
from catalog.model.provider import SECURITY_AUDITING, UNNAMED
from catalog.model.security_event import SecurityEvent

#: The fields that say who did what to whom, and from where, in most events of the Security channel.
USUAL_FIELDS = ("SubjectUserName", "TargetUserName", "IpAddress", "WorkstationName")
_LIMIT = 1000


def telling_fields(event: SecurityEvent) -> tuple[str, ...]:
    """Return the data fields that say who did what, and from where.

    They are the event's ``query_fields``. Without: the usual fields of an event of the Security channel's
    provider; of others what the event asks for, or the data without a name of a classic provider.
    """
    if event.query_fields:
        return event.query_fields
    if event.provider == SECURITY_AUDITING:
        return USUAL_FIELDS
    asked = tuple(dict.fromkeys(condition.field for condition in event.where if not condition.in_header))
    return asked or (UNNAMED,) * event.provider.classic


def columns(fields: Iterable[str], *taken: str) -> dict[str, str]:
    """Return the column of each field: its letters and digits of ASCII, and a number where that is taken.

    Args:
        fields: The fields of a query.
        taken: The columns that the query has besides.
    """
    named: dict[str, str] = {}
    for field in fields:
        word = re.sub(r"[^A-Za-z0-9_]", "", field)
        word = word if word[:1].isalpha() else f"field{word}"
        names = (word, *(f"{word}{number}" for number in range(2, len(taken) + len(named) + 3)))
        named[field] = next(name for name in names if name not in (*taken, *named.values()))
    return named


def insights_query(event: SecurityEvent) -> str:
    """Return the query for the log group of the event's channel, newest records first.

    Its conditions are those of the event's filter pattern; its columns are the time, the computer and the
    event's telling fields.
    """
    elements = {"Computer": "<Computer>"} | {
        name: event.provider.markup_of(field).tags(field)[0]
        for field, name in columns(telling_fields(event), "Computer").items()
    }
    selection = event.selection
    conditions = (
        [f"({selection.clause})"]
        if selection
        else [f"@message like {quote(text)}" for text in event.provider.texts(event.event_id)]
    )
    conditions += [_condition(condition, event) for condition in event.where]
    lines = [
        "fields @timestamp, @logStream",
        *(selection.reads if selection else ()),
        "filter " + " and ".join(conditions),
        *(f"parse @message /{element}(?<{name}>[^<]*)</" for name, element in elements.items()),
        "display @timestamp, " + ", ".join(elements) + ", @logStream",
        "sort @timestamp desc",
        f"limit {_LIMIT}",
    ]
    return "\n| ".join(lines)


def _condition(condition: Condition, event: SecurityEvent) -> str:
    return on_message(condition, [quote(text) for text in event.texts(condition)])


def on_message(condition: Condition, pieces: Sequence[str]) -> str:
    """Return the clause that holds where a record has any of some pieces, or none for one that excludes.

    Args:
        condition: The condition that the pieces are of.
        pieces: Quoted texts, or regular expressions between slashes.
    """
    verb, joint = ("not like", " and ") if condition.operator.excludes else ("like", " or ")
    clauses = [f"@message {verb} {piece}" for piece in pieces]
    return clauses[0] if len(clauses) == 1 else f"({joint.join(clauses)})"
