"""Active Directory: its objects, its replication, its trusts and its policies."""

from catalog.events.well_known_sid import SYSTEM
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.provider import NETLOGON
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

#: DS-Replication-Get-Changes and DS-Replication-Get-Changes-All, the extended rights that DCSync needs.
_GET_CHANGES = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"
_GET_CHANGES_ALL = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"
#: DS-Install-Replica and DS-Replication-Manage-Topology, the extended rights of a server that joins in replication.
_INSTALL_REPLICA = "9923a32a-3607-11d2-b9be-0000f87a36b2"
_MANAGE_TOPOLOGY = "1131f6ac-9c07-11d1-f79f-00c04fc2dcd2"
#: What 5136 calls the new value; the old one comes as a record of its own, %%14675.
_VALUE_ADDED = "%%14674"

DIRECTORY_SECRETS_REPLICATED = SecurityEvent(
    key="directory-secrets-replicated",
    event_id=4662,
    evidence=Evidence.SEEN,
    title="Directory replicated by an account that is no domain controller",
    title_ja="ドメインコントローラー以外によるディレクトリのレプリケーション",
    family=Family.DIRECTORY,
    severity=Severity.CRITICAL,
    runbook="Replication hands out every password hash of the domain (DCSync). Unless SubjectUserName is your "
    "directory synchronisation, find its host by the logon id (4624), isolate it, disable the account, and "
    "plan to reset krbtgt twice and all privileged passwords.",
    runbook_ja="レプリケーションにより、ドメイン内の全パスワードハッシュを取得できる (DCSync)。"
    "SubjectUserName がディレクトリ同期用のアカウントでなければ、ログオン ID (4624) からホストを特定して"
    "隔離し、アカウントを無効化する。krbtgt の 2 回のリセットと、すべての特権パスワードの変更を計画する。",
    where=(
        Field("AccessMask") == "0x100",
        Field("Properties").contains(_GET_CHANGES, _GET_CHANGES_ALL),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_ACCESS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1003.006",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS, Pack.RANSOMWARE_PRECURSORS),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ObjectName"),
    note="Domain controllers replicate as computer accounts, whose names end in $: SubjectUserName is the only "
    "field of 4662 that can end so. DCSync with a stolen computer account is not seen here. Name the account "
    "of your directory synchronisation in an override's exclude.",
)

ROGUE_DOMAIN_CONTROLLER_JOINED = SecurityEvent(
    key="rogue-domain-controller-joined",
    event_id=4662,
    evidence=Evidence.SEEN,
    title="Right to join replication used by an account (DCShadow)",
    title_ja="アカウントによるレプリケーション参加権限の使用 (DCShadow)",
    family=Family.DIRECTORY,
    severity=Severity.CRITICAL,
    runbook="SubjectUserName made a computer take part in replication, to write into the directory unseen. Unless a server is "
    "being made a domain controller, disable the account, find its host by the logon id (4624), and compare what changed.",
    runbook_ja="SubjectUserName がコンピューターをレプリケーションに参加させた。ディレクトリを気付かれずに書き換える手口である。ドメインコントローラーへの昇格作業でなければ"
    "アカウントを無効化し、ログオン ID (4624) からホストを特定して、変更内容を調べる。",
    where=(
        Field("AccessMask") == "0x100",
        Field("Properties").contains(_INSTALL_REPLICA, _MANAGE_TOPOLOGY),
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_ACCESS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1207",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ObjectName"),
    overlaps=("directory-secrets-replicated",),
    note="The administrator who makes a server a domain controller uses the same rights.",
)

DIRECTORY_OBJECT_MODIFIED = SecurityEvent(
    key="directory-object-modified",
    event_id=5136,
    evidence=Evidence.SEEN,
    title="Directory object modified",
    title_ja="ディレクトリオブジェクトの変更",
    family=Family.DIRECTORY,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to read beside the alarms on single attributes: what else SubjectUserName changed, and "
    "on which objects. Two records belong to a change, the old value (%%14675) and the new one (%%14674).",
    runbook_ja="個々の属性のアラームと併せて読むための記録で、SubjectUserName が他に何を変更したかがわかる。一つの変更は、"
    "変更前 (%%14675) と変更後 (%%14674) の 2 件で記録される。",
    where=(Field("ObjectClass") != "dnsNode",),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    attack=("T1098",),
    volume=Volume.HIGH,
    domain_controllers_only=True,
    query_fields=(
        "SubjectUserName",
        "ObjectDN",
        "AttributeLDAPDisplayName",
        "AttributeValue",
        "OperationType",
    ),
    note="Only objects with an audit entry (SACL) are recorded. Without dnsNode, which dynamic DNS rewrites all "
    "day.",
)

GROUP_POLICY_CHANGED = SecurityEvent(
    key="group-policy-changed",
    event_id=5136,
    evidence=Evidence.SEEN,
    title="Group Policy object changed",
    title_ja="グループポリシーオブジェクトの変更",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="ObjectDN holds the GUID of the object (Get-GPO -Guid). Compare its settings with the backup before "
    "servers fetch them, within 90 minutes: a pushed task, script or service runs on all of them at once, "
    "which is how ransomware is rolled out.",
    runbook_ja="ObjectDN にオブジェクトの GUID がある (Get-GPO -Guid)。サーバーへの適用 (90 分以内) の前に、設定をバック"
    "アップと比較する。配布されたタスク、スクリプト、サービスは全サーバーで一斉に実行され、ランサムウェアの展開に使われる。",
    where=(
        Field("ObjectClass") == "groupPolicyContainer",
        Field("AttributeLDAPDisplayName") == "versionNumber",
        Field("OperationType") == _VALUE_ADDED,
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.001",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.RANSOMWARE_PRECURSORS),
    domain_controllers_only=True,
    overlaps=("directory-object-modified",),
    query_fields=("SubjectUserName", "ObjectDN", "AttributeValue"),
    note="By the version number, which each change of a setting raises.",
)

GROUP_POLICY_LINKED = SecurityEvent(
    key="group-policy-linked",
    event_id=5136,
    evidence=Evidence.DOCUMENTED,
    title="Group Policy link changed",
    title_ja="グループポリシーのリンクの変更",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="AttributeValue lists the policies that now apply to ObjectDN and everything below it. A new link "
    "on the domain or on the Domain Controllers unit that nobody planned takes over every computer there: "
    "remove it and look at the policy's settings.",
    runbook_ja="AttributeValue は、ObjectDN とその配下に適用されるポリシーの一覧である。ドメインや Domain "
    "Controllers の OU に計画外のリンクが追加されると、そのすべてのコンピューターが掌握される。リンクを"
    "外し、ポリシーの設定を調べる。",
    where=(Field("AttributeLDAPDisplayName") == "gPLink", Field("OperationType") == _VALUE_ADDED),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.001",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    overlaps=("directory-object-modified",),
    query_fields=("SubjectUserName", "ObjectDN", "AttributeValue"),
)

DOMAIN_PERMISSIONS_CHANGED = SecurityEvent(
    key="domain-permissions-changed",
    event_id=5136,
    evidence=Evidence.SEEN,
    title="Permissions on the domain itself changed",
    title_ja="ドメインオブジェクトのアクセス許可の変更",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="AttributeValue is the new security descriptor of the domain: look in it for the replication rights "
    "1131f6aa and 1131f6ad, which let an account read every password hash. Restore the old descriptor (the "
    "%%14675 record has it) unless a delegation was planned.",
    runbook_ja="AttributeValue はドメインの新しいセキュリティ記述子である。全パスワードハッシュを読める"
    "レプリケーションの権限 (1131f6aa、1131f6ad) が追加されていないか確認する。計画された委任でなければ、"
    "%%14675 の記録にある元の記述子に戻す。",
    where=(
        Field("ObjectClass") == "domainDNS",
        Field("AttributeLDAPDisplayName") == "nTSecurityDescriptor",
        Field("OperationType") == _VALUE_ADDED,
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1222.001", "T1098"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    overlaps=("directory-object-modified",),
    query_fields=("SubjectUserName", "ObjectDN", "AttributeValue"),
)

ADMINSDHOLDER_CHANGED = SecurityEvent(
    key="adminsdholder-changed",
    event_id=5136,
    evidence=Evidence.SEEN,
    title="AdminSDHolder changed",
    title_ja="AdminSDHolder の変更",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="Within an hour the permissions of this object are copied to every privileged account and group, so "
    "a right granted here comes back each time it is removed there. Compare AttributeValue with the default, "
    "restore it, and then clean the accounts.",
    runbook_ja="このオブジェクトのアクセス許可は 1 時間以内にすべての特権アカウントとグループへ"
    "コピーされるため、付与された権限は各アカウントで削除しても復活する。AttributeValue を既定値と比較して"
    "元に戻し、その後に各アカウントを是正する。",
    where=(
        Field("ObjectDN").starts_with("CN=AdminSDHolder,CN=System,"),
        Field("OperationType") == _VALUE_ADDED,
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1222.001"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    overlaps=(
        "directory-object-modified",
        "group-policy-changed",
        "group-policy-linked",
        "domain-permissions-changed",
        "service-principal-name-added-to-user",
        "key-credential-added",
        "delegation-to-computer-changed",
    ),
    query_fields=("SubjectUserName", "ObjectDN", "AttributeLDAPDisplayName", "AttributeValue"),
)

DIRECTORY_PERMISSIONS_CHANGED = SecurityEvent(
    key="directory-permissions-changed",
    event_id=5136,
    evidence=Evidence.SEEN,
    title="Permissions of an organizational unit or group policy changed",
    title_ja="組織単位またはグループポリシーのアクセス許可の変更",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Who may write an organizational unit owns what is in it, and who may edit a policy runs code where it is linked. "
    "Compare AttributeValue with the record of the old value (%%14675), and ask SubjectUserName for the request.",
    runbook_ja="組織単位への書き込み権限はその中の全オブジェクトの支配を、ポリシーの編集権限はリンク先でのコード実行を意味する。AttributeValue を変更前の値 (%%14675) の"
    "記録と比べ、SubjectUserName の本人に申請を確認する。",
    where=(
        Field("ObjectClass").one_of("organizationalUnit", "groupPolicyContainer"),
        Field("AttributeLDAPDisplayName") == "nTSecurityDescriptor",
        Field("OperationType") == _VALUE_ADDED,
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1222.001", "T1484.001"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "ObjectDN", "AttributeLDAPDisplayName", "AttributeValue"),
    overlaps=("directory-object-modified", "adminsdholder-changed"),
)

SERVICE_PRINCIPAL_NAME_ADDED_TO_USER = SecurityEvent(
    key="service-principal-name-added-to-user",
    event_id=5136,
    evidence=Evidence.SEEN,
    title="Service principal name given to a user account",
    title_ja="ユーザーアカウントへのサービスプリンシパル名の追加",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="With a service principal name, anybody in the domain can ask for a ticket that holds the account's "
    "password in crackable form. If ObjectDN is a person or an administrator, remove the name and change the "
    "password; a new service account is routine.",
    runbook_ja="サービスプリンシパル名があると、ドメイン内の誰もが、パスワードを解読できるチケットを要求できる。ObjectDN が個人や"
    "管理者のアカウントであれば、名前を削除してパスワードを変更する。新しいサービスアカウントであれば通常の操作である。",
    where=(
        Field("ObjectClass") == "user",
        Field("AttributeLDAPDisplayName") == "servicePrincipalName",
        Field("OperationType") == _VALUE_ADDED,
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1558.003", "T1098"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    overlaps=("directory-object-modified",),
    query_fields=("SubjectUserName", "ObjectDN", "AttributeValue"),
)

KEY_CREDENTIAL_ADDED = SecurityEvent(
    key="key-credential-added",
    event_id=5136,
    evidence=Evidence.DOCUMENTED,
    title="Key credential given to an account",
    title_ja="アカウントへのキー資格情報の追加",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="Whoever holds the private key logs on as ObjectDN, whatever its password is (shadow credentials). "
    "Directory synchronisation writes it for Windows Hello for Business; from any other SubjectUserName "
    "remove the value and end the account's sessions.",
    runbook_ja="対応する秘密鍵を持つ者は、パスワードに関係なく ObjectDN としてログオンできる (Shadow "
    "Credentials)。Windows Hello for Business ではディレクトリ同期が書き込む。それ以外の SubjectUserName "
    "による場合は、値を削除してセッションを切断する。",
    where=(
        Field("AttributeLDAPDisplayName") == "msDS-KeyCredentialLink",
        Field("OperationType") == _VALUE_ADDED,
        Field("SubjectUserName").not_ends_with("$"),
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1556", "T1098"),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    overlaps=("directory-object-modified",),
    query_fields=("SubjectUserName", "ObjectDN", "AttributeValue"),
    note="Computers, whose names end in $, write their own key: SubjectUserName is the only field of such a "
    "record that can end so.",
)

DELEGATION_TO_COMPUTER_CHANGED = SecurityEvent(
    key="delegation-to-computer-changed",
    event_id=5136,
    evidence=Evidence.SEEN,
    title="Resource-based delegation set on an account",
    title_ja="アカウントへのリソースベースの制約付き委任の設定",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="AttributeValue names who may act as any user, administrators included, towards the computer in "
    "ObjectDN. Clusters and some web servers are set up like this; otherwise clear the attribute, and look "
    "for a computer account that SubjectUserName created shortly before (4741).",
    runbook_ja="AttributeValue の相手は、ObjectDN のコンピューターに対して管理者を含む任意のユーザーになりすませる。クラスター"
    "や一部の Web サーバーでは正規の設定だが、そうでなければ属性を消去し、SubjectUserName が直前に作成したコンピューター"
    "アカウント (4741) を探す。",
    where=(
        Field("AttributeLDAPDisplayName") == "msDS-AllowedToActOnBehalfOfOtherIdentity",
        Field("OperationType") == _VALUE_ADDED,
    ),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.DOMAIN_CONTROLLER, Pack.PRIVILEGED_ACCESS),
    domain_controllers_only=True,
    overlaps=("directory-object-modified",),
    query_fields=("SubjectUserName", "ObjectDN", "AttributeValue"),
)

DIRECTORY_OBJECT_CREATED = SecurityEvent(
    key="directory-object-created",
    event_id=5137,
    evidence=Evidence.SEEN,
    title="Directory object created",
    title_ja="ディレクトリオブジェクトの作成",
    family=Family.DIRECTORY,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to read beside other alarms: what SubjectUserName put into the directory. Accounts and "
    "groups have events of their own (4720, 4741, 4727, 4731); this one also has units, sites and policies.",
    runbook_ja="他のアラームと併せて読むための記録で、SubjectUserName がディレクトリに追加したものを示す。アカウントとグループ"
    "には専用のイベント (4720、4741、4727、4731) があり、ここには OU、サイト、ポリシーも記録される。",
    where=(Field("ObjectClass") != "dnsNode",),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    attack=("T1098",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.MEDIUM,
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "ObjectDN", "ObjectClass"),
    note="Only below objects with an audit entry (SACL).",
)

DOMAIN_CONTROLLER_REGISTERED = SecurityEvent(
    key="domain-controller-registered",
    event_id=5137,
    evidence=Evidence.SEEN,
    title="Server object for a domain controller created",
    title_ja="ドメインコントローラーのサーバーオブジェクトの作成",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="A domain controller is being promoted, or an attacker registers one for a moment to push changes "
    "that nobody logs (DCShadow). Ask who promotes ObjectDN; if nobody, remove the object, disable "
    "SubjectUserName and compare the privileged groups with a backup.",
    runbook_ja="ドメインコントローラーの昇格、または記録に残らない変更を送り込むための一時的な登録 (DCShadow) である。ObjectDN "
    "の昇格作業を確認し、なければオブジェクトを削除して SubjectUserName を無効化し、特権グループをバックアップと比較する。",
    where=(Field("ObjectClass") == "server",),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1207",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    overlaps=("directory-object-created",),
    query_fields=("SubjectUserName", "ObjectDN", "ObjectClass"),
)

GROUP_POLICY_CREATED = SecurityEvent(
    key="group-policy-created",
    event_id=5137,
    evidence=Evidence.DOCUMENTED,
    title="Group Policy object created",
    title_ja="グループポリシーオブジェクトの作成",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Look at the new object's settings and links (group-policy-linked): a policy that deploys a task or "
    "turns off Defender, and was made by somebody who does not manage policies, is an attack on every "
    "computer that it is linked to.",
    runbook_ja="新しいオブジェクトの設定とリンク (group-policy-linked) を確認する。ポリシー管理者以外が作成し、タスクの配布や "
    "Defender の無効化を含むポリシーは、リンク先のすべてのコンピューターへの攻撃である。",
    where=(Field("ObjectClass") == "groupPolicyContainer",),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.001",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    overlaps=("directory-object-created",),
    query_fields=("SubjectUserName", "ObjectDN"),
)

DIRECTORY_OBJECT_RESTORED = SecurityEvent(
    key="directory-object-restored",
    event_id=5138,
    evidence=Evidence.DOCUMENTED,
    title="Deleted directory object restored",
    title_ja="削除されたディレクトリオブジェクトの復元",
    family=Family.DIRECTORY,
    severity=Severity.LOW,
    runbook="A restored account comes back with its groups and its old password. Check that NewObjectDN was "
    "asked for, and that it is not the account of somebody who has left.",
    runbook_ja="復元されたアカウントは、所属グループと以前のパスワードを保持している。NewObjectDN の復元が依頼されたものか、"
    "退職者のアカウントではないかを確認する。",
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "NewObjectDN", "ObjectClass"),
)

DIRECTORY_OBJECT_MOVED = SecurityEvent(
    key="directory-object-moved",
    event_id=5139,
    evidence=Evidence.DOCUMENTED,
    title="Directory object moved",
    title_ja="ディレクトリオブジェクトの移動",
    family=Family.DIRECTORY,
    severity=Severity.INFORMATIONAL,
    runbook="An object takes on the policies and delegations of the unit it is moved to. Look for servers and "
    "administrators that were moved out of a hardened unit: compare OldObjectDN and NewObjectDN.",
    runbook_ja="移動したオブジェクトには、移動先の OU のポリシーと委任が適用される。サーバーや管理者が、制限の厳しい OU から"
    "外されていないか、OldObjectDN と NewObjectDN を比較する。",
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    attack=("T1484",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "OldObjectDN", "NewObjectDN", "ObjectClass"),
)

DIRECTORY_OBJECT_DELETED = SecurityEvent(
    key="directory-object-deleted",
    event_id=5141,
    evidence=Evidence.DOCUMENTED,
    title="Directory object deleted",
    title_ja="ディレクトリオブジェクトの削除",
    family=Family.DIRECTORY,
    severity=Severity.LOW,
    runbook="A TreeDelete of %%14678 (yes), or many records in a row: a whole unit went with all that was in it. "
    "Restore from the recycle bin of the directory first, then find out why SubjectUserName deleted it.",
    runbook_ja="TreeDelete が %%14678 (はい) の場合や記録が連続する場合は、OU ごと削除されている。まず Active Directory のごみ箱から復元し、"
    "その後に SubjectUserName が削除した理由を調べる。",
    where=(Field("ObjectClass") != "dnsNode",),
    audit=AuditSubcategory.DIRECTORY_SERVICE_CHANGES,
    attack=("T1531", "T1485"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    volume=Volume.LOW,
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "ObjectDN", "ObjectClass", "TreeDelete"),
    note="Without dnsNode, which the ageing of DNS records deletes.",
)

PROTECTED_ACCOUNT_PERMISSIONS_RESET = SecurityEvent(
    key="protected-account-permissions-reset",
    event_id=4780,
    title="Permissions of a privileged account reset to those of AdminSDHolder",
    title_ja="特権アカウントのアクセス許可の AdminSDHolder による再設定",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Normal once, within an hour after an account joined a privileged group. Again and again for the "
    "same TargetUserName, somebody keeps changing its permissions: see who, in the directory changes (5136), "
    "and whether AdminSDHolder itself is still right.",
    runbook_ja="特権グループへの追加後 1 時間以内に一度記録されるのは正常である。同じ TargetUserName で繰り返される場合は、"
    "アクセス許可を変更し続けている者がいる。ディレクトリの変更 (5136) で特定し、AdminSDHolder 自体も確認する。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=3600, evaluation_periods=3, datapoints_to_alarm=2),
    attack=("T1098", "T1222.001"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    domain_controllers_only=True,
    query_fields=("TargetUserName", "TargetDomainName", "SubjectUserName"),
)

SIDS_FILTERED = SecurityEvent(
    key="sids-filtered",
    event_id=4675,
    title="SIDs filtered out of a logon over a trust",
    title_ja="信頼関係経由のログオンでの SID のフィルター処理",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="SidList was claimed by TargetUserName from a trusted domain and refused. During a migration this is "
    "SID history at work; a privileged SID of your own domain among them is a forged ticket, and the trusted "
    "domain is compromised.",
    runbook_ja="信頼先ドメインの TargetUserName が提示した SidList が拒否された。移行作業中であれば SID 履歴によるものである。"
    "自ドメインの特権 SID が含まれていれば偽造チケットであり、信頼先ドメインの侵害を疑う。",
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=3600),
    attack=("T1134.005",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    query_fields=("TargetUserName", "TargetDomainName", "TdoSid", "SidList"),
)

DOMAIN_TRUST_CREATED = SecurityEvent(
    key="domain-trust-created",
    event_id=4706,
    evidence=Evidence.SEEN,
    title="Domain trust created",
    title_ja="ドメイン信頼関係の作成",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="With TdoDirection 2 or 3, accounts of DomainName can log on here from now on. Trusts are planned "
    "for months: remove one that is not, and treat SubjectUserName as compromised.",
    runbook_ja="TdoDirection が 2 または 3 の場合、DomainName のアカウントがこのドメインにログオンできるようになる。信頼関係は事前に"
    "計画されるものである。計画になければ削除し、SubjectUserName は侵害されたものとして扱う。",
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.002",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "DomainName", "TdoDirection", "TdoAttributes", "SidFilteringEnabled"),
)

DOMAIN_TRUST_REMOVED = SecurityEvent(
    key="domain-trust-removed",
    event_id=4707,
    evidence=Evidence.DOCUMENTED,
    title="Domain trust removed",
    title_ja="ドメイン信頼関係の削除",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Users of DomainName lose access at once. Check the change calendar; removed together with a trust "
    "that was just created (4706), somebody is clearing up behind them.",
    runbook_ja="DomainName のユーザーは直ちにアクセスできなくなる。変更管理の記録を確認する。直前に作成された信頼関係 (4706) の"
    "削除であれば、痕跡の消去を疑う。",
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.002",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "DomainName", "DomainSid"),
)

DOMAIN_TRUST_MODIFIED = SecurityEvent(
    key="domain-trust-modified",
    event_id=4716,
    evidence=Evidence.DOCUMENTED,
    title="Domain trust modified",
    title_ja="ドメイン信頼関係の変更",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Look at SidFilteringEnabled and TdoAttributes: with SID filtering off, an administrator of "
    "DomainName can become an administrator here. The domain controller itself writes it about once a month "
    "when the trust's password is renewed.",
    runbook_ja="SidFilteringEnabled と TdoAttributes を確認する。SID フィルター処理が無効になると、"
    "DomainName の管理者がこのドメインの管理者になれる。信頼関係のパスワード更新時にも、"
    "ドメインコントローラー自身が月に一度程度記録する。",
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.002", "T1134.005"),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "DomainName", "TdoAttributes", "SidFilteringEnabled"),
)

TRUSTED_FOREST_ENTRY_ADDED = SecurityEvent(
    key="trusted-forest-entry-added",
    event_id=4865,
    evidence=Evidence.SEEN,
    title="Trusted forest information added",
    title_ja="信頼されたフォレスト情報の追加",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Names of ForestRoot are now routed over the trust: expected within the minute of a new trust "
    "(4706), and when the other forest gets a new domain. Alone, ask SubjectUserName.",
    runbook_ja="ForestRoot の名前が信頼関係を通じてルーティングされるようになった。信頼関係の作成 (4706) の"
    "直後や、相手フォレストへのドメイン追加時には想定内である。単独で現れた場合は SubjectUserName の本人に"
    "確認する。",
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.002",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "ForestRoot", "TopLevelName", "DnsName"),
)

TRUSTED_FOREST_ENTRY_REMOVED = SecurityEvent(
    key="trusted-forest-entry-removed",
    event_id=4866,
    evidence=Evidence.DOCUMENTED,
    title="Trusted forest information removed",
    title_ja="信頼されたフォレスト情報の削除",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Users and services under TopLevelName or DnsName are no longer found over the trust. Check the "
    "change calendar, and whether the trust itself was removed (4707).",
    runbook_ja="TopLevelName または DnsName のユーザーとサービスが、信頼関係を通じて見つからなくなる。変更管理の記録と、"
    "信頼関係自体の削除 (4707) の有無を確認する。",
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.002",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "ForestRoot", "TopLevelName", "DnsName"),
)

TRUSTED_FOREST_ENTRY_MODIFIED = SecurityEvent(
    key="trusted-forest-entry-modified",
    event_id=4867,
    evidence=Evidence.DOCUMENTED,
    title="Trusted forest information modified",
    title_ja="信頼されたフォレスト情報の変更",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="Flags tells whether names are routed or SIDs are filtered for the entry. An exclusion that was "
    "lifted lets the other forest answer for names that are yours: compare with the record before.",
    runbook_ja="Flags は、そのエントリの名前のルーティングと SID フィルター処理の有無を表す。除外が"
    "解除されると、相手フォレストが自組織の名前に応答できるようになる。直前の記録と比較する。",
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.002",),
    packs=(Pack.DOMAIN_ACTIVITY,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "ForestRoot", "TopLevelName", "Flags"),
)

KERBEROS_POLICY_CHANGED = SecurityEvent(
    key="kerberos-policy-changed",
    event_id=4713,
    evidence=Evidence.DOCUMENTED,
    title="Kerberos policy changed",
    title_ja="Kerberos ポリシーの変更",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="KerberosPolicyChange holds each new value and, in brackets, the old one. Longer ticket lifetimes "
    "make a stolen ticket last: set them back in the domain policy, and find out who changed that policy "
    "(group-policy-changed), as the subject here is the domain controller.",
    runbook_ja="KerberosPolicyChange には新しい値と、括弧内に古い値が記録される。有効期間が延びると、盗まれたチケットが長く使え"
    "る。ドメインポリシーを元に戻し、変更した者を group-policy-changed で調べる。ここでの変更者はドメインコントローラー"
    "自身である。",
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.001", "T1558"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    query_fields=("SubjectUserName", "KerberosPolicyChange"),
)

DOMAIN_POLICY_CHANGED = SecurityEvent(
    key="domain-policy-changed",
    event_id=4739,
    evidence=Evidence.SEEN,
    title="Password or lockout policy changed",
    title_ja="パスワードまたはアカウントロックアウトのポリシーの変更",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="DomainPolicyChanged names the policy, the other fields hold its new values. A shorter password, no "
    "lockout or reversible encryption makes guessing easy: set it back, and look for the change of Group "
    "Policy or of the local policy behind it.",
    runbook_ja="DomainPolicyChanged がポリシー名、その他のフィールドが新しい値である。短いパスワード、"
    "ロックアウトなし、暗号化を元に戻せる状態での保存はパスワードの推測を容易にする。元に戻し、原因となった"
    "グループポリシーまたはローカルポリシーの変更を調べる。",
    where=(Field("SubjectUserSid") != SYSTEM,),
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.001", "T1556.005"),
    packs=(Pack.BASELINE, Pack.DOMAIN_CONTROLLER),
    healthy="Silent on members; the application of a group policy, as SYSTEM, is left out.",
    query_fields=(
        "SubjectUserName",
        "DomainPolicyChanged",
        "LockoutThreshold",
        "MinPasswordLength",
        "PasswordProperties",
    ),
    note="Member servers write it for their local policy, under their own name in DomainName. Servers that apply a "
    "group policy do so as SYSTEM: domain-policy-applied has these.",
)

DOMAIN_POLICY_APPLIED = SecurityEvent(
    key="domain-policy-applied",
    event_id=4739,
    evidence=Evidence.DOCUMENTED,
    title="Password or lockout policy changed by a group policy",
    title_ja="グループポリシーによるパスワードまたはアカウントロックアウトのポリシーの変更",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="A domain controller took over new rules from a group policy. Find the change of the policy (5136, versionNumber) "
    "and who made it; a shorter password or no lockout that nobody planned is set back there.",
    runbook_ja="ドメインコントローラーがグループポリシーから新しい規則を適用した。ポリシーの変更 (5136、versionNumber) とその操作者を調べ、計画にない短いパスワードや"
    "ロックアウトなしの設定はポリシー側で元に戻す。",
    where=(Field("SubjectUserSid") == SYSTEM,),
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1484.001", "T1556.005"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    query_fields=(
        "SubjectUserName",
        "DomainPolicyChanged",
        "LockoutThreshold",
        "MinPasswordLength",
        "PasswordProperties",
    ),
    note="A member server writes it too, for its own accounts, when it joins a domain or its password policy changes.",
)

LOGON_RIGHT_GRANTED = SecurityEvent(
    key="logon-right-granted",
    event_id=4717,
    evidence=Evidence.SEEN,
    title="Logon right granted to an account",
    title_ja="アカウントへのログオンの権利の付与",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="AccessGranted names the right, such as SeBatchLogonRight, and TargetSid who got it. Take back one "
    "that was not asked for; a Deny right is a restriction, and harmless unless it shuts out administrators.",
    runbook_ja="AccessGranted は SeBatchLogonRight などの権利、TargetSid は付与された相手である。"
    "申請のないものは取り消す。Deny を含む権利は制限であり、管理者を締め出すものでなければ問題ない。",
    where=(Field("SubjectUserSid") != SYSTEM,),
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098",),
    packs=(Pack.BASELINE, Pack.PRIVILEGED_ACCESS),
    healthy="Fires while services with an account of their own are installed (log on as a service).",
    query_fields=("SubjectUserName", "TargetSid", "AccessGranted"),
    note="Without SYSTEM, which grants rights to services as they are installed and for Group Policy.",
)

LOGON_RIGHT_REMOVED = SecurityEvent(
    key="logon-right-removed",
    event_id=4718,
    evidence=Evidence.SEEN,
    title="Logon right removed from an account",
    title_ja="アカウントからのログオンの権利の削除",
    family=Family.DIRECTORY,
    severity=Severity.LOW,
    runbook="A Deny right in AccessRemoved opens a door that was shut on purpose: put it back unless "
    "SubjectUserName was told to. Any other right removed shuts TargetSid out, sometimes the defenders.",
    runbook_ja="AccessRemoved が Deny を含む場合は、意図的な制限が解除されている。指示に基づくものでなければ"
    "元に戻す。その他の権利の削除は TargetSid を締め出すもので、防御側の担当者が対象になることもある。",
    where=(Field("SubjectUserSid") != SYSTEM,),
    audit=AuditSubcategory.AUTHENTICATION_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098", "T1531"),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=("SubjectUserName", "TargetSid", "AccessRemoved"),
    note="Without SYSTEM, as for logon-right-granted.",
)

NETLOGON_VULNERABLE_CONNECTION_ALLOWED = SecurityEvent(
    key="netlogon-vulnerable-connection-allowed",
    event_id=5829,
    title="Vulnerable Netlogon connection allowed",
    title_ja="脆弱な Netlogon 接続の許可",
    family=Family.DIRECTORY,
    severity=Severity.HIGH,
    runbook="A computer spoke Netlogon without encryption, as Zerologon (CVE-2020-1472) does, and the domain controller let it. "
    "Update or remove the device named in the record, and set FullSecureChannelProtection to 1.",
    runbook_ja="コンピューターが Zerologon (CVE-2020-1472) と同様に暗号化なしで Netlogon 接続を行い、ドメインコントローラーが許可した。記録にある機器を更新または撤去し、"
    "FullSecureChannelProtection を 1 に設定する。",
    provider=NETLOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1210", "T1068"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    note="Current domain controllers refuse such connections and write 5827 instead.",
    reference="https://support.microsoft.com/help/4557222",
)

NETLOGON_VULNERABLE_CONNECTION_REFUSED = SecurityEvent(
    key="netlogon-vulnerable-connection-refused",
    event_id=5827,
    title="Vulnerable Netlogon connection of a computer refused",
    title_ja="コンピューターの脆弱な Netlogon 接続の拒否",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="An old device that needs an update, or somebody who tries Zerologon (CVE-2020-1472). The record names the "
    "computer; an account of a domain controller among them, or hundreds in a minute, is an attack: isolate the source.",
    runbook_ja="更新が必要な古い機器か、Zerologon (CVE-2020-1472) の試行である。記録にコンピューター名がある。ドメインコントローラーのアカウントが含まれる、または 1 分間に"
    "数百件であれば攻撃であり、接続元を隔離する。",
    provider=NETLOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1210", "T1068"),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    reference="https://support.microsoft.com/help/4557222",
)

NETLOGON_AUTHENTICATION_FAILED = SecurityEvent(
    key="netlogon-authentication-failed",
    event_id=5805,
    title="Computers failed to authenticate to Netlogon",
    title_ja="Netlogon に対するコンピューターの認証失敗",
    family=Family.DIRECTORY,
    severity=Severity.MEDIUM,
    runbook="One computer that fails all day lost its trust with the domain: reset it (Test-ComputerSecureChannel -Repair). "
    "Many in a minute, or one with a name that you do not have, is somebody who tries Zerologon: trace it and isolate it.",
    runbook_ja="一台が終日失敗する場合は信頼関係が壊れているため修復する (Test-ComputerSecureChannel -Repair)。1 分間に多数、または存在しない名前の場合は Zerologon の"
    "試行であり、接続元を特定して隔離する。",
    provider=NETLOGON,
    alarm=AlarmDefaults(threshold=3, period=300),
    attack=("T1210",),
    packs=(Pack.DOMAIN_CONTROLLER,),
    domain_controllers_only=True,
    volume=Volume.LOW,
    reference="https://support.microsoft.com/help/4557222",
)
