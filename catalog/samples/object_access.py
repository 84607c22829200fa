"""Sample events of the family object_access."""

from catalog.samples import Samples
from catalog.samples.windows_event import DOMAIN_SID, windows_event

FILE = r"C:\Documents\大切なファイル"
LSASS = r"\Device\HarddiskVolume2\Windows\System32\lsass.exe"
LSASS_PROGRAM = r"C:\Windows\System32\lsass.exe"
RUN_KEY = r"\REGISTRY\MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Run"
SHARE = r"\\*\Finance"


def access(event_id: int, name: str, **values: str) -> str:
    return windows_event(event_id, {"ObjectName": name, **values})


def lsass(event_id: int, **values: str) -> str:
    return access(event_id, LSASS, **{"ObjectType": "Process", "AccessMask": "0x1010", **values})


def share(event_id: int, name: str, **values: str) -> str:
    return windows_event(event_id, {"ShareName": name, **values})


def pipe(name: str, **values: str) -> str:
    return share(5145, r"\\*\IPC$", RelativeTargetName=name, **values)


def admin_file(name: str, **values: str) -> str:
    return share(5145, r"\\*\ADMIN$", RelativeTargetName=name, **values)


def sam(kind: str, name: str, **values: str) -> str:
    """Return a record of an object of the account database that was opened."""
    return access(4661, name, **{"ObjectType": kind, "AccessMask": "0x2d", **values})


SAMPLES = {
    "object-handle-requested": Samples(
        matching={
            "the file": access(4656, FILE),
            "the file, refused": windows_event(4656, {"ObjectName": FILE}, failure=True),
            "several accesses on lines of their own": access(
                4656, FILE, AccessList="%%4416\n\t\t\t\t%%4417\n\t\t\t\t"
            ),
        },
        not_matching={
            "a file whose name goes on": access(4656, FILE + ".bak"),
            "a file in a folder of that name": access(4656, FILE + "\\a.txt"),
            "another folder": access(4656, r"D:\Documents\大切なファイル"),
            "accessed, not requested": access(4663, FILE),
            "the path as the program's": access(4656, r"C:\a.txt", ProcessName=FILE),
            "the published id, a failed logon": windows_event(4625, {"WorkstationName": FILE}),
        },
    ),
    "object-accessed": Samples(
        matching={"read": access(4663, FILE, AccessMask="0x1")},
        not_matching={
            "requested, not accessed": access(4656, FILE),
            "a file whose name goes on": access(4663, FILE + "2"),
            "in other letters": access(4663, FILE.lower()),
            "deleted, the file unnamed": windows_event(4660),
        },
    ),
    "object-deleted": Samples(
        matching={"by a person": windows_event(4660)},
        not_matching={
            "by SYSTEM": windows_event(4660, {"SubjectUserSid": "S-1-5-18"}),
            "the access before it": access(4663, FILE, AccessMask="0x10000"),
            "a handle to be deleted, the id before": windows_event(4659, record_id=4660),
        },
    ),
    "object-permissions-changed": Samples(
        matching={"opened to everyone": access(4670, FILE, OldSd="D:(A;;FA;;;BA)", NewSd="D:(A;;FA;;;WD)")},
        not_matching={
            "of another file": access(4670, r"C:\Documents\other"),
            "of a token": access(4670, "-", ObjectType="Token"),
            "accessed": access(4663, FILE),
        },
    ),
    "registry-value-changed": Samples(
        matching={
            "a program to start with Windows": access(
                4657, RUN_KEY, ObjectValueName="Updater", NewValue=r"C:\Users\Public\a.exe"
            ),
        },
        not_matching={
            "the key whose name goes on": access(4657, RUN_KEY + "Once"),
            "the same key of a user": access(4657, RUN_KEY.replace("MACHINE", r"USER\S-1-5-21-1-2-3-1001")),
            "the key accessed": access(4663, RUN_KEY, ObjectType="Key"),
            "the path as the value written": access(4657, r"\REGISTRY\MACHINE\SOFTWARE\A", NewValue=RUN_KEY),
        },
    ),
    "lsass-handle-requested": Samples(
        matching={
            "by Task Manager": lsass(4656, ProcessName=r"C:\Windows\System32\Taskmgr.exe"),
            "from another volume": lsass(4656, ObjectName=LSASS.replace("Volume2", "Volume4")),
        },
        not_matching={
            "a file of that name": access(4656, r"C:\Temp\lsass.exe"),
            "LSASS opens a key": access(
                4656, r"\REGISTRY\MACHINE\SAM", ObjectType="Key", ProcessName=LSASS_PROGRAM
            ),
            "LSASS opens an account": access(
                4656, "DOMAINS", ObjectType="SAM_USER", ProcessName=LSASS_PROGRAM
            ),
            "a process whose name ends alike": lsass(
                4656, ObjectName=r"\Device\HarddiskVolume2\notlsass.exe"
            ),
            "its memory accessed": lsass(4663),
        },
    ),
    "lsass-memory-read": Samples(
        matching={"by a dump tool": lsass(4663, ProcessName=r"C:\Users\Public\procdump64.exe")},
        not_matching={
            "requested": lsass(4656),
            "another process": lsass(
                4663, ObjectName=r"\Device\HarddiskVolume2\Windows\System32\winlogon.exe"
            ),
            "the file of the program": access(4663, LSASS_PROGRAM),
        },
    ),
    "share-accessed": Samples(
        matching={
            "by a person": share(5140, SHARE, ShareLocalPath=r"\??\D:\Finance"),
            "refused": windows_event(5140, {"ShareName": SHARE}, failure=True),
        },
        not_matching={
            "a share whose name goes on": share(5140, SHARE + "2"),
            "a hidden share of that name": share(5140, SHARE + "$"),
            "a file of the share": share(5145, SHARE, RelativeTargetName="plan.xlsx"),
            "the share created": share(5142, SHARE),
        },
    ),
    "administrative-share-accessed": Samples(
        matching={
            "the system's folder": share(5140, r"\\*\ADMIN$", ShareLocalPath=r"\??\C:\Windows"),
            "the disk": share(5140, r"\\*\C$", ShareLocalPath=r"\??\C:\\"),
        },
        not_matching={
            "the disk, by a computer": share(5140, r"\\*\C$", SubjectUserName="BACKUP-1$"),
            "pipes": share(5140, r"\\*\IPC$"),
            "a share of a folder": share(5140, SHARE),
            "the policies of the domain": share(5140, r"\\*\SYSVOL"),
            "a file on it": share(5145, r"\\*\ADMIN$", RelativeTargetName="a.exe"),
        },
    ),
    "share-file-accessed": Samples(
        matching={"a file": share(5145, SHARE, RelativeTargetName=r"2026\plan.xlsx")},
        not_matching={
            "the share itself": share(5140, SHARE),
            "another share": share(5145, r"\\*\Sales", RelativeTargetName=r"Finance\plan.xlsx"),
            "a pipe": pipe("svcctl"),
        },
    ),
    "remote-administration-pipe-opened": Samples(
        matching={"services": pipe("svcctl"), "tasks": pipe("atsvc"), "the registry": pipe("winreg")},
        not_matching={
            "shares listed": pipe("srvsvc"),
            "accounts listed": pipe("samr"),
            "a file whose name goes on": pipe("svcctl.txt"),
            "in a folder": pipe(r"a\svcctl"),
            "the share of pipes": share(5140, r"\\*\IPC$"),
        },
    ),
    "share-created": Samples(
        matching={"by a person": share(5142, r"\\*\data$", ShareLocalPath=r"C:\data")},
        not_matching={
            "changed": share(5143, r"\\*\data$"),
            "deleted": share(5144, r"\\*\data$"),
            "used": share(5140, SHARE),
        },
    ),
    "share-changed": Samples(
        matching={"opened to everyone": share(5143, SHARE, OldSD="O:BA", NewSD="O:BAD:(A;;FA;;;WD)")},
        not_matching={"created": share(5142, SHARE), "deleted": share(5144, SHARE)},
    ),
    "share-deleted": Samples(
        matching={"by a person": share(5144, SHARE)},
        not_matching={"created": share(5142, SHARE), "changed, the id before": share(5143, SHARE)},
    ),
    "service-control-pipe-opened-repeatedly": Samples(
        matching={"by an account": pipe("svcctl")},
        not_matching={
            "by a computer": pipe("svcctl", SubjectUserName="MON-01$"),
            "another pipe": pipe("atsvc"),
            "a name that goes on": pipe("svcctl2"),
        },
    ),
    "remote-execution-pipe-opened": Samples(
        matching={
            "input": pipe("PSEXESVC-CLIENT-7-5432-stdin"),
            "output, of a renamed service": pipe("helper-CLIENT-7-5432-stdout"),
            "errors": pipe("PSEXESVC-CLIENT-7-5432-stderr"),
        },
        not_matching={
            "the service's own": pipe("PSEXESVC"),
            "a file of that name": share(5145, r"\\*\Finance", RelativeTargetName="a-stdin"),
            "a name that goes on": pipe("a-stdin2"),
        },
    ),
    "authentication-coercion-pipe-opened": Samples(
        matching={"the spooler": pipe("spoolss"), "the secrets": pipe("protected_storage")},
        not_matching={
            "another pipe": pipe("srvsvc"),
            "a file of that name": share(5145, r"\\*\Finance", RelativeTargetName="spoolss"),
        },
    ),
    "secrets-dump-file-opened": Samples(
        matching={
            "in the system's folder": admin_file(r"SYSTEM32\kTzQWxJv.tmp"),
            "in the temporary folder": admin_file(r"Temp\kTzQWxJv.tmp"),
        },
        not_matching={
            "another file": admin_file(r"SYSTEM32\kernel32.dll"),
            "a temporary file of an update": admin_file(r"SoftwareDistribution\a.tmp"),
            "on another share": share(5145, r"\\*\Finance", RelativeTargetName=r"Temp\a.tmp"),
        },
    ),
    "administrative-share-written": Samples(
        matching={
            "on ADMIN$": admin_file("helper.exe", AccessList="%%1538\n\t\t\t\t%%4417\n\t\t\t\t"),
            "on C$": share(5145, r"\\*\C$", RelativeTargetName=r"Temp\a.exe", AccessList="%%4417\n\t\t\t\t"),
        },
        not_matching={
            "read": admin_file("helper.exe"),
            "by a computer": admin_file(
                "helper.exe", AccessList="%%4417\n\t\t\t\t", SubjectUserName="BACKUP-01$"
            ),
            "on another share": share(
                5145, r"\\*\Finance", RelativeTargetName="a.xlsx", AccessList="%%4417\n\t\t\t\t"
            ),
        },
    ),
    "privileged-group-read-over-sam": Samples(
        matching={
            "Domain Admins": sam("SAM_GROUP", f"{DOMAIN_SID}-512"),
            "Enterprise Admins": sam("SAM_GROUP", f"{DOMAIN_SID}-519"),
        },
        not_matching={
            "Domain Users": sam("SAM_GROUP", f"{DOMAIN_SID}-513"),
            "a group whose number ends alike": sam("SAM_GROUP", f"{DOMAIN_SID}-1512"),
            "by a computer": sam("SAM_GROUP", f"{DOMAIN_SID}-512", SubjectUserName="FILE-01$"),
            "by a member": sam("SAM_GROUP", f"{DOMAIN_SID}-513", SubjectUserSid=f"{DOMAIN_SID}-512"),
        },
    ),
    "privileged-account-read-over-sam": Samples(
        matching={
            "Administrator": sam("SAM_USER", f"{DOMAIN_SID}-500"),
            "krbtgt": sam("SAM_USER", f"{DOMAIN_SID}-502"),
        },
        not_matching={
            "another account": sam("SAM_USER", f"{DOMAIN_SID}-1121"),
            "by Administrator": sam("SAM_USER", f"{DOMAIN_SID}-1121", SubjectUserSid=f"{DOMAIN_SID}-500"),
            "by a computer": sam("SAM_USER", f"{DOMAIN_SID}-502", SubjectUserName="DC-01$"),
        },
    ),
    "accounts-opened-over-sam": Samples(
        matching={"any account": sam("SAM_USER", f"{DOMAIN_SID}-1121", AccessMask="0xf01ff")},
        not_matching={
            "read": sam("SAM_USER", f"{DOMAIN_SID}-1121"),
            "a group": sam("SAM_GROUP", f"{DOMAIN_SID}-1121", AccessMask="0xf01ff"),
            "by a computer": sam(
                "SAM_USER", f"{DOMAIN_SID}-1121", AccessMask="0xf01ff", SubjectUserName="DC-01$"
            ),
        },
    ),
}
