"""Which events an account watches, and how: packs, own events, overrides and watched paths put together."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from catalog.checks.values import is_address_field, value_problems
from catalog.errors import CatalogError
from catalog.events import EVENTS
from catalog.model.alarm_rule import LONGEST_EVALUATION, LONGEST_EVALUATION_OF_HOURS, AlarmDefaults
from catalog.model.condition import Condition
from catalog.model.correlation import COMPUTER
from catalog.model.event_fields import field_problem
from catalog.model.security_event import Pack, SecurityEvent, Severity
from catalog.model.windows_path import PathKind, kind_of
from deployment.problem import KeyPath, Problem
from deployment.resolution.layers import Origin, is_written
from deployment.settings.deployment import Settings
from deployment.settings.event_override import ALARM_FIELDS, AlarmNumbers, EventOverride, Exclusion
from deployment.settings.log_alarms import AlarmEngine

#: Windows writes these while it starts, before the agent runs; and how late they may come, in minutes.
WRITTEN_AT_START = frozenset({4611, 4614, 4826, 5029, 5030, 5034, 5035, 6008})
LATE_AT_START = 15

_NOTHING = EventOverride()
_ALARM_FIELD = re.compile(rf"\b({'|'.join(ALARM_FIELDS)})\b")


@dataclass(frozen=True, slots=True)
class ChosenEvents:
    """The events that an account watches.

    Args:
        keys: The keys of the events that are chosen, as overrides name them.
        events: The events to watch, in the catalog's order and then the own ones: one for each path where
            paths are watched.
        custom_actions: The events whose alarm has actions of its own, each with the key of the override that
            gives them.
        log_engine: The keys of the events to watch that log alarms find.
        additional_alarms: The name of each additional alarm, the key of the override that asks for it, and
            the event with its alarm and severity.
        notices: What is not wrong but should be known.
        problems: What is wrong.
    """

    keys: frozenset[str]
    events: tuple[SecurityEvent, ...]
    custom_actions: Mapping[str, str]
    log_engine: frozenset[str]
    additional_alarms: tuple[tuple[str, str, SecurityEvent], ...]
    notices: tuple[str, ...]
    problems: tuple[Problem, ...]


def choose(settings: Settings, origin: Origin) -> ChosenEvents:
    """Return the events that the settings of an account choose."""
    events: list[SecurityEvent] = []
    custom_actions: dict[str, str] = {}
    log_engine: set[str] = set()
    additional_alarms: list[tuple[str, str, SecurityEvent]] = []
    notices: list[str] = []
    problems: list[Problem] = []
    enabled = _enabled(settings, origin)
    for event in enabled:
        override = settings.events.get(event.key, _NOTHING)
        if found := list(_alarm_problems(event, override, origin)):
            problems += found
            override = EventOverride(exclude=override.exclude)
        alarm = _with_lateness(event, _alarm(event, override), override, override, settings)
        watched = [_tuned(event, override.severity or event.severity, alarm)]
        if event.watched_field:
            watched = list(_for_paths(watched[0], settings, origin, problems))
            kind = _kind_watched(event)
            if kind not in map(kind_of, settings.watched_paths):
                notices.append(f"{event.key} is left out: watched_paths names no {kind.value}")
        for field, exclusion in (override.exclude or {}).items():
            place = origin.location_of("events", event.key, "exclude", field)
            watched = [_without(each, field, exclusion, place, problems) for each in watched]
        if _engine(event, override, settings) is AlarmEngine.LOG:
            log_engine.update(each.key for each in watched)
            watched = [_grouped(each, override.contributors) for each in watched]
        problems += _engine_problems(event, override, settings, origin)
        events += watched
        if override.actions and watched and watched[0].alarm:
            custom_actions |= dict.fromkeys((each.key for each in watched), event.key)
        additional_alarms += [
            (name, event.key, _tuned(each, variant.severity or each.severity, varied))
            for each in watched
            if (alarm := _alarm(event, override))
            for name, variant in override.effective_variants.items()
            if (varied := _with_lateness(event, _varied(alarm, variant), variant, override, settings))
        ]
    problems += _without_effect(settings, origin)
    return ChosenEvents(
        keys=frozenset(event.key for event in enabled),
        events=tuple(events),
        custom_actions=custom_actions,
        log_engine=frozenset(log_engine),
        additional_alarms=tuple(additional_alarms),
        notices=tuple(notices),
        problems=tuple(problems),
    )


@lru_cache
def _of_packs(packs: tuple[Pack, ...], own: tuple[SecurityEvent, ...]) -> frozenset[str]:
    """Return the keys of the packs' events, with those of own events that belong to no pack."""
    chosen = frozenset(event.key for event in (*EVENTS, *own) if not set(packs).isdisjoint(event.packs))
    return chosen.union(event.key for event in own if not event.packs)


def _enabled(settings: Settings, origin: Origin) -> list[SecurityEvent]:
    keys = set(_of_packs(settings.packs, origin.deployment.own_events))
    for key, override in settings.events.items():
        if override.enabled is not None:
            (keys.add if override.enabled else keys.discard)(key)
    return [event for event in origin.deployment.known_events if event.key in keys]


def _engine(event: SecurityEvent, override: EventOverride, settings: Settings) -> AlarmEngine:
    """Return the engine of an event: its own, that of a pack, that of the account."""
    if not event.patterns:
        return AlarmEngine.LOG
    of_packs = (settings.pack_engines.get(pack) for pack in settings.packs if pack in event.packs)
    return override.engine or next(filter(None, of_packs), settings.engine)


def _engine_problems(
    event: SecurityEvent, override: EventOverride, settings: Settings, origin: Origin
) -> Iterator[Problem]:
    place = ("events", event.key)
    if not event.patterns and override.engine is AlarmEngine.METRIC:
        yield Problem(
            origin.location_of(*place, "engine"),
            f"no filter pattern finds {event.key} exactly: it needs 'engine: log'",
        )
    if not override.contributors:
        return
    if _engine(event, override, settings) is AlarmEngine.METRIC:
        yield Problem(
            origin.location_of(*place, "contributors"),
            "a metric alarm has no contributors: add 'engine: log'",
        )
    for index, field in enumerate(override.contributors):
        known = field == COMPUTER
        if not known and (problem := field_problem(event.provider.name, event.event_id, field)):
            yield Problem(origin.location_of(*place, "contributors", index), problem)


@lru_cache(maxsize=4096)
def _grouped(event: SecurityEvent, contributors: tuple[str, ...] | None) -> SecurityEvent:
    return replace(event, contributors=contributors) if contributors else event


@lru_cache(maxsize=4096)
def _tuned(event: SecurityEvent, severity: Severity, alarm: AlarmDefaults | None) -> SecurityEvent:
    if (severity, alarm) == (event.severity, event.alarm):
        return event
    return replace(event, severity=severity, alarm=alarm)


def _alarm(event: SecurityEvent, override: EventOverride) -> AlarmDefaults | None:
    if override.alarm is False or not (event.alarm or override.alarm or override.alarm_values):
        return None
    return _varied(event.alarm or AlarmDefaults(), override)


def _with_lateness(
    event: SecurityEvent,
    alarm: AlarmDefaults | None,
    numbers: AlarmNumbers,
    override: EventOverride,
    settings: Settings,
) -> AlarmDefaults | None:
    """Return the alarm with as many more periods as records may come late; CloudWatch's longest at most.

    A metric filter counts at the record's own time, and an alarm never looks at a period before its own.
    """
    if alarm is None or _engine(event, override, settings) is AlarmEngine.LOG:
        return alarm
    minutes = override.late_arrival
    if minutes is None:
        if numbers.evaluation_periods is not None or override.evaluation_periods is not None:
            return alarm
        while_starting = LATE_AT_START if event.event_id in WRITTEN_AT_START else 0
        minutes = max(settings.late_arrival, while_starting)
    periods = alarm.evaluation_periods + ceil(minutes * 60 / alarm.period)
    longest = LONGEST_EVALUATION if alarm.period < 3600 else LONGEST_EVALUATION_OF_HOURS
    return replace(
        alarm, evaluation_periods=max(alarm.evaluation_periods, min(periods, longest // alarm.period))
    )


def _varied(alarm: AlarmDefaults, numbers: AlarmNumbers) -> AlarmDefaults:
    return replace(alarm, **numbers.alarm_values)


def _without(
    event: SecurityEvent, field: str, exclusion: Exclusion, place: KeyPath, problems: list[Problem]
) -> SecurityEvent:
    """Return the event without the records that an exclusion leaves out; as it is where that cannot be."""
    found: Iterable[str]
    if problem := field_problem(event.provider.name, event.event_id, field):
        found = [problem]
    elif exclusion.cidr and not is_address_field(field):
        found = [f"{field} holds no address: cidr is for fields such as IpAddress"]
    else:
        conditions = tuple(exclusion.conditions(field, event))
        found = [problem for condition in conditions for problem in value_problems(event, condition)]
        if not found:
            try:
                return _with(event, conditions) if conditions else event
            except CatalogError as error:
                found = error.problems
    problems += [new for text in found if (new := Problem(place, text)) not in problems]
    return event


@lru_cache(maxsize=4096)
def _with(event: SecurityEvent, conditions: tuple[Condition, ...]) -> SecurityEvent:
    return replace(event, where=(*event.where, *conditions))


@lru_cache(maxsize=4096)
def _for_path(event: SecurityEvent, path: str) -> SecurityEvent:
    return event.for_path(path)


def _for_paths(
    event: SecurityEvent, settings: Settings, origin: Origin, problems: list[Problem]
) -> Iterator[SecurityEvent]:
    for index, path in enumerate(settings.watched_paths):
        try:
            if kind_of(path) is _kind_watched(event):
                yield _for_path(event, path)
        except CatalogError as error:
            problems.append(Problem(origin.location_of("watched_paths", index), "; ".join(error.problems)))


def _kind_watched(event: SecurityEvent) -> PathKind:
    """Return the kind of the example path that an event of the catalog watches."""
    return kind_of(next(c.values[0] for c in event.where if c.field == event.watched_field))


def _alarm_problems(event: SecurityEvent, override: EventOverride, origin: Origin) -> Iterator[Problem]:
    alarm = _alarm(event, override)
    here = ("events", event.key)
    if alarm is None:
        for setting, what in (("actions", "call them"), ("variants", "have variants")):
            # An account that says 'alarm: false' means the variants of the defaults too.
            off = setting == "variants" and override.alarm is False
            if getattr(override, setting) and not off:
                yield Problem(
                    origin.location_of(*here, setting),
                    f"{event.key} has no alarm that could {what}: add 'alarm: true'",
                )
        return
    problems = list(_number_problems(alarm, override, here, origin))
    yield from problems
    if problems:
        return
    for name, variant in override.effective_variants.items():
        place = (*here, "variants", name)
        varied = _varied(alarm, variant)
        yield from _number_problems(varied, variant, place, origin)
        if (varied, variant.severity, variant.actions) == (alarm, None, None):
            yield Problem(origin.location_of(*place), f"would fire whenever the alarm of {event.key} does")


def _number_problems(
    alarm: AlarmDefaults, numbers: AlarmNumbers, here: tuple[str, ...], origin: Origin
) -> Iterator[Problem]:
    for problem in alarm.problems():
        # The sentence names the fields: the one to change is one that the deployment has set.
        named = [name for name in _ALARM_FIELD.findall(problem) if name in numbers.alarm_values]
        places = [origin.location_of(*here, name) for name in named]
        yield Problem(min(places, key=lambda place: place[0] != "accounts"), problem)


def _without_effect(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Find what was written for an account and would have no effect."""
    of_packs = _of_packs(settings.packs, origin.deployment.own_events)
    known = {event.key for event in origin.deployment.known_events}
    for key, override in settings.events.items():
        if key not in known:
            continue
        if override.enabled is None and key not in of_packs and is_written(origin.own, ("events", key)):
            packs = ", ".join(pack.value for pack in settings.packs) or "(none)"
            yield Problem(
                origin.location_of("events", key),
                f"is in none of the packs ({packs}): add 'enabled: true' to watch it",
            )
        if override.alarm is False:
            off = origin.location_of("events", key, "alarm")
            for name in (*override.alarm_values, *(["variants"] if override.variants else [])):
                place = origin.location_of("events", key, name)
                if place[:3] == off[:3] or place[0] == "accounts" or off[0] == "defaults":
                    yield Problem(place, f"has no effect: 'alarm: false' makes {key} metric only")
    for pack in settings.pack_engines:
        if pack not in settings.packs and is_written(origin.own, ("pack_engines", pack.value)):
            packs = ", ".join(each.value for each in settings.packs) or "none"
            yield Problem(
                origin.location_of("pack_engines", pack.value),
                f"has no effect: the pack is none of those chosen ({packs})",
            )
    kinds = {_kind_watched(event) for event in _enabled(settings, origin) if event.watched_field}
    for index, path in enumerate(settings.watched_paths):
        if (kind := kind_of(path)) not in kinds:
            able = [
                event.key
                for event in origin.deployment.known_events
                if event.watched_field and _kind_watched(event) is kind
            ]
            yield Problem(
                origin.location_of("watched_paths", index),
                f"no event chosen watches a {kind.value}: add {' or '.join(able)} to events, with "
                "'enabled: true'",
            )
