"""Privileges: assigned to a logon, used, granted."""

from catalog.audit_policy import AuditSubcategory
from catalog.security_event import Family, Pack, SecurityEvent, Severity, Volume

SPECIAL_PRIVILEGES_ASSIGNED = SecurityEvent(
    key="special-privileges-assigned",
    event_id=4672,
    title="Special privileges assigned to a new logon",
    title_ja="新しいログオンに特権が割り当て",
    family=Family.PRIVILEGE,
    severity=Severity.INFORMATIONAL,
    runbook="A signal to read beside other alarms: it tells which logons had administrator-like rights. Join "
    "it with 4624 by SubjectLogonId and TargetLogonId.",
    runbook_ja="他のアラームと併せて読むための記録で、管理者相当の権限を持つログオンを示す。SubjectLogonId と 4624 の "
    "TargetLogonId で突き合わせる。",
    audit=AuditSubcategory.SPECIAL_LOGON,
    attack=("T1078",),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    volume=Volume.HIGH,
    query_fields=("SubjectUserName", "SubjectDomainName", "SubjectLogonId"),
    note="As published. Windows writes it for each logon of SYSTEM as well, so it is a metric without an alarm.",
)
