"""Sample events of the family service."""

from catalog.model.condition import escape
from catalog.model.provider import FILTER_MANAGER, KERNEL_GENERAL, SERVICE_CONTROL_MANAGER, Provider
from catalog.samples import Samples
from catalog.samples.windows_event import SYSTEM_SUBJECT, windows_event

CLOUDWATCH_AGENT = r'"C:\Program Files\Amazon\AmazonCloudWatchAgent\start-amazon-cloudwatch-agent.exe"'
SSM_AGENT = r'"C:\Program Files\Amazon\SSM\amazon-ssm-agent.exe"'
SVCHOST = r"C:\Windows\System32\svchost.exe -k netsvcs -p"
PROTECTION = ("EventLog", "WinDefend", "mpssvc", "MpsSvc", "AmazonCloudWatchAgent", "AmazonSSMAgent")
#: The folder of the command interpreters, in the spellings of Windows versions and tools, quoted or not.
SYSTEM32 = (
    r"C:\Windows\System32",
    r"C:\Windows\system32",
    r"C:\WINDOWS\system32",
    r"c:\windows\system32",
    r'"C:\Windows\System32',
    r'"C:\Windows\system32',
)
#: A task as it stands in TaskContent, whose own tags are escaped there.
TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Principals>
    <Principal id="Author"><UserId>S-1-5-18</UserId><LogonType>Password</LogonType></Principal>
  </Principals>
  <Actions Context="Author">
    <Exec><Command>cmd.exe</Command><Arguments>/c "whoami" &gt; C:\\Temp\\a.txt</Arguments></Exec>
  </Actions>
</Task>"""


def installed(name: str, path: str, **values: str) -> str:
    """Return the Service Control Manager's record of a new service."""
    return windows_event(
        7045, {"ServiceName": name, "ImagePath": path, **values}, provider=SERVICE_CONTROL_MANAGER
    )


def installed_by_account(name: str, path: str, service_type: str = "0x10", **values: str) -> str:
    """Return the audit of a new service."""
    return windows_event(
        4697,
        {
            "ServiceName": name,
            "ServiceFileName": path,
            "ServiceType": service_type,
            "ServiceStartType": "2",
            "ServiceAccount": "LocalSystem",
            **values,
        },
    )


def start_type(service: str, old: str = "auto start", new: str = "disabled", title: str = "Service") -> str:
    """Return the record of a changed start type."""
    return windows_event(
        7040,
        {"param1": title, "param2": old, "param3": new, "param4": service},
        provider=SERVICE_CONTROL_MANAGER,
    )


def task(event_id: int, values: dict[str, str] | None = None) -> str:
    """Return a record of a scheduled task."""
    content = "TaskContentNew" if event_id == 4702 else "TaskContent"
    return windows_event(event_id, {"TaskName": r"\Backup check", content: TASK, **(values or {})})


def state(event_id: int, service: str, ending: str = "") -> str:
    """Return the Service Control Manager's record on a service, its short name in hexadecimal."""
    binary = f"{service}{ending}\0".encode("utf-16-le").hex().upper()
    return windows_event(
        event_id, {"param1": "Dienst", "param2": "1", "Binary": binary}, provider=SERVICE_CONTROL_MANAGER
    )


def protection(event_id: int) -> Samples:
    """Return the samples of an event on services that record and protect."""
    return Samples(
        matching={service: state(event_id, service) for service in PROTECTION},
        not_matching={
            "another service": state(event_id, "Spooler"),
            "a service whose name goes on": state(event_id, "WinDefender"),
            "the display name": state(event_id, "Spooler").replace("Dienst", "WinDefend"),
            "started": state(7036, "WinDefend", "/4"),
        },
    )


def filter_driver(event_id: int, driver: str) -> str:
    """Return the filter manager's record on a driver."""
    return windows_event(event_id, {"FinalStatus": "0x0", "DeviceName": driver}, provider=FILTER_MANAGER)


SAMPLES = {
    "service-installed": Samples(
        matching={
            "a service": installed("ExampleAgent", r"C:\Program Files\Example\agent.exe"),
            "a driver, on a Japanese server": installed(
                "npcap",
                r"\SystemRoot\system32\DRIVERS\npcap.sys",
                ServiceType="カーネル モード ドライバー",
                StartType="システム起動",
                AccountName="",
            ),
            "the CloudWatch agent's name with another path": installed(
                "AmazonCloudWatchAgent", r'"C:\Users\Public\start-amazon-cloudwatch-agent.exe"'
            ),
            "the CloudWatch agent's path with an argument": installed(
                "AmazonCloudWatchAgent", f"{CLOUDWATCH_AGENT} -x"
            ),
        },
        not_matching={
            "the driver of an update of Defender's definitions": installed(
                "MpKsl3f2a91c4",
                r"C:\ProgramData\Microsoft\Windows Defender\Definition Updates\{3F2A91C4-0B5D}\MpKsl3f2a91c4.sys",
            ),
            "the CloudWatch agent, updated": installed("AmazonCloudWatchAgent", CLOUDWATCH_AGENT),
            "the SSM agent, updated": installed("AmazonSSMAgent", SSM_AGENT),
            "a service started": state(7036, "ExampleAgent", "/4"),
            "the audit of the same": installed_by_account("ExampleAgent", SVCHOST),
            "the same id from another provider, without Qualifiers": windows_event(
                7045,
                {"ServiceName": "x"},
                provider=Provider("Microsoft-Windows-GroupPolicy", channel="System"),
            ),
        },
    ),
    "service-installed-to-run-command": Samples(
        matching={
            "smbexec": installed(
                "BTOBTO",
                r"%COMSPEC% /Q /c echo whoami ^> \\127.0.0.1\C$\__output 2^>^&1 > %TEMP%\execute.bat",
            ),
            "cmd.exe without a path": installed("x", "cmd.exe /k tscon 2 /dest:rdp-tcp#5"),
            "cmd.exe by a variable": installed("x", r"%SystemRoot%\system32\cmd.exe /c calc.exe"),
            "the interpreter's variable as Windows spells it": installed("x", "%ComSpec% /c calc.exe"),
            **{f"cmd.exe in {folder}": installed("x", rf"{folder}\cmd.exe /c x") for folder in SYSTEM32},
            **{
                f"PowerShell in {folder}": installed(
                    "x", rf"{folder}\WindowsPowerShell\v1.0\powershell.exe -e x"
                )
                for folder in SYSTEM32
            },
            "PowerShell": installed("x", "powershell.exe -nop -w hidden -enc SQBFAFgA"),
            "PowerShell by its title": installed("x", "PowerShell -enc SQBFAFgA"),
            "PsExec": installed("PSEXESVC", r"%SystemRoot%\PSEXESVC.exe"),
            "a share of the host itself": installed("x", r"\\127.0.0.1\ADMIN$\a3f9c1e.exe"),
        },
        not_matching={
            "a product": installed("ExampleAgent", r'"C:\Program Files\Example\agent.exe" /c cmd.exe'),
            "cmd.exe in the name, not in the path": installed(
                "cmd.exe", r"C:\Program Files\Example\agent.exe"
            ),
            "a path that PsExec's begins": installed("x", r"%SystemRoot%\PSEXESVC32\agent.exe"),
            "the audit of the same": installed_by_account("BTOBTO", "%COMSPEC% /Q /c whoami"),
        },
    ),
    "service-installed-by-account": Samples(
        matching={
            "by an administrator": installed_by_account(
                "ExampleAgent", r"C:\Program Files\Example\agent.exe"
            ),
            "a driver": installed_by_account("mimidrv", r"C:\Temp\mimidrv.sys", "0x1"),
            "a template of a per-user service": installed_by_account("CDPUserSvc", SVCHOST, "0x60"),
        },
        not_matching={
            "a per-user service at a logon": installed_by_account(
                "CDPUserSvc_b0b5d", SVCHOST, "0xe0", **SYSTEM_SUBJECT
            ),
            "one with a process of its own": installed_by_account(
                "Credential_b0b5d", SVCHOST, "0xd0", **SYSTEM_SUBJECT
            ),
            "the CloudWatch agent, updated": installed_by_account("AmazonCloudWatchAgent", CLOUDWATCH_AGENT),
            "the SSM agent, updated": installed_by_account("AmazonSSMAgent", SSM_AGENT),
            "by SYSTEM": installed_by_account("ExampleAgent", r"C:\Temp\a.exe", **SYSTEM_SUBJECT),
            "the same in the System log": installed("ExampleAgent", r"C:\Program Files\Example\agent.exe"),
        },
    ),
    "monitoring-service-start-type-changed": Samples(
        matching={
            "the CloudWatch agent disabled": start_type("AmazonCloudWatchAgent"),
            "the SSM agent set to manual": start_type("AmazonSSMAgent", new="demand start"),
            "the event log disabled, in German": start_type(
                "EventLog", "Automatisch starten", "Deaktiviert", "Windows-Ereignisprotokoll"
            ),
            "Defender disabled, in Japanese": start_type("WinDefend", "自動的な開始", "無効"),
            "the firewall disabled": start_type("mpssvc"),
            "the firewall of an older server disabled": start_type("MpsSvc"),
        },
        not_matching={
            "Windows Update's installer, several times a day": start_type("TrustedInstaller"),
            "a part of Defender with a longer name": start_type("WinDefendNis"),
            "the event log as the display name of another": start_type("Other", title="EventLog"),
            "the firewall installed": installed("mpssvc", SVCHOST),
        },
    ),
    "scheduled-task-created": Samples(
        matching={
            "by an administrator, to run as SYSTEM": task(4698),
            "by a computer account over the network": task(
                4698, {"SubjectUserSid": "S-1-5-21-3457937927-2839227994-823803824-1109"}
            ),
        },
        not_matching={
            "by Windows": task(4698, SYSTEM_SUBJECT),
            "by LOCAL SERVICE": task(4698, {"SubjectUserSid": "S-1-5-19"}),
            "by NETWORK SERVICE": task(4698, {"SubjectUserSid": "S-1-5-20"}),
            "changed": task(4702),
            "the id in a task's content": task(4702, {"TaskContentNew": escape("<EventID>4698</EventID>")}),
        },
    ),
    "scheduled-task-created-by-windows": Samples(
        matching={
            "by an update": task(
                4698, {**SYSTEM_SUBJECT, "TaskName": r"\Microsoft\Windows\UpdateOrchestrator\AC"}
            )
        },
        not_matching={
            "by an administrator, to run as SYSTEM": task(4698),
            "by an account whose SID begins so": task(4698, {"SubjectUserSid": "S-1-5-180"}),
            "changed by SYSTEM": task(4702, SYSTEM_SUBJECT),
        },
    ),
    "scheduled-task-deleted": Samples(
        matching={"by an administrator": task(4699)},
        not_matching={
            "by Windows": task(4699, SYSTEM_SUBJECT),
            "disabled": task(4701),
            "created": task(4698),
        },
    ),
    "scheduled-task-disabled": Samples(
        matching={"System Restore": task(4701, {"TaskName": r"\Microsoft\Windows\SystemRestore\SR"})},
        not_matching={"by Windows": task(4701, SYSTEM_SUBJECT), "enabled": task(4700), "deleted": task(4699)},
    ),
    "scheduled-task-updated": Samples(
        matching={"by an administrator": task(4702)},
        not_matching={
            "by Windows": task(4702, SYSTEM_SUBJECT),
            "by NETWORK SERVICE": task(4702, {"SubjectUserSid": "S-1-5-20"}),
            "created": task(4698),
        },
    ),
    "scheduled-task-created-by-service-account": Samples(
        matching={
            "LOCAL SERVICE": task(4698, {"SubjectUserSid": "S-1-5-19", "SubjectUserName": "LOCAL SERVICE"}),
            "NETWORK SERVICE": task(4698, {"SubjectUserSid": "S-1-5-20", "SubjectLogonId": "0x3e4"}),
            "an application pool": task(4698, {"SubjectUserSid": "S-1-5-82-3006700770-424185619-1745488364"}),
        },
        not_matching={
            "by an administrator": task(4698),
            "by SYSTEM": task(4698, SYSTEM_SUBJECT),
            "by an account of Entra ID": task(4698, {"SubjectUserSid": "S-1-12-1-1111-2222-3333-4444"}),
            "the restart of software protection": task(
                4698,
                {
                    "SubjectUserSid": "S-1-5-20",
                    "TaskName": r"\Microsoft\Windows\SoftwareProtectionPlatform\SvcRestartTask",
                },
            ),
            "deleted": task(4699, {"SubjectUserSid": "S-1-5-19"}),
        },
    ),
    "protection-service-terminated": protection(7034),
    "protection-service-restarted": protection(7031),
    "protection-service-failed": protection(7023),
    "protection-service-stopped": Samples(
        matching={service: state(7036, service, "/1") for service in PROTECTION},
        not_matching={
            "started": state(7036, "WinDefend", "/4"),
            "another service": state(7036, "Spooler", "/1"),
            "a service whose name goes on": state(7036, "WinDefender", "/1"),
        },
    ),
    "service-start-timed-out": Samples(
        matching={"a random name": state(7009, "qhGXcTzP")},
        not_matching={"not started": state(7000, "qhGXcTzP"), "ended": state(7034, "Spooler")},
    ),
    "sysmon-driver-unloaded": Samples(
        matching={"by fltMC": filter_driver(1, "SysmonDrv")},
        not_matching={
            "loaded": filter_driver(6, "SysmonDrv"),
            "another driver": filter_driver(1, "WdFilter"),
            "the clock set": windows_event(1, {"DeviceName": "SysmonDrv"}, provider=KERNEL_GENERAL),
        },
    ),
}
