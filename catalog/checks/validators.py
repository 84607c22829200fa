"""What must hold for a catalog as a whole, or ought to hold for a record that is to be of use.

A record that could not work cannot be built at all: see ``SecurityEvent``. The validators find what is
wrong only beside other records, or only for the recipient of its alarm. The catalog's own events pass them,
and other events can be tried::

    for finding in validate([*EVENTS, *my_events]):
        print(finding)

Their names are a contract: what is found is known by them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias, TypeVar

from catalog.checks.left_out import left_out, reason
from catalog.checks.overlap import may_find_the_same
from catalog.checks.values import other_provider_spelling, value_problems
from catalog.errors import did_you_mean
from catalog.filter_pattern import MAXIMUM_LENGTH, METRIC_FILTERS_A_LOG_GROUP
from catalog.model.event_fields import field_problem, subcategories_of
from catalog.model.security_event import Pack, SecurityEvent, Severity, Volume

#: Packs that a server may well need all of; each by itself is checked anyway.
PACKS_TOGETHER = ((Pack.BASELINE, Pack.DOMAIN_CONTROLLER),)
#: What a title may have at most: it is read in a mail's subject line and in a table.
_TITLE_LENGTH = 100
#: What a runbook has at least, in English and in Japanese: two short sentences.
_RUNBOOK_LENGTH = 60
_RUNBOOK_LENGTH_JA = 30
#: Windows' MAX_PATH: what a pattern must leave room for where a path is watched.
_PATH_LENGTH = 260
_SECONDS_A_DAY = 86_400
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an event.

    Args:
        validator: The name of the validator that found it.
        event: The event's key.
        field: The field of ``SecurityEvent`` at fault.
        problem: What is wrong.
        remedy: What would be right.
    """

    validator: str
    event: str
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.event}: {self.field}: {self.problem}; {self.remedy} [{self.validator}]"


_Value = TypeVar("_Value")
Events: TypeAlias = tuple[SecurityEvent, ...]
#: The event's key, the field, the problem, the remedy.
Found: TypeAlias = Iterator[tuple[str, str, str, str]]


def validate(events: Iterable[SecurityEvent]) -> tuple[Finding, ...]:
    """Return everything that the validators find in these events, which are taken for the whole catalog."""
    chosen = tuple(events)
    return tuple(
        Finding(name, *found) for name, validator in VALIDATORS.items() for found in validator(chosen)
    )


def unique_key(events: Events) -> Found:
    """No two events have one key."""
    for key, number in Counter(event.key for event in events).items():
        if number > 1:
            yield key, "key", f"{number} events have it", "give each a key of its own"


def unique_metric_name(events: Events) -> Found:
    """No two events count into one metric."""
    for name, keys in _sharing((event.metric_name, event.key) for event in events):
        for key in keys[1:]:
            yield key, "metric_name", f"{name} is the metric of {keys[0]} already", "rename one of them"


def unique_pattern(events: Events) -> Found:
    """No two events have one filter pattern, and so would always count the same."""
    for (channel, pattern), keys in _sharing(((e.channel, p), e.key) for e in events for p in e.patterns):
        for key in keys[1:]:
            yield (
                key,
                "where",
                f"{pattern} finds records of {channel} for {keys[0]} already",
                "add a condition, or drop one of the events",
            )


def titles(events: Events) -> Found:
    """Both titles are short, distinguish the event from all others, and are in their language."""
    for event in events:
        for name in ("title", "title_ja"):
            title = getattr(event, name)
            if len(title) > _TITLE_LENGTH:
                yield event.key, name, f"it has {len(title)} characters", f"{_TITLE_LENGTH} at most"
            if title.endswith((".", "。")):
                yield event.key, name, "it ends like a sentence", "leave the full stop out"
        if event.title[:1].islower():
            yield event.key, "title", "it begins in lower case", "begin with a capital"
        if not _JAPANESE.search(event.title_ja):
            yield event.key, "title_ja", "it is not Japanese", "say in Japanese what happened"
    for name in ("title", "title_ja"):
        for title, keys in _sharing((getattr(event, name), event.key) for event in events):
            for key in keys[1:]:
                yield key, name, f"{title!r} is what {keys[0]} is called", "say what is different about it"


def runbook(events: Events) -> Found:
    """Both runbooks say what to do, in whole sentences of their language."""
    for event in events:
        for name, text, end, least in (
            ("runbook", event.runbook, ".", _RUNBOOK_LENGTH),
            ("runbook_ja", event.runbook_ja, "。", _RUNBOOK_LENGTH_JA),
        ):
            if len(text) < least:
                yield (
                    event.key,
                    name,
                    f"it has {len(text)} characters",
                    f"say in {least} or more what to look at and what to do",
                )
            if not text.rstrip().endswith(end):
                yield event.key, name, "its last sentence has no end", f"end it with {end}"
        if not _JAPANESE.search(event.runbook_ja):
            yield event.key, "runbook_ja", "it is not Japanese", "say in Japanese what to do"
    for name in ("runbook", "runbook_ja"):
        for _, keys in _sharing((getattr(event, name), event.key) for event in events):
            for key in keys[1:]:
                yield key, name, f"it is that of {keys[0]}", "say what to do about this event"


def known_field(events: Events) -> Found:
    """Conditions and queries name data fields that the event has, as far as its fields are known."""
    for event in events:
        named = [("where", condition.field) for condition in event.where if not condition.in_header]
        named += [("query_fields", field) for field in event.query_fields]
        for name, field in named:
            if problem := field_problem(event.provider.name, event.event_id, field):
                yield event.key, name, problem, "name a field that it has"


def value_as_windows_writes_it(events: Events) -> Found:
    """Conditions ask for values that a record can have, in Windows' own spelling."""
    for event in events:
        for condition in event.where:
            for problem in value_problems(event, condition):
                yield event.key, "where", problem, "ask for a value that a record can have"
        if spelt := other_provider_spelling(event.provider):
            yield event.key, "provider", f"no record has the name {event.provider.name}", f"write {spelt}"


def known_subcategory(events: Events) -> Found:
    """The audit subcategory is one that writes the event, as far as that is known."""
    for event in events:
        known = subcategories_of(event.provider.name, event.event_id)
        if known is None or event.audit in known or not (known or event.audit):
            continue
        writers = " or ".join(each.name for each in known)
        if event.audit is None:
            problem = f"event {event.event_id} is written only with an audit subcategory"
            yield event.key, "audit", problem, f"add audit: {writers}"
        else:
            problem = f"{event.audit.value.title} does not write event {event.event_id}"
            yield event.key, "audit", problem, f"take {writers or 'None: Windows always writes it'}"


def severity_suits_alarm(events: Events) -> Found:
    """High and critical events have an alarm, and informational ones have none."""
    for event in events:
        if event.severity in (Severity.HIGH, Severity.CRITICAL) and not event.alarm:
            yield (
                event.key,
                "alarm",
                f"its severity is {event.severity.value}, and it notifies nobody",
                "give it an alarm, or a lower severity",
            )
        if event.severity is Severity.INFORMATIONAL and event.alarm:
            yield (
                event.key,
                "alarm",
                "its severity is informational, and its alarm notifies recipients",
                "drop it, or raise the severity",
            )


def noisy_is_signal(events: Events) -> Found:
    """An alarm's threshold is above what one busy server writes in a period on any day."""
    for event in events:
        if not event.alarm:
            continue
        usual = event.volume.records_a_day * event.alarm.period / _SECONDS_A_DAY
        if event.alarm.threshold <= usual:
            yield (
                event.key,
                "alarm",
                f"a busy server writes {usual:.0f} in {event.alarm.period} seconds, "
                f"and the threshold is {event.alarm.threshold}",
                "raise the threshold, narrow the conditions, or drop the alarm and keep the metric",
            )


def attack_technique(events: Events) -> Found:
    """An event with an alarm names the techniques it is a sign of, each once."""
    for event in events:
        if event.alarm and not event.attack:
            yield event.key, "attack", "it names no technique", "name what an intruder would be doing"
        for technique, number in Counter(event.attack).items():
            if number > 1:
                yield event.key, "attack", f"it names {technique} {number} times", "once is enough"


def reference(events: Events) -> Found:
    """A reference is an address that a browser opens."""
    for event in events:
        if event.reference and not event.reference.startswith("https://"):
            yield event.key, "reference", f"{event.reference!r} is no address", "begin it with https://"


def pattern_length(events: Events) -> Found:
    """A pattern leaves room for any path that may be watched by it."""
    for event in events:
        room = MAXIMUM_LENGTH - max(map(len, event.patterns))
        if event.watched_field and room < _PATH_LENGTH:
            yield (
                event.key,
                "where",
                f"its pattern leaves {room} characters of {MAXIMUM_LENGTH} for a path",
                f"leave {_PATH_LENGTH}",
            )


def declared_overlap(events: Events) -> Found:
    """Two events that may find the same record say so, and name events that exist."""
    keys = {event.key for event in events}
    for event in events:
        for other in event.overlaps:
            if other == event.key:
                yield event.key, "overlaps", "it names itself", "name other events"
            elif other not in keys:
                yield (
                    event.key,
                    "overlaps",
                    f"no event is called {other}",
                    f"correct it{did_you_mean(other, keys)}",
                )
    by_id = defaultdict(list)
    for event in events:
        by_id[event.event_id].append(event)
    for same in by_id.values():
        for one, two in combinations(same, 2):
            declared = one.key in two.overlaps or two.key in one.overlaps
            if one.key != two.key and not declared and may_find_the_same(one, two):
                yield (
                    two.key,
                    "overlaps",
                    f"it may find the same records as {one.key}",
                    f"name {one.key} there, or add a condition that keeps them apart",
                )


def left_out_for_a_reason(events: Events) -> Found:
    """What an event excludes is found by another event of its id, or left out for a stated reason."""
    for event in events:
        for field, value in left_out(event, events):
            if not reason(event, field, value):
                yield (
                    event.key,
                    "where",
                    f"no event of {event.event_id} finds its records whose {field} is {value}",
                    "watch them too, or say in catalog/checks/left_out.tsv why they need no event",
                )


def pack_fits_log_group(events: Events) -> Found:
    """A pack, and packs that belong together, need no more metric filters than a log group takes."""
    for packs in (*((pack,) for pack in Pack), *PACKS_TOGETHER):
        filters: Counter[str] = Counter()
        for event in events:
            if set(packs).isdisjoint(event.packs):
                continue
            before = filters[event.channel]
            filters[event.channel] += len(event.patterns)
            if before <= METRIC_FILTERS_A_LOG_GROUP < filters[event.channel]:
                yield (
                    event.key,
                    "packs",
                    f"with it, {' and '.join(pack.value for pack in packs)} need more than "
                    f"{METRIC_FILTERS_A_LOG_GROUP} metric filters on the log group of {event.channel}",
                    "take it, or another event, out",
                )


def baseline_suits_member_servers(events: Events) -> Found:
    """The baseline has what every server writes, and seldom."""
    for event in events:
        if Pack.BASELINE not in event.packs:
            continue
        if event.domain_controllers_only:
            yield event.key, "packs", "only domain controllers write it", "take it out of the baseline"
        if event.volume.records_a_day > Volume.LOW.records_a_day:
            yield (
                event.key,
                "packs",
                f"its volume is {event.volume.name}",
                "keep the baseline to LOW and RARE",
            )


#: The validators by their names, which are those of the functions with hyphens.
VALIDATORS: Mapping[str, Callable[[Events], Found]] = {
    validator.__name__.replace("_", "-"): validator
    for validator in (
        unique_key,
        unique_metric_name,
        unique_pattern,
        titles,
        runbook,
        known_field,
        value_as_windows_writes_it,
        known_subcategory,
        severity_suits_alarm,
        noisy_is_signal,
        attack_technique,
        reference,
        pattern_length,
        declared_overlap,
        left_out_for_a_reason,
        pack_fits_log_group,
        baseline_suits_member_servers,
    )
}


def _sharing(values: Iterable[tuple[_Value, str]]) -> Iterator[tuple[_Value, list[str]]]:
    """Yield each value that several events have in common, with their keys in their order."""
    keys: dict[_Value, list[str]] = defaultdict(list)
    for value, key in values:
        keys[value].append(key)
    return ((value, sharing) for value, sharing in keys.items() if len(sharing) > 1)
