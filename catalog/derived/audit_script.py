"""The audit policy that a choice of events needs, and the PowerShell that applies it to a server.

Windows writes most security events only when their audit subcategory is on, and object access only where the
object carries an audit entry (SACL). Both follow from the events. What the script does with them, what it
prints and its exit codes stand in ``audit_policy.ps1``, beside this file.

Beside these, some events need registry values or an event log that Windows leaves off: the script sets and
enables them where it is asked to. Not covered: the other prerequisites of ``catalog.model.prerequisite``,
such as audit entries on objects of Active Directory.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from importlib.resources import files
from typing import Any

from catalog.errors import CatalogError
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Operator
from catalog.model.prerequisite import Prerequisite
from catalog.model.security_event import SecurityEvent
from catalog.model.windows_path import MACHINE_HIVE, USER_HIVE, is_on_drive

#: The Security log holds this much at least: days of a busy server, where Windows' own 20 MB hold hours.
SECURITY_LOG_BYTES = 1_073_741_824
#: The size of a log is in blocks of 64 KiB, up to 4,194,240 KiB (.NET's EventLog.MaximumKilobytes).
_LOG_BLOCK_BYTES = 65_536
_LARGEST_LOG_BYTES = 4_294_901_760

#: What is audited on a watched file or folder; members of .NET's FileSystemRights.
FILE_RIGHTS = (
    "ReadData",
    "WriteData",
    "AppendData",
    "DeleteSubdirectoriesAndFiles",
    "Delete",
    "ChangePermissions",
    "TakeOwnership",
)
#: What is audited on a watched registry key; members of .NET's RegistryRights. Not reading: all programs do.
REGISTRY_RIGHTS = ("SetValue", "CreateSubKey", "Delete", "ChangePermissions", "TakeOwnership")

#: Where the sections for registry values and event logs go, in a script that is to set some.
_ABSENT = "Write-Outcome 'absent' $Setting"
#: Only the settings of watched paths are not lasting.
_ABSENT_PATH_FAILS = (
    f"if ($Lasting) {{ {_ABSENT} }} else {{ "
    "Write-Outcome 'failed' ('{0}: there is no such path.' -f $Setting) }"
)
_END = "if ($outcomes -contains 'failed') { exit 1 }"

#: PowerShell's names of registry hives.
_HIVES = {MACHINE_HIVE: "Registry::HKEY_LOCAL_MACHINE\\", USER_HIVE: "Registry::HKEY_USERS\\"}


class AuditMode(Enum):
    """What the association does on a server that differs from the policy."""

    APPLY = "apply"
    """Change it, and say so."""
    REPORT = "report"
    """Only say so; the server becomes non-compliant."""


@dataclass(frozen=True, slots=True)
class AuditRequirement:
    """An audit subcategory that some events need.

    Args:
        subcategory: What has to be on.
        success: Whether some event needs its success audits.
        failure: Whether some event needs its failure audits.
        events: The events that need it.
    """

    subcategory: AuditSubcategory
    success: bool
    failure: bool
    events: tuple[SecurityEvent, ...]

    @property
    def command(self) -> str:
        """The auditpol command that switches it on, for a command prompt or PowerShell."""
        switches = " ".join(f"/{name}:enable" for name in ("success", "failure") if getattr(self, name))
        return f'auditpol /set /subcategory:"{self.subcategory.value.guid}" {switches}'


@dataclass(frozen=True, slots=True)
class WatchedPath:
    """A file, folder or registry key that has to carry an audit entry.

    Args:
        path: What PowerShell knows it by: ``C:\\Finance`` or ``Registry::HKEY_LOCAL_MACHINE\\SOFTWARE``.
        below: Whether all that is below it is watched too.
        rights: The kinds of access to audit, of Everyone, succeeded and failed.
        events: The events that watch it.
    """

    path: str
    below: bool
    rights: tuple[str, ...]
    events: tuple[SecurityEvent, ...]


def audit_requirements(events: Iterable[SecurityEvent]) -> tuple[AuditRequirement, ...]:
    """Return the subcategories that events need, each once, in the order of ``AuditSubcategory``.

    Events that Windows always writes need none.
    """
    needed_by: dict[AuditSubcategory, list[SecurityEvent]] = defaultdict(list)
    for event in events:
        for subcategory in event.audits:
            needed_by[subcategory].append(event)
    return tuple(
        AuditRequirement(
            subcategory,
            success=any(event.outcome.success for event in needing),
            failure=any(event.outcome.failure for event in needing),
            events=tuple(needing),
        )
        for subcategory in AuditSubcategory
        if (needing := needed_by.get(subcategory))
    )


def watched_paths(events: Iterable[SecurityEvent]) -> tuple[WatchedPath, ...]:
    r"""Return the files, folders and registry keys that events watch, each once, in alphabetical order.

    A condition that ``ObjectName`` equals a path watches that object alone, one that it starts with a path
    everything below the path's last backslash. What is neither on a drive letter nor a registry key is left
    out: the script could not set its audit entry.
    """
    watching: dict[str, list[SecurityEvent]] = defaultdict(list)
    below: set[str] = set()
    for event in events:
        for name, everything_below in _object_names(event):
            if path := _powershell_path(name):
                watching[path].append(event)
                if everything_below:
                    below.add(path)
    return tuple(
        WatchedPath(
            path,
            below=path in below,
            rights=REGISTRY_RIGHTS if path.startswith("Registry::") else FILE_RIGHTS,
            events=tuple(watching[path]),
        )
        for path in sorted(watching)
    )


def auditpol_commands(events: Iterable[SecurityEvent]) -> list[str]:
    """Return the auditpol commands that switch on what events need: what the script does where it is off."""
    return [requirement.command for requirement in audit_requirements(events)]


def audit_policy_data(
    events: Iterable[SecurityEvent],
    *,
    security_log_bytes: int = SECURITY_LOG_BYTES,
    prerequisites: Iterable[Prerequisite] = (),
) -> dict[str, Any]:
    """Return what the script makes of a server, as JSON data: what ``audit_script`` has encoded in it.

    Args:
        events: The events to be written.
        security_log_bytes: The least size of the Security log.
        prerequisites: Those that are registry values to set, or the event logs of the events to enable;
            others are left out.

    Raises:
        CatalogError: The size is not one that Windows can set.
    """
    if not 0 < security_log_bytes <= _LARGEST_LOG_BYTES or security_log_bytes % _LOG_BLOCK_BYTES:
        raise CatalogError(
            "audit policy",
            [
                f"security_log_bytes {security_log_bytes:,} is not a multiple of {_LOG_BLOCK_BYTES:,} "
                f"from {_LOG_BLOCK_BYTES:,} to {_LARGEST_LOG_BYTES:,}"
            ],
        )
    chosen = tuple(events)
    needs = [each.value for each in prerequisites]
    registry_values = [asdict(value) for need in needs for value in need.registry]
    channels = {event.channel for event in chosen}
    event_logs = [need.event_log for need in needs if need.event_log in channels]
    return {
        "subcategories": [
            {
                "title": requirement.subcategory.value.title,
                "guid": requirement.subcategory.value.guid,
                "success": requirement.success,
                "failure": requirement.failure,
            }
            for requirement in audit_requirements(chosen)
        ],
        "security_log_bytes": security_log_bytes,
        "paths": [
            {"path": watched.path, "below": watched.below, "rights": ", ".join(watched.rights)}
            for watched in watched_paths(chosen)
        ],
        **({"registry_values": registry_values} if registry_values else {}),
        **({"event_logs": event_logs} if event_logs else {}),
    }


def audit_script(
    events: Iterable[SecurityEvent],
    *,
    mode: str = AuditMode.APPLY.value,
    security_log_bytes: int = SECURITY_LOG_BYTES,
    prerequisites: Iterable[Prerequisite] = (),
    absent_fails: bool = False,
) -> str:
    """Return a PowerShell script, ASCII only, that makes a server write events.

    Args:
        events: The events to be written.
        mode: The value of an ``AuditMode``, or the placeholder of a parameter that is one.
        security_log_bytes: The least size of the Security log.
        prerequisites: Those that the script can set; others are left out.
        absent_fails: Whether a watched path that does not exist is a failure. Default: it is ``absent``.

    Raises:
        CatalogError: The size is not one that Windows can set.
    """
    script = _file("audit_policy.ps1")
    policy = audit_policy_data(events, security_log_bytes=security_log_bytes, prerequisites=prerequisites)
    if absent_fails:
        script = script.replace(_ABSENT, _ABSENT_PATH_FAILS)
    for section in ("registry_values", "event_logs"):
        if section in policy:
            script = script.replace(_END, _file(f"{section}.ps1") + _END)
    encoded = base64.b64encode(json.dumps(policy, ensure_ascii=False).encode()).decode()
    return f"& {{\n{script}}} -Mode '{mode}' -Policy '{encoded}'\n"


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="ascii")


def audit_document(
    events: Iterable[SecurityEvent],
    *,
    security_log_bytes: int = SECURITY_LOG_BYTES,
    prerequisites: Iterable[Prerequisite] = (),
    absent_fails: bool = False,
) -> dict[str, Any]:
    """Return the content of a Command document of Systems Manager; its ``mode`` is that of an ``AuditMode``.

    Args:
        events: The events to be written.
        security_log_bytes: The least size of the Security log.
        prerequisites: Those that the script can set; others are left out.
        absent_fails: Whether a watched path that does not exist is a failure. Default: it is ``absent``.

    Raises:
        CatalogError: The size is not one that Windows can set.
    """
    script = audit_script(
        events,
        mode="{{ mode }}",
        security_log_bytes=security_log_bytes,
        prerequisites=prerequisites,
        absent_fails=absent_fails,
    )
    return {
        "schemaVersion": "2.2",
        "description": "Audit policy, Security log and audit entries (SACL) for monitored security events",
        "parameters": {
            "mode": {
                "type": "String",
                "description": "apply changes what is not as wanted; report only says so, and then fails",
                "default": AuditMode.APPLY.value,
                "allowedValues": [mode.value for mode in AuditMode],
            }
        },
        "mainSteps": [
            {
                "action": "aws:runPowerShellScript",
                "name": "applyAuditPolicy",
                "precondition": {"StringEquals": ["platformType", "Windows"]},
                "inputs": {"runCommand": script.splitlines()},
            }
        ],
    }


def _object_names(event: SecurityEvent) -> Iterable[tuple[str, bool]]:
    """Yield each object name that an event watches, and whether it stands for everything below it."""
    for condition in event.where:
        if condition.field != "ObjectName":
            continue
        for value in condition.values:
            if condition.operator is Operator.EQUALS:
                yield value, False
            elif condition.operator is Operator.STARTS_WITH:
                yield value[: value.rfind("\\") + 1], True


def _powershell_path(name: str) -> str:
    r"""Return the path that PowerShell knows an object by, or ``""``: ``C:\`` keeps its backslash."""
    for kernel_name, hive in _HIVES.items():
        if name.startswith(kernel_name):
            return hive + name.removeprefix(kernel_name).rstrip("\\")
    if not is_on_drive(name):
        return ""
    path = name.rstrip("\\")
    return f"{path}\\" if path == name[:2] else path
