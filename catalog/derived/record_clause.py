"""The clause of a log alarm's query that holds for the records of one kind, exactly.

Unlike a filter pattern, a regular expression ties the middle and the end of a value to its field.
"""

import re
from collections.abc import Sequence

from catalog.derived.insights_query import on_message
from catalog.filter_pattern import quote
from catalog.model.condition import Condition, Markup, Operator, escape
from catalog.model.provider import Provider


def record_clause(provider: Provider, event_id: int, where: Sequence[Condition]) -> str:
    """Return the clause.

    Args:
        provider: Who writes the records.
        event_id: Their id.
        where: The conditions on their data fields.
    """
    clauses = [f"@message like {quote(text)}" for text in provider.texts(event_id)]
    return " and ".join([*clauses, *conditions_clauses(provider, where)])


def conditions_clauses(provider: Provider, where: Sequence[Condition]) -> list[str]:
    """Return the clause of each condition on a data field."""
    return [
        on_message(condition, _pieces(condition, provider.markup_of(condition.field))) for condition in where
    ]


def regular_expression(text: str) -> str:
    """Return text as a regular expression that finds it, for a place between slashes."""
    return re.sub(r"[\\.^$|?*+()\[\]{}/]", r"\\\g<0>", text)


def _pieces(condition: Condition, markup: Markup) -> list[str]:
    start, end = map(regular_expression, condition.markup(markup).tags(condition.field))
    match condition.operator:
        case Operator.ENDS_WITH | Operator.NOT_ENDS_WITH:
            after = end
        case Operator.CONTAINS | Operator.NOT_CONTAINS:
            after = ""
        case _:
            return [quote(text) for text in condition.texts(markup)]
    return [f"/{start}[^<]*{regular_expression(escape(value))}{after}/" for value in condition.values]
