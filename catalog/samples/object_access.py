"""Sample events of the family object_access."""

from catalog.samples import Samples
from catalog.samples.windows_event import windows_event

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
            "the disk, by a computer": share(5140, r"\\*\C$", SubjectUserName="BACKUP-1$"),
        },
        not_matching={
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
}
