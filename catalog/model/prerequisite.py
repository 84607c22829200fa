"""What Windows needs beside an audit subcategory before it writes an event, or a field of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Condition


@dataclass(frozen=True, slots=True)
class RegistryValue:
    r"""A value of the registry that the audit policy's script can set.

    Args:
        key: The key, as .NET names it: ``HKEY_LOCAL_MACHINE\...``. A ``*`` at its end stands for the one that
            the value Active of the key above names.
        name: The value's name.
        kind: A member of .NET's RegistryValueKind: ``DWord``, ``Binary`` or ``String``.
        data: What it holds: a number, a byte where it is ``Binary``, or a text.
    """

    key: str
    name: str
    kind: str
    data: int | str

    @property
    def command(self) -> str:
        """The command that sets it, for a command prompt."""
        key = self.key.replace("HKEY_LOCAL_MACHINE", "HKLM")
        data = f"{self.data:02x}" if self.kind == "Binary" else self.data
        kind = "SZ" if self.kind == "String" else self.kind.upper()
        return f'reg add "{key}" /v {self.name} /t REG_{kind} /d {data} /f'


@dataclass(frozen=True, slots=True)
class Need:
    """One prerequisite.

    Args:
        title: What has to be so, as it stands after "needs".
        manually: How an administrator brings it about: a command, or a sentence.
        registry: The registry values that are all of it, which a deployment can have set; else none.
        event_log: The event log that has to be enabled, which a deployment can have done; else empty.
        setting: The setting of ``audit_policy`` that has it done; else empty.
        without: Which records are written all the same without it; empty for none.
    """

    title: str
    manually: str
    registry: tuple[RegistryValue, ...] = ()
    event_log: str = ""
    setting: str = ""
    without: str = ""


_COMMAND_LINES = RegistryValue(
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit",
    "ProcessCreationIncludeCmdLine_Enabled",
    "DWord",
    1,
)
_FULL_PRIVILEGE_AUDITING = RegistryValue(
    r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Lsa", "FullPrivilegeAuditing", "Binary", 1
)
_SCRIPT_BLOCK_LOGGING = RegistryValue(
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging",
    "EnableScriptBlockLogging",
    "DWord",
    1,
)
_MODULE_LOGGING_KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging"
_MODULE_LOGGING = (
    RegistryValue(_MODULE_LOGGING_KEY, "EnableModuleLogging", "DWord", 1),
    RegistryValue(rf"{_MODULE_LOGGING_KEY}\ModuleNames", "*", "String", "*"),
)
_TASK_SCHEDULER_LOG = "Microsoft-Windows-TaskScheduler/Operational"
_PRINT_SERVICE_LOG = "Microsoft-Windows-PrintService/Operational"


class Prerequisite(Enum):
    """What beside the audit policy decides whether an event is written, as it is looked for.

    Sources: Microsoft's "Command line process auditing", "Audit: Audit the use of Backup and Restore
    privilege" and "Audit Sensitive Privilege Use" with the rights left out without FullPrivilegeAuditing, and
    "Audit Certification Services"; for PowerShell about_Logging_Windows.
    """

    COMMAND_LINES = Need(
        "command lines in process creation events",
        _COMMAND_LINES.command,
        (_COMMAND_LINES,),
        setting="command_lines",
    )
    FULL_PRIVILEGE_AUDITING = Need(
        "FullPrivilegeAuditing, without which Windows leaves out the use of some rights",
        _FULL_PRIVILEGE_AUDITING.command,
        (_FULL_PRIVILEGE_AUDITING,),
        setting="full_privilege_auditing",
    )
    CA_AUDIT_FILTER = Need(
        "the audit filter of the certification authority",
        r"certutil -setreg CA\AuditFilter 127 && net stop certsvc && net start certsvc",
        (
            RegistryValue(
                r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\CertSvc\Configuration\*",
                "AuditFilter",
                "DWord",
                127,
            ),
        ),
        setting="ca_audit_filter",
    )
    RESPONDER_AUDIT = Need(
        "auditing of the Online Responder", "ocsp.msc, Responder Properties, Audit: select the events"
    )
    DIRECTORY_AUDIT_ENTRY = Need(
        "an audit entry (SACL) on the directory's objects, which a new domain has",
        "dsa.msc, Properties of the domain, Security, Advanced, Auditing",
    )
    OBJECT_AUDIT_ENTRY = Need(
        "an audit entry (SACL) on what it watches, which the audit policy sets on watched paths",
        "Properties, Security, Advanced, Auditing",
    )
    SCRIPT_BLOCK_LOGGING = Need(
        "PowerShell script block logging",
        _SCRIPT_BLOCK_LOGGING.command,
        (_SCRIPT_BLOCK_LOGGING,),
        setting="script_block_logging",
        without="only script blocks that PowerShell itself marks as suspicious",
    )
    TASK_SCHEDULER_LOG = Need(
        "the event log of the Task Scheduler switched on",
        f"wevtutil set-log {_TASK_SCHEDULER_LOG} /enabled:true",
        event_log=_TASK_SCHEDULER_LOG,
        setting="event_logs",
    )
    PRINT_SERVICE_LOG = Need(
        "the operational event log of the print service switched on",
        f"wevtutil set-log {_PRINT_SERVICE_LOG} /enabled:true",
        event_log=_PRINT_SERVICE_LOG,
        setting="event_logs",
    )
    SYSMON = Need(
        "Sysmon, with a configuration that reports what is looked for",
        "sysmon64 -accepteula -i CONFIGURATION.xml",
    )
    MODULE_LOGGING = Need(
        "PowerShell module logging",
        " && ".join(value.command for value in _MODULE_LOGGING),
        _MODULE_LOGGING,
        setting="module_logging",
    )


#: The rights whose use Windows leaves out without FullPrivilegeAuditing.
_RIGHTS_LEFT_OUT = frozenset(
    f"Se{right}Privilege"
    for right in ("AssignPrimaryToken", "Audit", "Backup", "ChangeNotify", "CreateToken", "Debug", "Restore")
)
_PRIVILEGE_USE = (AuditSubcategory.SENSITIVE_PRIVILEGE_USE, AuditSubcategory.NON_SENSITIVE_PRIVILEGE_USE)
_RESPONDER_EVENTS = range(5120, 5128)
_OF_SUBCATEGORY = {
    AuditSubcategory.CERTIFICATION_SERVICES: Prerequisite.CA_AUDIT_FILTER,
    AuditSubcategory.DIRECTORY_SERVICE_ACCESS: Prerequisite.DIRECTORY_AUDIT_ENTRY,
    AuditSubcategory.DIRECTORY_SERVICE_CHANGES: Prerequisite.DIRECTORY_AUDIT_ENTRY,
    AuditSubcategory.FILE_SYSTEM: Prerequisite.OBJECT_AUDIT_ENTRY,
    AuditSubcategory.REGISTRY: Prerequisite.OBJECT_AUDIT_ENTRY,
}


#: The logs that Windows leaves off, or does not have.
_LOGS_LEFT_OFF = {
    **{each.value.event_log: each for each in Prerequisite if each.value.event_log},
    "Microsoft-Windows-Sysmon/Operational": Prerequisite.SYSMON,
}


def prerequisites_of_log(channel: str) -> tuple[Prerequisite, ...]:
    """Return what the events of an event log need before Windows writes any."""
    return (_LOGS_LEFT_OFF[channel],) if channel in _LOGS_LEFT_OFF else ()


def prerequisites_of(
    event_id: int, audit: AuditSubcategory | None, where: Iterable[Condition]
) -> tuple[Prerequisite, ...]:
    """Return what an event of the Security log needs beside its audit subcategory.

    Args:
        event_id: The event's id.
        audit: The audit subcategory that writes it.
        where: Its conditions: one on CommandLine needs command lines.
    """
    found = []
    if audit in _OF_SUBCATEGORY:
        is_responder = audit is AuditSubcategory.CERTIFICATION_SERVICES and event_id in _RESPONDER_EVENTS
        found.append(Prerequisite.RESPONDER_AUDIT if is_responder else _OF_SUBCATEGORY[audit])
    required = [condition for condition in where if not condition.operator.excludes]
    if audit is AuditSubcategory.PROCESS_CREATION and any(c.field == "CommandLine" for c in required):
        found.append(Prerequisite.COMMAND_LINES)
    if audit in _PRIVILEGE_USE and any(
        c.field == "PrivilegeList" and _RIGHTS_LEFT_OUT.issuperset(c.values) for c in required
    ):
        found.append(Prerequisite.FULL_PRIVILEGE_AUDITING)
    return tuple(found)
