"""A located rule as the clause of a Logs Insights query: exact, whatever the letter case.

Text is compared by regular expressions over the whole record, each tied to the tags of its field, since a
condition on a field that a record lacks is not defined. What only a function can compare is read into a
column first, and guarded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.derived.alarm_query import column
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
#: What compares columns, and not the whole record.
_OF_COLUMNS = (RegularExpression, Number, Subnet, OtherField)
_ESCAPES = {"&": "(?:&amp;)", "<": "(?:&lt;)", ">": "(?:&gt;)"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition of a query, and what must be read before.

    Args:
        condition: The condition.
        reads: The commands that read fields into columns, each once.
    """

    condition: str
    reads: tuple[str, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands of a query that has this condition only."""
        return (*self.reads, f"filter {self.condition}")


def clause(expression: Expression) -> Clause:
    """Return the clause of a located rule.

    Raises:
        SigmaError: Logs Insights cannot say it exactly.
    """
    reads: dict[str, None] = {}
    for test in tests(expression):
        assert isinstance(test, LocatedTest), "the rule is located"
        for location in (test.location, test.other):
            if location and (_is_joined(location) or isinstance(test.matcher, _OF_COLUMNS)):
                reads.update(dict.fromkeys(_reads(location)))
    return Clause(_condition(expression, is_nested=False), tuple(reads))


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
        yield _found(location, _any_of(values), is_cased)


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
            return _found(location, _regular(value), value.is_cased)
        case RegularExpression() as expression if location is None:
            raise SigmaError(
                f"has the regular expression {expression.expression} as a keyword, without a field"
            )
        case Presence(is_present):
            place = _needed(location)
            found = _guard(place) if _is_joined(place) else _like(_start(place), True)
            return found if is_present else f"not ({found})"
        case Nothing():
            return f"not ({_found(location, '[^<]+', True)})"
        case RegularExpression() as expression:
            return f"{_guard(location)} and {_column(_needed(location))} like {_searched(expression)}"
        case Number(sign, number):
            return f"{_guard(location)} and {_column(_needed(location))} {sign} {number:g}"
        case Subnet(network):
            address = _column(_needed(location))
            return f'isValidIp(coalesce({address}, "-")) and isIpInSubnet({address}, {quote(network)})'
        case OtherField() as other:
            return _compared(_needed(location), _needed(test.other), other)
    raise TypeError(f"{test.matcher} is no matcher")


def _found(location: Location | None, value: str, is_cased: bool) -> str:
    """Return the condition that a field's value is what a regular expression finds as a whole."""
    if location is None or not _is_joined(location):
        return _like(_tagged(location, value), is_cased)
    start, end = (
        "" if found else mark
        for found, mark in ((value.startswith(_ANY_TEXT), "^"), (value.endswith(_ANY_TEXT), "$"))
    )
    piece = value.removeprefix(_ANY_TEXT).removesuffix(_ANY_TEXT)
    return f"{_guard(location)} and {_like(f'{start}{piece}{end}', is_cased, _column(location))}"


def _is_joined(location: Location) -> bool:
    """Return whether a value is in two fields of the record, and so must be compared as a column."""
    return location.place is Place.REGISTRY


def _like(expression: str, is_cased: bool, column: str = "@message") -> str:
    # A letter without another case needs no flag, and a shorter query costs less of what an alarm may hold.
    flag = "" if is_cased else "(?i)"
    return f"{column} like /{flag}{expression}/"


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
        case Place.REGISTRY:
            raise TypeError("a value of the registry is compared as a column")


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
    return column(location.name)


#: Where 4657 has the key, and the name of the value.
_KEY, _VALUE_NAME = (Location(Place.EVENT_DATA, name) for name in ("ObjectName", "ObjectValueName"))


def _reads(location: Location) -> tuple[str, ...]:
    """Return the commands that read a field into its column."""
    if location.place is Place.UNNAMED:
        raise SigmaError("compares unnamed data by more than text: which of them is meant is not known")
    if _is_joined(location):
        joined = f"concat({_column(_KEY)}, {quote(chr(92))}, {_column(_VALUE_NAME)})"
        return (*_reads(_KEY), *_reads(_VALUE_NAME), f"fields {joined} as {_column(location)}")
    # As the queries of log alarms read it: one column is read in one way.
    return (f"parse @message /{_start(location)}(?<{_column(location)}>[^<]*)</",)


def _guard(location: Location | None) -> str:
    place = _needed(location)
    return f"ispresent({_column(_VALUE_NAME if _is_joined(place) else place)})"


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
