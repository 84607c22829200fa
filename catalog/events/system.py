"""Windows itself: starts, its clock, what the local security authority loads, and code integrity."""

from catalog.events.well_known_sid import SERVER_OR_DOMAIN_PREFIX, SYSTEM
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.provider import CLASSIC_EVENTLOG, KERNEL_GENERAL, SHADOW_COPIES
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

#: How 4826 writes "yes".
_YES = "%%1842"

WINDOWS_STARTED = SecurityEvent(
    key="windows-started",
    event_id=4608,
    evidence=Evidence.SEEN,
    title="Windows started",
    title_ja="Windows の起動",
    family=Family.SYSTEM,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to read beside others: it tells a restart from a service that was stopped (1100, 5025). "
    "Starts that nobody planned, on several servers at once, deserve a look at 1074 in the System log.",
    runbook_ja="他の記録と併せて読むための記録で、再起動とサービスの停止 (1100、5025) を区別できる。複数のサーバーで計画外の起動が"
    "重なった場合は、システムログの 1074 を確認する。",
    audit=AuditSubcategory.SECURITY_STATE_CHANGE,
    attack=("T1529",),
    packs=(Pack.SYSTEM_INTEGRITY,),
)

UNEXPECTED_SHUTDOWN = SecurityEvent(
    key="unexpected-shutdown",
    event_id=6008,
    evidence=Evidence.SEEN,
    title="Previous shutdown was unexpected",
    title_ja="予期しないシャットダウン",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="The server crashed, was stopped by force in EC2, or lost its host. Check CloudTrail for StopInstances "
    "with force and the instance's status checks; without either, keep the memory dump: a crash may be a "
    "failed exploit.",
    runbook_ja="異常終了、EC2 での強制停止、またはホスト障害である。CloudTrail で強制停止 (force を指定した "
    "StopInstances) の有無と、インスタンスのステータスチェックを確認する。いずれもなければメモリダンプを"
    "保全する。攻撃の失敗による異常終了の可能性もある。",
    provider=CLASSIC_EVENTLOG,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1529",),
    packs=(Pack.BASELINE, Pack.SYSTEM_INTEGRITY),
    healthy="Fires after a forced stop or a crash of the instance: seldom.",
    note="Its values are Data elements without names: the time and date of the end, in the server's language.",
    reference="https://learn.microsoft.com/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor",
)

SYSTEM_TIME_CHANGED = SecurityEvent(
    key="system-time-changed",
    event_id=4616,
    evidence=Evidence.SEEN,
    title="System time changed by an account",
    title_ja="アカウントによるシステム時刻の変更",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="Compare PreviousTime with NewTime: more than a few seconds makes the records after it lie about "
    "when things happened, and tickets and certificates valid that are not. Set the clock right (w32tm "
    "/resync) and ask SubjectUserName.",
    runbook_ja="PreviousTime と NewTime を比較する。数秒を超える変更は以後の記録の時刻を狂わせ、期限切れのチケットや証明書を有効に"
    "してしまう。w32tm /resync で時刻を合わせ、SubjectUserName の本人に確認する。",
    where=(Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.SECURITY_STATE_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1070.006",),
    packs=(Pack.BASELINE, Pack.SYSTEM_INTEGRITY),
    healthy="Silent: the time service works as LOCAL SERVICE and is left out. An administrator who sets the clock fires it.",
    query_fields=("SubjectUserName", "PreviousTime", "NewTime", "ProcessName"),
    note="Accounts of people, programs and computers only: the Windows Time service sets the clock as LOCAL "
    "SERVICE, and the hypervisor's tools as SYSTEM, whose SIDs do not begin with S-1-5-21.",
)

AUTHENTICATION_PACKAGE_LOADED = SecurityEvent(
    key="authentication-package-loaded",
    event_id=4610,
    evidence=Evidence.SEEN,
    title="Additional authentication package loaded",
    title_ja="追加の認証パッケージの読み込み",
    family=Family.SYSTEM,
    severity=Severity.LOW,
    runbook="A DLL that sees every logon with its password. Check the path in AuthenticationPackageName and its "
    "signature; one that no product of yours installed is a password thief: remove it from the registry "
    "value Lsa\\Authentication Packages and change the passwords used since.",
    runbook_ja="すべてのログオンとパスワードを扱う DLL である。AuthenticationPackageName のパスと署名を確認する。導入した製品のもので"
    "なければパスワードの窃取を疑い、レジストリ値 Lsa\\Authentication Packages から削除して、その後に使われたパスワードを"
    "変更する。",
    where=(
        Field("AuthenticationPackageName").not_ends_with(
            r"\system32\msv1_0.DLL : MICROSOFT_AUTHENTICATION_PACKAGE_V1_0",
        ),
    ),
    audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION,
    attack=("T1547.002",),
    query_fields=("AuthenticationPackageName",),
    note="Written at each start of Windows for each package. Without the one that Windows has itself; its "
    "spelling was read in documentation, so this is a signal until it has been seen on your servers.",
)

SECURITY_PACKAGE_LOADED = SecurityEvent(
    key="security-package-loaded",
    event_id=4622,
    evidence=Evidence.SEEN,
    title="Additional security package loaded",
    title_ja="追加のセキュリティパッケージの読み込み",
    family=Family.SYSTEM,
    severity=Severity.LOW,
    runbook="A security support provider is called with clear-text passwords at each logon. Check path and "
    "signature in SecurityPackageName; an unknown one (mimilib is the well-known example) means that "
    "passwords since then are stolen.",
    runbook_ja="セキュリティサポートプロバイダーは、ログオンのたびに平文のパスワードを受け取る。SecurityPackageName のパスと署名を"
    "確認する。未知のもの (代表例は mimilib) であれば、以後のパスワードは窃取されている。",
    where=(
        Field("SecurityPackageName").not_ends_with(
            *(
                rf"\system32\{package}"
                for package in (
                    "lsasrv.dll : Negotiate",
                    "negoexts.DLL : NegoExtender",
                    "kerberos.DLL : Kerberos",
                    "msv1_0.DLL : NTLM",
                    "tspkg.DLL : TSSSP",
                    "pku2u.DLL : pku2u",
                    "cloudAP.DLL : CloudAP",
                    "wdigest.DLL : WDigest",
                    "schannel.DLL : Schannel",
                    "schannel.DLL : Microsoft Unified Security Protocol Provider",
                )
            )
        ),
    ),
    audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION,
    attack=("T1547.005",),
    query_fields=("SecurityPackageName",),
    note="Written at each start of Windows for each package. Without those that Microsoft documents as "
    "Windows' own; a build that spells one otherwise is counted, hence a signal.",
)

PASSWORD_FILTER_LOADED = SecurityEvent(
    key="password-filter-loaded",
    event_id=4614,
    evidence=Evidence.SEEN,
    title="Additional password filter loaded",
    title_ja="追加のパスワードフィルターの読み込み",
    family=Family.SYSTEM,
    severity=Severity.HIGH,
    runbook="The DLL in NotificationPackageName is handed each new password in clear text. If it is not the "
    "password-policy product that you run, remove it from the registry value Lsa\\Notification Packages, "
    "restart, and change the passwords set since it was loaded.",
    runbook_ja="NotificationPackageName の DLL には、設定されるパスワードが平文で渡される。導入済みのパスワードポリシー製品で"
    "なければ、レジストリ値 Lsa\\Notification Packages から削除して再起動し、読み込み以降に設定されたパスワードを変更する。",
    where=(
        Field("NotificationPackageName").none_of(
            "scecli", "rassfm", "RASSFM", "WDIGEST", "KDCSVC", "KDCPW", "kdcpw"
        ),
    ),
    audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1556.002",),
    packs=(Pack.BASELINE, Pack.DOMAIN_CONTROLLER),
    healthy="Silent, but at each start of a server with a password-policy product: exclude its name.",
    query_fields=("NotificationPackageName",),
    note="Written at each start of Windows for each filter; those of Windows itself are left out. A product of "
    "your own fires at each start: leave it out with an override's exclude.",
)

LOGON_PROCESS_REGISTERED = SecurityEvent(
    key="logon-process-registered",
    event_id=4611,
    evidence=Evidence.DOCUMENTED,
    title="Trusted logon process registered by an account other than SYSTEM",
    title_ja="SYSTEM 以外による信頼されたログオンプロセスの登録",
    family=Family.SYSTEM,
    severity=Severity.HIGH,
    runbook="A trusted logon process may create logon sessions for anybody, and only Windows' own, as SYSTEM, "
    "should register one. Isolate the host and look at what SubjectUserName ran just before (4688).",
    runbook_ja="信頼されたログオンプロセスは任意のアカウントのログオンセッションを作成でき、登録するのは SYSTEM として動作する "
    "Windows だけである。ホストを隔離し、SubjectUserName が直前に実行したもの (4688) を調べる。",
    where=(Field("SubjectUserSid") != SYSTEM,),
    audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1134.003", "T1558"),
    packs=(Pack.BASELINE,),
    healthy="Silent.",
    query_fields=("SubjectUserName", "SubjectDomainName", "LogonProcessName"),
)

RUBEUS_LOGON_PROCESS_REGISTERED = SecurityEvent(
    key="rubeus-logon-process-registered",
    event_id=4611,
    evidence=Evidence.SEEN,
    title="Logon process of the attack tool Rubeus registered",
    title_ja="攻撃ツール Rubeus によるログオンプロセスの登録",
    family=Family.SYSTEM,
    severity=Severity.CRITICAL,
    runbook="The name is misspelt in the tool's source, and nothing else uses it: somebody is stealing or "
    "forging Kerberos tickets on this server as SYSTEM. Isolate it, keep its memory, and reset the "
    "passwords of all accounts that were logged on.",
    runbook_ja="ツールのソースコードにある綴りの誤った名前であり、他では使われない。このサーバーで SYSTEM 権限により Kerberos "
    "チケットが窃取・偽造されている。隔離してメモリを保全し、ログオンしていた全アカウントのパスワードをリセットする。",
    where=(Field("LogonProcessName") == "User32LogonProcesss",),
    audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1558", "T1550.003"),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    overlaps=("logon-process-registered",),
    query_fields=("SubjectUserName", "SubjectDomainName", "LogonProcessName"),
    note="Three s at the end of LogonProcessName are no slip of this catalog.",
)

INVALID_LPC_PORT_USE = SecurityEvent(
    key="invalid-lpc-port-use",
    event_id=4615,
    title="Invalid use of an LPC port",
    title_ja="LPC ポートの不正な使用",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="ProcessName tried to impersonate a client or to write into it over a local port, which a sound "
    "program does not do. Check its file and signature, and who started it (4688).",
    runbook_ja="ProcessName が、ローカルポート経由でクライアントへのなりすましや書き込みを試みた。正常なプログラムは行わない動作で"
    "ある。ファイルと署名、起動した者 (4688) を確認する。",
    audit=AuditSubcategory.SYSTEM_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1134", "T1559"),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("SubjectUserName", "ProcessName", "InvalidCallName", "ServerPortName"),
)

RPC_INTEGRITY_VIOLATION = SecurityEvent(
    key="rpc-integrity-violation",
    event_id=4816,
    title="RPC message failed its integrity check",
    title_ja="RPC メッセージの整合性違反",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="A message from PeerName was changed on its way, or was never made with the session's key. Once may "
    "be a faulty network device; again and again it is somebody in between.",
    runbook_ja="PeerName からのメッセージが途中で改変されたか、セッションの鍵で作られていない。一度だけならネットワーク機器の障害も"
    "あり得るが、繰り返される場合は中間者攻撃を疑う。",
    audit=AuditSubcategory.SYSTEM_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1557",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("PeerName", "ProtocolSequence", "SecurityError"),
)

MONITORED_SECURITY_EVENT_PATTERN = SecurityEvent(
    key="monitored-security-event-pattern",
    event_id=4618,
    evidence=Evidence.DOCUMENTED,
    title="Monitored security event pattern occurred",
    title_ja="監視対象のセキュリティイベントパターンの発生",
    family=Family.SYSTEM,
    severity=Severity.HIGH,
    runbook="Windows never writes this by itself: a program with the right to generate audits did, to report "
    "EventCount occurrences of EventId. Ask the owner of the monitoring product; without one, somebody is "
    "writing into your Security log.",
    runbook_ja="Windows 自身は記録しない。監査生成の権限を持つプログラムが、EventId が EventCount 回発生したことを報告している。監視"
    "製品の管理者に確認する。そのような製品がなければ、何者かがセキュリティログに書き込んでいる。",
    audit=AuditSubcategory.SYSTEM_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1036",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("EventId", "EventCount", "ComputerName", "TargetUserName"),
)

CODE_INTEGRITY_IMAGE_HASH_INVALID = SecurityEvent(
    key="code-integrity-image-hash-invalid",
    event_id=5038,
    evidence=Evidence.SEEN,
    title="Code integrity: image hash of a file is not valid",
    title_ja="コードの整合性: ファイルのイメージハッシュが無効",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="A driver or protected file (param1) is not what was signed: changed, damaged, or unsigned. Compare "
    "its hash with the same file on another server; an unknown driver is a rootkit or a tool that blinds "
    "antivirus until shown otherwise.",
    runbook_ja="ドライバーまたは保護されたファイル (param1) が署名時のものと異なる (改変、破損、署名なし)。"
    "他のサーバーの同じファイルとハッシュを比較する。見覚えのないドライバーは、問題ないとわかるまで"
    "ルートキットやウイルス対策の無効化ツールとして扱う。",
    audit=AuditSubcategory.SYSTEM_INTEGRITY,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1014", "T1553.006"),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("param1",),
)

CODE_INTEGRITY_PAGE_HASH_INVALID = SecurityEvent(
    key="code-integrity-page-hash-invalid",
    event_id=6281,
    title="Code integrity: page hashes of an image are not valid",
    title_ja="コードの整合性: イメージのページハッシュが無効",
    family=Family.SYSTEM,
    severity=Severity.LOW,
    runbook="param1 was signed without page hashes, which old products do, or was changed after it was signed. "
    "A file that shows up for the first time, or on one server only, is worth comparing.",
    runbook_ja="param1 はページハッシュなしで署名された (古い製品に多い) か、署名後に改変されている。初めて現れたファイルや、一台だけ"
    "に現れたファイルは比較して確認する。",
    audit=AuditSubcategory.SYSTEM_INTEGRITY,
    outcome=Outcome.FAILURE,
    attack=("T1553.006",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    volume=Volume.LOW,
    query_fields=("param1",),
)

TEST_SIGNING_ENABLED_AT_BOOT = SecurityEvent(
    key="test-signing-enabled-at-boot",
    event_id=4826,
    evidence=Evidence.SEEN,
    title="Windows started with test signing on",
    title_ja="テスト署名モードでの Windows の起動",
    family=Family.SYSTEM,
    severity=Severity.HIGH,
    runbook="Drivers that nobody vouches for can be loaded (bcdedit /set testsigning on), which is how rootkits "
    "and killers of antivirus get in. No server needs it: turn it off, restart, and list the drivers that "
    "were installed since (7045).",
    runbook_ja="署名が保証されていないドライバーを読み込める状態であり (bcdedit /set testsigning on)、ルートキットやウイルス対策の"
    "無効化に使われる。サーバーには不要である。無効にして再起動し、それ以降にインストールされたドライバー (7045) を調べる。",
    where=(Field("TestSigning") == _YES,),
    attack=("T1553.006",),
    alarm=AlarmDefaults(threshold=1, period=300),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS, Pack.SYSTEM_INTEGRITY),
    healthy="Silent.",
    query_fields=("TestSigning", "DisableIntegrityChecks", "KernelDebug", "LoadOptions"),
    note="4826 is written at each start, whatever the audit policy.",
)

KERNEL_DEBUGGING_ENABLED_AT_BOOT = SecurityEvent(
    key="kernel-debugging-enabled-at-boot",
    event_id=4826,
    evidence=Evidence.SEEN,
    title="Windows started with kernel debugging on",
    title_ja="カーネルデバッグを有効にした Windows の起動",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="A debugger can read and change everything in memory, and driver signatures are checked less "
    "strictly. Unless it is a test server, turn it off (bcdedit /debug off), restart, and find out who set it.",
    runbook_ja="デバッガーはメモリ上のすべてを読み書きでき、ドライバーの署名検証も緩くなる。テスト用のサーバーでなければ無効にして "
    "(bcdedit /debug off) 再起動し、設定した者を調べる。",
    where=(Field("KernelDebug") == _YES, Field("TestSigning") != _YES),
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1553.006",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("KernelDebug", "DisableIntegrityChecks", "TestSigning", "LoadOptions"),
    note="Where test signing is on as well, the record belongs to test-signing-enabled-at-boot.",
)

EFS_RECOVERY_POLICY_CHANGED = SecurityEvent(
    key="efs-recovery-policy-changed",
    event_id=4714,
    evidence=Evidence.DOCUMENTED,
    title="Encrypted data recovery policy changed",
    title_ja="暗号化データの回復ポリシーの変更",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="The recovery agent of the Encrypting File System can open every file encrypted from now on. Check "
    "in the policy whose certificate was added, and by whom (group-policy-changed).",
    runbook_ja="暗号化ファイルシステム (EFS) の回復エージェントは、以後に暗号化されるすべてのファイルを開くことができる。追加された"
    "証明書の持ち主をポリシーで確認し、変更した者を group-policy-changed で調べる。",
    audit=AuditSubcategory.OTHER_POLICY_CHANGE_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.001",),
    query_fields=("SubjectUserName", "EfsPolicyChange"),
    note="In no pack: its subcategory also writes 5447 for every change of a network filter, by the thousand. "
    "Some builds put an error in the place of its values.",
)

SECURITY_POLICY_NOT_APPLIED = SecurityEvent(
    key="security-policy-not-applied",
    event_id=6145,
    evidence=Evidence.DOCUMENTED,
    title="Security policy of Group Policy not applied",
    title_ja="グループポリシーのセキュリティポリシーの適用エラー",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="Part of the security settings in GPOList is not in force on this server. Read ErrorCode and "
    "winlogon.log (%windir%\\security\\logs); the usual cause is an account in the policy that no longer "
    "exists, another one is tampering.",
    runbook_ja="GPOList のセキュリティ設定の一部がこのサーバーに適用されていない。ErrorCode と winlogon.log "
    "(%windir%\\security\\logs) を確認する。多くはポリシー内の存在しないアカウントが原因だが、改ざんの可能性もある。",
    audit=AuditSubcategory.OTHER_POLICY_CHANGE_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=3600),
    attack=("T1685",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("ErrorCode", "GPOList"),
)

DPAPI_MASTER_KEY_BACKUP_ATTEMPTED = SecurityEvent(
    key="dpapi-master-key-backup-attempted",
    event_id=4692,
    evidence=Evidence.SEEN,
    title="Backup of a DPAPI master key attempted",
    title_ja="DPAPI マスターキーのバックアップの試行",
    family=Family.SYSTEM,
    severity=Severity.INFORMATIONAL,
    runbook="Windows does this by itself for each new master key, about every three months for each user. Only "
    "a burst for many accounts from one server is of interest.",
    runbook_ja="マスターキーの更新時 (ユーザーごとに約 3 か月に 1 回) に Windows が自動的に行う。一台の"
    "サーバーから多数のアカウントについて集中した場合のみ調査する。",
    audit=AuditSubcategory.DPAPI_ACTIVITY,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1555.004",),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "MasterKeyId", "RecoveryServer"),
)

DPAPI_MASTER_KEY_RECOVERY_ATTEMPTED = SecurityEvent(
    key="dpapi-master-key-recovery-attempted",
    event_id=4693,
    evidence=Evidence.DOCUMENTED,
    title="Recovery of a DPAPI master key attempted",
    title_ja="DPAPI マスターキーの回復の試行",
    family=Family.SYSTEM,
    severity=Severity.LOW,
    runbook="Expected after a password reset, when Windows opens the old key with the domain's. For an account "
    "whose password was not reset (4724), somebody is opening its stored passwords and browser secrets.",
    runbook_ja="パスワードのリセット後、Windows がドメインのキーで古いマスターキーを復号する際に記録される。"
    "パスワードがリセットされていない (4724 のない) アカウントの場合は、保存されたパスワードやブラウザーの"
    "秘密情報が開かれている。",
    audit=AuditSubcategory.DPAPI_ACTIVITY,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    attack=("T1555.003", "T1555.004"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "MasterKeyId", "RecoveryReason", "RecoveryServer"),
)

REGISTRY_HIVE_WITH_SECRETS_OPENED = SecurityEvent(
    key="registry-hive-with-secrets-opened",
    event_id=16,
    evidence=Evidence.DOCUMENTED,
    title="Copy of the SAM or SECURITY hive opened",
    title_ja="SAM または SECURITY ハイブのコピーのオープン",
    family=Family.SYSTEM,
    severity=Severity.HIGH,
    runbook="These hives hold the password hashes of local accounts and the secrets of services. A copy at HiveName, outside "
    "the system's folder, was written or opened: unless a backup did it, delete it and change these passwords.",
    runbook_ja="このハイブにはローカルアカウントのパスワードハッシュとサービスの秘密情報が含まれる。システムのフォルダー外の HiveName にコピーが作成されたか開かれた。バックアップで"
    "なければ削除し、それらのパスワードを変更する。",
    where=(
        Field("HiveName").ends_with("\\SAM", "\\sam", "\\SECURITY", "\\security"),
        Field("HiveName").not_starts_with("\\SystemRoot\\"),
    ),
    provider=KERNEL_GENERAL,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1003.002", "T1003.004"),
    packs=(Pack.CREDENTIAL_ACCESS,),
    query_fields=("HiveName", "KeysUpdated"),
    note="A backup that opens the hives in a shadow copy (HarddiskVolumeShadowCopy) is found too: leave its path out with an "
    "override's exclude. HiveName is the only field that holds a path.",
    reference="https://learn.microsoft.com/windows/win32/sysinfo/registry-hives",
)

SHADOW_COPIES_DELETED_BY_WINDOWS = SecurityEvent(
    key="shadow-copies-deleted-by-windows",
    event_id=25,
    evidence=Evidence.DOCUMENTED,
    title="Shadow copies of a volume deleted for lack of space",
    title_ja="領域不足によるボリュームのシャドウコピーの削除",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="The storage of shadow copies could not grow in time. A load of writes does this, encryption among them: look "
    "at what writes to the volume now, and whether the storage was made smaller (vssadmin resize shadowstorage).",
    runbook_ja="シャドウコピーの記憶域の拡張が間に合わなかった。大量の書き込み (暗号化を含む) で発生する。現在ボリュームに書き込んでいるプロセスと、記憶域が縮小"
    "(vssadmin resize shadowstorage) されていないかを調べる。",
    provider=SHADOW_COPIES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490", "T1486"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Fires on busy servers with little space for shadow copies.",
    note="Windows Server 2012 R2 and older spell the provider volsnap, which is not found.",
    reference="https://learn.microsoft.com/troubleshoot/windows-server/backup-and-storage/shadow-copies-deleted-if-reboot-computer",
)

SHADOW_COPIES_ABORTED_BY_LIMIT = SecurityEvent(
    key="shadow-copies-aborted-by-limit",
    event_id=36,
    evidence=Evidence.DOCUMENTED,
    title="Shadow copies of a volume aborted by a limit",
    title_ja="上限によるボリュームのシャドウコピーの中止",
    family=Family.SYSTEM,
    severity=Severity.MEDIUM,
    runbook="The limit that somebody set on the storage of shadow copies is reached, and all are gone. A limit of some "
    "hundred megabytes is how intruders delete them without a deletion: vssadmin list shadowstorage shows it.",
    runbook_ja="シャドウコピーの記憶域に設定された上限に達し、すべて失われた。数百 MB の上限は、削除操作なしに消去する攻撃者の手口である。vssadmin list "
    "shadowstorage で確認する。",
    provider=SHADOW_COPIES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490",),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Fires where backups need more space than the limit that you set.",
    note="Windows Server 2012 R2 and older spell the provider volsnap, which is not found.",
    reference="https://learn.microsoft.com/windows-server/administration/windows-commands/vssadmin-resize-shadowstorage",
)
