"""Security groups: members added and removed."""

from catalog.alarm import AlarmDefaults
from catalog.audit_policy import AuditSubcategory
from catalog.condition import Field
from catalog.security_event import Family, Pack, SecurityEvent, Severity

ADMINISTRATORS_MEMBER_ADDED = SecurityEvent(
    key="administrators-member-added",
    event_id=4732,
    title="Member added to the local Administrators group",
    title_ja="ローカルグループにメンバーが追加",
    family=Family.GROUP,
    severity=Severity.HIGH,
    runbook="Check MemberSid against the change calendar; SubjectUserName made the change. Remove a member "
    "that nobody approved, and look for what it did with the right since (4672, 4688, 7045).",
    runbook_ja="MemberSid を変更管理の記録と照合する。変更者は SubjectUserName である。承認のないメンバーは削除し、"
    "その権限で行われた操作 (4672、4688、7045) を調べる。",
    where=(Field("TargetSid") == "S-1-5-32-544",),
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    query_fields=("SubjectUserName", "MemberSid", "MemberName", "TargetUserName"),
    note="The published pattern names the group, Administrators, which Windows localises (Administratoren, "
    "Administrateurs): matched by the group's SID, which is the same everywhere.",
)
