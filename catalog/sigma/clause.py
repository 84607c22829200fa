"""A located rule as the clause of a Logs Insights query: exact, whatever the letter case.

Text is compared by regular expressions over the whole record, each tied to the tags of its field, since a
condition on a field that a record lacks is not defined. What only a function can compare is read into a
column first, and guarded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.derived.record_clause import regular_expression
from catalog.filter_pattern import quote
from catalog.model.condition import escape
from catalog.sigma.expression import (
    All,
    AnyOf,
    Constant,
    Expression,
    Not,
    Nothing,
    Number,
    OtherField,
    Presence,
    RegularExpression,
    Subnet,
    Value,
    tests,
)
from catalog.sigma.located import LocatedTest
from catalog.sigma.log_sources import Location, Place
from catalog.sigma.reading import SigmaError

#: A character of a value as the record spells it: escaped ones are several.
_CHARACTER = "(?:&[a-z]+;|[^<&])"
_ANY_TEXT = "[^<]*"
#: What is in other regular expressions and not in RE2.
_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!]|<[=!]|>)|\\[1-9]|\\k<|[*+?}]\+")
#: A regular expression, piece by piece: an escape, a class, the start of a group, or a character.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P?<\w+>|\(\?[\w-]*:?|.", re.DOTALL)
_ESCAPES = {"&": "(?:&amp;)", "<": "(?:&lt;)", ">": "(?:&gt;)"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition of a query, and what must be read before.

    Args:
        condition: The condition.
        columns: The regular expression that reads each column, by the column's name.
    """

    condition: str
    columns: Mapping[str, str]

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands of a query that has this condition only."""
        reads = (f"parse @message /{expression}/" for expression in self.columns.values())
        return (*reads, f"filter {self.condition}")


def clause(expression: Expression) -> Clause:
    """Return the clause of a located rule.

    Raises:
        SigmaError: Logs Insights cannot say it exactly.
    """
    columns: dict[str, str] = {}
    for test in tests(expression):
        assert isinstance(test, LocatedTest), "the rule is located"
        for location in (test.location, test.other):
            if location and isinstance(test.matcher, RegularExpression | Number | Subnet | OtherField):
                columns[_column(location)] = _reading(location)
    return Clause(_condition(expression, is_nested=False), columns)


def _condition(expression: Expression, *, is_nested: bool = True) -> str:
    match expression:
        case LocatedTest():
            return _test(expression)
        case Not(part):
            return f"not ({_condition(part, is_nested=False)})"
        case All(parts):
            text = " and ".join(map(_condition, parts))
        case AnyOf(parts):
            clauses = list(_alternatives(parts))
            if len(clauses) == 1:
                return clauses[0]
            text = " or ".join(clauses)
        case Constant() | _:
            raise TypeError("only located rules without constants become clauses")
    return f"({text})" if is_nested else text


def _alternatives(parts: Sequence[Expression]) -> Iterator[str]:
    """Yield a clause for each part, one for all texts that one field may hold."""
    texts: dict[tuple[Location | None, bool], list[str]] = {}
    for part in parts:
        if isinstance(part, LocatedTest) and isinstance(part.matcher, Value):
            texts.setdefault((part.location, part.matcher.is_cased), []).append(_regular(part.matcher))
        else:
            yield _condition(part)
    for (location, is_cased), values in texts.items():
        yield _like(_tagged(location, _any_of(values)), is_cased)


def _any_of(values: Sequence[str]) -> str:
    """Return a regular expression for any of several, with what they begin and end with written once."""
    if len(values) == 1:
        return values[0]
    start = _ANY_TEXT if all(value.startswith(_ANY_TEXT) for value in values) else ""
    end = _ANY_TEXT if all(value.endswith(_ANY_TEXT) and value != start for value in values) else ""
    inner = [value[len(start) : len(value) - len(end)] for value in values]
    return f"{start}(?:{'|'.join(inner)}){end}"


def _test(test: LocatedTest) -> str:
    location = test.location
    match test.matcher:
        case Value() as value:
            return _like(_tagged(location, _regular(value)), value.is_cased)
        case RegularExpression() as expression if location is None:
            raise SigmaError(
                f"has the regular expression {expression.expression} as a keyword, without a field"
            )
        case Presence(is_present):
            found = _like(_start(_needed(location)), True)
            return found if is_present else f"not ({found})"
        case Nothing():
            return f"not ({_like(_tagged(location, '[^<]+'), True)})"
        case RegularExpression() as expression:
            return f"{_guard(location)} and {_column(_needed(location))} like {_searched(expression)}"
        case Number(sign, number):
            return f"{_guard(location)} and {_column(_needed(location))} {sign} {number:g}"
        case Subnet(network):
            column = _column(_needed(location))
            return f'isValidIp(coalesce({column}, "-")) and isIpInSubnet({column}, {quote(network)})'
        case OtherField() as other:
            return _compared(_needed(location), _needed(test.other), other)
    raise TypeError(f"{test.matcher} is no matcher")


def _like(expression: str, is_cased: bool) -> str:
    # A letter without another case needs no flag, and a shorter query costs less of what an alarm may hold.
    flag = "" if is_cased else "(?i)"
    return f"@message like /{flag}{expression}/"


def _needed(location: Location | None) -> Location:
    assert location is not None, "keywords are texts"
    return location


def _regular(value: Value) -> str:
    return value.regular_expression(lambda text: regular_expression(escape(text)), _ANY_TEXT, _CHARACTER)


def _start(location: Location) -> str:
    """Return what stands before a value, as a regular expression."""
    name = regular_expression(location.name)
    match location.place:
        case Place.HEADER if location.name == "Provider":
            return "<Provider Name='"
        case Place.HEADER if location.name == "EventID":
            # After the provider: 1108 tells the id of another event, in an element of the same name.
            return r"\/><EventID(?: [^>]*)?>"
        case Place.HEADER:
            return f"<{name}>"
        case Place.EVENT_DATA:
            return f"<Data Name='{name}'>"
        case Place.UNNAMED:
            return "<Data>"
        case Place.USER_DATA:
            # An element of the header may have the same name.
            return f"<UserData>(?s:.*)<{name}>"


def _end(location: Location) -> str:
    match location.place:
        case Place.HEADER if location.name == "Provider":
            return "'"
        case Place.HEADER | Place.USER_DATA:
            return rf"<\/{regular_expression(location.name)}>"
        case _:
            return r"<\/Data>"


def _tagged(location: Location | None, value: str) -> str:
    if location is None:
        return f">{_ANY_TEXT}{value}{_ANY_TEXT}<"
    return f"{_start(location)}{value}{_end(location)}"


def _column(location: Location) -> str:
    return "data" + re.sub(r"\W", "", location.name)


def _reading(location: Location) -> str:
    if location.place is Place.UNNAMED:
        raise SigmaError("compares unnamed data by more than text: which of them is meant is not known")
    return f"{_start(location)}(?<{_column(location)}>[^<]*){_end(location)}"


def _guard(location: Location | None) -> str:
    return f"ispresent({_column(_needed(location))})"


def _searched(expression: RegularExpression) -> str:
    text = expression.expression
    pieces = _PIECE.findall(text)
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        if found := _NOT_IN_RE2.match(piece + following):
            raise SigmaError(f"has the regular expression {text}, of which {found[0]} is not in RE2")
    flags = f"(?{expression.flags})" if expression.flags else ""
    return f"/{flags}{''.join(_escaped(piece, text) for piece in pieces)}/"


def _escaped(piece: str, expression: str) -> str:
    """Return a piece of a regular expression for text in which ``&``, ``<`` and ``>`` are escaped."""
    if piece in _ESCAPES:
        return _ESCAPES[piece]
    if piece == ".":
        return _CHARACTER
    if piece in (r"\S", r"\W", r"\D"):
        return f"(?:&[a-z]+;|{piece})"
    if piece == "/":
        return r"\/"
    if len(piece) > 1 and piece[0] == "[":
        if any(character in piece for character in _ESCAPES):
            raise SigmaError(f"has the regular expression {expression} with {piece}, which records escape")
        inner = piece.replace("/", r"\/")
        return f"(?:&[a-z]+;|{inner[:-1]}&])" if piece[1] == "^" else inner
    return piece


def _compared(location: Location, other: Location, how: OtherField) -> str:
    column, against = _column(location), _column(other)
    guard = f"ispresent({column}) and ispresent({against})"
    match (how.starts, how.ends):
        case (False, False):
            return f"{guard} and tolower({column}) = tolower({against})"
        case (True, True):
            function = "strcontains"
        case (True, False):
            function = "startsWith"
        case _:
            function = "endsWith"
    return f"{guard} and {function}(tolower({column}), tolower({against})) = 1"
