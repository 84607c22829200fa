"""Services and scheduled tasks: the two ways to have a program run again, or somewhere else."""

from catalog.events.well_known_sid import LOCAL_SERVICE, NETWORK_SERVICE, SYSTEM
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.provider import SERVICE_CONTROL_MANAGER
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

#: The System log's event has no page of its own; it records what this one of the Security log records.
_SERVICE_INSTALLED = "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4697"
#: The services that AWS's own agents install anew at each update, by the whole of their command line.
_AWS_AGENTS = (
    r'"C:\Program Files\Amazon\AmazonCloudWatchAgent\start-amazon-cloudwatch-agent.exe"',
    r'"C:\Program Files\Amazon\SSM\amazon-ssm-agent.exe"',
)
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
    where=(Field("ImagePath").none_of(*_AWS_AGENTS),),
    provider=SERVICE_CONTROL_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1543.003", "T1569.002"),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    query_fields=("ServiceName", "ImagePath", "ServiceType", "StartType", "AccountName"),
    note="Written whatever the audit policy, but without the account that did it: that is in 4697. The "
    "CloudWatch agent and the SSM agent are left out, by the whole path that only administrators can write.",
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
        Field("ServiceType").none_of(*_PER_USER_INSTANCES),
        Field("ServiceFileName").none_of(*_AWS_AGENTS),
    ),
    audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1543.003", "T1569.002"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=("SubjectUserName", "ServiceName", "ServiceFileName", "ServiceType", "ServiceAccount"),
    note="Without the copies of per-user services (service types 0xd0 and 0xe0) that Windows makes at each "
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
    where=(Field("SubjectUserSid").none_of(SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE),),
    audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1053.005",),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
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
