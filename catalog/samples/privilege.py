"""Sample events of the family privilege."""

from catalog.samples import Samples
from catalog.samples.windows_event import DOMAIN_SID, SYSTEM_SUBJECT, windows_event

PRIVILEGES = "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeDebugPrivilege"


def privileged_logon(**values: str) -> str:
    return windows_event(4672, {"PrivilegeList": PRIVILEGES, **values})


def privilege_used(privilege: str, **values: str) -> str:
    return windows_event(4673, {"PrivilegeList": privilege, "Service": "-", **values})


SAMPLES = {
    "special-privileges-assigned": Samples(
        matching={
            "an administrator": privileged_logon(),
            "SYSTEM": privileged_logon(**SYSTEM_SUBJECT),
            "on a French server": privileged_logon(SubjectUserSid="S-1-5-18", SubjectUserName="Système"),
        },
        not_matching={
            "the privileges in a use of one": privilege_used("SeDebugPrivilege"),
            "explicit credentials with that record number": windows_event(4648, record_id=4672),
            "a process with that id": windows_event(4688, {"NewProcessId": "4672", "ProcessId": "4672"}),
        },
    ),
    "special-privileges-assigned-to-account": Samples(
        matching={
            "an administrator": privileged_logon(),
            "an account with a dollar sign within": privileged_logon(SubjectUserName="sato$admin"),
        },
        not_matching={
            "SYSTEM": privileged_logon(**SYSTEM_SUBJECT),
            "SYSTEM under the computer's name": privileged_logon(
                SubjectUserSid="S-1-5-18", SubjectUserName="DC-1$"
            ),
            "NETWORK SERVICE": privileged_logon(SubjectUserSid="S-1-5-20"),
            "the window manager": privileged_logon(SubjectUserSid="S-1-5-90-0-2", SubjectUserName="DWM-2"),
            "a computer of the domain": privileged_logon(SubjectUserName="WEB-01$"),
            "a group managed service account": privileged_logon(SubjectUserName="backup$"),
        },
    ),
    "built-in-administrator-logged-on": Samples(
        matching={
            "under its name": privileged_logon(
                SubjectUserSid=f"{DOMAIN_SID}-500", SubjectUserName="Administrator"
            ),
            "under its name on a French server": privileged_logon(
                SubjectUserSid=f"{DOMAIN_SID}-500", SubjectUserName="Administrateur"
            ),
            "renamed": privileged_logon(SubjectUserSid=f"{DOMAIN_SID}-500", SubjectUserName="root"),
        },
        not_matching={
            "another account of that name": privileged_logon(SubjectUserName="Administrator"),
            "an account whose number ends alike": privileged_logon(SubjectUserSid=f"{DOMAIN_SID}-1500"),
            "SYSTEM": privileged_logon(**SYSTEM_SUBJECT),
            "a logon without privileges": windows_event(
                4624, {"TargetUserSid": f"{DOMAIN_SID}-500", "LogonType": "3"}
            ),
        },
    ),
    "privileged-service-called": Samples(
        matching={
            "by an administrator": privilege_used("SeTcbPrivilege"),
            "several privileges": privilege_used("SeTcbPrivilege\n\t\t\tSeDebugPrivilege"),
        },
        not_matching={
            "by SYSTEM": privilege_used("SeTcbPrivilege", **SYSTEM_SUBJECT),
            "by LOCAL SERVICE": privilege_used("SeProfileSingleProcessPrivilege", SubjectUserSid="S-1-5-19"),
            "on an object": windows_event(4674, {"PrivilegeList": "SeTcbPrivilege"}),
        },
    ),
    "debug-privilege-used": Samples(
        matching={"by an administrator": privilege_used("SeDebugPrivilege")},
        not_matching={
            "by SYSTEM": privilege_used("SeDebugPrivilege", **SYSTEM_SUBJECT),
            "another privilege": privilege_used("SeTcbPrivilege"),
            "in the name of the program": privilege_used("SeTcbPrivilege", ProcessName="SeDebugPrivilege"),
            "assigned, not used": privileged_logon(PrivilegeList="SeDebugPrivilege"),
        },
    ),
    "driver-load-privilege-used": Samples(
        matching={"by an administrator": privilege_used("SeLoadDriverPrivilege")},
        not_matching={
            "by SYSTEM": privilege_used("SeLoadDriverPrivilege", **SYSTEM_SUBJECT),
            "another privilege": privilege_used("SeDebugPrivilege"),
            "assigned, not used": privileged_logon(PrivilegeList="SeLoadDriverPrivilege"),
        },
    ),
    "privileged-object-operation": Samples(
        matching={
            "a service": windows_event(
                4674,
                {
                    "ObjectServer": "SC Manager",
                    "ObjectName": "Spooler",
                    "PrivilegeList": "SeTakeOwnershipPrivilege",
                },
            ),
        },
        not_matching={
            "by SYSTEM": windows_event(4674, {**SYSTEM_SUBJECT, "PrivilegeList": "SeSecurityPrivilege"}),
            "without an object": privilege_used("SeTakeOwnershipPrivilege"),
        },
    ),
    "user-right-assigned": Samples(
        matching={
            "by hand": windows_event(4704, {"PrivilegeList": "SeDebugPrivilege"}),
            "by a group policy": windows_event(
                4704, {**SYSTEM_SUBJECT, "PrivilegeList": "SeBackupPrivilege"}
            ),
        },
        not_matching={
            "removed": windows_event(4705, {"PrivilegeList": "SeDebugPrivilege"}),
            "a logon right": windows_event(4717, {"AccessGranted": "SeServiceLogonRight"}),
            "a token adjusted, the id before": windows_event(4703, record_id=4704),
        },
    ),
    "delegation-right-assigned": Samples(
        matching={"by hand": windows_event(4704, {"PrivilegeList": "SeEnableDelegationPrivilege"})},
        not_matching={
            "another right": windows_event(4704, {"PrivilegeList": "SeDebugPrivilege"}),
            "removed": windows_event(4705, {"PrivilegeList": "SeEnableDelegationPrivilege"}),
            "to a user of that name": windows_event(
                4704, {"PrivilegeList": "SeDebugPrivilege", "SubjectUserName": "SeEnableDelegationPrivilege"}
            ),
        },
    ),
    "user-right-removed": Samples(
        matching={"by hand": windows_event(4705, {"PrivilegeList": "SeDebugPrivilege"})},
        not_matching={
            "assigned": windows_event(4704, {"PrivilegeList": "SeDebugPrivilege"}),
            "a logon right": windows_event(4718, {"AccessRemoved": "SeServiceLogonRight"}),
        },
    ),
    "remote-desktop-right-granted": Samples(
        matching={"by hand": windows_event(4717, {"AccessGranted": "SeRemoteInteractiveLogonRight"})},
        not_matching={
            "a refusal": windows_event(4717, {"AccessGranted": "SeDenyRemoteInteractiveLogonRight"}),
            "the local right": windows_event(4717, {"AccessGranted": "SeInteractiveLogonRight"}),
            "removed": windows_event(4718, {"AccessRemoved": "SeRemoteInteractiveLogonRight"}),
        },
    ),
}
