"""The functions of the language, by their names in lower case, with the numbers of arguments they take."""

import ipaddress
import math
from collections.abc import Callable, Sequence

from local_aws.insights.errors import InsightsError, UndefinedBehaviorError
from local_aws.insights.values import Value, is_true, number, present, regex, text

#: The most conditions of one ``case`` (user guide, general functions).
CASE_BRANCHES = 10


def _needs_number(value: Value) -> float:
    found = number(value)
    if found is None:
        raise UndefinedBehaviorError(f"{value!r} is used as a number")
    return found


def _needs_text(value: Value) -> str:
    return text(present(value, "the text"))


def _address(value: Value) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text(value))
    except ValueError:
        return None


def _in_subnet(value: Value, subnet: Value, *versions: int) -> bool:
    address = _address(value)
    try:
        network = ipaddress.ip_network(text(subnet), strict=False)
    except ValueError:
        raise InsightsError(f"{subnet!r} is no subnet") from None
    return address is not None and address.version in versions and address in network


def _substring(value: Value, start: Value, length: Value = None) -> str:
    begin = int(_needs_number(start))
    rest = _needs_text(value)[begin:]
    return rest if length is None else rest[: int(_needs_number(length))]


def _bin(period: Value, time: Value) -> float:
    size = _needs_number(period)
    return math.floor(_needs_number(time) / size) * size


FUNCTIONS: dict[str, tuple[Callable[..., Value], range]] = {
    "abs": (lambda a: abs(_needs_number(a)), range(1, 2)),
    "ceil": (lambda a: float(math.ceil(_needs_number(a))), range(1, 2)),
    "floor": (lambda a: float(math.floor(_needs_number(a))), range(1, 2)),
    "greatest": (lambda *a: max(map(_needs_number, a)), range(1, 100)),
    "least": (lambda *a: min(map(_needs_number, a)), range(1, 100)),
    "ispresent": (lambda a: a is not None, range(1, 2)),
    "isempty": (lambda a: a is None or text(a) == "", range(1, 2)),
    "isblank": (lambda a: a is None or not text(a).strip(), range(1, 2)),
    "concat": (lambda *a: "".join(map(text, a)), range(1, 100)),
    "strlen": (lambda a: float(len(_needs_text(a))), range(1, 2)),
    "tolower": (lambda a: _needs_text(a).lower(), range(1, 2)),
    "toupper": (lambda a: _needs_text(a).upper(), range(1, 2)),
    "trim": (lambda a: _needs_text(a).strip(), range(1, 2)),
    "ltrim": (lambda a: _needs_text(a).lstrip(), range(1, 2)),
    "rtrim": (lambda a: _needs_text(a).rstrip(), range(1, 2)),
    "substr": (_substring, range(2, 4)),
    "replace": (lambda a, b, c: _needs_text(a).replace(_needs_text(b), _needs_text(c)), range(3, 4)),
    "strcontains": (lambda a, b: float(_needs_text(b) in _needs_text(a)), range(2, 3)),
    "startswith": (lambda a, b: float(_needs_text(a).startswith(_needs_text(b))), range(2, 3)),
    "endswith": (lambda a, b: float(_needs_text(a).endswith(_needs_text(b))), range(2, 3)),
    "isvalidip": (lambda a: _address(a) is not None, range(1, 2)),
    "isipinsubnet": (lambda a, b: _in_subnet(a, b, 4, 6), range(2, 3)),
    "isipv4insubnet": (lambda a, b: _in_subnet(a, b, 4), range(2, 3)),
    "isipv6insubnet": (lambda a, b: _in_subnet(a, b, 6), range(2, 3)),
    "regex_replace": (
        lambda a, b, c: regex(f"/{_needs_text(b)}/").sub(_needs_text(c), _needs_text(a)),
        range(3, 4),
    ),
    "tomillis": (lambda a: _needs_number(a), range(1, 2)),
    "bin": (_bin, range(2, 3)),
    "datefloor": (lambda a, b: _bin(b, a), range(2, 3)),
}


def choose(arguments: Sequence[Callable[[], Value]]) -> Value:
    """Evaluate ``case(condition, value, ..., default)``, or ``if``, which is one of them."""
    if len(arguments) % 2 == 0 or len(arguments) < 3:
        raise InsightsError("case takes conditions with a value each, and a default")
    if len(arguments) // 2 > CASE_BRANCHES:
        raise InsightsError(f"case takes at most {CASE_BRANCHES} conditions, not {len(arguments) // 2}")
    for condition, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
        if is_true(condition()):
            return value()
    return arguments[-1]()


def coalesce(arguments: Sequence[Callable[[], Value]]) -> Value:
    """Return the first argument that is there."""
    return next((value for value in (argument() for argument in arguments) if value is not None), None)


#: Functions whose arguments are evaluated only where they count.
LAZY: dict[str, Callable[[Sequence[Callable[[], Value]]], Value]] = {
    "case": choose,
    "if": choose,
    "coalesce": coalesce,
}


def _numbers(values: Sequence[Value]) -> list[float]:
    return [found for value in values if (found := number(value)) is not None]


def _extreme(values: Sequence[Value], pick: Callable[..., Value]) -> Value:
    found = [value for value in values if value is not None]
    if not found:
        return None
    numbers = _numbers(found)
    return pick(numbers) if len(numbers) == len(found) else pick(map(text, found))


#: Aggregations over the values of one expression in a group, None where a record has none.
AGGREGATIONS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "count": lambda values: float(sum(value is not None for value in values)),
    "count_distinct": lambda values: float(len({text(value) for value in values if value is not None})),
    "sum": lambda values: sum(_numbers(values)),
    "avg": lambda values: sum(found) / len(found) if (found := _numbers(values)) else None,
    "min": lambda values: _extreme(values, min),
    "max": lambda values: _extreme(values, max),
    "earliest": lambda values: next((value for value in values if value is not None), None),
    "latest": lambda values: next((value for value in reversed(values) if value is not None), None),
}
