"""A rule's modifiers, on records of Windows: by the oracle, by the query, and by patterns."""

import pytest

from catalog.filter_pattern import matches
from catalog.model.record import windows_record
from catalog.samples.windows_event import windows_event
from catalog.sigma.clause import clause
from catalog.sigma.located import LocatedRule
from catalog.sigma.oracle import holds
from catalog.sigma.patterns import Claim, rule_patterns
from catalog.sigma.reading import SigmaError
from local_aws.insights import parse_query
from tests.catalog.sigma.conftest import RuleOf


def finds(rule: LocatedRule, message: str) -> bool:
    """Return whether a rule finds a record; the oracle and the query must agree."""
    meant = holds(rule.expression, windows_record(message))
    query = parse_query("\n| ".join(("fields @timestamp", *clause(rule.expression).commands)))
    assert bool(query.run([{"@timestamp": 1.0, "@message": message}])) is meant
    return meant


def process(command: str = "", **values: str) -> str:
    return windows_event(4688, {"CommandLine": command, **values})


@pytest.mark.parametrize(
    ("test", "found", "missed"),
    [
        ("CommandLine: whoami", "WHOAMI", "whoami /all"),
        ("CommandLine|contains: ' /all'", "whoami /ALL x", "whoami /al"),
        ("CommandLine|startswith: net", "NET use", "a net use"),
        ("CommandLine|endswith: '.ps1'", "run A.PS1", "run a.ps1 x"),
        ("CommandLine|contains|all: ['-a', '-b']", "x -b -a", "x -a"),
        ("CommandLine|contains: ['-a', '-b']", "x -b", "x -c"),
        (r"CommandLine|re: 'e[nv]{2}c\s+\w{3,}'", "-envc abcd", "-ENVC abcd"),
        (r"CommandLine|re|i: 'e[nv]{2}c\s+\w{3,}'", "-ENVC abcd", "-envc ab"),
        ("CommandLine|re: 'a.&.b'", "a<&>b", "a&b"),
        ("CommandLine|contains|windash: ' -exec'", "find /exec", "find exec"),
        ("CommandLine|base64offset|contains: 'http'", "x aHR0c y", "x http y"),
        ("CommandLine|cased: Whoami", "Whoami", "whoami"),
        ("CommandLine: 'cmd?exe'", "cmd&exe", "cmdexe"),
        ("CommandLine: 'a*b*c'", "a--b--c", "a--c--b"),
        (r"CommandLine: 'C:\\*\*'", r"C:\*", r"C:\x"),
        ("CommandLine: '<&>'", "<&>", "&lt;"),
    ],
    ids=lambda text: str(text)[:30],
)
def test_a_modifier_finds_what_it_means(rule_of: RuleOf, test: str, found: str, missed: str) -> None:
    rule = rule_of(f"selection:\n  {test}\ncondition: selection", category="process_creation")
    assert finds(rule, process(found))
    assert not finds(rule, process(missed))


def test_a_number_is_compared_as_a_number(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4625\n  KeyLength|gte: 10\ncondition: selection")
    assert finds(rule, windows_event(4625, {"KeyLength": "128"}))
    assert not finds(rule, windows_event(4625, {"KeyLength": "9"}))
    assert not finds(rule, windows_event(4625, {"KeyLength": "-"}))


def test_a_field_exists_even_if_it_is_empty(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4688\n  CommandLine|exists: true\ncondition: selection")
    assert finds(rule, process(""))
    assert not finds(rule, process("").replace("<Data Name='CommandLine'></Data>", ""))


def test_an_address_is_looked_for_in_its_subnet(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4625\n  IpAddress|cidr: 10.0.0.0/8\ncondition: selection")
    assert finds(rule, windows_event(4625, {"IpAddress": "10.1.2.3"}))
    assert not finds(rule, windows_event(4625, {"IpAddress": "11.1.2.3"}))
    assert not finds(rule, windows_event(4625, {"IpAddress": "-"}))


def test_a_field_is_compared_with_another(rule_of: RuleOf) -> None:
    rule = rule_of(
        "selection:\n  EventID: 4624\n  SubjectUserName|fieldref: TargetUserName\ncondition: selection"
    )
    assert finds(rule, windows_event(4624, {"SubjectUserName": "Sato", "TargetUserName": "sato"}))
    assert not finds(rule, windows_event(4624, {"SubjectUserName": "sato", "TargetUserName": "suzuki"}))


def test_null_is_an_absent_or_an_empty_field(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4688\n  CommandLine: null\ncondition: selection")
    assert finds(rule, process(""))
    assert not finds(rule, process("x"))


def test_a_keyword_is_found_in_any_value(rule_of: RuleOf) -> None:
    rule = rule_of("keywords:\n  - mimikatz\nselection:\n  EventID: 4688\ncondition: keywords and selection")
    assert finds(rule, process("run MIMIKATZ.exe"))
    assert not finds(rule, process("run it"))


@pytest.mark.parametrize(
    ("condition", "command", "found"),
    [
        ("1 of selection_*", "a", True),
        ("1 of selection_*", "x", False),
        ("all of selection_*", "a", False),
        ("all of selection_*", "ab", True),
        ("selection_one and not selection_two", "a", True),
        ("selection_one and not selection_two", "ab", False),
        ("not 1 of selection_*", "x", True),
    ],
)
def test_a_condition_joins_selections(rule_of: RuleOf, condition: str, command: str, found: bool) -> None:
    rule = rule_of(
        f"""
        selection_one:
          CommandLine|contains: a
        selection_two:
          CommandLine|contains: b
        condition: {condition}
        """,
        category="process_creation",
    )
    assert finds(rule, process(command)) is found


def test_the_id_of_another_event_in_a_record_is_no_id(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4720\ncondition: selection")
    failure = process().replace("<EventID>4688<", "<EventID>1108<")
    assert not finds(rule, failure.replace("</EventData>", "<EventID>4720</EventID></EventData>"))


def test_an_integrity_level_is_a_sid_in_4688(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  IntegrityLevel: System\ncondition: selection", category="process_creation")
    assert finds(rule, process(MandatoryLabel="S-1-16-16384"))


def test_a_value_is_compared_as_windows_spells_it(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4624\n  LogonProcessName: Advapi\ncondition: selection")
    assert finds(rule, windows_event(4624, {"LogonProcessName": "Advapi  "}))


@pytest.mark.parametrize(
    ("detection", "claim", "pattern"),
    [
        (
            "EventID: 4732\n  TargetSid: S-1-5-32-544",
            Claim.EXACT,
            '"<EventID>4732</EventID>" "<Data Name=\'TargetSid\'>S-1-5-32-544</Data>"',
        ),
        (
            "EventID: 4625\n  SubStatus: '0xC0000072'",
            Claim.EXACT,
            '"<EventID>4625</EventID>" "<Data Name=\'SubStatus\'>0xc0000072</Data>"',
        ),
        (
            "EventID: 4624\n  TargetUserName|endswith: $",
            Claim.EXACT,
            '"<EventID>4624</EventID>" "$</Data><Data Name=\'TargetDomainName\'>"',
        ),
        (
            "EventID: 4732\n  TargetSid: S-1-5-32-544\n  SubjectUserName: admin",
            Claim.NEVER_MISSES,
            '"<EventID>4732</EventID>" "<Data Name=\'TargetSid\'>S-1-5-32-544</Data>"',
        ),
    ],
)
def test_a_pattern_has_a_claim(rule_of: RuleOf, detection: str, claim: Claim, pattern: str) -> None:
    found = rule_patterns(rule_of(f"selection:\n  {detection}\ncondition: selection"))
    assert (found.claim, found.patterns) == (claim, (pattern,))


def test_a_case_sensitive_pattern_is_made_on_request_only(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4698\n  TaskName: '\\Updater'\ncondition: selection")
    with pytest.raises(SigmaError, match="nothing to filter by but the event id: TaskName"):
        rule_patterns(rule)
    assert rule_patterns(rule, accept_case=True).claim is Claim.CASE_SENSITIVE


def test_a_wide_exclusion_is_left_out(rule_of: RuleOf) -> None:
    found = rule_patterns(
        rule_of(
            "selection:\n  EventID: 4732\n  TargetSid: S-1-5-32-544\n"
            "filter:\n  MemberName|contains: svc\ncondition: selection and not filter"
        )
    )
    assert not any(" -" in pattern for pattern in found.patterns)
    assert found.left_out == ("MemberName",)


def test_an_exclusion_in_another_case_misses_nothing(rule_of: RuleOf) -> None:
    rule = rule_of(
        "selection:\n  EventID: 4732\n  TargetSid: S-1-5-32-544\n"
        "filter:\n  SubjectUserName: Svc\ncondition: selection and not filter"
    )
    (pattern,) = rule_patterns(rule).patterns
    assert matches(pattern, windows_event(4732, {"TargetSid": "S-1-5-32-544", "SubjectUserName": "svc"}))
    assert not matches(pattern, windows_event(4732, {"TargetSid": "S-1-5-32-544", "SubjectUserName": "Svc"}))


@pytest.mark.parametrize(
    ("source", "detection", "problem"),
    [
        ({"category": "image_load"}, "ImageLoaded: a", "needs Sysmon"),
        ({"service": "ldap"}, "EventID: 30", "a debug log"),
        ({"service": "unheard-of"}, "EventID: 1", "log source unheard-of, which is not known"),
        (
            {"category": "process_creation"},
            "OriginalFileName: a.exe",
            "none of the records with id 4688: they have no OriginalFileName",
        ),
        (
            {"service": "security"},
            "EventID: 4720\n  TargetUserNme: a",
            "no TargetUserNme; did you mean TargetUserName",
        ),
        (
            {"service": "security"},
            "EventID: 4720\n  TargetUserName|expand: '%admins%'",
            r"has the placeholder admins: give its values, .* 'placeholders: \{admins: \[\.\.\.\]\}' beside "
            "'rules', and on the command line as '--placeholder admins=VALUE'",
        ),
        (
            {"service": "security"},
            "EventID: 4720\n  TargetUserName|re|expand: '^%admins%$'",
            "placeholder admins",
        ),
        ({"category": "process_creation"}, "CommandLine|re: 'a(?=b)'", "invalid perl operator"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_a_sentence(
    rule_of: RuleOf, source: dict[str, str], detection: str, problem: str
) -> None:
    with pytest.raises(SigmaError, match=problem):
        rule_of(f"selection:\n  {detection}\ncondition: selection", **source)


@pytest.mark.parametrize(
    ("test", "found", "missed"),
    [
        ("TargetUserName|expand: '%admins%'", "adm-sato", "x-adm-sato"),
        ("TargetUserName|expand: '%admins%'", "Root", "toor"),
        ("TargetUserName|startswith|expand: '%admins%'", "root2", "2root"),
        ("TargetUserName|cased|expand: '%admins%'", "root", "Root"),
        ("TargetUserName|expand: ['other', 'x%admins%y']", "xrooty", "root"),
        ("TargetUserName|re|expand: '^%admins%[0-9]$'", "root1", "root"),
    ],
)
def test_placeholder_stands_for_each_of_its_values(
    rule_of: RuleOf, test: str, found: str, missed: str
) -> None:
    detection = f"selection:\n  EventID: 4720\n  {test}\ncondition: selection"
    rule = rule_of(detection, placeholders={"admins": ["root", "adm-*"]})
    assert rule.rule.placeholders == ("admins",)
    assert finds(rule, windows_event(4720, {"TargetUserName": found}))
    assert not finds(rule, windows_event(4720, {"TargetUserName": missed}))


def test_an_alternative_that_no_record_can_meet_is_named(rule_of: RuleOf) -> None:
    rule = rule_of(
        "one:\n  Image|endswith: a.exe\ntwo:\n  OriginalFileName: a.exe\ncondition: one or two",
        category="process_creation",
    )
    assert rule.missing == ("OriginalFileName",)
    assert finds(rule, process(NewProcessName=r"C:\a.exe"))
