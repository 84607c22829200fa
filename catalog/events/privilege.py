"""Privileges: assigned to a logon, used, granted."""

from catalog.events.well_known_sid import ADMINISTRATOR_SUFFIX, SERVER_OR_DOMAIN_PREFIX
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

SPECIAL_PRIVILEGES_ASSIGNED = SecurityEvent(
    key="special-privileges-assigned",
    event_id=4672,
    evidence=Evidence.SEEN,
    title="Special privileges assigned to a new logon",
    title_ja="新しいログオンへの特権の割り当て",
    family=Family.PRIVILEGE,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to read beside other alarms: it tells which logons had administrator-like rights. Join "
    "it with 4624 by SubjectLogonId and TargetLogonId.",
    runbook_ja="他のアラームと併せて読むための記録で、管理者相当の権限を持つログオンを示す。SubjectLogonId と 4624 の "
    "TargetLogonId で突き合わせる。",
    audit=AuditSubcategory.SPECIAL_LOGON,
    attack=("T1078",),
    packs=(Pack.ARTICLE,),
    volume=Volume.HIGH,
    query_fields=("SubjectUserName", "SubjectDomainName", "SubjectLogonId"),
    note="As published. Windows writes it for each logon of SYSTEM as well, so it is a metric without an alarm.",
)

SPECIAL_PRIVILEGES_ASSIGNED_TO_ACCOUNT = SecurityEvent(
    key="special-privileges-assigned-to-account",
    event_id=4672,
    evidence=Evidence.SEEN,
    title="Special privileges assigned to a logon of a person or service account",
    title_ja="利用者またはサービスアカウントのログオンへの特権の割り当て",
    family=Family.PRIVILEGE,
    severity=Severity.LOW,
    runbook="Each record is a logon with administrator-like rights; SYSTEM, the built-in service accounts and computers "
    "are left out. List SubjectUserName over a week once: a name that is new in that list is worth a question.",
    runbook_ja="管理者相当の権限を持つログオンごとの記録で、SYSTEM、組み込みのサービスアカウント、コンピューターは除いてある。一度 1 週間分の "
    "SubjectUserName を一覧にし、以後新しく現れた名前を確認する。",
    where=(
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.SPECIAL_LOGON,
    attack=("T1078",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.MEDIUM,
    query_fields=("SubjectUserName", "SubjectDomainName", "SubjectLogonId"),
    overlaps=("special-privileges-assigned",),
)

BUILT_IN_ADMINISTRATOR_LOGGED_ON = SecurityEvent(
    key="built-in-administrator-logged-on",
    event_id=4672,
    evidence=Evidence.SEEN,
    title="Logon of the built-in Administrator account",
    title_ja="組み込み Administrator アカウントのログオン",
    family=Family.PRIVILEGE,
    severity=Severity.MEDIUM,
    runbook="Nobody can tell who used a shared account. Find the source in the 4624 whose TargetLogonId is this "
    "SubjectLogonId; give administrators accounts of their own, and keep this one for emergencies.",
    runbook_ja="共用アカウントでは操作者を特定できない。TargetLogonId がこの SubjectLogonId と同じ 4624 で接続元を調べる。管理者には個別の"
    "アカウントを与え、このアカウントは緊急用とする。",
    where=(Field("SubjectUserSid").ends_with(ADMINISTRATOR_SUFFIX),),
    audit=AuditSubcategory.SPECIAL_LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078.001", "T1078.003"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "SubjectDomainName", "SubjectLogonId"),
    overlaps=("special-privileges-assigned", "special-privileges-assigned-to-account"),
    note="By the well-known end of its SID: its name is localised and often changed. The record has no other SID.",
)

PRIVILEGED_SERVICE_CALLED = SecurityEvent(
    key="privileged-service-called",
    event_id=4673,
    evidence=Evidence.SEEN,
    title="Sensitive privilege used",
    title_ja="重要な特権の使用",
    family=Family.PRIVILEGE,
    severity=Severity.INFORMATIONAL,
    runbook="A signal, and a loud one: PrivilegeList tells the right, ProcessName the program. Look for programs in user "
    "folders, and for a sudden rise of failures by one process.",
    runbook_ja="件数の多い記録である。PrivilegeList が特権、ProcessName がプログラムを示す。ユーザーの"
    "フォルダーにあるプログラムや、一つのプロセスによる失敗の急増を探す。",
    where=(Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.SENSITIVE_PRIVILEGE_USE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1134", "T1068"),
    volume=Volume.HIGH,
    query_fields=("SubjectUserName", "PrivilegeList", "Service", "ProcessName"),
)

DEBUG_PRIVILEGE_USED = SecurityEvent(
    key="debug-privilege-used",
    event_id=4673,
    evidence=Evidence.DOCUMENTED,
    title="Right to debug programs used",
    title_ja="「プログラムのデバッグ」特権の使用",
    family=Family.PRIVILEGE,
    severity=Severity.LOW,
    runbook="With this right a program opens any other, also the one that holds the passwords (lsass.exe). Task managers "
    "and developers' tools use it too: read ProcessName beside the accesses to LSASS (4656, 4663).",
    runbook_ja="この特権があれば、パスワードを保持する lsass.exe を含むどのプロセスも開くことができる。"
    "タスクマネージャーや開発ツールも使うため、ProcessName を LSASS へのアクセス (4656、4663) と併せて読む。",
    where=(
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
        Field("PrivilegeList") == "SeDebugPrivilege",
    ),
    audit=AuditSubcategory.SENSITIVE_PRIVILEGE_USE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1003.001", "T1134.001"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.MEDIUM,
    query_fields=("SubjectUserName", "PrivilegeList", "Service", "ProcessName"),
    overlaps=("privileged-service-called",),
    note="Microsoft's page on privilege use lists this right among those that Windows does not audit without the "
    "registry value FullPrivilegeAuditing, which the audit policy here leaves alone: that there are no records "
    "does not mean that nobody debugs. The accesses to LSASS (4656, 4663) do not depend on it.",
)

DRIVER_LOAD_PRIVILEGE_USED = SecurityEvent(
    key="driver-load-privilege-used",
    event_id=4673,
    evidence=Evidence.DOCUMENTED,
    title="Right to load drivers used by a person's or service account",
    title_ja="利用者またはサービスアカウントによるドライバーのロード特権の使用",
    family=Family.PRIVILEGE,
    severity=Severity.MEDIUM,
    runbook="Drivers are installed by SYSTEM, seldom by an account. Intruders load an old, vulnerable driver to stop the "
    "virus scanner: look at ProcessName and for a new service of the type kernel driver (7045, 4697).",
    runbook_ja="ドライバーは通常 SYSTEM が導入し、アカウントが行うことはまれである。侵入者は脆弱な古い"
    "ドライバーを読み込んでウイルス対策製品を止める。ProcessName と、カーネルドライバーの新しいサービス "
    "(7045、4697) を調べる。",
    where=(
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
        Field("PrivilegeList") == "SeLoadDriverPrivilege",
    ),
    audit=AuditSubcategory.SENSITIVE_PRIVILEGE_USE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1068", "T1543.003"),
    packs=(Pack.PRIVILEGED_ACCESS, Pack.RANSOMWARE_PRECURSORS),
    query_fields=("SubjectUserName", "PrivilegeList", "Service", "ProcessName"),
    overlaps=("privileged-service-called",),
)

PRIVILEGED_OBJECT_OPERATION = SecurityEvent(
    key="privileged-object-operation",
    event_id=4674,
    evidence=Evidence.SEEN,
    title="Operation on a privileged object attempted",
    title_ja="特権オブジェクトに対する操作の試行",
    family=Family.PRIVILEGE,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: an account used a privilege on the object ObjectName. Useful after the fact, for services "
    "(ObjectServer SC Manager) and for ownership taken with SeTakeOwnershipPrivilege.",
    runbook_ja="アカウントが ObjectName に対して特権を行使した記録。サービスへの操作 (ObjectServer が SC Manager) や "
    "SeTakeOwnershipPrivilege による所有権の取得を後から調べるときに役立つ。",
    where=(Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.SENSITIVE_PRIVILEGE_USE,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1134", "T1222.001"),
    volume=Volume.HIGH,
    query_fields=("SubjectUserName", "ObjectName", "PrivilegeList", "ProcessName"),
    note="Non Sensitive Privilege Use writes it as well, many times more often, and is not needed.",
)

USER_RIGHT_ASSIGNED = SecurityEvent(
    key="user-right-assigned",
    event_id=4704,
    evidence=Evidence.SEEN,
    title="User right assigned",
    title_ja="ユーザー権利の割り当て",
    family=Family.PRIVILEGE,
    severity=Severity.MEDIUM,
    runbook="TargetSid now has the rights in PrivilegeList. A group policy assigns them through SYSTEM at its refresh; a "
    "person as SubjectUserName changed them on the server by hand: take back what is not in the policy.",
    runbook_ja="TargetSid に PrivilegeList の権利が与えられた。グループポリシーによる場合は更新時に SYSTEM "
    "が割り当てる。SubjectUserName が人であればサーバー上での手作業による変更であるため、ポリシーにない"
    "権利は取り消す。",
    audit=AuditSubcategory.AUTHORIZATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS),
    healthy="Fires while services are installed, and when a group policy changes the rights of users.",
    query_fields=("SubjectUserName", "TargetSid", "PrivilegeList"),
)

DELEGATION_RIGHT_ASSIGNED = SecurityEvent(
    key="delegation-right-assigned",
    event_id=4704,
    evidence=Evidence.DOCUMENTED,
    title="Right to trust accounts for delegation assigned",
    title_ja="アカウントに委任時の信頼を付与する権利の割り当て",
    family=Family.PRIVILEGE,
    severity=Severity.HIGH,
    runbook="Whoever has SeEnableDelegationPrivilege on a domain controller can make an account act as any user of the "
    "domain. Only administrators should have it: take it back, and look for delegation set since (4738, 4742).",
    runbook_ja="ドメインコントローラーで SeEnableDelegationPrivilege を持つ者は、アカウントをドメインの"
    "任意のユーザーとして振る舞わせることができる。管理者以外からは取り消し、その後に設定された委任 (4738、"
    "4742) を探す。",
    where=(Field("PrivilegeList") == "SeEnableDelegationPrivilege",),
    audit=AuditSubcategory.AUTHORIZATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1558"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetSid", "PrivilegeList"),
    overlaps=("user-right-assigned",),
    note="Where several rights are assigned at once they stand on lines of their own, and this one is found by "
    "user-right-assigned only.",
)

USER_RIGHT_REMOVED = SecurityEvent(
    key="user-right-removed",
    event_id=4705,
    evidence=Evidence.SEEN,
    title="User right removed",
    title_ja="ユーザー権利の削除",
    family=Family.PRIVILEGE,
    severity=Severity.LOW,
    runbook="Services fail when their account loses a right: compare PrivilegeList with the group policy. A removal soon "
    "after an assignment (4704) hides what was done in between.",
    runbook_ja="アカウントが権利を失うとサービスが動作しなくなる。PrivilegeList をグループポリシーと"
    "照合する。割り当て (4704) の直後の削除は、その間の操作の隠蔽である。",
    audit=AuditSubcategory.AUTHORIZATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531", "T1070"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=("SubjectUserName", "TargetSid", "PrivilegeList"),
)

REMOTE_DESKTOP_RIGHT_GRANTED = SecurityEvent(
    key="remote-desktop-right-granted",
    event_id=4717,
    evidence=Evidence.DOCUMENTED,
    title="Right to log on over Remote Desktop granted",
    title_ja="リモートデスクトップでログオンする権利の付与",
    family=Family.PRIVILEGE,
    severity=Severity.HIGH,
    runbook="TargetSid may log on over Remote Desktop without being in Remote Desktop Users, where one would look. Take the "
    "right back, use the group, and ask SubjectUserName.",
    runbook_ja="TargetSid が、通常確認される Remote Desktop Users に属さないままリモートデスクトップでログオンできるようになった。権利を取り消して"
    "グループを使い、SubjectUserName の本人に確認する。",
    where=(Field("AccessGranted") == "SeRemoteInteractiveLogonRight",),
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1021.001"),
    packs=(Pack.BASELINE, Pack.REMOTE_DESKTOP, Pack.PRIVILEGED_ACCESS),
    healthy="Silent, but for a change of the group policy on user rights.",
    query_fields=("SubjectUserName", "TargetSid", "AccessGranted"),
    overlaps=("logon-right-granted",),
)
