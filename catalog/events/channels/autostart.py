"""What starts by itself: tasks, by the log of the Task Scheduler, and permanent subscriptions of WMI."""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.condition import Field
from catalog.model.provider import TASK_SCHEDULER, WMI_ACTIVITY
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_REFERENCE = "https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-start-page"
_OFF = "The audit of tasks (4698 to 4702) says more; this log is written without any audit policy, once it is enabled."
#: The tasks of Windows that protect and restore it.
_PROTECTING = tuple(
    rf"\Microsoft\Windows\{folder}"
    for folder in ("SystemRestore\\", "Windows Defender\\", "BitLocker", "WindowsBackup\\", "ExploitGuard\\")
)
#: Folders that every user can write, as the beginning of a program's path, quoted or not.
_WRITABLE = tuple(
    f"{quote}{folder}"
    for folder in ("C:\\Users\\", "C:\\Windows\\Temp\\", "C:\\Temp\\", "C:\\PerfLogs\\")
    for quote in ("", '"')
)

TASK_REGISTERED = SecurityEvent(
    key="task-registered",
    event_id=106,
    evidence=Evidence.DOCUMENTED,
    title="Task registered with the Task Scheduler",
    title_ja="タスクスケジューラへのタスクの登録",
    family=Family.AUTOSTART,
    severity=Severity.LOW,
    runbook="Look for tasks that no product of yours brings: short or random names, names like those of Windows outside "
    "of \\Microsoft\\Windows, and tasks that are deleted minutes later (141). What a task runs is in 200.",
    runbook_ja="導入製品のものではないタスクを探す。短い名前や無作為な名前、\\Microsoft\\Windows の外にある Windows に似た名前、数分後に削除される"
    "タスク (141) に注意する。実行内容は 200 にある。",
    provider=TASK_SCHEDULER,
    attack=("T1053.005",),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    query_fields=("TaskName", "UserContext"),
    note=_OFF,
    reference=_REFERENCE,
)

TASK_UPDATED = SecurityEvent(
    key="task-updated",
    event_id=140,
    evidence=Evidence.DOCUMENTED,
    title="Task updated in the Task Scheduler",
    title_ja="タスクスケジューラのタスクの更新",
    family=Family.AUTOSTART,
    severity=Severity.LOW,
    runbook="Windows updates its own tasks all day as SYSTEM. A person in UserName who updates a task of Windows or of "
    "another owner may have put a program of their own into it: compare its action.",
    runbook_ja="Windows は SYSTEM として自身のタスクを頻繁に更新する。UserName が人のアカウントで、Windows や他の所有者のタスクを更新した場合は、"
    "プログラムを差し替えた可能性がある。操作の内容を確認する。",
    provider=TASK_SCHEDULER,
    attack=("T1053.005",),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.MEDIUM,
    query_fields=("TaskName", "UserName"),
    note=_OFF,
    reference=_REFERENCE,
)

TASK_DELETED = SecurityEvent(
    key="task-deleted",
    event_id=141,
    evidence=Evidence.DOCUMENTED,
    title="Task deleted from the Task Scheduler",
    title_ja="タスクスケジューラからのタスクの削除",
    family=Family.AUTOSTART,
    severity=Severity.LOW,
    runbook="A task that was registered (106) and run (200) only minutes before is how tools run one command from afar. "
    "Read its action in 200 and who registered it.",
    runbook_ja="登録 (106) と実行 (200) の数分後に削除されたタスクは、リモートからコマンドを一度だけ実行するツールの特徴である。200 の操作と登録者を"
    "確認する。",
    where=(Field("TaskName").not_starts_with(*_PROTECTING),),
    provider=TASK_SCHEDULER,
    attack=("T1053.005", "T1070"),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    query_fields=("TaskName", "UserName"),
    note=_OFF,
    reference=_REFERENCE,
)

PROTECTION_TASK_DELETED = SecurityEvent(
    key="protection-task-deleted",
    event_id=141,
    evidence=Evidence.DOCUMENTED,
    title="Task that protects or restores Windows deleted",
    title_ja="Windows を保護・復元するタスクの削除",
    family=Family.AUTOSTART,
    severity=Severity.MEDIUM,
    runbook="Without it Windows makes no restore points, or Defender no scans. UserName did it: ask that account, and "
    "look for shadow copies and backups deleted around the time.",
    runbook_ja="復元ポイントの作成や Defender のスキャンが行われなくなる。UserName に確認し、前後にシャドウコピーやバックアップが削除されていないか調べる。",
    where=(Field("TaskName").starts_with(*_PROTECTING),),
    provider=TASK_SCHEDULER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490", "T1685"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Fires with some updates of Defender's platform, which replace its tasks.",
    query_fields=("TaskName", "UserName"),
    note=_OFF,
    reference=_REFERENCE,
)

PROTECTION_TASK_DISABLED = SecurityEvent(
    key="protection-task-disabled",
    event_id=142,
    evidence=Evidence.SEEN,
    title="Task that protects or restores Windows disabled",
    title_ja="Windows を保護・復元するタスクの無効化",
    family=Family.AUTOSTART,
    severity=Severity.MEDIUM,
    runbook="Ransomware disables System Restore's task before it encrypts. Enable it (schtasks /change /enable), find "
    "out who UserName was at that time, and check backups.",
    runbook_ja="ランサムウェアは暗号化の前にシステムの復元のタスクを無効にする。有効に戻し (schtasks /change /enable)、その時の UserName を"
    "特定し、バックアップを確認する。",
    where=(Field("TaskName").starts_with(*_PROTECTING),),
    provider=TASK_SCHEDULER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490", "T1685"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Silent.",
    query_fields=("TaskName", "UserName"),
    note=_OFF,
    reference=_REFERENCE,
)

TASK_RUN_FROM_WRITABLE_FOLDER = SecurityEvent(
    key="task-run-from-writable-folder",
    event_id=200,
    evidence=Evidence.DOCUMENTED,
    title="Task run from a folder that users can write",
    title_ja="ユーザーが書き込めるフォルダーからのタスクの実行",
    family=Family.AUTOSTART,
    severity=Severity.MEDIUM,
    runbook="ActionName is the program. Check its signature and who registered the task (106); a program that nobody "
    "installed comes back at each start until the task is deleted.",
    runbook_ja="ActionName がプログラムである。署名とタスクの登録者 (106) を確認する。導入した覚えのないプログラムは、タスクを削除するまで起動のたびに"
    "実行される。",
    where=(Field("ActionName").starts_with(*_WRITABLE),),
    provider=TASK_SCHEDULER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1053.005", "T1036"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Fires on servers with a desktop, where browsers and OneDrive update themselves from a user's folder.",
    query_fields=("TaskName", "ActionName"),
    note=f"{_OFF} Upper and lower case count, and paths with variables such as %TEMP% are not found.",
    reference=_REFERENCE,
)

WMI_SUBSCRIPTION_CREATED = SecurityEvent(
    key="wmi-subscription-created",
    event_id=5861,
    evidence=Evidence.DOCUMENTED,
    title="Permanent WMI subscription created",
    title_ja="WMI の永続的なサブスクリプションの作成",
    family=Family.AUTOSTART,
    severity=Severity.HIGH,
    runbook="PossibleCause holds the whole of it: a query of events, and a consumer. A CommandLineEventConsumer or "
    "ActiveScriptEventConsumer runs a program as SYSTEM whenever the query holds. Remove filter, consumer and binding "
    "(Get-CimInstance -Namespace root/subscription), and keep a copy.",
    runbook_ja="PossibleCause に全体 (イベントのクエリとコンシューマー) がある。CommandLineEventConsumer や ActiveScriptEventConsumer は、クエリが成立する"
    "たびに SYSTEM としてプログラムを実行する。控えを取り、フィルター、コンシューマー、バインドを削除する (Get-CimInstance -Namespace root/subscription)。",
    where=(Field("CONSUMER") != 'NTEventLogEventConsumer="SCM Event Log Consumer"',),
    provider=WMI_ACTIVITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1546.003",),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Fires when a management product that works by such subscriptions is installed or updated: seldom.",
    query_fields=("Namespace", "ESS", "CONSUMER", "PossibleCause"),
    note="Without the subscription that Windows has itself, which only writes to the event log.",
    reference="https://learn.microsoft.com/windows/win32/wmisdk/receiving-events-at-all-times",
)
