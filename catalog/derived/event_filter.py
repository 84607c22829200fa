"""A choice of events: by id, severity, ATT&CK technique and words."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.errors import UnknownNameError
from catalog.model.security_event import SecurityEvent, Severity


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What chosen events have. What is empty admits every event.

    Args:
        event_ids: The event ids.
        severities: The severities.
        techniques: ATT&CK techniques; ``T1110`` admits its sub-techniques too.
        words: Each occurs in the key, a title, a runbook, the provider or a field, in any letter case.
    """

    event_ids: tuple[int, ...] = ()
    severities: tuple[Severity, ...] = ()
    techniques: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def chosen(self, events: Iterable[SecurityEvent]) -> tuple[SecurityEvent, ...]:
        """Return the events that have all of it, in their order.

        Raises:
            UnknownNameError: No event has one of the ids or techniques.
        """
        known = tuple(events)
        self._refuse_unknown(known)
        return tuple(event for event in known if self._admits(event))

    def _refuse_unknown(self, events: Iterable[SecurityEvent]) -> None:
        ids = {str(event_id) for event in events for event_id in event.event_ids}
        techniques = {technique for event in events for technique in event.attack}
        for wanted in map(str, self.event_ids):
            if wanted not in ids:
                raise UnknownNameError(wanted, "event id", ids)
        for wanted in self.techniques:
            if not any(_is_within(technique, wanted) for technique in techniques):
                raise UnknownNameError(wanted, "technique", techniques)

    def _admits(self, event: SecurityEvent) -> bool:
        if self.event_ids and set(self.event_ids).isdisjoint(event.event_ids):
            return False
        if self.severities and event.severity not in self.severities:
            return False
        if self.techniques and not any(
            _is_within(own, each) for own in event.attack for each in self.techniques
        ):
            return False
        text = _text(event)
        return all(word.casefold() in text for word in self.words)


def _is_within(technique: str, wanted: str) -> bool:
    return technique == wanted or technique.startswith(f"{wanted}.")


def _text(event: SecurityEvent) -> str:
    fields = (condition.field for condition in event.where)
    titles = (event.key, event.title, event.title_ja, event.runbook, event.runbook_ja)
    return "\n".join((*titles, event.provider.name, *fields)).casefold()
