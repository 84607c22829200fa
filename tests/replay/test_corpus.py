"""Real logs, replayed: what the filters count is what their manifest says, from parsed fields, there is."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from catalog import EVENTS, Condition, Family, Field, SecurityEvent, Severity
from catalog.model.provider import (
    SECURITY_AUDITING,
    SECURITY_EVENTLOG,
    SERVICE_CONTROL_MANAGER,
    SYSTEM_EVENTLOG,
    Provider,
)
from replay import Watch, replay
from replay.readers.file_formats import file_records
from replay.readers.files import log_files, open_file
from replay.readers.input_problem import InputProblems
from tests.queries import by_fields, by_query, watched_alarms

_REPOSITORY = Path(__file__).resolve().parents[2]
_PROVIDERS = {104: SYSTEM_EVENTLOG, 1102: SECURITY_EVENTLOG, 7045: SERVICE_CONTROL_MANAGER}


def _identity(rule: str) -> tuple[int, tuple[Condition, ...]]:
    """Return the id and the conditions of a rule such as ``4624 LogonType=3``, ``4625 any`` or ``4720``."""
    found = re.fullmatch(r"(\d+)(?: any| (\w+)=(.+))?", rule)
    assert found
    return int(found[1]), (Field(found[2]) == found[3],) if found[2] else ()


def _event(rule: str) -> SecurityEvent:
    event_id, where = _identity(rule)
    provider: Provider = _PROVIDERS.get(event_id, SECURITY_AUDITING)
    return SecurityEvent(
        key=re.sub("[^a-z0-9]+", "-", rule.lower()),
        event_id=event_id,
        title=rule,
        title_ja=rule,
        family=Family.CUSTOM,
        severity=Severity.LOW,
        runbook="-",
        runbook_ja="-",
        where=where,
        provider=provider,
    )


def _counts(paths: Iterable[Path], rules: Iterable[str]) -> tuple[int, dict[str, int]]:
    events = tuple(_event(rule) for rule in rules)
    result = replay(paths, Watch("the rules", events, events))
    return result.events, {
        event_result.event.title: event_result.matches for event_result in result.event_results
    }


@pytest.fixture(scope="module")
def manifest(corpus: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((corpus / "evtx" / "MANIFEST.json").read_text())
    return entries


@pytest.fixture(scope="module")
def truth(corpus: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((corpus / "dev_truth.json").read_text())
    return found


def test_every_rule_counts_exactly_its_records_in_each_evtx_file(
    corpus: Path, manifest: list[dict[str, Any]]
) -> None:
    rules = sorted({rule for entry in manifest for rule in entry["rules"]})
    for entry in manifest:
        number, counts = _counts([corpus / "evtx" / entry["file"]], rules)
        assert number == entry["records"]
        assert {rule: count for rule, count in counts.items() if count} == entry["rules"], entry["file"]


def test_every_rule_counts_exactly_its_records_in_the_packed_lines(
    corpus: Path, truth: dict[str, Any]
) -> None:
    rules = truth["rules"] | truth["extra_rules"]
    assert _counts([corpus / "dev.jsonl.gz"], rules) == (truth["total_records"], rules)


def test_the_command_agrees_with_the_manifest_for_every_event_that_is_one_of_its_rules(
    corpus: Path, manifest: list[dict[str, Any]]
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "replay", str(corpus / "evtx"), "--json"],
        cwd=_REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = json.loads(run.stdout)
    assert found["events"] == sum(entry["records"] for entry in manifest)
    expected = sum((Counter(entry["rules"]) for entry in manifest), Counter())
    compared = {}
    for rule, count in expected.items():
        event_id, where = _identity(rule)
        for event in EVENTS:
            if (event.event_id, event.where) == (event_id, where):
                assert found["matches"][event.key] == count, event.key
                compared[event.key] = count
    assert {"logon-succeeded-network", "security-log-cleared", "administrators-member-added"} <= set(compared)
    assert len(compared) >= 12


def test_every_query_finds_in_the_evtx_files_what_the_parsed_fields_give(corpus: Path) -> None:
    problems = InputProblems()
    records: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for path in log_files([corpus / "evtx"], problems):
        for record in file_records(path, problems, open_file, ""):
            place = records.setdefault((record.channel, record.event_id), [])
            place.append((record.time, record.message))
    in_alarm = 0
    for watched in watched_alarms():
        seen = [record for place in watched.places for record in records.get(place, ())]
        found = by_query(watched, seen)
        assert found == by_fields(watched, seen), watched.key
        in_alarm += len(found)
    assert in_alarm > 50
