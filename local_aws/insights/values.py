"""The values of a query: text, numbers, truth values, and None for a field that a record does not have."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from local_aws.insights.errors import InsightsError, UndefinedBehaviorError

Value = str | float | bool | None

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PERIODS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What Java's and Python's engines know and RE2 does not: a query that needs it would fail.
_NOT_IN_RE2 = re.compile(r"(?<!\\)(?:\\\\)*(?P<found>\(\?(?:[=!]|<[=!]|>)|\\[1-9]|\\k<|[*+?}]\+)")


def number(value: Value) -> float | None:
    """Return a value as a number; None where it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    return float(value)


def text(value: Value) -> str:
    """Return a value as Logs Insights prints it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return value
    return str(int(value)) if value == int(value) else repr(value)


def is_true(value: Value) -> bool:
    """Return whether a condition holds: truth values, and the 1 and 0 of functions."""
    if isinstance(value, str) or value is None:
        raise UndefinedBehaviorError(f"{value!r} is used as a condition")
    return bool(value)


def present(value: Value, where: str) -> Value:
    """Return a value that must be there.

    Raises:
        UndefinedBehaviorError: The record has no such field.
    """
    if value is None:
        raise UndefinedBehaviorError(f"{where} of a field that the record lacks: guard it with ispresent")
    return value


def compare(sign: str, left: Value, right: Value) -> bool:
    """Compare two values: as numbers where both are, else as text, case-sensitive."""
    if sign == "=" and (left is None or right is None):
        return False
    left, right = present(left, sign), present(right, sign)
    numbers = number(left), number(right)
    if None not in numbers and not (isinstance(left, str) and isinstance(right, str)):
        return _COMPARISONS[sign](*numbers)
    return _COMPARISONS[sign](text(left), text(right))


_COMPARISONS: dict[str, Callable[..., bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def period(written: str) -> float:
    """Return a period such as ``5m`` in milliseconds."""
    amount, unit = re.fullmatch(r"(\d+)([a-z]+)", written).groups()  # type: ignore[union-attr]
    return float(int(amount) * _PERIODS[unit])


def regex(literal: str) -> re.Pattern[str]:
    """Return a regular expression between slashes; named groups as ``(?<name>...)``.

    Raises:
        InsightsError: It is no regular expression of RE2.
    """
    expression = literal[1:-1].replace(r"\/", "/")
    if found := _NOT_IN_RE2.search(expression):
        raise InsightsError(f"{found['found']} in {literal} is not in RE2")
    # (?i) counts from where it stands; RE2 and Python agree at the start, and in (?i:...).
    try:
        return re.compile(re.sub(r"\(\?P?<(?=[A-Za-z_])", "(?P<", expression))
    except re.error as error:
        raise InsightsError(f"{literal}: {error}") from None


def unquoted(literal: str) -> str:
    """Return the text of a string literal."""
    return re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL)


def shown_time(milliseconds: float) -> str:
    """Return a time as Logs Insights prints it: ``2026-11-28 03:20:00.123``, in UTC."""
    time = _EPOCH + timedelta(milliseconds=milliseconds)
    return time.strftime("%Y-%m-%d %H:%M:%S.") + f"{time.microsecond // 1000:03}"
