"""Whether the values of a condition are ones that a record can have, spelt as Windows spells them."""

import re
from collections.abc import Iterator

from catalog.model.condition import Condition, Operator
from catalog.model.provider import Provider
from catalog.model.security_event import SecurityEvent
from catalog.model.spelling import provider_spelling, windows_spelling

#: Fields that hold a name, a SID or an address, none of which has a wildcard in it.
_NAMES = re.compile(r"(UserName|DomainName|ComputerName|ProcessName|Workstation(Name)?|Sid|Address)$")
#: Fields whose text may well begin or end with an asterisk.
_FREE_TEXT = frozenset(("CommandLine", "ImagePath", "ScriptBlockText", "ServiceFileName", "TargetName"))
#: Fields that hold an account's name without its domain.
_USER_ALONE = re.compile(r"\w+UserName$")
_DOMAIN_AND_USER = re.compile(r"[^\\]+\\([^\\]+)")
_BEGINNINGS = (Operator.STARTS_WITH, Operator.NOT_STARTS_WITH)
_IPV4_BEGINNING = re.compile(r"([0-9]{1,3}\.){1,3}")
_NETWORK = re.compile(r"[0-9a-f.:]+/[0-9]{1,3}", re.IGNORECASE)


def value_problems(event: SecurityEvent, condition: Condition) -> Iterator[str]:
    """Yield what is wrong with the values of a condition on an event, and what would be right."""
    for value in condition.values:
        if problem := (
            _pattern_problem(condition.field, value) or _spelling_problem(event, condition, value)
        ):
            yield problem


def is_address_field(field: str) -> bool:
    """Return whether a data field holds an address of a computer, by its name."""
    return field.endswith("Address")


def other_provider_spelling(provider: Provider) -> str | None:
    """Return how Windows spells a provider's name, None where that is as it is given or not known."""
    spelt = provider_spelling(provider.name)
    return None if spelt == provider.name else spelt


def _pattern_problem(field: str, value: str) -> str | None:
    """Return why a value is one that no record has, because it stands for several."""
    if is_address_field(field) and _NETWORK.fullmatch(value):
        return (
            f"{value} is a network, and {field} is compared as text: write {{cidr: {value}}} in an exclude, "
            "elsewhere the beginning of its addresses as starts_with"
        )
    if _USER_ALONE.search(field) and (found := _DOMAIN_AND_USER.fullmatch(value)):
        return f"{value}: {field} holds the user alone, without a domain: write {found[1]}"
    if _NAMES.search(field):
        looks_like_pattern = "*" in value or "?" in value
    else:
        at_an_end = len(value) > 1 and (value[0] == "*" or value[-1] == "*")
        looks_like_pattern = at_an_end and field not in _FREE_TEXT
    if not looks_like_pattern:
        return None
    return f"{value} looks like a pattern, and is compared as it stands: write {_operator(value)}"


def _operator(pattern: str) -> str:
    """Return the operator that says what a pattern means, or the nearest, as a deployment file has it."""
    text = re.sub(r"\.?[*?]+", "*", pattern.removeprefix("^"))
    if ".*" in pattern:
        text = text.removesuffix("$")
    start, *middle, end = text.split("*")
    if not middle and not (start and end):
        return f'{{starts_with: "{start}"}}' if start else f'{{ends_with: "{end}"}}'
    return f'{{contains: "{max((start, *middle, end), key=len)}"}}'


def _spelling_problem(event: SecurityEvent, condition: Condition, value: str) -> str | None:
    identity = (event.provider.name, event.event_id, condition.field)
    part = condition.operator not in (Operator.EQUALS, Operator.NOT_EQUALS)
    spelt = windows_spelling(*identity, value, part=part)
    if spelt is None and condition.operator in _BEGINNINGS and _IPV4_BEGINNING.fullmatch(value):
        whole = windows_spelling(*identity, "10.0.0.1") or "10.0.0.1"
        spelt = whole.replace("10.0.0.1", value)
    # Beside the spelling of today, that of an older version may stand.
    if spelt is None or spelt in condition.values:
        return None
    return f'no record has "{value}" in {condition.field}: Windows writes "{spelt}"'
