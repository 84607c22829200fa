"""Access to files, folders and other objects that carry an audit entry (SACL)."""

from catalog.alarm import AlarmDefaults
from catalog.audit_policy import AuditSubcategory, Outcome
from catalog.condition import Field
from catalog.security_event import Family, Pack, SecurityEvent, Severity, Volume

OBJECT_HANDLE_REQUESTED = SecurityEvent(
    key="object-handle-requested",
    event_id=4656,
    title="Handle to a watched object requested",
    title_ja="オブジェクトに対するハンドル要求",
    family=Family.OBJECT_ACCESS,
    severity=Severity.HIGH,
    runbook="See which account (SubjectUserName) asked for which access (AccessList) with which program "
    "(ProcessName). A reader who has no business with the object means a wrong permission or an intruder.",
    runbook_ja="どのアカウント (SubjectUserName) が、どのプログラム (ProcessName) で、どのアクセス (AccessList) を"
    "要求したかを確認する。業務上必要のない者であれば、アクセス権の誤りか侵入を疑う。",
    where=(Field("ObjectName") == r"C:\Documents\大切なファイル",),
    audit=AuditSubcategory.FILE_SYSTEM,
    outcome=Outcome.SUCCESS_AND_FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1005", "T1039"),
    packs=(Pack.ARTICLE,),
    volume=Volume.LOW,
    watched_field="ObjectName",
    query_fields=("SubjectUserName", "ObjectName", "AccessMask", "ProcessName"),
    note="The published pattern names 4625, a failed logon, and has no apostrophe and bracket after "
    "ObjectName: the id is 4656 and the tag <Data Name='ObjectName'>. The path is a parameter, with each "
    "backslash doubled in the pattern. The object needs an audit entry (SACL) of its own.",
)


def object_handle_requested(path: str) -> SecurityEvent:
    r"""Return the event "a handle to ``path`` was requested", for a file or folder worth watching.

    Args:
        path: As for ``SecurityEvent.for_path``: ``C:\Finance\payroll.xlsx``, or with a backslash at its
            end, ``C:\Finance\\``, for everything below a folder.

    Raises:
        CatalogError: The path is not an absolute Windows path.
    """
    return OBJECT_HANDLE_REQUESTED.for_path(path)
