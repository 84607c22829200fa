"""Sample events of the family server_role."""

from catalog.model.provider import (
    DHCP_SERVER,
    DNS_SERVER,
    PRINT_SERVICE_ADMIN,
    PRINT_SERVICE_OPERATIONAL,
    WINDOWS_BACKUP,
    Provider,
)
from catalog.samples import Samples
from catalog.samples.windows_event import windows_event

SQL_SERVER = Provider("MSSQLSERVER", channel="Application", classic=True)
NAMED_INSTANCE = Provider("MSSQL$SALES", channel="Application", classic=True)
#: A service beside SQL Server, which does not log anybody on.
SQL_AGENT = Provider("SQLSERVERAGENT", channel="Application", classic=True)
OPTIONS = ("xp_cmdshell", "Ole Automation Procedures", "clr enabled", "external scripts enabled")


def sql(event_id: int, *data: str, provider: Provider = SQL_SERVER) -> str:
    """Return what SQL Server says: data without names, and bytes after them."""
    return windows_event(event_id, {"Binary": "18480000"}, *data, provider=provider)


def option(name: str, old: str = "0", new: str = "1", provider: Provider = SQL_SERVER) -> str:
    """Return a changed option of SQL Server."""
    return sql(15457, name, old, new, provider=provider)


def dns(event_id: int, level: int, **values: str) -> str:
    """Return what the DNS server says of a plug-in."""
    return windows_event(event_id, values, provider=DNS_SERVER, level=level)


def dhcp(event_id: int) -> str:
    """Return what the DHCP server says of its callouts."""
    return windows_event(event_id, None, "The operation completed successfully. ", provider=DHCP_SERVER)


def plugin(event_id: int) -> str:
    """Return what the print spooler says of a DLL that it could not load."""
    values = {
        "PluginDllName": r"C:\Windows\system32\spool\DRIVERS\x64\3\a.dll",
        "ErrorCode": "0x45a",
        "Context": "110",
    }
    return windows_event(event_id, values, provider=PRINT_SERVICE_ADMIN, level=2)


def driver(provider: Provider, event_id: int = 316) -> str:
    """Return a printer driver that was added."""
    values = {"Param1": "Example", "Param2": "Windows x64", "Param3": "Type 3", "Param4": "A.DLL, B.DLL"}
    return windows_event(event_id, values, provider=provider)


FAILURE = " Reason: Password did not match that for the login provided."
SAMPLES = {
    "sql-logon-failed": Samples(
        matching={
            "of the default instance": sql(18456, "sa", FAILURE, " [CLIENT: 198.51.100.7]"),
            "of a named instance": sql(
                18456, "sa", FAILURE, " [CLIENT: 198.51.100.7]", provider=NAMED_INSTANCE
            ),
        },
        not_matching={
            "a logon that succeeded": sql(18454, "sa", " [CLIENT: 198.51.100.7]"),
            "of another service": sql(18456, "sa", provider=SQL_AGENT),
        },
    ),
    "sql-program-execution-set": Samples(
        matching={
            **{name: option(name) for name in OPTIONS},
            "of a named instance": option("xp_cmdshell", provider=NAMED_INSTANCE),
            "turned off": option("xp_cmdshell", "1", "0"),
        },
        not_matching={
            "another option": option("show advanced options"),
            "an option that begins alike": option("clr strict security"),
        },
    ),
    "dns-plugin-loaded": Samples(
        matching={"loaded": dns(770, 4, param1=r"C:\Temp\a.dll", param2="dc-01.example.com")},
        not_matching={"failed": dns(150, 2, param1=r"C:\Temp\a.dll", Binary="7E000000")},
    ),
    "dns-plugin-failed": Samples(
        matching={"missing": dns(150, 2, param1=r"C:\Temp\a.dll", Binary="7E000000")},
        not_matching={"loaded": dns(770, 4, param1=r"C:\Temp\a.dll", param2="dc-01.example.com")},
    ),
    "dhcp-callout-loaded": Samples(
        matching={"loaded": dhcp(1033)}, not_matching={"failed": dhcp(1034), "crashed": dhcp(1031)}
    ),
    "dhcp-callout-not-loaded": Samples(
        matching={"failed": dhcp(1034)}, not_matching={"loaded": dhcp(1033), "a lease": dhcp(1020)}
    ),
    "dhcp-callout-crashed": Samples(
        matching={"crashed": dhcp(1031)}, not_matching={"crashed as it was loaded": dhcp(1032)}
    ),
    "dhcp-callout-failed-to-start": Samples(
        matching={"crashed as it was loaded": dhcp(1032)}, not_matching={"crashed": dhcp(1031)}
    ),
    "print-plugin-failed": Samples(
        matching={"a DLL of a driver": plugin(808)},
        not_matching={
            "a driver that was not installed": windows_event(
                215, {"Param1": "Example"}, provider=PRINT_SERVICE_ADMIN, level=2
            )
        },
    ),
    "printer-driver-added": Samples(
        matching={"a driver": driver(PRINT_SERVICE_OPERATIONAL)},
        not_matching={"a DLL that failed": plugin(808)},
    ),
    "backup-catalog-deleted": Samples(
        matching={"by wbadmin": windows_event(524, provider=WINDOWS_BACKUP)},
        not_matching={"a backup that failed": windows_event(517, provider=WINDOWS_BACKUP, level=2)},
    ),
}
