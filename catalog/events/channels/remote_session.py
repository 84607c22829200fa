"""Sessions of Remote Desktop and SSH, by the logs of the services that open them."""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.condition import Field
from catalog.model.provider import LOCAL_SESSION_MANAGER, OPENSSH, REMOTE_CONNECTION_MANAGER
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_REFERENCE = (
    "https://learn.microsoft.com/troubleshoot/windows-server/remote/rdp-error-general-troubleshooting"
)
_SSH_REFERENCE = (
    "https://learn.microsoft.com/windows-server/administration/openssh/openssh-server-configuration"
)
#: The server itself, where somebody reaches it through a tunnel; ngrok's is the last.
_LOOPBACK = ("127.0.0.1", "::1", "::%16777216")
_SESSION = ("User", "SessionID", "Address")

REMOTE_SESSION_STARTED = SecurityEvent(
    key="remote-session-started",
    event_id=21,
    evidence=Evidence.DOCUMENTED,
    title="Session of Remote Desktop or the console started",
    title_ja="リモートデスクトップまたはコンソールのセッションの開始",
    family=Family.REMOTE_SESSION,
    severity=Severity.LOW,
    runbook="Look for users and source addresses that have not worked on this server before. The log keeps these "
    "records longer than Security keeps logons, and an intruder who clears Security often forgets it.",
    runbook_ja="これまでこのサーバーで作業したことのないユーザーと接続元アドレスを探す。この記録はセキュリティログのログオンより長く残り、"
    "セキュリティログを消去する攻撃者も見落としやすい。",
    provider=LOCAL_SESSION_MANAGER,
    attack=("T1021.001", "T1078"),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    query_fields=_SESSION,
    note="Address is LOCAL, in the language of Windows, for a session at the console.",
    reference=_REFERENCE,
)

REMOTE_SESSION_STARTED_FROM_LOOPBACK = SecurityEvent(
    key="remote-session-started-from-loopback",
    event_id=21,
    evidence=Evidence.DOCUMENTED,
    title="Session of Remote Desktop started from the server itself",
    title_ja="サーバー自身からのリモートデスクトップセッションの開始",
    family=Family.REMOTE_SESSION,
    severity=Severity.HIGH,
    runbook="Somebody reached Remote Desktop through a tunnel that ends on this server: SSH, a port forwarding, or ngrok "
    "(::%16777216). Find the process that holds the tunnel (netstat -b), end it, and reset the password of User.",
    runbook_ja="このサーバーを終端とするトンネル (SSH、ポート転送、ngrok (::%16777216)) 経由でリモートデスクトップに接続された。トンネルの"
    "プロセスを特定して停止し (netstat -b)、User のパスワードをリセットする。",
    where=(Field("Address").one_of(*_LOOPBACK),),
    provider=LOCAL_SESSION_MANAGER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1572", "T1021.001", "T1090"),
    packs=(Pack.OPERATIONAL_LOGS,),
    overlaps=("remote-session-started",),
    healthy="Silent, but where administrators use port forwarding of Systems Manager: it ends at the server itself.",
    query_fields=_SESSION,
    reference=_REFERENCE,
)

REMOTE_SESSION_DISCONNECTED = SecurityEvent(
    key="remote-session-disconnected",
    event_id=24,
    evidence=Evidence.DOCUMENTED,
    title="Session of Remote Desktop disconnected, by the session manager's log",
    title_ja="セッションマネージャーが記録したリモートデスクトップの切断",
    family=Family.REMOTE_SESSION,
    severity=Severity.INFORMATIONAL,
    runbook="Read it beside remote-session-started: it tells how long somebody was there. A disconnected session goes on "
    "running, and whoever is SYSTEM can take it over.",
    runbook_ja="remote-session-started と併せて読み、滞在時間を調べる。切断されたセッションは動作し続け、SYSTEM 権限を持つ者が乗っ取ることが"
    "できる。",
    provider=LOCAL_SESSION_MANAGER,
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    query_fields=_SESSION,
    reference=_REFERENCE,
)

REMOTE_SESSION_RECONNECTED = SecurityEvent(
    key="remote-session-reconnected",
    event_id=25,
    evidence=Evidence.DOCUMENTED,
    title="Session of Remote Desktop reconnected, by the session manager's log",
    title_ja="セッションマネージャーが記録したリモートデスクトップの再接続",
    family=Family.REMOTE_SESSION,
    severity=Severity.LOW,
    runbook="Compare Address with that of the session's start (21): another one, shortly after a service or tscon.exe "
    "was started, is a session taken over.",
    runbook_ja="Address をセッション開始時 (21) のものと比較する。異なるアドレスで、直前にサービスや tscon.exe が開始されていれば、セッションの"
    "乗っ取りである。",
    provider=LOCAL_SESSION_MANAGER,
    attack=("T1563.002", "T1021.001"),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    query_fields=_SESSION,
    reference=_REFERENCE,
)

REMOTE_DESKTOP_CONNECTED = SecurityEvent(
    key="remote-desktop-connected",
    event_id=1149,
    evidence=Evidence.DOCUMENTED,
    title="Remote Desktop connection accepted",
    title_ja="リモートデスクトップ接続の受け入れ",
    family=Family.REMOTE_SESSION,
    severity=Severity.LOW,
    runbook="Param3 is the source address, Param1 and Param2 the user and domain that it named. With network level "
    "authentication the password was right; without, only the connection was made. A public address means that port "
    "3389 is open to the internet: close it in the security group.",
    runbook_ja="Param3 が接続元アドレス、Param1 と Param2 が指定されたユーザーとドメインである。ネットワークレベル認証ではパスワードが正しかったことを、"
    "そうでなければ接続だけを意味する。グローバルアドレスであれば 3389 番ポートがインターネットに公開されており、セキュリティグループで閉じる。",
    provider=REMOTE_CONNECTION_MANAGER,
    attack=("T1021.001", "T1133"),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    query_fields=("Param1", "Param2", "Param3"),
    reference=_REFERENCE,
)

SSH_LOGON_FAILED = SecurityEvent(
    key="ssh-logon-failed",
    event_id=4,
    evidence=Evidence.DOCUMENTED,
    title="Logons over SSH failed",
    title_ja="SSH 経由のログオン失敗",
    family=Family.REMOTE_SESSION,
    severity=Severity.MEDIUM,
    runbook="payload names account and address. Many accounts from one address are password spraying, many passwords "
    "for one are guessing: block the address in the security group, and turn password logons off (PasswordAuthentication "
    "no).",
    runbook_ja="payload にアカウントとアドレスがある。一つのアドレスから多数のアカウントであればパスワードスプレー、一つのアカウントに多数であれば推測である。"
    "セキュリティグループでアドレスを遮断し、パスワード認証を無効にする (PasswordAuthentication no)。",
    where=(Field("payload").starts_with("Failed password for "),),
    provider=OPENSSH,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1110", "T1021.004"),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    healthy="Silent while port 22 is closed to the internet.",
    query_fields=("process", "payload"),
    reference=_SSH_REFERENCE,
)

SSH_LOGON_SUCCEEDED = SecurityEvent(
    key="ssh-logon-succeeded",
    event_id=4,
    evidence=Evidence.DOCUMENTED,
    title="Logon over SSH succeeded",
    title_ja="SSH 経由のログオン成功",
    family=Family.REMOTE_SESSION,
    severity=Severity.LOW,
    runbook="payload says by which method (password, publickey), for whom and from where. Look for addresses that have "
    "not been seen, and for password where keys are the rule.",
    runbook_ja="payload に認証方式 (password、publickey)、アカウント、接続元がある。これまでにないアドレスや、鍵認証を原則とする環境での password を探す。",
    where=(Field("payload").starts_with("Accepted "),),
    provider=OPENSSH,
    attack=("T1021.004", "T1078"),
    packs=(Pack.OPERATIONAL_LOGS,),
    volume=Volume.LOW,
    query_fields=("process", "payload"),
    reference=_SSH_REFERENCE,
)
