"""How Windows spells the values of data fields."""

import pytest

from catalog.model.provider import SECURITY_AUDITING
from catalog.model.spelling import provider_spelling, windows_spelling

AUDITING = SECURITY_AUDITING.name


@pytest.mark.parametrize(
    ("event_id", "field", "value", "spelling"),
    [
        (4625, "Status", "0xC0000072", "0xc0000072"),
        (4625, "Status", "0x00000000", "0x0"),
        (4769, "TicketEncryptionType", "0x00000017", "0x17"),
        (4656, "AccessMask", "0x1F0FFF", "0x1f0fff"),
        (4656, "AccessMask", "1f0fff", "0x1f0fff"),
        (4738, "NewUacValue", "0xa10", "0xA10"),
        (4624, "LogonType", "0x3", "3"),
        (4624, "LogonType", "03", "3"),
        (
            4719,
            "SubcategoryGuid",
            "0CCE9215-69AE-11D9-BED3-505054503030",
            "{0cce9215-69ae-11d9-bed3-505054503030}",
        ),
        (4662, "ObjectType", "domainDNS", "%{19195a5b-6da0-11d0-afd3-00c04fd930c9}"),
        (
            4662,
            "ObjectType",
            "BF967ABA-0DE6-11D0-A285-00AA003049E2",
            "%{bf967aba-0de6-11d0-a285-00aa003049e2}",
        ),
        (4672, "SubjectUserSid", "s-1-5-18", "S-1-5-18"),
        (4624, "LogonProcessName", "advapi", "Advapi  "),
        (4624, "LogonProcessName", "Advapi  ", "Advapi  "),
        (4624, "ElevatedToken", "Yes", "%%1842"),
        (4688, "TokenElevationType", "TokenElevationTypeFull (2)", "%%1937"),
        (4657, "OperationType", "Registry value deleted", "%%1906"),
        (5136, "OperationType", "Value Added", "%%14674"),
        (4704, "PrivilegeList", "seDebugPrivilege", "SeDebugPrivilege"),
        (5145, "ShareName", "admin$", r"\\*\ADMIN$"),
        (4688, "NewProcessName", r"c:\windows\system32\CMD.EXE", r"C:\Windows\System32\cmd.exe"),
        (4688, "NewProcessName", r"C:\WINDOWS\SysWow64\taskmgr.exe", r"C:\Windows\SysWOW64\Taskmgr.exe"),
        (4688, "NewProcessName", r"C:\Windows\System32\Concat.exe", r"C:\Windows\System32\Concat.exe"),
        (4769, "IpAddress", "10.0.0.5", "::ffff:10.0.0.5"),
        (4624, "IpAddress", "::ffff:10.0.0.5", "10.0.0.5"),
        (4624, "IpAddress", "FE80:0::1", "fe80::1"),
        (5136, "AttributeLDAPDisplayName", "ntSecurityDescriptor", "nTSecurityDescriptor"),
    ],
)
def test_a_value_is_spelt_as_windows_does(event_id: int, field: str, value: str, spelling: str) -> None:
    assert windows_spelling(AUDITING, event_id, field, value) == spelling


@pytest.mark.parametrize(
    ("event_id", "field", "value"),
    [
        (4624, "TargetUserName", "ADMINISTRATOR"),
        (4624, "LogonProcessName", "Another"),
        (4674, "AccessMask", "0xFF"),
        (60000, "Anything", "x"),
    ],
)
def test_a_value_whose_spelling_is_not_known_has_none(event_id: int, field: str, value: str) -> None:
    assert windows_spelling(AUDITING, event_id, field, value) is None


@pytest.mark.parametrize(
    ("event_id", "field", "value", "spelling"),
    [
        (4625, "Status", "0xC00000", "0xc00000"),
        (4656, "ObjectType", "sam_d", "SAM_D"),
        (4688, "NewProcessName", r"\wmiprvse.exe", r"\WmiPrvSE.exe"),
        (4662, "Properties", "1131F6AD-9C07-11D1-F79F-00C04FC2DCD2", "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"),
        (4728, "TargetSid", "-512", None),
        (4656, "ObjectType", "s", None),
    ],
)
def test_a_piece_of_a_value_keeps_its_length(
    event_id: int, field: str, value: str, spelling: str | None
) -> None:
    assert windows_spelling(AUDITING, event_id, field, value, part=True) == spelling


def test_a_field_is_looked_up_for_its_provider() -> None:
    assert windows_spelling("Service Control Manager", 7045, "AccountName", "localsystem") == "LocalSystem"
    assert windows_spelling(AUDITING, 7045, "AccountName", "localsystem") is None


def test_a_providers_name_is_spelt_as_in_its_records() -> None:
    assert provider_spelling("NetLogon") == "NETLOGON"
    assert provider_spelling("Of Our Own") is None
