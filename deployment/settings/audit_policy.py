"""What Windows is made to write: the audit policy of the chosen events."""

from enum import Enum
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from catalog.derived.audit_script import SECURITY_LOG_BYTES, AuditMode
from catalog.model.prerequisite import Prerequisite
from deployment.settings.model import Cascading


class AbsentPath(Enum):
    """What a server counts as on which a watched path does not exist."""

    REPORT = "report"
    """It is compliant; the output says so."""
    FAIL = "fail"
    """The association fails on it."""


class AuditPolicy(Cascading):
    """The audit policy, the Security log and the audit entries (SACL) that the chosen events need."""

    mode: AuditMode = AuditMode.APPLY
    """apply: change what differs on a server; nothing is ever switched off. report: only say so, and call
    the server non-compliant. Default: apply. To do neither, set associations.apply_audit_policy.enabled to
    false."""
    security_log_mebibytes: Annotated[StrictInt, Field(ge=64, le=4096)] = SECURITY_LOG_BYTES // 1024**2
    """The least size of the Security log on the servers, in mebibytes, from 64 to 4096; a larger log stays.
    Default: 1024."""
    command_lines: StrictBool = False
    """Whether process creation events (4688) hold the process's command line: the registry value
    ProcessCreationIncludeCmdLine_Enabled is set to 1, and never set back. Command lines can hold passwords,
    which then reach the log group. Default: false; events with a condition on CommandLine can then never
    fire."""
    full_privilege_auditing: StrictBool = False
    """Whether the use of every right is audited, to debug programs among them: the registry value
    FullPrivilegeAuditing is set, and never set back. Backups then write a record for each file. Default:
    false; events of the rights that Windows leaves out can then never fire."""
    ca_audit_filter: StrictBool = False
    """Whether certification authorities audit all that they can: the registry value AuditFilter is set to 127
    on servers that are one, and never set back. It takes effect at the next start of Certificate Services.
    Default: false; the events of certification authorities can then never fire."""

    absent: AbsentPath = AbsentPath.REPORT
    """What a watched path that a server does not have amounts to. report: a line of the output. fail: the
    association fails there, for paths that every server must have. Default: report."""
    script_block_logging: StrictBool = False
    """Whether PowerShell writes the text of the scripts that it runs (4104): the policy
    EnableScriptBlockLogging is set, and never set back. Scripts can hold passwords, which then reach the log
    group. Default: false; Sigma rules on script blocks can then find only those that Windows itself marks as
    suspicious."""
    module_logging: StrictBool = False
    """Whether PowerShell writes the commands of all modules with their parameters (4103): the policy
    EnableModuleLogging is set with the module name *, and never set back. Parameters can hold passwords,
    which then reach the log group. Default: false; Sigma rules on modules can then never fire."""
    event_logs: StrictBool = False
    """Whether the event logs of chosen events that Windows leaves off are enabled: those of the Task
    Scheduler and of the print service. They are never disabled again. Default: false; the events of these
    logs can then fire only where an administrator enabled them."""

    @property
    def prerequisites(self) -> tuple[Prerequisite, ...]:
        """The prerequisites of events that it sets."""
        settable = [each for each in Prerequisite if each.value.setting]
        return tuple(each for each in settable if getattr(self, each.value.setting))

    @property
    def security_log_bytes(self) -> int:
        """The least size of the Security log in bytes."""
        return self.security_log_mebibytes * 1024**2
