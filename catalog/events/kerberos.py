"""Kerberos and NTLM on domain controllers: tickets asked for, refused, and too weak."""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.provider import KEY_DISTRIBUTION_CENTER
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

KERBEROS_TICKET_REQUEST_FAILED = SecurityEvent(
    key="kerberos-ticket-request-failed",
    event_id=4768,
    evidence=Evidence.SEEN,
    title="Kerberos ticket-granting ticket refused",
    title_ja="Kerberos 認証チケット (TGT) の要求の失敗",
    family=Family.KERBEROS,
    severity=Severity.LOW,
    runbook="Group by Status, TargetUserName and IpAddress. 0x6 is an unknown account, 0x12 one that is "
    "disabled, expired or locked, 0x17 an expired password: one address with many accounts is somebody "
    "trying names, one account from one host a forgotten service.",
    runbook_ja="Status、TargetUserName、IpAddress で集計する。0x6 は存在しないアカウント、0x12 は無効、"
    "期限切れ、ロックアウトのいずれか、0x17 はパスワードの期限切れを表す。一つのアドレスから多数の"
    "アカウントなら名前の探索、一つのホストから一つのアカウントなら設定が残ったままのサービスである。",
    where=(Field("Status") != "0x0",),
    audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=30, period=300),
    attack=("T1110", "T1087.002"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("TargetUserName", "IpAddress", "Status", "ServiceName"),
    note="4768 is written for granted tickets as well, so the pattern leaves out Status 0x0.",
)

KERBEROS_UNKNOWN_ACCOUNT = SecurityEvent(
    key="kerberos-unknown-account",
    event_id=4768,
    evidence=Evidence.SEEN,
    title="Kerberos ticket asked for an account that does not exist",
    title_ja="存在しないアカウントの Kerberos チケット要求",
    family=Family.KERBEROS,
    severity=Severity.MEDIUM,
    runbook="Ten unknown names from one IpAddress within minutes is a tool that looks for valid accounts; "
    "guessing their passwords comes next (4771). Block the address, and check which of the names it asked "
    "for do exist.",
    runbook_ja="数分間に一つの IpAddress から多数の存在しない名前が要求された場合は、有効なアカウントを探すツールであり、"
    "次にパスワードの推測 (4771) が続く。アドレスを遮断し、要求された名前のうち実在するものを確認する。",
    where=(Field("Status") == "0x6",),
    audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1087.002", "T1110.003"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    overlaps=("kerberos-ticket-request-failed",),
    query_fields=("TargetUserName", "IpAddress", "Status"),
)

KERBEROS_TICKET_WITHOUT_PRE_AUTHENTICATION = SecurityEvent(
    key="kerberos-ticket-without-pre-authentication",
    event_id=4768,
    evidence=Evidence.SEEN,
    title="Kerberos ticket granted without pre-authentication",
    title_ja="事前認証なしの Kerberos チケットの発行",
    family=Family.KERBEROS,
    severity=Severity.HIGH,
    runbook="TargetUserName does not need its password to be given material that its password can be guessed "
    "from offline (AS-REP roasting). Find out what is at IpAddress, require pre-authentication for the "
    "account again, and change its password.",
    runbook_ja="TargetUserName のチケットがパスワードなしで発行された。オフラインでパスワードを解読される "
    "(AS-REP Roasting)。IpAddress の端末を確認し、アカウントの事前認証を再び必須にして、パスワードを"
    "変更する。",
    where=(Field("PreAuthType") == "0", Field("Status") == "0x0"),
    audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1558.004",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.RANSOMWARE_PRECURSORS),
    domain_controllers_only=True,
    query_fields=("TargetUserName", "IpAddress", "TicketEncryptionType", "PreAuthType"),
)

KERBEROS_TICKET_GRANTED_WITH_RC4 = SecurityEvent(
    key="kerberos-ticket-granted-with-rc4",
    event_id=4768,
    evidence=Evidence.SEEN,
    title="Kerberos ticket-granting ticket with RC4 encryption",
    title_ja="RC4 で暗号化された Kerberos TGT の発行",
    family=Family.KERBEROS,
    severity=Severity.LOW,
    runbook="An account that has AES keys and suddenly asks with RC4 may be used by somebody who has its NTLM "
    "hash but not its password. Compare with the account's earlier tickets; old systems and keytabs use RC4 "
    "all the time.",
    runbook_ja="AES 鍵を持つアカウントが突然 RC4 で要求した場合、パスワードではなく NTLM ハッシュを持つ"
    "者による使用が疑われる。そのアカウントの過去のチケットと比較する。古いシステムやキータブは常に RC4 を"
    "使う。",
    where=(
        Field("TicketEncryptionType") == "0x17",
        Field("Status") == "0x0",
        Field("PreAuthType") != "0",
    ),
    audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
    attack=("T1550.002", "T1558"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.MEDIUM,
    domain_controllers_only=True,
    query_fields=("TargetUserName", "IpAddress", "TicketEncryptionType"),
    note="Tickets without pre-authentication are left to their own event. Where RC4 is no longer allowed, give "
    "this one an alarm.",
)

KERBEROS_SERVICE_TICKET_WITH_RC4 = SecurityEvent(
    key="kerberos-service-ticket-with-rc4",
    event_id=4769,
    evidence=Evidence.SEEN,
    title="Kerberos service ticket with RC4 encryption",
    title_ja="RC4 で暗号化された Kerberos サービスチケットの発行",
    family=Family.KERBEROS,
    severity=Severity.MEDIUM,
    runbook="Many services within minutes for one TargetUserName is Kerberoasting: the tickets are cracked "
    "offline for the service accounts' passwords. Ask who is at IpAddress, change the passwords of the "
    "accounts in ServiceName to long random ones, and allow them AES only.",
    runbook_ja="一つの TargetUserName が短時間に多数のサービスを要求した場合は Kerberoasting であり、チケットから"
    "サービスアカウントのパスワードがオフラインで解読される。IpAddress の利用者を確認し、ServiceName のアカウントの"
    "パスワードを長いランダムなものに変え、AES のみを許可する。",
    where=(
        Field("TicketEncryptionType") == "0x17",
        Field("Status") == "0x0",
        Field("ServiceName") != "krbtgt",
        Field("ServiceName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.KERBEROS_SERVICE_TICKET_OPERATIONS,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1558.003",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.RANSOMWARE_PRECURSORS),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("TargetUserName", "ServiceName", "IpAddress", "TicketEncryptionType"),
    note="Computers' own services, whose names end in $, have passwords that cannot be guessed. ServiceName is "
    "the only field of 4769 that can end so: TargetUserName goes on with the realm.",
)

KERBEROS_SERVICE_TICKET_FAILED = SecurityEvent(
    key="kerberos-service-ticket-failed",
    event_id=4769,
    evidence=Evidence.SEEN,
    title="Kerberos service ticket refused",
    title_ja="Kerberos サービスチケットの要求の失敗",
    family=Family.KERBEROS,
    severity=Severity.LOW,
    runbook="Read Status beside other alarms: 0x1b and 0xe are mostly wrong service names and encryption "
    "types, 0xc a logon restriction, 0x25 a wrong clock. A sudden rise from one IpAddress is worth a look.",
    runbook_ja="他のアラームと併せて Status を読む。0x1b と 0xe の多くはサービス名や暗号化方式の不一致、0xc はログオン制限、"
    "0x25 は時刻のずれである。一つの IpAddress から急増した場合は調査する。",
    where=(Field("Status").none_of("0x0", "0x20"),),
    audit=AuditSubcategory.KERBEROS_SERVICE_TICKET_OPERATIONS,
    outcome=Outcome.FAILURE,
    attack=("T1558",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.MEDIUM,
    domain_controllers_only=True,
    query_fields=("TargetUserName", "ServiceName", "IpAddress", "Status"),
    note="Without 0x20, an expired ticket, which every client meets and renews.",
)

KERBEROS_FORGED_TICKET_REFUSED = SecurityEvent(
    key="kerberos-forged-ticket-refused",
    event_id=4769,
    evidence=Evidence.DOCUMENTED,
    title="Kerberos ticket with a broken integrity check",
    title_ja="整合性検証に失敗した Kerberos チケット",
    family=Family.KERBEROS,
    severity=Severity.HIGH,
    runbook="The ticket was not encrypted with the key of today: a forged ticket made with an old krbtgt hash, "
    "or clients that still hold tickets after krbtgt was reset. If it was not reset in the last ten hours, "
    "treat TargetUserName and IpAddress as compromised.",
    runbook_ja="現在の鍵で暗号化されていないチケットが使われた。古い krbtgt のハッシュによる偽造チケット、または krbtgt の"
    "リセット後に残った古いチケットである。直近 10 時間以内にリセットしていなければ、TargetUserName と IpAddress は"
    "侵害されたものとして扱う。",
    where=(Field("Status") == "0x1f",),
    audit=AuditSubcategory.KERBEROS_SERVICE_TICKET_OPERATIONS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1558.001", "T1550.003"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    overlaps=("kerberos-service-ticket-failed",),
    query_fields=("TargetUserName", "ServiceName", "IpAddress", "Status"),
)

KERBEROS_WRONG_PASSWORD = SecurityEvent(
    key="kerberos-wrong-password",
    event_id=4771,
    evidence=Evidence.SEEN,
    title="Kerberos pre-authentication failed: wrong password",
    title_ja="Kerberos 事前認証の失敗: パスワードの誤り",
    family=Family.KERBEROS,
    severity=Severity.MEDIUM,
    runbook="Group by IpAddress and TargetUserName: many accounts from one address is password spraying, one "
    "account many times is guessing or a service with an old password. Block the address and look for a "
    "ticket granted to it since (4768 with Status 0x0).",
    runbook_ja="IpAddress と TargetUserName で集計する。一つのアドレスから多数のアカウントなら"
    "パスワードスプレー、一つのアカウントに多数の失敗なら総当たりか、古いパスワードの残ったサービスである。"
    "アドレスを遮断し、その後に発行されたチケット (Status 0x0 の 4768) がないか調べる。",
    where=(Field("Status") == "0x18",),
    audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=20, period=300),
    attack=("T1110.001", "T1110.003"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("TargetUserName", "IpAddress", "ServiceName", "Status"),
)

KERBEROS_PRE_AUTHENTICATION_FAILED = SecurityEvent(
    key="kerberos-pre-authentication-failed",
    event_id=4771,
    evidence=Evidence.DOCUMENTED,
    title="Kerberos pre-authentication failed for another reason",
    title_ja="Kerberos 事前認証のその他の失敗",
    family=Family.KERBEROS,
    severity=Severity.LOW,
    runbook="Everything but a wrong password: 0x12 is a locked or disabled account, 0x17 an expired password, "
    "0x25 a clock that differs. Read it beside kerberos-wrong-password for the same IpAddress.",
    runbook_ja="パスワードの誤り以外の失敗である。0x12 はロックアウトまたは無効化されたアカウント、0x17 は"
    "パスワードの期限切れ、0x25 は時刻のずれを表す。同じ IpAddress の kerberos-wrong-password と併せて読む。",
    where=(Field("Status") != "0x18",),
    audit=AuditSubcategory.KERBEROS_AUTHENTICATION_SERVICE,
    outcome=Outcome.FAILURE,
    attack=("T1110",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("TargetUserName", "IpAddress", "Status"),
)

NTLM_VALIDATION_FAILED = SecurityEvent(
    key="ntlm-validation-failed",
    event_id=4776,
    evidence=Evidence.SEEN,
    title="NTLM credentials refused",
    title_ja="NTLM 資格情報の検証の失敗",
    family=Family.KERBEROS,
    severity=Severity.MEDIUM,
    runbook="Group by Workstation and TargetUserName. Status 0xc000006a is a wrong password, 0xc0000064 an "
    "unknown account, 0xc0000234 one that is locked. Workstation is what the client calls itself: an empty "
    "or foreign name points to a tool.",
    runbook_ja="Workstation と TargetUserName で集計する。Status の 0xc000006a はパスワードの誤り、"
    "0xc0000064 は存在しないアカウント、0xc0000234 はロックアウトされたアカウントを表す。Workstation は"
    "クライアントの自称であり、空や見知らぬ名前は攻撃ツールを示す。",
    where=(Field("Status") != "0x0",),
    audit=AuditSubcategory.CREDENTIAL_VALIDATION,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=20, period=300),
    attack=("T1110.001", "T1110.003"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    volume=Volume.LOW,
    query_fields=("TargetUserName", "Workstation", "Status", "PackageName"),
    note="4776 is written for accepted credentials as well, so the pattern leaves out Status 0x0. Member "
    "servers write it for local accounts, domain controllers for domain accounts.",
)

NTLM_UNKNOWN_ACCOUNT = SecurityEvent(
    key="ntlm-unknown-account",
    event_id=4776,
    evidence=Evidence.SEEN,
    title="NTLM credentials for an account that does not exist",
    title_ja="存在しないアカウントの NTLM 資格情報の検証",
    family=Family.KERBEROS,
    severity=Severity.MEDIUM,
    runbook="Several names that do not exist from one Workstation is somebody trying accounts. Find the host "
    "by the network logon failures (4625) of the same minute, and close the way it came in.",
    runbook_ja="一つの Workstation から存在しない名前が続く場合は、アカウントの探索である。同じ時刻の"
    "ネットワークログオンの失敗 (4625) から接続元のホストを特定し、侵入経路を塞ぐ。",
    where=(Field("Status") == "0xc0000064",),
    audit=AuditSubcategory.CREDENTIAL_VALIDATION,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1087.002", "T1110.003"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    volume=Volume.LOW,
    overlaps=("ntlm-validation-failed",),
    query_fields=("TargetUserName", "Workstation", "Status"),
)

ACCOUNT_WITHOUT_STRONG_KERBEROS_KEYS = SecurityEvent(
    key="account-without-strong-kerberos-keys",
    event_id=42,
    title="Account of the Key Distribution Center has weak keys only (RC4)",
    title_ja="キー配布センターのアカウントの弱い鍵 (RC4) のみの使用",
    family=Family.KERBEROS,
    severity=Severity.HIGH,
    runbook="The password of krbtgt is so old that it has no AES keys, so that tickets can be forged with RC4. Change it "
    "twice, with a day between, and find out whether somebody set it back or allowed RC4 again.",
    runbook_ja="krbtgt のパスワードが古く AES の鍵がないため、RC4 でチケットを偽造できる。一日以上の間隔を空けて二回変更し、誰かが元に戻したり RC4 を再び許可したり"
    "していないか調べる。",
    provider=KEY_DISTRIBUTION_CENTER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1558.001", "T1689"),
    packs=(Pack.SERVER_ROLES,),
    domain_controllers_only=True,
    healthy="Silent after the password of krbtgt was changed at the functional level of Windows Server 2008 or later.",
    note="Written by domain controllers with the updates of November 2022 (CVE-2022-37966).",
    reference="https://support.microsoft.com/help/5021131",
)
