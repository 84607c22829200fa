"""Text of conditions that looks like what Windows writes, and is not the same."""

import unicodedata
from collections.abc import Iterable, Iterator

from catalog.filter_pattern import parse
from catalog.model.security_event import SecurityEvent


def notices(events: Iterable[SecurityEvent]) -> Iterator[str]:
    """Yield a notice of each text in decomposed Unicode (NFD), as macOS writes names of files."""
    for event in events:
        terms = (term for pattern in event.patterns for term in parse(pattern).required)
        for term in dict.fromkeys(terms):
            composed = unicodedata.normalize("NFC", term)
            if term != composed:
                yield (
                    f"{event.key} looks for {term!a}, which is decomposed Unicode (NFD, as macOS writes "
                    f"it) and matches no record with the usual composed form (NFC), {composed!a}: "
                    f"write {composed}"
                )
