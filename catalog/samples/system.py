"""Sample events of the family system."""

from catalog.model.provider import (
    CLASSIC_EVENTLOG,
    KERNEL_GENERAL,
    SECURITY_EVENTLOG,
    SHADOW_COPIES,
    Provider,
)
from catalog.samples import Samples
from catalog.samples.windows_event import SYSTEM_SUBJECT, windows_event

SYSTEM32 = r"C:\Windows\system32"


def unnamed(event_id: int, *values: str) -> str:
    """Return a record of the Event Log service under its old name, whose values have no names."""
    return (
        windows_event(event_id, None, *values, provider=CLASSIC_EVENTLOG)
        .replace(" EventSourceName='EventLog'", "")
        .replace("Qualifiers='16384'", "Qualifiers='32768'")
    )


def time_change(values: dict[str, str]) -> str:
    """Return a change of the clock."""
    return windows_event(
        4616,
        {
            "PreviousTime": "2026-05-05T23:12:37.349476100Z",
            "NewTime": "2025-05-05T23:12:37.000000000Z",
            **values,
        },
    )


def event_processing_failure(event_id: int) -> str:
    """Return the Event Log service's record of an event that it could not write, whose id it names."""
    return windows_event(1108, {"EventID": str(event_id)}, provider=SECURITY_EVENTLOG)


def boot(**values: str) -> str:
    """Return the boot configuration of a start, in which all is off but what is given."""
    off = dict.fromkeys(
        (
            "AdvancedOptions",
            "RemoteEventLogging",
            "KernelDebug",
            "TestSigning",
            "FlightSigning",
            "DisableIntegrityChecks",
            "HypervisorDebug",
        ),
        "%%1843",
    )
    return windows_event(
        4826, {**SYSTEM_SUBJECT, "VsmLaunchType": "%%1848", "ConfigAccessPolicy": "%%1846", **off, **values}
    )


def logon_process(name: str, values: dict[str, str] | None = None) -> str:
    """Return the registration of a logon process."""
    return windows_event(4611, {"LogonProcessName": name, **(values or {})})


def authentication_package(path: str) -> str:
    """Return an authentication package that was loaded, with the name of Windows' own."""
    return windows_event(
        4610, {"AuthenticationPackageName": f"{path} : MICROSOFT_AUTHENTICATION_PACKAGE_V1_0"}
    )


def security_package(name: str) -> str:
    """Return a security package that was loaded."""
    return windows_event(4622, {"SecurityPackageName": name})


def shadow_copies(event_id: int) -> str:
    """Return what the kernel says of the shadow copies of a volume."""
    return windows_event(
        event_id, None, r"\Device\HarddiskVolumeShadowCopy7", "C:", provider=SHADOW_COPIES, level=2
    )


def hive(name: str) -> str:
    """Return the kernel's record of a hive that was opened."""
    return windows_event(16, {"HiveName": name, "KeysUpdated": "0"}, provider=KERNEL_GENERAL)


SAMPLES = {
    "windows-started": Samples(
        matching={"a start": windows_event(4608)},
        not_matching={
            "the event log service stopped": windows_event(1100, provider=SECURITY_EVENTLOG),
            "the firewall service started": windows_event(5024),
        },
    ),
    "unexpected-shutdown": Samples(
        matching={
            "a crash": unnamed(6008, "9:59:13 AM", "4/6/2026", "", "", "1846932", "", ""),
            "on a Japanese server": unnamed(6008, "21:17:32", "2026/05/26", "", "", "91905", "", ""),
        },
        not_matching={
            "a shutdown that was asked for": unnamed(6006),
            "the uptime in seconds": unnamed(6013, "", "", "", "", "6008", "60", "0 "),
            "the same id from another provider": windows_event(
                6008, provider=Provider("Microsoft-Windows-WMI-Activity", channel="System")
            ),
        },
    ),
    "system-time-changed": Samples(
        matching={
            "with PowerShell": time_change(
                {"ProcessName": rf"{SYSTEM32}\WindowsPowerShell\v1.0\powershell.exe"}
            ),
        },
        not_matching={
            "by the Windows Time service": time_change(
                {"SubjectUserSid": "S-1-5-19", "SubjectUserName": "LOCAL SERVICE"}
            ),
            "by the hypervisor's tools": time_change(SYSTEM_SUBJECT),
            "a record of it that could not be written": event_processing_failure(4616),
        },
    ),
    "authentication-package-loaded": Samples(
        matching={
            "another": authentication_package(rf"{SYSTEM32}\evil.dll"),
            "Windows' own name from another folder": authentication_package(r"C:\Temp\msv1_0.DLL"),
        },
        not_matching={
            "Windows' own": authentication_package(rf"{SYSTEM32}\msv1_0.DLL"),
            "Windows' own, spelt in capitals": authentication_package(r"C:\WINDOWS\system32\msv1_0.DLL"),
            "a security package": security_package(r"C:\Temp\mimilib.DLL : KiwiSSP"),
        },
    ),
    "security-package-loaded": Samples(
        matching={
            "mimilib": security_package(rf"{SYSTEM32}\mimilib.DLL : KiwiSSP"),
            "Windows' own name from another folder": security_package(r"C:\Temp\kerberos.DLL : Kerberos"),
        },
        not_matching={
            f"{name}, in {folder}": security_package(rf"{folder}\{name}")
            for folder in (SYSTEM32, r"C:\WINDOWS\system32")
            for name in (
                "lsasrv.dll : Negotiate",
                "negoexts.DLL : NegoExtender",
                "kerberos.DLL : Kerberos",
                "msv1_0.DLL : NTLM",
                "tspkg.DLL : TSSSP",
                "pku2u.DLL : pku2u",
                "cloudAP.DLL : CloudAP",
                "wdigest.DLL : WDigest",
                "schannel.DLL : Schannel",
                "schannel.DLL : Microsoft Unified Security Protocol Provider",
            )
        },
    ),
    "password-filter-loaded": Samples(
        matching={
            "another": windows_event(4614, {"NotificationPackageName": "evilpwfilter"}),
            "a name that begins like Windows' own": windows_event(
                4614, {"NotificationPackageName": "scecli2"}
            ),
        },
        not_matching={
            name: windows_event(4614, {"NotificationPackageName": name})
            for name in ("scecli", "rassfm", "RASSFM", "WDIGEST", "KDCSVC", "KDCPW", "kdcpw")
        },
    ),
    "logon-process-registered": Samples(
        matching={"by an account": logon_process("Backdoor")},
        not_matching={
            "by Windows": logon_process("Winlogon", SYSTEM_SUBJECT),
            "an authentication package": windows_event(4610, {"AuthenticationPackageName": "Backdoor"}),
        },
    ),
    "rubeus-logon-process-registered": Samples(
        matching={
            "as SYSTEM": logon_process("User32LogonProcesss", SYSTEM_SUBJECT),
            "by an account": logon_process("User32LogonProcesss"),
        },
        not_matching={
            "the name as it is spelt rightly": logon_process("User32LogonProcess", SYSTEM_SUBJECT),
            "the field of a logon": windows_event(4624, {"LogonProcessName": "User32LogonProcesss"}),
        },
    ),
    "invalid-lpc-port-use": Samples(
        matching={
            "impersonation": windows_event(
                4615, {"InvalidCallName": "NtImpersonateClientOfPort", "ServerPortName": "-"}
            )
        },
        not_matching={
            "a privileged service called": windows_event(4673),
            "a record with that number": windows_event(4624, {"IpPort": "4615"}),
        },
    ),
    "rpc-integrity-violation": Samples(
        matching={
            "a message": windows_event(4816, {"PeerName": "198.51.100.7", "ProtocolSequence": "ncacn_ip_tcp"})
        },
        not_matching={
            "a remote procedure call": windows_event(5712),
            "an LPC port": windows_event(4615, {"ServerPortName": "4816"}),
        },
    ),
    "monitored-security-event-pattern": Samples(
        matching={
            "ten logons": windows_event(4618, {"EventId": "4624", "EventCount": "10", "Duration": "Hour"})
        },
        not_matching={
            "a logon": windows_event(4624, {"LogonType": "3"}),
            "audits lost": windows_event(4612, {"AuditsDiscarded": "4618"}),
        },
    ),
    "code-integrity-image-hash-invalid": Samples(
        matching={
            "a driver": windows_event(
                5038, {"param1": r"\Device\HarddiskVolume4\Windows\System32\drivers\bad.sys"}, failure=True
            )
        },
        not_matching={
            "page hashes": windows_event(6281, {"param1": r"\Device\HarddiskVolume4\bad.dll"}, failure=True),
            "the firewall driver failed": windows_event(5037, {"ErrorCode": "5038"}, failure=True),
        },
    ),
    "code-integrity-page-hash-invalid": Samples(
        matching={
            "an old product": windows_event(
                6281, {"param1": r"\Device\HarddiskVolume4\Program Files\Old\old.dll"}, failure=True
            )
        },
        not_matching={
            "the image's hash": windows_event(
                5038, {"param1": r"\Device\HarddiskVolume4\Program Files\Old\6281.dll"}, failure=True
            ),
        },
    ),
    "test-signing-enabled-at-boot": Samples(
        matching={
            "alone": boot(TestSigning="%%1842"),
            "with kernel debugging": boot(TestSigning="%%1842", KernelDebug="%%1842"),
        },
        not_matching={
            "all off": boot(),
            "another setting on": boot(FlightSigning="%%1842"),
            "yes in another field": boot(HypervisorDebug="%%1842"),
        },
    ),
    "kernel-debugging-enabled-at-boot": Samples(
        matching={"alone": boot(KernelDebug="%%1842")},
        not_matching={
            "all off": boot(),
            "test signing as well": boot(KernelDebug="%%1842", TestSigning="%%1842"),
            "the hypervisor's": boot(HypervisorDebug="%%1842"),
        },
    ),
    "efs-recovery-policy-changed": Samples(
        matching={
            "a certificate": windows_event(4714, SYSTEM_SUBJECT),
            "a build that puts an error in the place of the values": windows_event(4714).partition(
                "<EventData>"
            )[0]
            + "<ProcessingErrorData><ErrorCode>13</ErrorCode><DataItemName>SubjectUserSid</DataItemName>"
            "<EventPayload></EventPayload></ProcessingErrorData></Event>",
        },
        not_matching={
            "the Kerberos policy": windows_event(4713, SYSTEM_SUBJECT),
            "a network filter of the same subcategory": windows_event(5447, {"FilterId": "4714"}),
        },
    ),
    "security-policy-not-applied": Samples(
        matching={
            "an account that is gone": windows_event(
                6145,
                {"ErrorCode": "1332", "GPOList": "{6AC1786C-016F-11D2-945F-00C04fB984F9} Servers"},
                failure=True,
            )
        },
        not_matching={
            "applied": windows_event(6144, {"ErrorCode": "0", "GPOList": "{6145} Servers"}),
            "the firewall's policy": windows_event(5028, {"ErrorCode": "6145"}, failure=True),
        },
    ),
    "dpapi-master-key-backup-attempted": Samples(
        matching={
            "a new key": windows_event(4692, {"RecoveryServer": "", "FailureReason": "0x0"}),
            "no domain controller": windows_event(4692, {"FailureReason": "0x6ba"}, failure=True),
        },
        not_matching={"recovered": windows_event(4693, {"RecoveryReason": "0x5c005c"})},
    ),
    "dpapi-master-key-recovery-attempted": Samples(
        matching={"after a reset": windows_event(4693, {"RecoveryReason": "0x5c005c"})},
        not_matching={"backed up": windows_event(4692, {"RecoveryServer": "dc01.example.com"})},
    ),
    "registry-hive-with-secrets-opened": Samples(
        matching={
            "the SAM in a temporary folder": hive(r"\??\C:\Users\sato\AppData\Local\Temp\SAM"),
            "in lower case": hive(r"\??\C:\Temp\sam"),
            "the secrets of services": hive(r"\??\C:\Temp\SECURITY"),
            "these in lower case": hive(r"\??\C:\Temp\security"),
        },
        not_matching={
            "the system's own": hive(r"\SystemRoot\System32\Config\SAM"),
            "of a program": hive(r"\??\C:\Users\sato\AppData\Local\Packages\Example\settings.dat"),
            "reorganized": windows_event(
                15, {"HiveName": r"\??\C:\Temp\SAM", "KeysUpdated": "1"}, provider=KERNEL_GENERAL
            ),
        },
    ),
    "shadow-copies-deleted-by-windows": Samples(
        matching={"for lack of space": shadow_copies(25)},
        not_matching={"the oldest alone": shadow_copies(33), "by a limit": shadow_copies(36)},
    ),
    "shadow-copies-aborted-by-limit": Samples(
        matching={"by a limit": shadow_copies(36)},
        not_matching={"the oldest alone": shadow_copies(33), "for lack of space": shadow_copies(25)},
    ),
}
