"""Code integrity: modules of the kernel and programs that are not signed as they should be."""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.provider import CODE_INTEGRITY
from catalog.model.security_event import Family, Pack, SecurityEvent, Severity

_REFERENCE = (
    "https://learn.microsoft.com/windows/security/application-security/application-control/app-control-for-business"
    "/operations/event-id-explanations"
)

UNSIGNED_KERNEL_MODULE_LOADED = SecurityEvent(
    key="unsigned-kernel-module-loaded",
    event_id=3001,
    title="Unsigned kernel module loaded",
    title_ja="署名のないカーネルモジュールの読み込み",
    family=Family.CODE_INTEGRITY,
    severity=Severity.HIGH,
    runbook="Windows loads one only with test signing on or a debugger attached, or after its check was broken. "
    "FileNameBuffer is the file: keep it, see which service brought it (7045), and isolate the server.",
    runbook_ja="テスト署名モードやデバッガーの接続時、または検証が破られた場合にのみ読み込まれる。FileNameBuffer がファイルである。保全し、どのサービスが"
    "持ち込んだか (7045) を調べ、サーバーを隔離する。",
    provider=CODE_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1014", "T1553.006", "T1068"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Silent.",
    query_fields=("FileNameBuffer",),
    reference=_REFERENCE,
)

REVOKED_KERNEL_MODULE_LOADED = SecurityEvent(
    key="revoked-kernel-module-loaded",
    event_id=3021,
    title="Kernel module with a revoked signature loaded",
    title_ja="署名が失効したカーネルモジュールの読み込み",
    family=Family.CODE_INTEGRITY,
    severity=Severity.HIGH,
    runbook="A driver that its signer or Microsoft took back, often since intruders abuse it, runs in the kernel. Remove "
    "it (FileNameBuffer), and find out who installed its service (7045).",
    runbook_ja="署名者または Microsoft が失効させたドライバー (多くは悪用のため) がカーネルで動作している。削除し (FileNameBuffer)、サービスを"
    "インストールした者 (7045) を調べる。",
    provider=CODE_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1014", "T1068", "T1553.002"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Silent.",
    query_fields=("FileNameBuffer",),
    reference=_REFERENCE,
)

REVOKED_DRIVER_BLOCKED = SecurityEvent(
    key="revoked-driver-blocked",
    event_id=3023,
    title="Driver revoked by Microsoft kept from loading",
    title_ja="Microsoft が失効させたドライバーの読み込みの阻止",
    family=Family.CODE_INTEGRITY,
    severity=Severity.HIGH,
    runbook="Somebody brought a driver that is known for its holes, which is how protection is killed from the kernel, "
    "and was stopped this time. Look for the service that loads it (7045) and for who created it.",
    runbook_ja="脆弱性で知られるドライバーが持ち込まれ、今回は阻止された。カーネルから保護を無効化する手口である。読み込もうとしたサービス (7045) と"
    "作成者を調べる。",
    provider=CODE_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1068", "T1685"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Silent, but at each start of a server with old hardware tools whose driver was revoked.",
    query_fields=("FileNameBuffer",),
    reference=_REFERENCE,
)

PROGRAM_BLOCKED_BY_POLICY = SecurityEvent(
    key="program-blocked-by-policy",
    event_id=3077,
    title="Program kept from loading by App Control",
    title_ja="App Control によるプログラムの読み込みの阻止",
    family=Family.CODE_INTEGRITY,
    severity=Severity.MEDIUM,
    runbook="Process Name tried to load File Name, which your App Control policy does not allow. A tool of your own is to "
    "be added to the policy; anything else is a first look at what somebody tries to run.",
    runbook_ja="Process Name が、App Control ポリシーで許可されていない File Name を読み込もうとした。自社のツールであればポリシーに追加する。それ以外は、"
    "何者かが実行しようとしたものである。",
    provider=CODE_INTEGRITY,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1204.002", "T1036"),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Silent without an App Control policy that is enforced; with one, as often as it is too narrow.",
    query_fields=("File Name", "Process Name"),
    reference=_REFERENCE,
)
