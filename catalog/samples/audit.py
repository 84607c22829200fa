"""Sample events of the family audit."""

from catalog.model.provider import SECURITY_EVENTLOG, SYSTEM_EVENTLOG, Provider
from catalog.samples import Samples
from catalog.samples.windows_event import SYSTEM_SUBJECT, windows_event

#: Writes an event 104 of its own, about its connections.
REMOTE_DESKTOP = Provider(
    "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
    channel="Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational",
)


def policy_change(changes: str, event_id: int = 4719) -> str:
    """Return a change of the system's (or, as 4912, of an account's) audit policy."""
    return windows_event(
        event_id,
        {
            "CategoryId": "%%8274",
            "SubcategoryId": "%%12807",
            "SubcategoryGuid": "{0cce9223-69ae-11d9-bed3-505054503030}",
            "AuditPolicyChanges": changes,
        },
    )


def audit_entry(values: dict[str, str]) -> str:
    """Return a change of a file's audit entry."""
    return windows_event(
        4907,
        {
            "ObjectName": r"C:\Finance\payroll.xlsx",
            "OldSd": "S:AI(AU;SAFA;0x1f019f;;;WD)",
            "NewSd": "",
            "ProcessName": r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe",
            **values,
        },
    )


SAMPLES = {
    "security-log-cleared": Samples(
        matching={
            "cleared in the event viewer": windows_event(1102, provider=SECURITY_EVENTLOG),
            "cleared by SYSTEM": windows_event(1102, SYSTEM_SUBJECT, provider=SECURITY_EVENTLOG),
        },
        not_matching={
            "the event log service shut down": windows_event(1100, provider=SECURITY_EVENTLOG),
            "another log cleared": windows_event(104, {"Channel": "System"}, provider=SYSTEM_EVENTLOG),
            "the same id from another provider of the Security channel": windows_event(1102),
        },
    ),
    "event-log-cleared": Samples(
        matching={
            "the System log": windows_event(104, {"Channel": "System"}, provider=SYSTEM_EVENTLOG),
            "a log of PowerShell, saved first": windows_event(
                104,
                {"Channel": "Windows PowerShell", "BackupPath": r"C:\Temp\powershell.evtx"},
                provider=SYSTEM_EVENTLOG,
            ),
        },
        not_matching={
            "the Remote Desktop service's own event 104": windows_event(
                104, {"TimezoneBiasHour": "-9"}, provider=REMOTE_DESKTOP
            ),
            "the Security log cleared, whose task is 104": windows_event(
                1102, provider=SECURITY_EVENTLOG
            ).replace("<Task>12544</Task>", "<Task>104</Task>"),
            "a log's automatic backup": windows_event(
                104, {"Channel": "System"}, provider=SYSTEM_EVENTLOG
            ).replace(">104</EventID>", ">105</EventID>"),
        },
    ),
    "event-log-service-stopped": Samples(
        matching={"at a shutdown": windows_event(1100, provider=SECURITY_EVENTLOG)},
        not_matching={
            "the firewall service stopped": windows_event(5025),
            "the log cleared": windows_event(1102, provider=SECURITY_EVENTLOG),
        },
    ),
    "audit-events-dropped": Samples(
        matching={"after a power loss": windows_event(1101, {"Reason": "0"}, provider=SECURITY_EVENTLOG)},
        not_matching={
            "a port named 1101 in a record of the same channel": windows_event(4624, {"IpPort": "1101"}),
            "the log full": windows_event(1104, provider=SECURITY_EVENTLOG),
        },
    ),
    "security-log-full": Samples(
        matching={"no record may be overwritten": windows_event(1104, provider=SECURITY_EVENTLOG)},
        not_matching={
            "audits dropped": windows_event(1101, {"Reason": "34"}, provider=SECURITY_EVENTLOG),
            "an account whose relative id is 1104": windows_event(4720),
        },
    ),
    "audit-policy-changed": Samples(
        matching={
            "success and failure removed": policy_change("%%8448, %%8450"),
            "success added": policy_change("%%8449"),
        },
        not_matching={
            "an account's own audit policy": policy_change("%%8452", event_id=4912),
            "the subcategory's GUID in a command": windows_event(
                4688, {"CommandLine": "auditpol /set /subcategory:{0cce9223-69ae-11d9-bed3-505054503030}"}
            ),
        },
    ),
    "audit-policy-weakened": Samples(
        matching={
            "success removed": policy_change("%%8448"),
            "failure removed": policy_change("%%8450"),
            "success and failure removed": policy_change("%%8448, %%8450"),
            "success removed, failure added": policy_change("%%8448, %%8451"),
            "success added, failure removed": policy_change("%%8449, %%8450"),
        },
        not_matching={
            "success added": policy_change("%%8449"),
            "failure added": policy_change("%%8451"),
            "success and failure added": policy_change("%%8449, %%8451"),
            "an exception for an account": policy_change("%%8452", event_id=4912),
        },
    ),
    "audit-policy-security-changed": Samples(
        matching={
            "with auditpol /set /sd": windows_event(
                4715, {"OldSd": "D:(A;;DCSWRPDTRC;;;BA)", "NewSd": "D:(A;;DCSWRPDTRC;;;WD)"}
            )
        },
        not_matching={
            "the policy itself": policy_change("%%8448"),
            "the audit entry of a file": audit_entry({}),
        },
    ),
    "global-object-auditing-changed": Samples(
        matching={
            "all files no longer audited": windows_event(
                4817, {"ObjectServer": "LSA", "ObjectType": "Global SACL", "ObjectName": "File", "NewSd": ""}
            )
        },
        not_matching={"the audit entry of one file": audit_entry({}), "the policy": policy_change("%%8448")},
    ),
    "crash-on-audit-fail-changed": Samples(
        matching={
            "turned off": windows_event(4906, {"CrashOnAuditFailValue": "0"}),
            "turned on": windows_event(4906, {"CrashOnAuditFailValue": "1"}),
        },
        not_matching={"recovered from it": windows_event(4621, {"CrashOnAuditFailValue": "2"})},
    ),
    "audit-entry-changed": Samples(
        matching={"by an administrator": audit_entry({})},
        not_matching={
            "by Windows Update": audit_entry(
                {**SYSTEM_SUBJECT, "ProcessName": r"C:\Windows\servicing\TrustedInstaller.exe"}
            ),
            "the permissions of the file": windows_event(4670, {"ObjectName": r"C:\Finance\payroll.xlsx"}),
        },
    ),
    "special-groups-changed": Samples(
        matching={
            "one group": windows_event(4908, {"SidList": "%{S-1-5-21-3457937927-2839227994-823803824-512}"})
        },
        not_matching={
            "a member of a special group logged on": windows_event(4964),
            "an audit entry": audit_entry({}),
        },
    ),
    "per-user-audit-policy-changed": Samples(
        matching={"success excluded": policy_change("%%8454", event_id=4912)},
        not_matching={
            "the system's audit policy": policy_change("%%8448"),
            "the table of such policies, at a start": windows_event(4902, {"PuaCount": "1"}),
        },
    ),
    "audits-lost": Samples(
        matching={"some": windows_event(4612, {"AuditsDiscarded": "18"})},
        not_matching={
            "4612 as the number lost": windows_event(1101, {"Reason": "4612"}, provider=SECURITY_EVENTLOG),
            "Windows started": windows_event(4608),
        },
    ),
    "recovered-from-crash-on-audit-fail": Samples(
        matching={"by an administrator": windows_event(4621, {"CrashOnAuditFailValue": "2"})},
        not_matching={
            "the value changed": windows_event(4906, {"CrashOnAuditFailValue": "2"}),
            "a process whose id is 4621": windows_event(4688, {"NewProcessId": "4621"}),
        },
    ),
}
