"""What Windows writes where rules use words: integrity levels are SIDs in 4688."""

from catalog.sigma.expression import Matcher, Value

#: Microsoft's well-known SIDs of integrity levels.
_INTEGRITY_LEVELS = {
    "untrusted": "S-1-16-0",
    "low": "S-1-16-4096",
    "medium": "S-1-16-8192",
    "medium plus": "S-1-16-8448",
    "high": "S-1-16-12288",
    "system": "S-1-16-16384",
}


def integrity_label(matcher: Matcher) -> Matcher:
    """Return a comparison with an integrity level as one with the SID that ``MandatoryLabel`` has."""
    if isinstance(matcher, Value) and len(matcher.parts) == 1:
        name = str(matcher.parts[0]).lower()
        return Value((_INTEGRITY_LEVELS.get(name, str(matcher.parts[0])),), matcher.is_cased)
    return matcher
