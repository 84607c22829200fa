"""The event providers that the catalog's events come from, and how each writes its XML."""

import re
from dataclasses import dataclass

from catalog.model.condition import Condition, Markup

#: What Windows writes between apostrophes as it is.
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f<>&'\"]{1,255}")
#: The elements with a text of their own in the System part of every record.
_HEADER = frozenset(
    ("EventID", "Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel", "Computer")
)
UNNAMED = "Data"
"""The field that stands for data without a name, whichever of them it is."""
#: With the longest prefix of a deployment, it fits into the 512 characters of a log group's name.
_CHANNEL = re.compile(r"[\w.()/-][\w .()/-]{0,111}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Provider:
    """An event provider: its name, the channel it writes to, and what its XML looks like.

    Args:
        name: The ``Name`` attribute of ``<Provider>``.
        channel: The channel, which is also the ``event_name`` of the agent's configuration.
        classic: Whether the event id carries a ``Qualifiers`` attribute, as for providers that predate
            manifests. ``<EventID>7045</EventID>`` never occurs: ``<EventID Qualifiers='16384'>7045`` does.
        markup: How data fields are written.
        implied: Whether no other provider writes this event id to its channel.
        begins: Whether ``name`` is only the beginning of it: SQL Server adds that of its instance.
    """

    name: str
    channel: str
    classic: bool = False
    markup: Markup = Markup.EVENT_DATA
    implied: bool = False
    begins: bool = False

    @property
    def text(self) -> str:
        """What stands in the XML of each of its records, whatever their ids."""
        return f"<Provider Name='{self.name}" + ("" if self.begins else "'")

    def is_called(self, name: str) -> bool:
        """Return whether a record with this name of a provider is one of its own."""
        return name.startswith(self.name) if self.begins else name == self.name

    def texts(self, event_id: int) -> tuple[str, ...]:
        """Return the texts that stand in the XML of every event with this id from this provider."""
        start = ">" if self.classic else "<EventID>"
        identity = (f"{start}{event_id}</EventID>",)
        return identity if self.implied else (*identity, self.text)

    def markup_of(self, field: str) -> Markup:
        """Return how a data field is written.

        ``Data`` of a classic provider stands for data without a name, such as those of SQL Server:
        ``<Data>sa</Data>``. ``Binary`` is an element of its own, with the bytes that such a provider adds.
        """
        if field == "Binary":
            return Markup.USER_DATA
        is_unnamed = self.classic and self.markup is Markup.EVENT_DATA and field == UNNAMED
        return Markup.UNNAMED_DATA if is_unnamed else self.markup

    def is_in_header(self, condition: Condition) -> bool:
        """Return whether the header of each of its records has what a condition on a data field looks for.

        Where data fields are elements, their names are no others than those of the header's.
        """
        if condition.in_header or self.markup is not Markup.USER_DATA or condition.field not in _HEADER:
            return False
        channel = f"<Channel>{self.channel}</Channel>"
        return condition.field != "Channel" or any(text in channel for text in condition.texts(self.markup))

    def problems(self) -> list[tuple[str, str]]:
        """Return what could not be found or shipped, each with the field that it is about."""
        problems = []
        if not _NAME.fullmatch(self.name):
            problems.append(("name", f"{self.name!r} is not the name of an event provider"))
        if not _CHANNEL.fullmatch(self.channel):
            problems.append(
                (
                    "channel",
                    f"{self.channel!r} is not the name of an event log: at most 112 letters, digits, spaces "
                    "and . _ - / ( )",
                )
            )
        return problems


SECURITY_AUDITING = Provider("Microsoft-Windows-Security-Auditing", channel="Security", implied=True)
#: The Event Log service in the Security channel: 1100 to 1104.
SECURITY_EVENTLOG = Provider("Microsoft-Windows-Eventlog", channel="Security", markup=Markup.USER_DATA)
#: The Event Log service in the System channel: 104.
SYSTEM_EVENTLOG = Provider("Microsoft-Windows-Eventlog", channel="System", markup=Markup.USER_DATA)
SERVICE_CONTROL_MANAGER = Provider("Service Control Manager", channel="System", classic=True)
#: The file system's filter manager: drivers such as Sysmon's loaded (6) and unloaded (1).
FILTER_MANAGER = Provider("Microsoft-Windows-FilterManager", channel="System")
#: The kernel, on hives of the registry that it opened: 16.
KERNEL_GENERAL = Provider("Microsoft-Windows-Kernel-General", channel="System")
#: The Netlogon service of domain controllers: 5805, 5827 to 5829.
NETLOGON = Provider("NETLOGON", channel="System", classic=True)
#: Microsoft Defender Antivirus. The names of its fields are of two words: ``Threat Name``.
DEFENDER = Provider(
    "Microsoft-Windows-Windows Defender", channel="Microsoft-Windows-Windows Defender/Operational"
)
#: Windows PowerShell 5.1: script blocks (4104, level 5, or 3 where it takes them for suspicious).
POWERSHELL = Provider("Microsoft-Windows-PowerShell", channel="Microsoft-Windows-PowerShell/Operational")
#: The engine of Windows PowerShell in its log from before manifests: three data without a name.
CLASSIC_POWERSHELL = Provider("PowerShell", channel="Windows PowerShell", classic=True)
#: The Task Scheduler's own log, which Windows leaves off.
TASK_SCHEDULER = Provider(
    "Microsoft-Windows-TaskScheduler", channel="Microsoft-Windows-TaskScheduler/Operational"
)
#: Windows Management Instrumentation: permanent subscriptions (5861).
WMI_ACTIVITY = Provider(
    "Microsoft-Windows-WMI-Activity",
    channel="Microsoft-Windows-WMI-Activity/Operational",
    markup=Markup.USER_DATA,
)
#: The sessions of Remote Desktop and of the console: 21 to 25.
LOCAL_SESSION_MANAGER = Provider(
    "Microsoft-Windows-TerminalServices-LocalSessionManager",
    channel="Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
    markup=Markup.USER_DATA,
)
#: The connections of Remote Desktop: 1149.
REMOTE_CONNECTION_MANAGER = Provider(
    "Microsoft-Windows-TerminalServices-RemoteConnectionManager",
    channel="Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
    markup=Markup.USER_DATA,
)
#: Sysmon, which is no part of Windows: 1 to 29, and 255 for its own errors.
SYSMON = Provider("Microsoft-Windows-Sysmon", channel="Microsoft-Windows-Sysmon/Operational")
#: The SSH server of Windows: all that it says, under one id.
OPENSSH = Provider("OpenSSH", channel="OpenSSH/Operational")
#: What may be loaded into the kernel and into processes.
CODE_INTEGRITY = Provider(
    "Microsoft-Windows-CodeIntegrity", channel="Microsoft-Windows-CodeIntegrity/Operational"
)
#: The print spooler's log of faults, and its other one, which Windows leaves off.
PRINT_SERVICE_ADMIN = Provider(
    "Microsoft-Windows-PrintService",
    channel="Microsoft-Windows-PrintService/Admin",
    markup=Markup.USER_DATA,
)
PRINT_SERVICE_OPERATIONAL = Provider(
    "Microsoft-Windows-PrintService",
    channel="Microsoft-Windows-PrintService/Operational",
    markup=Markup.USER_DATA,
)
#: The DNS server.
DNS_SERVER = Provider("Microsoft-Windows-DNS-Server-Service", channel="DNS Server")
#: The DHCP server, whose ids have qualifiers although it has a manifest.
DHCP_SERVER = Provider("Microsoft-Windows-DHCP-Server", channel="System", classic=True)
#: The Key Distribution Center of domain controllers, likewise.
KEY_DISTRIBUTION_CENTER = Provider(
    "Microsoft-Windows-Kerberos-Key-Distribution-Center", channel="System", classic=True
)
#: Shadow copies of volumes, likewise.
SHADOW_COPIES = Provider("Volsnap", channel="System", classic=True)
#: The Windows firewall's own log.
FIREWALL = Provider(
    "Microsoft-Windows-Windows Firewall With Advanced Security",
    channel="Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
)
#: Windows Server Backup.
WINDOWS_BACKUP = Provider("Microsoft-Windows-Backup", channel="Application")
#: SQL Server: MSSQLSERVER, or MSSQL$NAME of a named instance. Its data has no names.
SQL_SERVER = Provider("MSSQL", channel="Application", classic=True, begins=True)
#: The Event Log service under the name it has had since Windows NT: 6008.
CLASSIC_EVENTLOG = Provider("EventLog", channel="System", classic=True)
