"""Access to files, folders, registry keys, shares and LSASS.

Files and keys are only audited where they carry an audit entry (SACL); shares always. The events that watch a
path or share stand here with an example, and belong to no pack: ``for_path`` makes the one to deploy.
"""

from catalog.events.well_known_sid import SERVER_OR_DOMAIN_PREFIX
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

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
    "is told by its end; where LSASS itself opens a process, its ProcessName ends so as well.",
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
    where=(Field("ShareName").one_of(r"\\*\ADMIN$", r"\\*\C$"),),
    audit=AuditSubcategory.FILE_SHARE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1021.002", "T1570"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "IpAddress", "ShareName", "AccessMask"),
    note="Computer accounts cannot be left out by the dollar sign at the end of their name: the share's name has one.",
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
