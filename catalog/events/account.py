"""Accounts of users and computers: created, changed, locked, deleted, and their stored secrets."""

from catalog.events.well_known_sid import ANONYMOUS, GUEST_SUFFIX, SERVER_OR_DOMAIN_PREFIX
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

#: Why the records on account options ask for a code anywhere in the text.
_ONE_OF_SEVERAL_OPTIONS = (
    "UserAccountControl lists each changed option by its code on a line of its own, and a pattern cannot hold a line "
    "break: found is the code, which stands in no other field. In the rendered message it is a word."
)

USER_ACCOUNT_CREATED = SecurityEvent(
    key="user-account-created",
    event_id=4720,
    evidence=Evidence.SEEN,
    title="User account created",
    title_ja="ユーザーアカウント作成",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="Find the request for TargetUserName and who made it (SubjectUserName). Local accounts on a "
    "member server are rare: disable one that nobody asked for, and see which groups it was put into (4732).",
    runbook_ja="TargetUserName の作成申請と、作成者 (SubjectUserName) を確認する。メンバーサーバーで"
    "ローカルアカウントが作成されることはまれである。申請がなければ無効化し、どのグループに追加されたか "
    "(4732) を調べる。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1136.001", "T1136.002"),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    healthy="Fires with each new account: on member servers a few times in their life.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_PASSWORD_CHANGE_ATTEMPTED = SecurityEvent(
    key="user-password-change-attempted",
    event_id=4723,
    evidence=Evidence.SEEN,
    title="Password change attempted by the account itself",
    title_ja="アカウント自身によるパスワード変更の試行",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="An account changing its own password is routine for people, not for service accounts. Check "
    "service and built-in accounts, and any account that logged on from a new address shortly before.",
    runbook_ja="利用者自身のパスワード変更は通常の操作だが、サービスアカウントでは異例である。"
    "サービスアカウントと組み込みアカウント、直前に新しいアドレスからログオンしたアカウントを確認する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1098",),
    packs=(Pack.ARTICLE,),
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
    volume=Volume.LOW,
)

USER_PASSWORD_RESET_ATTEMPTED = SecurityEvent(
    key="user-password-reset-attempted",
    event_id=4724,
    evidence=Evidence.SEEN,
    title="Password reset attempted by another account",
    title_ja="別のアカウントによるパスワードリセットの試行",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="Match SubjectUserName and TargetUserName with a help-desk request. A reset of an administrator's "
    "password that nobody asked for is an account being taken over: reset it again and end its sessions.",
    runbook_ja="SubjectUserName と TargetUserName をヘルプデスクの依頼と照合する。依頼のない管理者パスワードの"
    "リセットはアカウント乗っ取りの兆候である。再度リセットし、セッションを切断する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    healthy="Fires with each reset by an administrator or by a tool that rotates passwords (LAPS), on its schedule.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_ACCOUNT_DISABLED = SecurityEvent(
    key="user-account-disabled",
    event_id=4725,
    evidence=Evidence.DOCUMENTED,
    title="User account disabled",
    title_ja="ユーザーアカウント無効化",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="Check that the leaver or the incident behind it is known. Several accounts disabled in a row may "
    "be an intruder locking the owners out: verify with SubjectUserName over another channel.",
    runbook_ja="退職手続きやインシデント対応など、無効化の理由が把握されているか確認する。続けて複数のアカウントが"
    "無効化された場合は、侵入者による締め出しを疑い、SubjectUserName の本人に別の手段で確認する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531",),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    healthy="Fires when an account is closed, and once at setup, for the built-in accounts that Windows disables.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_ACCOUNT_DELETED = SecurityEvent(
    key="user-account-deleted",
    event_id=4726,
    evidence=Evidence.SEEN,
    title="User account deleted",
    title_ja="ユーザーアカウント削除",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="Check the request. An account that was created (4720) and deleted within hours did something "
    "that should not be seen: collect its logons and processes from the log before they expire.",
    runbook_ja="削除申請を確認する。作成 (4720) から数時間以内に削除されたアカウントは、隠したい操作に使われた可能性が"
    "ある。保持期間が切れる前に、そのログオンとプロセスの記録を確保する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531", "T1070"),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    healthy="Fires when an account is closed or a product with an account of its own is removed.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_ACCOUNT_LOCKED_OUT = SecurityEvent(
    key="user-account-locked-out",
    event_id=4740,
    evidence=Evidence.DOCUMENTED,
    title="User account locked out",
    title_ja="ユーザーアカウントロックアウト",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="TargetDomainName is the computer that the failures came from. A stale password on a phone or "
    "service locks one account again and again; many accounts at once are password spraying.",
    runbook_ja="TargetDomainName が失敗の発生元コンピューターである。スマートフォンやサービスに古い"
    "パスワードが残っていると、一つのアカウントが繰り返しロックアウトされる。多数のアカウントが同時に"
    "ロックアウトされた場合はパスワードスプレーを疑う。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1110",),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    healthy="Fires when a user forgets a new password; on domain controllers of a large domain every day.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
    note="Member servers write it for local accounts, domain controllers for domain accounts.",
)

USER_ACCOUNT_ENABLED = SecurityEvent(
    key="user-account-enabled",
    event_id=4722,
    evidence=Evidence.SEEN,
    title="User account enabled",
    title_ja="ユーザーアカウント有効化",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="Windows writes it with each new account (4720); alone it means that a sleeping account was woken. Find the "
    "request, and watch what TargetUserName does in the next hours.",
    runbook_ja="新規アカウントの作成 (4720) のたびに記録される。単独で記録された場合は、休眠アカウントが再び有効にされたことを示す。"
    "申請を確認し、その後数時間の TargetUserName の操作に注意する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

GUEST_ACCOUNT_ENABLED = SecurityEvent(
    key="guest-account-enabled",
    event_id=4722,
    evidence=Evidence.SEEN,
    title="Guest account enabled",
    title_ja="Guest アカウント有効化",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="Guest lets anybody in without a password and has no use on a server. Disable it, ask SubjectUserName, and "
    "look for logons of Guest since (4624).",
    runbook_ja="Guest はパスワードなしで誰でも利用でき、サーバーでは不要である。無効化し、SubjectUserName の本人に確認したうえで、"
    "その後の Guest のログオン (4624) を探す。",
    where=(Field("TargetSid").ends_with(GUEST_SUFFIX),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078.001",),
    packs=(Pack.BASELINE,),
    healthy="Silent.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
    overlaps=("user-account-enabled",),
)

USER_ACCOUNT_CHANGED = SecurityEvent(
    key="user-account-changed",
    event_id=4738,
    evidence=Evidence.SEEN,
    title="User account changed",
    title_ja="ユーザーアカウント変更",
    family=Family.ACCOUNT,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: Windows writes it with each creation, password reset and logon script. Fields that did not "
    "change hold a hyphen; read the others when another alarm points at TargetUserName.",
    runbook_ja="作成、パスワードのリセット、ログオンスクリプトの変更などのたびに記録される。変わらなかった"
    "フィールドはハイフンになる。他のアラームが TargetUserName を示したときに、残りのフィールドを読む。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    attack=("T1098",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "OldUacValue", "NewUacValue"),
)

USER_ACCOUNT_PREAUTHENTICATION_DISABLED = SecurityEvent(
    key="user-account-preauthentication-disabled",
    event_id=4738,
    evidence=Evidence.SEEN,
    title="Kerberos pre-authentication of a user account turned off",
    title_ja="ユーザーアカウントの Kerberos 事前認証の無効化",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="Anybody may now ask for something encrypted with the password of TargetUserName and guess it at leisure. Turn "
    "pre-authentication on again, reset the password, and ask SubjectUserName why it was changed.",
    runbook_ja="TargetUserName のパスワードで暗号化された応答を誰でも入手でき、時間をかけて解読できる状態になった。事前認証を有効に戻し、"
    "パスワードをリセットして、SubjectUserName の本人に理由を確認する。",
    where=(Field("UserAccountControl").contains("%%2096"),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1558.004"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "OldUacValue", "NewUacValue"),
    overlaps=("user-account-changed",),
    note=_ONE_OF_SEVERAL_OPTIONS,
)

USER_ACCOUNT_PASSWORD_NOT_REQUIRED = SecurityEvent(
    key="user-account-password-not-required",
    event_id=4738,
    evidence=Evidence.SEEN,
    title="User account no longer needs a password",
    title_ja="ユーザーアカウントをパスワード不要にする設定変更",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="TargetUserName may now have an empty password, whatever the password policy says. Undo the option, set a "
    "password, and look for logons of the account since (4624).",
    runbook_ja="パスワードポリシーに関係なく、TargetUserName に空のパスワードを設定できるようになった。オプションを元に戻してパスワードを設定し、"
    "その後のログオン (4624) を探す。",
    where=(Field("UserAccountControl").contains("%%2082"),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1556"),
    packs=(Pack.BASELINE, Pack.DOMAIN_CONTROLLER),
    healthy="Silent on member servers. Scripts that create accounts in two steps fire it on domain controllers.",
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "OldUacValue", "NewUacValue"),
    overlaps=("user-account-changed", "user-account-preauthentication-disabled"),
    note=_ONE_OF_SEVERAL_OPTIONS,
)

USER_ACCOUNT_PASSWORD_REVERSIBLE = SecurityEvent(
    key="user-account-password-reversible",
    event_id=4738,
    evidence=Evidence.SEEN,
    title="Password of a user account stored so that it can be read",
    title_ja="暗号化を元に戻せる状態でのユーザーアカウントのパスワード保存",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="From its next change on, the password of TargetUserName can be read in clear from a copy of the directory. "
    "Undo the option unless an old protocol such as CHAP needs it, then reset the password.",
    runbook_ja="次回の変更以降、TargetUserName のパスワードはディレクトリのコピーから平文で読み取れる。CHAP "
    "などの古いプロトコルに必要でない限りオプションを元に戻し、パスワードをリセットする。",
    where=(Field("UserAccountControl").contains("%%2091"),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1556.005",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "OldUacValue", "NewUacValue"),
    overlaps=(
        "user-account-changed",
        "user-account-preauthentication-disabled",
        "user-account-password-not-required",
    ),
    note=_ONE_OF_SEVERAL_OPTIONS,
)

USER_ACCOUNT_DELEGATION_CHANGED = SecurityEvent(
    key="user-account-delegation-changed",
    event_id=4738,
    evidence=Evidence.DOCUMENTED,
    title="Services that a user account may delegate to changed",
    title_ja="ユーザーアカウントの委任先サービスの変更",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="AllowedToDelegateTo lists services to which TargetUserName may now act as any user. Only service accounts "
    "under change control have such a list; a domain controller's service in it is a way to the whole domain.",
    runbook_ja="AllowedToDelegateTo は、TargetUserName が任意のユーザーとしてアクセスできるサービスの"
    "一覧である。変更管理下のサービスアカウント以外には不要で、ドメインコントローラーのサービスが含まれれば"
    "ドメイン全体の掌握につながる。",
    where=(Field("AllowedToDelegateTo") != "-",),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1558"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "AllowedToDelegateTo"),
    overlaps=(
        "user-account-changed",
        "user-account-preauthentication-disabled",
        "user-account-password-not-required",
        "user-account-password-reversible",
    ),
)

USER_ACCOUNT_TRUSTED_FOR_DELEGATION = SecurityEvent(
    key="user-account-trusted-for-delegation",
    event_id=4738,
    evidence=Evidence.DOCUMENTED,
    title="User account trusted for delegation to any service",
    title_ja="ユーザーアカウントへの制約なしの委任の許可",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="Servers that run as TargetUserName now receive the ticket of everybody who connects, a domain administrator's "
    "too. Nothing needs this since constrained delegation exists: undo it, and see who connected since (4624).",
    runbook_ja="TargetUserName として動作するサーバーは、接続したすべての利用者 (ドメイン管理者を含む) のチケットを受け取る。制約付き委任で代替できるため、"
    "元に戻し、その後に接続した者 (4624) を調べる。",
    where=(Field("UserAccountControl").contains("%%2093"),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1558"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "OldUacValue", "NewUacValue"),
    overlaps=(
        "user-account-changed",
        "user-account-preauthentication-disabled",
        "user-account-password-not-required",
        "user-account-password-reversible",
        "user-account-delegation-changed",
    ),
    note=_ONE_OF_SEVERAL_OPTIONS,
)

USER_ACCOUNT_DES_ONLY = SecurityEvent(
    key="user-account-des-only",
    event_id=4738,
    evidence=Evidence.DOCUMENTED,
    title="User account limited to DES encryption",
    title_ja="ユーザーアカウントの暗号化の DES への限定",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="Tickets of TargetUserName are now encrypted with DES, which is broken within hours and gives away its password. "
    "No supported program needs it: undo the option, reset the password, and ask SubjectUserName.",
    runbook_ja="TargetUserName のチケットが DES で暗号化されるようになった。DES は数時間で解読され、パスワードが判明する。サポート中の製品には不要である。"
    "オプションを元に戻し、パスワードをリセットして SubjectUserName の本人に確認する。",
    where=(Field("UserAccountControl").contains("%%2095"),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1558.003"),
    packs=(Pack.CREDENTIAL_ACCESS,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "OldUacValue", "NewUacValue"),
    overlaps=(
        "user-account-changed",
        "user-account-preauthentication-disabled",
        "user-account-password-not-required",
        "user-account-password-reversible",
        "user-account-delegation-changed",
        "user-account-trusted-for-delegation",
    ),
    note=_ONE_OF_SEVERAL_OPTIONS,
)

USER_ACCOUNT_DELEGATION_PROTECTION_REMOVED = SecurityEvent(
    key="user-account-delegation-protection-removed",
    event_id=4738,
    evidence=Evidence.SEEN,
    title="User account no longer protected against delegation",
    title_ja="ユーザーアカウントの委任からの保護の解除",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="TargetUserName was marked as sensitive, not to be delegated, and is not any more: servers may now pass its "
    "identity on. For an administrator's account set the option again, and ask SubjectUserName for the reason.",
    runbook_ja="TargetUserName の「アカウントは重要なので委任できない」が解除され、サーバーがその ID を引き渡せるようになった。管理者のアカウントであれば"
    "元に戻し、SubjectUserName の本人に理由を確認する。",
    where=(Field("UserAccountControl").contains("%%2062"),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.CREDENTIAL_ACCESS,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "OldUacValue", "NewUacValue"),
    overlaps=(
        "user-account-changed",
        "user-account-preauthentication-disabled",
        "user-account-password-not-required",
        "user-account-password-reversible",
        "user-account-delegation-changed",
        "user-account-trusted-for-delegation",
        "user-account-des-only",
    ),
    note=_ONE_OF_SEVERAL_OPTIONS,
)

USER_ACCOUNT_UNLOCKED = SecurityEvent(
    key="user-account-unlocked",
    event_id=4767,
    evidence=Evidence.DOCUMENTED,
    title="User account unlocked",
    title_ja="ユーザーアカウントのロック解除",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="Routine for the help desk. An account that is unlocked again and again while failures go on (4625, 4740) "
    "gives a guesser new attempts: find the source before the next unlock.",
    runbook_ja="ヘルプデスクの通常業務である。失敗 (4625、4740) が続くなかで繰り返しロックを解除すると、"
    "攻撃者に新たな試行の機会を与える。次に解除する前に発生元を突き止める。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=5, period=3600),
    attack=("T1098",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

ACCOUNT_RENAMED = SecurityEvent(
    key="account-renamed",
    event_id=4781,
    evidence=Evidence.SEEN,
    title="Account renamed",
    title_ja="アカウント名の変更",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="Compare OldTargetUserName and NewTargetUserName with the request. A computer's name that loses its dollar "
    "sign, or takes a domain controller's name, is an attack on Kerberos (CVE-2021-42278): isolate the source.",
    runbook_ja="OldTargetUserName と NewTargetUserName を申請と照合する。コンピューター名から $ が消える、あるいはドメインコントローラー"
    "と同名になる場合は Kerberos への攻撃 (CVE-2021-42278) である。操作元を隔離する。",
    where=(Field("TargetSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1036", "T1068"),
    packs=(Pack.BASELINE, Pack.DOMAIN_CONTROLLER),
    healthy="Fires once at setup, where the image or a policy renames Administrator, and with a user's new name.",
    query_fields=("SubjectUserName", "OldTargetUserName", "NewTargetUserName", "TargetDomainName"),
    note="Windows' setup renames its built-in groups to the same name, as SYSTEM: their SID begins with S-1-5-32-. A "
    "pattern cannot compare two fields, so a rename to the same name is found.",
)

COMPUTER_ACCOUNT_CREATED = SecurityEvent(
    key="computer-account-created",
    event_id=4741,
    evidence=Evidence.SEEN,
    title="Computer account created",
    title_ja="コンピューターアカウント作成",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="Instances that join the domain create one each, with the account of your joining procedure. By default any "
    "user may add ten: set ms-DS-MachineAccountQuota to 0, and ask whoever else SubjectUserName is.",
    runbook_ja="ドメインに参加するインスタンスごとに、参加手順に使うアカウントで一つ作成される。既定ではどの"
    "ユーザーも 10 台まで追加できるため ms-DS-MachineAccountQuota を 0 にし、SubjectUserName がそれ"
    "以外であれば本人に確認する。",
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=5, period=3600),
    attack=("T1136.002",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "DnsHostName"),
)

COMPUTER_ACCOUNT_CREATED_BY_QUOTA = SecurityEvent(
    key="computer-account-created-by-quota",
    event_id=4741,
    evidence=Evidence.SEEN,
    title="Computer account created by a user's quota",
    title_ja="ユーザーのクォータによるコンピューターアカウント作成",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="SubjectUserName has no right to create computers and used the ten that every user may add: the first step of "
    "attacks on delegation and certificates. Delete an account that nobody asked for, and set ms-DS-MachineAccountQuota to 0.",
    runbook_ja="SubjectUserName は作成権限を持たず、全ユーザーに許された 10 台の枠でコンピューターを追加した。委任や証明書への攻撃の第一歩である。"
    "申請のないアカウントは削除し、ms-DS-MachineAccountQuota を 0 にする。",
    where=(Field("PrivilegeList") == "SeMachineAccountPrivilege",),
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1136.002", "T1068"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "DnsHostName"),
    overlaps=("computer-account-created",),
)

COMPUTER_ACCOUNT_CHANGED = SecurityEvent(
    key="computer-account-changed",
    event_id=4742,
    evidence=Evidence.SEEN,
    title="Computer account changed",
    title_ja="コンピューターアカウント変更",
    family=Family.ACCOUNT,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: computers change their own password every thirty days. Worth reading where SubjectUserName is a "
    "person, above all for ServicePrincipalNames and UserAccountControl.",
    runbook_ja="コンピューターは 30 日ごとに自身のパスワードを変更するため、平常時も記録される。"
    "SubjectUserName が人である場合に、特に ServicePrincipalNames と UserAccountControl を読む。",
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    attack=("T1098",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "PasswordLastSet", "OldUacValue", "NewUacValue"),
)

COMPUTER_ACCOUNT_RESET_BY_ANONYMOUS = SecurityEvent(
    key="computer-account-reset-by-anonymous",
    event_id=4742,
    evidence=Evidence.SEEN,
    title="Computer account changed by an anonymous logon (Zerologon)",
    title_ja="匿名ログオンによるコンピューターアカウントの変更 (Zerologon)",
    family=Family.ACCOUNT,
    severity=Severity.CRITICAL,
    runbook="Nobody changes a computer's password without an identity: this is the trace of Zerologon (CVE-2020-1472). If "
    "TargetUserName is a domain controller, isolate it and treat the domain as taken over: patch, reset the "
    "controller's password, then krbtgt twice.",
    runbook_ja="匿名のままコンピューターのパスワードが変更されることはなく、Zerologon (CVE-2020-1472) の"
    "痕跡である。TargetUserName がドメインコントローラーなら隔離し、ドメイン全体の侵害として扱う。"
    "修正プログラムを適用し、そのドメインコントローラーのパスワードをリセットした後、krbtgt を "
    "2 回リセットする。",
    where=(Field("SubjectUserSid") == ANONYMOUS,),
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1210", "T1068"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "PasswordLastSet"),
    overlaps=("computer-account-changed", "computer-account-delegation-changed"),
    reference="https://support.microsoft.com/help/4557222",
)

COMPUTER_ACCOUNT_DELEGATION_CHANGED = SecurityEvent(
    key="computer-account-delegation-changed",
    event_id=4742,
    evidence=Evidence.SEEN,
    title="Services that a computer account may delegate to changed",
    title_ja="コンピューターアカウントの委任先サービスの変更",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="AllowedToDelegateTo lists services to which the computer may now act as any user. Compare it with the "
    "documented design of the application; without one, undo it and examine the computer and SubjectUserName.",
    runbook_ja="AllowedToDelegateTo は、このコンピューターが任意のユーザーとしてアクセスできるサービスの"
    "一覧である。アプリケーションの設計書と照合し、根拠がなければ元に戻して、コンピューターと "
    "SubjectUserName を調べる。",
    where=(Field("AllowedToDelegateTo") != "-",),
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1558"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "AllowedToDelegateTo"),
    overlaps=("computer-account-changed",),
)

COMPUTER_ACCOUNT_TRUSTED_FOR_DELEGATION = SecurityEvent(
    key="computer-account-trusted-for-delegation",
    event_id=4742,
    evidence=Evidence.SEEN,
    title="Computer account trusted for delegation to any service",
    title_ja="コンピューターアカウントへの制約なしの委任の許可",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="The computer now receives the ticket of everybody who connects to it, also of a domain controller that is made "
    "to connect. Unless TargetUserName is being made a domain controller, undo it and examine SubjectUserName.",
    runbook_ja="このコンピューターは、接続したすべての利用者 (接続を強制されたドメインコントローラーを含む) のチケットを受け取る。TargetUserName が"
    "ドメインコントローラーに昇格中でなければ元に戻し、SubjectUserName を調べる。",
    where=(Field("UserAccountControl").contains("%%2093"),),
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1558", "T1187"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "OldUacValue", "NewUacValue"),
    overlaps=(
        "computer-account-changed",
        "computer-account-reset-by-anonymous",
        "computer-account-delegation-changed",
    ),
    note="A server that is made a domain controller is marked so too.",
)

COMPUTER_ACCOUNT_NAMED_GLOBAL_CATALOG = SecurityEvent(
    key="computer-account-named-global-catalog",
    event_id=4742,
    evidence=Evidence.SEEN,
    title="Computer account given a global catalog's service name by another account",
    title_ja="他のアカウントによるグローバルカタログのサービスプリンシパル名の登録",
    family=Family.ACCOUNT,
    severity=Severity.CRITICAL,
    runbook="Only domain controllers carry a name that begins with GC/, and they register it themselves. A computer that "
    "SubjectUserName gave one poses as a controller to write into the directory (DCShadow): isolate it, and compare what "
    "was replicated since (4929, 5137).",
    runbook_ja="GC/ で始まる名前を持つのはドメインコントローラーだけで、自身で登録する。SubjectUserName が登録したコンピューターは、ディレクトリに書き込むために"
    "ドメインコントローラーを装っている (DCShadow)。隔離し、以後のレプリケーション (4929、5137) を調べる。",
    where=(
        Field("ServicePrincipalNames").contains("GC/"),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1207",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "ServicePrincipalNames"),
    overlaps=(
        "computer-account-changed",
        "computer-account-reset-by-anonymous",
        "computer-account-delegation-changed",
        "computer-account-trusted-for-delegation",
    ),
    note="The names stand on lines of their own in one field, so the beginning of one is asked for anywhere in the record. "
    "The change of a domain controller that another account renames is found too.",
)

COMPUTER_ACCOUNT_DELETED = SecurityEvent(
    key="computer-account-deleted",
    event_id=4743,
    evidence=Evidence.SEEN,
    title="Computer account deleted",
    title_ja="コンピューターアカウント削除",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="Instances that end should take their account with them. Accounts of running servers deleted in a row cut them "
    "off from the domain: verify with SubjectUserName, and restore them from the recycle bin.",
    runbook_ja="終了したインスタンスのアカウントは削除されるのが正しい。稼働中のサーバーのアカウントが続けて"
    "削除されるとドメインから切り離される。SubjectUserName の本人に確認し、Active Directory のごみ箱から"
    "復元する。",
    audit=AuditSubcategory.COMPUTER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=5, period=3600),
    attack=("T1531",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

SID_HISTORY_ADDED = SecurityEvent(
    key="sid-history-added",
    event_id=4765,
    evidence=Evidence.SEEN,
    title="SID history added to an account",
    title_ja="アカウントへの SID 履歴の追加",
    family=Family.ACCOUNT,
    severity=Severity.CRITICAL,
    runbook="TargetUserName now has the rights of SourceSid as well. Expected only during a migration between domains. "
    "Otherwise disable the account, clear its SID history, and search for others that have one.",
    runbook_ja="TargetUserName が SourceSid の権限も持つようになった。ドメイン移行中以外には起こらない。該当しなければアカウントを無効化し、"
    "SID 履歴を消去して、他に SID 履歴を持つアカウントを探す。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1134.005",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "SourceUserName", "SourceSid"),
)

SID_HISTORY_FAILED = SecurityEvent(
    key="sid-history-failed",
    event_id=4766,
    title="Adding SID history to an account failed",
    title_ja="アカウントへの SID 履歴の追加失敗",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="Somebody tried to give TargetUserName the rights of another account. Outside a migration there is no good "
    "reason: examine SubjectUserName, and look for a later attempt that succeeded (4765).",
    runbook_ja="TargetUserName に別のアカウントの権限を与えようとした者がいる。ドメイン移行以外に正当な"
    "理由はない。SubjectUserName を調べ、その後に成功した記録 (4765) がないか確認する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1134.005",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "SourceUserName"),
)

PASSWORD_HASH_ACCESSED = SecurityEvent(
    key="password-hash-accessed",
    event_id=4782,
    evidence=Evidence.DOCUMENTED,
    title="Password hash of an account read",
    title_ja="アカウントのパスワードハッシュへのアクセス",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="The call that migration tools use to carry passwords to another domain. Without a migration, treat the "
    "password of TargetUserName as stolen, reset it, and examine SubjectUserName.",
    runbook_ja="移行ツールがパスワードを別のドメインへ移すための呼び出しである。移行中でなければ TargetUserName のパスワードは盗まれたものと"
    "みなしてリセットし、SubjectUserName を調べる。",
    audit=AuditSubcategory.OTHER_ACCOUNT_MANAGEMENT_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1003",),
    packs=(Pack.CREDENTIAL_ACCESS,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

PASSWORD_POLICY_QUERIED = SecurityEvent(
    key="password-policy-queried",
    event_id=4793,
    evidence=Evidence.DOCUMENTED,
    title="Password policy checked through its API",
    title_ja="パスワードポリシー確認 API の呼び出し",
    family=Family.ACCOUNT,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: programs such as SQL Server check new passwords with it. Somebody who guesses passwords calls it "
    "to learn the rules: see Workstation and SubjectUserName when guessing is under way.",
    runbook_ja="SQL Server などが新しいパスワードの検査に使う呼び出しの記録。パスワードを推測する者も規則を知るために使う。攻撃の最中には "
    "Workstation と SubjectUserName を確認する。",
    audit=AuditSubcategory.OTHER_ACCOUNT_MANAGEMENT_EVENTS,
    attack=("T1201",),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "TargetUserName", "Workstation"),
)

DIRECTORY_RESTORE_PASSWORD_SET = SecurityEvent(
    key="directory-restore-password-set",
    event_id=4794,
    evidence=Evidence.SEEN,
    title="Directory Services Restore Mode password set",
    title_ja="ディレクトリサービス復元モードのパスワード設定",
    family=Family.ACCOUNT,
    severity=Severity.HIGH,
    runbook="This password opens the domain controller outside the domain, and no policy expires it. Unless the change is "
    "on the calendar, set it again, and check that the registry value DsrmAdminLogonBehavior is not 2.",
    runbook_ja="このパスワードがあればドメインの認証を経ずにドメインコントローラーに入れ、ポリシーによる"
    "有効期限もない。予定された変更でなければ再設定し、レジストリ値 DsrmAdminLogonBehavior が 2 でないことを"
    "確認する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "SubjectDomainName", "Workstation", "Status"),
)

LOCAL_GROUPS_ENUMERATED = SecurityEvent(
    key="local-groups-enumerated",
    event_id=4798,
    evidence=Evidence.SEEN,
    title="Local groups of an account listed",
    title_ja="アカウントが属するローカルグループの列挙",
    family=Family.ACCOUNT,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: administration tools ask which groups an account is in, and so do intruders. Read CallerProcessName "
    "when one account asks for many others in a short time.",
    runbook_ja="アカウントの所属グループの照会は管理ツールも侵入者も行うため、参考として記録する。一つの"
    "アカウントが短時間に多数のアカウントを照会していれば CallerProcessName を確認する。",
    where=(Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    attack=("T1069.001", "T1087.001"),
    volume=Volume.MEDIUM,
    query_fields=("SubjectUserName", "TargetUserName", "CallerProcessName"),
)

STORED_CREDENTIALS_BACKED_UP = SecurityEvent(
    key="stored-credentials-backed-up",
    event_id=5376,
    evidence=Evidence.SEEN,
    title="Stored credentials backed up from Credential Manager",
    title_ja="資格情報マネージャーの資格情報のバックアップ",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="A person saved the passwords that Windows remembers for SubjectUserName to BackupFileName. Rare on a server: "
    "if its owner did not, delete the file and change every password in it.",
    runbook_ja="Windows が SubjectUserName のために保存しているパスワードが BackupFileName に書き出された。サーバーではまれである。本人の"
    "操作でなければファイルを削除し、含まれるパスワードをすべて変更する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1555.004",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=("SubjectUserName", "SubjectDomainName", "BackupFileName"),
)

STORED_CREDENTIALS_RESTORED = SecurityEvent(
    key="stored-credentials-restored",
    event_id=5377,
    evidence=Evidence.DOCUMENTED,
    title="Stored credentials restored to Credential Manager",
    title_ja="資格情報マネージャーへの資格情報の復元",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="Passwords saved elsewhere were brought to this server for SubjectUserName. Ask its owner: with a backup from "
    "another computer an intruder becomes whoever's passwords it holds.",
    runbook_ja="別の場所で保存されたパスワードが SubjectUserName のためにこのサーバーへ取り込まれた。本人に確認する。侵入者は他の"
    "コンピューターのバックアップを使い、そのパスワードの持ち主になりすますことができる。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1555.004", "T1078"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=("SubjectUserName", "SubjectDomainName", "BackupFileName"),
)

STORED_CREDENTIALS_READ = SecurityEvent(
    key="stored-credentials-read",
    event_id=5379,
    evidence=Evidence.SEEN,
    title="Many stored credentials read",
    title_ja="保存された資格情報の大量読み取り",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="Each logon reads a few. Many at once list or open all that an account stored, as a password stealer does: find the "
    "program by ClientProcessId in the process creations (4688), and have the account's passwords changed.",
    runbook_ja="ログオンのたびに数件は記録される。一度に多数の場合、パスワード窃取ツールのように保存されたすべての資格情報が列挙または読み取られている。ClientProcessId から"
    "プログラム (4688) を特定し、パスワードを変更させる。",
    where=(Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=50, period=300),
    attack=("T1555.004",),
    packs=(Pack.CREDENTIAL_ACCESS,),
    volume=Volume.MEDIUM,
    query_fields=("SubjectUserName", "TargetName", "ReadOperation", "ClientProcessId"),
)
