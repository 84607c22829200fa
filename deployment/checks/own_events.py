"""What would go wrong with the deployment's own events, beside the catalog's, found beforehand."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

from catalog.checks.validators import known_subcategory, unique_metric_name, unique_pattern
from catalog.checks.values import other_provider_spelling, value_problems
from catalog.events import EVENTS
from catalog.filter_pattern import matches, parse
from catalog.model.event_fields import field_problem, fields_of
from catalog.model.security_event import SecurityEvent
from deployment.problem import KeyPath, Problem
from deployment.resolution.layers import written
from deployment.settings.deployment import Deployment, Settings
from deployment.settings.explanation import shown
from deployment.settings.own_event import SAMPLE_LISTS, is_event_text
from deployment.settings.types.events import no_such_event
from deployment.settings.types.text import CDKTF_TOKEN

#: A tab and the ends of lines are none.
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
#: Those of the catalog's validators without which an own event could not work, or would count what another
#: counts already; the others are a matter of taste.
_VALIDATORS = (unique_metric_name, unique_pattern, known_subcategory)

#: What a sample must be like: queries and patterns look for text, not for XML.
AS_SHIPPED = "the agent ships attributes in single quotes, without white space between elements"


def of_records(deployment: Deployment) -> Iterator[Problem]:
    """Check own events with each other and with the catalog's."""
    if deployment.own_events_file:
        yield Problem(
            ("own_events_file",),
            "is read beside a deployment file only: here, put the records into own_events",
        )
    if deployment.sigma:
        yield Problem(
            ("sigma",),
            "is read beside a deployment file only: here, put the events of catalog.sigma.rule_event into "
            "own_events",
        )
    if not deployment.own_events:
        return
    taken = {event.key: "the catalog" for event in EVENTS}
    distinct: dict[str, int] = {}
    for index, event in enumerate(deployment.own_events):
        place = ("own_events", index)
        if event.key in taken:
            yield Problem((*place, "key"), f"{taken[event.key]} has an event {event.key}: take another key")
            continue
        taken[event.key] = f"own_events[{index}]"
        distinct[event.key] = index
        for name, wrong in _text_problems(event):
            yield Problem((*place, name), wrong)
        for within, field in _fields(event):
            if problem := field_problem(event.provider.name, event.event_id, field):
                yield Problem((*place, *within), problem)
        for condition in event.where:
            for problem in value_problems(event, condition):
                yield Problem((*place, "where", condition.field), problem)
        if problem := _unnamed_data_problem(event):
            yield Problem((*place, "where", "Data"), problem)
        for within, problem in _sample_problems(event):
            yield Problem((*place, *within), problem)
        if event.selection is None and (spelt := other_provider_spelling(event.provider)):
            yield Problem((*place, "provider", "name"), f"no record has this name: Windows writes {spelt}")
    events = (*EVENTS, *(deployment.own_events[index] for index in distinct.values()))
    for validator in _VALIDATORS:
        for key, field, problem, remedy in validator(events):
            is_rule = key in distinct and deployment.own_events[distinct[key]].selection is not None
            # What a rule finds as another event does is a notice, where the rule is read.
            if key in distinct and not (is_rule and validator is unique_pattern):
                yield Problem(("own_events", distinct[key], field), f"{problem}; {remedy}")


def _text_problems(event: SecurityEvent) -> Iterator[tuple[str, str]]:
    """Yield each field with a text that neither CDKTF nor AWS would take as it is."""
    # A text in the other language is that of the first, where none was written.
    places = {
        text: field.name for field in fields(event)[::-1] for text in _texts(getattr(event, field.name))
    }
    for text, place in places.items():
        if CDKTF_TOKEN in text:
            yield place, f"{CDKTF_TOKEN!r} must not be in a text: CDKTF would take it for a reference"
        elif wrong := _CONTROL_CHARACTER.search(text):
            yield place, f"the control character U+{ord(wrong[0]):04X} must not be in a text"


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a value of a record, those in records in it too."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _unnamed_data_problem(event: SecurityEvent) -> str | None:
    """Return why a condition on ``Data`` may match nothing; None where it is known what records have."""
    asks = any(condition.field == "Data" for condition in event.where)
    provider = event.provider
    if not asks or provider.classic or event.samples or fields_of(provider.name, event.event_id):
        return None
    return (
        f"looks for <Data Name='Data'>: add 'classic: true' to the provider if records of {provider.name} "
        "have data without a name, <Data>; or give a sample of a record that has such a field"
    )


def is_as_shipped(sample: str) -> bool:
    """Return whether the text of a record has the quotes and the white space of the agent's."""
    return not re.search(r'<Provider [^>]*Name="|(?:/>|</\w+>)\s+<', sample)


def _sample_problems(event: SecurityEvent) -> Iterator[tuple[KeyPath, str]]:
    """Yield the samples that an event does not find and the near misses that it does."""
    if event.selection:
        return  # tried where its rule is read
    for name in SAMPLE_LISTS:
        for index, sample in enumerate(getattr(event, name)):
            if not is_event_text(sample):
                yield (name, index), f"{shown(sample)} is no event: its XML begins with <Event"
                continue
            found = any(matches(pattern, sample) for pattern in event.patterns)
            if found and name == "near_misses":
                yield (name, index), "the event finds this near miss: add a condition that leaves it out"
            elif not found and name == "samples":
                yield (name, index), f"the event does not find this sample: {_missing(event, sample)}"


def _missing(record: SecurityEvent, sample: str) -> str:
    """Return why none of an event's patterns finds a sample."""
    if not is_as_shipped(sample):
        return AS_SHIPPED
    absent = min(
        ([term for term in parse(pattern).required if term not in sample] for pattern in record.patterns),
        key=len,
    )
    return f"it does not hold {absent[0]}" if absent else "it holds what the event excludes"


def _fields(event: SecurityEvent) -> Iterator[tuple[KeyPath, str]]:
    for condition in event.where:
        if not condition.in_header:
            yield ("where", condition.field), condition.field
    if event.selection:
        return  # the fields of all its ids, which its rule has located
    for index, field in enumerate(event.query_fields):
        yield ("query_fields", index), field


def of_keys(deployment: Deployment) -> Iterator[Problem]:
    """Check that every event named is one of the catalog or an own one."""
    known = {event.key: event.title for event in deployment.known_events}
    for place, settings in written(deployment):
        for path, key in _keys(settings):
            if key not in known:
                yield Problem((*place, *path), no_such_event(key, known))


def _keys(settings: Settings) -> Iterator[tuple[KeyPath, str]]:
    for key in settings.events:
        yield ("events", key), key
    for name, composite in settings.effective_composite_alarms.items():
        for setting in ("all_of", "any_of"):
            for index, key in enumerate(getattr(composite, setting)):
                yield ("composite_alarms", name, setting, index), key
    for name, window in settings.effective_mute.items():
        for index, key in enumerate(window.alarms.events):
            yield ("mute", name, "alarms", "events", index), key
