"""Processes started: all as a signal, and those that intruders start before they encrypt.

The programs are told by the whole of their path, spelt as on disk, which is how Windows reports it; those that also
exist for 32-bit programs by that path as well. A copy elsewhere or under another name is not found: an end such as
``\\vssadmin.exe`` would find it, and with it every process whose parent or command line ends so.
"""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_SYSTEM = r"C:\Windows\System32"
_SYSTEM_32_BIT = r"C:\Windows\SysWOW64"
_STARTED = ("SubjectUserName", "NewProcessName", "CommandLine", "ParentProcessName")

PROCESS_CREATED = SecurityEvent(
    key="process-created",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Process created",
    title_ja="プロセスの作成",
    family=Family.PROCESS,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to search in when something else rang: NewProcessName, ParentProcessName, and CommandLine where the "
    "policy to include it is on. Passwords in command lines end up in the log group: limit who reads it.",
    runbook_ja="他のアラームが鳴ったときに検索するための記録。NewProcessName と ParentProcessName のほか、ポリシーで有効にしていれば CommandLine も"
    "含まれる。コマンドラインのパスワードもロググループに残るため、閲覧できる者を限定する。",
    audit=AuditSubcategory.PROCESS_CREATION,
    attack=("T1059",),
    volume=Volume.HIGH,
    query_fields=_STARTED,
    note="Every process of every server is shipped and paid for. CommandLine is empty without the policy Include "
    "command line in process creation events.",
)

RECOVERY_TOOL_STARTED = SecurityEvent(
    key="recovery-tool-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Tool that deletes backups or recovery options started",
    title_ja="バックアップや回復機能を削除できるツールの起動",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="vssadmin, wbadmin, diskshadow and bcdedit delete shadow copies and turn recovery off, minutes before files are "
    "encrypted. If CommandLine or SubjectUserName is not your backup's, isolate the server at once.",
    runbook_ja="vssadmin、wbadmin、diskshadow、bcdedit は、ファイルが暗号化される数分前にシャドウコピーの削除や回復機能の無効化に使われる。CommandLine や "
    "SubjectUserName がバックアップのものでなければ、直ちにサーバーを隔離する。",
    where=(
        Field("NewProcessName").one_of(
            rf"{_SYSTEM}\vssadmin.exe",
            rf"{_SYSTEM_32_BIT}\vssadmin.exe",
            rf"{_SYSTEM}\wbadmin.exe",
            rf"{_SYSTEM}\diskshadow.exe",
            rf"{_SYSTEM}\bcdedit.exe",
        ),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490",),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=_STARTED,
    overlaps=("process-created",),
)

EVENT_LOG_TOOL_STARTED = SecurityEvent(
    key="event-log-tool-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Event log tool started",
    title_ja="イベントログツールの起動",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="wevtutil reads, exports and clears logs (CommandLine cl or clear-log). Installers use it to register their "
    "events; a person who clears a log is hiding something: see 1102 and 104 that follow.",
    runbook_ja="wevtutil はログの閲覧、書き出し、消去 (CommandLine の cl または clear-log) を行う。"
    "インストーラーはイベントの登録に使うが、人がログを消去した場合は隠蔽を疑う。続く 1102 と 104 を"
    "確認する。",
    where=(Field("NewProcessName").one_of(rf"{_SYSTEM}\wevtutil.exe", rf"{_SYSTEM_32_BIT}\wevtutil.exe"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.005", "T1654"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.LOW,
    query_fields=_STARTED,
    overlaps=("process-created",),
)

DIRECTORY_DATABASE_TOOL_STARTED = SecurityEvent(
    key="directory-database-tool-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Tool that copies the directory's database started",
    title_ja="ディレクトリデータベースをコピーできるツールの起動",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="ntdsutil can write a copy of the directory with every password hash of the domain (CommandLine ifm). Outside "
    "planned work on a domain controller, find and delete the copy, and prepare to reset krbtgt twice.",
    runbook_ja="ntdsutil はドメイン全員のパスワードハッシュを含むディレクトリのコピーを作成できる "
    "(CommandLine の ifm)。ドメインコントローラーの計画作業でなければコピーを探して削除し、krbtgt の 2 回の"
    "リセットに備える。",
    where=(Field("NewProcessName") == rf"{_SYSTEM}\ntdsutil.exe",),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1003.003",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.RANSOMWARE_PRECURSORS),
    domain_controllers_only=True,
    query_fields=_STARTED,
    overlaps=("process-created",),
)

REMOTE_EXECUTION_SERVICE_STARTED = SecurityEvent(
    key="remote-execution-service-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="PsExec service started",
    title_ja="PsExec サービスの開始",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="Somebody runs commands on this server from another with PsExec; the processes that follow are its children. The "
    "logon of type 3 right before (4624) tells from where. Ask the administrator, or isolate both servers.",
    runbook_ja="他のサーバーから PsExec でコマンドが実行されている。続くプロセスはその子プロセスである。"
    "直前のログオン (4624、種類 3) が接続元を示す。管理者に確認し、確認できなければ両方のサーバーを"
    "隔離する。",
    # With .exe, and with .EXE in older versions.
    where=(Field("NewProcessName").starts_with(r"C:\Windows\PSEXESVC."),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1569.002", "T1021.002"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=_STARTED,
    overlaps=("process-created",),
)

DOMAIN_DISCOVERY_TOOL_STARTED = SecurityEvent(
    key="domain-discovery-tool-started",
    event_id=4688,
    evidence=Evidence.DOCUMENTED,
    title="Tool that explores the domain started",
    title_ja="ドメインを調査するツールの起動",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="nltest and dsquery list domain controllers, trusts and accounts: among the first commands of an intruder. On a "
    "server that is not administered at that moment, see the parent process and what the account did before.",
    runbook_ja="nltest と dsquery はドメインコントローラー、信頼関係、アカウントを列挙する。侵入者が最初に実行するコマンドの一つである。その時点で管理作業の"
    "ないサーバーであれば、親プロセスと、アカウントのそれまでの操作を調べる。",
    where=(Field("NewProcessName").one_of(rf"{_SYSTEM}\nltest.exe", rf"{_SYSTEM}\dsquery.exe"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1482", "T1018", "T1087.002"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=_STARTED,
    overlaps=("process-created",),
)
