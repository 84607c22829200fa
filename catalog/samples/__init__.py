"""Samples: for each event of the catalog, records that it must find and records that it must not.

The samples of a family are in the module of its name, as ``SAMPLES``, by the events' keys. Importing the
catalog does not load them: ``samples_of`` does.
"""

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from catalog.events import EVENTS
from catalog.model.condition import Operator, escape
from catalog.model.security_event import Family, SecurityEvent


@dataclass(frozen=True)
class Samples:
    """The samples of one event: the XML of records, as the agent ships it.

    Args:
        matching: Records that the event must find, one at least for each of its patterns, by a few words on
            what each is.
        not_matching: Near misses: records much like them that it must not find, by a few words as well.
    """

    matching: Mapping[str, str] = field(default_factory=dict)
    not_matching: Mapping[str, str] = field(default_factory=dict)

    @property
    def matches(self) -> tuple[str, ...]:
        """The records that the event must find."""
        return tuple(self.matching.values())

    @property
    def near_misses(self) -> tuple[str, ...]:
        """The records that it must not find."""
        return tuple(self.not_matching.values())


def samples_of(event: SecurityEvent) -> Samples:
    """Return the samples of an event; none where nobody wrote any.

    Where the event watches a path (``SecurityEvent.for_path``), the path replaces the example. An event that is
    not in the catalog brings its own.
    """
    if event.samples or event.near_misses:
        return Samples(_numbered(event.samples, "sample"), _numbered(event.near_misses, "near miss"))
    samples = family_samples(event.family)
    if event.key in samples:
        return samples[event.key]
    watching = next((e for e in EVENTS if e.watched_field and event.key[:-9] == e.key), None)
    return _for_path(samples[watching.key], watching, event) if watching else Samples()


def _numbered(records: tuple[str, ...], name: str) -> dict[str, str]:
    return {f"{name} {number}": record for number, record in enumerate(records, start=1)}


@cache
def family_samples(family: Family) -> Mapping[str, Samples]:
    """Return the samples of a family's events, by their keys."""
    name = f"{__name__}.{family.module}"
    if importlib.util.find_spec(name) is None:
        return {}
    samples: Mapping[str, Samples] = importlib.import_module(name).SAMPLES
    return samples


def _for_path(samples: Samples, watching: SecurityEvent, event: SecurityEvent) -> Samples:
    (example,) = next(c.values for c in watching.where if c.field == watching.watched_field)
    watched = next(c for c in event.where if c.field == watching.watched_field and not c.operator.excludes)
    below = watched.operator is Operator.STARTS_WITH
    path = watched.values[0] + ("example.txt" if below else "")

    def moved(records: Mapping[str, str]) -> dict[str, str]:
        return {words: text.replace(escape(example), escape(path)) for words, text in records.items()}

    # What is a near miss of one path may well be below a folder.
    missed = {words: text for words, text in samples.not_matching.items() if escape(example) not in text}
    return Samples(moved(samples.matching), missed if below else moved(samples.not_matching))
