"""Text of conditions that looks like what Windows writes, and is not the same."""

import unicodedata
from collections.abc import Iterable, Iterator

from catalog.filter_pattern import parse
from catalog.model.security_event import SecurityEvent


def notices(events: Iterable[SecurityEvent]) -> Iterator[str]:
    """Yield a notice of each text in decomposed Unicode (NFD), as macOS writes names of files."""
    for event in events:
        # Parsing every pattern of a hundred accounts would take seconds.
        foreign = (pattern for pattern in event.patterns if not pattern.isascii())
        parsed = map(parse, foreign)
        for term in dict.fromkeys(term for each in parsed for term in (*each.required, *each.excluded)):
            composed = unicodedata.normalize("NFC", term)
            if term != composed:
                yield (
                    f"{event.key} looks for {term!a}, which is decomposed Unicode (NFD, as macOS writes "
                    f"it) and matches no record with the usual composed form (NFC), {composed!a}: "
                    f"write {composed}"
                )
