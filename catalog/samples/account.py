"""Sample events of the family account."""

from catalog.samples import Samples
from catalog.samples.windows_event import DOMAIN_SID, SYSTEM_SUBJECT, windows_event

GUEST = f"{DOMAIN_SID}-501"


def changed(options: str = "-", **values: str) -> str:
    """Return a record of a changed user account with these changes of its options."""
    return windows_event(4738, {"AllowedToDelegateTo": "-", "UserAccountControl": options, **values})


def computer_changed(**values: str) -> str:
    return windows_event(4742, {"TargetUserName": "WEB-01$", "AllowedToDelegateTo": "-", **values})


SAMPLES = {
    "user-account-created": Samples(
        matching={
            "by an administrator": windows_event(4720, {"SamAccountName": "suzuki"}),
            "by SYSTEM": windows_event(4720, SYSTEM_SUBJECT),
            "with a name that needs escaping": windows_event(4720, {"TargetUserName": "R&D <team>"}),
        },
        not_matching={
            "enabled": windows_event(4722),
            "a computer": windows_event(4741),
            "the id as a name": windows_event(4722, {"TargetUserName": "4720"}),
        },
    ),
    "user-account-enabled": Samples(
        matching={"by an administrator": windows_event(4722)},
        not_matching={
            "disabled": windows_event(4725),
            "created": windows_event(4720),
            "changed to enabled": changed("\n\t\t%%2048"),
        },
    ),
    "guest-account-enabled": Samples(
        matching={
            "under its name": windows_event(4722, {"TargetSid": GUEST, "TargetUserName": "Guest"}),
            "on a German server": windows_event(4722, {"TargetSid": GUEST, "TargetUserName": "Gast"}),
        },
        not_matching={
            "another account of that name": windows_event(4722, {"TargetUserName": "Guest"}),
            "an account whose number ends alike": windows_event(4722, {"TargetSid": f"{DOMAIN_SID}-1501"}),
            "disabled": windows_event(4725, {"TargetSid": GUEST}),
        },
    ),
    "user-password-change-attempted": Samples(
        matching={
            "a success": windows_event(4723),
            "a failure": windows_event(4723, failure=True),
        },
        not_matching={
            "a reset by another": windows_event(4724),
            "the account changed": changed(PasswordLastSet="5/5/2026 11:12:37 PM"),
        },
    ),
    "user-password-reset-attempted": Samples(
        matching={
            "a success": windows_event(4724),
            "a failure": windows_event(4724, failure=True),
        },
        not_matching={
            "a change by the account itself": windows_event(4723),
            "disabled, the id after": windows_event(4725, record_id=4724),
        },
    ),
    "user-account-disabled": Samples(
        matching={"by an administrator": windows_event(4725)},
        not_matching={
            "enabled": windows_event(4722),
            "locked": windows_event(4740),
            "a logon of a disabled account": windows_event(
                4625, {"FailureReason": "%%2310", "LogonType": "3"}
            ),
        },
    ),
    "user-account-deleted": Samples(
        matching={"by an administrator": windows_event(4726)},
        not_matching={
            "a computer": windows_event(4743),
            "a group": windows_event(4734),
            "disabled, the id before": windows_event(4725, {"SubjectLogonId": "0x4726"}),
        },
    ),
    "user-account-locked-out": Samples(
        matching={
            "from a client": windows_event(4740, {**SYSTEM_SUBJECT, "TargetDomainName": "CLIENT-7"}),
            "rendered in Japanese": windows_event(
                4740, rendering="ユーザー アカウントがロックアウトされました。", culture="ja-JP"
            ),
        },
        not_matching={
            "unlocked": windows_event(4767),
            "a logon of a locked account": windows_event(4625, {"FailureReason": "%%2307", "LogonType": "3"}),
        },
    ),
    "user-account-changed": Samples(
        matching={
            "a new name shown": changed(DisplayName="Hanako Suzuki"),
            "options": changed("\n\t\t%%2048\n\t\t%%2050\n\t\t%%2089"),
        },
        not_matching={
            "a computer": computer_changed(),
            "created": windows_event(4720, {"UserAccountControl": "\n\t\t%%2080\n\t\t%%2082\n\t\t%%2084"}),
            "renamed": windows_event(4781),
        },
    ),
    "user-account-preauthentication-disabled": Samples(
        matching={
            "alone": changed("\n\t\t%%2096"),
            "among others": changed("\n\t\t%%2089\n\t\t%%2096\n\t\t%%2098"),
        },
        not_matching={
            "turned on again": changed("\n\t\t%%2064"),
            "another option": changed("\n\t\t%%2094"),
            "in words, in the rendering": windows_event(
                4738, {"UserAccountControl": "\n\t\t%%2064"}, rendering="'Don't Require Preauth' - Enabled"
            ),
            "of a computer": computer_changed(UserAccountControl="\n\t\t%%2096"),
        },
    ),
    "user-account-password-not-required": Samples(
        matching={
            "alone": changed("\n\t\t%%2082"),
            "among others": changed("\n\t\t%%2082\n\t\t%%2089"),
        },
        not_matching={
            "required again": changed("\n\t\t%%2050"),
            "an option whose code ends alike": changed("\n\t\t%%12082"),
            "a new account, before its password": windows_event(
                4720, {"UserAccountControl": "\n\t\t%%2080\n\t\t%%2082\n\t\t%%2084"}
            ),
        },
    ),
    "user-account-password-reversible": Samples(
        matching={"alone": changed("\n\t\t%%2091")},
        not_matching={
            "no longer": changed("\n\t\t%%2059"),
            "another option": changed("\n\t\t%%2089"),
        },
    ),
    "user-account-delegation-changed": Samples(
        matching={
            "to a database": changed(AllowedToDelegateTo="MSSQLSvc/db-1.example.com:1433"),
            "to several services": changed(AllowedToDelegateTo="cifs/a\n\t\tcifs/b"),
        },
        not_matching={
            "another change": changed(DisplayName="Hanako"),
            "of a computer": computer_changed(AllowedToDelegateTo="cifs/dc-1.example.com"),
        },
    ),
    "user-account-unlocked": Samples(
        matching={"by the help desk": windows_event(4767)},
        not_matching={
            "locked": windows_event(4740),
            "SID history failed, the id before": windows_event(4766, record_id=4767),
        },
    ),
    "account-renamed": Samples(
        matching={
            "a user": windows_event(4781, {"OldTargetUserName": "suzuki", "NewTargetUserName": "h.suzuki"}),
            "a computer": windows_event(4781, {"OldTargetUserName": "PC-1$", "NewTargetUserName": "dc-1"}),
        },
        not_matching={
            "one of Windows' own groups, at its setup": windows_event(
                4781,
                {
                    "OldTargetUserName": "Administrators",
                    "NewTargetUserName": "Administrators",
                    "TargetSid": "S-1-5-32-544",
                    **SYSTEM_SUBJECT,
                },
            ),
            "a changed name to show": changed(DisplayName="h.suzuki"),
            "permissions reset, the id before": windows_event(4780),
        },
    ),
    "computer-account-created": Samples(
        matching={"by a joining instance": windows_event(4741, {"TargetUserName": "WEB-02$"})},
        not_matching={
            "a user": windows_event(4720, {"TargetUserName": "WEB-02$"}),
            "changed": computer_changed(),
            "deleted": windows_event(4743),
        },
    ),
    "computer-account-changed": Samples(
        matching={"its own password": computer_changed(SubjectUserName="WEB-01$")},
        not_matching={
            "a user": changed(TargetUserName="WEB-01$"),
            "created": windows_event(4741),
            "deleted, the id after": windows_event(4743, {"SubjectLogonId": "0x4742"}),
        },
    ),
    "computer-account-reset-by-anonymous": Samples(
        matching={
            "a domain controller": computer_changed(
                TargetUserName="DC-1$", SubjectUserSid="S-1-5-7", SubjectUserName="ANONYMOUS LOGON"
            ),
            "on a German server": computer_changed(
                TargetUserName="DC-1$", SubjectUserSid="S-1-5-7", SubjectUserName="ANONYMOUS-ANMELDUNG"
            ),
        },
        not_matching={
            "by itself": computer_changed(SubjectUserName="WEB-01$"),
            "by a user of that name": computer_changed(SubjectUserName="ANONYMOUS LOGON"),
            "an anonymous logon": windows_event(4624, {"SubjectUserSid": "S-1-5-7", "LogonType": "3"}),
        },
    ),
    "computer-account-delegation-changed": Samples(
        matching={"to a domain controller": computer_changed(AllowedToDelegateTo="cifs/dc-1.example.com")},
        not_matching={
            "another change": computer_changed(DnsHostName="web-01.example.com"),
            "of a user": changed(AllowedToDelegateTo="cifs/dc-1.example.com"),
        },
    ),
    "computer-account-deleted": Samples(
        matching={"by an ending instance": windows_event(4743, {"TargetUserName": "WEB-02$"})},
        not_matching={
            "a user": windows_event(4726, {"TargetUserName": "WEB-02$"}),
            "changed": computer_changed(),
        },
    ),
    "sid-history-added": Samples(
        matching={"in a migration": windows_event(4765, {"SourceUserName": "OLD\\suzuki"})},
        not_matching={
            "a failure": windows_event(4766, failure=True),
            "shown in a change": changed(SidHistory=f"{DOMAIN_SID}-512"),
        },
    ),
    "sid-history-failed": Samples(
        matching={"in a migration": windows_event(4766, {"SourceUserName": "OLD\\suzuki"}, failure=True)},
        not_matching={
            "a success": windows_event(4765),
            "unlocked, the id after": windows_event(4767, {"TargetUserName": "4766"}),
        },
    ),
    "password-hash-accessed": Samples(
        matching={"by a migration": windows_event(4782)},
        not_matching={
            "renamed, the id before": windows_event(4781),
            "a password reset": windows_event(4724, {"TargetUserName": "4782"}),
        },
    ),
    "password-policy-queried": Samples(
        matching={"by a database": windows_event(4793, {"TargetUserName": "sa"})},
        not_matching={
            "the restore mode's password, the id after": windows_event(4794),
            "the policy changed": windows_event(4739, record_id=4793),
        },
    ),
    "directory-restore-password-set": Samples(
        matching={
            "a success": windows_event(4794),
            "a failure": windows_event(4794, {"Status": "0xc000000d"}, failure=True),
        },
        not_matching={
            "the policy asked, the id before": windows_event(4793),
            "a password reset": windows_event(4724, record_id=4794),
        },
    ),
    "local-groups-enumerated": Samples(
        matching={"by a person": windows_event(4798, {"CallerProcessName": r"C:\Windows\System32\net1.exe"})},
        not_matching={
            "by SYSTEM": windows_event(4798, SYSTEM_SUBJECT),
            "the members of a group": windows_event(4799),
        },
    ),
    "stored-credentials-backed-up": Samples(
        matching={"to a file": windows_event(5376, {"BackupFileName": r"C:\Windows\TEMP\CRD1.tmp"})},
        not_matching={
            "restored": windows_event(5377, {"BackupFileName": r"C:\Windows\TEMP\CRD1.tmp"}),
            "a share of that name": windows_event(5140, {"ShareName": r"\\*\5376"}),
        },
    ),
    "stored-credentials-restored": Samples(
        matching={"from a file": windows_event(5377, {"BackupFileName": r"C:\Windows\TEMP\CRD1.tmp"})},
        not_matching={
            "backed up": windows_event(5376, {"BackupFileName": r"C:\Windows\TEMP\CRD1.tmp"}),
            "read": windows_event(5379, record_id=5377),
        },
    ),
    "user-account-trusted-for-delegation": Samples(
        matching={
            "alone": changed("\n\t\t%%2093"),
            "with another option": changed("\n\t\t%%2089\n\t\t%%2093"),
        },
        not_matching={
            "undone": changed("\n\t\t%%2061"),
            "not to be delegated": changed("\n\t\t%%2094"),
            "a computer": computer_changed(UserAccountControl="\n\t\t%%2093"),
        },
    ),
    "user-account-des-only": Samples(
        matching={"alone": changed("\n\t\t%%2095")},
        not_matching={
            "undone": changed("\n\t\t%%2063"),
            "without pre-authentication": changed("\n\t\t%%2096"),
        },
    ),
    "user-account-delegation-protection-removed": Samples(
        matching={"alone": changed("\n\t\t%%2062")},
        not_matching={"set": changed("\n\t\t%%2094"), "delegation undone": changed("\n\t\t%%2061")},
    ),
    "computer-account-created-by-quota": Samples(
        matching={"by a user": windows_event(4741, {"PrivilegeList": "SeMachineAccountPrivilege"})},
        not_matching={
            "by an account with the right": windows_event(4741, {"PrivilegeList": "-"}),
            "the privilege used elsewhere": windows_event(
                4673, {"PrivilegeList": "SeMachineAccountPrivilege"}
            ),
            "changed": computer_changed(PrivilegeList="SeMachineAccountPrivilege"),
        },
    ),
    "computer-account-trusted-for-delegation": Samples(
        matching={
            "a server": computer_changed(UserAccountControl="\n\t\t%%2093"),
            "a new domain controller": computer_changed(UserAccountControl="\n\t\t%%2088\n\t\t%%2093"),
        },
        not_matching={
            "undone": computer_changed(UserAccountControl="\n\t\t%%2061"),
            "to certain services": computer_changed(UserAccountControl="\n\t\t%%2098"),
            "a user": changed("\n\t\t%%2093"),
        },
    ),
    "computer-account-named-global-catalog": Samples(
        matching={
            "by an administrator": computer_changed(
                ServicePrincipalNames="\n\t\tHOST/web-01.example.com\n\t\tGC/web-01.example.com/example.com"
            )
        },
        not_matching={
            "by the domain controller itself": computer_changed(
                SubjectUserName="DC-01$", ServicePrincipalNames="\n\t\tGC/dc-01.example.com/example.com"
            ),
            "other names": computer_changed(ServicePrincipalNames="\n\t\tHTTP/web-01.example.com"),
        },
    ),
    "stored-credentials-read": Samples(
        matching={"all listed": windows_event(5379, {"ReadOperation": "%%8100"})},
        not_matching={
            "by SYSTEM": windows_event(5379, SYSTEM_SUBJECT),
            "backed up": windows_event(5376),
            "of the vault": windows_event(5381),
        },
    ),
}
