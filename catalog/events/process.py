"""Processes started: all as a metric, and those that intruders start before they encrypt.

A program is asked for by the end of its path, spelt as on disk, which is how Windows reports it: a copy in another
folder is found, one under another name is not. The tools that delete backups are asked for by their whole path,
which records of every version have alike. What a command does is in its command line, which Windows records only
where a policy says so.
"""

from catalog.events.well_known_sid import SERVER_OR_DOMAIN_PREFIX
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

#: Why the records on command lines find nothing on a server without the policy.
_NEEDS_COMMAND_LINES = (
    "Windows leaves CommandLine empty unless the policy Include command line in process creation events is on. The text "
    "is asked for in the spellings that tools and people use: another letter case is not found."
)
_STARTED = ("SubjectUserName", "NewProcessName", "CommandLine", "ParentProcessName")

PROCESS_CREATED = SecurityEvent(
    key="process-created",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Process created",
    title_ja="プロセスの作成",
    family=Family.PROCESS,
    severity=Severity.INFORMATIONAL,
    runbook="A metric to search in when another alarm fired: NewProcessName, ParentProcessName, and CommandLine where the "
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
            r"C:\Windows\System32\vssadmin.exe",
            r"C:\Windows\SysWOW64\vssadmin.exe",
            r"C:\Windows\System32\wbadmin.exe",
            r"C:\Windows\System32\diskshadow.exe",
            r"C:\Windows\System32\bcdedit.exe",
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
    where=(Field("NewProcessName").ends_with(r"\wevtutil.exe"),),
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
    where=(Field("NewProcessName").ends_with(r"\ntdsutil.exe"),),
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
    # With .EXE in older versions.
    where=(Field("NewProcessName").one_of(r"C:\Windows\PSEXESVC.exe", r"C:\Windows\PSEXESVC.EXE"),),
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
    where=(Field("NewProcessName").ends_with(r"\nltest.exe", r"\dsquery.exe"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1482", "T1018", "T1087.002"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=_STARTED,
    overlaps=("process-created",),
)

SERVICE_NAME_TOOL_STARTED = SecurityEvent(
    key="service-name-tool-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Tool for service principal names started",
    title_ja="サービスプリンシパル名を扱うツールの起動",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="setspn lists the accounts whose tickets can be guessed at (-Q), or gives an account a name to make it such a one "
    "(-a, -S). Outside the installation of a service, see which tickets SubjectUserName asked for since (4769).",
    runbook_ja="setspn は、チケットからパスワードを推測できるアカウントの列挙 (-Q) や、アカウントへの名前の登録 (-a、-S) に使われる。サービスの導入作業でなければ、以後に "
    "SubjectUserName が要求したチケット (4769) を調べる。",
    where=(Field("NewProcessName").ends_with(r"\setspn.exe"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1558.003", "T1087.002"),
    packs=(Pack.CREDENTIAL_ACCESS,),
    query_fields=_STARTED,
    overlaps=("process-created",),
)

AUDIT_POLICY_WEAKENED_BY_COMMAND = SecurityEvent(
    key="audit-policy-weakened-by-command",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Audit policy turned off by a command",
    title_ja="コマンドによる監査ポリシーの無効化",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="auditpol turned auditing off or cleared it: what follows may not be recorded any more. Set the policy again, and read what SubjectUserName did before; the change itself is event 4719, if it was still written.",
    runbook_ja="auditpol により監査が無効化または消去され、以後の操作は記録されない可能性がある。ポリシーを再設定し、SubjectUserName のそれまでの操作を確認する。変更自体は、記録されていれば 4719 にある。",
    where=(
        Field("NewProcessName").ends_with(r"\auditpol.exe"),
        Field("CommandLine").contains("disable", "/clear", "/remove"),
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)

SESSION_TAKEOVER_TOOL_STARTED = SecurityEvent(
    key="session-takeover-tool-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Tool that takes over another session started",
    title_ja="他のセッションを引き継ぐツールの起動",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="tscon as SYSTEM connects to anybody's session without a password. Unless an administrator shadows a session by agreement, end it, and see whose session it was (4778) and what was done in it since.",
    runbook_ja="SYSTEM として実行された tscon は、パスワードなしで他人のセッションに接続できる。合意された操作でなければセッションを切断し、誰のセッションか (4778)、以後に何が行われたかを調べる。",
    where=(Field("NewProcessName").ends_with(r"\tscon.exe"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1563.002",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.LATERAL_MOVEMENT),
    query_fields=_STARTED,
    overlaps=("process-created",),
)

FILE_DOWNLOADED_WITH_SYSTEM_TOOL = SecurityEvent(
    key="file-downloaded-with-system-tool",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="File fetched, coded or exported with certutil",
    title_ja="certutil によるファイルの取得、エンコード、エクスポート",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="certutil is for certificates; intruders fetch and decode their tools with it, and export private keys. Keep the file named in CommandLine, block its source, and see what ParentProcessName is.",
    runbook_ja="certutil は証明書の管理ツールだが、侵入者はツールの取得やデコード、秘密キーのエクスポートに使う。CommandLine のファイルを保全し、取得元を遮断して、ParentProcessName を調べる。",
    where=(
        Field("NewProcessName").ends_with(r"\certutil.exe"),
        Field("CommandLine").contains("urlcache", "URLCache", "-decode", "-encode", "xport"),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1105",
        "T1140",
        "T1552.004",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)

TRANSFER_TOOL_STARTED = SecurityEvent(
    key="transfer-tool-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Background transfer tool started",
    title_ja="バックグラウンド転送ツールの起動",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="bitsadmin is deprecated, and programs use its service without it. A person or script that starts it fetches a file or plants a job that runs again: list the jobs (Get-BitsTransfer -AllUsers) and keep the file.",
    runbook_ja="bitsadmin は非推奨で、通常のプログラムは使わない。起動された場合はファイルの取得か、再実行されるジョブの登録である。ジョブを一覧し (Get-BitsTransfer -AllUsers)、ファイルを保全する。",
    where=(Field("NewProcessName").ends_with(r"\bitsadmin.exe"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1197",
        "T1105",
    ),
    packs=(Pack.LATERAL_MOVEMENT,),
    query_fields=_STARTED,
    overlaps=("process-created",),
)

PROTECTION_DISABLED_BY_COMMAND = SecurityEvent(
    key="protection-disabled-by-command",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Service disabled by a command",
    title_ja="コマンドによるサービスの無効化",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="sc sets a service so that it does not start again. If CommandLine names protection, logging, backup or a database, set it back, start it and isolate the server: such lists of commands come before encryption.",
    runbook_ja="sc によりサービスが次回から開始されない設定にされた。CommandLine が保護、ログ、バックアップ、データベースのサービスであれば元に戻して開始し、サーバーを隔離する。暗号化の前に実行される手順である。",
    where=(
        Field("NewProcessName").ends_with(r"\sc.exe"),
        Field("CommandLine").contains("start= disabled", "start=disabled"),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1685",
        "T1489",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)

SERVICE_COMMAND_LINE_SET = SecurityEvent(
    key="service-command-line-set",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Program of a service set by a command",
    title_ja="コマンドによるサービスの実行プログラムの設定",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="sc created a service or gave one another program. Installers do so; a person who points a service at a shell or at a file in a user's folder makes SYSTEM run it: read CommandLine, and ask SubjectUserName.",
    runbook_ja="sc によりサービスが作成されたか、実行プログラムが変更された。インストーラーも行うが、シェルやユーザーフォルダーのファイルを指定した場合は SYSTEM として実行される。CommandLine を読み、SubjectUserName の本人に確認する。",
    where=(
        Field("NewProcessName").ends_with(r"\sc.exe"),
        Field("CommandLine").contains("binPath=", "binpath="),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1543.003",),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=(
        "process-created",
        "protection-disabled-by-command",
    ),
    note=_NEEDS_COMMAND_LINES,
)

ACCESSIBILITY_PROGRAM_REPLACED = SecurityEvent(
    key="accessibility-program-replaced",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Debugger set for a program by a command",
    title_ja="コマンドによるプログラムのデバッガーの設定",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="A debugger set for sethc, utilman or another program of the logon screen opens a shell as SYSTEM before any logon. Delete the value in CommandLine, and look for logons over Remote Desktop before and after.",
    runbook_ja="sethc や utilman などログオン画面のプログラムにデバッガーを設定すると、ログオン前に SYSTEM のシェルが開く。CommandLine の値を削除し、前後のリモートデスクトップのログオンを調べる。",
    where=(
        Field("NewProcessName").ends_with(r"\reg.exe"),
        Field("CommandLine").contains("Image File Execution Options"),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1546.008",
        "T1546.012",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)

SCHEDULED_TASK_CREATED_BY_COMMAND = SecurityEvent(
    key="scheduled-task-created-by-command",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Scheduled task created by a command",
    title_ja="コマンドによるスケジュールされたタスクの作成",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="schtasks may create the task on another server (/s in CommandLine), where the record of the task itself is (4698). Ask SubjectUserName; a random name or a program in a user's folder is an intruder's.",
    runbook_ja="schtasks は他のサーバーにもタスクを作成でき (CommandLine の /s)、タスクの記録 (4698) はそのサーバーにある。SubjectUserName の本人に確認する。ランダムな名前やユーザーフォルダーのプログラムは侵入者のものである。",
    where=(
        Field("NewProcessName").ends_with(r"\schtasks.exe"),
        Field("CommandLine").contains("/create", "/Create"),
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1053.005",),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)

PORT_FORWARDED_BY_COMMAND = SecurityEvent(
    key="port-forwarded-by-command",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Port forwarding or helper set with netsh",
    title_ja="netsh によるポート転送またはヘルパーの設定",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="A forwarded port makes this server a door to hosts behind it; a helper DLL is loaded each time netsh runs. List them (netsh interface portproxy show all), remove what nobody planned, and see who used the port.",
    runbook_ja="ポート転送により、このサーバーが背後のホストへの入口になる。ヘルパー DLL は netsh の実行のたびに読み込まれる。一覧し (netsh interface portproxy show all)、計画外のものを削除して利用者を調べる。",
    where=(
        Field("NewProcessName").ends_with(r"\netsh.exe"),
        Field("CommandLine").contains("portproxy", " p a v ", "add helper"),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1090.001",
        "T1572",
        "T1546.007",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)

PACKET_CAPTURE_STARTED = SecurityEvent(
    key="packet-capture-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Packet capture tool of Windows started",
    title_ja="Windows のパケットキャプチャツールの起動",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="pktmon records what passes the server's network, passwords of old protocols too. Unless somebody looks into a fault of the network, stop it (pktmon stop), and find and delete the capture.",
    runbook_ja="pktmon はサーバーを通る通信 (古いプロトコルのパスワードを含む) を記録する。ネットワーク障害の調査でなければ停止し (pktmon stop)、キャプチャファイルを探して削除する。",
    where=(Field("NewProcessName").ends_with(r"\PktMon.exe"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1040",),
    packs=(Pack.CREDENTIAL_ACCESS,),
    query_fields=_STARTED,
    overlaps=("process-created",),
)

DOMAIN_QUERIED_WITH_NET = SecurityEvent(
    key="domain-queried-with-net",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Accounts or groups of the domain queried with net",
    title_ja="net によるドメインのアカウントやグループの照会",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="Listing the domain's groups and accounts is how an intruder looks around; administrators use the directory's own tools. See what else SubjectUserName started in that hour, and from where it logged on (4624).",
    runbook_ja="ドメインのグループやアカウントの一覧は、侵入者が周囲を調べる方法である (管理者は専用のツールを使う)。SubjectUserName が同じ時間帯に起動したものと接続元 (4624) を調べる。",
    where=(
        Field("NewProcessName").ends_with(r"\net1.exe"),
        Field("CommandLine").contains("/do", "/DO"),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1069.002",
        "T1087.002",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)

ADMINISTRATIVE_SHARE_CONNECTED_BY_COMMAND = SecurityEvent(
    key="administrative-share-connected-by-command",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Administrative share connected with net",
    title_ja="net による管理共有への接続",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="SubjectUserName opens the disk of another server as its administrator. Ask for the change; otherwise follow to the server in CommandLine, and see what was copied and started there (5145, 7045, 4698).",
    runbook_ja="SubjectUserName が管理者として他のサーバーのディスクに接続している。変更作業の有無を確認し、なければ CommandLine のサーバーでコピーまたは起動されたもの (5145、7045、4698) を調べる。",
    where=(
        Field("NewProcessName").ends_with(r"\net.exe"),
        Field("CommandLine").contains(r"\c$", r"\C$", r"\admin$", r"\ADMIN$"),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1021.002",),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created", "domain-queried-with-net"),
    note=_NEEDS_COMMAND_LINES,
)

HIDDEN_POWERSHELL_STARTED = SecurityEvent(
    key="hidden-powershell-started",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="PowerShell started in a hidden window",
    title_ja="非表示ウィンドウでの PowerShell の起動",
    family=Family.PROCESS,
    severity=Severity.MEDIUM,
    runbook="Payloads start so, that nobody at the screen sees them; some management tools do as well, and are known by ParentProcessName. Decode what CommandLine runs, and isolate the server if it fetches or unpacks anything.",
    runbook_ja="ペイロードは画面に表示されないようこの方法で起動される。一部の管理ツールも使うため、ParentProcessName で見分ける。CommandLine の内容を復号し、取得や展開を行っていればサーバーを隔離する。",
    where=(
        Field("NewProcessName").ends_with(r"\powershell.exe"),
        Field("CommandLine").contains("-w hidden", "-WindowStyle Hidden", "-windowstyle hidden"),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1059.001",
        "T1564.003",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=("process-created",),
    note=_NEEDS_COMMAND_LINES,
)


def _all_above() -> tuple[str, ...]:
    """Return the keys of the events above: a command line is asked for whatever the program."""
    return tuple(value.key for value in globals().values() if isinstance(value, SecurityEvent))


SHADOW_COPIES_DELETED = SecurityEvent(
    key="shadow-copies-deleted",
    event_id=4688,
    evidence=Evidence.DOCUMENTED,
    title="Shadow copies or backups deleted by a command",
    title_ja="コマンドによるシャドウコピーまたはバックアップの削除",
    family=Family.PROCESS,
    severity=Severity.CRITICAL,
    runbook="This is the last step before encryption. Isolate the server at once, keep it running for its memory, and look for the same command on the others: CommandLine, ParentProcessName and SubjectUserName tell what started it.",
    runbook_ja="暗号化直前の最後の段階である。直ちにサーバーを隔離し (メモリ保全のため電源は切らない)、他のサーバーで同じコマンドを探す。CommandLine、ParentProcessName、SubjectUserName が起動元を示す。",
    where=(
        Field("CommandLine").contains(
            "delete shadows",
            "Delete Shadows",
            "shadowcopy delete",
            "delete catalog",
        ),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490",),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=_all_above(),
    note=_NEEDS_COMMAND_LINES,
)

EVENT_LOG_CLEARED_BY_COMMAND = SecurityEvent(
    key="event-log-cleared-by-command",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Event log cleared over WMI or PowerShell",
    title_ja="WMI または PowerShell によるイベントログの消去",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="The log named in CommandLine is being emptied. What was shipped before stays in CloudWatch Logs: read the hours before there, and find who stands behind SubjectUserName and ParentProcessName.",
    runbook_ja="CommandLine に示されたログが消去されている。送信済みの記録は CloudWatch Logs に残るため、それ以前の数時間を読み、SubjectUserName と ParentProcessName の背後にいる者を特定する。",
    where=(Field("CommandLine").contains("nteventlog where", "Clear-EventLog", "ClearEventLog"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.005",),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=_all_above(),
    note=_NEEDS_COMMAND_LINES,
)

REMOTE_COMMAND_OUTPUT_REDIRECTED = SecurityEvent(
    key="remote-command-output-redirected",
    event_id=4688,
    evidence=Evidence.SEEN,
    title="Output of a remote command written to the server's own share",
    title_ja="リモートコマンドの出力の自サーバーの共有への書き込み",
    family=Family.PROCESS,
    severity=Severity.HIGH,
    runbook="wmiexec and smbexec run a command so and fetch the output over the share. The logon of type 3 just before (4624) tells from where: isolate both hosts, and read the commands in the records that follow.",
    runbook_ja="wmiexec や smbexec はこの方法でコマンドを実行し、共有を通じて出力を取得する。直前のログオン (4624、種類 3) が接続元を示す。両方のホストを隔離し、続く記録のコマンドを読む。",
    where=(Field("CommandLine").contains(r"\\127.0.0.1\ADMIN$\__", r"\\127.0.0.1\C$\__"),),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1047",
        "T1569.002",
        "T1021.002",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=_all_above(),
    note=_NEEDS_COMMAND_LINES,
)

CREDENTIAL_DUMP_COMMAND_STARTED = SecurityEvent(
    key="credential-dump-command-started",
    event_id=4688,
    evidence=Evidence.DOCUMENTED,
    title="Command that copies password hashes started",
    title_ja="パスワードハッシュをコピーするコマンドの起動",
    family=Family.PROCESS,
    severity=Severity.CRITICAL,
    runbook="The memory of LSASS, the SAM hive or the directory's database is copied to a file. Isolate the server, delete the copy, and reset the passwords of all who were logged on; of the domain, if it is ntds.dit.",
    runbook_ja="LSASS のメモリ、SAM ハイブ、またはディレクトリデータベースがファイルにコピーされている。サーバーを隔離してコピーを削除し、ログオンしていた全員 (ntds.dit の場合はドメイン全体) のパスワードをリセットする。",
    where=(
        Field("CommandLine").contains(
            "comsvcs.dll", r"save hklm\sam", r"save HKLM\SAM", "ntds.dit", "sekurlsa"
        ),
    ),
    audit=AuditSubcategory.PROCESS_CREATION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=(
        "T1003.001",
        "T1003.002",
        "T1003.003",
    ),
    packs=(Pack.COMMAND_LINES,),
    query_fields=_STARTED,
    overlaps=_all_above(),
    note=_NEEDS_COMMAND_LINES,
)
