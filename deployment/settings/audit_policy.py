"""What Windows is made to write: the audit policy of the chosen events."""

from typing import Annotated

from pydantic import Field, StrictInt

from catalog.derived.audit_script import SECURITY_LOG_BYTES, AuditMode
from deployment.settings.model import Cascading


class AuditPolicy(Cascading):
    """The audit policy, the Security log and the audit entries (SACL) that the chosen events need."""

    mode: AuditMode = AuditMode.APPLY
    """apply: change what differs on a server; nothing is ever switched off. report: only say so, and call
    the server non-compliant. Default: apply. To do neither, set associations.apply_audit_policy.enabled to
    false."""
    security_log_mebibytes: Annotated[StrictInt, Field(ge=64, le=4096)] = SECURITY_LOG_BYTES // 1024**2
    """The least size of the Security log on the servers, in mebibytes, from 64 to 4096; a larger log stays.
    Default: 1024."""

    @property
    def security_log_bytes(self) -> int:
        """The least size of the Security log in bytes."""
        return self.security_log_mebibytes * 1024**2
