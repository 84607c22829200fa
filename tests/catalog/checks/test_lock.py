"""The lock file: a change of what an event synthesizes is made on purpose."""

import json
from dataclasses import replace

from catalog import EVENTS, AlarmDefaults, Field, event
from catalog.checks.lock import LOCK_FILE, synthesized

ADDED = event("administrators-member-added")


def test_the_lock_file_is_current() -> None:
    assert LOCK_FILE.read_text(encoding="utf-8") == synthesized(), (
        "what some event synthesizes has changed: if that is intended, run 'python -m catalog lock'"
    )


def test_it_holds_what_an_event_synthesizes() -> None:
    assert json.loads(synthesized([ADDED])) == {
        "administrators-member-added": {
            "channel": "Security",
            "event_id": 4732,
            "patterns": [
                """"<EventID>4732</EventID>" "<Data Name='TargetSid'>S-1-5-32-544</Data>\"""",
            ],
            "metric_name": "Windows-Administrators-Member-Added",
            "alarm": {"threshold": 1, "period": 300, "evaluation_periods": 1, "datapoints_to_alarm": 1},
            "audit": {"guid": "{0CCE9237-69AE-11D9-BED3-505054503030}", "outcome": "success"},
        }
    }


def test_a_changed_pattern_metric_alarm_or_audit_requirement_changes_it() -> None:
    changes = [
        replace(ADDED, where=(Field("TargetSid") == "S-1-5-32-551",)),
        replace(ADDED, published_metric_name="Administrators"),
        replace(ADDED, alarm=AlarmDefaults(threshold=2)),
        replace(ADDED, alarm=None),
        replace(ADDED, audit=None),
    ]
    assert len({synthesized([each]) for each in [ADDED, *changes]}) == len(changes) + 1


def test_words_for_people_do_not_change_it() -> None:
    assert synthesized([replace(ADDED, title="Member added", runbook="Look.", note="Noted.")]) == synthesized(
        [ADDED]
    )


def test_events_stand_in_the_order_of_their_keys_so_that_a_moved_record_changes_nothing() -> None:
    assert synthesized(EVENTS) == synthesized(reversed(EVENTS))
    assert list(json.loads(synthesized())) == sorted(event.key for event in EVENTS)
