"""Placeholders in names and ARNs that are written once and hold for every account and region."""

import re
from collections.abc import Mapping

from catalog.errors import did_you_mean

#: A stack as good as any, to see whether a template makes a valid name.
SAMPLE: Mapping[str, str] = {
    "name": "windows-security",
    "account": "production",
    "account_id": "111111111111",
    "region": "eu-central-1",
    "partition": "aws",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its ``{account}``, ``{account_id}``, ``{region}``, ... filled in.

    Raises:
        ValueError: It names a placeholder that there is not, or has a brace of no placeholder.
    """
    text = _PLACEHOLDER.sub(lambda match: _value(match[1], values), template)
    if "{" in text or "}" in text:
        raise ValueError(f"{template!r} has a brace that belongs to no placeholder")
    return text


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        known = ", ".join(f"{{{known}}}" for known in values)
        raise ValueError(f"no such placeholder {{{name}}}{did_you_mean(name, values)}; there are {known}")
    return values[name]
