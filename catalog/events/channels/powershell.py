"""PowerShell by its own logs: scripts that it takes for suspicious, and the engine that logs none."""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.condition import LEVEL, Field
from catalog.model.provider import CLASSIC_POWERSHELL, POWERSHELL
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_REFERENCE = (
    "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_logging_windows"
)
#: The level of a script block that Windows takes for suspicious; others are 5.
_WARNING = "3"
#: Where Systems Manager puts the scripts that it runs, this deployment's own among them.
_SYSTEMS_MANAGER = "C:\\ProgramData\\Amazon\\SSM\\InstanceData\\"
_WORDS = (
    "Windows marks a script block that holds one of some hundred words, such as Add-Type, FromBase64String or "
    "VirtualAlloc, and writes it also without script block logging. Only such records are shipped, unless another "
    "event needs all of 4104."
)

SUSPICIOUS_SCRIPT_BLOCK = SecurityEvent(
    key="suspicious-script-block",
    event_id=4104,
    evidence=Evidence.DOCUMENTED,
    title="PowerShell script block marked as suspicious by Windows",
    title_ja="Windows が不審と判定した PowerShell スクリプトブロック",
    family=Family.POWERSHELL,
    severity=Severity.MEDIUM,
    runbook="Read ScriptBlockText and Path. Calls of the Windows API, code from Base64 and reflection in a script that "
    "nobody of yours wrote, or without a Path, are how intruders work in memory: find the process by its id in the "
    "record's header (4688), and isolate the server.",
    runbook_ja="ScriptBlockText と Path を確認する。見覚えのない、または Path のないスクリプトでの Windows API の呼び出し、Base64 からの"
    "コードの展開、リフレクションは、メモリ上で活動する攻撃者の手口である。記録のヘッダーのプロセス ID からプロセス (4688) を特定し、"
    "サーバーを隔離する。",
    where=(LEVEL == _WARNING, Field("Path").not_starts_with(_SYSTEMS_MANAGER)),
    provider=POWERSHELL,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1059.001", "T1027", "T1620"),
    packs=(Pack.POWERSHELL,),
    volume=Volume.LOW,
    healthy="Fires when a module or an administrator's script with such a word is loaded, PowerShellGet's among them: leave "
    "out its Path with an override's exclude.",
    query_fields=("Path", "ScriptBlockText"),
    note=f"{_WORDS} The scripts of Systems Manager are left out by their folder, which only administrators can write.",
    reference=_REFERENCE,
)

SUSPICIOUS_SCRIPT_BLOCK_OF_SYSTEMS_MANAGER = SecurityEvent(
    key="suspicious-script-block-of-systems-manager",
    event_id=4104,
    evidence=Evidence.DOCUMENTED,
    title="Suspicious PowerShell script block in a script of Systems Manager",
    title_ja="Systems Manager のスクリプト内の不審な PowerShell スクリプトブロック",
    family=Family.POWERSHELL,
    severity=Severity.LOW,
    runbook="Systems Manager runs what somebody with its rights sends. Compare the runs with its history of commands and "
    "CloudTrail (SendCommand, StartSession); a script that is in neither was put into the folder by an administrator.",
    runbook_ja="Systems Manager は、権限を持つ者が送信したものを実行する。コマンド履歴および CloudTrail (SendCommand、StartSession) と"
    "照合する。どちらにもないスクリプトは、管理者がフォルダーに置いたものである。",
    where=(LEVEL == _WARNING, Field("Path").starts_with(_SYSTEMS_MANAGER)),
    provider=POWERSHELL,
    attack=("T1059.001", "T1651"),
    packs=(Pack.POWERSHELL,),
    volume=Volume.LOW,
    query_fields=("Path", "ScriptBlockText"),
    note=f"{_WORDS} The audit policy of a deployment is such a script.",
    reference=_REFERENCE,
)

POWERSHELL_DOWNGRADED = SecurityEvent(
    key="powershell-downgraded",
    event_id=400,
    evidence=Evidence.DOCUMENTED,
    title="Old PowerShell engine (version 2) started",
    title_ja="旧バージョン (2) の PowerShell エンジンの起動",
    family=Family.POWERSHELL,
    severity=Severity.HIGH,
    runbook="Version 2 logs no script blocks and shows antivirus nothing, which is why intruders ask for it (powershell "
    "-Version 2). Look at HostApplication for what ran, and remove the feature PowerShell-V2 from the server.",
    runbook_ja="バージョン 2 はスクリプトブロックを記録せず、ウイルス対策にも内容を渡さないため、攻撃者が指定して使う (powershell -Version 2)。"
    "HostApplication から実行内容を調べ、サーバーから PowerShell-V2 の機能を削除する。",
    where=(Field("Data").contains("EngineVersion=2."),),
    provider=CLASSIC_POWERSHELL,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1059.001", "T1689"),
    packs=(Pack.POWERSHELL,),
    healthy="Silent, but where an old product asks for version 2. Without the feature PowerShell-V2 and .NET 2.0 it cannot occur.",
    note="The id is shipped whole: a record for each start of PowerShell.",
    reference=_REFERENCE,
)
