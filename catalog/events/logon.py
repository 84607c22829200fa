"""Logons, successful and failed."""

from catalog.alarm import AlarmDefaults
from catalog.audit_policy import AuditSubcategory, Outcome
from catalog.condition import Field
from catalog.security_event import Family, Pack, SecurityEvent, Severity, Volume

LOGON_SUCCEEDED_NETWORK = SecurityEvent(
    key="logon-succeeded-network",
    event_id=4624,
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
    title="Network logon failed",
    title_ja="ネットワーク経由のログオン失敗",
    family=Family.LOGON,
    severity=Severity.MEDIUM,
    runbook="Group the failures by IpAddress and TargetUserName: one address with many accounts is password "
    "spraying, one account with many failures is guessing or a stale password in a service. Block the "
    "address, and check whether the same address also has a successful logon (4624).",
    runbook_ja="失敗を IpAddress と TargetUserName で集計する。一つのアドレスから多数のアカウントならパスワード"
    "スプレー、一つのアカウントに多数の失敗なら総当たりか、サービスに残った古いパスワード。アドレスを遮断し、"
    "同じアドレスからのログオン成功 (4624) がないか確認する。",
    where=(Field("LogonType") == "3",),
    audit=AuditSubcategory.LOGON,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1110",),
    packs=(Pack.ARTICLE, Pack.BASELINE, Pack.REMOTE_DESKTOP),
    volume=Volume.LOW,
    published_metric_name="Windows-Logon-Fail",
    note="The published pattern has a backslash in LogonType'\\> that no event has: removed. Remote Desktop "
    "with network level authentication logs its failures as type 3 first.",
)

LOGON_SUCCEEDED_REMOTE_DESKTOP = SecurityEvent(
    key="logon-succeeded-remote-desktop",
    event_id=4624,
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
    volume=Volume.LOW,
)

LOGON_FAILED_REMOTE_DESKTOP = SecurityEvent(
    key="logon-failed-remote-desktop",
    event_id=4625,
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
    packs=(Pack.BASELINE, Pack.REMOTE_DESKTOP),
    volume=Volume.RARE,
    note="With network level authentication a wrong password fails before the session exists and is logged as "
    "type 3: watch logon-failed-network as well.",
)
