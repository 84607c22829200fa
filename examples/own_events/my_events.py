"""Events of our own, as records of the catalog's type: every record at the top level is watched.

The file is run by whatever reads deployment.yaml. It may compute: here, one event for each decoy account.
"""

from catalog import AlarmDefaults, AuditSubcategory, Family, Field, Outcome, SecurityEvent, Severity

BREAK_GLASS_ACCOUNT_USED = SecurityEvent(
    key="break-glass-account-used",
    event_id=4624,
    title="Break-glass account used",
    title_ja="緊急用アカウントの使用",
    family=Family.CUSTOM,
    severity=Severity.HIGH,
    runbook="Call whoever keeps the envelope. If it is still sealed, somebody knows the password: change it.",
    runbook_ja="封筒の保管者に電話で確認する。未開封であればパスワードが漏れているので、直ちに変更する。",
    where=(Field("TargetUserName") == "break-glass",),
    audit=AuditSubcategory.LOGON,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1078.002",),
)

DECOYS = [
    SecurityEvent(
        key=f"decoy-{account}-touched",
        event_id=4625,
        title=f"Logon attempted with the decoy account {account}",
        title_ja=f"おとりアカウント {account} によるログオンの試み",
        family=Family.CUSTOM,
        severity=Severity.CRITICAL,
        runbook="Nobody has a reason to try this account. Find the host at IpAddress and isolate it.",
        runbook_ja="このアカウントを使う理由のある者はいない。IpAddress のホストを特定し、隔離する。",
        where=(Field("TargetUserName") == account,),
        audit=AuditSubcategory.LOGON,
        outcome=Outcome.FAILURE,
        alarm=AlarmDefaults(),
        attack=("T1110",),
    )
    for account in ("backup-admin", "sqladmin")
]
