"""The event logs and the audit policy: cleared, lost, weakened."""

from catalog.events.well_known_sid import SYSTEM
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.provider import SECURITY_EVENTLOG, SYSTEM_EVENTLOG
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

SECURITY_LOG_CLEARED = SecurityEvent(
    key="security-log-cleared",
    event_id=1102,
    evidence=Evidence.SEEN,
    title="Security log cleared",
    title_ja="セキュリティログの消去",
    family=Family.AUDIT,
    severity=Severity.CRITICAL,
    runbook="Nobody needs to clear this log: treat it as an intrusion until SubjectUserName explains it over "
    "another channel. What was written before is still in the log group, up to the last seconds: read "
    "backwards from this record for how the account came in (4624) and what it ran (4688, 7045).",
    runbook_ja="このログを消去する業務上の理由は通常ない。SubjectUserName の本人に別の手段で確認できるまで侵入として"
    "扱う。消去前の記録はロググループに残っているので、この記録から遡り、侵入経路 (4624) と実行内容 (4688、7045) を"
    "調べる。",
    provider=SECURITY_EVENTLOG,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.005",),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Silent.",
    query_fields=("SubjectUserName", "SubjectDomainName", "SubjectLogonId"),
    note="Windows always writes it, whatever the audit policy. Its values stand in UserData and not in Data elements.",
)

EVENT_LOG_CLEARED = SecurityEvent(
    key="event-log-cleared",
    event_id=104,
    evidence=Evidence.SEEN,
    title="Event log other than Security cleared",
    title_ja="セキュリティ以外のイベントログの消去",
    family=Family.AUDIT,
    severity=Severity.HIGH,
    runbook="The end of the record names the log that was cleared. One log may be an administrator tidying "
    "up; several within a minute, or System and PowerShell together, is somebody hiding. Ask SubjectUserName "
    "and look at what the account did in the hour before.",
    runbook_ja="消去されたログの名前は記録の末尾にある。一つだけなら管理者による整理の可能性もあるが、"
    "1 分以内に複数のログ、あるいは System と PowerShell が消去された場合は隠蔽を疑う。SubjectUserName の"
    "本人に確認し、直前 1 時間の操作を調べる。",
    provider=SYSTEM_EVENTLOG,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.005",),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Silent. The preparation of an image (Sysprep) clears some logs.",
    query_fields=("SubjectUserName", "SubjectDomainName", "BackupPath"),
    note="The Remote Desktop service has an event 104 of its own, so the provider is part of the pattern. The "
    "cleared log is in a second Channel element, which a query takes for the first one, of the record itself.",
    reference="https://learn.microsoft.com/windows-server/administration/windows-commands/wevtutil",
)

EVENT_LOG_SERVICE_STOPPED = SecurityEvent(
    key="event-log-service-stopped",
    event_id=1100,
    evidence=Evidence.SEEN,
    title="Event log service shut down",
    title_ja="イベントログサービスの停止",
    family=Family.AUDIT,
    severity=Severity.LOW,
    runbook="Written at every shutdown, so read it beside 4608: where Windows did not start again within "
    "minutes, somebody stopped the service alone, and the server is blind from here on.",
    runbook_ja="シャットダウンのたびに記録されるため、4608 と併せて読む。数分以内に Windows が再起動していなければ、"
    "サービスだけが停止された可能性があり、以後このサーバーの記録は残らない。",
    provider=SECURITY_EVENTLOG,
    attack=("T1685.001",),
    packs=(Pack.RANSOMWARE_PRECURSORS, Pack.SYSTEM_INTEGRITY),
)

AUDIT_EVENTS_DROPPED = SecurityEvent(
    key="audit-events-dropped",
    event_id=1101,
    evidence=Evidence.SEEN,
    title="Audit events dropped by the transport",
    title_ja="監査イベントの破棄",
    family=Family.AUDIT,
    severity=Severity.MEDIUM,
    runbook="Records are missing from here backwards. After a crash or power loss (6008) it is the tail that "
    "was never written; without one, look for a flood of events that drowned others, or for a process that "
    "tampers with the event log service.",
    runbook_ja="この時点より前の記録が欠落している。異常終了や電源断 (6008) の直後であれば、書き"
    "込まれなかった末尾の記録である。それ以外の場合は、他の記録を押し流した大量のイベントや、"
    "イベントログサービスを妨害するプロセスを探す。",
    provider=SECURITY_EVENTLOG,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("Reason",),
)

SECURITY_LOG_FULL = SecurityEvent(
    key="security-log-full",
    event_id=1104,
    evidence=Evidence.DOCUMENTED,
    title="Security log full",
    title_ja="セキュリティログが満杯",
    family=Family.AUDIT,
    severity=Severity.HIGH,
    runbook="The log is set not to overwrite and takes nothing more: this server is blind until it is emptied. "
    "Archive the log, set it to overwrite as needed and make it larger, then find out what filled it.",
    runbook_ja="ログが上書きされない設定のため、これ以上記録されない。ログを空にするまでこのサーバーは"
    "監視できない。ログを退避し、必要に応じて上書きする設定に変えて容量を増やし、何が大量に記録されたかを"
    "調べる。",
    provider=SECURITY_EVENTLOG,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    healthy="Silent while the log overwrites its oldest records, as is the default.",
    packs=(Pack.BASELINE, Pack.SYSTEM_INTEGRITY),
)

AUDIT_POLICY_CHANGED = SecurityEvent(
    key="audit-policy-changed",
    event_id=4719,
    evidence=Evidence.SEEN,
    title="System audit policy changed",
    title_ja="システム監査ポリシーの変更",
    family=Family.AUDIT,
    severity=Severity.LOW,
    runbook="A record for each subcategory that changed: expected when this project's audit policy is applied "
    "or Group Policy changes. Compare SubcategoryGuid and AuditPolicyChanges with what was deployed.",
    runbook_ja="変更されたサブカテゴリごとに記録される。本プロジェクトの監査ポリシーの適用時やグループポリシーの変更時"
    "には想定内である。SubcategoryGuid と AuditPolicyChanges を、適用した内容と照合する。",
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    attack=("T1685.001",),
    query_fields=("SubjectUserName", "SubcategoryId", "SubcategoryGuid", "AuditPolicyChanges"),
    note="Additions and removals alike, hence a signal; the alarm is on audit-policy-weakened.",
)

AUDIT_POLICY_WEAKENED = SecurityEvent(
    key="audit-policy-weakened",
    event_id=4719,
    evidence=Evidence.SEEN,
    title="Auditing removed from the system audit policy",
    title_ja="システム監査ポリシーからの監査の削除",
    family=Family.AUDIT,
    severity=Severity.HIGH,
    runbook="Auditing was switched off: %%8448 is success removed, %%8450 failure removed. A group policy has the "
    "computer itself as subject, comes back at each refresh on all its servers, and fails apply_audit_policy at "
    "each run as overruled: change that policy. An intruder has a user as subject, on one server, once: apply the "
    "audit policy again at once and look at what SubjectUserName did before and after.",
    runbook_ja="監査の一部が無効化された。%%8448 は成功の監査、%%8450 は失敗の監査の削除を表す。グループ ポリシーで"
    "あれば、変更者はコンピューター自身で、適用対象の全サーバーで更新のたびに繰り返され、apply_audit_policy は毎回"
    "「overruled by another policy」で失敗する。そのグループ ポリシーを修正する。侵入者であれば、変更者はユーザーで、"
    "1 台で一度だけ起きる。直ちに監査ポリシーを再適用し、SubjectUserName の前後の操作を調べる。",
    where=(Field("AuditPolicyChanges").none_of("%%8449", "%%8451", "%%8449, %%8451"),),
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Silent once this deployment's policy is applied; a group policy that says otherwise fires it at each refresh.",
    overlaps=("audit-policy-changed",),
    query_fields=("SubjectUserName", "SubcategoryId", "SubcategoryGuid", "AuditPolicyChanges"),
    note="A change is a removal unless it is one of the three pure additions, %%8449 (success), %%8451 "
    "(failure) or both: leaving these out is exact in one pattern, and a spelling not seen so far fires the alarm.",
)

AUDIT_POLICY_SECURITY_CHANGED = SecurityEvent(
    key="audit-policy-security-changed",
    event_id=4715,
    evidence=Evidence.DOCUMENTED,
    title="Permissions on the audit policy changed",
    title_ja="監査ポリシーのアクセス許可の変更",
    family=Family.AUDIT,
    severity=Severity.HIGH,
    runbook="Who may read or set the audit policy was changed (auditpol /set /sd), which is next to never done. "
    "Compare OldSd and NewSd, restore the old one, and find out what SubjectUserName was about.",
    runbook_ja="監査ポリシーを参照・設定できる者が変更された (auditpol /set /sd)。通常は行われない操作である。OldSd と "
    "NewSd を比較して元に戻し、SubjectUserName の目的を確認する。",
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("SubjectUserName", "SubjectDomainName", "OldSd", "NewSd"),
)

GLOBAL_OBJECT_AUDITING_CHANGED = SecurityEvent(
    key="global-object-auditing-changed",
    event_id=4817,
    evidence=Evidence.DOCUMENTED,
    title="Global object access auditing changed",
    title_ja="グローバルオブジェクトアクセスの監査の変更",
    family=Family.AUDIT,
    severity=Severity.MEDIUM,
    runbook="The audit entries that apply to every file or registry key (ObjectName) were changed. An empty "
    "NewSd means that they are gone: check it against the change calendar and set them again.",
    runbook_ja="すべてのファイルまたはレジストリキー (ObjectName) に適用される監査エントリが変更された。NewSd が空であれば"
    "削除されている。変更管理の記録と照合し、必要であれば再設定する。",
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("SubjectUserName", "ObjectName", "OldSd", "NewSd"),
)

CRASH_ON_AUDIT_FAIL_CHANGED = SecurityEvent(
    key="crash-on-audit-fail-changed",
    event_id=4906,
    evidence=Evidence.DOCUMENTED,
    title="CrashOnAuditFail value changed",
    title_ja="CrashOnAuditFail 値の変更",
    family=Family.AUDIT,
    severity=Severity.MEDIUM,
    runbook="0 lets the server go on when it cannot write audits, 1 halts it, 2 says that it has halted. Set it "
    "back to your standard: turned off it hides lost audits, turned on it lets anyone who fills the log "
    "stop the server.",
    runbook_ja="0 は監査を記録できなくても続行、1 は停止、2 は停止したことを表す。自環境の標準値に戻す。"
    "無効化されれば監査の欠落が見えなくなり、有効化されればログを満杯にするだけでサーバーを"
    "停止できてしまう。",
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("CrashOnAuditFailValue",),
)

AUDIT_ENTRY_CHANGED = SecurityEvent(
    key="audit-entry-changed",
    event_id=4907,
    evidence=Evidence.SEEN,
    title="Audit entry (SACL) of an object changed",
    title_ja="オブジェクトの監査設定 (SACL) の変更",
    family=Family.AUDIT,
    severity=Severity.LOW,
    runbook="Look for watched paths in ObjectName: an audit entry taken away there blinds the alarms on that "
    "object. Compare OldSd and NewSd, and apply the audit policy again where they differ without a reason.",
    runbook_ja="ObjectName に監視対象のパスがないか確認する。監査エントリが削除されると、そのオブジェクトのアラームは"
    "機能しなくなる。OldSd と NewSd を比較し、理由のない差異があれば監査ポリシーを再適用する。",
    where=(Field("SubjectUserSid") != SYSTEM,),
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    attack=("T1685.001",),
    volume=Volume.LOW,
    query_fields=("SubjectUserName", "ObjectType", "ObjectName", "OldSd", "NewSd", "ProcessName"),
    note="Changes by SYSTEM are left out: Windows Update sets the entries of each file that it replaces.",
)

SPECIAL_GROUPS_CHANGED = SecurityEvent(
    key="special-groups-changed",
    event_id=4908,
    evidence=Evidence.SEEN,
    title="Special Groups logon table set",
    title_ja="特別なグループのログオンテーブルの変更",
    family=Family.AUDIT,
    severity=Severity.LOW,
    runbook="SidList is the whole list of groups whose logons are written as 4964. Compare it with the record "
    "before: a group that is missing now is no longer watched.",
    runbook_ja="SidList は、ログオンが 4964 として記録されるグループの一覧である。直前の記録と比較し、なくなった"
    "グループがあれば、そのログオンは監視されなくなっている。",
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    attack=("T1685.001",),
    packs=(Pack.PRIVILEGED_ACCESS,),
    query_fields=("SidList",),
    note="Also written at each start of Windows where the table is in use, hence a signal.",
)

PER_USER_AUDIT_POLICY_CHANGED = SecurityEvent(
    key="per-user-audit-policy-changed",
    event_id=4912,
    evidence=Evidence.SEEN,
    title="Per-user audit policy changed",
    title_ja="ユーザーごとの監査ポリシーの変更",
    family=Family.AUDIT,
    severity=Severity.HIGH,
    runbook="An exception from the audit policy for one account (TargetUserSid), which hides what it does. "
    "Almost nobody uses this: remove it (auditpol /remove) and find out what both accounts did.",
    runbook_ja="特定のアカウント (TargetUserSid) だけを監査の対象外にでき、その操作を隠す手段となる。通常は"
    "使われない機能であるため、削除 (auditpol /remove) したうえで、対象と変更者の両方のアカウントの操作を"
    "調べる。",
    audit=AuditSubcategory.AUDIT_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.BASELINE,),
    healthy="Silent.",
    query_fields=("SubjectUserName", "TargetUserSid", "SubcategoryId", "AuditPolicyChanges"),
)

AUDITS_LOST = SecurityEvent(
    key="audits-lost",
    event_id=4612,
    title="Audits lost: the queue was full",
    title_ja="監査キューの枯渇による監査の欠落",
    family=Family.AUDIT,
    severity=Severity.MEDIUM,
    runbook="AuditsDiscarded audits were thrown away because more came than could be written. Find what floods "
    "the log (the most frequent event id of the minutes before) and narrow its audit entries; a flood on "
    "purpose is a way to hide.",
    runbook_ja="書き込みが追いつかず、AuditsDiscarded 件の監査が破棄された。直前の数分間で最も多いイベント ID を調べ、"
    "監査対象を絞る。意図的に大量のイベントを発生させて隠蔽する手口もある。",
    audit=AuditSubcategory.SYSTEM_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("AuditsDiscarded",),
)

RECOVERED_FROM_CRASH_ON_AUDIT_FAIL = SecurityEvent(
    key="recovered-from-crash-on-audit-fail",
    event_id=4621,
    title="Administrator recovered the system from CrashOnAuditFail",
    title_ja="管理者による CrashOnAuditFail からの復旧",
    family=Family.AUDIT,
    severity=Severity.MEDIUM,
    runbook="The server had halted because it could not write an audit, and some are missing. Find out what "
    "filled the Security log before the halt, and whether CrashOnAuditFail is meant to be on (4906).",
    runbook_ja="監査を記録できずサーバーが停止し、一部の監査が欠落している。停止前にセキュリティログが"
    "満杯になった原因と、CrashOnAuditFail の有効化が意図したものか (4906) を確認する。",
    audit=AuditSubcategory.SECURITY_STATE_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1685.001",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("CrashOnAuditFailValue",),
)
