"""What the validators find, each by one record that is wrong in one way; and nothing in the catalog."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from catalog import (
    EVENTS,
    AlarmDefaults,
    AuditSubcategory,
    Condition,
    Field,
    Pack,
    Provider,
    SecurityEvent,
    Severity,
    Volume,
    event,
)
from catalog.checks.validators import VALIDATORS, Finding, validate
from catalog.model.provider import SECURITY_EVENTLOG

CREATED = event("user-account-created")
WATCHED = event("object-handle-requested")


def changed(**fields: Any) -> SecurityEvent:
    return replace(CREATED, **fields)


def another(**fields: Any) -> SecurityEvent:
    """Return a record that differs from the account's creation in everything that must differ."""
    different = {
        "key": "computer-account-made",
        "event_id": 4741,
        "title": "Computer account made",
        "title_ja": "コンピューターアカウントの作成",
        "audit": AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
        "query_fields": (),
        "runbook": "Ask SubjectUserName which computer joined. Delete the account if nobody knows of it.",
        "runbook_ja": "SubjectUserName に、ドメインへの参加の理由を確認する。不明なら削除する。",
    }
    return changed(**(different | fields))


def found(name: str, *events: SecurityEvent) -> list[tuple[str, str]]:
    """Return the event and the field of each finding, all of which must be this validator's."""
    findings = validate(events)
    assert {finding.validator for finding in findings} <= {name}
    return [(finding.event, finding.field) for finding in findings]


def test_the_catalog_is_as_every_validator_wants_it() -> None:
    assert [str(finding) for finding in validate(EVENTS)] == []


def test_the_names_of_the_validators_are_a_contract() -> None:
    assert list(VALIDATORS) == [
        "unique-key",
        "unique-metric-name",
        "unique-pattern",
        "titles",
        "runbook",
        "known-field",
        "value-as-windows-writes-it",
        "known-subcategory",
        "severity-suits-alarm",
        "noisy-is-signal",
        "attack-technique",
        "reference",
        "pattern-length",
        "declared-overlap",
        "left-out-for-a-reason",
        "pack-fits-log-group",
        "baseline-suits-member-servers",
    ]


def test_two_records_that_differ_are_in_order() -> None:
    assert validate([CREATED, another()]) == ()


def test_a_finding_names_event_field_problem_remedy_and_validator() -> None:
    (finding,) = validate([changed(title="user account created")])
    assert finding == Finding(
        validator="titles",
        event="user-account-created",
        field="title",
        problem="it begins in lower case",
        remedy="begin with a capital",
    )
    assert str(finding) == (
        "user-account-created: title: it begins in lower case; begin with a capital [titles]"
    )


def test_all_findings_are_told_at_once() -> None:
    wrong = changed(title="user account created.", runbook_ja="確認する", attack=("T1136.001", "T1136.001"))
    assert {finding.validator for finding in validate([wrong])} == {"titles", "runbook", "attack-technique"}


def test_a_key_that_two_events_have_is_found_once() -> None:
    twice = [another(key=CREATED.key, published_metric_name="Windows-Computer"), CREATED]
    assert found("unique-key", *twice) == [(CREATED.key, "key")]


def test_a_metric_that_two_events_count_into_is_found() -> None:
    same = another(published_metric_name=CREATED.metric_name)
    assert found("unique-metric-name", CREATED, same) == [(same.key, "metric_name")]


def test_a_pattern_that_two_events_have_is_found_even_if_they_declare_it() -> None:
    same = another(event_id=4720, audit=CREATED.audit, overlaps=(CREATED.key,))
    assert found("unique-pattern", CREATED, same) == [(same.key, "where")]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "User account created."}, "title"),
        ({"title": "User account created and " + "so on and " * 10}, "title"),
        ({"title": "user account created"}, "title"),
        ({"title_ja": "ユーザーアカウント作成。"}, "title_ja"),
        ({"title_ja": "User account created"}, "title_ja"),
    ],
)
def test_a_title_is_short_is_no_sentence_and_is_in_its_language(fields: dict[str, str], field: str) -> None:
    assert found("titles", changed(**fields)) == [(CREATED.key, field)]


@pytest.mark.parametrize("field", ["title", "title_ja"])
def test_a_title_that_two_events_have_is_found(field: str) -> None:
    same = another(**{field: getattr(CREATED, field)})
    assert found("titles", CREATED, same) == [(same.key, field)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"runbook": "Ask somebody."}, "runbook"),
        ({"runbook": CREATED.runbook.rstrip(".")}, "runbook"),
        ({"runbook_ja": "確認する。"}, "runbook_ja"),
        ({"runbook_ja": CREATED.runbook_ja.rstrip("。")}, "runbook_ja"),
        ({"runbook_ja": "Ask SubjectUserName, and look at what else it did。"}, "runbook_ja"),
    ],
)
def test_a_runbook_says_enough_in_whole_sentences_of_its_language(fields: dict[str, str], field: str) -> None:
    assert found("runbook", changed(**fields)) == [(CREATED.key, field)]


@pytest.mark.parametrize("field", ["runbook", "runbook_ja"])
def test_a_runbook_that_two_events_have_is_found(field: str) -> None:
    same = another(**{field: getattr(CREATED, field)})
    assert found("runbook", CREATED, same) == [(same.key, field)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"where": (Field("TargetUserNane") == "x",)}, "where"),
        ({"query_fields": ("SubjectUserName", "LogonType")}, "query_fields"),
    ],
)
def test_a_field_that_the_event_does_not_have_is_found(fields: dict[str, Any], field: str) -> None:
    assert found("known-field", changed(**fields)) == [(CREATED.key, field)]


@pytest.mark.parametrize(
    ("event_id", "condition", "problem"),
    [
        (4625, Field("SubStatus") == "0xC0000072", 'Windows writes "0xc0000072"'),
        (4719, Field("SubcategoryGuid") == "{0CCE9215-69AE-11D9-BED3-505054503030}", '"{0cce9215-'),
        (4656, Field("ObjectType") != "key", 'Windows writes "Key"'),
        (4624, Field("LogonProcessName") == "User32", 'Windows writes "User32 "'),
        (4688, Field("NewProcessName").starts_with(r"c:\windows\system32"), r'"C:\Windows\System32"'),
        (5136, Field("AttributeLDAPDisplayName") == "ntSecurityDescriptor", '"nTSecurityDescriptor"'),
        (4624, Field("TargetUserName") == "svc-*", 'write {starts_with: "svc-"}'),
        (4624, Field("TargetUserName") != "*$", 'write {ends_with: "$"}'),
        (4624, Field("TargetUserName") == "*admin*", 'write {contains: "admin"}'),
        (4624, Field("TargetUserName") == "^svc-.*$", 'write {starts_with: "svc-"}'),
        (4624, Field("TargetUserName") == r"EXAMPLE\sato", "write sato"),
        (4624, Field("IpAddress") == "10.0.0.0/8", "{cidr: 10.0.0.0/8}"),
    ],
)
def test_a_value_that_no_record_has_is_found_with_what_would_be_right(
    event_id: int, condition: Condition, problem: str
) -> None:
    wrong = changed(event_id=event_id, where=(condition,), audit=None, query_fields=())
    (finding,) = [f for f in validate([wrong]) if f.validator == "value-as-windows-writes-it"]
    assert problem in finding.problem


LOGON = "0cce9215-69ae-11d9-bed3-505054503030"


@pytest.mark.parametrize(
    ("event_id", "condition"),
    [
        (4719, Field("SubcategoryGuid").one_of(f"{{{LOGON.upper()}}}", f"{{{LOGON}}}")),
        (5140, Field("ShareName") == r"\\*\Finance"),
        (5379, Field("TargetName") == "MicrosoftOffice16_Data:SSPI:*"),
        (4738, Field("NewUacValue") == "0xA10"),
        (4688, Field("CommandLine") == "dir *"),
        (4674, Field("AccessMask") == "%%1537"),
    ],
)
def test_a_value_that_a_record_can_have_is_in_order(event_id: int, condition: Condition) -> None:
    right = changed(event_id=event_id, where=(condition,), audit=None, query_fields=())
    assert not [f for f in validate([right]) if f.validator == "value-as-windows-writes-it"]


def test_a_provider_that_is_spelt_otherwise_is_found() -> None:
    misspelt = another(provider=Provider("Netlogon", channel="System"), audit=None)
    assert found("value-as-windows-writes-it", misspelt) == [("computer-account-made", "provider")]


def test_a_misspelt_field_is_answered_with_the_nearest() -> None:
    (finding,) = validate([changed(where=(Field("TargetUserNane") == "x",))])
    assert finding.problem == "event 4720 has no field TargetUserNane; did you mean TargetUserName?"


def test_a_field_that_is_like_none_of_the_event_is_answered_with_all_of_them() -> None:
    (finding,) = validate([changed(where=(Field("Zzz") == "x",))])
    assert finding.problem.startswith("event 4720 has no field Zzz; it has TargetUserName, ")


def test_fields_of_an_event_that_is_not_known_are_taken_as_they_are() -> None:
    unknown = changed(event_id=60000, where=(Field("Anything") == "x",), audit=None)
    assert validate([unknown]) == ()


@pytest.mark.parametrize(
    ("fields", "remedy"),
    [
        ({"audit": AuditSubcategory.LOGON}, "take USER_ACCOUNT_MANAGEMENT"),
        ({"audit": None}, "add audit: USER_ACCOUNT_MANAGEMENT"),
        (
            {"event_id": 4663, "query_fields": ()},
            "take FILE_SYSTEM or KERNEL_OBJECT or REGISTRY or REMOVABLE_STORAGE",
        ),
        (
            {"event_id": 1102, "provider": SECURITY_EVENTLOG, "query_fields": ()},
            "take None: Windows always writes it",
        ),
        ({"event_id": 4826, "query_fields": ()}, "take None: Windows always writes it"),
    ],
)
def test_an_audit_subcategory_that_does_not_write_the_event_is_found(
    fields: dict[str, Any], remedy: str
) -> None:
    (finding,) = validate([changed(**fields)])
    assert (finding.validator, finding.field, finding.remedy) == ("known-subcategory", "audit", remedy)


def test_an_event_without_the_subcategory_that_it_needs_is_told_so() -> None:
    (finding,) = validate([changed(audit=None)])
    assert finding.problem == "event 4720 is written only with an audit subcategory"


@pytest.mark.parametrize(
    ("severity", "alarm"),
    [
        (Severity.CRITICAL, None),
        (Severity.HIGH, None),
        (Severity.INFORMATIONAL, AlarmDefaults()),
    ],
)
def test_severity_and_alarm_belong_together(severity: Severity, alarm: AlarmDefaults | None) -> None:
    assert found("severity-suits-alarm", changed(severity=severity, alarm=alarm)) == [(CREATED.key, "alarm")]


@pytest.mark.parametrize(
    ("volume", "alarm", "noisy"),
    [
        (Volume.HIGH, AlarmDefaults(threshold=69, period=300), True),
        (Volume.HIGH, AlarmDefaults(threshold=70, period=300), False),
        (Volume.MEDIUM, AlarmDefaults(threshold=1, period=300), True),
        (Volume.LOW, AlarmDefaults(threshold=1, period=300), False),
        (Volume.LOW, AlarmDefaults(threshold=10, period=86_400), True),
    ],
)
def test_an_alarm_that_one_busy_server_would_ring_every_day_is_found(
    volume: Volume, alarm: AlarmDefaults, noisy: bool
) -> None:
    events = changed(volume=volume, alarm=alarm, packs=())
    assert found("noisy-is-signal", events) == ([(CREATED.key, "alarm")] if noisy else [])


@pytest.mark.parametrize("attack", [(), ("T1136.001", "T1136.001")])
def test_an_alarm_without_a_technique_or_with_one_twice_is_found(attack: tuple[str, ...]) -> None:
    assert found("attack-technique", changed(attack=attack)) == [(CREATED.key, "attack")]


def test_a_reference_that_no_browser_opens_is_found() -> None:
    assert found("reference", changed(reference="event-4720.md")) == [(CREATED.key, "reference")]


def test_a_pattern_that_leaves_no_room_for_a_path_is_found() -> None:
    wide = replace(WATCHED, where=(*WATCHED.where, Field("ProcessName") == "x" * 800))
    assert found("pattern-length", WATCHED) == []
    assert found("pattern-length", wide) == [(WATCHED.key, "where")]


def test_events_that_may_find_the_same_record_must_say_so() -> None:
    wide = another(event_id=4720, audit=CREATED.audit, where=(Field("SubjectUserName") == "x",))
    assert found("declared-overlap", CREATED, wide) == [(wide.key, "overlaps")]


@pytest.mark.parametrize("declaring", ["first", "second"])
def test_an_overlap_is_declared_by_either_of_two_events(declaring: str) -> None:
    wide = another(event_id=4720, audit=CREATED.audit, where=(Field("SubjectUserName") == "x",))
    first, second = CREATED, wide
    if declaring == "first":
        first = replace(first, overlaps=(second.key,))
    else:
        second = replace(second, overlaps=(first.key,))
    assert validate([first, second]) == ()


@pytest.mark.parametrize("overlaps", [("user-account-created",), ("user-account-craeted",)])
def test_an_overlap_with_itself_or_with_no_event_is_found(overlaps: tuple[str, ...]) -> None:
    assert found("declared-overlap", changed(overlaps=overlaps)) == [(CREATED.key, "overlaps")]


def in_packs(number: int, *packs: Pack) -> Iterable[SecurityEvent]:
    for index in range(number):
        yield another(
            key=f"computer-account-made-{packs[0].value}-{index}",
            title=f"Computer account {packs[0].value} {index}",
            title_ja=f"コンピューターアカウント {packs[0].value} {index}",
            runbook=f"{index} {packs[0].value} {CREATED.runbook}",
            runbook_ja=f"{index} {packs[0].value} {CREATED.runbook_ja}",
            where=(Field("TargetUserName") == f"{packs[0].value}-{index}",),
            packs=packs,
        )


def test_what_an_event_excludes_and_no_other_finds_needs_a_reason() -> None:
    excluding = changed(where=(Field("SubjectUserName") != "svc-provisioning",))
    assert found("left-out-for-a-reason", excluding) == [("user-account-created", "where")]


def test_what_an_event_excludes_may_be_found_by_another_of_its_id() -> None:
    excluding = changed(where=(Field("SubjectUserSid").none_of("S-1-5-18", "S-1-5-19"),))
    by_windows = (Field("SubjectUserSid").starts_with("S-1-5-1"),)
    complement = replace(CREATED, key="created-by-windows", where=by_windows)
    findings = [f for f in validate([excluding, complement]) if f.validator == "left-out-for-a-reason"]
    assert findings == []


def test_the_event_with_which_a_pack_outgrows_a_log_group_is_found_once() -> None:
    assert found("pack-fits-log-group", *in_packs(100, Pack.ARTICLE)) == []
    assert found("pack-fits-log-group", *in_packs(102, Pack.ARTICLE)) == [
        ("computer-account-made-article-100", "packs")
    ]


def test_packs_that_one_server_needs_together_must_fit_together() -> None:
    baseline = in_packs(60, Pack.BASELINE)
    (finding,) = validate([*baseline, *in_packs(60, Pack.DOMAIN_CONTROLLER)])
    assert finding.validator == "pack-fits-log-group"
    assert "baseline and domain-controller need more than 100 metric filters" in finding.problem


@pytest.mark.parametrize(
    "fields", [{"domain_controllers_only": True}, {"volume": Volume.MEDIUM, "alarm": None}]
)
def test_what_is_frequent_or_on_domain_controllers_only_is_not_for_the_baseline(
    fields: dict[str, Any],
) -> None:
    wrong = changed(**fields, packs=(Pack.BASELINE,))
    assert found("baseline-suits-member-servers", wrong) == [(CREATED.key, "packs")]
