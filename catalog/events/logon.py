"""Logons, successful and failed, and the sessions that follow.

Windows logs SYSTEM, its services and the accounts of its window manager like any other. Where only people's,
service and domain accounts matter, the records ask for a SID that begins with ``S-1-5-21-``: that of an
account of the server or its domain, which none of the former has.
"""

from catalog.events.well_known_sid import (
    ADMINISTRATOR_SUFFIX,
    ANONYMOUS,
    GUEST_SUFFIX,
    SERVER_OR_DOMAIN_PREFIX,
)
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_SUCCEEDED = ("TargetUserName", "TargetDomainName", "IpAddress", "WorkstationName", "LogonProcessName")
_FAILED = ("TargetUserName", "TargetDomainName", "IpAddress", "WorkstationName", "Status", "SubStatus")
#: The addresses of a server as it sees itself.
_LOOPBACK = ("127.0.0.1", "::1")
#: The reason of a failed logon that SubStatus divides into no such user and wrong password.
_NAME_OR_PASSWORD = "%%2313"
#: What counts failed logons by their type. Each of those by their reason counts some of the same records.
_FAILED_BY_TYPE = (
    "logon-failed-network",
    "logon-failed-remote-desktop",
    "logon-failed-interactive",
    "logon-failed-unlock",
    "logon-failed-cleartext",
    "logon-failed-service",
)

LOGON_SUCCEEDED_NETWORK = SecurityEvent(
    key="logon-succeeded-network",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Network logon succeeded",
    title_ja="ネットワーク経由のログオン成功",
    family=Family.LOGON,
    severity=Severity.LOW,
    runbook="Compare the number with the usual one for the hour. Open the query and look for accounts and "
    "source addresses that have not logged on to these servers before; set the threshold to your own peak.",
    runbook_ja="同じ時間帯の通常の件数と比べる。クエリを開き、これまでこのサーバー群にログオンしたことのない"
    "アカウントと接続元アドレスを探す。しきい値は自環境のピークに合わせる。",
    where=(Field("LogonType") == "3",),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1000, period=300),
    attack=("T1078", "T1021"),
    packs=(Pack.ARTICLE,),
    volume=Volume.HIGH,
    published_metric_name="Windows-Logon-Success",
    note="As published. The article takes this for logons over Remote Desktop: type 3 is any logon over the "
    "network, such as a file share; Remote Desktop is type 10 and an event of its own.",
)

LOGON_FAILED_NETWORK = SecurityEvent(
    key="logon-failed-network",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Network logon failed",
    title_ja="ネットワーク経由のログオン失敗",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Group the failures by IpAddress and TargetUserName: one address with many accounts is password "
    "spraying, one account with many failures is guessing or a stale password in a service. Block the "
    "address, and check whether the same address also has a successful logon (4624).",
    runbook_ja="失敗を IpAddress と TargetUserName で集計する。一つのアドレスから多数のアカウントなら"
    "パスワードスプレー、一つのアカウントに多数の失敗なら総当たりか、サービスに残った古いパスワードである。"
    "アドレスを遮断し、同じアドレスからのログオン成功 (4624) がないか確認する。",
    where=(Field("LogonType") == "3",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1110",),
    packs=(Pack.ARTICLE, Pack.BASELINE, Pack.REMOTE_DESKTOP),
    healthy="Silent, but for a service or a mapped drive that keeps an old password: then all day, until it is mended.",
    volume=Volume.LOW,
    published_metric_name="Windows-Logon-Fail",
    note="The published pattern has a backslash in LogonType'\\> that no event has: removed. Remote Desktop "
    "with network level authentication logs its failures as type 3 first.",
)

LOGON_SUCCEEDED_REMOTE_DESKTOP = SecurityEvent(
    key="logon-succeeded-remote-desktop",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Logon over Remote Desktop succeeded",
    title_ja="リモートデスクトップ経由のログオン成功",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Check that TargetUserName, IpAddress and the hour belong to a known administrator and an open "
    "change. If not, end the session, disable the account and look at what it did since (4688, 4672).",
    runbook_ja="TargetUserName、IpAddress、時刻が既知の管理者と承認済みの変更作業に対応するか確認する。対応しない"
    "場合はセッションを切断し、アカウントを無効化して、その後の操作 (4688、4672) を調べる。",
    where=(Field("LogonType") == "10",),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1021.001",),
    packs=(Pack.BASELINE, Pack.REMOTE_DESKTOP),
    healthy="Fires with each session that an administrator opens. Silent where Session Manager is used.",
    volume=Volume.LOW,
)

LOGON_FAILED_REMOTE_DESKTOP = SecurityEvent(
    key="logon-failed-remote-desktop",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Logon over Remote Desktop failed",
    title_ja="リモートデスクトップ経由のログオン失敗",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Group by IpAddress and TargetUserName. Remote Desktop that answers to the whole internet is "
    "guessed at within minutes: close port 3389 in the security group and use Session Manager instead.",
    runbook_ja="IpAddress と TargetUserName で集計する。インターネットに公開されたリモートデスクトップは数分で"
    "攻撃を受ける。セキュリティグループで 3389 番ポートを閉じ、セッションマネージャーを使う。",
    where=(Field("LogonType") == "10",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1110", "T1021.001"),
    packs=(Pack.REMOTE_DESKTOP,),
    volume=Volume.RARE,
    note="With network level authentication a wrong password fails before the session exists and is logged as "
    "type 3: watch logon-failed-network as well.",
)

LOGON_SUCCEEDED_INTERACTIVE = SecurityEvent(
    key="logon-succeeded-interactive",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Interactive logon succeeded",
    title_ja="対話型ログオン成功",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="An EC2 instance has no keyboard: type 2 is the serial console, runas, or a tool such as PsExec that "
    "was given a password. Check ProcessName and LogonProcessName, and ask the owner of TargetUserName.",
    runbook_ja="EC2 インスタンスにはキーボードがない。ログオンの種類 2 はシリアルコンソール、runas、または"
    "パスワードを渡された PsExec などのツールである。ProcessName と LogonProcessName を確認し、"
    "TargetUserName の本人に問い合わせる。",
    where=(Field("LogonType") == "2", Field("TargetUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX)),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    healthy="Silent on EC2, which has no console: only runas and programs like it log an account on so.",
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "ProcessName", "LogonProcessName"),
    note="The window manager and the font driver log on as type 2 with each session: left out by their SID.",
)

LOGON_SUCCEEDED_UNLOCK = SecurityEvent(
    key="logon-succeeded-unlock",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Session unlocked",
    title_ja="セッションのロック解除",
    family=Family.LOGON,
    severity=Severity.INFORMATIONAL,
    runbook="A locked session was opened again; over Remote Desktop, IpAddress tells from where. Read it beside "
    "the reconnections (4778): one account unlocked from two addresses in a short time deserves a question.",
    runbook_ja="ロックされたセッションが再び開かれた。リモートデスクトップ経由なら IpAddress が接続元である。再接続 (4778) と併せて"
    "読み、短時間に二つのアドレスから同じアカウントのロックが解除されていれば本人に確認する。",
    where=(Field("LogonType") == "7",),
    audit=AuditSubcategory.LOGON,
    attack=("T1078", "T1021.001"),
    packs=(Pack.REMOTE_DESKTOP,),
    volume=Volume.LOW,
    query_fields=_SUCCEEDED,
)

LOGON_SUCCEEDED_CLEARTEXT = SecurityEvent(
    key="logon-succeeded-cleartext",
    event_id=4624,
    evidence=Evidence.DOCUMENTED,
    title="Logon with a password in clear text succeeded",
    title_ja="平文パスワードによるログオン成功",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="The server received the password itself: basic authentication in IIS, OpenSSH, or a script. See "
    "ProcessName. Make sure that TLS protects the way, and move the service to Kerberos or to keys.",
    runbook_ja="サーバーがパスワードそのものを受け取った。IIS の基本認証、OpenSSH、スクリプトなどが該当し、"
    "ProcessName でわかる。経路が TLS で保護されていることを確認し、Kerberos や鍵による認証へ移行する。",
    where=(Field("LogonType") == "8",),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078", "T1040"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.LOW,
    query_fields=("TargetUserName", "TargetDomainName", "IpAddress", "ProcessName", "LogonProcessName"),
    note="A web server with basic authentication writes one for each request: raise the threshold there.",
)

LOGON_SUCCEEDED_NEW_CREDENTIALS = SecurityEvent(
    key="logon-succeeded-new-credentials",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Logon with other credentials for the network (runas /netonly)",
    title_ja="ネットワーク用に別の資格情報を指定したログオン (runas /netonly)",
    family=Family.LOGON,
    severity=Severity.HIGH,
    runbook="A process took on credentials that count only on other servers, as pass-the-hash tools do. "
    "TargetOutboundUserName is the account taken on. Unless an administrator used runas /netonly, isolate the "
    "server, and look for logons (4624 type 3) of that account elsewhere.",
    runbook_ja="あるプロセスが他のサーバーでのみ有効な資格情報を得た。Pass-the-Hash ツールの動作と"
    "同じである。TargetOutboundUserName がそのアカウントである。管理者の runas /netonly でなければサーバーを"
    "隔離し、他のサーバーでそのアカウントのログオン (4624、種類 3) を探す。",
    where=(Field("LogonType") == "9",),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1550.002", "T1134.003"),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS, Pack.RANSOMWARE_PRECURSORS),
    healthy="Silent. An administrator fires it with runas /netonly.",
    query_fields=(
        "SubjectUserName",
        "TargetUserName",
        "TargetOutboundUserName",
        "TargetOutboundDomainName",
        "ProcessName",
    ),
)

LOGON_SUCCEEDED_BATCH = SecurityEvent(
    key="logon-succeeded-batch",
    event_id=4624,
    evidence=Evidence.DOCUMENTED,
    title="Logon of a scheduled task with an account of its own",
    title_ja="スケジュールされたタスクの個別アカウントによるログオン",
    family=Family.LOGON,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to compare with the tasks you know: the server keeps this account's password. A new "
    "TargetUserName here means that a task was created (4698) with an account that can be stolen from it.",
    runbook_ja="既知のタスクと比べるための記録で、サーバーがこのアカウントのパスワードを保存していることを"
    "示す。新しい TargetUserName は、このサーバーから盗まれうるアカウントでタスクが作成された (4698) ことを"
    "意味する。",
    where=(Field("LogonType") == "4", Field("TargetUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX)),
    audit=AuditSubcategory.LOGON,
    attack=("T1053.005", "T1078"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.MEDIUM,
    query_fields=("TargetUserName", "TargetDomainName", "SubjectUserName"),
)

LOGON_SUCCEEDED_SERVICE = SecurityEvent(
    key="logon-succeeded-service",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Logon of a service with an account of its own",
    title_ja="サービスの個別アカウントによるログオン",
    family=Family.LOGON,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: which accounts of the server or the domain start services here, and whose passwords it "
    "therefore keeps. Look up a new TargetUserName among the installed services (4697, 7045).",
    runbook_ja="サーバーまたはドメインのどのアカウントがここでサービスを実行しているか、すなわちどの"
    "パスワードが保存されているかを示す記録。新しい TargetUserName は、インストールされたサービス (4697、"
    "7045) と照合する。",
    where=(Field("LogonType") == "5", Field("TargetUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX)),
    audit=AuditSubcategory.LOGON,
    attack=("T1543.003", "T1078"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.LOW,
    query_fields=("TargetUserName", "TargetDomainName", "SubjectUserName"),
    note="SYSTEM and the built-in service accounts start hundreds of services: left out by their SID.",
)

LOGON_SUCCEEDED_CACHED = SecurityEvent(
    key="logon-succeeded-cached",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Logon with cached domain credentials",
    title_ja="キャッシュされたドメイン資格情報によるログオン",
    family=Family.LOGON,
    severity=Severity.LOW,
    runbook="The server could not ask a domain controller and trusted a stored hash: the account may be disabled "
    "by now. Check the network path to the domain, and whether somebody cut it on purpose.",
    runbook_ja="ドメインコントローラーに照会できず、保存されたハッシュで認証された。アカウントはすでに無効かもしれない。ドメインへの"
    "経路を確認し、意図的に遮断されたものでないか調べる。",
    where=(Field("LogonType").one_of("11", "12"),),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078.002",),
    packs=(Pack.REMOTE_DESKTOP,),
    query_fields=_SUCCEEDED,
)

LOGON_SUCCEEDED_ANONYMOUS = SecurityEvent(
    key="logon-succeeded-anonymous",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Anonymous network logon",
    title_ja="匿名のネットワークログオン",
    family=Family.LOGON,
    severity=Severity.INFORMATIONAL,
    runbook="A null session: harmless from name resolution and old clients, but also how shares and accounts are "
    "listed without a password. Look at an IpAddress with many of them, and forbid anonymous enumeration "
    "(RestrictAnonymous, RestrictAnonymousSAM).",
    runbook_ja="ヌルセッションである。名前解決や古いクライアントによるものは無害だが、パスワードなしで共有やアカウントを列挙する手段"
    "でもある。件数の多い IpAddress を調べ、匿名の列挙を禁止する (RestrictAnonymous、RestrictAnonymousSAM)。",
    where=(Field("LogonType") == "3", Field("TargetUserSid") == ANONYMOUS),
    audit=AuditSubcategory.LOGON,
    attack=("T1087", "T1135"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.MEDIUM,
    query_fields=("IpAddress", "WorkstationName", "AuthenticationPackageName"),
    overlaps=("logon-succeeded-network",),
)

LOGON_SUCCEEDED_GUEST = SecurityEvent(
    key="logon-succeeded-guest",
    event_id=4624,
    evidence=Evidence.DOCUMENTED,
    title="Network logon of the Guest account",
    title_ja="Guest アカウントのネットワークログオン",
    family=Family.LOGON,
    severity=Severity.HIGH,
    runbook="Guest needs no password. Disable the account, look for who enabled it (4722), and list what "
    "IpAddress read meanwhile (5140, 5145).",
    runbook_ja="Guest はパスワードを必要としない。アカウントを無効化し、有効にした者 (4722) を調べ、その間に IpAddress から何が"
    "読まれたか (5140、5145) を洗い出す。",
    where=(Field("LogonType") == "3", Field("TargetUserSid").ends_with(GUEST_SUFFIX)),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078.001",),
    packs=(Pack.BASELINE,),
    healthy="Silent: Guest is disabled from the start.",
    query_fields=("TargetUserName", "IpAddress", "WorkstationName"),
    overlaps=("logon-succeeded-network",),
    note="By the well-known end of the SID, since the account's name is localised and can be changed. Any SID of "
    "the record counts, so a process of Guest that starts a logon is found as well.",
)

LOGON_FAILED_INTERACTIVE = SecurityEvent(
    key="logon-failed-interactive",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Interactive logon failed",
    title_ja="対話型ログオン失敗",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Somebody, or a program on the server itself, tried passwords locally: see ProcessName and "
    "SubjectUserName. Failures for many TargetUserName from one process are guessing from inside.",
    runbook_ja="誰か、またはサーバー上のプログラムが、ローカルでパスワードを試した。ProcessName と SubjectUserName を確認する。"
    "一つのプロセスから多数の TargetUserName で失敗していれば、内部からの総当たりである。",
    where=(Field("LogonType") == "2",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1110.001",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "ProcessName", "SubStatus"),
)

LOGON_FAILED_UNLOCK = SecurityEvent(
    key="logon-failed-unlock",
    event_id=4625,
    evidence=Evidence.DOCUMENTED,
    title="Unlocking a session failed",
    title_ja="セッションのロック解除失敗",
    family=Family.LOGON,
    severity=Severity.LOW,
    runbook="A few are typing errors. Many for one account mean that somebody at its open session guesses the "
    "password: ask its owner, and sign the session out.",
    runbook_ja="数回なら入力ミスである。一つのアカウントで多発する場合は、開いたままのセッションで他人がパスワードを推測している"
    "可能性がある。本人に確認し、セッションをサインアウトさせる。",
    where=(Field("LogonType") == "7",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1110.001",),
    packs=(Pack.REMOTE_DESKTOP,),
    query_fields=_FAILED,
)

LOGON_FAILED_CLEARTEXT = SecurityEvent(
    key="logon-failed-cleartext",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Logon with a password in clear text failed",
    title_ja="平文パスワードによるログオン失敗",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Passwords are tried against basic authentication or OpenSSH; IpAddress may be that of a load "
    "balancer, so look in the service's own log for the client. Block it, and check for a success (4624 type 8).",
    runbook_ja="基本認証や OpenSSH に対してパスワードが試されている。IpAddress はロードバランサーのことがあるため、サービス自身の"
    "ログで接続元を確認する。接続元を遮断し、成功 (4624、種類 8) の有無を調べる。",
    where=(Field("LogonType") == "8",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1110",),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS),
    healthy="Silent, but for web servers with basic authentication, where users mistype passwords.",
    volume=Volume.LOW,
    query_fields=("TargetUserName", "TargetDomainName", "IpAddress", "ProcessName", "SubStatus"),
)

LOGON_FAILED_SERVICE = SecurityEvent(
    key="logon-failed-service",
    event_id=4625,
    evidence=Evidence.DOCUMENTED,
    title="Logon of a service or scheduled task failed",
    title_ja="サービスまたはスケジュールされたタスクのログオン失敗",
    family=Family.LOGON,
    severity=Severity.LOW,
    runbook="Usually a password was changed without its services and tasks: TargetUserName tells whose. It locks "
    "the account if nobody acts. Without a known change, ask who changed the password (4723, 4724).",
    runbook_ja="多くの場合、パスワード変更がサービスやタスクに反映されていない。対象は TargetUserName "
    "でわかる。放置するとアカウントがロックアウトされる。把握している変更がなければ、誰が変更したか (4723、"
    "4724) を確認する。",
    where=(Field("LogonType").one_of("4", "5"),),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=5, period=900),
    attack=("T1110", "T1531"),
    query_fields=("TargetUserName", "TargetDomainName", "SubjectUserName", "SubStatus"),
)

LOGON_FAILED_UNKNOWN_USER = SecurityEvent(
    key="logon-failed-unknown-user",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Logon failed: no such user",
    title_ja="ログオン失敗: 存在しないユーザー",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Names that do not exist are the mark of a list being tried: block IpAddress. A password typed as the "
    "user name also ends up here, in TargetUserName: treat what looks like one as disclosed.",
    runbook_ja="存在しない名前が続くのは、リストによる攻撃の特徴である。IpAddress を遮断する。ユーザー名の欄に誤って入力されたパスワードも "
    "TargetUserName に残るため、それらしい値があれば漏えいしたものとして扱う。",
    where=(Field("FailureReason") == _NAME_OR_PASSWORD, Field("SubStatus") == "0xc0000064"),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1110.003", "T1087"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
)

LOGON_FAILED_BAD_PASSWORD = SecurityEvent(
    key="logon-failed-bad-password",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Logon failed: wrong password",
    title_ja="ログオン失敗: パスワードの誤り",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="The account exists and the password was wrong. Many accounts from one IpAddress: spraying; one account "
    "from many addresses: guessing. Look for a success (4624) right after, and reset that account.",
    runbook_ja="実在するアカウントでパスワードが誤っていた。一つの IpAddress から多数のアカウントなら"
    "パスワードスプレー、多数のアドレスから一つのアカウントなら総当たりである。直後の成功 (4624) を"
    "探し、あればそのアカウントのパスワードをリセットする。",
    where=(Field("FailureReason") == _NAME_OR_PASSWORD, Field("SubStatus") == "0xc000006a"),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=20, period=300),
    attack=("T1110.001", "T1110.003"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
)

LOGON_FAILED_ACCOUNT_LOCKED = SecurityEvent(
    key="logon-failed-account-locked",
    event_id=4625,
    evidence=Evidence.DOCUMENTED,
    title="Logon failed: account locked out",
    title_ja="ログオン失敗: アカウントのロックアウト",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Somebody goes on trying an account that is already locked. IpAddress is the source: a device with an "
    "old password, or an attack that the lockout has just stopped. Do not unlock before you know which.",
    runbook_ja="ロックアウトされたアカウントへの試行が続いている。発生元は IpAddress で、古いパスワードを"
    "持つ端末か、ロックアウトで止まった攻撃のいずれかである。どちらかわかるまでロックを解除しない。",
    where=(Field("FailureReason") == "%%2307",),
    audit=AuditSubcategory.ACCOUNT_LOCKOUT,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1110",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
    note="The only failed logon of the subcategory Account Lockout, whose default, Success, never writes it. By the "
    "reason, whose code is the same in every language: the status 0xc0000234 stands in Status, not SubStatus.",
)

LOGON_FAILED_ACCOUNT_DISABLED = SecurityEvent(
    key="logon-failed-account-disabled",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Logon failed: account disabled",
    title_ja="ログオン失敗: 無効化されたアカウント",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Either a leaver's credentials are still in use, or an old list of accounts is being tried. See IpAddress "
    "and TargetUserName; take the account out of any service that still uses it.",
    runbook_ja="退職者の資格情報がまだ使われているか、古いアカウントの一覧が試されている。IpAddress と TargetUserName を確認し、"
    "まだ使用しているサービスがあれば設定から外す。",
    where=(Field("FailureReason") == "%%2310",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=3, period=300),
    attack=("T1078", "T1110.004"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
)

LOGON_FAILED_ACCOUNT_EXPIRED = SecurityEvent(
    key="logon-failed-account-expired",
    event_id=4625,
    evidence=Evidence.DOCUMENTED,
    title="Logon failed: account expired",
    title_ja="ログオン失敗: 有効期限切れのアカウント",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="The account's time is over, as for contractors. Ask its sponsor whether the work goes on: extend it "
    "by request only, and treat attempts from unknown addresses as stolen credentials.",
    runbook_ja="委託先などのアカウントの期限が切れている。業務が続いているか責任者に確認し、延長は申請に基づいてのみ行う。見知らぬ"
    "アドレスからの試行は、盗まれた資格情報とみなす。",
    where=(Field("FailureReason") == "%%2305",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=3, period=300),
    attack=("T1078",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
)

LOGON_FAILED_PASSWORD_EXPIRED = SecurityEvent(
    key="logon-failed-password-expired",
    event_id=4625,
    evidence=Evidence.SEEN,
    title="Logon failed: password expired or to be changed",
    title_ja="ログオン失敗: パスワードの期限切れまたは変更要求",
    family=Family.LOGON,
    severity=Severity.LOW,
    runbook="The password given was right but may no longer be used: routine for people, an outage for services. "
    "From an unknown IpAddress it tells that somebody else knows the old password.",
    runbook_ja="正しいパスワードだが、もう使用できない。利用者なら日常的な事象、サービスなら障害である。見知らぬ IpAddress からであれば、"
    "古いパスワードを第三者が知っていることを意味する。",
    where=(Field("FailureReason") == "%%2309",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=10, period=900),
    attack=("T1078",),
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
)

LOGON_FAILED_OUTSIDE_HOURS = SecurityEvent(
    key="logon-failed-outside-hours",
    event_id=4625,
    evidence=Evidence.DOCUMENTED,
    title="Logon failed: outside the account's hours",
    title_ja="ログオン失敗: 許可された時間帯以外",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="The password was right and the hour was not. Ask the owner of TargetUserName; if it was somebody else, "
    "reset the password, since it is known.",
    runbook_ja="パスワードは正しいが、許可された時間帯ではない。TargetUserName の本人に確認し、"
    "他人によるものならパスワードが知られているため、リセットする。",
    where=(Field("FailureReason") == "%%2311",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078",),
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
)

LOGON_FAILED_WORKSTATION_NOT_ALLOWED = SecurityEvent(
    key="logon-failed-workstation-not-allowed",
    event_id=4625,
    evidence=Evidence.DOCUMENTED,
    title="Logon failed: not allowed from this computer",
    title_ja="ログオン失敗: 許可されていないコンピューター",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="The account may log on from certain computers only, and WorkstationName is none of them. The password "
    "was right: find out who sat there, and reset it if that was not its owner.",
    runbook_ja="このアカウントは特定のコンピューターからのみログオンでき、WorkstationName はそれに"
    "含まれていない。パスワードは正しいため、そこで操作した者を調べ、本人でなければリセットする。",
    where=(Field("FailureReason") == "%%2312",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078.002", "T1021"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=_FAILED,
    overlaps=_FAILED_BY_TYPE,
)

LOGON_FAILED_RIGHT_NOT_GRANTED = SecurityEvent(
    key="logon-failed-right-not-granted",
    event_id=4625,
    evidence=Evidence.DOCUMENTED,
    title="Logon failed: type of logon not granted to the account",
    title_ja="ログオン失敗: 許可されていないログオンの種類",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Right password, but the account lacks the right for this LogonType (10: it is not in Remote Desktop "
    "Users; 5: it may not run services). Service accounts tried interactively are a sign of stolen credentials.",
    runbook_ja="パスワードは正しいが、この LogonType の権利がない (10: Remote Desktop Users に属さない、5: "
    "サービスとしてログオンできないなど)。サービスアカウントが対話的に試された場合は、資格情報の窃取を疑う。",
    where=(Field("FailureReason") == "%%2308",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=3, period=300),
    attack=("T1078", "T1021"),
    packs=(Pack.REMOTE_DESKTOP, Pack.PRIVILEGED_ACCESS),
    query_fields=("TargetUserName", "TargetDomainName", "LogonType", "IpAddress", "WorkstationName"),
    overlaps=_FAILED_BY_TYPE,
)

EXPLICIT_CREDENTIALS_USED_LOCALLY = SecurityEvent(
    key="explicit-credentials-used-locally",
    event_id=4648,
    evidence=Evidence.SEEN,
    title="Explicit credentials used on the server itself",
    title_ja="サーバー自身への明示的な資格情報の使用",
    family=Family.LOGON,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: SubjectUserName gave the password of TargetUserName to start something, as runas does. Read it "
    "beside logons with new privileges (4672) when an administrator's account is the target.",
    runbook_ja="SubjectUserName が TargetUserName のパスワードを指定して何かを起動した (runas など) ことを示す記録。対象が管理者"
    "アカウントの場合は、特権の割り当て (4672) と併せて読む。",
    where=(
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
        Field("TargetServerName") == "localhost",
    ),
    audit=AuditSubcategory.LOGON,
    attack=("T1078", "T1134.002"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "ProcessName"),
    note="Windows itself writes one with SYSTEM as the subject for each interactive logon: left out by its SID.",
)

EXPLICIT_CREDENTIALS_USED_REMOTELY = SecurityEvent(
    key="explicit-credentials-used-remotely",
    event_id=4648,
    evidence=Evidence.SEEN,
    title="Explicit credentials used against another server",
    title_ja="他のサーバーへの明示的な資格情報の使用",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="SubjectUserName used the password of TargetUserName on TargetServerName. Many servers in a short time are "
    "movement through the network: check ProcessName, and ask both accounts' owners.",
    runbook_ja="SubjectUserName が TargetUserName のパスワードを TargetServerName に対して使用した。短時間に多数のサーバーが対象なら"
    "横展開を疑い、ProcessName を確認して両方のアカウントの本人に問い合わせる。",
    where=(
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
        Field("TargetServerName") != "localhost",
    ),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1078", "T1021"),
    packs=(Pack.PRIVILEGED_ACCESS, Pack.RANSOMWARE_PRECURSORS),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "TargetServerName", "ProcessName"),
)

SESSION_RECONNECTED = SecurityEvent(
    key="session-reconnected",
    event_id=4778,
    evidence=Evidence.SEEN,
    title="Remote Desktop session reconnected",
    title_ja="リモートデスクトップセッションの再接続",
    family=Family.LOGON,
    severity=Severity.LOW,
    runbook="ClientName and ClientAddress are those of the client: the best witness of who sat there. An existing "
    "session taken over from another client without a logon (4624 type 10) is session hijacking with tscon.",
    runbook_ja="ClientName と ClientAddress は接続元の端末を示し、操作者を知る最も確かな手掛かりである。"
    "ログオン (4624、種類 10) を伴わずに既存のセッションが別の端末へ移った場合は、tscon によるセッションの"
    "乗っ取りを疑う。",
    where=(Field("ClientAddress") != "LOCAL",),
    audit=AuditSubcategory.OTHER_LOGON_LOGOFF_EVENTS,
    attack=("T1021.001", "T1563.002"),
    packs=(Pack.REMOTE_DESKTOP,),
    volume=Volume.LOW,
    query_fields=("AccountName", "AccountDomain", "ClientName", "ClientAddress", "SessionName"),
    note="The field is LogonID, not LogonId, and the account is AccountName. Sessions at the console have the "
    "address LOCAL and are left out.",
)

SESSION_DISCONNECTED = SecurityEvent(
    key="session-disconnected",
    event_id=4779,
    evidence=Evidence.SEEN,
    title="Remote Desktop session disconnected",
    title_ja="リモートデスクトップセッションの切断",
    family=Family.LOGON,
    severity=Severity.INFORMATIONAL,
    runbook="The end of a stretch of work over Remote Desktop; the session itself lives on and can be taken over. Sign "
    "sessions out instead of leaving them, by a time limit in the group policy.",
    runbook_ja="リモートデスクトップでの作業の終わりを示す。セッション自体は残り、乗っ取られうる。切断のまま残さず、グループポリシーの"
    "時間制限でサインアウトさせる。",
    where=(Field("ClientAddress") != "LOCAL",),
    audit=AuditSubcategory.OTHER_LOGON_LOGOFF_EVENTS,
    attack=("T1021.001",),
    packs=(Pack.REMOTE_DESKTOP,),
    volume=Volume.LOW,
    query_fields=("AccountName", "AccountDomain", "ClientName", "ClientAddress", "SessionName"),
)

REPLAY_ATTACK_DETECTED = SecurityEvent(
    key="replay-attack-detected",
    event_id=4649,
    title="Kerberos replay detected",
    title_ja="Kerberos リプレイの検出",
    family=Family.LOGON,
    severity=Severity.HIGH,
    runbook="The same Kerberos request came twice. Rule out a load balancer or backup device that repeats packets and "
    "clocks that differ; otherwise somebody captured it on the way: trace WorkstationName.",
    runbook_ja="同じ Kerberos 要求が二度届いた。パケットを再送するロードバランサーやバックアップ装置、"
    "時刻のずれをまず除外する。それ以外なら経路上で傍受されている。WorkstationName を追跡する。",
    audit=AuditSubcategory.OTHER_LOGON_LOGOFF_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1550.003", "T1557"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "WorkstationName", "ProcessName"),
)

SPECIAL_GROUP_LOGON = SecurityEvent(
    key="special-group-logon",
    event_id=4964,
    evidence=Evidence.SEEN,
    title="Logon of a member of a watched group",
    title_ja="監視対象グループのメンバーのログオン",
    family=Family.LOGON,
    severity=Severity.HIGH,
    runbook="A member of a group that you chose to watch (SidList) logged on here. If these accounts have no business "
    "on this server, end the session; find the source in the 4624 with the same TargetLogonId.",
    runbook_ja="監視対象に指定したグループ (SidList) のメンバーがログオンした。このサーバーを使う理由がなければセッションを切断し、"
    "同じ TargetLogonId の 4624 で接続元を調べる。",
    audit=AuditSubcategory.SPECIAL_LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078.002",),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS),
    healthy="Silent until somebody names groups to watch in the registry; then at each logon of their members.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "TargetLogonId", "SidList"),
    note="Windows writes it only for the SIDs in the registry value SpecialGroups under "
    r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa\Audit: without it there is no such event.",
)

LOGON_SUCCEEDED_ANONYMOUS_FROM_LOOPBACK = SecurityEvent(
    key="logon-succeeded-anonymous-from-loopback",
    event_id=4624,
    evidence=Evidence.SEEN,
    title="Anonymous logon of the server to itself",
    title_ja="サーバー自身への匿名ログオン",
    family=Family.LOGON,
    severity=Severity.HIGH,
    runbook="A service was made to log on to a port of its own server: so tools of the Potato family turn the right of a "
    "service account to impersonate into SYSTEM. See which web or database server's processes started since (4688), and "
    "isolate the host.",
    runbook_ja="サービスがサーバー自身のポートに対して認証させられた。Potato 系のツールがサービスアカウントの偽装権限から SYSTEM を得る手口である。"
    "以後に Web サーバーやデータベースのプロセスから起動されたもの (4688) を調べ、ホストを隔離する。",
    where=(
        Field("LogonType") == "3",
        Field("TargetUserSid") == ANONYMOUS,
        Field("IpAddress").one_of(*_LOOPBACK),
    ),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1134.001", "T1068"),
    packs=(Pack.BASELINE, Pack.CREDENTIAL_ACCESS),
    healthy="Silent.",
    query_fields=_SUCCEEDED,
    overlaps=("logon-succeeded-network", "logon-succeeded-anonymous"),
)

LOGON_SUCCEEDED_ADMINISTRATOR_FROM_LOOPBACK = SecurityEvent(
    key="logon-succeeded-administrator-from-loopback",
    event_id=4624,
    evidence=Evidence.DOCUMENTED,
    title="Kerberos logon of the built-in Administrator from the server itself",
    title_ja="サーバー自身からの組み込み Administrator の Kerberos ログオン",
    family=Family.LOGON,
    severity=Severity.HIGH,
    runbook="A Kerberos ticket for Administrator was used against the server it was asked for on: KrbRelayUp ends so. Look "
    "for a computer account created (4741) or a delegation set (5136) just before, and for a new service (7045) after.",
    runbook_ja="Administrator の Kerberos チケットが、要求元のサーバー自身に対して使われた。KrbRelayUp の最終段階である。直前のコンピューターアカウントの作成 "
    "(4741) や委任の設定 (5136)、直後のサービスのインストール (7045) を探す。",
    where=(
        Field("LogonType") == "3",
        Field("TargetUserSid").ends_with(ADMINISTRATOR_SUFFIX),
        Field("AuthenticationPackageName") == "Kerberos",
        Field("IpAddress").one_of(*_LOOPBACK),
    ),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1134.001", "T1558", "T1068"),
    packs=(Pack.CREDENTIAL_ACCESS,),
    query_fields=_SUCCEEDED,
    overlaps=("logon-succeeded-network",),
)

LOGON_SUCCEEDED_NTLM_FROM_LOOPBACK = SecurityEvent(
    key="logon-succeeded-ntlm-from-loopback",
    event_id=4624,
    evidence=Evidence.DOCUMENTED,
    title="NTLM logon of an account from the server itself",
    title_ja="サーバー自身からの NTLM ログオン",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="NTLM relayed to its own server gives a service, or a user without elevation, more rights than it has. A program "
    "that opens shares of its own server does the same every day: know it, and look into any other.",
    runbook_ja="NTLM 認証を自身のサーバーへ中継すると、サービスや昇格していないユーザーが本来より強い権限を得る。自サーバーの共有を開くプログラムでも"
    "日常的に記録されるため、それを把握したうえで、他のものを調べる。",
    where=(
        Field("LogonType") == "3",
        Field("TargetUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
        Field("AuthenticationPackageName") == "NTLM",
        Field("IpAddress").one_of(*_LOOPBACK),
    ),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1134.001", "T1557"),
    packs=(Pack.CREDENTIAL_ACCESS,),
    query_fields=_SUCCEEDED,
    overlaps=("logon-succeeded-network", "logon-succeeded-guest"),
)

REMOTE_DESKTOP_ACCESS_DENIED = SecurityEvent(
    key="remote-desktop-access-denied",
    event_id=4825,
    evidence=Evidence.SEEN,
    title="Remote Desktop refused to an account with the right password",
    title_ja="正しいパスワードを持つアカウントのリモートデスクトップの拒否",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="AccountName proved its password and is not in Remote Desktop Users: a wrong server, or a stolen password that is "
    "tried everywhere. Ask its owner; if it was somebody else, reset the password and trace ClientAddress.",
    runbook_ja="AccountName のパスワードは正しいが、Remote Desktop Users に属していない。接続先の間違いか、盗まれたパスワードの試行である。本人に確認し、"
    "本人でなければパスワードをリセットして ClientAddress を追跡する。",
    audit=AuditSubcategory.OTHER_LOGON_LOGOFF_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1021.001", "T1078"),
    packs=(Pack.BASELINE, Pack.REMOTE_DESKTOP, Pack.LATERAL_MOVEMENT),
    healthy="Seldom: a user who tries the wrong server.",
    query_fields=("AccountName", "AccountDomain", "ClientAddress", "LogonID"),
    reference="https://learn.microsoft.com/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor",
)
