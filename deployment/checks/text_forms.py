"""Text of conditions that looks like what Windows writes, and is not the same."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from catalog.derived.correlation_query import correlation_query
from catalog.derived.event_query import clause_of
from catalog.filter_pattern import parse
from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent

#: A text or a regular expression in a Logs Insights query.
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|/((?:[^/\\]|\\.)*)/')


def notices(events: Iterable[SecurityEvent], correlations: Iterable[Correlation] = ()) -> Iterator[str]:
    """Yield a notice of each text in decomposed Unicode (NFD), as macOS writes names of files."""
    for event in events:
        yield from _notices(event.key, _terms(event))
    for correlation in correlations:
        yield from _notices(correlation.key, _quoted(correlation_query(correlation).query))


def _notices(key: str, terms: Iterable[str]) -> Iterator[str]:
    for term in dict.fromkeys(terms):
        composed = unicodedata.normalize("NFC", term)
        if term != composed:
            yield (
                f"{key} looks for {term!a}, which is decomposed Unicode (NFD, as macOS writes it) and "
                f"matches no record with the usual composed form (NFC), {composed!a}: write {composed}"
            )


def _terms(event: SecurityEvent) -> Iterator[str]:
    """Yield the texts that an event looks for, those of its query where no pattern says it exactly."""
    if not event.patterns:
        yield from _quoted(clause_of(event))
    # Parsing every pattern of a hundred accounts would take seconds.
    for pattern in event.patterns:
        if not pattern.isascii():
            parsed = parse(pattern)
            yield from (*parsed.required, *parsed.excluded)


def _quoted(query: str) -> Iterator[str]:
    if not query.isascii():
        yield from (text or expression for text, expression in _QUOTED.findall(query))
