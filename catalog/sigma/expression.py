"""What a rule asks of a record: tests of fields, joined by and, or and not."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypeAlias


class Wildcard(Enum):
    """What stands for other characters in a value."""

    ANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Value:
    """Text with wildcards, compared as a whole.

    Args:
        parts: Literal texts and wildcards, in their order; no two literals are neighbors.
        is_cased: Whether letter case counts, which in Sigma is the exception.
    """

    parts: tuple[str | Wildcard, ...]
    is_cased: bool = False

    @property
    def literals(self) -> tuple[str, ...]:
        """The literal texts."""
        return tuple(part for part in self.parts if isinstance(part, str))

    @property
    def is_anything(self) -> bool:
        """Whether any text matches, the empty one too."""
        return all(part is Wildcard.ANY for part in self.parts) and bool(self.parts)

    def regular_expression(self, literal: Callable[[str], str], any_text: str, one: str) -> str:
        """Return it as a regular expression, with these texts for a literal and for the wildcards."""
        kinds = {Wildcard.ANY: any_text, Wildcard.ONE: one}
        return "".join(literal(part) if isinstance(part, str) else kinds[part] for part in self.parts)

    def matches(self, text: str) -> bool:
        """Return whether a text matches."""
        return _compiled(self).fullmatch(text) is not None

    def is_found_in(self, text: str) -> bool:
        """Return whether it is found somewhere in a text, as a keyword is."""
        return Value((Wildcard.ANY, *self.parts, Wildcard.ANY), self.is_cased).matches(text)


# Rules share values, and each is compared with every record.
@cache
def _compiled(value: Value) -> re.Pattern[str]:
    flags = re.DOTALL if value.is_cased else re.DOTALL | re.IGNORECASE
    return re.compile(value.regular_expression(re.escape, ".*", "."), flags)


@dataclass(frozen=True, slots=True)
class RegularExpression:
    """A regular expression that is found somewhere in a value; letter case counts unless a flag says so."""

    expression: str
    flags: str = ""

    def matches(self, text: str) -> bool:
        """Return whether it is found in a text."""
        flags = re.RegexFlag(0)
        for flag in self.flags:
            flags |= {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}[flag]
        return re.search(self.expression, text, flags) is not None

    def is_found_in(self, text: str) -> bool:
        """Return whether it is found in a text, as a keyword is."""
        return self.matches(text)


@dataclass(frozen=True, slots=True)
class Number:
    """A comparison of numbers, by one of ``<``, ``<=``, ``>`` and ``>=``."""

    sign: str
    number: float

    def matches(self, text: str) -> bool:
        """Return whether a text is a number for which it holds."""
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            return False
        value = float(text)
        return {
            "<": value < self.number,
            "<=": value <= self.number,
            ">": value > self.number,
            ">=": value >= self.number,
        }[self.sign]


@dataclass(frozen=True, slots=True)
class Subnet:
    """An address of a subnet, in CIDR notation."""

    network: str

    def matches(self, text: str) -> bool:
        """Return whether a text is an address of the subnet."""
        try:
            return ipaddress.ip_address(text) in ipaddress.ip_network(self.network, strict=False)
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether the record has the field at all."""

    is_present: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """The field is absent or empty: Sigma's null."""


@dataclass(frozen=True, slots=True)
class OtherField:
    """The value of another field of the same record, from its start, from its end, or whole.

    Args:
        field: The other field.
        starts: Whether the value begins with the other's.
        ends: Whether it ends with the other's.
    """

    field: str
    starts: bool = False
    ends: bool = False

    def matches(self, text: str, other: str) -> bool:
        """Return whether two values are related so; letter case does not count."""
        text, other = text.lower(), other.lower()
        if self.starts and self.ends:
            return other in text
        if self.starts:
            return text.startswith(other)
        return text.endswith(other) if self.ends else text == other


Matcher: TypeAlias = Value | RegularExpression | Number | Subnet | Presence | Nothing | OtherField


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison.

    Args:
        field: The field as the rule names it; None for a keyword, which may stand in any value.
        matcher: What it is compared with.
    """

    __test__ = False  # no test of pytest's

    field: str | None
    matcher: Matcher


@dataclass(frozen=True, slots=True)
class Constant:
    """What holds for every record, or for none."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Expression


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A part holds."""

    parts: tuple[Expression, ...]


Expression: TypeAlias = Test | Constant | Not | All | AnyOf


def tests(expression: Expression) -> Iterator[Test]:
    """Yield every test of an expression."""
    match expression:
        case Test():
            yield expression
        case Not(part):
            yield from tests(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from tests(part)


def mapped(expression: Expression, change: Callable[[Test], Expression]) -> Expression:
    """Return an expression with each test changed, simplified where that makes parts constant."""
    match expression:
        case Test():
            return change(expression)
        case Not(part):
            inner = mapped(part, change)
            return Constant(not inner.holds) if isinstance(inner, Constant) else Not(inner)
        case All(parts):
            return _joined(tuple(mapped(part, change) for part in parts), All, decides=False)
        case AnyOf(parts):
            return _joined(tuple(mapped(part, change) for part in parts), AnyOf, decides=True)
        case _:
            return expression


def _joined(parts: tuple[Expression, ...], join: type[All] | type[AnyOf], *, decides: bool) -> Expression:
    if any(isinstance(part, Constant) and part.holds is decides for part in parts):
        return Constant(decides)
    rest = tuple(dict.fromkeys(part for part in parts if not isinstance(part, Constant)))
    if not rest:
        return Constant(not decides)
    return rest[0] if len(rest) == 1 else join(rest)


def alternatives(expression: Expression, most: int) -> tuple[tuple[tuple[Test, bool], ...], ...] | None:
    """Return an expression as alternatives of tests that all hold, or must not hold (False).

    Args:
        expression: The expression, without constants below the top.
        most: How many alternatives there may be; None is returned where there are more.
    """
    found = _alternatives(expression, True, most)
    return None if found is None else tuple(dict.fromkeys(tuple(dict.fromkeys(each)) for each in found))


def _alternatives(
    expression: Expression, wanted: bool, most: int
) -> list[tuple[tuple[Test, bool], ...]] | None:
    match expression:
        case Test():
            return [((expression, wanted),)]
        case Constant(holds):
            return [()] if holds is wanted else []
        case Not(part):
            return _alternatives(part, not wanted, most)
        case All(parts) | AnyOf(parts):
            each = [_alternatives(part, wanted, most) for part in parts]
            if isinstance(expression, AnyOf) is wanted:
                result = [alternative for found in each for alternative in found or ()]
                return None if None in each or len(result) > most else result
            result = [()]
            for found in each:
                if found is None or len(result) * len(found) > most:
                    return None
                result = [one + other for one in result for other in found]
            return result
