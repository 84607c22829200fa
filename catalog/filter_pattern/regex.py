"""The regular expressions of CloudWatch Logs' filter patterns, a small dialect, as Python writes them.

The facts come from "Supported regular expressions (regex) syntax" in the CloudWatch Logs user guide.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from catalog.errors import FilterPatternError

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_#=@/;,- ")
_ESCAPABLE = frozenset(r":_#=@/;,-^$?[]{}|\*+.")
_PLAIN_IN_CLASS = _PLAIN | frozenset("^$?{}|*+.")
_SHORTHANDS = frozenset("dDsSwW")
_HEX = re.compile(r"x([0-7][0-9A-Fa-f])")
_REPEAT = re.compile(r"[?*+]|\{(?:([0-9]{1,3})(?:,([0-9]{1,3})?)?|,[0-9]{1,3})\}")


@lru_cache(maxsize=256)
def compiled(regex: str) -> re.Pattern[str]:
    r"""Return the Python form of a valid regular expression.

    As the user guide has it, ``^`` and ``$`` are the ends of the whole message, not of a line, and
    ``\d``, ``\s`` and ``\w`` know ASCII only. It does not say whether ``.`` is a line break; here it is
    not, as in most engines by default, so that what matches here matches there. ``[\s\S]`` is sure.
    """
    return re.compile(translated(regex, 0, len(regex)), re.ASCII)


def translated(text: str, start: int, end: int) -> str:
    """Return the regular expression ``text[start:end]`` of a filter pattern as Python writes it.

    Each character becomes its hexadecimal escape, so that nothing is special to Python but what is meant
    here. The language has no groups, hence neither look-around nor back-references.

    Raises:
        FilterPatternError: CloudWatch Logs would reject it.
    """
    python: list[str] = []
    before = _Token.BAR
    for token, piece, at in _tokens(text, start, end):
        if token is _Token.REPEAT and before is not _Token.ONE:
            raise FilterPatternError(
                text,
                at,
                f"{piece} has nothing to repeat",
                rf"put one such operator after a character or class, or write \{piece[0]} for the character",
            )
        if token is before is _Token.BAR:
            raise _empty_regex(text, at)
        python.append(piece)
        before = token
    if before is _Token.BAR:
        raise _empty_regex(text, end)
    return "".join(python)


class _Token(Enum):
    """What a piece of a regular expression is, as far as its neighbours mind."""

    ONE = "stands for one character, so it can be repeated"
    REPEAT = "repeats what is before it"
    ANCHOR = "stands for a place"
    BAR = "begins an alternative"


_SIMPLE_TOKENS = {
    ".": (_Token.ONE, "."),
    "^": (_Token.ANCHOR, r"\A"),
    "$": (_Token.ANCHOR, r"\Z"),
    "|": (_Token.BAR, "|"),
}


def _tokens(text: str, at: int, end: int) -> Iterator[tuple[_Token, str, int]]:
    """Yield each token of a regular expression, as Python writes it, and its position."""
    while at < end:
        start, char = at, text[at]
        if char in _SIMPLE_TOKENS:
            token, piece = _SIMPLE_TOKENS[char]
            at += 1
        elif char in "?*+{":
            token, piece = _Token.REPEAT, _repeat(text, at, end)
            at += len(piece)
        elif char == "[":
            token = _Token.ONE
            piece, at = _character_class(text, at, end)
        else:
            token = _Token.ONE
            piece, at = _character(text, at, end, _PLAIN)
        yield token, piece, start


def _repeat(text: str, at: int, end: int) -> str:
    found = _REPEAT.match(text, at, end)
    if found is None:
        raise FilterPatternError(
            text,
            at,
            "this is no number of repetitions",
            r"write {m}, {m,n}, {m,} or {,n} with numbers up to 999, or \{ for the character",
        )
    least, most = found.groups()
    if most and int(least) > int(most):
        raise FilterPatternError(
            text, at, f"{found[0]} asks for more at least than at most", "put the smaller number first"
        )
    return found[0]


def _character_class(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the class that begins with the ``[`` at ``start``, as Python writes it, and where it ends."""
    at = start + 1
    if text[at:end].startswith("^"):
        at += 1
    python = [text[start:at]]
    first, closing = at, ("]", "")
    while text[at:end][:1] != "]":
        if at == end:
            raise FilterPatternError(text, start, "the character class is never closed", "end it with ]")
        if text[at] == "-" and at != first and text[at + 1 : end][:1] not in closing:
            raise FilterPatternError(
                text, at, "- is neither within a range nor at an end of the class", r"write \- for a hyphen"
            )
        low, after = _character(text, at, end, _PLAIN_IN_CLASS)
        if text[at] != "-" and text[after:end][:1] == "-" and text[after + 1 : end][:1] not in closing:
            high, after = _character(text, after + 1, end, _PLAIN_IN_CLASS)
            if not low.startswith(r"\x") or not high.startswith(r"\x") or low > high:
                raise FilterPatternError(
                    text,
                    at,
                    f"{text[at:after]} is no range from a character to a later one in ASCII",
                    r"write the smaller one first, and \- for a hyphen",
                )
            low = f"{low}-{high}"
        python.append(low)
        at = after
    if at == first:
        raise FilterPatternError(
            text,
            start,
            "the character class is empty",
            r"write its characters, and \] for a bracket among them",
        )
    return "".join([*python, "]"]), at + 1


def _character(text: str, at: int, end: int, plain: frozenset[str]) -> tuple[str, int]:
    r"""Return the character or shorthand at a position, as Python writes it, and where it ends."""
    char = text[at]
    if char in plain:
        return rf"\x{ord(char):02x}", at + 1
    if char == "\\":
        escaped = text[at + 1 : end]
        if escaped[:1] in _SHORTHANDS:
            return text[at : at + 2], at + 2
        if escaped[:1] in _ESCAPABLE:
            return rf"\x{ord(escaped[0]):02x}", at + 2
        if code := _HEX.match(escaped):
            return rf"\x{code[1].lower()}", at + 4
        problem = "this backslash begins no escape that CloudWatch Logs knows"
        remedy = (
            r"write \d \D \s \S \w \W, \xhh for the ASCII character with code hh, or \ before an operator"
        )
    elif char in _ESCAPABLE:
        problem, remedy = (
            f"{char} is an operator that means nothing here",
            rf"write \{char} for the character",
        )
    elif char in "()":
        problem = "regular expressions of CloudWatch Logs have no groups"
        remedy = rf"write the alternatives out, or \x{ord(char):02X} for the character"
    elif char.isascii():
        problem = f"{char} cannot stand in a regular expression"
        remedy = rf"write \x{ord(char):02X}"
    else:
        problem = f"{char} is no ASCII character, and regular expressions take no other"
        remedy = 'use terms in double quotes, or "." for it'
    raise FilterPatternError(text, at, problem, remedy)


def _empty_regex(text: str, at: int) -> FilterPatternError:
    return FilterPatternError(
        text,
        at,
        "the regular expression, or one side of |, is empty and would match every message",
        'write what it should find; "" alone matches every message',
    )
