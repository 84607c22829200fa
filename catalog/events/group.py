"""Security groups: members added and removed, groups created, changed and deleted.

In these records TargetUserName and TargetSid are those of the group, MemberName and MemberSid those of the
member; MemberName is a hyphen for local groups. The groups that matter are recognised by their SID, since their names
are localised. A server's local groups are the domain's on a domain controller.
"""

from catalog.events.well_known_sid import (
    ACCOUNT_OPERATORS,
    ADMINISTRATORS,
    BACKUP_OPERATORS,
    DOMAIN_ADMINS_SUFFIX,
    DOMAIN_USERS_SUFFIX,
    ENTERPRISE_ADMINS_SUFFIX,
    GROUP_POLICY_CREATOR_OWNERS_SUFFIX,
    GUESTS,
    POWER_USERS,
    PRINT_OPERATORS,
    REMOTE_DESKTOP_USERS,
    REMOTE_MANAGEMENT_USERS,
    SCHEMA_ADMINS_SUFFIX,
    SERVER_OPERATORS,
    SERVER_OR_DOMAIN_PREFIX,
    USERS,
)
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_MEMBER = ("SubjectUserName", "MemberSid", "MemberName", "TargetUserName")
_GROUP = ("SubjectUserName", "TargetUserName", "TargetDomainName", "TargetSid")
#: How the names of Exchange's privileged groups begin, in every language.
_EXCHANGE_GROUPS = ("Exchange ", "Organization Management")
#: DNS creates it under this name in every language, without a SID of its own that could be asked for.
_DNS_ADMINS = "DnsAdmins"
#: Microsoft documents the events of global and universal groups on the pages of those of local groups.
_PAGE_OF_LOCAL_GROUPS = "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-"

ADMINISTRATORS_MEMBER_ADDED = SecurityEvent(
    key="administrators-member-added",
    event_id=4732,
    evidence=Evidence.SEEN,
    title="Member added to the local Administrators group",
    title_ja="Administrators グループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="Check MemberSid against the change calendar; SubjectUserName made the change. Remove a member "
    "that nobody approved, and look for what it did with the right since (4672, 4688, 7045).",
    runbook_ja="MemberSid を変更管理の記録と照合する。変更者は SubjectUserName である。"
    "承認のないメンバーは削除し、その権限で行われた操作 (4672、4688、7045) を調べる。",
    where=(Field("TargetSid") == ADMINISTRATORS,),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.ARTICLE, Pack.BASELINE, Pack.PRIVILEGED_ACCESS, Pack.RANSOMWARE_PRECURSORS),
    healthy="Fires once when a server joins its domain or is handed over, then silent.",
    query_fields=_MEMBER,
    note="The published pattern names the group, Administrators, which Windows localises (Administratoren, "
    "Administrateurs): matched by the group's SID, which is the same everywhere.",
)

REMOTE_DESKTOP_USERS_MEMBER_ADDED = SecurityEvent(
    key="remote-desktop-users-member-added",
    event_id=4732,
    evidence=Evidence.DOCUMENTED,
    title="Member added to the local group Remote Desktop Users",
    title_ja="Remote Desktop Users グループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="MemberSid may now log on over Remote Desktop. Check it against the request and, if there is none, remove it "
    "and look for logons of type 10 (4624) since.",
    runbook_ja="MemberSid がリモートデスクトップでログオンできるようになった。申請と照合し、なければ"
    "削除して、その後のログオン (4624、種類 10) を探す。",
    where=(Field("TargetSid") == REMOTE_DESKTOP_USERS,),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007", "T1021.001"),
    packs=(Pack.BASELINE, Pack.REMOTE_DESKTOP, Pack.PRIVILEGED_ACCESS),
    healthy="Fires when access is granted: some minutes a year.",
    query_fields=_MEMBER,
)

REMOTE_MANAGEMENT_USERS_MEMBER_ADDED = SecurityEvent(
    key="remote-management-users-member-added",
    event_id=4732,
    evidence=Evidence.DOCUMENTED,
    title="Member added to the local group Remote Management Users",
    title_ja="Remote Management Users グループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="MemberSid may now run PowerShell on this server over the network. Check it against the request; an account "
    "of a person does not need it where Session Manager is used.",
    runbook_ja="MemberSid がネットワーク経由でこのサーバーの PowerShell を実行できるようになった。申請と照合する。"
    "セッションマネージャーを使う環境では、人のアカウントには不要である。",
    where=(Field("TargetSid") == REMOTE_MANAGEMENT_USERS,),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007", "T1021.006"),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS),
    healthy="Silent, but for a granted request.",
    query_fields=_MEMBER,
)

BACKUP_OPERATORS_MEMBER_ADDED = SecurityEvent(
    key="backup-operators-member-added",
    event_id=4732,
    evidence=Evidence.SEEN,
    title="Member added to the local group Backup Operators",
    title_ja="Backup Operators グループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="Backup Operators read every file whatever its permissions, on a domain controller its database too. Unless "
    "the member is the backup software's own account, remove it and see which files it copied.",
    runbook_ja="Backup Operators はアクセス許可に関係なくすべてのファイルを、"
    "ドメインコントローラーではそのデータベースまで読める。バックアップ製品のアカウントでなければ削除し、"
    "コピーされたファイルを調べる。",
    where=(Field("TargetSid") == BACKUP_OPERATORS,),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007", "T1003"),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS),
    healthy="Fires once when backup software is set up, then silent.",
    query_fields=_MEMBER,
)

OPERATORS_MEMBER_ADDED = SecurityEvent(
    key="operators-member-added",
    event_id=4732,
    evidence=Evidence.DOCUMENTED,
    title="Member added to Account, Server or Print Operators",
    title_ja="Account Operators、Server Operators、Print Operators にメンバーが追加",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="These groups of a domain should be empty: their members change accounts, services or drivers on domain "
    "controllers and so become domain administrators. Remove the member and ask SubjectUserName.",
    runbook_ja="ドメインのこれらのグループは空にしておくべきものである。メンバーはドメインコントローラーの"
    "アカウント、サービス、ドライバーを変更でき、ドメイン管理者になりうる。メンバーを削除し、"
    "SubjectUserName の本人に確認する。",
    where=(
        Field("TargetSid").starts_with("S-1-5-32-54", PRINT_OPERATORS),
        Field("TargetSid").none_of(ADMINISTRATORS, USERS, GUESTS, POWER_USERS),
    ),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    overlaps=("local-group-member-added",),
    note="By the beginning of the SIDs that end in 548 and 549, without the others that begin so: a metric filter less.",
)

DNS_ADMINS_MEMBER_ADDED = SecurityEvent(
    key="dns-admins-member-added",
    event_id=4732,
    evidence=Evidence.DOCUMENTED,
    title="Member added to DnsAdmins",
    title_ja="DnsAdmins にメンバーが追加",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="Members may have the DNS service of a domain controller load a DLL, as SYSTEM. Unless MemberSid administers DNS, "
    "remove it; look at ServerLevelPluginDll in the service's registry key and for restarts of DNS since.",
    runbook_ja="メンバーはドメインコントローラーの DNS サービスに、SYSTEM として任意の DLL を読み込ませることができる。MemberSid が DNS 管理者でなければ削除し、"
    "レジストリの ServerLevelPluginDll と、その後の DNS の再起動を調べる。",
    where=(
        Field("TargetUserName") == _DNS_ADMINS,
        Field("TargetSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
    ),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007", "T1574"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=_MEMBER,
)

LOCAL_GROUP_MEMBER_ADDED = SecurityEvent(
    key="local-group-member-added",
    event_id=4732,
    evidence=Evidence.SEEN,
    title="Member added to another local group",
    title_ja="その他のローカルグループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="Look up what the group TargetUserName may do. Groups that applications and database servers create hold "
    "their administrators, and DnsAdmins may run code on a domain controller.",
    runbook_ja="グループ TargetUserName の権限を調べる。アプリケーションやデータベースが作成したグループはその管理者を含み、"
    "DnsAdmins はドメインコントローラー上でコードを実行できる。",
    where=(
        Field("TargetSid").none_of(
            ADMINISTRATORS,
            USERS,
            ACCOUNT_OPERATORS,
            SERVER_OPERATORS,
            PRINT_OPERATORS,
            BACKUP_OPERATORS,
            REMOTE_DESKTOP_USERS,
            REMOTE_MANAGEMENT_USERS,
        ),
        Field("TargetUserName") != _DNS_ADMINS,
    ),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.BASELINE,),
    healthy="Fires while products with groups of their own are installed, such as database servers and IIS.",
    query_fields=_MEMBER,
    note="All but the groups with an event of their own, and Users, which each new account joins.",
)

DOMAIN_ADMINS_MEMBER_ADDED = SecurityEvent(
    key="domain-admins-member-added",
    event_id=4728,
    evidence=Evidence.SEEN,
    title="Member added to Domain Admins",
    title_ja="Domain Admins にメンバーが追加",
    family=Family.GROUP,
    severity=Severity.CRITICAL,
    runbook="MemberName is now an administrator of every server. Confirm the change with two people over another channel; "
    "otherwise remove the member, disable SubjectUserName, and treat the domain as under attack.",
    runbook_ja="MemberName がすべてのサーバーの管理者になった。別の手段で二人に確認する。確認できなければメンバーを削除し、"
    "SubjectUserName を無効化して、ドメインへの攻撃として対応する。",
    where=(Field("TargetSid").ends_with(DOMAIN_ADMINS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    note="The SID's end may stand in any field: Domain Admins put as a member into another global group is found here "
    "too.",
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4732",
)

GROUP_POLICY_CREATOR_OWNERS_MEMBER_ADDED = SecurityEvent(
    key="group-policy-creator-owners-member-added",
    event_id=4728,
    evidence=Evidence.DOCUMENTED,
    title="Member added to Group Policy Creator Owners",
    title_ja="Group Policy Creator Owners にメンバーが追加",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="MemberName may now create group policies, and with a link to servers runs code on them. Check the request, "
    "and look for policies created since (5137).",
    runbook_ja="MemberName がグループポリシーを作成できるようになった。サーバーにリンクされればコードの実行が可能である。"
    "申請を確認し、その後に作成されたポリシー (5137) を探す。",
    where=(Field("TargetSid").ends_with(GROUP_POLICY_CREATOR_OWNERS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007", "T1484.001"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    overlaps=("domain-admins-member-added",),
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4732",
)

GLOBAL_GROUP_MEMBER_ADDED = SecurityEvent(
    key="global-group-member-added",
    event_id=4728,
    evidence=Evidence.SEEN,
    title="Member added to another global group",
    title_ja="その他のグローバルグループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="Group the records by TargetUserName: groups that grant administration of servers or databases deserve an "
    "event of their own, by their SID. The rest is the daily work of the help desk.",
    runbook_ja="TargetUserName ごとに集計する。サーバーやデータベースの管理権限を与えるグループは、"
    "SID を指定した個別のイベントにするとよい。それ以外はヘルプデスクの日常業務である。",
    where=(
        Field("TargetSid").not_ends_with(
            DOMAIN_ADMINS_SUFFIX, GROUP_POLICY_CREATOR_OWNERS_SUFFIX, DOMAIN_USERS_SUFFIX
        ),
    ),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    query_fields=_MEMBER,
    note="Each new account joins the group whose SID ends in -513, Domain Users or a server's None: left out. So is a "
    "record in which any other SID ends like the groups with an event of their own.",
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4732",
)

ENTERPRISE_ADMINS_MEMBER_ADDED = SecurityEvent(
    key="enterprise-admins-member-added",
    event_id=4756,
    evidence=Evidence.SEEN,
    title="Member added to Enterprise Admins",
    title_ja="Enterprise Admins にメンバーが追加",
    family=Family.GROUP,
    severity=Severity.CRITICAL,
    runbook="MemberName is now an administrator of every domain of the forest. The group is empty but for rare work on "
    "the forest: confirm with two people over another channel, or remove the member and respond as to an attack.",
    runbook_ja="MemberName がフォレスト内のすべてのドメインの管理者になった。"
    "フォレストに対する特別な作業時以外は空のグループである。別の手段で二人に確認し、"
    "できなければメンバーを削除して攻撃として対応する。",
    where=(Field("TargetSid").ends_with(ENTERPRISE_ADMINS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4732",
)

SCHEMA_ADMINS_MEMBER_ADDED = SecurityEvent(
    key="schema-admins-member-added",
    event_id=4756,
    evidence=Evidence.SEEN,
    title="Member added to Schema Admins",
    title_ja="Schema Admins にメンバーが追加",
    family=Family.GROUP,
    severity=Severity.CRITICAL,
    runbook="MemberName may now change the directory's schema, which cannot be undone. The group is empty but for planned "
    "extensions of the schema: confirm the plan, or remove the member at once.",
    runbook_ja="MemberName がディレクトリのスキーマを変更できるようになった。スキーマの変更は取り消せない。"
    "計画された拡張作業時以外は空のグループである。計画を確認し、なければ直ちにメンバーを削除する。",
    where=(Field("TargetSid").ends_with(SCHEMA_ADMINS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    overlaps=("enterprise-admins-member-added",),
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4732",
)

UNIVERSAL_GROUP_MEMBER_ADDED = SecurityEvent(
    key="universal-group-member-added",
    event_id=4756,
    evidence=Evidence.SEEN,
    title="Member added to another universal group",
    title_ja="その他のユニバーサルグループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="Group the records by TargetUserName. The groups of Exchange and of other products that extend the directory "
    "are universal and some are as powerful as Domain Admins: know them by name.",
    runbook_ja="TargetUserName ごとに集計する。Exchange などディレクトリを拡張する製品のグループはユニバーサルで、"
    "Domain Admins に匹敵する権限を持つものもある。該当するグループ名を把握しておく。",
    where=(
        Field("TargetSid").not_ends_with(ENTERPRISE_ADMINS_SUFFIX, SCHEMA_ADMINS_SUFFIX),
        Field("TargetUserName").not_starts_with(*_EXCHANGE_GROUPS),
    ),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=_MEMBER,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4732",
)

EXCHANGE_GROUP_MEMBER_ADDED = SecurityEvent(
    key="exchange-group-member-added",
    event_id=4756,
    evidence=Evidence.SEEN,
    title="Member added to a privileged group of Exchange",
    title_ja="Exchange の特権グループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="Organization Management and the groups that begin with Exchange read every mailbox, and some may change the "
    "domain's permissions and so replicate every password. Confirm MemberName with its owner, or remove it at once.",
    runbook_ja="Organization Management と Exchange で始まるグループはすべてのメールボックスを読め、一部はドメインのアクセス許可を変更して全パスワードを"
    "複製できる。MemberName を本人に確認し、確認できなければ直ちに削除する。",
    where=(
        Field("TargetUserName").starts_with(*_EXCHANGE_GROUPS),
        Field("TargetSid").not_ends_with(ENTERPRISE_ADMINS_SUFFIX, SCHEMA_ADMINS_SUFFIX),
    ),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007", "T1098.002"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    note="Exchange creates these groups under the same names in every language; they have no SID of their own that could "
    "be asked for. Installing a server of Exchange adds its computer account.",
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4732",
)

ADMINISTRATORS_MEMBER_REMOVED = SecurityEvent(
    key="administrators-member-removed",
    event_id=4733,
    evidence=Evidence.SEEN,
    title="Member removed from the local Administrators group",
    title_ja="Administrators グループからメンバーが削除",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="Either a right was given back, or an intruder shuts out the owners or hides a member of a few minutes. Look "
    "for the matching addition (4732) and for what MemberSid did in between.",
    runbook_ja="権限の返却か、侵入者による正規管理者の締め出し、または短時間だけ追加したメンバーの隠蔽である。"
    "対応する追加 (4732) と、その間の MemberSid の操作を調べる。",
    where=(Field("TargetSid") == ADMINISTRATORS,),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531", "T1070"),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS),
    healthy="Fires when a server joins or leaves its domain, and where a policy restricts the group.",
    query_fields=_MEMBER,
)

LOCAL_GROUP_MEMBER_REMOVED = SecurityEvent(
    key="local-group-member-removed",
    event_id=4733,
    evidence=Evidence.SEEN,
    title="Member removed from another local group",
    title_ja="その他のローカルグループからメンバーが削除",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="Compare it with the request. Service accounts that lose a group stop working: several removals in a row "
    "explain an outage, or are one in the making.",
    runbook_ja="申請と照合する。サービスアカウントがグループから外れると動作しなくなる。続けて削除された場合は障害の原因か、"
    "その前触れである。",
    where=(Field("TargetSid").none_of(ADMINISTRATORS, USERS),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    attack=("T1531",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=_MEMBER,
)

DOMAIN_ADMINS_MEMBER_REMOVED = SecurityEvent(
    key="domain-admins-member-removed",
    event_id=4729,
    evidence=Evidence.DOCUMENTED,
    title="Member removed from Domain Admins",
    title_ja="Domain Admins からメンバーが削除",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="Ask the member and SubjectUserName. A removal that nobody planned shuts an administrator out; one soon after "
    "an addition (4728) covers up what was done in between.",
    runbook_ja="メンバー本人と SubjectUserName の本人に確認する。予定外の削除は管理者の締め出しであり、"
    "追加 (4728) の直後の削除はその間の操作の隠蔽である。",
    where=(Field("TargetSid").ends_with(DOMAIN_ADMINS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531", "T1070"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4733",
)

GLOBAL_GROUP_MEMBER_REMOVED = SecurityEvent(
    key="global-group-member-removed",
    event_id=4729,
    evidence=Evidence.DOCUMENTED,
    title="Member removed from another global group",
    title_ja="その他のグローバルグループからメンバーが削除",
    family=Family.GROUP,
    severity=Severity.INFORMATIONAL,
    runbook="A signal beside the additions (4728). When people report that they can no longer reach something, it tells "
    "who took the group away and when.",
    runbook_ja="追加 (4728) と併せて読むための記録。アクセスできなくなったという報告があれば、誰がいつグループから外したかを示す。",
    where=(Field("TargetSid").not_ends_with(DOMAIN_ADMINS_SUFFIX, DOMAIN_USERS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    attack=("T1531",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    query_fields=_MEMBER,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4733",
)

FOREST_ADMINS_MEMBER_REMOVED = SecurityEvent(
    key="forest-admins-member-removed",
    event_id=4757,
    title="Member removed from Enterprise Admins or Schema Admins",
    title_ja="Enterprise Admins または Schema Admins からメンバーが削除",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="Right at the end of planned work on the forest. Without such work, look for the addition (4756) that came "
    "before, and for what the member did with the right.",
    runbook_ja="フォレストに対する計画作業の終わりであれば正しい。作業がなければ、その前の追加 (4756) と、"
    "メンバーがその権限で行った操作を調べる。",
    where=(Field("TargetSid").ends_with(ENTERPRISE_ADMINS_SUFFIX, SCHEMA_ADMINS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531", "T1070"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    domain_controllers_only=True,
    query_fields=_MEMBER,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4733",
)

UNIVERSAL_GROUP_MEMBER_REMOVED = SecurityEvent(
    key="universal-group-member-removed",
    event_id=4757,
    title="Member removed from another universal group",
    title_ja="その他のユニバーサルグループからメンバーが削除",
    family=Family.GROUP,
    severity=Severity.INFORMATIONAL,
    runbook="A signal beside the additions (4756). When an application of the whole forest refuses its users, it tells "
    "who took the group away and when.",
    runbook_ja="追加 (4756) と併せて読むための記録。フォレスト全体のアプリケーションが利用者を拒否した場合に、"
    "誰がいつグループから外したかを示す。",
    where=(Field("TargetSid").not_ends_with(ENTERPRISE_ADMINS_SUFFIX, SCHEMA_ADMINS_SUFFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    attack=("T1531",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=_MEMBER,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4733",
)

LOCAL_GROUP_CREATED = SecurityEvent(
    key="local-group-created",
    event_id=4731,
    evidence=Evidence.SEEN,
    title="Local security group created",
    title_ja="ローカルセキュリティグループ作成",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="Installers create groups for their product; nobody else does on a server. Ask SubjectUserName, and see who "
    "was put into it (4732) and which files or shares name it.",
    runbook_ja="サーバーで新しいグループを作成するのは通常、製品のインストーラーだけである。SubjectUserName の本人に確認し、"
    "追加されたメンバー (4732) と、そのグループに権限を与えたファイルや共有を調べる。",
    where=(Field("TargetSid").starts_with(SERVER_OR_DOMAIN_PREFIX),),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.BASELINE,),
    healthy="Fires while products with groups of their own are installed. Windows' own groups at setup are left out.",
    query_fields=_GROUP,
)

LOCAL_GROUP_CHANGED = SecurityEvent(
    key="local-group-changed",
    event_id=4735,
    evidence=Evidence.SEEN,
    title="Local security group changed",
    title_ja="ローカルセキュリティグループ変更",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="SamAccountName tells a new name; a hyphen there means another attribute. A renamed group keeps its members "
    "and rights: make sure that nobody hides a powerful group behind a harmless name.",
    runbook_ja="SamAccountName が新しい名前を示し、ハイフンであれば他の属性の変更である。"
    "名前が変わってもメンバーと権限は残るため、強い権限のグループが無害な名前で隠されていないか確認する。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    attack=("T1098", "T1036"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "SamAccountName"),
)

LOCAL_GROUP_DELETED = SecurityEvent(
    key="local-group-deleted",
    event_id=4734,
    evidence=Evidence.DOCUMENTED,
    title="Local security group deleted",
    title_ja="ローカルセキュリティグループ削除",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="Uninstallers delete their groups. Otherwise permissions that named the group are now void for good, since a "
    "new group of that name has another SID: ask SubjectUserName.",
    runbook_ja="アンインストーラーは自身のグループを削除する。それ以外の場合、同名のグループを作り直しても SID が異なるため、"
    "そのグループに与えられていた権限は戻らない。SubjectUserName の本人に確認する。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=_GROUP,
)

GLOBAL_GROUP_CREATED = SecurityEvent(
    key="global-group-created",
    event_id=4727,
    title="Global security group created",
    title_ja="グローバルセキュリティグループ作成",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="Check the name against your naming rules and the request. A group that looks like an existing one, or like a "
    "built-in one, is made to be overlooked when permissions are granted.",
    runbook_ja="命名規則と申請に照らして確認する。既存のグループや組み込みグループに似せた名前は、権限を"
    "付与する際に見落とされることを狙ったものである。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=_GROUP,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4731",
)

GLOBAL_GROUP_CHANGED = SecurityEvent(
    key="global-group-changed",
    event_id=4737,
    title="Global security group changed",
    title_ja="グローバルセキュリティグループ変更",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="SamAccountName tells a new name. Renaming keeps members and rights, so a powerful group can hide behind a "
    "harmless name: compare it with the request.",
    runbook_ja="SamAccountName が新しい名前を示す。名前が変わってもメンバーと権限は残り、"
    "強い権限のグループを無害な名前で隠すことができる。申請と照合する。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    attack=("T1098", "T1036"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "SamAccountName"),
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4735",
)

GLOBAL_GROUP_DELETED = SecurityEvent(
    key="global-group-deleted",
    event_id=4730,
    title="Global security group deleted",
    title_ja="グローバルセキュリティグループ削除",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="Everybody in the group lost what it granted, and a new group of the same name will not bring it back. Check "
    "the request, and restore it from the recycle bin if there is none.",
    runbook_ja="グループの全員がその権限を失い、同名のグループを作り直しても戻らない。申請を"
    "確認し、なければ Active Directory のごみ箱から復元する。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=_GROUP,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4734",
)

UNIVERSAL_GROUP_CREATED = SecurityEvent(
    key="universal-group-created",
    event_id=4754,
    title="Universal security group created",
    title_ja="ユニバーサルセキュリティグループ作成",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="Universal groups reach every domain of the forest and are rare. Check the request, and whether the new group "
    "is already a member of a privileged one.",
    runbook_ja="ユニバーサルグループはフォレスト内の全ドメインに及び、作成はまれである。申請を確認し、"
    "すでに特権グループのメンバーになっていないか調べる。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=_GROUP,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4731",
)

UNIVERSAL_GROUP_CHANGED = SecurityEvent(
    key="universal-group-changed",
    event_id=4755,
    title="Universal security group changed",
    title_ja="ユニバーサルセキュリティグループ変更",
    family=Family.GROUP,
    severity=Severity.LOW,
    runbook="SamAccountName tells a new name, SidHistory a SID that the group took over with its rights. The latter is "
    "expected only in a migration between domains.",
    runbook_ja="SamAccountName は新しい名前、SidHistory は権限とともに引き継いだ SID を示す。"
    "後者はドメイン移行時以外には起こらない。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    attack=("T1098", "T1036"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "SamAccountName"),
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4735",
)

UNIVERSAL_GROUP_DELETED = SecurityEvent(
    key="universal-group-deleted",
    event_id=4758,
    title="Universal security group deleted",
    title_ja="ユニバーサルセキュリティグループ削除",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="Access in every domain of the forest went with the group. Check the request, and restore it from the recycle "
    "bin if there is none.",
    runbook_ja="フォレスト内の全ドメインのアクセス権がグループとともに失われた。申請を確認し、なければ "
    "Active Directory のごみ箱から復元する。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1531",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=_GROUP,
    reference=f"{_PAGE_OF_LOCAL_GROUPS}4734",
)

GROUP_TYPE_CHANGED = SecurityEvent(
    key="group-type-changed",
    event_id=4764,
    evidence=Evidence.DOCUMENTED,
    title="Group's scope or type changed",
    title_ja="グループのスコープまたは種類の変更",
    family=Family.GROUP,
    severity=Severity.MEDIUM,
    runbook="A distribution group that becomes a security group suddenly grants access to whoever subscribed to a mailing "
    "list. GroupTypeChange tells from what to what: review the members before anything is granted to it.",
    runbook_ja="配布グループがセキュリティグループに変わると、メーリングリストの登録者に突然アクセスが"
    "許可されることがある。GroupTypeChange が変更の前後を示す。権限を与える前にメンバーを見直す。",
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName", "GroupTypeChange"),
)

ADMINISTRATORS_ENUMERATED = SecurityEvent(
    key="administrators-enumerated",
    event_id=4799,
    evidence=Evidence.SEEN,
    title="Members of the local Administrators group listed",
    title_ja="Administrators グループのメンバーの列挙",
    family=Family.GROUP,
    severity=Severity.INFORMATIONAL,
    runbook="A signal: management tools ask for it, and intruders do so first of all. CallerProcessName tells the "
    "program; net1.exe or powershell.exe under an account that does not administer the server is worth a "
    "question.",
    runbook_ja="管理ツールが行うほか、侵入者が最初に行う操作でもあるため記録する。CallerProcessName がプログラムを示す。"
    "サーバーを管理しないアカウントの net1.exe や powershell.exe であれば本人に確認する。",
    where=(
        Field("TargetSid") == ADMINISTRATORS,
        Field("SubjectUserSid").starts_with(SERVER_OR_DOMAIN_PREFIX),
    ),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    attack=("T1069.001",),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.MEDIUM,
    query_fields=("SubjectUserName", "TargetUserName", "CallerProcessName"),
)
