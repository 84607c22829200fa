"""Active Directory Certificate Services: the authority, its templates, and the online responder.

A certification authority writes its records only where its own audit filter asks for them, beside the audit
policy of Windows: ``certutil -setreg CA\\AuditFilter 127``, then a restart of the service.
"""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_AUDIT_FILTER = (
    "The authority's own audit filter has to ask for it, too: certutil -setreg CA\\AuditFilter 127."
)
_TEMPLATE_AUDIT = (
    "Only where templates are audited: certutil -setreg policy\\EditFlags +EDITF_AUDITCERTTEMPLATELOAD."
)
_RESPONDER_AUDIT = "The online responder's own audit settings have to ask for it, too."
#: Microsoft documents these events together, on the page of their subcategory or in a table.
_SUBCATEGORY_PAGE = "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/audit-certification-services"
_APPENDIX_L = "https://learn.microsoft.com/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor"

CERTIFICATE_REQUEST_DENIED_BY_MANAGER = SecurityEvent(
    key="certificate-request-denied-by-manager",
    event_id=4868,
    title="Pending certificate request denied by a manager",
    title_ja="証明書マネージャーによる保留中の要求の拒否",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.LOW,
    runbook="Somebody asked for a certificate that a manager would not give. Look RequestId up in the authority "
    "to see who asked for which template and name.",
    runbook_ja="マネージャーが発行を認めなかった要求である。証明機関で RequestId を検索し、誰がどのテンプレートと名前で要求したかを"
    "確認する。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "RequestId"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_REVOKED = SecurityEvent(
    key="certificate-revoked",
    event_id=4870,
    title="Certificate revoked",
    title_ja="証明書の失効",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.LOW,
    runbook="One at a time is housekeeping. Ten within an hour, with no incident that asked for it, cuts off "
    "services and people: stop SubjectUserName, and reissue before the next revocation list is published.",
    runbook_ja="単発であれば通常の運用である。理由なく 1 時間に 10 件以上の失効が続くと、サービスや利用者が締め出される。"
    "SubjectUserName の操作を止め、次の失効リストの公開前に再発行する。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=10, period=3600),
    attack=("T1531",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "CertificateSerialNumber", "RevocationReason"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATION_AUTHORITY_BACKED_UP = SecurityEvent(
    key="certification-authority-backed-up",
    event_id=4876,
    evidence=Evidence.SEEN,
    title="Backup of the certification authority started",
    title_ja="証明機関のバックアップの開始",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="A backup can hold the authority's private key, with which anybody's certificate can be made. If it "
    "is not the scheduled backup and its account, treat the key as stolen: find the file, and prepare to "
    "replace the authority's certificate.",
    runbook_ja="バックアップには証明機関の秘密鍵が含まれることがあり、任意のユーザーの証明書を作成できる。"
    "定期バックアップとそのアカウントによるものでなければ、鍵が盗まれたとみなす。ファイルを特定し、"
    "証明機関の証明書の入れ替えを準備する。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649", "T1552.004"),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "SubjectDomainName", "BackupType"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATION_AUTHORITY_PERMISSIONS_CHANGED = SecurityEvent(
    key="certification-authority-permissions-changed",
    event_id=4882,
    title="Permissions of the certification authority changed",
    title_ja="証明機関のアクセス許可の変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="SecuritySettings lists who may now manage the authority or its certificates: either right is "
    "enough to take over the domain. Take back what was not approved, and look at what was issued since (4887).",
    runbook_ja="SecuritySettings は、証明機関や証明書を管理できる者の一覧である。いずれかの権限があればドメインを掌握できる。承認の"
    "ないものを取り消し、その後に発行された証明書 (4887) を調べる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649", "T1098"),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "SubjectDomainName", "SecuritySettings"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

ARCHIVED_KEY_RETRIEVED = SecurityEvent(
    key="archived-key-retrieved",
    event_id=4883,
    title="Archived private key retrieved",
    title_ja="アーカイブされた秘密鍵の取得",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="A key recovery agent can now read what the owner of RequestId encrypted, mail included. Match it "
    "with a recovery request that the owner or the law made.",
    runbook_ja="キー回復エージェントが、RequestId の所有者が暗号化したメールなどを読める状態になった。所有者または法的手続きによる"
    "回復依頼と照合する。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1552.004",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "SubjectDomainName", "RequestId"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATION_AUTHORITY_AUDIT_FILTER_CHANGED = SecurityEvent(
    key="certification-authority-audit-filter-changed",
    event_id=4885,
    evidence=Evidence.SEEN,
    title="Audit filter of the certification authority changed",
    title_ja="証明機関の監査フィルターの変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="127 in AuditFilter is everything; any less blinds some of the events of this family. Set it back "
    "(certutil -setreg CA\\AuditFilter 127) and look for what was issued or changed while it was lower.",
    runbook_ja="AuditFilter の 127 はすべての監査を表し、それより小さい値では一部のイベントが記録されない。"
    "certutil -setreg CA\\AuditFilter 127 で元に戻し、それまでの間に発行または変更されたものを調べる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "SubjectDomainName", "AuditFilter"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_REQUESTED = SecurityEvent(
    key="certificate-requested",
    event_id=4886,
    title="Certificate requested",
    title_ja="証明書の要求の受信",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to read beside others: Requester and Attributes tell who asked, from which computer "
    "(ccm, rmd) and by which process.",
    runbook_ja="他の記録と併せて読む。Requester と Attributes から、誰がどのコンピューター (ccm、rmd) と"
    "プロセスから要求したかがわかる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    volume=Volume.MEDIUM,
    query_fields=("Requester", "RequestId", "Attributes"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_ISSUED = SecurityEvent(
    key="certificate-issued",
    event_id=4887,
    title="Certificate issued",
    title_ja="証明書の発行",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.INFORMATIONAL,
    runbook="After an incident, list what was issued to the accounts and computers involved: a certificate "
    "stays valid when the password is changed, and has to be revoked on its own.",
    runbook_ja="インシデント後に、関係するアカウントとコンピューターに発行された証明書を洗い出す。パスワードを変更しても証明書は"
    "有効なままであり、別途失効させる必要がある。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    volume=Volume.MEDIUM,
    query_fields=("Requester", "Subject", "RequestId", "Attributes"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_ISSUED_FOR_NAME_IN_REQUEST = SecurityEvent(
    key="certificate-issued-for-name-in-request",
    event_id=4887,
    title="Certificate issued for a name that its requester chose",
    title_ja="要求者が指定した名前での証明書の発行",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.CRITICAL,
    runbook="Requester was given a certificate for the user named after SAN:upn= in Attributes and can log on as "
    "that user. Revoke it, disable Requester, and turn EDITF_ATTRIBUTESUBJECTALTNAME2 off on the authority: "
    "with it every template is an open door.",
    runbook_ja="Requester は、Attributes の SAN:upn= に続くユーザーの証明書を取得し、そのユーザーとして"
    "ログオンできる。証明書を失効させ、Requester を無効化し、証明機関の EDITF_ATTRIBUTESUBJECTALTNAME2 を"
    "無効にする。有効である限り、すべてのテンプレートが悪用される。",
    where=(Field("Attributes").contains("SAN:upn="),),
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    overlaps=("certificate-issued",),
    query_fields=("Requester", "Subject", "RequestId", "Attributes"),
    note=_AUDIT_FILTER
    + " Finds the spelling that certreq and the attack tools use; the authority takes others.",
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_REQUEST_DENIED = SecurityEvent(
    key="certificate-request-denied",
    event_id=4888,
    title="Certificate request denied",
    title_ja="証明書の要求の拒否",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.MEDIUM,
    runbook="Several refusals within minutes for one Requester is somebody trying the templates one by one. "
    "See in the authority which they were, and whether a later request went through (4887).",
    runbook_ja="一つの Requester の要求が短時間に続けて拒否された場合は、テンプレートが順に試されている。"
    "証明機関で対象のテンプレートを確認し、その後に発行されたもの (4887) がないか調べる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=5, period=300),
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    volume=Volume.LOW,
    query_fields=("Requester", "Subject", "RequestId", "Attributes"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_MANAGER_SETTINGS_CHANGED = SecurityEvent(
    key="certificate-manager-settings-changed",
    event_id=4890,
    title="Certificate manager settings changed",
    title_ja="証明書マネージャーの設定の変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="Which managers may approve which requests was changed. RestrictedPermissions has the new list: "
    "compare it with the roles that you gave out, and look at approvals since.",
    runbook_ja="どのマネージャーがどの要求を承認できるかが変更された。RestrictedPermissions の新しい一覧を、割り当てた役割と照合し、"
    "その後の承認を調べる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649", "T1098"),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "EnableRestrictedPermissions", "RestrictedPermissions"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATION_AUTHORITY_CONFIGURATION_CHANGED = SecurityEvent(
    key="certification-authority-configuration-changed",
    event_id=4891,
    title="Configuration of the certification authority changed",
    title_ja="証明機関の構成エントリの変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="Entry and Value tell what was set. EditFlags, RequestDisposition and InterfaceFlags decide who gets "
    "a certificate for which name: undo a change there that was not planned, and restart the service.",
    runbook_ja="Entry と Value が設定内容である。EditFlags、RequestDisposition、InterfaceFlags は、誰がどの名前の証明書を取得できるか"
    "を左右する。計画外の変更は元に戻してサービスを再起動する。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "Node", "Entry", "Value"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATION_AUTHORITY_PROPERTY_CHANGED = SecurityEvent(
    key="certification-authority-property-changed",
    event_id=4892,
    title="Property of the certification authority changed",
    title_ja="証明機関のプロパティの変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.MEDIUM,
    runbook="Often the list of templates that the authority offers. Compare PropertyValue with the list before: "
    "a template that was added may let its members ask for anybody's certificate.",
    runbook_ja="多くは、証明機関が提供するテンプレートの一覧の変更である。PropertyValue を以前の一覧と"
    "比較する。追加されたテンプレートにより、任意のユーザーの証明書を要求できるようになる場合がある。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "PropertyName", "PropertyValue"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_ROWS_DELETED = SecurityEvent(
    key="certificate-rows-deleted",
    event_id=4896,
    title="Rows deleted from the certificate database",
    title_ja="証明書データベースの行の削除",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.MEDIUM,
    runbook="A certificate whose row is gone is valid and no longer listed or easily revoked. If this is not "
    "the clearing of expired rows (Filter), compare the database with the backup and with 4887.",
    runbook_ja="行を削除された証明書は、有効なまま一覧から消え、失効も難しくなる。期限切れの行の整理 (Filter) でなければ、バックアップ"
    "および 4887 とデータベースを比較する。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1070",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "TableId", "Filter", "RowsDeleted"),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

ROLE_SEPARATION_CHANGED = SecurityEvent(
    key="role-separation-changed",
    event_id=4897,
    title="Role separation of the certification authority set",
    title_ja="証明機関の役割の分離の設定",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="RoleSeparationEnabled tells whether one account may now both administer the authority and issue "
    "certificates. Nobody changes this in daily work: check it against the design of your authority.",
    runbook_ja="RoleSeparationEnabled は、一つのアカウントが証明機関の管理と証明書の発行を兼ねられるかを表す。日常の運用で変更される"
    "設定ではない。証明機関の設計と照合する。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649", "T1098"),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("RoleSeparationEnabled",),
    note=_AUDIT_FILTER,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_TEMPLATE_CHANGED = SecurityEvent(
    key="certificate-template-changed",
    event_id=4899,
    title="Certificate template changed",
    title_ja="証明書テンプレートの変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.MEDIUM,
    runbook="Compare NewTemplateContent with OldTemplateContent: a subject supplied in the request, client "
    "authentication or agent rights that were not there before make the template a way to become an "
    "administrator. Undo it, and revoke what was issued from it since.",
    runbook_ja="NewTemplateContent と OldTemplateContent を比較する。要求でのサブジェクトの指定、クライアント認証、登録エージェントの"
    "権限が加わっていれば、管理者になりすます手段となる。元に戻し、その後に発行された証明書を失効させる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("TemplateInternalName", "TemplateVersion", "DCDNSName"),
    note=_TEMPLATE_AUDIT,
    reference=_SUBCATEGORY_PAGE,
)

CERTIFICATE_TEMPLATE_PERMISSIONS_CHANGED = SecurityEvent(
    key="certificate-template-permissions-changed",
    event_id=4900,
    title="Permissions of a certificate template changed",
    title_ja="証明書テンプレートのアクセス許可の変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="NewSecurityDescriptor tells who may enrol or change the template now. Domain Users with enrolment "
    "or write rights on a template for logon is the usual way to a domain administrator's certificate.",
    runbook_ja="NewSecurityDescriptor は、このテンプレートで登録できる者と、テンプレートを変更できる者を"
    "示す。ログオン用のテンプレートで Domain Users に登録や書き込みが許可されると、ドメイン管理者の証明書を"
    "取得する典型的な手段となる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649", "T1222.001"),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("TemplateInternalName", "NewSecurityDescriptor", "OldSecurityDescriptor"),
    note=_TEMPLATE_AUDIT,
    reference=_SUBCATEGORY_PAGE,
)

ONLINE_RESPONDER_STARTED = SecurityEvent(
    key="online-responder-started",
    event_id=5120,
    evidence=Evidence.SEEN,
    title="Online responder (OCSP) service started",
    title_ja="オンラインレスポンダー (OCSP) サービスの開始",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to read beside online-responder-stopped: together they are a restart.",
    runbook_ja="online-responder-stopped と併せて読む。両方がそろえば再起動である。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    packs=(Pack.CERTIFICATE_SERVICES,),
    note=_RESPONDER_AUDIT,
    reference=_APPENDIX_L,
)

ONLINE_RESPONDER_STOPPED = SecurityEvent(
    key="online-responder-stopped",
    event_id=5121,
    evidence=Evidence.SEEN,
    title="Online responder (OCSP) service stopped",
    title_ja="オンラインレスポンダー (OCSP) サービスの停止",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.LOW,
    runbook="While it is down, clients fall back to the revocation list or accept revoked certificates. Without "
    "a start (5120) after it, start the service and find out who stopped it.",
    runbook_ja="停止中、クライアントは失効リストに頼るか、失効した証明書を受け入れてしまう。その後に開始 (5120) がなければ、サービスを"
    "開始し、停止した者を調べる。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    attack=("T1489",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    note=_RESPONDER_AUDIT,
    reference=_APPENDIX_L,
)

ONLINE_RESPONDER_CONFIGURATION_CHANGED = SecurityEvent(
    key="online-responder-configuration-changed",
    event_id=5122,
    title="Revocation configuration of the online responder changed",
    title_ja="オンラインレスポンダーの失効構成の変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.MEDIUM,
    runbook="CAConfigurationId names the authority whose answers changed, NewValue the new setting. A responder "
    "that vouches with another certificate or an old list calls revoked certificates good.",
    runbook_ja="CAConfigurationId は対象の証明機関、NewValue は新しい設定である。別の証明書や古い失効リストを使うよう変更されると、"
    "失効した証明書が有効と応答される。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "CAConfigurationId", "NewValue"),
    note=_RESPONDER_AUDIT,
    reference=_APPENDIX_L,
)

ONLINE_RESPONDER_PROPERTY_CHANGED = SecurityEvent(
    key="online-responder-property-changed",
    event_id=5123,
    evidence=Evidence.SEEN,
    title="Property of the online responder changed",
    title_ja="オンラインレスポンダーのプロパティの変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.LOW,
    runbook="PropertyName and NewValue tell what changed. AuditFilter and LogLevel decide what is still "
    "recorded about the responder; the sizes of its cache are tuning.",
    runbook_ja="PropertyName と NewValue が変更内容である。AuditFilter と LogLevel は記録される内容を左右する。キャッシュの大きさなどは"
    "調整の範囲である。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "PropertyName", "NewValue"),
    note=_RESPONDER_AUDIT,
    reference=_APPENDIX_L,
)

ONLINE_RESPONDER_PERMISSIONS_CHANGED = SecurityEvent(
    key="online-responder-permissions-changed",
    event_id=5124,
    evidence=Evidence.SEEN,
    title="Permissions of the online responder changed",
    title_ja="オンラインレスポンダーのアクセス許可の変更",
    family=Family.CERTIFICATE_SERVICES,
    severity=Severity.HIGH,
    runbook="NewSecuritySettings lists who may administer or query the responder. Whoever administers it can "
    "have revoked certificates called good: take back what was not approved.",
    runbook_ja="NewSecuritySettings は、レスポンダーを管理・照会できる者の一覧である。管理者は、失効した証明書を有効と応答させることが"
    "できる。承認のない権限を取り消す。",
    audit=AuditSubcategory.CERTIFICATION_SERVICES,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1649", "T1098"),
    packs=(Pack.CERTIFICATE_SERVICES,),
    query_fields=("SubjectUserName", "SubjectDomainName", "NewSecuritySettings"),
    note=_RESPONDER_AUDIT,
    reference=_APPENDIX_L,
)
