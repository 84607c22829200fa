"""The values of JSON text, one after the other: a document, several, or one a line, in bounded memory.

A value that is small is decoded whole. A larger array or object is entered, so that its elements come one by
one. Damage costs the value that holds it: reading goes on at the next value, and no longer trusts brackets.
"""

import json
import re
from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from replay.readers.input_problem import InputProblem, Report
from replay.readers.record import LONGEST_TEXT

#: The most characters of an array or object that is decoded whole.
_LONGEST_WHOLE = 1_048_576
#: The most arrays and objects within each other that are entered.
_DEPTH = 8
#: The most members that are kept of an object that is entered.
_MEMBERS = 50
#: The most digits of an integer that is read as one; Python refuses to read thousands.
_DIGITS = 20

_SEPARATORS = re.compile(r"[\s,\0\ufeff\x1e]*")
_KEY = re.compile(r'("(?:[^"\\]|\\.)*+")\s*:\s*', re.DOTALL)
#: Where a value can begin after damage: nothing within a JSON string looks so, its quotes being escaped.
_NEXT_VALUE = re.compile(r'(?:\n\s*)?(\{\s*"|\[\s*[\[{"0-9]|"<Event |(?<=\n)")')
_NEXT_VALUE_AT_MOST = 64
#: What a nesting too deep to be read is skipped to.
_END_OF_NESTING = re.compile(r"[\]}\n]|\Z")
_ENDS = {"[": "]", "{": "}"}


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _DIGITS else f"{digits[:_DIGITS]}..."


_DECODER = json.JSONDecoder(parse_int=_integer)


class JsonValue(NamedTuple):
    """A value, and where it begins.

    Args:
        line: The number of its first line.
        value: The value; of an object that was entered, the members that were not yielded.
    """

    line: int
    value: Any


class _DamagedJsonError(ValueError):
    """No value can be decoded; ``ends`` says whether that is because the text ends."""

    def __init__(self, detail: str, ends: bool = False) -> None:
        super().__init__(detail)
        self.ends = ends


@dataclass
class _Entered:
    """An array or object too large, or too damaged, to be decoded whole."""

    end: str
    line: int
    yields: bool
    members: dict[str, Any] = field(default_factory=dict)


class _Text:
    """Text that comes in chunks, and the place in it that reading has reached."""

    def __init__(self, chunks: Iterable[str]) -> None:
        self._chunks = iter(chunks)
        self._line, self._counted = 1, 0
        self.buffer = ""
        self.at = 0

    @property
    def ahead(self) -> int:
        """The number of characters that are read and not yet used."""
        return len(self.buffer) - self.at

    @property
    def line(self) -> int:
        """The number of the line that reading has reached."""
        self._line += self.buffer.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def more(self) -> bool:
        """Read on until twice as much is ahead, so that trying again costs little; return whether it is."""
        self._line, self._counted = self.line, 0
        parts, size = [self.buffer[self.at :]], self.ahead
        wanted = max(1, 2 * size)
        while size < wanted and (chunk := next(self._chunks, None)) is not None:
            parts.append(chunk)
            size += len(chunk)
        self.buffer, self.at = "".join(parts), 0
        return len(parts) > 1

    def decode(self, offset: int = 0) -> Any:
        """Return the value that begins ``offset`` characters on, and go behind it.

        Raises:
            _DamagedJsonError: It is damaged, or too large.
        """
        while True:
            at = self.at + offset
            start = self.buffer[at : at + 1]
            try:
                value, end = _DECODER.raw_decode(self.buffer, at)
            except RecursionError:
                raise _DamagedJsonError("nested deeper than any event") from None
            except json.JSONDecodeError as error:
                if not _ends_within(error, self.buffer):
                    raise _DamagedJsonError(self.buffer[at : at + 60]) from error
                if self.ahead > (_LONGEST_WHOLE if start in _ENDS else LONGEST_TEXT):
                    raise _DamagedJsonError(f"too large: {self.buffer[at : at + 60]}") from error
                if not self.more():
                    raise _DamagedJsonError(self.buffer[at : at + 60], ends=True) from error
            else:
                if end < len(self.buffer) or start in '"[{' or not self.more():  # A number may go on.
                    self.at = end
                    return value


def json_values(chunks: Iterable[str], report: Report, containers: Collection[str]) -> Iterator[JsonValue]:
    """Yield the values of JSON text.

    Args:
        chunks: The text.
        report: Takes note of damage.
        containers: The keys whose values are yielded where an object is entered.
    """
    text = _Text(chunks)
    if (yield from _nested(text, report, containers)):
        yield from _after_damage(text, report)


def _nested(text: _Text, report: Report, containers: Collection[str]) -> Generator[JsonValue, None, bool]:
    """Yield the values as long as brackets can be trusted; return whether there was damage."""
    entered: list[_Entered] = []
    while True:
        text.at = _SEPARATORS.match(text.buffer, text.at).end()  # type: ignore[union-attr]  # or nothing
        if not text.ahead:
            if text.more():
                continue
            if entered:
                report(InputProblem.DAMAGED_FILE, f"line {text.line}: the JSON breaks off")
            return False
        start, line = text.buffer[text.at], text.line
        inner = entered[-1] if entered else None
        if inner and inner.end == start:
            text.at += 1
            entered.pop()
            if inner.yields and start == "}":
                yield JsonValue(inner.line, inner.members)
            continue
        key, offset = "", 0
        if inner and inner.end == "}":
            while not (found := _KEY.match(text.buffer, text.at)) and text.ahead < LONGEST_TEXT:
                if not text.more():
                    break
            if not found:
                _report_damage(report, inner.line, _DamagedJsonError(text.buffer[text.at : text.at + 60]))
                return True
            key, offset = json.loads(found[1], strict=False), found.end() - text.at
        start = text.buffer[text.at + offset : text.at + offset + 1]
        yields = inner is None or (inner.yields and (not key or key in containers))
        try:
            value = text.decode(offset)
        except _DamagedJsonError as error:
            if start not in _ENDS or len(entered) == _DEPTH:
                _report_damage(report, line, error)
                text.at += offset + 1
                return True
            if inner and key in containers:
                inner.members[key] = None
            entered.append(_Entered(_ENDS[start], line, yields))
            text.at += offset + 1
            continue
        if inner and inner.end == "}":
            if len(inner.members) < _MEMBERS:
                is_known = key in containers or not isinstance(value, list | dict)
                inner.members[key] = value if is_known else None
        elif yields:
            yield JsonValue(line, value)


def _after_damage(text: _Text, report: Report) -> Iterator[JsonValue]:
    """Yield the values that can be decoded, wherever they begin."""
    while True:
        found = _NEXT_VALUE.search(text.buffer, text.at)
        if not found:
            text.at = max(text.at, len(text.buffer) - _NEXT_VALUE_AT_MOST)
            if not text.more():
                return
            continue
        text.at = found.start(1)
        line = text.line
        try:
            value = text.decode()
        except _DamagedJsonError as error:
            if not error.ends:
                _report_damage(report, line, error)
            text.at += 1
            if isinstance(error.__context__, RecursionError):
                text.at = _END_OF_NESTING.search(text.buffer, text.at).start()  # type: ignore[union-attr]
        else:
            yield JsonValue(line, value)


def _report_damage(report: Report, line: int, error: _DamagedJsonError) -> None:
    if error.ends:
        report(InputProblem.DAMAGED_FILE, f"line {line}: the JSON breaks off: {error}")
    else:
        report(InputProblem.DAMAGED_RECORD, f"line {line}: not JSON: {error}")


def _ends_within(error: json.JSONDecodeError, buffer: str) -> bool:
    """Return whether the text ends within the value: more of it may make it whole."""
    # A cut literal, number or escape is noticed a few characters before the end.
    return error.pos >= len(buffer) - 16 or error.msg.startswith("Unterminated string")
