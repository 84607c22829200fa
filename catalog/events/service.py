"""Services and scheduled tasks: the two ways to have a program run again, or somewhere else."""

from catalog.events.well_known_sid import (
    ENTRA_PREFIX,
    LOCAL_SERVICE,
    NETWORK_SERVICE,
    SERVER_OR_DOMAIN_PREFIX,
    SYSTEM,
)
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.provider import FILTER_MANAGER, SERVICE_CONTROL_MANAGER
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

#: The System log's event has no page of its own; it records what this one of the Security log records.
_SERVICE_INSTALLED = "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4697"
#: The services that AWS's own agents install anew at each update, by the whole of their command line.
_AWS_AGENTS = (
    r'"C:\Program Files\Amazon\AmazonCloudWatchAgent\start-amazon-cloudwatch-agent.exe"',
    r'"C:\Program Files\Amazon\SSM\amazon-ssm-agent.exe"',
)
#: Where Microsoft Defender loads a driver from with each update of its definitions; only SYSTEM writes there.
_DEFENDER_DEFINITIONS = "C:\\ProgramData\\Microsoft\\Windows Defender\\Definition Updates\\{"
#: The services without which nothing is recorded, shipped or stopped, by their short names.
_PROTECTION_SERVICES = (
    "EventLog",
    "WinDefend",
    "mpssvc",
    "MpsSvc",
    "AmazonCloudWatchAgent",
    "AmazonSSMAgent",
)
#: How the SIDs of services, application pools and virtual machines begin.
_VIRTUAL_ACCOUNTS = ("S-1-5-80-", "S-1-5-82-", "S-1-5-83-")
#: Why the records on services ask for a hexadecimal number anywhere in the text.
_BY_BINARY = (
    "By the short name of the service, which stands in hexadecimal in Binary, an element without a name: the parameters "
    "are localised. The services are the event log, Microsoft Defender, the firewall and AWS's two agents."
)
_SERVICE_EVENTS = "https://learn.microsoft.com/windows/win32/services/service-control-manager"
#: The service types of the copies that Windows makes of per-user services at each logon.
_PER_USER_INSTANCES = ("0xd0", "0xe0")
#: The folder of the command interpreters: as it is on disk, and as Windows and its tools spell it too.
_SYSTEM32 = (
    r"C:\Windows\System32",
    r"C:\Windows\system32",
    r"C:\WINDOWS\system32",
    r"c:\windows\system32",
    r'"C:\Windows\System32',
    r'"C:\Windows\system32',
)


def _binary(service: str, state: str = "") -> str:
    """Return how the Binary element spells a service's short name, and in 7036 its state after a slash.

    The parameters hold the display name, which is localised. Binary is the name in UTF-16, in hexadecimal.
    """
    text = f"{service}/{state}" if state else service
    return text.encode("utf-16-le").hex().upper() + "0000"


_STOPPED = "1"

SERVICE_INSTALLED = SecurityEvent(
    key="service-installed",
    event_id=7045,
    evidence=Evidence.SEEN,
    title="Service installed",
    title_ja="サービスのインストール",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="Match ServiceName and ImagePath with a planned installation. A random name, a path outside "
    "Program Files and System32, or a driver that nobody knows is how intruders run code as SYSTEM: stop "
    "the service, keep the file, and look for who logged on over the network just before (4624).",
    runbook_ja="ServiceName と ImagePath を計画されたインストールと照合する。ランダムな名前、Program Files "
    "や System32 以外のパス、見覚えのないドライバーは、侵入者が SYSTEM としてコードを実行する手口である。"
    "サービスを停止し、ファイルを保全して、直前のネットワークログオン (4624) を調べる。",
    where=(
        Field("ImagePath").none_of(*_AWS_AGENTS),
        Field("ImagePath").not_starts_with(_DEFENDER_DEFINITIONS),
    ),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1543.003", "T1569.002"),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Fires with each product and update that brings a service or a driver: 0.19 times a server and day in real logs without Defender's drivers, more on days of patches.",
    query_fields=("ServiceName", "ImagePath", "ServiceType", "StartType", "AccountName"),
    note="Written whatever the audit policy, but without the account that did it: that is in 4697. The "
    "CloudWatch agent and the SSM agent are left out, by the whole path that only administrators can write; so "
    "is the driver that Microsoft Defender loads with an update of its definitions.",
    reference=_SERVICE_INSTALLED,
)

SERVICE_INSTALLED_TO_RUN_COMMAND = SecurityEvent(
    key="service-installed-to-run-command",
    event_id=7045,
    evidence=Evidence.SEEN,
    title="Service installed that runs a shell or PsExec",
    title_ja="シェルまたは PsExec を実行するサービスのインストール",
    family=Family.SERVICE,
    severity=Severity.HIGH,
    runbook="A command interpreter is no service: this is how PsExec, smbexec and most attack frameworks run "
    "commands on another host. Read the command in ImagePath, find the source address in 4624 (logon type "
    "3) of the same minute, and isolate the host unless an administrator stands behind it.",
    runbook_ja="コマンドインタープリターがサービスになることはない。PsExec、smbexec など多くの攻撃ツールが"
    "リモート実行に使う手口である。ImagePath のコマンドを読み、同じ時刻のログオン (4624、種類 3) から"
    "接続元を特定する。管理者の作業でなければホストを隔離する。",
    where=(
        Field("ImagePath").starts_with(
            *("%COMSPEC%", "%ComSpec%", "cmd", "powershell", "PowerShell"),
            *(rf"{folder}\cmd.exe" for folder in (*_SYSTEM32, "%SystemRoot%\\system32")),
            *(f"{folder}\\WindowsPowerShell\\" for folder in _SYSTEM32),
            r"%SystemRoot%\PSEXESVC.",
            "\\\\127.0.0.1\\",
        ),
    ),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1543.003", "T1569.002", "T1021.002"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    overlaps=("service-installed",),
    query_fields=("ServiceName", "ImagePath", "StartType", "AccountName"),
    note="Matching is case-sensitive, and the spellings here are those that Windows and common tools use: "
    "another, such as PoWeRsHeLl, is found by service-installed only.",
    reference=_SERVICE_INSTALLED,
)

SERVICE_INSTALLED_BY_ACCOUNT = SecurityEvent(
    key="service-installed-by-account",
    event_id=4697,
    evidence=Evidence.SEEN,
    title="Service installed, with the account that did it",
    title_ja="サービスのインストール (実行アカウントあり)",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="The same as service-installed, with the account: ask SubjectUserName what ServiceFileName is for. "
    "A service installed by a person's account outside a change window deserves a look at that logon session "
    "(TargetLogonId of 4624 is its SubjectLogonId).",
    runbook_ja="service-installed と同じ出来事を、実行アカウントとともに記録する。ServiceFileName の用途を "
    "SubjectUserName の本人に確認する。変更作業の時間外に個人アカウントが行った場合は、SubjectLogonId と同じ "
    "TargetLogonId の 4624 から、そのログオンセッションを調べる。",
    where=(
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
        Field("ServiceType").none_of(*_PER_USER_INSTANCES),
        Field("ServiceFileName").none_of(*_AWS_AGENTS),
    ),
    audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1543.003", "T1569.002"),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Fires when an administrator installs a product under an own account; what SYSTEM installs, such as Systems Manager, does not.",
    query_fields=("SubjectUserName", "ServiceName", "ServiceFileName", "ServiceType", "ServiceAccount"),
    note="What SYSTEM installs names nobody and is in service-installed. Without the copies of per-user services (service types 0xd0 and 0xe0) that Windows makes at each "
    "logon, and without the two AWS agents.",
)

MONITORING_SERVICE_START_TYPE_CHANGED = SecurityEvent(
    key="monitoring-service-start-type-changed",
    event_id=7040,
    evidence=Evidence.SEEN,
    title="Start type of a logging or protection service changed",
    title_ja="ログ収集・保護サービスの開始の種類の変更",
    family=Family.SERVICE,
    severity=Severity.HIGH,
    runbook="param4 is the service, param2 and param3 its old and new start type. Disabled means that it will "
    "not come back after the next restart: set it back, start it, and see who was logged on. A change to "
    "automatic is an installation or a repair.",
    runbook_ja="param4 はサービス名、param2 と param3 は変更前後の開始の種類である。「無効」なら次の"
    "再起動後に開始されない。元に戻して開始し、その時刻にログオンしていた者を調べる。「自動」への変更は"
    "インストールや修復である。",
    where=(
        Field("param4").one_of(
            "AmazonCloudWatchAgent", "AmazonSSMAgent", "EventLog", "WinDefend", "mpssvc", "MpsSvc"
        ),
    ),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685", "T1685.001", "T1686.003"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=("param4", "param2", "param3"),
    note="By the short name in param4, which is not localised: the display name and the start types are. "
    "The firewall is mpssvc, and MpsSvc on older servers.",
    reference="https://learn.microsoft.com/windows/win32/services/service-configuration",
)

SCHEDULED_TASK_CREATED = SecurityEvent(
    key="scheduled-task-created",
    event_id=4698,
    evidence=Evidence.SEEN,
    title="Scheduled task created",
    title_ja="スケジュールされたタスクの作成",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="Read the command in TaskContent and ask SubjectUserName about it. A task with a random name that "
    "is deleted again within seconds (4699) is remote execution by an attack tool; one that runs from a "
    "user's or temporary folder is persistence.",
    runbook_ja="TaskContent のコマンドを読み、SubjectUserName の本人に確認する。ランダムな名前で数秒後に"
    "削除される (4699) タスクは攻撃ツールによるリモート実行、ユーザーフォルダーや一時フォルダーから実行する"
    "タスクは永続化を疑う。",
    where=(
        Field("SubjectUserSid").none_of(SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE),
        Field("SubjectUserSid").not_starts_with(*_VIRTUAL_ACCOUNTS),
    ),
    audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1053.005",),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Fires while products are installed, and on servers with a desktop at a user's first logon (browsers, OneDrive).",
    query_fields=("SubjectUserName", "SubjectDomainName", "TaskName"),
    note="Tasks that Windows creates for itself are a signal of their own, scheduled-task-created-by-windows. "
    "Group Policy creates its tasks as SYSTEM too: watch group-policy-changed on domain controllers.",
)

SCHEDULED_TASK_CREATED_BY_WINDOWS = SecurityEvent(
    key="scheduled-task-created-by-windows",
    event_id=4698,
    evidence=Evidence.SEEN,
    title="Scheduled task created by SYSTEM",
    title_ja="SYSTEM によるスケジュールされたタスクの作成",
    family=Family.SERVICE,
    severity=Severity.INFORMATIONAL,
    runbook="Updates and Group Policy create tasks as SYSTEM. Read it after an incident: the same new TaskName "
    "on many servers within minutes is a task that was pushed by a Group Policy object.",
    runbook_ja="更新プログラムやグループポリシーは SYSTEM としてタスクを作成する。インシデント調査時に参照する。多数の"
    "サーバーに短時間で同じ TaskName が現れた場合は、グループポリシーによる配布である。",
    where=(Field("SubjectUserSid") == SYSTEM,),
    audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS,
    attack=("T1053.005", "T1484.001"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.LOW,
    query_fields=("TaskName", "SubjectUserName"),
)

SCHEDULED_TASK_CREATED_BY_SERVICE_ACCOUNT = SecurityEvent(
    key="scheduled-task-created-by-service-account",
    event_id=4698,
    evidence=Evidence.SEEN,
    title="Scheduled task created by a service account of Windows",
    title_ja="Windows のサービスアカウントによるスケジュールされたタスクの作成",
    family=Family.SERVICE,
    severity=Severity.HIGH,
    runbook="Services that run as LOCAL SERVICE, NETWORK SERVICE or an application pool create no tasks of their own: who "
    "took one over does, to get its privileges back. Read the command in TaskContent, and isolate the host.",
    runbook_ja="LOCAL SERVICE、NETWORK SERVICE、アプリケーションプールとして動作するサービスが自らタスクを作成することはない。サービスを乗っ取った者が特権を取り戻すために"
    "作成する。TaskContent のコマンドを読み、ホストを隔離する。",
    where=(
        Field("SubjectUserSid") != SYSTEM,
        Field("SubjectUserSid").not_starts_with(SERVER_OR_DOMAIN_PREFIX, ENTRA_PREFIX),
        Field("TaskName").not_starts_with("\\Microsoft\\Windows\\SoftwareProtectionPlatform\\"),
    ),
    audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1053.005", "T1134.001"),
    packs=(Pack.BASELINE,),
    healthy="Silent.",
    overlaps=("scheduled-task-created",),
    query_fields=("SubjectUserName", "SubjectDomainName", "TaskName"),
    note="Software protection (activation) plans its own restarts as NETWORK SERVICE: left out by the folder of its tasks.",
)

SCHEDULED_TASK_DELETED = SecurityEvent(
    key="scheduled-task-deleted",
    event_id=4699,
    evidence=Evidence.SEEN,
    title="Scheduled task deleted",
    title_ja="スケジュールされたタスクの削除",
    family=Family.SERVICE,
    severity=Severity.LOW,
    runbook="Look for the task's creation (4698): seconds between the two mean that it was only there to run "
    "one command. A deleted backup or antivirus task prepares for encryption.",
    runbook_ja="作成の記録 (4698) を探す。作成から削除まで数秒であれば、一度だけコマンドを実行するためのタスクである。"
    "バックアップやウイルス対策のタスクの削除は、暗号化の準備を疑う。",
    where=(Field("SubjectUserSid").none_of(SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE),),
    audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS,
    attack=("T1053.005", "T1070"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=("SubjectUserName", "SubjectDomainName", "TaskName"),
)

SCHEDULED_TASK_DISABLED = SecurityEvent(
    key="scheduled-task-disabled",
    event_id=4701,
    evidence=Evidence.SEEN,
    title="Scheduled task disabled",
    title_ja="スケジュールされたタスクの無効化",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="Check TaskName: System Restore, Windows Update, Defender and backup tasks are disabled before "
    "encryption, so that nothing can be restored. Enable it again unless SubjectUserName has a reason.",
    runbook_ja="TaskName を確認する。システムの復元、Windows Update、Defender、バックアップのタスクは、復旧を妨げるため"
    "暗号化の前に無効化される。SubjectUserName に正当な理由がなければ再び有効にする。",
    where=(Field("SubjectUserSid").none_of(SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE),),
    audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490", "T1685"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=("SubjectUserName", "SubjectDomainName", "TaskName"),
)

SCHEDULED_TASK_UPDATED = SecurityEvent(
    key="scheduled-task-updated",
    event_id=4702,
    evidence=Evidence.SEEN,
    title="Scheduled task changed",
    title_ja="スケジュールされたタスクの変更",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="A known task that runs something new is harder to see than a new one. Compare the command in "
    "TaskContentNew with the task on another server, and ask SubjectUserName.",
    runbook_ja="既存のタスクの書き換えは、新規作成より見つけにくい。TaskContentNew のコマンドを他のサーバーの同じタスクと"
    "比較し、SubjectUserName の本人に確認する。",
    where=(Field("SubjectUserSid").none_of(SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE),),
    audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1053.005",),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=("SubjectUserName", "SubjectDomainName", "TaskName"),
    note="Without the Windows accounts: Windows rewrites its own tasks many times a day.",
)

PROTECTION_SERVICE_TERMINATED = SecurityEvent(
    key="protection-service-terminated",
    event_id=7034,
    title="Logging or protection service ended unexpectedly",
    title_ja="ログ収集・保護サービスの予期しない終了",
    family=Family.SERVICE,
    severity=Severity.HIGH,
    runbook="A service that records or protects was killed or crashed, and Windows does not restart it (param1 is its display "
    "name). Start it, look for who ended it in the minutes before (4688), and keep its crash dump.",
    runbook_ja="記録または保護を担うサービスが強制終了されたか異常終了し、Windows は再起動しない (param1 は表示名)。開始し、直前に終了させた者 (4688) を調べ、"
    "クラッシュダンプを保全する。",
    where=(Field("Binary").contains(*map(_binary, _PROTECTION_SERVICES)),),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685", "T1685.001", "T1489"),
    packs=(Pack.BASELINE,),
    healthy="Silent.",
    query_fields=("param1", "param2"),
    note=_BY_BINARY,
    reference=_SERVICE_EVENTS,
)

PROTECTION_SERVICE_RESTARTED = SecurityEvent(
    key="protection-service-restarted",
    event_id=7031,
    evidence=Evidence.DOCUMENTED,
    title="Logging or protection service ended unexpectedly and is restarted",
    title_ja="ログ収集・保護サービスの予期しない終了 (回復処理あり)",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="As for protection-service-terminated, but Windows takes the corrective action in param5, as a rule a restart. Once "
    "is a fault; param2 counts, and again and again is somebody who wants a gap in the log.",
    runbook_ja="protection-service-terminated と同じだが、Windows が param5 の修復操作 (通常は再起動) を行う。一度なら障害だが、param2 の回数が増え続ける場合は、"
    "ログに空白を作ろうとする者を疑う。",
    where=(Field("Binary").contains(*map(_binary, _PROTECTION_SERVICES)),),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685", "T1685.001", "T1489"),
    packs=(Pack.BASELINE,),
    healthy="Silent, but for a crash: seldom.",
    query_fields=("param1", "param2", "param5"),
    note=_BY_BINARY,
    reference=_SERVICE_EVENTS,
)

PROTECTION_SERVICE_FAILED = SecurityEvent(
    key="protection-service-failed",
    event_id=7023,
    evidence=Evidence.DOCUMENTED,
    title="Logging or protection service ended with an error",
    title_ja="ログ収集・保護サービスのエラー終了",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="param2 is the error. A service that cannot read its own files or registry key was damaged on purpose more often "
    "than by chance: compare them with another server, start the service, and see who changed them.",
    runbook_ja="param2 がエラーである。サービスが自身のファイルやレジストリキーを読めない場合、故意に壊されたことが多い。別のサーバーと比較してサービスを開始し、"
    "変更した者を調べる。",
    where=(Field("Binary").contains(*map(_binary, _PROTECTION_SERVICES)),),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685", "T1685.001"),
    packs=(Pack.BASELINE,),
    healthy="Silent, but for Defender that gives way to another virus scanner, once.",
    query_fields=("param1", "param2"),
    note=_BY_BINARY,
    reference=_SERVICE_EVENTS,
)

PROTECTION_SERVICE_STOPPED = SecurityEvent(
    key="protection-service-stopped",
    event_id=7036,
    evidence=Evidence.DOCUMENTED,
    title="Logging or protection service stopped",
    title_ja="ログ収集・保護サービスの停止",
    family=Family.SERVICE,
    severity=Severity.MEDIUM,
    runbook="Expected while the server shuts down and while the agent is updated, and followed by a start within minutes. "
    "Without a restart (1074) or a change, start the service and look for who stopped it (4688).",
    runbook_ja="サーバーのシャットダウンやエージェントの更新では想定された記録で、数分以内に開始される。再起動 (1074) や変更作業がなければサービスを開始し、"
    "停止させた者 (4688) を調べる。",
    where=(Field("Binary").contains(*(_binary(service, _STOPPED) for service in _PROTECTION_SERVICES)),),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685", "T1685.001", "T1489"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=("param1", "param2"),
    note=_BY_BINARY,
    reference=_SERVICE_EVENTS,
)

SERVICE_START_TIMED_OUT = SecurityEvent(
    key="service-start-timed-out",
    event_id=7009,
    evidence=Evidence.SEEN,
    title="Service did not answer in time after its start",
    title_ja="サービス開始のタイムアウト",
    family=Family.SERVICE,
    severity=Severity.LOW,
    runbook="A program that is no service answers nobody: the payloads of attack frameworks, started as one, leave this. A "
    "random name in param2 with a 7045 just before is such; a known service at the start of a slow server is not.",
    runbook_ja="サービスとして作られていないプログラムは応答しないため、攻撃ツールがサービスとして起動したペイロードはこの記録を残す。param2 がランダムな名前で直前に 7045 が"
    "あれば疑う。起動の遅いサーバーの既知のサービスであれば問題ない。",
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1569.002", "T1543.003"),
    packs=(Pack.LATERAL_MOVEMENT,),
    query_fields=("param2", "param1"),
    reference=_SERVICE_EVENTS,
)

SYSMON_DRIVER_UNLOADED = SecurityEvent(
    key="sysmon-driver-unloaded",
    event_id=1,
    title="Driver of Sysmon unloaded",
    title_ja="Sysmon ドライバーのアンロード",
    family=Family.SERVICE,
    severity=Severity.HIGH,
    runbook="Without its driver Sysmon records nothing, and its service seems to run. Unless it is being updated, load it "
    "again (restart the service), and look for fltMC or sc in the processes of the minute (4688).",
    runbook_ja="ドライバーがないと、Sysmon のサービスは動作しているように見えても何も記録しない。更新中でなければサービスを再起動して読み込み直し、同じ時刻のプロセス (4688) から "
    "fltMC や sc を探す。",
    where=(Field("DeviceName") == "SysmonDrv",),
    provider=FILTER_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685",),
    packs=(Pack.BASELINE,),
    healthy="Silent, but for an update of Sysmon.",
    query_fields=("DeviceName", "FinalStatus"),
    note="Silent where Sysmon is not installed, or its driver was given another name at installation.",
    reference="https://learn.microsoft.com/sysinternals/downloads/sysmon",
)
