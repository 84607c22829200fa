"""What the agent ships with ``collection: matching``: the records that some pattern counts."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from catalog import EVENTS, Collection, Pack, SecurityEvent, agent_configuration, event, minified, pack
from catalog.derived.agent_configuration import PARAMETER_BYTES
from catalog.derived.shipping_filter import shipping_expression, ships_exactly
from catalog.filter_pattern import parse
from catalog.model.condition import Field
from catalog.samples import samples_of
from catalog.samples.windows_event import windows_event

#: What no regular expression without look-ahead says shortly, or where the table of fields knows too little.
WIDER = {
    "authentication-package-loaded",
    "directory-object-deleted",
    "explicit-credentials-used-remotely",
    "kerberos-service-ticket-with-rc4",
    "kernel-debugging-enabled-at-boot",
    "ntlm-validation-failed",
    "registry-hive-with-secrets-opened",
    "security-package-loaded",
    "service-installed",
    "service-installed-by-account",
    "suspicious-script-block",
    "task-deleted",
    "universal-group-member-removed",
    "wmi-subscription-created",
}


@cache
def records() -> dict[tuple[str, int], tuple[str, ...]]:
    """The samples and near misses of the catalog that name their channel, by channel and id."""
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for each in EVENTS:
        samples = samples_of(each)
        for text in (*samples.matches, *samples.near_misses):
            if f">{each.event_id}</EventID>" in text and f"<Channel>{each.channel}</Channel>" in text:
                key = each.channel, each.event_id
                found[key] = (*found.get(key, ()), text)
    return found


def ships(expression: str | None, record: str) -> bool:
    return expression is None or re.search(expression, record) is not None


def counts(chosen: SecurityEvent, record: str) -> bool:
    return any(parse(pattern).matches(record) for pattern in chosen.patterns)


@pytest.mark.parametrize("chosen", EVENTS, ids=lambda chosen: chosen.key)
def test_the_expression_of_an_event_finds_what_its_patterns_count(chosen: SecurityEvent) -> None:
    expression = shipping_expression([chosen])
    for record in records()[chosen.channel, chosen.event_id]:
        counted, shipped = counts(chosen, record), ships(expression, record)
        assert shipped or not counted
        if ships_exactly(chosen):
            assert shipped == counted


def test_the_expressions_that_ship_more_than_is_counted_are_known() -> None:
    assert {chosen.key for chosen in EVENTS if not ships_exactly(chosen)} == WIDER


@pytest.mark.parametrize("chosen", Pack, ids=lambda chosen: chosen.value)
def test_the_entries_of_a_pack_ship_what_its_patterns_count(chosen: Pack) -> None:
    events = pack(chosen)
    configuration = agent_configuration(events, collection=Collection.MATCHING)
    assert len(minified(configuration).encode()) <= PARAMETER_BYTES
    for entry in entries(configuration):
        (expression,) = [each["expression"] for each in entry.get("filters", ())] or [None]
        for event_id in entry["event_ids"]:
            of_id = [e for e in events if (e.channel, e.event_id) == (entry["event_name"], event_id)]
            for record in records()[entry["event_name"], event_id]:
                counted, shipped = any(counts(e, record) for e in of_id), ships(expression, record)
                assert shipped or not counted
                if all(map(ships_exactly, of_id)):
                    assert shipped == counted


def entries(configuration: dict[str, Any]) -> list[dict[str, Any]]:
    collected: list[dict[str, Any]] = configuration["logs"]["logs_collected"]["windows_events"][
        "collect_list"
    ]
    return collected


def test_the_rare_ids_are_shipped_whole_where_all_expressions_do_not_fit() -> None:
    configuration = agent_configuration(EVENTS, collection=Collection.MATCHING)
    assert len(minified(configuration).encode()) <= PARAMETER_BYTES
    (busy,) = [entry for entry in entries(configuration) if entry["event_ids"] == [4688]]
    assert "filters" not in busy  # process-created counts every record
    (tickets,) = [entry for entry in entries(configuration) if entry["event_ids"] == [4769]]
    assert "'Status'" in tickets["filters"][0]["expression"]


def test_a_record_of_another_provider_with_the_same_id_is_not_shipped() -> None:
    installed = event("service-installed-to-run-command")
    (record,) = samples_of(installed).matches[:1]
    expression = shipping_expression([installed])
    assert ships(expression, record)
    assert not ships(expression, record.replace("Service Control Manager", "Another Provider"))


def test_an_id_all_of_whose_records_are_counted_needs_no_expression() -> None:
    assert shipping_expression([event("user-account-created"), event("process-created")]) is None


def test_an_excluded_empty_field_is_shipped_in_both_spellings() -> None:
    chosen = replace(event("logon-right-removed"), where=(Field("SubjectUserSid") != "S-1-5-18",))
    record = windows_event(4718, {"SubjectUserSid": "S-1-5-18"})
    full = "<Data Name='SubjectUserSid'>S-1-5-18</Data>"
    expression = shipping_expression([chosen])
    assert not ships(expression, record)
    assert ships(expression, record.replace(full, "<Data Name='SubjectUserSid'></Data>"))
    assert ships(expression, record.replace(full, "<Data Name='SubjectUserSid'/>"))
    assert ships(expression, record.replace("S-1-5-18<", "S-1-5-180<"))
    assert ships(expression, record.replace("S-1-5-18<", "S-1-5-1<"))


def test_the_expressions_hold_nothing_that_re2_does_not_read() -> None:
    # RE2 has no look-around, no back-references, no possessive and no lazy groups of its own.
    for chosen in EVENTS:
        expression = shipping_expression([chosen]) or ""
        assert set(re.findall(r"\(\?.", expression)) <= {"(?s", "(?:"}
        assert not re.search(r"\\[0-9A-Za-z]", expression.replace("\\\\", ""))
