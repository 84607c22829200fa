"""Sample events of the family process."""

from catalog.samples import Samples
from catalog.samples.windows_event import windows_event


def started(program: str, **values: str) -> str:
    return windows_event(4688, {"NewProcessName": program, **values})


def tool(name: str, **values: str) -> str:
    return started(rf"C:\Windows\System32\{name}", **values)


def not_started(name: str) -> dict[str, str]:
    """Return records that name a tool and are not its start."""
    path = rf"C:\Windows\System32\{name}"
    return {
        "its child": tool("conhost.exe", ParentProcessName=path),
        "a shell that names it": tool("cmd.exe", CommandLine=f"cmd /c {path}"),
        "a shell that holds the tag": tool(
            "cmd.exe", CommandLine=f"<Data Name='NewProcessName'>{path}</Data>"
        ),
        "its end": windows_event(4689, {"ProcessName": path}),
        "a program whose name goes on": tool(f"{name}.exe"),
        "the words in the rendering": windows_event(4688, rendering=f"New Process Name: {path}"),
    }


SAMPLES = {
    "process-created": Samples(
        matching={
            "a shell": tool("cmd.exe"),
            "with quotes in the command line": tool("cmd.exe", CommandLine="cmd /c \"echo '<a>' & dir\""),
        },
        not_matching={
            "ended": windows_event(4689, {"ProcessId": "0x4688"}),
            "a token assigned": windows_event(4696, record_id=4688),
        },
    ),
    "recovery-tool-started": Samples(
        matching={
            "shadow copies": tool("vssadmin.exe", CommandLine="vssadmin delete shadows /all /quiet"),
            "shadow copies, by a 32-bit program": started(r"C:\Windows\SysWOW64\vssadmin.exe"),
            "backups": tool("wbadmin.exe", CommandLine="wbadmin delete catalog -quiet"),
            "shadow copies from a script": tool("diskshadow.exe"),
            "recovery at boot": tool("bcdedit.exe", CommandLine="bcdedit /set {default} recoveryenabled no"),
        },
        not_matching=not_started("vssadmin.exe"),
    ),
    "event-log-tool-started": Samples(
        matching={
            "a log cleared": tool("wevtutil.exe", CommandLine="wevtutil cl Security"),
            "a log cleared by a 32-bit program": started(r"C:\Windows\SysWOW64\wevtutil.exe"),
        },
        not_matching=not_started("wevtutil.exe"),
    ),
    "directory-database-tool-started": Samples(
        matching={
            "a copy made": tool(
                "ntdsutil.exe", CommandLine='ntdsutil "ac i ntds" "ifm" "create full c:\\temp" q q'
            )
        },
        not_matching=not_started("ntdsutil.exe"),
    ),
    "remote-execution-service-started": Samples(
        matching={
            "by the service manager": started(r"C:\Windows\PSEXESVC.exe"),
            "by the service manager, of an older version": started(r"C:\Windows\PSEXESVC.EXE"),
        },
        not_matching={
            "its child": tool("cmd.exe", ParentProcessName=r"C:\Windows\PSEXESVC.exe"),
            "a path that it begins": started(r"C:\Windows\PSEXESVC32\agent.exe"),
            "PsExec on the other side": started(r"C:\Tools\PsExec.exe"),
        },
    ),
    "domain-discovery-tool-started": Samples(
        matching={
            "trusts": tool("nltest.exe", CommandLine="nltest /domain_trusts"),
            "accounts": tool("dsquery.exe", CommandLine="dsquery user -limit 0"),
        },
        not_matching=not_started("nltest.exe"),
    ),
}
