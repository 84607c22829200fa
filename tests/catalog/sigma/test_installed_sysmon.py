"""Rules on the records of Sysmon, where it is installed."""

import pytest

from catalog.model.event_fields import fields_of
from catalog.model.prerequisite import Prerequisite
from catalog.model.provider import SYSMON
from catalog.samples.windows_event import windows_event
from catalog.sigma.conversion import conversion
from catalog.sigma.reading import RuleOptions, SigmaError
from tests.catalog.sigma.conftest import RuleOf
from tests.catalog.sigma.test_rules import finds


def record(event_id: int, **values: str) -> str:
    return windows_event(event_id, values, provider=SYSMON)


PROCESS = record(
    1,
    Image=r"C:\Temp\renamed.exe",
    OriginalFileName="PSEXEC.exe",
    ParentCommandLine="cmd.exe /c renamed.exe",
    User=r"NT AUTHORITY\SYSTEM",
    Hashes="MD5=0A1B,SHA256=2C3D,IMPHASH=4E5F",
)
RUN = r"HKU\S-1-5-21-1-2-3-500\Software\Microsoft\Windows\CurrentVersion\Run\Updater"


@pytest.mark.parametrize(
    ("category", "test", "found", "missed"),
    [
        ("process_creation", "OriginalFileName: psexec.exe", PROCESS, record(1, OriginalFileName="cmd.exe")),
        (
            "process_creation",
            "OriginalFileName: psexec.exe",
            PROCESS,
            record(7, OriginalFileName="psexec.exe"),
        ),
        ("process_creation", "ParentCommandLine|contains: ' /c '", PROCESS, record(1, CommandLine="a /c b")),
        ("process_creation", r"User: NT AUTHORITY\SYSTEM", PROCESS, record(1, User=r"EXAMPLE\sato")),
        ("process_creation", "imphash: 4e5f", PROCESS, record(1, Hashes="MD5=4E5F,IMPHASH=00")),
        ("process_creation", "Hashes|contains: IMPHASH=4E5F", PROCESS, record(1, Hashes="IMPHASH=00")),
        ("process_creation", "EventID: 1", PROCESS, record(5)),
        (
            "registry_set",
            r"TargetObject|startswith: HKCU\Software",
            record(13, TargetObject=RUN),
            record(13, TargetObject=r"HKLM\Software\Run"),
        ),
        (
            "registry_set",
            r"TargetObject: HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\a\ImagePath",
            record(13, TargetObject=r"HKLM\System\CurrentControlSet\Services\a\ImagePath"),
            record(12, TargetObject=r"HKLM\System\CurrentControlSet\Services\a\ImagePath"),
        ),
        (
            "registry_set",
            "Details: DWORD (0x00000001)",
            record(13, Details="DWORD (0x00000001)"),
            record(13, Details="1"),
        ),
        (
            "registry_delete",
            "TargetObject|contains: Run",
            record(12, EventType="DeleteKey", TargetObject=RUN),
            record(12, EventType="CreateKey", TargetObject=RUN),
        ),
        (
            "registry_add",
            "TargetObject|contains: Run",
            record(12, EventType="CreateKey", TargetObject=RUN),
            record(12, EventType="DeleteValue", TargetObject=RUN),
        ),
        (
            "registry_event",
            "EventID: 12\n  TargetObject|contains: Run",
            record(12, TargetObject=RUN),
            record(13, TargetObject=RUN),
        ),
        (
            "registry_event",
            "TargetObject|contains: Run",
            record(14, TargetObject=RUN),
            record(11, TargetObject=RUN),
        ),
        ("pipe_created", r"PipeName: \a", record(18, PipeName=r"\a"), record(19, PipeName=r"\a")),
        (
            "network_connection",
            "Initiated: 'true'\n  DestinationIp|cidr: 10.0.0.0/8",
            record(3, Initiated="true", DestinationIp="10.1.2.3"),
            record(3, Initiated="false", DestinationIp="10.1.2.3"),
        ),
        (
            "dns_query",
            "QueryName|endswith: .onion",
            record(22, QueryName="a.onion"),
            record(22, QueryName="a"),
        ),
        ("image_load", "Signed: 'false'", record(7, Signed="false"), record(7, Signed="true")),
    ],
)
def test_rule_finds_the_records_of_sysmon(
    rule_of: RuleOf, category: str, test: str, found: str, missed: str
) -> None:
    rule = rule_of(f"selection:\n  {test}\ncondition: selection", category=category, sysmon=True)
    assert finds(rule, found)
    assert not finds(rule, missed)


def test_rule_on_sysmon_itself_finds_its_records(rule_of: RuleOf) -> None:
    detection = "selection:\n  EventID: 16\ncondition: selection"
    rule = rule_of(detection, service="sysmon", sysmon=True)
    assert finds(rule, record(16, Configuration="a.xml"))


@pytest.mark.parametrize(
    ("category", "test", "problem"),
    [
        ("file_event", "CommandLine: a", "with id 11: they have no CommandLine"),
        ("process_creation", "ParentImge: a", "no ParentImge; did you mean ParentImage"),
        ("process_creation", "EventID: 4688", "asks for event 4688: the records of process_creation are 1"),
        ("pipe_created", "EventID: 19", "asks for event 19: the records of pipe_created are 17, 18"),
    ],
)
def test_rule_that_no_record_of_sysmon_can_match_is_refused(
    rule_of: RuleOf, category: str, test: str, problem: str
) -> None:
    with pytest.raises(SigmaError, match=problem):
        rule_of(f"selection:\n  {test}\ncondition: selection", category=category, sysmon=True)


def test_field_that_only_sysmon_writes_names_the_setting(rule_of: RuleOf) -> None:
    with pytest.raises(SigmaError, match="no ParentCommandLine, which Sysmon writes: where it is installed"):
        rule_of("selection:\n  ParentCommandLine: a\ncondition: selection", category="process_creation")


def test_rule_on_the_records_of_sysmon_needs_it(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  Image: a\ncondition: selection", category="process_creation", sysmon=True)
    assert conversion(rule.rule, RuleOptions(sysmon=True)).prerequisites == (Prerequisite.SYSMON,)


def test_rule_on_what_windows_writes_itself_stays_there(rule_of: RuleOf) -> None:
    rule = rule_of("selection:\n  EventID: 4720\ncondition: selection", sysmon=True)
    assert rule.source.channels == ("Security",)


def test_every_event_of_sysmon_has_known_fields() -> None:
    assert all(fields_of(SYSMON.name, event_id) for event_id in (*range(1, 30), 255))
