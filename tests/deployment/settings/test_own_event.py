from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import (
    EVENTS,
    AlarmDefaults,
    AuditSubcategory,
    Family,
    Field,
    Outcome,
    Pack,
    Provider,
    SecurityEvent,
    Severity,
    Volume,
    matches,
)
from catalog.derived.agent_configuration import agent_configuration
from catalog.model.condition import Markup
from catalog.model.provider import SECURITY_AUDITING
from catalog.samples.windows_event import windows_event
from deployment import Deployment, DeploymentError, Problem, RegionPlan, load, resolve
from deployment.settings.own_event import OwnEvent

Problems = Callable[[str], list[str]]
Regions = Callable[[str], tuple[RegionPlan, ...]]

REST = """\
defaults:
  regions: [eu-central-1]
  packs: [remote-desktop]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts:
  a:
    id: 111111111111
"""
LEAST = """\
key: payroll-logon
event_id: 4624
title: Logon to the payroll account
severity: high
runbook: Ask the payroll team.
where: {TargetUserName: payroll}
audit: Logon
"""
DEFENDER = Provider("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational")


def written(entry: str) -> str:
    """Return a deployment file with one own event, whose first line is line 2."""
    return f"own_events:\n- {indent(dedent(entry).lstrip(), '  ')[2:]}{REST}"


def changed(old: str, new: str) -> str:
    assert old in LEAST
    return LEAST.replace(old, new)


@pytest.fixture
def own(regions_of: Regions) -> Callable[[str], SecurityEvent]:
    """Return the record that an entry of own_events becomes."""

    def record(entry: str) -> SecurityEvent:
        (event,) = (e for e in regions_of(written(entry))[0].events if e not in EVENTS)
        return event

    return record


@pytest.fixture
def refused(problems_of: Problems) -> Callable[[str], list[str]]:
    """Return the problems of an entry of own_events, without the file and the entry's place."""

    def problems(entry: str) -> list[str]:
        return [p.removeprefix("deployment.yaml:") for p in problems_of(written(entry))]

    return problems


def test_an_entry_becomes_a_record_of_the_catalogs_type(own: Callable[[str], SecurityEvent]) -> None:
    assert own(LEAST) == SecurityEvent(
        key="payroll-logon",
        event_id=4624,
        title="Logon to the payroll account",
        title_ja="Logon to the payroll account",
        family=Family.CUSTOM,
        severity=Severity.HIGH,
        runbook="Ask the payroll team.",
        runbook_ja="Ask the payroll team.",
        where=(Field("TargetUserName") == "payroll",),
        provider=SECURITY_AUDITING,
        audit=AuditSubcategory.LOGON,
    )


def test_every_field_of_a_record_can_be_written(own: Callable[[str], SecurityEvent]) -> None:
    event = own(
        """
        key: malware-found
        event_id: 1130
        title: Malware found
        title_ja: マルウェアの検出
        severity: critical
        runbook: Isolate the server.
        runbook_ja: サーバーを隔離する。
        where:
          Threat Name: [Eicar, Mimikatz]
          Severity Name: {not: Low, not_ends_with: [a, b], not_starts_with: c, not_contains: qq}
          Path: {starts_with: 'file:', ends_with: .exe, contains: Temp}
          Category ID: {equals: 42}
        provider:
          name: Microsoft-Windows-Windows Defender
          channel: Microsoft-Windows-Windows Defender/Operational
          classic: true
          markup: user_data
        audit: Other System Events
        outcome: success and failure
        alarm: {threshold: 2, period: 600, evaluation_periods: 3, datapoints_to_alarm: 2}
        attack: [T1204, T1059.001]
        family: system
        packs: [remote-desktop, baseline]
        volume: high
        domain_controllers_only: true
        query_fields: [Threat Name, Detection User]
        """
    )
    assert event.where == (
        Field("Threat Name").one_of("Eicar", "Mimikatz"),
        Field("Severity Name") != "Low",
        Field("Severity Name").not_starts_with("c"),
        Field("Severity Name").not_ends_with("a", "b"),
        Field("Severity Name").not_contains("qq"),
        Field("Path").starts_with("file:"),
        Field("Path").ends_with(".exe"),
        Field("Path").contains("Temp"),
        Field("Category ID") == "42",
    )
    assert event.provider == Provider(DEFENDER.name, DEFENDER.channel, classic=True, markup=Markup.USER_DATA)
    assert (event.audit, event.outcome) == (
        AuditSubcategory.OTHER_SYSTEM_EVENTS,
        Outcome.SUCCESS_AND_FAILURE,
    )
    assert event.alarm == AlarmDefaults(threshold=2, period=600, evaluation_periods=3, datapoints_to_alarm=2)
    assert (event.title_ja, event.runbook_ja) == ("マルウェアの検出", "サーバーを隔離する。")
    assert (event.family, event.volume) == (Family.SYSTEM, Volume.HIGH)
    assert event.attack == ("T1204", "T1059.001")
    assert event.packs == (Pack.REMOTE_DESKTOP, Pack.BASELINE)
    assert event.domain_controllers_only
    assert event.query_fields == ("Threat Name", "Detection User")


def test_an_empty_alarm_rings_for_each_occurrence(own: Callable[[str], SecurityEvent]) -> None:
    assert own(LEAST + "alarm: {}\n").alarm == AlarmDefaults()


def test_its_patterns_find_its_records_and_no_others(own: Callable[[str], SecurityEvent]) -> None:
    (pattern,) = own(
        changed("{TargetUserName: payroll}", "{TargetUserName: payroll, IpAddress: {not: [10.0.0.5]}}")
    ).patterns
    assert pattern == (
        """"<EventID>4624</EventID>" "<Data Name='TargetUserName'>payroll</Data>" """
        """-"<Data Name='IpAddress'>10.0.0.5</Data>\""""
    )
    assert matches(pattern, windows_event(4624, {"TargetUserName": "payroll"}))
    assert not matches(pattern, windows_event(4624, {"TargetUserName": "payroll2"}))
    assert not matches(pattern, windows_event(4624, {"TargetUserName": "payroll", "IpAddress": "10.0.0.5"}))


def test_an_event_of_another_log_is_found_by_its_provider_and_collected_from_its_channel(
    regions_of: Regions,
) -> None:
    (region,) = regions_of(
        written(
            """
            key: malware-found
            event_id: 1116
            title: Malware found
            severity: critical
            runbook: Isolate the server.
            where: {Severity Name: {not: Low}}
            provider: {name: Microsoft-Windows-Windows Defender,
                       channel: Microsoft-Windows-Windows Defender/Operational}
            """
        )
    )
    (event,) = (e for e in region.events if e.key == "malware-found")
    found = windows_event(1116, {"Threat Name": "x", "Severity Name": "Severe"}, provider=DEFENDER)
    low = windows_event(1116, {"Threat Name": "x", "Severity Name": "Low"}, provider=DEFENDER)
    assert [matches(event.patterns[0], text) for text in (found, low, windows_event(1116))] == [
        True,
        False,
        False,
    ]
    assert region.log_groups[DEFENDER.channel] == "Microsoft-Windows-Windows-Defender/Operational"


def test_the_level_of_an_event_is_that_of_the_header(own: Callable[[str], SecurityEvent]) -> None:
    event = own(LEAST + "level: 3\n")
    (pattern,) = event.patterns
    message = windows_event(4624, {"TargetUserName": "payroll"})
    assert matches(pattern, message.replace("<Level>0<", "<Level>3<"))
    assert not matches(pattern, message)
    (entry,) = agent_configuration([event])["logs"]["logs_collected"]["windows_events"]["collect_list"]
    assert entry["event_levels"] == ["WARNING"]


@pytest.mark.parametrize("name", ["Logon", "LOGON", "logon"])
def test_a_subcategory_is_known_however_it_is_spelt(own: Callable[[str], SecurityEvent], name: str) -> None:
    assert own(changed("audit: Logon", f"audit: {name}")).audit is AuditSubcategory.LOGON


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "key: payroll-logon",
            "key: Payroll",
            "2: own_events[0].key: the key 'Payroll' is not lower-case words joined by hyphens",
        ),
        (
            "event_id: 4624",
            "event_id: 70000",
            "3: own_events[0].event_id: event_id 70000 is not from 0 to 65535",
        ),
        ("event_id: 4624\n", "", "2: own_events[0].event_id: is missing: the id in <EventID>"),
        ("title: Logon to the payroll account", "title: ''", "4: own_events[0].title: title is empty"),
        (
            "severity: high",
            "severity: hihg",
            "5: own_events[0].severity: 'hihg': must be 'informational', 'low', 'medium', 'high' or "
            "'critical'; did you mean high?",
        ),
        ("audit:", "audti:", "8: own_events[0].audti: no such setting; did you mean audit?"),
        (
            "{TargetUserName: payroll}",
            "{TargetUserNam: payroll}",
            "7: own_events[0].where.TargetUserNam: event 4624 has no field TargetUserNam; did you mean "
            "TargetUserName?",
        ),
        (
            "{TargetUserName: payroll}",
            "{TargetUserName: {nto: payroll}}",
            "7: own_events[0].where.TargetUserName.nto: no such setting; did you mean not?",
        ),
        (
            "{TargetUserName: payroll}",
            "{TargetUserName: {}}",
            "7: own_events[0].where.TargetUserName: says nothing: give a value, or one of equals, not, "
            "starts_with, ends_with, ...",
        ),
        (
            "{TargetUserName: payroll}",
            "{TargetUserName: ''}",
            "7: own_events[0].where.TargetUserName: the condition on TargetUserName is empty: an empty field "
            "has two spellings",
        ),
        (
            "{TargetUserName: payroll}",
            "{TargetUserName: {equals: x, not: x}}",
            "7: own_events[0].where: its conditions exclude what they ask for: no record could match",
        ),
        (
            "audit: Logon",
            "audit: Logno",
            "8: own_events[0].audit: 'Logno' is no audit subcategory; did you mean Logon?",
        ),
        (
            "audit: Logon",
            "audit: xyz",
            "8: own_events[0].audit: 'xyz' is no audit subcategory; 'auditpol /list /subcategory:*' lists "
            "them",
        ),
        (
            "audit: Logon",
            "audit: Logoff",
            "8: own_events[0].audit: Logoff does not write event 4624; take LOGON",
        ),
        (
            "audit: Logon",
            "audit: Logon\nalarm: {period: 45}",
            "9: own_events[0].alarm: period 45: must be 60 seconds or a multiple of that",
        ),
        (
            "audit: Logon",
            "audit: Logon\nattack: [T1]",
            "9: own_events[0].attack: 'T1' is no ATT&CK technique id such as T1110 or T1110.001",
        ),
        (
            "audit: Logon",
            "provider:\n  name: a'b\n  channel: 'a:b'",
            '9: own_events[0].provider.name: "a\'b" is not the name of an event provider',
        ),
        (
            "audit: Logon",
            "audit: Logon\nquery_fields: [Ip]",
            "9: own_events[0].query_fields[0]: event 4624 has no field Ip; it has SubjectUserSid, ",
        ),
        (
            "audit: Logon",
            "audit: Logon\nvolume: huge",
            "9: own_events[0].volume: 'huge': must be 'rare', 'low', 'medium' or 'high'",
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_told_at_its_line(
    refused: Callable[[str], list[str]], old: str, new: str, problem: str
) -> None:
    assert refused(changed(old, new))[0].startswith(problem)


def test_everything_wrong_with_an_entry_is_told_at_once(refused: Callable[[str], list[str]]) -> None:
    entry = "key: A\nevent_id: -1\ntitle: ''\nseverity: low\nrunbook: x\nattack: [y]\n"
    assert refused(entry) == [
        "2: own_events[0].key: the key 'A' is not lower-case words joined by hyphens",
        "3: own_events[0].event_id: event_id -1 is not from 0 to 65535",
        "4: own_events[0].title: title is empty",
        "7: own_events[0].attack: 'y' is no ATT&CK technique id such as T1110 or T1110.001",
    ]


_NAMES = st.sampled_from([*OwnEvent.model_fields, "not", "name", "channel", "TargetUserName"])
_DATA = st.recursive(
    st.sampled_from(["", "a", "Logon", "high", "payroll", 4624, -1, 10**12, True, None, "\x07", "{x}", "日"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=8,
)
_ENTRIES = st.dictionaries(_NAMES, _DATA, max_size=6).map(lambda data: {**yaml.safe_load(LEAST), **data})


@given(st.lists(_ENTRIES | _DATA, max_size=2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_entries_make_a_traceback(tmp_path: Path, entries: list[object]) -> None:
    path = tmp_path / "deployment.yaml"
    path.write_text(yaml.safe_dump({"own_events": entries, **yaml.safe_load(REST)}), encoding="utf-8")
    problems: tuple[Problem, ...] = ()
    try:
        resolve(load(path))
    except DeploymentError as error:
        problems = error.problems
    assert all(problem.file == str(path) and problem.line for problem in problems)


def test_a_malformed_entry_does_not_make_its_key_unknown(problems_of: Problems) -> None:
    text = written(changed("severity: high", "severity: hihg"))
    assert len(problems_of(text + "    events: {payroll-logon: {threshold: 5}}\n")) == 1


def test_own_events_under_defaults_or_an_account_are_told_where_they_belong(problems_of: Problems) -> None:
    text = REST.replace("  packs", "  own_events: []\n  packs") + "    own_events_file: x.py\n"
    assert problems_of(text) == [
        "deployment.yaml:3: defaults.own_events: belongs at the top of the file, for all accounts",
        "deployment.yaml:9: accounts.a.own_events_file: belongs at the top of the file, for all accounts",
    ]


def test_in_python_a_record_can_be_given_itself(own: Callable[[str], SecurityEvent]) -> None:
    record = own(LEAST)
    deployment = Deployment.model_validate(
        {"own_events": [record], "accounts": {"a": {"id": "111111111111"}}}
    )
    assert deployment.own_events == (record,)
    assert deployment.known_events == (*EVENTS, record)
