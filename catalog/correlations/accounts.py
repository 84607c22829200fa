"""Accounts that appear, rise and disappear, and many that are changed at once."""

from catalog.model.audit_policy import AuditSubcategory
from catalog.model.condition import Field
from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation, CorrelationType
from catalog.model.security_event import Severity

_ACCOUNTS = AuditSubcategory.USER_ACCOUNT_MANAGEMENT
_GROUPS = AuditSubcategory.SECURITY_GROUP_MANAGEMENT
_CREATED = CorrelatedRecord("created", 4720, fields={"AccountSid": "TargetSid"}, audit=_ACCOUNTS)
_MEMBER = {"AccountSid": "MemberSid"}

ACCOUNT_CREATED_AND_MADE_ADMINISTRATOR = Correlation(
    key="account-created-and-made-administrator",
    type=CorrelationType.TEMPORAL_ORDERED,
    title="Account created and made an administrator within an hour",
    title_ja="アカウントの作成と一時間以内の管理者への追加",
    severity=Severity.HIGH,
    runbook="Ask the person in SubjectUserName for the change request. Without one, disable the new account, remove it "
    "from the group, and take the account of SubjectUserName for stolen.",
    runbook_ja="SubjectUserName の担当者に変更申請を確認する。申請がなければ新しいアカウントを無効にしてグループから外し、"
    "SubjectUserName のアカウントは盗用されたものとして扱う。",
    records=(
        _CREATED,
        CorrelatedRecord(
            "raised", 4732, (Field("TargetSid") == "S-1-5-32-544",), fields=_MEMBER, audit=_GROUPS
        ),
        CorrelatedRecord(
            "raised", 4728, (Field("TargetSid").ends_with("-512"),), fields=_MEMBER, audit=_GROUPS
        ),
        CorrelatedRecord(
            "raised", 4756, (Field("TargetSid").ends_with("-518", "-519"),), fields=_MEMBER, audit=_GROUPS
        ),
    ),
    group_by=("AccountSid",),
    timespan=3600,
    attack=("T1136", "T1098.007"),
)

ACCOUNT_CREATED_AND_DELETED = Correlation(
    key="account-created-and-deleted",
    type=CorrelationType.TEMPORAL_ORDERED,
    title="Account created and deleted within a day",
    title_ja="アカウントの作成と一日以内の削除",
    severity=Severity.MEDIUM,
    runbook="Look at what the account did while it existed: 4624, 4688 and 4698 with its name, on every server. A "
    "test by an administrator has a ticket; an intruder removes traces so.",
    runbook_ja="アカウントが存在した間の操作 (その名前の 4624、4688、4698) をすべてのサーバーで調べる。"
    "管理者のテストであれば記録がある。侵入者は痕跡を消すために削除する。",
    records=(
        _CREATED,
        CorrelatedRecord("deleted", 4726, fields={"AccountSid": "TargetSid"}, audit=_ACCOUNTS),
    ),
    group_by=("AccountSid",),
    timespan=86_400,
    attack=("T1136", "T1070"),
)

MANY_ACCOUNTS_DISABLED_OR_DELETED = Correlation(
    key="many-accounts-disabled-or-deleted",
    type=CorrelationType.VALUE_COUNT,
    title="Many accounts disabled or deleted by one account",
    title_ja="一つのアカウントによる多数のアカウントの無効化または削除",
    severity=Severity.HIGH,
    runbook="Stop the account of SubjectUserName unless its owner is cleaning up with a ticket. Restore deleted accounts "
    "from the directory's recycle bin; a wiper locks people out before it destroys.",
    runbook_ja="担当者が申請済みの整理を行っている場合を除き、SubjectUserName のアカウントを停止する。削除された"
    "アカウントはディレクトリのごみ箱から復元する。破壊型の攻撃では先にアカウントが締め出される。",
    records=(
        CorrelatedRecord("removed", 4725, audit=_ACCOUNTS),
        CorrelatedRecord("removed", 4726, audit=_ACCOUNTS),
    ),
    group_by=("SubjectUserName",),
    timespan=600,
    threshold=10,
    counted="TargetSid",
    attack=("T1531",),
)

DIRECTORY_READ = Correlation(
    key="directory-read",
    type=CorrelationType.VALUE_COUNT,
    title="One account read very many objects of the directory",
    title_ja="一つのアカウントによるディレクトリの多数のオブジェクトの読み取り",
    severity=Severity.MEDIUM,
    runbook="Exclude the accounts of identity management and inventory by name. Anything else that reads the whole "
    "directory is a map for an intruder: find the host by the account's logons (4624) at that time.",
    runbook_ja="ID 管理と資産管理のアカウントは名前で除外する。それ以外がディレクトリ全体を読む場合は侵入者の調査である。"
    "その時刻のアカウントのログオン (4624) からホストを特定する。",
    records=(
        CorrelatedRecord(
            "read",
            4662,
            (Field("SubjectUserName").not_ends_with("$"),),
            audit=AuditSubcategory.DIRECTORY_SERVICE_ACCESS,
        ),
    ),
    group_by=(COMPUTER, "SubjectUserName"),
    timespan=600,
    threshold=500,
    counted="ObjectName",
    attack=("T1087.002", "T1069.002"),
    domain_controllers_only=True,
    approximation="Logs Insights may estimate counts of very many distinct values.",
)
