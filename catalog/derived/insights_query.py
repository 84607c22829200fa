"""The CloudWatch Logs Insights query that shows an event's records: who, from where, on which host."""

import re
from collections.abc import Sequence

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


def insights_query(event: SecurityEvent) -> str:
    """Return the query for the log group of the event's channel, newest records first.

    Its conditions are those of the event's filter pattern; its columns are the time, the computer and the
    event's telling fields.
    """
    # The name of a column is a word: that of a field may be two.
    columns = {"Computer": "<Computer>"} | {
        re.sub(r"\W", "", field): event.provider.markup_of(field).tags(field)[0]
        for field in telling_fields(event)
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
        *(f"parse @message /{element}(?<{name}>[^<]*)</" for name, element in columns.items()),
        "display @timestamp, " + ", ".join(columns) + ", @logStream",
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
