"""Rules in the words of Sysmon, on records of events 4657 and 4688 as Windows writes them."""

import pytest

from catalog.model.prerequisite import Prerequisite
from catalog.samples.windows_event import windows_event
from catalog.sigma.conversion import conversion
from catalog.sigma.reading import SigmaError
from tests.catalog.sigma.conftest import RuleOf
from tests.catalog.sigma.test_rules import finds

RUN = r"\REGISTRY\MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Run"
SERVICE = r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\Updater"
CREATED, MODIFIED, DELETED = "%%1904", "%%1905", "%%1906"
TEXT, DWORD = "%%1873", "%%1876"


def value_of_key(key: str = RUN, name: str = "Updater", **values: str) -> str:
    fields = {"OperationType": CREATED, "NewValueType": TEXT, "NewValue": r"C:\a.exe", **values}
    return windows_event(4657, {"ObjectName": key, "ObjectValueName": name, **fields})


@pytest.mark.parametrize(
    ("test", "found", "missed"),
    [
        (
            r"TargetObject|contains: '\CurrentVersion\Run\'",
            value_of_key(),
            value_of_key(key=f"{RUN}Once"),
        ),
        (
            r"TargetObject: 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Updater'",
            value_of_key(),
            value_of_key(key=RUN.replace("MACHINE", "USER")),
        ),
        (r"TargetObject|endswith: '\Run\Updater'", value_of_key(), value_of_key(name="Updater2")),
        (
            r"TargetObject|startswith: 'HKU\S-1-5-21-1'",
            value_of_key(key=r"\REGISTRY\USER\S-1-5-21-1-2-3-500\Run"),
            value_of_key(key=r"\REGISTRY\USER\S-1-5-18\Run"),
        ),
        (
            r"TargetObject|startswith: 'HKCU\Software\'",
            value_of_key(key=r"\REGISTRY\USER\S-1-5-21-1-2-3-500\Software\Run"),
            value_of_key(key=r"\REGISTRY\MACHINE\Software\Run"),
        ),
        (
            r"TargetObject|startswith: 'HKLM\System\CurrentControlSet\Services\'",
            value_of_key(key=SERVICE),
            value_of_key(key=SERVICE.replace("ControlSet001", "Control")),
        ),
        (
            r"TargetObject|endswith: '\Run\(Default)'",
            value_of_key(name=""),
            value_of_key(name="Default"),
        ),
        (r"TargetObject|re: 'Run\\[A-Z]\w+$'", value_of_key(), value_of_key(name="updater")),
        (
            "Details: 'DWORD (0x00000441)'",
            value_of_key(NewValueType=DWORD, NewValue="1089"),
            value_of_key(NewValueType=TEXT, NewValue="1089"),
        ),
        ("Details|contains: DWORD", value_of_key(NewValueType=DWORD, NewValue="1"), value_of_key()),
        ("Details: 'Binary Data'", value_of_key(NewValueType="%%1875"), value_of_key()),
        ("Details: (Empty)", value_of_key(NewValue=""), value_of_key()),
        ("Details|endswith: .exe", value_of_key(), value_of_key(NewValue="a.dll")),
        (
            r"Image|endswith: \reg.exe",
            value_of_key(ProcessName=r"C:\reg.exe"),
            value_of_key(ProcessName="reg"),
        ),
        (
            "TargetObject|contains: Run",
            value_of_key(OperationType=MODIFIED),
            value_of_key(OperationType=DELETED),
        ),
    ],
    ids=lambda text: str(text)[:40],
)
def test_rule_on_a_value_that_is_set_finds_it(rule_of: RuleOf, test: str, found: str, missed: str) -> None:
    rule = rule_of(f"selection:\n  {test}\ncondition: selection", category="registry_set")
    assert finds(rule, found)
    assert not finds(rule, missed)


@pytest.mark.parametrize(
    ("category", "test", "operations"),
    [
        ("registry_set", "TargetObject|contains: Run", {CREATED, MODIFIED}),
        ("registry_delete", "TargetObject|contains: Run", {DELETED}),
        ("registry_event", "TargetObject|contains: Run", {CREATED, MODIFIED, DELETED}),
        ("registry_event", "EventType: SetValue", {CREATED, MODIFIED}),
        ("registry_event", "EventID: 13", {CREATED, MODIFIED}),
        ("registry_delete", "EventType: DeleteValue", {DELETED}),
    ],
)
def test_operations_are_compared_by_the_codes_that_windows_writes(
    rule_of: RuleOf, category: str, test: str, operations: set[str]
) -> None:
    rule = rule_of(f"selection:\n  {test}\ncondition: selection", category=category)
    codes = (CREATED, MODIFIED, DELETED)
    assert {code for code in codes if finds(rule, value_of_key(OperationType=code))} == operations


@pytest.mark.parametrize(
    ("category", "test", "problem"),
    [
        ("registry_add", "TargetObject|contains: Run", "needs Sysmon, since 4657 reports values and no keys"),
        ("registry_event", "EventType: CreateKey", "records with id 4657: they have no EventType"),
        ("registry_event", "EventID: 12", "records with id 4657: they have no EventID of Sysmon"),
        (
            "registry_set",
            "Details: 'DWORD (0x0000*'",
            "a part of DWORD .0x0000, where 4657 writes numbers in deci",
        ),
        (
            "registry_set",
            r"TargetObject|re: 'HKLM\\.*'",
            "on TargetObject with HKLM, which 4657 never writes",
        ),
    ],
)
def test_rule_that_4657_cannot_answer_is_refused(
    rule_of: RuleOf, category: str, test: str, problem: str
) -> None:
    with pytest.raises(SigmaError, match=problem):
        rule_of(f"selection:\n  {test}\ncondition: selection", category=category)


def test_rule_on_the_registry_needs_an_audit_entry(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  TargetObject|contains: Run\ncondition: selection", category="registry_set")
    assert conversion(rule.rule).prerequisites == (Prerequisite.OBJECT_AUDIT_ENTRY,)


def test_event_id_that_the_log_source_does_not_have_is_refused(rule_of: RuleOf) -> None:
    with pytest.raises(SigmaError, match="asks for event 1: the records of process_creation are 4688"):
        rule_of("selection:\n  EventID: 1\ncondition: selection", category="process_creation")


SYSTEM, USER = "S-1-5-18", "S-1-5-21-1-2-3-1104"


def process(creator: str, target: str = "S-1-0-0", target_name: str = "-") -> str:
    values = {"SubjectUserSid": creator, "TargetUserSid": target, "TargetUserName": target_name}
    return windows_event(4688, {**values, "NewProcessName": r"C:\a.exe"})


@pytest.mark.parametrize(
    ("test", "found", "missed"),
    [
        ("User|contains: [AUTHORI, AUTORI]", process(SYSTEM), process(USER)),
        (r"User: NT AUTHORITY\SYSTEM", process(USER, SYSTEM, "WEB-01$"), process(SYSTEM, USER, "sato")),
        (r"User|endswith: '\SYSTEM'", process(SYSTEM), process("S-1-5-19")),
        ("ParentUser|contains: AUTHORI", process(SYSTEM, USER, "sato"), process(USER, SYSTEM, "WEB-01$")),
        (
            "User|contains: AUTHORI",
            process(SYSTEM).replace("<Data Name='TargetUserName'>-</Data>", ""),
            process(USER).replace("<Data Name='TargetUserName'>-</Data>", ""),
        ),
    ],
)
def test_account_of_windows_is_compared_by_its_sid(
    rule_of: RuleOf, test: str, found: str, missed: str
) -> None:
    rule = rule_of(f"selection:\n  {test}\ncondition: selection", category="process_creation")
    assert finds(rule, found)
    assert not finds(rule, missed)


def test_account_of_a_domain_is_refused(rule_of: RuleOf) -> None:
    with pytest.raises(
        SigmaError, match=r"compares an account with EXAMPLE\\sato: 4688 has its name without"
    ):
        rule_of("selection:\n  User: 'EXAMPLE\\sato'\ncondition: selection", category="process_creation")
