"""The events against real ones: what a pattern finds in the text is what its conditions find in the fields.

The corpus is no part of the project: ``dev.jsonl.gz`` (an event's XML a line, as the agent writes it),
``dev_rendering.jsonl.gz`` (the ``RenderingInfo`` to put at a line's end) and ``dev_truth.json`` (how many
records certain rules find) are looked for in ``shared/corpus`` beside the repository, or where the variable
WINDOWS_EVENT_CORPUS says.
"""

import gzip
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from catalog.derived.shipping_filter import shipping_expression, ships_exactly
from catalog.events import EVENTS
from catalog.filter_pattern import parse
from catalog.model.condition import Condition, Field, Operator
from catalog.model.event_fields import follower_of
from catalog.model.security_event import Evidence, SecurityEvent
from catalog.model.spelling import provider_spelling, windows_spelling

_BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[4] / "shared" / "corpus"
_EVENT_IDS = re.compile(r">(\d+)</EventID>")


@dataclass(frozen=True)
class Record:
    """One real event: where it stands, its text in both forms, and what its fields hold."""

    line: int
    message: str
    rendered: str
    provider: str
    channel: str
    event_id: int
    values: Mapping[str, str]
    source: str


class Corpus:
    """The real events, and their ids as they stand in the text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def truth(self) -> dict[str, int]:
        """How many records each rule finds; a rule is ``4624 LogonType=3``, ``4625 any`` or ``4720``."""
        truth = json.loads((self.folder / "dev_truth.json").read_text(encoding="utf-8"))
        return {**truth["rules"], **truth["extra_rules"]}

    @cached_property
    def records(self) -> tuple[Record, ...]:
        tails = {row["line"]: row["rendering_info"] for row in self._rows("dev_rendering.jsonl.gz")}
        return tuple(
            _record(line, row["xml"], tails.get(line, ""), row["file"])
            for line, row in enumerate(self._rows("dev.jsonl.gz"))
        )

    @cached_property
    def by_id_in_text(self) -> Mapping[int, list[Record]]:
        """The records whose text holds an id's closed element, which no pattern is without."""
        records = defaultdict(list)
        for record in self.records:
            for event_id in set(_EVENT_IDS.findall(record.rendered)):
                records[int(event_id)].append(record)
        return records

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        with gzip.open(self.folder / name, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    folder = Path(os.environ.get("WINDOWS_EVENT_CORPUS", _BESIDE_THE_REPOSITORY))
    if not (folder / "dev.jsonl.gz").exists():
        pytest.skip(f"no real events in {folder}; WINDOWS_EVENT_CORPUS names another folder")
    return Corpus(folder)


def _record(line: int, xml: str, tail: str, source: str) -> Record:
    root = ElementTree.fromstring(xml)
    system = root[0]
    data = root.findall("{*}EventData/{*}Data")
    values = {
        name: each.text or ""
        for place, each in enumerate(data)
        if (name := each.get("Name", f"Data {place}"))
    }
    if binary := root.findtext("{*}EventData/{*}Binary"):
        values["Binary"] = binary
    user_data = {e.tag.partition("}")[2]: e.text or "" for e in root.iterfind("{*}UserData/{*}*/{*}*")}
    header = {f"<{element.tag.partition('}')[2]}>": element.text or "" for element in system}
    return Record(
        line=line,
        message=xml,
        rendered=f"{xml.removesuffix('</Event>')}{tail}</Event>",
        provider=system[0].get("Name", ""),
        channel=system.findtext("{*}Channel", ""),
        event_id=int(system.findtext("{*}EventID", "")),
        values=values | user_data | header,
        source=source,
    )


def is_true(condition: Condition, values: Mapping[str, str]) -> bool:
    """Return whether a record's fields fulfil a condition, by the meaning of its operator."""
    name = f"<{condition.field}>" if condition.in_header else condition.field
    names = [each for each in values if each == name or (name == "Data" and each.startswith("Data "))]
    return any(_is_found(condition, values[each]) for each in names) is not condition.operator.excludes


def _is_found(condition: Condition, value: str) -> bool:
    match condition.operator:
        case Operator.EQUALS | Operator.NOT_EQUALS:
            return value in condition.values
        case Operator.STARTS_WITH | Operator.NOT_STARTS_WITH:
            return value.startswith(condition.values)
        case Operator.ENDS_WITH | Operator.NOT_ENDS_WITH:
            return value.endswith(condition.values)
        case Operator.CONTAINS | Operator.NOT_CONTAINS:
            return any(part in value for part in condition.values)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.key)
def test_an_event_that_finds_a_real_record_says_that_it_was_seen(
    corpus: Corpus, event: SecurityEvent
) -> None:
    found = {
        corpus.records[line].source.partition("/")[0] for line in found_lines(event, corpus, rendered=False)
    }
    if found == {"MicrosoftDocs"}:
        assert event.evidence in (Evidence.SEEN, Evidence.DOCUMENTED)
    elif found:
        assert event.evidence is Evidence.SEEN


def true_lines(event: SecurityEvent, corpus: Corpus) -> set[int]:
    return {
        record.line
        for record in corpus.records
        if record.event_id == event.event_id
        and record.channel == event.channel
        and event.provider.is_called(record.provider)
        and all(is_true(condition, record.values) for condition in event.where)
    }


def found_lines(event: SecurityEvent, corpus: Corpus, *, rendered: bool) -> set[int]:
    patterns = [parse(pattern) for pattern in event.patterns]
    return {
        record.line
        for record in corpus.by_id_in_text[event.event_id]
        if any(pattern.matches(record.rendered if rendered else record.message) for pattern in patterns)
    }


def rule_event(rule: str) -> SecurityEvent | None:
    """Return the catalog's event for a rule, else one of its id with the rule's condition; None without."""
    event_id, _, condition = rule.partition(" ")
    field, _, value = condition.partition("=")
    where = (Field(field) == value,) if value else ()
    events = [event for event in EVENTS if event.event_id == int(event_id)]
    exact = [event for event in events if event.where == where]
    if exact:
        return exact[0]
    return replace(events[0], where=where, watched_field="") if events else None


def test_a_field_is_followed_by_the_one_that_the_table_says_in_every_real_record(corpus: Corpus) -> None:
    wrong, proven = set(), set()
    for record in corpus.records:
        names = re.findall(r"<Data Name='([^']*)'>", record.message)
        for name, following in zip_longest(names, names[1:]):
            follower = follower_of(record.provider, record.event_id, name)
            proven.add((record.event_id, name))
            if follower not in (None, following):
                wrong.add((record.event_id, name, following))
    assert wrong == set()
    assert len(proven) > 700


def test_a_value_stands_in_a_real_record_as_the_table_of_spellings_says(corpus: Corpus) -> None:
    known, wrong = 0, set()
    for record in corpus.records:
        assert provider_spelling(record.provider) in (None, record.provider)
        for field, value in record.values.items():
            spelt = windows_spelling(record.provider, record.event_id, field, value) if value else None
            known += spelt is not None
            if spelt not in (None, value):
                wrong.add((record.event_id, field, value))
    assert wrong == set()
    assert known > 8_000


@pytest.mark.parametrize("rendered", [False, True], ids=["without a rendering", "with a rendering"])
def test_each_rule_finds_as_many_records_as_were_counted_from_their_fields(
    corpus: Corpus, rendered: bool
) -> None:
    events = {rule: event for rule in corpus.truth if (event := rule_event(rule))}
    found = {rule: len(found_lines(event, corpus, rendered=rendered)) for rule, event in events.items()}
    assert len(found) > 40
    assert found == {rule: corpus.truth[rule] for rule in found}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.key)
def test_an_event_finds_exactly_the_records_whose_fields_fulfil_its_conditions(
    corpus: Corpus, event: SecurityEvent
) -> None:
    true = true_lines(event, corpus)
    for rendered in (False, True):
        found = found_lines(event, corpus, rendered=rendered)
        assert sorted(found - true) == [], "found, though the fields say otherwise"
        assert sorted(true - found) == [], "not found, though the fields say so"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.key)
def test_the_agents_expression_ships_every_real_record_that_an_event_counts(
    corpus: Corpus, event: SecurityEvent
) -> None:
    expression = re.compile(shipping_expression([event]) or "")
    for rendered in (False, True):
        counted = found_lines(event, corpus, rendered=rendered)
        counted = {line for line in counted if corpus.records[line].channel == event.channel}
        shipped = {
            record.line
            for record in corpus.by_id_in_text[event.event_id]
            if (record.channel, record.event_id) == (event.channel, event.event_id)
            and expression.search(record.rendered if rendered else record.message)
        }
        assert sorted(counted - shipped) == [], "counted, and not shipped"
        if ships_exactly(event):
            assert shipped == counted
