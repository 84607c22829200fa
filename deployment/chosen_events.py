"""Which events an account watches, and how: the packs, the overrides and the watched paths put together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from catalog.alarm import AlarmDefaults
from catalog.errors import CatalogError
from catalog.events import EVENTS
from catalog.security_event import Pack, SecurityEvent
from deployment.cascade import Origin, is_written
from deployment.event_override import ALARM_FIELDS, EventOverride
from deployment.problem import Problem
from deployment.settings import Settings

_NOTHING = EventOverride()
_ALARM_FIELD = re.compile(rf"\b({'|'.join(ALARM_FIELDS)})\b")


@dataclass(frozen=True, slots=True)
class ChosenEvents:
    """The events that an account watches.

    Args:
        keys: The keys of the catalog's events that are chosen.
        events: The events to watch, in the catalog's order: one for each path where paths are watched.
        acting: The events whose alarm has actions of its own, each with the key of the override that says so.
        notices: What is not wrong but should be known.
        problems: What is wrong.
    """

    keys: frozenset[str]
    events: tuple[SecurityEvent, ...]
    acting: Mapping[str, str]
    notices: tuple[str, ...]
    problems: tuple[Problem, ...]


def choose(settings: Settings, origin: Origin) -> ChosenEvents:
    """Return the events that the settings of an account choose."""
    events: list[SecurityEvent] = []
    acting: dict[str, str] = {}
    notices: list[str] = []
    problems: list[Problem] = []
    enabled = _enabled(settings)
    for event in enabled:
        override = settings.events.get(event.key, _NOTHING)
        if found := list(_alarm_problems(event, override, origin)):
            problems += found
            override = _NOTHING
        watched = [_tuned(event, override)]
        if event.watched_field:
            watched = list(_for_paths(watched[0], settings, origin, problems))
            if _kind_watched(event) not in map(_kind, settings.watched_paths):
                notices.append(f"{event.key} is left out: watched_paths names no {_kind_watched(event)}")
        events += watched
        if override.actions and watched and watched[0].alarm:
            acting |= dict.fromkeys((each.key for each in watched), event.key)
    problems += _without_effect(settings, origin)
    return ChosenEvents(
        keys=frozenset(event.key for event in enabled),
        events=tuple(events),
        acting=acting,
        notices=tuple(notices),
        problems=tuple(problems),
    )


@lru_cache
def _of_packs(packs: tuple[Pack, ...]) -> frozenset[str]:
    return frozenset(event.key for event in EVENTS if not set(packs).isdisjoint(event.packs))


def _enabled(settings: Settings) -> list[SecurityEvent]:
    keys = set(_of_packs(settings.packs))
    for key, override in settings.events.items():
        if override.enabled is not None:
            (keys.add if override.enabled else keys.discard)(key)
    return [event for event in EVENTS if event.key in keys]


@lru_cache(maxsize=4096)
def _tuned(event: SecurityEvent, override: EventOverride) -> SecurityEvent:
    if override is _NOTHING:
        return event
    return replace(event, severity=override.severity or event.severity, alarm=_alarm(event, override))


def _alarm(event: SecurityEvent, override: EventOverride) -> AlarmDefaults | None:
    values = override.alarm_values
    if override.alarm is False or not (event.alarm or override.alarm or values):
        return None
    return replace(event.alarm or AlarmDefaults(), **values)


@lru_cache(maxsize=4096)
def _for_path(event: SecurityEvent, path: str) -> SecurityEvent:
    return event.for_path(path)


def _for_paths(
    event: SecurityEvent, settings: Settings, origin: Origin, problems: list[Problem]
) -> Iterator[SecurityEvent]:
    for index, path in enumerate(settings.watched_paths):
        try:
            if _kind(path) == _kind_watched(event):
                yield _for_path(event, path)
        except CatalogError as error:
            problems.append(Problem(origin.of("watched_paths", index), "; ".join(error.problems)))


def _kind(path: str) -> str:
    if path.startswith("\\\\*\\"):
        return "share"
    return "registry key" if path.upper().startswith("\\REGISTRY\\") else "file"


def _kind_watched(event: SecurityEvent) -> str:
    """Return the kind of the example path that an event of the catalog watches."""
    return _kind(next(c.values[0] for c in event.where if c.field == event.watched_field))


def _alarm_problems(event: SecurityEvent, override: EventOverride, origin: Origin) -> Iterator[Problem]:
    alarm = _alarm(event, override)
    for problem in alarm.problems() if alarm else ():
        # The sentence names the fields: the one to change is one that the deployment has set.
        named = [name for name in _ALARM_FIELD.findall(problem) if name in override.alarm_values]
        places = [origin.of("events", event.key, name) for name in named]
        yield Problem(min(places, key=lambda place: place[0] != "accounts"), problem)
    if alarm is None and override.actions:
        yield Problem(
            origin.of("events", event.key, "actions"),
            f"{event.key} has no alarm that could call them: add 'alarm: true'",
        )


def _without_effect(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Find what was written for an account and would not come to pass: a wish must not be lost silently."""
    of_packs = _of_packs(settings.packs)
    for key, override in settings.events.items():
        if override.enabled is None and key not in of_packs and is_written(origin.own, ("events", key)):
            packs = ", ".join(pack.value for pack in settings.packs) or "(none)"
            yield Problem(
                origin.of("events", key),
                f"is in none of the packs ({packs}): add 'enabled: true' to watch it",
            )
        if override.alarm is False:
            off = origin.of("events", key, "alarm")
            for name in override.alarm_values:
                place = origin.of("events", key, name)
                if place[0] == off[0] or place[0] == "accounts":
                    yield Problem(place, f"has no effect: 'alarm: false' makes {key} a signal")
    kinds = {_kind_watched(event) for event in _enabled(settings) if event.watched_field}
    for index, path in enumerate(settings.watched_paths):
        if (kind := _kind(path)) not in kinds:
            able = [event.key for event in EVENTS if event.watched_field and _kind_watched(event) == kind]
            yield Problem(
                origin.of("watched_paths", index),
                f"no event chosen watches a {kind}: add {' or '.join(able)} to events, with 'enabled: true'",
            )
