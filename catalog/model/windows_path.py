r"""The paths that events watch, as Windows spells them in its records: files, registry keys and shares."""

import re
from enum import Enum

#: The kernel's names of the registry hives, by which records name every key; upper and lower case count.
MACHINE_HIVE = "\\REGISTRY\\MACHINE\\"
USER_HIVE = "\\REGISTRY\\USER\\"

_SHARE_PREFIX = "\\\\*\\"
_SHARE = r'\\\\\*\\[^\\/:*?"<>|]+'
#: As the kernel says it, in any case, and as regedit and PowerShell do.
_REGISTRY_KEY = re.compile(r"\\REGISTRY(\\|$)|(Registry::)?HK[A-Z_]+:?(\\|$)", re.IGNORECASE)
_ON_DRIVE = re.compile(r"[A-Za-z]:\\")
#: A link, which records never name: they have the key that it stands for.
_LINKED_KEY = re.compile(r"\\SYSTEM\\CurrentControlSet(?=\\|$)", re.IGNORECASE)
_ABSOLUTE = re.compile(rf"{_ON_DRIVE.pattern}|\\\\|\\Device\\")
_NOT_IN_PATH = r'[/*?"<>|]'


class PathKind(Enum):
    """What a path is of."""

    FILE = "file"
    """A file or folder."""
    REGISTRY_KEY = "registry key"
    SHARE = "share"


def kind_of(path: str) -> PathKind:
    """Return what a path is of, also where it is not spelt as Windows would."""
    if path.startswith(_SHARE_PREFIX):
        return PathKind.SHARE
    return PathKind.REGISTRY_KEY if _REGISTRY_KEY.match(path) else PathKind.FILE


def is_on_drive(path: str) -> bool:
    """Return whether a path begins with a drive letter."""
    return _ON_DRIVE.match(path) is not None


def path_problems(path: str) -> list[str]:
    """Return why a path could never equal an event's object name."""
    problems = []
    if kind_of(path) is PathKind.REGISTRY_KEY:
        if not path.startswith((MACHINE_HIVE, USER_HIVE)):
            problems.append(
                f"{path!r} is not a registry key as Windows reports it, which begins with {MACHINE_HIVE} "
                f"(HKEY_LOCAL_MACHINE) or {USER_HIVE} (HKEY_USERS), in capitals"
            )
        elif _LINKED_KEY.match(path, len(MACHINE_HIVE) - 1):
            reported = _LINKED_KEY.sub(r"\\SYSTEM\\ControlSet001", path, count=1)
            problems.append(f"{path!r} is a link, of which Windows reports what it stands for: {reported}")
    elif not _ABSOLUTE.match(path):
        problems.append(rf"{path!r} is not an absolute Windows path such as C:\Folder\file.txt")
    elif is_on_drive(path) and path[0].islower():
        problems.append(
            f"{path!r} is on a drive that Windows reports in a capital: {path[0].upper()}{path[1:]}"
        )
    problems += _name_problems(path)
    if wrong := sorted(set(re.findall(_NOT_IN_PATH, path))):
        problems.append(f"{path!r} holds {' '.join(wrong)}, which no Windows path can hold")
    return problems


def _name_problems(path: str) -> list[str]:
    """Return what is wrong with the names between the backslashes."""
    *folders, last = path.lstrip("\\").split("\\")
    names = [*folders, last] if last else folders
    if "" in names:
        return [
            f"{path!r} has two backslashes in a row: write one (YAML takes two for one in double quotes only)"
        ]
    if kind_of(path) is PathKind.FILE and (odd := [name for name in names if name[-1] in " ."]):
        return [f"{path!r} has {odd[0]!r}, and Windows reports no name that ends in a space or a dot"]
    return []


def share_problems(share: str) -> list[str]:
    """Return why a share could never equal an event's share name."""
    if re.fullmatch(_SHARE, share):
        return []
    return [rf"{share!r} is not a share as Windows reports it, such as \\*\Finance: no server, no folder"]
