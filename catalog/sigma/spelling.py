"""What records hold where rules write something else that a reader of the event sees.

A rule that is compared as it stands would find nothing: ``Advapi`` where every record has ``Advapi  ``, the
name of an integrity level where 4688 has a SID, ``Admin$`` where 5140 has a path.
"""

from collections.abc import Sequence
from dataclasses import replace

from catalog.model.spelling import provider_spelling, windows_spelling
from catalog.sigma.expression import Matcher, Value
from catalog.sigma.log_sources import PROVIDER, Location, LogSource, Place, security_provider

#: Microsoft's well-known SIDs of integrity levels, which ``MandatoryLabel`` of 4688 has.
_INTEGRITY_LEVELS = {
    "untrusted": "S-1-16-0",
    "low": "S-1-16-4096",
    "medium": "S-1-16-8192",
    "medium plus": "S-1-16-8448",
    "high": "S-1-16-12288",
    "system": "S-1-16-16384",
}


def as_written(source: LogSource, location: Location, event_ids: Sequence[int], matcher: Matcher) -> Matcher:
    """Return what a test compares with as the records of a log source write it."""
    if not isinstance(matcher, Value) or matcher.is_cased:
        return matcher
    is_whole = len(matcher.parts) == 1
    return replace(
        matcher,
        parts=tuple(
            _written(source, location, event_ids, part, is_whole) if isinstance(part, str) else part
            for part in matcher.parts
        ),
    )


def _written(
    source: LogSource, location: Location, event_ids: Sequence[int], text: str, is_whole: bool
) -> str:
    if location == PROVIDER:
        return (provider_spelling(text) if is_whole else None) or text
    if location == Location(Place.EVENT_DATA, "MandatoryLabel"):
        return _INTEGRITY_LEVELS.get(text.lower(), text)
    known = {
        windows_spelling(
            source.provider or security_provider(event_id), event_id, location.name, text, part=not is_whole
        )
        for event_id in event_ids
    }
    # Letter case is ignored anyway, and what is spelt differently in two events cannot be said in one test.
    return text if len(known) != 1 else known.pop() or text
