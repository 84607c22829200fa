"""Sample events of the family code_integrity."""

from catalog.model.provider import CODE_INTEGRITY
from catalog.samples import Samples
from catalog.samples.windows_event import windows_event


def module(event_id: int, path: str = r"\Device\HarddiskVolume2\Windows\System32\drivers\a.sys") -> str:
    """Return what code integrity says of a module of the kernel."""
    values = {"FileNameLength": str(len(path)), "FileNameBuffer": path}
    return windows_event(event_id, values, provider=CODE_INTEGRITY, level=3)


def refused(event_id: int) -> str:
    """Return what a policy says of a program that a process loads."""
    program, process = r"\Device\HarddiskVolume2\Temp\a.dll", r"\Device\HarddiskVolume2\Windows\explorer.exe"
    values = {
        "FileNameLength": str(len(program)),
        "File Name": program,
        "ProcessNameLength": str(len(process)),
        "Process Name": process,
    }
    return windows_event(event_id, values, provider=CODE_INTEGRITY, level=2 if event_id == 3077 else 3)


SAMPLES = {
    "unsigned-kernel-module-loaded": Samples(
        matching={"a driver": module(3001)},
        not_matching={"a driver that has no page hashes": module(3002), "revoked": module(3021)},
    ),
    "revoked-kernel-module-loaded": Samples(
        matching={"a driver": module(3021)},
        not_matching={"unsigned": module(3001), "blocked": module(3023)},
    ),
    "revoked-driver-blocked": Samples(
        matching={"a driver": module(3023)},
        not_matching={"loaded": module(3021)},
    ),
    "program-blocked-by-policy": Samples(
        matching={"a library": refused(3077)},
        not_matching={"a policy that only reports": refused(3076)},
    ),
}
