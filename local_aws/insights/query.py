"""A query: parsed once, run over any number of records."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree, UnexpectedInput

from local_aws.insights.errors import InsightsError, UndefinedBehaviorError
from local_aws.insights.functions import AGGREGATIONS, FUNCTIONS, LAZY
from local_aws.insights.values import (
    Value,
    compare,
    is_true,
    number,
    period,
    present,
    regex,
    text,
    unquoted,
)

Row = Mapping[str, Value]
_Rows = list[dict[str, Value]]
_Expression = Callable[[Row], Value]
_Command = Callable[[_Rows], _Rows]

#: Characters of a query that an alarm may have, and rows that a query returns (API and user guide).
MAXIMUM_LENGTH = 10_000
MAXIMUM_ROWS = 10_000
_STATS_COMMANDS = 2
_TIME = "@timestamp"

_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "^": operator.pow,
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood.

    Args:
        text: The query as it was written.
        commands: Its commands, each from rows to rows.
    """

    text: str
    commands: tuple[_Command, ...]

    def run(self, records: Iterable[Row]) -> list[dict[str, Value]]:
        """Return the rows of the result, in the order of the query, or else newest first.

        Args:
            records: The records, each with ``@timestamp`` in milliseconds, ``@message`` and whatever else
                its log group has discovered.

        Raises:
            UndefinedBehaviorError: The result depends on what the user guide does not define.
        """
        rows = [dict(record) for record in records]
        rows.sort(key=lambda row: -(number(row.get(_TIME)) or 0))
        for command in self.commands:
            rows = command(rows)
        return rows[:MAXIMUM_ROWS]


@lru_cache(maxsize=1024)
def parse_query(query: str) -> Query:
    """Return a query.

    Raises:
        InsightsError: It is longer than CloudWatch takes, or not in the part of the language that is known
            here.
    """
    if len(query) > MAXIMUM_LENGTH:
        raise InsightsError(f"the query has {len(query):,} characters, over {MAXIMUM_LENGTH:,}")
    try:
        tree = _parser().parse(query)
    except UnexpectedInput as error:
        context = error.get_context(query, span=30).splitlines()[0]
        raise InsightsError(f"line {error.line}, column {error.column}: {context.strip()}") from None
    kinds = [str(command.data) for command in tree.children if isinstance(command, Tree)]
    if kinds.count("stats") > _STATS_COMMANDS:
        raise InsightsError(f"a query takes at most {_STATS_COMMANDS} stats commands")
    return Query(query, tuple(_COMMANDS[str(c.data)](c.children) for c in tree.children))  # type: ignore[union-attr]


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = (files(__package__) / "logs_insights.lark").read_text(encoding="utf-8")
    return Lark(grammar, start="query", parser="lalr", propagate_positions=True)


def _name(tree: Any) -> str:
    return str(tree.children[0]).strip("`")


def _expression(tree: Any) -> _Expression:
    match tree.data:
        case "value":
            name = _name(tree.children[0])
            return lambda row: row.get(name)
        case "string":
            literal = unquoted(tree.children[0])
            return lambda row: literal
        case "number" | "period":
            constant = period(tree.children[0]) if tree.data == "period" else float(tree.children[0])
            return lambda row: constant
        case "signed_number":
            signed = float("".join(tree.children))
            return lambda row: signed
        case "call":
            return _call(tree)
        case _:
            return _OPERATORS[tree.data](tree.children)


def _call(tree: Any) -> _Expression:
    name = _name(tree.children[0]).lower()
    arguments = [_expression(child) for child in tree.children[1:] if child is not None]
    if name in LAZY:
        lazy = LAZY[name]
        return lambda row: lazy([lambda argument=argument: argument(row) for argument in arguments])  # type: ignore[misc]
    if name == "bin":
        arguments.append(lambda row: row.get(_TIME))
    if name not in FUNCTIONS:
        raise InsightsError(f"there is no function {name}")
    function, takes = FUNCTIONS[name]
    if len(arguments) not in takes:
        raise InsightsError(f"{name} does not take {len(arguments)} arguments")
    return lambda row: function(*(argument(row) for argument in arguments))


def _joined(children: Sequence[Any], decides: bool) -> _Expression:
    parts = [_expression(child) for child in children]
    return lambda row: decides if any(is_true(part(row)) is decides for part in parts) else not decides


def _negated(children: Sequence[Any]) -> _Expression:
    part = _expression(children[0])
    return lambda row: not is_true(part(row))


def _compared(children: Sequence[Any]) -> _Expression:
    left, sign, right = _expression(children[0]), str(children[1]), _expression(children[2])
    return lambda row: compare(sign, left(row), right(row))


def _like(children: Sequence[Any], *, excludes: bool) -> _Expression:
    left, pattern = _expression(children[0]), children[1]
    if pattern.data == "regex":
        search = regex(pattern.children[0]).search
        found: Callable[[str], bool] = lambda value: search(value) is not None  # noqa: E731
    else:
        piece = unquoted(pattern.children[0])
        found = lambda value: piece in value  # noqa: E731
    if excludes:
        return lambda row: not found(text(present(left(row), "not like")))
    return lambda row: (value := left(row)) is not None and found(text(value))


def _in(children: Sequence[Any], *, excludes: bool) -> _Expression:
    left = _expression(children[0])
    values = [_expression(child) for child in children[1].children if child is not None]

    def contains(row: Row) -> bool:
        value = left(row)
        if excludes:
            present(value, "not in")
        return any(compare("=", value, each(row)) for each in values) is not excludes

    return contains


def _calculated(children: Sequence[Any]) -> _Expression:
    first, *rest = children
    start = _expression(first)
    steps = [(_ARITHMETIC[str(rest[i])], _expression(rest[i + 1])) for i in range(0, len(rest), 2)]

    def value(row: Row) -> Value:
        result = number(start(row))
        for sign, operand in steps:
            other = number(operand(row))
            if result is None or other is None:
                raise UndefinedBehaviorError("arithmetic with what is no number")
            result = sign(result, other)
        return result

    return value


_OPERATORS: Mapping[str, Callable[[Sequence[Any]], _Expression]] = {
    "any_of": lambda children: _joined(children, True),
    "all_of": lambda children: _joined(children, False),
    "negate": _negated,
    "compare": _compared,
    "like": lambda children: _like(children, excludes=False),
    "not_like": lambda children: _like(children, excludes=True),
    "in_list": lambda children: _in(children, excludes=False),
    "not_in_list": lambda children: _in(children, excludes=True),
    "arithmetic": _calculated,
}


def _columns(tree: Any) -> list[tuple[str, Any]]:
    """Return each column's name, ``as`` it is called or else as it is written, and its expression."""
    return [
        (
            _name(column.children[1]) if column.children[1:] and column.children[1] else _written(column),
            column,
        )
        for column in tree.children
    ]


def _written(column: Any) -> str:
    """Return an expression as it is written, without white space: the name of a column without ``as``."""
    (expression,) = column.children[:1]
    if expression.data == "value":
        return _name(expression.children[0])
    if expression.data == "call":
        arguments = [child for child in expression.children[1:] if child is not None]
        inner = ",".join(_written(Tree("column", [argument])) for argument in arguments) or "*"
        return f"{_name(expression.children[0])}({inner})"
    return "".join(str(token) for token in expression.scan_values(lambda each: isinstance(each, Token)))


def _fields(children: Sequence[Any]) -> _Command:
    columns = [(name, _expression(column.children[0])) for name, column in _columns(children[0])]

    def command(rows: _Rows) -> _Rows:
        for row in rows:
            for name, value in columns:
                if (found := value(row)) is not None:
                    row[name] = found
        return rows

    return command


def _display(children: Sequence[Any]) -> _Command:
    columns = [(name, _expression(column.children[0])) for name, column in _columns(children[0])]
    return lambda rows: [
        {name: found for name, value in columns if (found := value(row)) is not None} for row in rows
    ]


def _filter(children: Sequence[Any]) -> _Command:
    condition = _expression(children[0])
    return lambda rows: [row for row in rows if is_true(condition(row))]


def _parse_regex(children: Sequence[Any]) -> _Command:
    expression = regex(children[1])
    if not expression.groupindex:
        raise InsightsError(f"{children[1]} names no group")
    return _parsing(_name(children[0]), expression)


def _parse_glob(children: Sequence[Any]) -> _Command:
    source, glob, *names = children
    pieces = unquoted(glob).split("*")
    if len(pieces) - 1 != len(names):
        raise InsightsError(f"{glob} has {len(pieces) - 1} wildcards and {len(names)} names")
    groups = [f"(?P<{_name(name)}>.*?)" for name in names]
    groups[-1:] = [group.replace("*?", "*") if not pieces[-1] else group for group in groups[-1:]]
    body = "".join(re.escape(piece) + group for piece, group in zip(pieces, [*groups, ""], strict=True))
    return _parsing(_name(source), re.compile(body, re.DOTALL))


def _parsing(source: str, expression: re.Pattern[str]) -> _Command:
    def command(rows: _Rows) -> _Rows:
        for row in rows:
            if (value := row.get(source)) is not None and (found := expression.search(text(value))):
                row.update({name: part for name, part in found.groupdict().items() if part is not None})
        return rows

    return command


def _stats(children: Sequence[Any]) -> _Command:
    aggregations = [(name, _aggregation(column.children[0])) for name, column in _columns(children[0])]
    keys = [
        (name, _expression(column.children[0]))
        for name, column in (_columns(children[1]) if children[1:] and children[1] else [])
    ]

    def command(rows: _Rows) -> _Rows:
        groups: dict[tuple[Value, ...], _Rows] = {} if keys else {(): []}
        # From the earliest record on, as earliest and latest need it.
        for row in sorted(rows, key=lambda row: number(row.get(_TIME)) or 0):
            groups.setdefault(tuple(key(row) for _, key in keys), []).append(row)
        results = []
        for values, members in groups.items():
            result: dict[str, Value] = {
                name: value for (name, _), value in zip(keys, values, strict=True) if value is not None
            }
            for name, aggregate in aggregations:
                if (found := aggregate(members)) is not None:
                    result[name] = found
            results.append(result)
        return results

    return command


def _aggregation(tree: Any) -> Callable[[_Rows], Value]:
    name = _name(tree.children[0]).lower() if tree.data == "call" else ""
    if name not in AGGREGATIONS:
        raise InsightsError(f"{_written(Tree('column', [tree]))} is no aggregation")
    arguments = [child for child in tree.children[1:] if child is not None]
    if not arguments:
        if name != "count":
            raise InsightsError(f"{name} takes a field")
        return lambda rows: float(len(rows))
    value, aggregate = _expression(arguments[0]), AGGREGATIONS[name]
    return lambda rows: aggregate([value(row) for row in rows])


def _sort(children: Sequence[Any]) -> _Command:
    keys = [
        (
            _expression(key.children[0]),
            len(key.children) > 1 and key.children[1] is not None and key.children[1].lower() == "desc",
        )
        for key in children
    ]

    def command(rows: _Rows) -> _Rows:
        for key, descends in reversed(keys):
            rows.sort(key=lambda row: _rank(key(row)), reverse=descends)
        return rows

    return command


def _rank(value: Value) -> tuple[bool, float, str]:
    found = number(value)
    return (found is None, found or 0, "" if found is not None else text(value))


def _limit(children: Sequence[Any]) -> _Command:
    most = int(children[0])
    if not 1 <= most <= MAXIMUM_ROWS:
        raise InsightsError(f"limit {most} is not from 1 to {MAXIMUM_ROWS:,}")
    return lambda rows: rows[:most]


def _dedup(children: Sequence[Any]) -> _Command:
    names = [_name(child) for child in children]

    def command(rows: _Rows) -> _Rows:
        seen: dict[tuple[Value, ...], dict[str, Value]] = {}
        for row in rows:
            seen.setdefault(tuple(row.get(name) for name in names), row)
        return list(seen.values())

    return command


_COMMANDS: Mapping[str, Callable[[Sequence[Any]], _Command]] = {
    "fields": _fields,
    "display": _display,
    "filter": _filter,
    "parse_regex": _parse_regex,
    "parse_glob": _parse_glob,
    "stats": _stats,
    "sort": _sort,
    "limit": _limit,
    "dedup": _dedup,
}
