"""Access to files, folders, registry keys, shares and LSASS.

Files and keys are only audited where they carry an audit entry (SACL); shares always. The events that watch a
path or share stand here with an example, and belong to no pack: ``for_path`` makes the one to deploy.
"""

from catalog.events.well_known_sid import (
    ADMINISTRATOR_SUFFIX,
    DOMAIN_ADMINS_SUFFIX,
    ENTERPRISE_ADMINS_SUFFIX,
    KRBTGT_SUFFIX,
    SERVER_OR_DOMAIN_PREFIX,
)
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_SAM_OBJECT = ("SubjectUserName", "SubjectLogonId", "ObjectType", "ObjectName", "AccessMask")
_SAM_NOTE = (
    "Domain controllers write it for each look-up over the SAM protocol, as net and older tools use it; computers, whose "
    "names end in a dollar sign, are left out. Windows writes it only with Handle Manipulation on as well."
)
_ADMINISTRATIVE_SHARES = (r"\\*\ADMIN$", r"\\*\C$")
#: What 5145 calls the right to write a file's content.
_WRITE_DATA = "%%4417"

OBJECT_HANDLE_REQUESTED = SecurityEvent(
    key="object-handle-requested",
    event_id=4656,
    evidence=Evidence.DOCUMENTED,
    title="Handle to a watched object requested",
    title_ja="監視対象オブジェクトに対するハンドル要求",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="See which account (SubjectUserName) asked for which access (AccessList) with which program "
    "(ProcessName). A reader who has no business with the object means a wrong permission or an intruder.",
    runbook_ja="どのアカウント (SubjectUserName) が、どのプログラム (ProcessName) で、どのアクセス "
    "(AccessList) を要求したかを確認する。業務上必要のない者であれば、アクセス許可の誤りか侵入を疑う。",
    where=(Field("ObjectName") == r"C:\Documents\大切なファイル",),
    audit=AuditSubcategory.FILE_SYSTEM,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1005", "T1039"),
    packs=(Pack.ARTICLE,),
    volume=Volume.LOW,
    watched_field="ObjectName",
    query_fields=("SubjectUserName", "ObjectName", "AccessMask", "ProcessName"),
    note="The published pattern names 4625, a failed logon, and has no apostrophe and bracket after "
    "ObjectName: the id is 4656 and the tag <Data Name='ObjectName'>. The path is a parameter, with each "
    "backslash doubled in the pattern. The object needs an audit entry (SACL) of its own.",
)

OBJECT_ACCESSED = SecurityEvent(
    key="object-accessed",
    event_id=4663,
    evidence=Evidence.DOCUMENTED,
    title="Watched object accessed",
    title_ja="監視対象オブジェクトへのアクセス",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="Unlike a request for a handle (4656), this access took place. AccessList tells what was done: %%4416 read, "
    "%%4417 write, %%1537 delete. Ask SubjectUserName, and see what else the account opened in that hour.",
    runbook_ja="ハンドルの要求 (4656) と異なり、実際に行われたアクセスである。AccessList が内容を示す (%%4416 読み取り、%%4417 書き込み、"
    "%%1537 削除)。SubjectUserName の本人に確認し、同じ時間帯に開かれた他の対象も調べる。",
    where=(Field("ObjectName") == r"C:\Documents\大切なファイル",),
    audit=AuditSubcategory.FILE_SYSTEM,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1005", "T1039"),
    volume=Volume.LOW,
    watched_field="ObjectName",
    query_fields=("SubjectUserName", "ObjectName", "AccessMask", "ProcessName"),
)

OBJECT_DELETED = SecurityEvent(
    key="object-deleted",
    event_id=4660,
    evidence=Evidence.SEEN,
    title="Many audited objects deleted",
    title_ja="監査対象オブジェクトの大量削除",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="One process that deletes hundreds of files is a clean-up or ransomware. The record has no name: the 4663 with "
    "the same HandleId and ProcessName has it. If nobody planned it, isolate the server and check the backups.",
    runbook_ja="一つのプロセスによる数百件の削除は、整理作業かランサムウェアである。この記録に対象の名前はなく、HandleId と ProcessName が同じ 4663 に"
    "ある。予定された作業でなければサーバーを隔離し、バックアップを確認する。",
    where=(Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.FILE_SYSTEM,
    alarm=AlarmDefaults(threshold=100, period=300),
    attack=("T1485", "T1486"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "SubjectDomainName", "HandleId", "ProcessName"),
    note="Only for folders whose audit entries name Delete. SYSTEM and the built-in service accounts are left out.",
)

OBJECT_PERMISSIONS_CHANGED = SecurityEvent(
    key="object-permissions-changed",
    event_id=4670,
    evidence=Evidence.DOCUMENTED,
    title="Permissions of a watched object changed",
    title_ja="監視対象オブジェクトのアクセス許可の変更",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="Compare OldSd and NewSd: who gained access, above all Everyone (WD) or Authenticated Users (AU)? Restore the "
    "permissions, then look for who used them meanwhile (4663).",
    runbook_ja="OldSd と NewSd を比べ、誰がアクセスできるようになったかを確認する。特に Everyone (WD) と Authenticated Users (AU) に注意する。"
    "アクセス許可を元に戻し、その間に使った者 (4663) を探す。",
    where=(Field("ObjectName") == r"C:\Documents\大切なファイル",),
    audit=AuditSubcategory.FILE_SYSTEM,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1222.001",),
    watched_field="ObjectName",
    query_fields=("SubjectUserName", "ObjectName", "OldSd", "NewSd"),
    note="The audit entry of the object must name Change Permissions or Take Ownership.",
)

REGISTRY_VALUE_CHANGED = SecurityEvent(
    key="registry-value-changed",
    event_id=4657,
    evidence=Evidence.DOCUMENTED,
    title="Value under a watched registry key changed",
    title_ja="監視対象レジストリキーの値の変更",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="ObjectValueName is the value, NewValue what was written, ProcessName by what. A program in a user's or temporary "
    "folder that is to start with Windows is an intruder staying: delete the value and keep the file for analysis.",
    runbook_ja="ObjectValueName が値の名前、NewValue が書き込まれた内容、ProcessName が書き込んだ"
    "プログラムである。ユーザーフォルダーや一時フォルダーのプログラムが自動起動に登録された場合は"
    "侵入者による永続化である。値を削除し、ファイルは解析用に保全する。",
    where=(Field("ObjectName") == r"\REGISTRY\MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Run",),
    audit=AuditSubcategory.REGISTRY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1547.001", "T1112"),
    watched_field="ObjectName",
    query_fields=("SubjectUserName", "ObjectName", "ObjectValueName", "NewValue", "ProcessName"),
    note=r"Windows writes HKLM as \REGISTRY\MACHINE, HKCU as \REGISTRY\USER and the SID, and CurrentControlSet as "
    "ControlSet001. The audit entry of the key must name Set Value.",
)

LSASS_HANDLE_REQUESTED = SecurityEvent(
    key="lsass-handle-requested",
    event_id=4656,
    evidence=Evidence.SEEN,
    title="Handle to the LSASS process requested",
    title_ja="LSASS プロセスに対するハンドル要求",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="LSASS holds the passwords and tickets of everybody logged on. Virus scanners and monitoring ask for it all day: "
    "know their ProcessName, and treat any other that may read its memory (0x10 in AccessMask) as theft.",
    runbook_ja="LSASS はログオン中の全員のパスワードとチケットを保持する。ウイルス対策や監視製品は常に要求するため、その ProcessName を把握しておき、"
    "それ以外がメモリの読み取り (AccessMask に 0x10 を含む) を求めた場合は窃取とみなす。",
    where=(Field("ObjectType") == "Process", Field("ObjectName").ends_with(r"\lsass.exe")),
    audit=AuditSubcategory.KERNEL_OBJECT,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1003.001",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.MEDIUM,
    query_fields=("SubjectUserName", "ObjectName", "AccessMask", "ProcessName"),
    note="LSASS carries an audit entry from Windows Server 2016 on. Its path begins with the number of a volume, so it "
    "is recognised by its end; where LSASS itself opens a process, its ProcessName ends so as well.",
)

LSASS_MEMORY_READ = SecurityEvent(
    key="lsass-memory-read",
    event_id=4663,
    evidence=Evidence.SEEN,
    title="Memory of the LSASS process accessed",
    title_ja="LSASS プロセスのメモリへのアクセス",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="Somebody read the memory that holds passwords. ProcessName decides: the virus scanner is routine (leave it out "
    "with an exclusion), Task Manager and anything unknown is a dump. Reset the passwords of all who were logged on.",
    runbook_ja="パスワードを保持するメモリが読まれた。ProcessName で判断する。ウイルス対策製品は通常の動作であり、除外設定で対象から外す。タスク"
    "マネージャーや未知のプログラムであればダンプである。ログオンしていた全員のパスワードをリセットする。",
    where=(Field("ObjectType") == "Process", Field("ObjectName").ends_with(r"\lsass.exe")),
    audit=AuditSubcategory.KERNEL_OBJECT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1003.001",),
    packs=(Pack.PRIVILEGED_ACCESS, Pack.RANSOMWARE_PRECURSORS),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "ObjectName", "AccessMask", "ProcessName"),
    note="As for lsass-handle-requested.",
)

PRIVILEGED_GROUP_READ_OVER_SAM = SecurityEvent(
    key="privileged-group-read-over-sam",
    event_id=4661,
    evidence=Evidence.SEEN,
    title="Members of Domain or Enterprise Admins listed",
    title_ja="Domain Admins または Enterprise Admins のメンバーの列挙",
    family=Family.OBJECT_ACCESS,
    severity=Severity.LOW,
    runbook="Asking for the members of these groups with net group is among the first things an intruder does, and rare in daily "
    "work. See what else SubjectUserName did in that hour, and from where it logged on (4624, SubjectLogonId).",
    runbook_ja="net group などでこれらのグループのメンバーを調べることは、侵入者が最初に行う操作の一つであり、日常業務ではまれである。SubjectUserName が同じ時間帯に"
    "行った操作と接続元 (SubjectLogonId と同じ 4624) を調べる。",
    where=(
        Field("ObjectType") == "SAM_GROUP",
        Field("ObjectName").ends_with(DOMAIN_ADMINS_SUFFIX, ENTERPRISE_ADMINS_SUFFIX),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.SAM,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1069.002",),
    packs=(Pack.CREDENTIAL_ACCESS,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=_SAM_OBJECT,
    note=_SAM_NOTE,
)

PRIVILEGED_ACCOUNT_READ_OVER_SAM = SecurityEvent(
    key="privileged-account-read-over-sam",
    event_id=4661,
    evidence=Evidence.DOCUMENTED,
    title="Built-in Administrator or krbtgt opened in the account database",
    title_ja="アカウントデータベースの組み込み Administrator または krbtgt のオープン",
    family=Family.OBJECT_ACCESS,
    severity=Severity.LOW,
    runbook="krbtgt signs every ticket of the domain, and nobody administers it. Look for a change or reset of the account "
    "(4738, 4724) and for reads of other accounts by SubjectUserName; find its host by SubjectLogonId (4624).",
    runbook_ja="krbtgt はドメインのすべてのチケットに署名するアカウントで、日常の管理対象ではない。アカウントの変更やリセット (4738、4724) と、SubjectUserName による他の"
    "アカウントの参照を調べ、SubjectLogonId (4624) からホストを特定する。",
    where=(
        Field("ObjectType") == "SAM_USER",
        Field("ObjectName").ends_with(ADMINISTRATOR_SUFFIX, KRBTGT_SUFFIX),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.SAM,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1087.002",),
    packs=(Pack.CREDENTIAL_ACCESS,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=_SAM_OBJECT,
    note=_SAM_NOTE,
)

ACCOUNTS_OPENED_OVER_SAM = SecurityEvent(
    key="accounts-opened-over-sam",
    event_id=4661,
    evidence=Evidence.SEEN,
    title="Many accounts opened with full access in the account database",
    title_ja="アカウントデータベースの多数のアカウントへのフルアクセスでのオープン",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="One account after the other is opened with every right, as mimikatz does to read their hashes. If SubjectUserName "
    "did not run a planned script, disable it, find its host by SubjectLogonId (4624), and isolate it.",
    runbook_ja="アカウントが次々とすべての権限で開かれている。mimikatz がパスワードハッシュを読み取る際の動作である。SubjectUserName による計画されたスクリプトでなければ無効化し、"
    "SubjectLogonId (4624) からホストを特定して隔離する。",
    where=(
        Field("ObjectType") == "SAM_USER",
        Field("AccessMask") == "0xf01ff",
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.SAM,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1003.002", "T1087.002"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.CREDENTIAL_ACCESS),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=_SAM_OBJECT,
    overlaps=("privileged-account-read-over-sam",),
    note=_SAM_NOTE,
)

SHARE_ACCESSED = SecurityEvent(
    key="share-accessed",
    event_id=5140,
    evidence=Evidence.DOCUMENTED,
    title="Watched share accessed",
    title_ja="監視対象の共有へのアクセス",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="Windows writes it once for each session, so the number is that of visits and not of files. Check whether "
    "SubjectUserName and IpAddress belong to the people the share is for.",
    runbook_ja="セッションごとに一度だけ記録されるため、件数はファイル数ではなく接続の回数である。"
    "SubjectUserName と IpAddress が、その共有の利用者のものか確認する。",
    where=(Field("ShareName") == r"\\*\Finance",),
    audit=AuditSubcategory.FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1039", "T1135"),
    volume=Volume.LOW,
    watched_field="ShareName",
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "AccessMask"),
    note=r"Windows writes a share as \\*\ and its name, whatever the name of the server.",
)

ADMINISTRATIVE_SHARE_ACCESSED = SecurityEvent(
    key="administrative-share-accessed",
    event_id=5140,
    evidence=Evidence.SEEN,
    title="Administrative share accessed",
    title_ja="管理共有へのアクセス",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="The whole disk over the network, for administrators only: backup and software distribution use it, and so do "
    "PsExec and ransomware to spread. Anything but the known IpAddress of those tools is movement through the network.",
    runbook_ja="管理者だけがネットワーク経由でディスク全体を扱える共有である。バックアップやソフトウェア配布のほか、PsExec やランサムウェアの拡散にも"
    "使われる。把握しているツールの IpAddress 以外は横展開とみなす。",
    where=(
        Field("ShareName").one_of(*_ADMINISTRATIVE_SHARES),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1021.002", "T1570"),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Fires when backup, inventory or software distribution works under an account of its own; computer accounts are left out. Exclude its account.",
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "AccessMask"),
    note="Without computer accounts, whose names end in a dollar sign: they fetch software and backups.",
)

SHARE_FILE_ACCESSED = SecurityEvent(
    key="share-file-accessed",
    event_id=5145,
    evidence=Evidence.DOCUMENTED,
    title="File on a watched share accessed",
    title_ja="監視対象の共有上のファイルへのアクセス",
    family=Family.OBJECT_ACCESS,
    severity=Severity.INFORMATIONAL,
    runbook="A signal with one record for each file: RelativeTargetName is the file, AccessMask the access. Useful to list "
    "what an account took; a jump of the metric at night is worth a look.",
    runbook_ja="ファイルごとに記録され、RelativeTargetName がファイル、AccessMask がアクセスを示す。"
    "アカウントが何を持ち出したかを調べるときに役立つ。夜間に件数が急増した場合は確認する。",
    where=(Field("ShareName") == r"\\*\Finance",),
    audit=AuditSubcategory.DETAILED_FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1039",),
    volume=Volume.HIGH,
    watched_field="ShareName",
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
    note="Detailed File Share cannot be limited to one share: Windows logs each file of each share, also the "
    "domain's policies, and the server ships all of it.",
)

REMOTE_ADMINISTRATION_PIPE_OPENED = SecurityEvent(
    key="remote-administration-pipe-opened",
    event_id=5145,
    evidence=Evidence.SEEN,
    title="Pipe for remote administration opened",
    title_ja="リモート管理用パイプのオープン",
    family=Family.OBJECT_ACCESS,
    severity=Severity.LOW,
    runbook="svcctl controls services, atsvc scheduled tasks, winreg the registry, from IpAddress. Programs such as PsExec "
    "open svcctl just before a new service (7045): read both together.",
    runbook_ja="svcctl はサービス、atsvc はスケジュールされたタスク、winreg はレジストリの操作に使われ、"
    "IpAddress が操作元である。PsExec などは新しいサービス (7045) の直前に svcctl を開くため、併せて読む。",
    where=(Field("RelativeTargetName").one_of("svcctl", "atsvc", "winreg"),),
    audit=AuditSubcategory.DETAILED_FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1021.002", "T1569.002", "T1053.005"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.HIGH,
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
    overlaps=("share-file-accessed",),
    note="As for share-file-accessed, the subcategory writes far more than this. On the share IPC$ these names are "
    "pipes; a file of such a name in another share is found as well.",
)

SERVICE_CONTROL_PIPE_OPENED_REPEATEDLY = SecurityEvent(
    key="service-control-pipe-opened-repeatedly",
    event_id=5145,
    evidence=Evidence.SEEN,
    title="Pipe for the control of services opened again and again",
    title_ja="サービス制御用パイプの繰り返しのオープン",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="Tools that carry a program over in the names or arguments of many services open svcctl for each piece; so does "
    "software that lists services all day. Compare with the services installed (7045) and ask who is behind IpAddress.",
    runbook_ja="プログラムを多数のサービスの名前や引数に分割して送り込むツールは、断片ごとに svcctl を開く。サービスを一覧する監視製品も同様である。インストールされたサービス "
    "(7045) と照合し、IpAddress の利用者を確認する。",
    where=(
        Field("RelativeTargetName") == "svcctl",
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.DETAILED_FILE_SHARE,
    alarm=AlarmDefaults(threshold=20, period=300),
    attack=("T1569.002", "T1021.002"),
    packs=(Pack.LATERAL_MOVEMENT,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
    overlaps=("share-file-accessed", "remote-administration-pipe-opened", "administrative-share-written"),
    note="As for share-file-accessed, the subcategory writes far more than this. Without computer accounts.",
)

REMOTE_EXECUTION_PIPE_OPENED = SecurityEvent(
    key="remote-execution-pipe-opened",
    event_id=5145,
    evidence=Evidence.SEEN,
    title="Pipe of PsExec or a tool like it opened",
    title_ja="PsExec またはその類似ツールのパイプのオープン",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="PsExec and its copies carry input and output of a remote command over pipes that end so, under whatever service "
    "name. Ask the administrator at IpAddress; without one, isolate both hosts and read what ran since (4688).",
    runbook_ja="PsExec とその類似ツールは、サービス名が何であれ、この名前で終わるパイプでリモートコマンドの入出力を受け渡す。IpAddress の管理者に確認し、該当者がいなければ"
    "両方のホストを隔離して、以後に実行されたもの (4688) を調べる。",
    where=(
        Field("ShareName") == r"\\*\IPC$",
        Field("RelativeTargetName").ends_with("-stdin", "-stdout", "-stderr"),
    ),
    audit=AuditSubcategory.DETAILED_FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1569.002", "T1021.002"),
    packs=(Pack.LATERAL_MOVEMENT,),
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
    overlaps=("share-file-accessed",),
    note="As for share-file-accessed, the subcategory writes far more than this.",
)

AUTHENTICATION_COERCION_PIPE_OPENED = SecurityEvent(
    key="authentication-coercion-pipe-opened",
    event_id=5145,
    evidence=Evidence.SEEN,
    title="Pipe of the print spooler or of stored secrets opened",
    title_ja="印刷スプーラーまたは保護された記憶域のパイプのオープン",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="Over spoolss a server is made to authenticate to somebody else (PrinterBug); over protected_storage its stored "
    "secrets are decrypted. On anything but a print server turn the spooler off, and ask who is behind IpAddress.",
    runbook_ja="spoolss はサーバーに他のホストへの認証を強制する攻撃 (PrinterBug)、protected_storage は保存された秘密情報の復号に使われる。プリントサーバー以外ではスプーラーを"
    "停止し、IpAddress の利用者を確認する。",
    where=(
        Field("ShareName") == r"\\*\IPC$",
        Field("RelativeTargetName").one_of("spoolss", "protected_storage"),
    ),
    audit=AuditSubcategory.DETAILED_FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1187", "T1555"),
    packs=(Pack.CREDENTIAL_ACCESS,),
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
    overlaps=("share-file-accessed",),
    note="As for share-file-accessed, the subcategory writes far more than this. Print servers are opened so all day.",
)

SECRETS_DUMP_FILE_OPENED = SecurityEvent(
    key="secrets-dump-file-opened",
    event_id=5145,
    evidence=Evidence.SEEN,
    title="Temporary file of a remote secrets dump opened",
    title_ja="リモートからの資格情報ダンプの一時ファイルのオープン",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="secretsdump saves the registry's SAM and SECURITY hives under such a name, fetches and deletes them: every password "
    "hash and service secret of this server is taken. Isolate IpAddress and change them, cached domain accounts' too.",
    runbook_ja="secretsdump は SAM と SECURITY のハイブをこの形の名前で保存し、取得後に削除する。このサーバーの全パスワードハッシュとサービスの秘密情報が奪われた。IpAddress を"
    "隔離し、キャッシュされたドメインアカウントを含めて変更する。",
    where=(
        Field("ShareName") == r"\\*\ADMIN$",
        Field("RelativeTargetName").starts_with("SYSTEM32\\", "Temp\\"),
        Field("RelativeTargetName").ends_with(".tmp"),
    ),
    audit=AuditSubcategory.DETAILED_FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1003.002", "T1003.004", "T1021.002"),
    packs=(Pack.CREDENTIAL_ACCESS,),
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
    overlaps=("share-file-accessed",),
    note="In the spelling of the tool: Windows reports the path as the client wrote it.",
)

ADMINISTRATIVE_SHARE_WRITTEN = SecurityEvent(
    key="administrative-share-written",
    event_id=5145,
    evidence=Evidence.SEEN,
    title="File written on an administrative share",
    title_ja="管理共有へのファイル書き込み",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="Tools are copied so before they are started as a service or task, and ransomware before it encrypts. Keep the file "
    "in RelativeTargetName, and see what was installed or started in the minutes after (7045, 4698, 4688).",
    runbook_ja="ツールをサービスやタスクとして起動する前、またはランサムウェアを展開する前に、この方法でファイルがコピーされる。RelativeTargetName のファイルを保全し、"
    "直後にインストールまたは起動されたもの (7045、4698、4688) を調べる。",
    where=(
        Field("ShareName").one_of(*_ADMINISTRATIVE_SHARES),
        Field("AccessList").contains(_WRITE_DATA),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.DETAILED_FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1021.002", "T1570"),
    packs=(Pack.LATERAL_MOVEMENT,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
    overlaps=("share-file-accessed", "remote-administration-pipe-opened", "secrets-dump-file-opened"),
    note="Without computer accounts, which back up and distribute software.",
)

SHARE_CREATED = SecurityEvent(
    key="share-created",
    event_id=5142,
    evidence=Evidence.SEEN,
    title="Network share created",
    title_ja="ネットワーク共有の作成",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="ShareLocalPath is now reachable over the network. Intruders share a folder to collect data or to spread tools: "
    "check the request and the share's permissions, and remove it if nobody asked for it.",
    runbook_ja="ShareLocalPath にネットワークからアクセスできるようになった。侵入者はデータの集約やツールの"
    "配布のためにフォルダーを共有する。申請と共有のアクセス許可を確認し、依頼者がいなければ削除する。",
    audit=AuditSubcategory.FILE_SHARE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1074.001", "T1570"),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Fires once when a share is set up, also by the installation of a file server's role.",
    query_fields=("SubjectUserName", "ShareName", "ShareLocalPath"),
)

SHARE_CHANGED = SecurityEvent(
    key="share-changed",
    event_id=5143,
    evidence=Evidence.SEEN,
    title="Network share changed",
    title_ja="ネットワーク共有の変更",
    family=Family.OBJECT_ACCESS,
    severity=Severity.MEDIUM,
    runbook="Compare OldSD and NewSD, in which WD is Everyone and FA full access. A share opened to everyone is the place "
    "where ransomware reaches most files: take it back, and ask SubjectUserName.",
    runbook_ja="OldSD と NewSD を比べる。WD は Everyone、FA はフルアクセスを表す。全員に公開された共有では、"
    "ランサムウェアの被害が最も広がりやすい。元に戻し、SubjectUserName の本人に確認する。",
    audit=AuditSubcategory.FILE_SHARE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1222.001",),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Fires when a share is set up or its permissions change: some minutes a year.",
    query_fields=("SubjectUserName", "ShareName", "ShareLocalPath", "OldSD", "NewSD"),
)

SHARE_DELETED = SecurityEvent(
    key="share-deleted",
    event_id=5144,
    evidence=Evidence.DOCUMENTED,
    title="Network share deleted",
    title_ja="ネットワーク共有の削除",
    family=Family.OBJECT_ACCESS,
    severity=Severity.LOW,
    runbook="Users lose what they reach over it, the files remain. A share that was created (5142) shortly before has served "
    "its purpose: find out what was copied through it.",
    runbook_ja="ファイルは残るが、利用者はこの共有からアクセスできなくなる。直前に作成 (5142) された"
    "共有であれば用が済んで消された可能性がある。共有を通じて何がコピーされたかを調べる。",
    audit=AuditSubcategory.FILE_SHARE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1070",),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    query_fields=("SubjectUserName", "ShareName", "ShareLocalPath"),
)


def object_handle_requested(path: str) -> SecurityEvent:
    r"""Return the event "a handle to ``path`` was requested", for a file or folder worth watching.

    Args:
        path: As for ``SecurityEvent.for_path``: ``C:\Finance\payroll.xlsx``, or with a backslash at its
            end, ``C:\Finance\\``, for everything below a folder.

    Raises:
        CatalogError: The path is not an absolute Windows path.
    """
    return OBJECT_HANDLE_REQUESTED.for_path(path)
