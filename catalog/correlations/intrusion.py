"""What intruders do once they are in: spread, persist, and hide."""

from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation, CorrelationType
from catalog.model.provider import SECURITY_EVENTLOG, SERVICE_CONTROL_MANAGER, SYSTEM_EVENTLOG
from catalog.model.security_event import Severity

_SERVICE_INSTALLED = CorrelatedRecord("installed", 7045, provider=SERVICE_CONTROL_MANAGER)
_POLICY = AuditSubcategory.AUDIT_POLICY_CHANGE

MANY_SHARES_TOUCHED = Correlation(
    key="many-shares-touched",
    type=CorrelationType.VALUE_COUNT,
    title="One account opened many shares",
    title_ja="一つのアカウントによる多数の共有へのアクセス",
    severity=Severity.MEDIUM,
    runbook="Look for the host of IpAddress: ransomware lists shares before it encrypts them. Isolate it unless a backup "
    "or scanner runs there, which is excluded by its account's name.",
    runbook_ja="IpAddress のホストを調べる。ランサムウェアは暗号化の前に共有を列挙する。バックアップやスキャンでなければ隔離し、"
    "それらはアカウント名で除外する。",
    records=(
        CorrelatedRecord(
            "opened",
            5140,
            (Field("SubjectUserName").not_ends_with("$"), Field("ShareName") != r"\\*\IPC$"),
            audit=AuditSubcategory.FILE_SHARE,
        ),
    ),
    group_by=("SubjectUserName", "IpAddress"),
    timespan=600,
    threshold=10,
    counted="ShareName",
    attack=("T1135", "T1039"),
    approximation="Shares of one name on several servers count once.",
)

SERVICE_INSTALLED_ON_MANY_SERVERS = Correlation(
    key="service-installed-on-many-servers",
    type=CorrelationType.VALUE_COUNT,
    title="The same service installed on several servers within minutes",
    title_ja="数分以内の複数のサーバーへの同じサービスのインストール",
    severity=Severity.HIGH,
    runbook="Read ImagePath. Software that you distribute is known by its name: exclude it. Otherwise isolate the servers, "
    "and find the account that logged on to each of them just before (4624, type 3).",
    runbook_ja="ImagePath を確認する。自社で配布するソフトウェアは名前で除外する。それ以外ならサーバーを隔離し、"
    "直前に各サーバーへログオンしたアカウント (4624、種類 3) を調べる。",
    records=(_SERVICE_INSTALLED,),
    group_by=("ServiceName",),
    timespan=900,
    threshold=3,
    counted=COMPUTER,
    left_out={"ServiceName": ("AmazonCloudWatchAgent", "AmazonSSMAgent")},
    attack=("T1543.003", "T1570"),
)

LOG_CLEARED_AFTER_INSTALLATION = Correlation(
    key="log-cleared-after-installation",
    type=CorrelationType.TEMPORAL_ORDERED,
    title="Event log cleared after a service or task was installed",
    title_ja="サービスまたはタスクのインストール後のイベント ログの消去",
    severity=Severity.CRITICAL,
    runbook="Isolate the server. The service or task in the records is what the clearing hides: keep its file for "
    "analysis, and look for the same name on all servers.",
    runbook_ja="サーバーを隔離する。消去によって隠されたのはレコード中のサービスまたはタスクである。ファイルを分析用に保全し、"
    "同じ名前をすべてのサーバーで探す。",
    records=(
        _SERVICE_INSTALLED,
        CorrelatedRecord("installed", 4697, audit=AuditSubcategory.SECURITY_SYSTEM_EXTENSION),
        CorrelatedRecord("installed", 4698, audit=AuditSubcategory.OTHER_OBJECT_ACCESS_EVENTS),
        CorrelatedRecord("cleared", 1102, provider=SECURITY_EVENTLOG),
        CorrelatedRecord("cleared", 104, provider=SYSTEM_EVENTLOG),
    ),
    group_by=(COMPUTER,),
    timespan=3600,
    attack=("T1070.001", "T1543.003", "T1053.005"),
)

AUDIT_POLICY_WEAKENED_AND_RESTORED = Correlation(
    key="audit-policy-weakened-and-restored",
    type=CorrelationType.TEMPORAL_ORDERED,
    title="Audit policy weakened and restored within an hour",
    title_ja="監査ポリシーの弱体化と一時間以内の復元",
    severity=Severity.HIGH,
    runbook="What happened between the two records was not audited. Ask who ran auditpol or changed the policy; the "
    "association of this deployment restores it too, and then the first record alone is the question.",
    runbook_ja="二つのレコードの間の出来事は監査されていない。auditpol の実行者またはポリシーの変更者を確認する。"
    "この構成の関連付けも復元を行うため、その場合は最初のレコードが問題となる。",
    records=(
        CorrelatedRecord(
            "weakened", 4719, (Field("AuditPolicyChanges").starts_with("%%8448", "%%8450"),), audit=_POLICY
        ),
        CorrelatedRecord(
            "restored", 4719, (Field("AuditPolicyChanges").starts_with("%%8449", "%%8451"),), audit=_POLICY
        ),
    ),
    group_by=(COMPUTER, "SubcategoryGuid"),
    timespan=3600,
    attack=("T1685.001",),
    approximation="A record that removes one outcome and adds the other counts as weakening alone.",
)
