"""Guessed, sprayed and stolen credentials: many failures, many accounts, many servers."""

from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation, CorrelationType
from catalog.model.security_event import Severity

#: The addresses that Windows writes for itself.
_LOOPBACK = ("127.0.0.1", "::1")
_FAILED_LOGON = CorrelatedRecord("failure", 4625, audit=AuditSubcategory.LOGON, outcome=Outcome.FAILURE)
_REFUSED_TICKET = CorrelatedRecord(
    "failure",
    4771,
    (Field("Status") == "0x18",),
    audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
    outcome=Outcome.FAILURE,
)
_NETWORK_LOGON = CorrelatedRecord(
    "success",
    4624,
    (Field("LogonType").one_of("3", "10"), Field("TargetUserName").not_ends_with("$")),
    audit=AuditSubcategory.LOGON,
)

PASSWORD_SPRAYING = Correlation(
    key="password-spraying",
    type=CorrelationType.VALUE_COUNT,
    title="Password spraying: one address, many accounts",
    title_ja="パスワード スプレー: 一つのアドレスから多数のアカウントへの試行",
    severity=Severity.HIGH,
    runbook="Block the address at the security group or firewall. List the accounts that it tried, and look for "
    "a success of one of them from the same address (4624): that password is known, reset it first.",
    runbook_ja="セキュリティ グループまたはファイアウォールでアドレスを遮断する。試行されたアカウントを一覧にし、"
    "同じアドレスからの成功 (4624) を探す。成功したアカウントのパスワードを最初にリセットする。",
    records=(_FAILED_LOGON, _REFUSED_TICKET),
    group_by=("IpAddress",),
    timespan=600,
    threshold=10,
    counted="TargetUserName",
    left_out={"IpAddress": _LOOPBACK},
    attack=("T1110.003",),
    approximation="Logs Insights may estimate counts of very many distinct values.",
)

PASSWORD_GUESSED = Correlation(
    key="password-guessed",
    type=CorrelationType.TEMPORAL_ORDERED,
    title="Logon succeeded after repeated failures from the same address",
    title_ja="同じアドレスからの失敗の繰り返しの後のログオン成功",
    severity=Severity.CRITICAL,
    runbook="Take the session for the intruder's until its owner confirms it: end it, disable the account, block "
    "the address, and read what the account did since (4688, 4672, 7045) on the server named here.",
    runbook_ja="所有者が確認するまで、侵入者のセッションとして扱う。セッションを終了し、アカウントを無効にし、"
    "アドレスを遮断して、このサーバーでのその後の操作 (4688、4672、7045) を調べる。",
    records=(_FAILED_LOGON, _NETWORK_LOGON),
    group_by=(COMPUTER, "TargetUserName", "IpAddress"),
    timespan=900,
    minimum={"failure": 5},
    left_out={"IpAddress": _LOOPBACK},
    attack=("T1110.001", "T1078"),
    approximation="The success must come after the first failure; the others may come after it.",
)

ACCOUNTS_LOCKED_OUT = Correlation(
    key="accounts-locked-out",
    type=CorrelationType.VALUE_COUNT,
    title="Many accounts locked out",
    title_ja="多数のアカウントのロックアウト",
    severity=Severity.HIGH,
    runbook="Find the caller computers in the records (TargetDomainName). One of them for all accounts is a tool or "
    "a worm there: isolate it. Unlock the accounts only after it is gone.",
    runbook_ja="レコードの呼び出し元コンピューター (TargetDomainName) を確認する。すべて同じ場合は、そのコンピューター上の"
    "ツールまたはワームである。隔離した後にアカウントのロックを解除する。",
    records=(CorrelatedRecord("lockout", 4740, audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT),),
    group_by=(COMPUTER,),
    timespan=900,
    threshold=5,
    counted="TargetUserName",
    attack=("T1110.003", "T1531"),
)

LATERAL_MOVEMENT = Correlation(
    key="lateral-movement",
    type=CorrelationType.VALUE_COUNT,
    title="One account logged on to many servers over the network",
    title_ja="一つのアカウントによる多数のサーバーへのネットワーク ログオン",
    severity=Severity.MEDIUM,
    runbook="Ask whether a deployment, backup or scanner runs as this account: exclude it by name if so. Otherwise "
    "disable it, and look on each server for services and tasks that it installed (7045, 4698).",
    runbook_ja="このアカウントで配布、バックアップ、スキャンが動作しているかを確認し、該当すれば名前で除外する。"
    "該当しなければ無効にし、各サーバーでインストールされたサービスとタスク (7045、4698) を調べる。",
    records=(
        CorrelatedRecord(
            "logon",
            4624,
            (
                Field("LogonType") == "3",
                Field("TargetUserSid").starts_with("S-1-5-21-"),
                Field("TargetUserName").not_ends_with("$"),
            ),
            audit=AuditSubcategory.LOGON,
        ),
    ),
    group_by=("TargetUserName",),
    timespan=600,
    threshold=10,
    counted=COMPUTER,
    attack=("T1021",),
)

KERBEROASTING = Correlation(
    key="kerberoasting",
    type=CorrelationType.VALUE_COUNT,
    title="Kerberoasting: one account asked for weak tickets of many services",
    title_ja="Kerberoasting: 一つのアカウントによる多数のサービスの弱い暗号のチケット要求",
    severity=Severity.HIGH,
    runbook="Take the passwords of the services in the records for lost: they are guessed offline. Reset them, to long "
    "random ones, and remove RC4 from the accounts. Find the host of IpAddress.",
    runbook_ja="レコード中のサービスのパスワードはオフラインで推測されるため、漏えいしたものとみなして長いランダムな値に"
    "リセットし、アカウントから RC4 を除く。IpAddress のホストを調べる。",
    records=(
        CorrelatedRecord(
            "ticket",
            4769,
            (
                Field("TicketEncryptionType").one_of("0x17", "0x18"),
                Field("Status") == "0x0",
                Field("ServiceName").not_ends_with("$"),
            ),
            audit=AuditSubcategory.KERBEROS_SERVICE_TICKET_OPERATIONS,
        ),
    ),
    group_by=("TargetUserName", "IpAddress"),
    timespan=300,
    threshold=5,
    counted="ServiceName",
    left_out={"IpAddress": _LOOPBACK},
    attack=("T1558.003",),
    domain_controllers_only=True,
)

AS_REP_ROASTING = Correlation(
    key="as-rep-roasting",
    type=CorrelationType.VALUE_COUNT,
    title="AS-REP roasting: one address got tickets of many accounts without pre-authentication",
    title_ja="AS-REP Roasting: 一つのアドレスによる事前認証なしのチケットの多数の取得",
    severity=Severity.HIGH,
    runbook="Switch pre-authentication on for each account in the records and reset its password, which is guessed "
    "offline. Find the host of IpAddress and who is logged on there.",
    runbook_ja="レコード中の各アカウントの事前認証を有効にし、オフラインで推測されるためパスワードをリセットする。"
    "IpAddress のホストとログオン中のユーザーを調べる。",
    records=(
        CorrelatedRecord(
            "ticket",
            4768,
            (Field("PreAuthType") == "0", Field("Status") == "0x0"),
            audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
        ),
    ),
    group_by=("IpAddress",),
    timespan=600,
    threshold=2,
    counted="TargetUserName",
    left_out={"IpAddress": _LOOPBACK},
    attack=("T1558.004",),
    domain_controllers_only=True,
)

FAILURES_ON_ONE_SERVER = Correlation(
    key="failures-on-one-server",
    type=CorrelationType.EVENT_COUNT,
    title="One server has far more failed logons than usual",
    title_ja="一台のサーバーでの異常に多いログオン失敗",
    severity=Severity.MEDIUM,
    runbook="Group the records by IpAddress and TargetUserName. An address from the internet means an open port: "
    "close it in the security group. One internal address is a service with an old password, or an intruder.",
    runbook_ja="レコードを IpAddress と TargetUserName で集計する。インターネットのアドレスならポートが公開されているため、"
    "セキュリティ グループで閉じる。一つの内部アドレスなら、古いパスワードのサービスまたは侵入者である。",
    records=(_FAILED_LOGON,),
    group_by=(COMPUTER,),
    timespan=3600,
    threshold=500,
    attack=("T1110",),
    approximation="A fixed number stands for what other servers have: Logs Insights compares no group with others.",
)

REMOTE_DESKTOP_BY_ADMINISTRATOR_AT_NIGHT = Correlation(
    key="remote-desktop-by-administrator-at-night",
    type=CorrelationType.TEMPORAL,
    title="Remote Desktop logon of an administrator at night",
    title_ja="夜間の管理者によるリモート デスクトップ ログオン",
    severity=Severity.MEDIUM,
    runbook="Ask the administrator, by another way than the server, whether it was they. Otherwise end the session, "
    "disable the account, and look where else it logged on from the same address.",
    runbook_ja="サーバー以外の手段で本人に確認する。本人でなければセッションを終了し、アカウントを無効にして、"
    "同じアドレスからの他のログオンを調べる。",
    records=(
        CorrelatedRecord(
            "logon",
            4624,
            (Field("LogonType") == "10", Field("TargetUserSid").starts_with("S-1-5-21-")),
            fields={"LogonId": "TargetLogonId", "Account": "TargetUserName"},
            audit=AuditSubcategory.LOGON,
        ),
        CorrelatedRecord(
            "privileges",
            4672,
            (Field("SubjectUserSid").starts_with("S-1-5-21-"),),
            fields={"LogonId": "SubjectLogonId", "Account": "SubjectUserName"},
            audit=AuditSubcategory.SPECIAL_LOGON,
        ),
    ),
    group_by=(COMPUTER, "Account", "LogonId"),
    timespan=300,
    hours=(22, 6),
    attack=("T1021.001", "T1078"),
    approximation="Whether the address is new is not known: a query sees its own window only.",
)
