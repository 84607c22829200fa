"""Sample events of the family powershell."""

from catalog.model.provider import CLASSIC_POWERSHELL, POWERSHELL
from catalog.samples import Samples
from catalog.samples.windows_event import windows_event

SYSTEMS_MANAGER = (
    r"C:\ProgramData\Amazon\SSM\InstanceData\i-0123456789abcdef0\document\orchestration"
    r"\5f0e9d0a-3c1d-4f0e-9a55-6b7f0f6f7a10\applyAuditPolicy\_script.ps1"
)
SUSPICIOUS = (
    "Add-Type -MemberDefinition '[DllImport(\"kernel32\")] public static extern int Beep(int a, int b);'"
)


def script_block(text: str, path: str, level: int) -> str:
    """Return a script block."""
    return windows_event(
        4104,
        {
            "MessageNumber": "1",
            "MessageTotal": "1",
            "ScriptBlockText": text,
            "ScriptBlockId": "0b1f7a4e-8a55-4a40-9e57-2f3b7d1c6a90",
            "Path": path,
        },
        provider=POWERSHELL,
        level=level,
    )


def engine(state: str, version: str, event_id: int = 400) -> str:
    """Return a change of the engine's state."""
    properties = {
        "NewEngineState": state,
        "PreviousEngineState": "None",
        "SequenceNumber": "13",
        "HostName": "ConsoleHost",
        "HostVersion": version,
        "HostId": "9d0c7c5e-6f1e-4f5b-8f6c-0a6e2f1b7c33",
        "HostApplication": "powershell.exe -Command Get-Date",
        "EngineVersion": version,
        "RunspaceId": "4b7d1c7e-51a5-4f0b-a6f5-1d8a4f0e2b77",
        "PipelineId": "",
    }
    lines = "\n".join(f"\t{name}={value}" for name, value in properties.items())
    return windows_event(event_id, None, state, "None", lines, provider=CLASSIC_POWERSHELL)


SAMPLES = {
    "suspicious-script-block": Samples(
        matching={
            "typed": script_block(SUSPICIOUS, "", 3),
            "of a file": script_block(SUSPICIOUS, r"C:\Temp\a.ps1", 3),
            "of a version that writes no path": script_block(SUSPICIOUS, "", 3).replace(
                "<Data Name='Path'></Data>", ""
            ),
        },
        not_matching={
            "not marked": script_block("Get-Date", "", 5),
            "a script that names the mark": script_block("'<Level>3</Level>'", "", 5),
            "of Systems Manager": script_block(SUSPICIOUS, SYSTEMS_MANAGER, 3),
        },
    ),
    "suspicious-script-block-of-systems-manager": Samples(
        matching={
            "the audit policy": script_block("[Convert]::FromBase64String($Policy)", SYSTEMS_MANAGER, 3)
        },
        not_matching={
            "not marked": script_block("Get-Date", SYSTEMS_MANAGER, 5),
            "typed": script_block(SUSPICIOUS, "", 3),
        },
    ),
    "powershell-downgraded": Samples(
        matching={"version 2": engine("Available", "2.0")},
        not_matching={
            "version 5": engine("Available", "5.1.20348.2110"),
            "version 2 stopped": engine("Stopped", "2.0", event_id=403),
        },
    ),
}
