"""The audit subcategories of Windows: what has to be switched on before an event is written at all.

Names and GUIDs are those of ``auditpol /list /subcategory:* /v``. The names are localised on a server,
the GUIDs are not, so only GUIDs are ever passed to ``auditpol``.

The defaults are those of a Windows Server without any audit policy of its own. They were read from
published tables and not on a live server of every version: treat them as a hint, and apply the policy.
"""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """Which audits of a subcategory write the event."""

    SUCCESS = "success"
    FAILURE = "failure"
    SUCCESS_AND_FAILURE = "success and failure"

    @property
    def success(self) -> bool:
        """Whether success auditing is needed."""
        return self is not Outcome.FAILURE

    @property
    def failure(self) -> bool:
        """Whether failure auditing is needed."""
        return self is not Outcome.SUCCESS


@dataclass(frozen=True, slots=True)
class Subcategory:
    """One audit subcategory: its English name, the last byte of its GUID, and what is on by default."""

    title: str
    number: int
    default: Outcome | None = None

    @property
    def guid(self) -> str:
        """The GUID in braces, as auditpol takes it; all subcategories differ in one byte only."""
        return f"{{0CCE92{self.number:02X}-69AE-11D9-BED3-505054503030}}"

    def on_by_default(self, outcome: Outcome) -> bool:
        """Whether a server with no audit policy of its own already writes these audits, all of them."""
        if self.default is None:
            return False
        return self.default in (outcome, Outcome.SUCCESS_AND_FAILURE)

    def by_default(self, outcome: Outcome) -> str:
        """Say whether such a server writes these audits: ``yes``, ``no``, or ``partly``, one of the two."""
        if self.on_by_default(outcome):
            return "yes"
        return "partly" if self.default and outcome is Outcome.SUCCESS_AND_FAILURE else "no"


_SUCCESS = Outcome.SUCCESS
_BOTH = Outcome.SUCCESS_AND_FAILURE


class AuditSubcategory(Enum):
    """Every subcategory that writes to the Security channel."""

    # System
    SECURITY_STATE_CHANGE = Subcategory("Security State Change", 0x10, _SUCCESS)
    SECURITY_SYSTEM_EXTENSION = Subcategory("Security System Extension", 0x11)
    SYSTEM_INTEGRITY = Subcategory("System Integrity", 0x12, _BOTH)
    IPSEC_DRIVER = Subcategory("IPsec Driver", 0x13)
    OTHER_SYSTEM_EVENTS = Subcategory("Other System Events", 0x14, _BOTH)
    # Logon/Logoff
    LOGON = Subcategory("Logon", 0x15, _BOTH)
    LOGOFF = Subcategory("Logoff", 0x16, _SUCCESS)
    ACCOUNT_LOCKOUT = Subcategory("Account Lockout", 0x17, _SUCCESS)
    IPSEC_MAIN_MODE = Subcategory("IPsec Main Mode", 0x18)
    IPSEC_QUICK_MODE = Subcategory("IPsec Quick Mode", 0x19)
    IPSEC_EXTENDED_MODE = Subcategory("IPsec Extended Mode", 0x1A)
    SPECIAL_LOGON = Subcategory("Special Logon", 0x1B, _SUCCESS)
    OTHER_LOGON_LOGOFF_EVENTS = Subcategory("Other Logon/Logoff Events", 0x1C)
    NETWORK_POLICY_SERVER = Subcategory("Network Policy Server", 0x43, _BOTH)
    USER_DEVICE_CLAIMS = Subcategory("User / Device Claims", 0x47)
    GROUP_MEMBERSHIP = Subcategory("Group Membership", 0x49)
    # Object Access
    FILE_SYSTEM = Subcategory("File System", 0x1D)
    REGISTRY = Subcategory("Registry", 0x1E)
    KERNEL_OBJECT = Subcategory("Kernel Object", 0x1F)
    SAM = Subcategory("SAM", 0x20)
    CERTIFICATION_SERVICES = Subcategory("Certification Services", 0x21)
    APPLICATION_GENERATED = Subcategory("Application Generated", 0x22)
    HANDLE_MANIPULATION = Subcategory("Handle Manipulation", 0x23)
    FILE_SHARE = Subcategory("File Share", 0x24)
    FILTERING_PLATFORM_PACKET_DROP = Subcategory("Filtering Platform Packet Drop", 0x25)
    FILTERING_PLATFORM_CONNECTION = Subcategory("Filtering Platform Connection", 0x26)
    OTHER_OBJECT_ACCESS_EVENTS = Subcategory("Other Object Access Events", 0x27)
    DETAILED_FILE_SHARE = Subcategory("Detailed File Share", 0x44)
    REMOVABLE_STORAGE = Subcategory("Removable Storage", 0x45)
    # Privilege Use
    SENSITIVE_PRIVILEGE_USE = Subcategory("Sensitive Privilege Use", 0x28)
    NON_SENSITIVE_PRIVILEGE_USE = Subcategory("Non Sensitive Privilege Use", 0x29)
    OTHER_PRIVILEGE_USE_EVENTS = Subcategory("Other Privilege Use Events", 0x2A)
    # Detailed Tracking
    PROCESS_CREATION = Subcategory("Process Creation", 0x2B)
    PROCESS_TERMINATION = Subcategory("Process Termination", 0x2C)
    DPAPI_ACTIVITY = Subcategory("DPAPI Activity", 0x2D)
    RPC_EVENTS = Subcategory("RPC Events", 0x2E)
    PLUG_AND_PLAY_EVENTS = Subcategory("Plug and Play Events", 0x48)
    TOKEN_RIGHT_ADJUSTED_EVENTS = Subcategory("Token Right Adjusted Events", 0x4A)
    # Policy Change
    AUDIT_POLICY_CHANGE = Subcategory("Audit Policy Change", 0x2F, _SUCCESS)
    AUTHENTICATION_POLICY_CHANGE = Subcategory("Authentication Policy Change", 0x30, _SUCCESS)
    AUTHORIZATION_POLICY_CHANGE = Subcategory("Authorization Policy Change", 0x31)
    MPSSVC_RULE_LEVEL_POLICY_CHANGE = Subcategory("MPSSVC Rule-Level Policy Change", 0x32)
    FILTERING_PLATFORM_POLICY_CHANGE = Subcategory("Filtering Platform Policy Change", 0x33)
    OTHER_POLICY_CHANGE_EVENTS = Subcategory("Other Policy Change Events", 0x34)
    # Account Management
    USER_ACCOUNT_MANAGEMENT = Subcategory("User Account Management", 0x35, _SUCCESS)
    COMPUTER_ACCOUNT_MANAGEMENT = Subcategory("Computer Account Management", 0x36, _SUCCESS)
    SECURITY_GROUP_MANAGEMENT = Subcategory("Security Group Management", 0x37, _SUCCESS)
    DISTRIBUTION_GROUP_MANAGEMENT = Subcategory("Distribution Group Management", 0x38)
    APPLICATION_GROUP_MANAGEMENT = Subcategory("Application Group Management", 0x39)
    OTHER_ACCOUNT_MANAGEMENT_EVENTS = Subcategory("Other Account Management Events", 0x3A)
    # DS Access
    DIRECTORY_SERVICE_ACCESS = Subcategory("Directory Service Access", 0x3B, _SUCCESS)
    DIRECTORY_SERVICE_CHANGES = Subcategory("Directory Service Changes", 0x3C)
    DIRECTORY_SERVICE_REPLICATION = Subcategory("Directory Service Replication", 0x3D)
    DETAILED_DIRECTORY_SERVICE_REPLICATION = Subcategory("Detailed Directory Service Replication", 0x3E)
    # Account Logon
    CREDENTIAL_VALIDATION = Subcategory("Credential Validation", 0x3F, _SUCCESS)
    KERBEROS_SERVICE_TICKET_OPERATIONS = Subcategory("Kerberos Service Ticket Operations", 0x40, _SUCCESS)
    OTHER_ACCOUNT_LOGON_EVENTS = Subcategory("Other Account Logon Events", 0x41)
    KERBEROS_AUTHENTICATION_SERVICE = Subcategory("Kerberos Authentication Service", 0x42, _SUCCESS)


#: Events that Windows writes only where a second subcategory is on as well, by their ids. What opens a handle
#: is audited with Handle Manipulation, says the explanation of that setting in Windows itself; Microsoft's
#: newer pages do without it. On beside the other it costs records in the server's own log only.
ALSO_NEEDED = {4656: AuditSubcategory.HANDLE_MANIPULATION, 4661: AuditSubcategory.HANDLE_MANIPULATION}
