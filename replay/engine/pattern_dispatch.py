"""From a record to the filters that count it, without trying every filter on every record."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from catalog import SecurityEvent
from catalog.filter_pattern import parse
from replay.readers.record import Record

_ID_END = "</EventID>"
_ID = re.compile(r">([0-9]{1,5})</EventID>")


class PatternDispatch:
    """The metric filters of some events, found by channel and event id.

    A filter belongs to its channel's log group, and its pattern asks for the text ``>ID</EventID>``: a filter
    for another channel, or for an id that is nowhere in the message in this form, cannot match. That leaves
    one to a few patterns for a record, and these are the very patterns that are deployed.
    """

    def __init__(self, events: Iterable[SecurityEvent]) -> None:
        self._filters: dict[tuple[str, int], list[tuple[str, Callable[[str], bool]]]] = defaultdict(list)
        for event in events:
            for pattern in event.patterns:
                for event_id in event.event_ids:
                    self._filters[event.channel, event_id].append((event.key, parse(pattern).matches))

    def matching(self, record: Record) -> list[str]:
        """Return the keys of the events whose filters count the record, once for each such filter."""
        message = record.message
        ids: Iterable[int] = (record.event_id,)
        if message.count(_ID_END) > 1:  # an event's data can hold such a tag, and a filter does not know
            ids = {int(number) for number in _ID.findall(message)}
        return [
            key
            for event_id in ids
            for key, matches in self._filters.get((record.channel, event_id), ())
            if matches(message)
        ]
