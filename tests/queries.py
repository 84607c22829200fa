"""Queries of log alarms, run by the interpreter, beside the same alarms judged from parsed fields.

Nothing but the records is common to the two: the interpreter reads the query's text.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from catalog import EVENTS, SecurityEvent
from catalog.correlations import CORRELATIONS
from catalog.derived.event_query import events_alarm_query
from catalog.model.condition import escape
from catalog.model.record import windows_record
from catalog.model.record_evaluation import Group, Match, TimedRecord
from catalog.samples import samples_of
from catalog.samples.correlations import CORRELATION_SAMPLES
from deployment.resources.alarms import RegionAlarm
from local_aws.insights import parse_query
from replay.engine.log_alarm import WatchedLogAlarm, correlation_alarm, event_alarm

#: Monday 2026-06-01, in milliseconds.
START = 1_780_272_000_000
#: A value of a record, of its data or its ``Computer``.
_VALUE = re.compile(
    r"(?<=>)[^<>]*(?=</(?!EventID|Version|Level|Task|Opcode|Keywords|EventRecordID|Channel)\w+>)"
)
_ODD_VALUES = (
    *("-", "", " ", "0x0", "S-1-5-18", "S-1-5-32-544", "10.0.0.1", "::ffff:10.0.0.1", "C:\\Windows\\a.exe"),
    *(
        "администратор",
        "管理者",
        "İstanbul",
        "ß",
        "🔥",
        "a&b",
        "it's",
        'say "x"',
        "a/b|c(d)[e]{f}*+?.^$",
        "x" * 300,
    ),
    *(
        "%%1833",
        "0xc000006a",
        "3",
        "10",
        "ANONYMOUS LOGON",
        "SYSTEM",
        "DC01$",
        "\\\\*\\C$",
        "name=value, next",
    ),
)


def watched_alarms() -> list[WatchedLogAlarm]:
    """Return the log alarms of the catalog's events, of some that share an alarm, and of its correlations.

    Their thresholds are at most 3, so that a few records reach them.
    """
    with_alarm = [
        replace(event, alarm=replace(event.alarm, threshold=min(3, event.alarm.threshold)))
        for event in EVENTS
        if event.alarm
    ]
    correlations = [replace(each, threshold=min(3, each.threshold)) for each in CORRELATIONS]
    alarms = [*map(event_alarm, with_alarm), *map(correlation_alarm, correlations)]
    single = [event for event in with_alarm if event.alarm and event.alarm.threshold == 1]
    for number in range(0, len(single), 5):
        shared = [each for each in single[number : number + 5] if each.channel == single[number].channel]
        query = events_alarm_query(shared)
        if len(query.query) <= 10_000:
            alarms.append(
                RegionAlarm(
                    *(f"shared-{number}", (), f"shared-{number}", shared[0].severity),
                    query=query,
                    events=tuple(shared),
                )
            )
    return [WatchedLogAlarm(alarm) for alarm in alarms]


def sample_messages(watched: WatchedLogAlarm) -> list[str]:
    """Return the samples and near misses of what a log alarm looks for."""
    if correlation := watched.alarm.correlation:
        samples = CORRELATION_SAMPLES[correlation.key]
        sequences = [*samples.matches.values(), *samples.near_misses.values()]
        return [message for sequence in sequences for _, message in sequence]
    return [message for event in watched.alarm.events for message in _messages(event)]


def _messages(event: SecurityEvent) -> Iterator[str]:
    samples = samples_of(event)
    yield from samples.matching.values()
    yield from samples.not_matching.values()


def mutated(message: str, chance: random.Random, values: Sequence[str]) -> str:
    """Return a record with a few values changed: to odd ones, those of other records, or another case."""
    places = list(_VALUE.finditer(message))
    chosen = chance.sample(places, min(len(places), chance.randint(0, 3)))
    for place in sorted(chosen, key=lambda found: -found.start()):
        value = place[0]
        odd = escape(chance.choice(_ODD_VALUES))
        changes = [odd, chance.choice(values), f"{value}{odd}", f"{odd}{value}"]
        if "&" not in value:  # an entity has one spelling
            changes += [value.upper(), value.lower(), value[1:]]
        changed = chance.choice(changes)
        if not changed and message.endswith("<Computer>", 0, place.start()):
            continue  # Windows always writes a name
        message = message[: place.start()] + changed + message[place.end() :]
    return message


def values_of(messages: Sequence[str]) -> list[str]:
    """Return the values that stand in some records, as they are written there."""
    return sorted({value[0] for message in messages for value in _VALUE.finditer(message)})


def by_query(watched: WatchedLogAlarm, records: Sequence[tuple[int, str]]) -> set[Group]:
    """Return the contributors for which the query and its aggregation are an alarm.

    Args:
        watched: The alarm.
        records: The records of a run's window, each with its time in milliseconds.
    """
    query = watched.query
    rows = parse_query(query.query).run([{"@timestamp": float(at), "@message": text} for at, text in records])
    results = parse_query(f"stats {query.aggregation}").run(rows)
    found = set()
    for row in results:
        (number,) = [value for name, value in row.items() if name.endswith(")")]
        if float(number or 0) >= query.threshold:
            # Whatever reads XML takes a line end of Windows for one character (XML 1.0, 2.11).
            found.add(tuple(str(row[name]).replace("\r\n", "\n") for name in query.contributors))
    return found


def by_fields(watched: WatchedLogAlarm, records: Sequence[tuple[int, str]]) -> set[Group]:
    """Return the same from parsed fields, with values written as in the text of a record."""
    groups: defaultdict[Group, list[tuple[int, Match]]] = defaultdict(list)
    for at, text in records:
        if match := watched.match(TimedRecord(at, windows_record(text))):
            groups[match.group].append((at, match))
    return {
        tuple(escape(value) for value in group)
        for group, seen in groups.items()
        if watched.number(seen) >= watched.query.threshold
    }


@dataclass
class Comparison:
    """How many records were compared, and what differed.

    Args:
        records: How many records queries and fields have judged.
        in_alarm: How many contributors both found in ALARM.
        differences: A sentence for each run in which they differ.
    """

    records: int = 0
    in_alarm: int = 0
    differences: list[str] = field(default_factory=list)


def compare(watched: Sequence[WatchedLogAlarm], seed: int, rounds: int) -> Comparison:
    """Compare query and parsed fields over mutated records, from a seed.

    Args:
        watched: The alarms.
        seed: What decides which records.
        rounds: How many runs of each alarm, each over 20 records in ten minutes.
    """
    chance = random.Random(seed)
    comparison = Comparison()
    for each in watched:
        messages = sample_messages(each)
        values = values_of(messages)
        for _ in range(rounds):
            # A few records in several versions: some of them count together.
            some = chance.sample(messages, min(len(messages), 3))
            records = [
                (START + chance.randrange(600_000), mutated(chance.choice(some), chance, values))
                for _ in range(20)
            ]
            found, expected = by_query(each, records), by_fields(each, records)
            comparison.records += len(records)
            comparison.in_alarm += len(found & expected)
            if found != expected:
                comparison.differences.append(
                    f"{each.key}: the query alone {sorted(found - expected)}, the fields alone "
                    f"{sorted(expected - found)}"
                )
    return comparison
