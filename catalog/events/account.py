"""User accounts: created, changed, locked, deleted."""

from catalog.alarm import AlarmDefaults
from catalog.audit_policy import AuditSubcategory, Outcome
from catalog.security_event import Family, Pack, SecurityEvent, Severity, Volume

USER_ACCOUNT_CREATED = SecurityEvent(
    key="user-account-created",
    event_id=4720,
    title="User account created",
    title_ja="ユーザーアカウント作成",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="Find the request for TargetUserName and who made it (SubjectUserName). Local accounts on a "
    "member server are rare: disable one that nobody asked for, and see which groups it was put into (4732).",
    runbook_ja="TargetUserName の作成申請と、作成者 (SubjectUserName) を確認する。メンバーサーバーのローカル"
    "アカウント作成はまれである。申請がなければ無効化し、追加されたグループ (4732) を調べる。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1136.001", "T1136.002"),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_PASSWORD_CHANGE_ATTEMPTED = SecurityEvent(
    key="user-password-change-attempted",
    event_id=4723,
    title="Password change attempted by the account itself",
    title_ja="ユーザーアカウントパスワード変更",
    family=Family.ACCOUNT,
    severity=Severity.LOW,
    runbook="An account changing its own password is routine for people, not for service accounts. Check "
    "service and built-in accounts, and any account that logged on from a new address shortly before.",
    runbook_ja="利用者自身のパスワード変更は通常の操作だが、サービスアカウントでは異例である。サービスアカウントと"
    "ビルトインアカウント、直前に新しいアドレスからログオンしたアカウントを確認する。",
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
    title="Password reset attempted by another account",
    title_ja="ユーザーアカウントパスワードリセット",
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
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_ACCOUNT_DISABLED = SecurityEvent(
    key="user-account-disabled",
    event_id=4725,
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
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_ACCOUNT_DELETED = SecurityEvent(
    key="user-account-deleted",
    event_id=4726,
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
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
)

USER_ACCOUNT_LOCKED_OUT = SecurityEvent(
    key="user-account-locked-out",
    event_id=4740,
    title="User account locked out",
    title_ja="ユーザーアカウントロック",
    family=Family.ACCOUNT,
    severity=Severity.MEDIUM,
    runbook="TargetDomainName is the computer that the failures came from. A stale password on a phone or "
    "service locks one account again and again; many accounts at once are password spraying.",
    runbook_ja="TargetDomainName が失敗の発生元コンピューターである。端末やサービスに残った古いパスワードは一つの"
    "アカウントを繰り返しロックする。多数のアカウントが同時にロックされた場合はパスワードスプレーを疑う。",
    audit=AuditSubcategory.USER_ACCOUNT_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1110",),
    packs=(Pack.ARTICLE, Pack.BASELINE),
    query_fields=("SubjectUserName", "TargetUserName", "TargetDomainName"),
    note="Member servers write it for local accounts, domain controllers for domain accounts.",
)
