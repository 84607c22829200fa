"""What Windows is made to write: the audit policy of the chosen events."""

from enum import Enum
from typing import Annotated

from pydantic import Field, StrictInt

from deployment.model import Cascading


class AuditMode(Enum):
    """What the association does on a server that differs from the policy."""

    APPLY = "apply"
    """Change it, and say so."""
    REPORT = "report"
    """Only say so; the server becomes non-compliant."""


class AuditPolicy(Cascading):
    """The audit policy, the Security log and the audit entries (SACL) that the chosen events need."""

    mode: AuditMode = AuditMode.APPLY
    """apply: change what differs on a server; nothing is ever switched off. report: only say so, and call
    the server non-compliant. Default: apply. To do neither, set associations.apply_audit_policy.enabled to
    false."""
    security_log_mebibytes: Annotated[StrictInt, Field(ge=64, le=4096)] = 1024
    """The least size of the Security log on the servers, in mebibytes, from 64 to 4096; a larger log stays.
    Default: 1024."""
