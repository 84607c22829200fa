"""The expression by which the agent ships only records that some filter pattern counts.

The agent runs Go's RE2, which has no look-ahead: texts are found in the order in which Windows writes them,
and what a field must not hold is spelt out as everything else that it may. An expression may ship more than
the patterns count, never less. It ships more where the place of a text is not known, where a field may be
missing of which something is excluded, or where the exclusion would be too long: ``ships_exactly`` says so.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from catalog.model.condition import Condition, Markup, Operator, escape
from catalog.model.event_fields import fields_of, follower_of
from catalog.model.security_event import SecurityEvent

#: The longest text that spells out an exclusion: a parameter holds 8 KB.
_EXCLUSION_LENGTH = 600
#: The most orders in which the texts of one event are looked for.
_ORDERS = 12
#: What stands before an id of the channel's only provider: the end of ``<EventID``, without qualifiers.
_ONLY_PROVIDER = "D"
_STARTS = (Operator.STARTS_WITH, Operator.NOT_STARTS_WITH)
_ENDS = (Operator.ENDS_WITH, Operator.NOT_ENDS_WITH)


@dataclass(frozen=True, slots=True)
class _FieldPiece:
    """A regular expression for what one field must hold.

    Args:
        expression: The expression.
        place: Where the field stands among those of the record; None for a text that may be anywhere.
    """

    expression: str
    place: int | None = None


def shipping_expression(
    events: Iterable[SecurityEvent], narrowed: Callable[[SecurityEvent], bool] = lambda event: True
) -> str | None:
    """Return the RE2 expression that finds every record that a pattern of the events counts.

    Args:
        events: Events of one channel, whose ids the agent selects beside this.
        narrowed: Whether only the counted records of an event's id are shipped. Default: of every id.

    Returns:
        The expression; None where all records of the ids are counted.
    """
    narrowest: dict[tuple[str, int], list[SecurityEvent]] = {}
    for event in events:
        narrowest.setdefault((_header(event), event.event_id), []).append(event)
    whole: dict[str, list[int]] = {}
    alternatives = []
    for (header, event_id), same_id in narrowest.items():
        bodies = list(dict.fromkeys(_body(event) for event in _without_implied(same_id)))
        if "" in bodies or not narrowed(same_id[0]):
            whole.setdefault(header, []).append(event_id)
        else:
            alternatives.append(f"{header}>{event_id}</EventID>.*{_group(bodies)}")
    if not alternatives and list(whole) == [_ONLY_PROVIDER]:
        return None
    whole_ids = [f"{header}>{_group(map(str, ids))}</EventID>" for header, ids in whole.items()]
    return f"(?s){'|'.join([*whole_ids, *alternatives])}"


def ships_exactly(event: SecurityEvent) -> bool:
    """Return whether the expression of an event finds only records that its patterns count."""
    return event.selection is None and _pieces(event)[1]


def _header(event: SecurityEvent) -> str:
    """Return what stands before the id: of whose event it is, where other providers write the id too."""
    provider = event.provider
    name = "" if provider.implied else f"{_literal(provider.text)}.*"
    return name + ("" if provider.classic else _ONLY_PROVIDER)


def _without_implied(events: Sequence[SecurityEvent]) -> list[SecurityEvent]:
    """Leave out each event all of whose records another one finds as well."""
    return [
        event
        for event in events
        if not any(set(other.where) < set(event.where) for other in events if other is not event)
    ]


def _body(event: SecurityEvent) -> str:
    """Return the expression for what follows the id; empty where every record is shipped."""
    pieces, _ = _pieces(event)
    placed = sorted((p for p in pieces if p.place is not None), key=lambda piece: piece.place or 0)
    free = [piece for piece in pieces if piece.place is None]
    orders = _orders([p.expression for p in placed], [p.expression for p in free])
    return _group(".*".join(order) for order in orders)


def _orders(placed: Sequence[str], free: Sequence[str]) -> list[tuple[str, ...]]:
    orders = [tuple(placed)]
    for text in free:
        orders = [(*o[:at], text, *o[at:]) for o in orders for at in range(len(o) + 1)]
    return orders


def _pieces(event: SecurityEvent) -> tuple[list[_FieldPiece], bool]:
    """Return the pieces of an event, and whether they leave nothing out that its conditions ask for."""
    pieces: list[_FieldPiece] = []
    exact = True
    for field in dict.fromkeys((c.field, c.in_header) for c in event.where):
        found, complete = _of_field(event, [c for c in event.where if (c.field, c.in_header) == field])
        pieces += found
        exact &= complete
    free = [piece for piece in pieces if piece.place is None]
    placed = [piece for piece in pieces if piece.place is not None]
    while free and _number_of_orders(len(placed), len(free)) > _ORDERS:
        free.pop()
        exact = False
    return placed + free, exact


def _number_of_orders(placed: int, free: int) -> int:
    number = 1
    for position in range(placed + 1, placed + free + 1):
        number *= position
    return number


def _of_field(event: SecurityEvent, conditions: Sequence[Condition]) -> tuple[list[_FieldPiece], bool]:
    field = conditions[0].field
    markup = conditions[0].markup(event.provider.markup_of(field))
    place = _place(event, conditions[0])
    start = _literal(_start(markup, field))
    wanted = [c for c in conditions if not c.operator.excludes]
    excluding = [c for c in conditions if c.operator.excludes]
    follower = follower_of(event.provider.name, event.event_id, field)
    if not wanted:
        if place is None or not _is_always_there(event, field):
            return [], False
        return _excluded(start, place, excluding, markup, follower)
    first = wanted[0]
    exact = len(wanted) == 1
    match first.operator:
        case Operator.EQUALS:
            values = [v for v in first.values if not any(_holds(c, v) for c in excluding)]
            for other in wanted[1:]:
                values = [v for v in values if _holds(other, v)]
            return [_FieldPiece(f"{start}>{_values(values)}<", place)], True
        case Operator.STARTS_WITH:
            ends = [c for c in wanted[1:] if c.operator is Operator.ENDS_WITH and len(wanted) == 2]
            if ends and not ends[0].is_wider(markup, follower) and not excluding:
                expression = f"{start}>{_values(first.values)}[^<]*{_values(ends[0].values)}<"
                return [_FieldPiece(expression, place)], not _may_overlap(first.values, ends[0].values)
            return _started(start, place, first, excluding, exact)
        case Operator.ENDS_WITH if not first.is_wider(markup, follower):
            return [_FieldPiece(f"{start}>[^<]*{_values(first.values)}<", place)], exact and not excluding
        case Operator.ENDS_WITH:
            return [_FieldPiece(f"{_values(first.values)}</")], exact and not excluding
        case _:
            return [_FieldPiece(_values(first.values))], exact and not excluding


def _place(event: SecurityEvent, condition: Condition) -> int | None:
    """Return where a condition's field stands among those of a record: the header is before its data."""
    if condition.in_header:
        return -1
    fields = fields_of(event.provider.name, event.event_id)
    return fields.index(condition.field) if fields and condition.field in fields else None


def _start(markup: Markup, field: str) -> str:
    """Return the end of a field's start tag without its bracket, which no text of a record can hold."""
    return {
        Markup.EVENT_DATA: f"'{field}'",
        Markup.USER_DATA: f"<{field}",
        Markup.UNNAMED_DATA: "<Data",
    }[markup]


def _is_always_there(event: SecurityEvent, field: str) -> bool:
    """Return whether every record of the event has the field: it follows its first one, in each version."""
    name, event_id = event.provider.name, event.event_id
    fields = fields_of(name, event_id) or ()
    known = fields[0] if fields else None
    while known is not None and known != field:
        known = follower_of(name, event_id, known)
    return known == field


def _started(
    start: str, place: int | None, condition: Condition, excluding: Sequence[Condition], exact: bool
) -> tuple[list[_FieldPiece], bool]:
    if any(c.operator not in (Operator.NOT_EQUALS, Operator.NOT_STARTS_WITH) for c in excluding):
        excluding, exact = (), False
    alternatives = []
    shut_out = [c for c in excluding if c.operator is Operator.NOT_STARTS_WITH]
    for prefix in (escape(v) for v in condition.values if not any(_holds(c, v) for c in shut_out)):
        tree = _tree(
            (value.removeprefix(prefix), c.operator is Operator.NOT_STARTS_WITH)
            for c in excluding
            for value in map(escape, c.values)
            if value.startswith(prefix)
        )
        alternatives.append(_literal(prefix) + (_other(tree) if tree else ""))
    return [_FieldPiece(f"{start}>{_group(alternatives)}", place)], exact


def _excluded(
    start: str, place: int, excluding: Sequence[Condition], markup: Markup, follower: str | None
) -> tuple[list[_FieldPiece], bool]:
    ends = [c for c in excluding if c.operator is Operator.NOT_ENDS_WITH]
    begins = [c for c in excluding if c.operator in (Operator.NOT_EQUALS, Operator.NOT_STARTS_WITH)]
    exact = len(ends) + len(begins) == len(excluding) and not (ends and begins)
    if ends and not any(c.is_wider(markup, follower) for c in ends):
        tree = _tree((escape(value)[::-1], True) for c in ends for value in c.values)
        expression = f"{start}[^<]*{_other_end(tree)}<"
    elif begins:
        tree = _tree(
            (escape(value), c.operator is Operator.NOT_STARTS_WITH) for c in begins for value in c.values
        )
        expression = f"{start}(?:/|>{_other(tree)})"
    else:
        return [], False
    return ([_FieldPiece(expression, place)], exact) if len(expression) <= _EXCLUSION_LENGTH else ([], False)


class _ValueTree(dict[str, "_ValueTree"]):
    """A character of some values: what may follow it, and whether a value or a prefix ends there."""

    ends = False
    is_prefix = False


def _tree(values: Iterable[tuple[str, bool]]) -> _ValueTree:
    root = _ValueTree()
    for value, is_prefix in values:
        node = root
        for character in value:
            node = node.setdefault(character, _ValueTree())
        node.ends = True
        node.is_prefix |= is_prefix
    return root


def _other(node: _ValueTree) -> str:
    """Return an expression for the start of every text that is, up to the next ``<``, no value of a tree."""
    known = "".join(map(_in_class, sorted(node))) + "<" * node.ends
    branches = [
        f"{_literal(character)}{_other(child)}" for character, child in node.items() if not child.is_prefix
    ]
    return _group([f"[^{known}]", *branches])


def _other_end(node: _ValueTree) -> str:
    """Return an expression for the end of every text that ends with no value of a tree of reversed values."""
    known = "".join(map(_in_class, sorted(node)))
    branches = [
        f"{_other_end(child)}{_literal(character)}" for character, child in node.items() if not child.ends
    ]
    return _group([f"[^{known}<]", *branches])


def _holds(condition: Condition, value: str) -> bool:
    """Return whether a value is one of those that a condition looks for, or excludes."""
    return any(_compares(condition, value, other) for other in condition.values)


def _compares(condition: Condition, value: str, other: str) -> bool:
    if condition.operator in _STARTS:
        return value.startswith(other)
    if condition.operator in _ENDS:
        return value.endswith(other)
    if condition.operator in (Operator.EQUALS, Operator.NOT_EQUALS):
        return value == other
    return other in value


def _may_overlap(starts: Iterable[str], ends: Sequence[str]) -> bool:
    return any(
        start.endswith(end[:length]) for start in starts for end in ends for length in range(1, len(end) + 1)
    )


def _values(values: Iterable[str]) -> str:
    return _group(_literal(escape(value)) for value in values)


def _group(alternatives: Iterable[str]) -> str:
    listed = list(alternatives)
    return listed[0] if len(listed) == 1 else f"(?:{'|'.join(listed)})"


def _literal(text: str) -> str:
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", text)


def _in_class(character: str) -> str:
    return re.sub(r"[\\\]^-]", r"\\\g<0>", character)
