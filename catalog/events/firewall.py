"""Windows Firewall and IPsec: rules, settings, and the services that enforce them."""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Field
from catalog.model.provider import FIREWALL
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

FIREWALL_RULE_ADDED = SecurityEvent(
    key="firewall-rule-added",
    event_id=4946,
    evidence=Evidence.SEEN,
    title="Firewall rule added",
    title_ja="ファイアウォール規則の追加",
    family=Family.FIREWALL,
    severity=Severity.MEDIUM,
    runbook="Look the rule up by RuleId (Get-NetFirewallRule -Name): which port and program it opens, and to "
    "whom. Installers and roles add rules; one for port 3389, 445 or a program in a user's folder that "
    "nobody planned is a way in. The process creations of the minute (4688) tell who added it.",
    runbook_ja="RuleId で規則を調べ (Get-NetFirewallRule -Name)、どのポートとプログラムが誰に開かれたか確認する。インストーラー"
    "や役割の追加でも規則は増えるが、3389 や 445 番ポート、ユーザーフォルダーのプログラムを許可する計画外の規則は侵入口と"
    "なる。追加した者は同じ時刻のプロセス作成 (4688) で調べる。",
    audit=AuditSubcategory.MPSSVC_RULE_LEVEL_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.LOW,
    query_fields=("RuleName", "RuleId", "ProfileChanged"),
    note="The record does not name the account. On servers with the desktop, each first logon of a user adds a "
    "dozen rules for apps: raise the threshold there.",
)

FIREWALL_RULE_CHANGED = SecurityEvent(
    key="firewall-rule-changed",
    event_id=4947,
    evidence=Evidence.SEEN,
    title="Firewall rule changed",
    title_ja="ファイアウォール規則の変更",
    family=Family.FIREWALL,
    severity=Severity.LOW,
    runbook="A rule that exists is opened wider more quietly than a new one is added. Compare it (Get-"
    "NetFirewallRule -Name RuleId) with another server of the same kind.",
    runbook_ja="既存の規則を広げる変更は、新しい規則の追加より目立たない。Get-NetFirewallRule -Name RuleId の結果を同種の"
    "サーバーと比較する。",
    audit=AuditSubcategory.MPSSVC_RULE_LEVEL_POLICY_CHANGE,
    attack=("T1686.003",),
    packs=(Pack.RANSOMWARE_PRECURSORS,),
    volume=Volume.LOW,
    query_fields=("RuleName", "RuleId", "ProfileChanged"),
)

FIREWALL_RULE_DELETED = SecurityEvent(
    key="firewall-rule-deleted",
    event_id=4948,
    evidence=Evidence.SEEN,
    title="Firewall rule deleted",
    title_ja="ファイアウォール規則の削除",
    family=Family.FIREWALL,
    severity=Severity.LOW,
    runbook="A deleted blocking rule opens what it closed, a deleted allowing one may cut off monitoring or "
    "backup. See what RuleName was for, and put it back.",
    runbook_ja="ブロック規則の削除は閉じていた通信を開き、許可規則の削除は監視やバックアップを遮断することがある。RuleName の"
    "用途を確認して元に戻す。",
    audit=AuditSubcategory.MPSSVC_RULE_LEVEL_POLICY_CHANGE,
    attack=("T1686.003",),
    volume=Volume.LOW,
    query_fields=("RuleName", "RuleId", "ProfileChanged"),
)

FIREWALL_RESET_TO_DEFAULTS = SecurityEvent(
    key="firewall-reset-to-defaults",
    event_id=4949,
    evidence=Evidence.DOCUMENTED,
    title="Firewall reset to its defaults",
    title_ja="ファイアウォール設定の既定値への復元",
    family=Family.FIREWALL,
    severity=Severity.MEDIUM,
    runbook="All local rules are gone (netsh advfirewall reset): what your build added to block or to allow is "
    "no longer there. Apply the build's rules again and find the command in 4688.",
    runbook_ja="ローカルの規則がすべて失われた (netsh advfirewall reset)。構築時に追加したブロックや許可の規則も残っていない。"
    "規則を再適用し、実行されたコマンドを 4688 で調べる。",
    audit=AuditSubcategory.MPSSVC_RULE_LEVEL_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.RANSOMWARE_PRECURSORS, Pack.SYSTEM_INTEGRITY),
)

FIREWALL_SETTING_CHANGED = SecurityEvent(
    key="firewall-setting-changed",
    event_id=4950,
    evidence=Evidence.SEEN,
    title="Firewall setting changed",
    title_ja="ファイアウォール設定の変更",
    family=Family.FIREWALL,
    severity=Severity.HIGH,
    runbook="SettingType and SettingValue tell what changed for which profile: the firewall switched off, or "
    "inbound connections allowed by default, lays the server open. Switch it back on (Set-NetFirewallProfile "
    "-Enabled True) and look for the command in 4688.",
    runbook_ja="SettingType と SettingValue から、どのプロファイルの何が変わったかがわかる。"
    "ファイアウォールが無効、または受信接続が既定で許可になれば、サーバーは無防備である。"
    "Set-NetFirewallProfile -Enabled True で元に戻し、実行されたコマンドを 4688 で調べる。",
    audit=AuditSubcategory.MPSSVC_RULE_LEVEL_POLICY_CHANGE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS),
    healthy="Silent, but for a change by an administrator or a group policy.",
    query_fields=("ProfileChanged", "SettingType", "SettingValue"),
    note="Any setting, on or off: SettingType and SettingValue are words, so a pattern on them would find them "
    "in one language only. Changes by Group Policy are not recorded here.",
)

FIREWALL_GROUP_POLICY_CHANGED = SecurityEvent(
    key="firewall-group-policy-changed",
    event_id=4954,
    evidence=Evidence.SEEN,
    title="Firewall settings of Group Policy changed",
    title_ja="グループポリシーによるファイアウォール設定の変更",
    family=Family.FIREWALL,
    severity=Severity.LOW,
    runbook="New firewall settings came from Group Policy. They are as good as the change of the policy: look "
    "for group-policy-changed on the domain controllers.",
    runbook_ja="グループポリシーから新しいファイアウォール設定が適用された。正当性はポリシーの変更自体で判断する。ドメイン"
    "コントローラーの group-policy-changed を確認する。",
    audit=AuditSubcategory.MPSSVC_RULE_LEVEL_POLICY_CHANGE,
    attack=("T1686.003", "T1484.001"),
    volume=Volume.LOW,
)

FIREWALL_SERVICE_STOPPED = SecurityEvent(
    key="firewall-service-stopped",
    event_id=5025,
    evidence=Evidence.DOCUMENTED,
    title="Firewall service stopped",
    title_ja="ファイアウォールサービスの停止",
    family=Family.FIREWALL,
    severity=Severity.LOW,
    runbook="Written at every shutdown, so read it beside 4608: without a start of Windows after it the server "
    "runs with no firewall. Start the service (mpssvc) and see who was logged on.",
    runbook_ja="シャットダウンのたびに記録されるため、4608 と併せて読む。その後に Windows が起動していなければ、ファイアウォール"
    "なしで稼働している。サービス (mpssvc) を開始し、ログオンしていた者を調べる。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    attack=("T1686.003",),
    packs=(Pack.RANSOMWARE_PRECURSORS, Pack.SYSTEM_INTEGRITY),
    note="A signal for its being part of every restart; the driver's stop, firewall-driver-stopped, is not.",
)

FIREWALL_POLICY_UNREADABLE = SecurityEvent(
    key="firewall-policy-unreadable",
    event_id=5027,
    evidence=Evidence.DOCUMENTED,
    title="Firewall could not read its policy",
    title_ja="ファイアウォールのポリシーの読み取り失敗",
    family=Family.FIREWALL,
    severity=Severity.MEDIUM,
    runbook="It goes on with the rules that it had. ErrorCode tells why; somebody may have changed the registry "
    "or its permissions below SharedAccess\\Parameters\\FirewallPolicy. Repair, restart the service, compare "
    "the rules.",
    runbook_ja="直前までの規則で動作を続ける。原因は ErrorCode に記録される。"
    "SharedAccess\\Parameters\\FirewallPolicy のレジストリやそのアクセス許可が変更された可能性がある。"
    "修復してサービスを再起動し、規則を比較する。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("ErrorCode",),
)

FIREWALL_POLICY_NOT_PARSED = SecurityEvent(
    key="firewall-policy-not-parsed",
    event_id=5028,
    evidence=Evidence.DOCUMENTED,
    title="Firewall could not parse a new policy",
    title_ja="ファイアウォールの新しいポリシーの解析失敗",
    family=Family.FIREWALL,
    severity=Severity.MEDIUM,
    runbook="A new policy was refused and the old one stays: rules that you rolled out are not in force here. "
    "Check ErrorCode and the Group Policy object that delivers the rules.",
    runbook_ja="新しいポリシーが拒否され、古いポリシーのまま動作している。配布した規則はこのサーバーでは有効でない。ErrorCode と、"
    "規則を配布するグループポリシーを確認する。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("ErrorCode",),
)

FIREWALL_DRIVER_NOT_INITIALISED = SecurityEvent(
    key="firewall-driver-not-initialised",
    event_id=5029,
    title="Firewall service could not initialise its driver",
    title_ja="ファイアウォールドライバーの初期化失敗",
    family=Family.FIREWALL,
    severity=Severity.MEDIUM,
    runbook="The service runs, but its driver (mpsdrv) does not take new rules. Check ErrorCode and the "
    "driver's file and registry key against another server, and restart Windows.",
    runbook_ja="サービスは動作しているが、ドライバー (mpsdrv) に新しい規則が反映されない。ErrorCode を確認し、ドライバーのファイルと"
    "レジストリキーを他のサーバーと比較して、Windows を再起動する。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("ErrorCode",),
)

FIREWALL_SERVICE_NOT_STARTED = SecurityEvent(
    key="firewall-service-not-started",
    event_id=5030,
    title="Firewall service failed to start",
    title_ja="ファイアウォールサービスの開始失敗",
    family=Family.FIREWALL,
    severity=Severity.HIGH,
    runbook="The server is without its firewall; security groups still hold. Look at ErrorCode and at the "
    "service's start type and permissions, which malware changes so that it stays off.",
    runbook_ja="サーバーはファイアウォールなしで動作している (セキュリティグループは有効)。ErrorCode と、"
    "サービスの開始の種類およびアクセス許可を確認する。マルウェアはこれらを変更して開始を妨げる。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.BASELINE, Pack.SYSTEM_INTEGRITY),
    healthy="Silent.",
    query_fields=("ErrorCode",),
)

FIREWALL_DRIVER_STOPPED = SecurityEvent(
    key="firewall-driver-stopped",
    event_id=5034,
    evidence=Evidence.DOCUMENTED,
    title="Firewall driver stopped",
    title_ja="ファイアウォールドライバーの停止",
    family=Family.FIREWALL,
    severity=Severity.HIGH,
    runbook="Unlike the service, the driver is not stopped by a shutdown: somebody unloaded it, and nothing is "
    "filtered any more. Restart the server or the driver (sc start mpsdrv), and find the account in the "
    "process creations before it (4688).",
    runbook_ja="サービスと異なり、ドライバーの停止はシャットダウンでは記録されない。誰かが停止させ、通信はフィルターされていない。"
    "サーバーまたはドライバーを再起動し (sc start mpsdrv)、直前のプロセス作成 (4688) からアカウントを特定する。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    healthy="Silent.",
    packs=(Pack.BASELINE, Pack.RANSOMWARE_PRECURSORS, Pack.SYSTEM_INTEGRITY),
)

FIREWALL_DRIVER_NOT_STARTED = SecurityEvent(
    key="firewall-driver-not-started",
    event_id=5035,
    title="Firewall driver failed to start",
    title_ja="ファイアウォールドライバーの開始失敗",
    family=Family.FIREWALL,
    severity=Severity.HIGH,
    runbook="Nothing is filtered on this server until the driver (mpsdrv) runs. Check ErrorCode, the driver's "
    "file and its signature, and whether a change of the image or of the boot settings came before it.",
    runbook_ja="ドライバー (mpsdrv) が動作するまで、このサーバーの通信はフィルターされない。ErrorCode、ドライバーのファイルと署名、"
    "直前のイメージや起動設定の変更を確認する。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("ErrorCode",),
)

FIREWALL_DRIVER_FAILED = SecurityEvent(
    key="firewall-driver-failed",
    event_id=5037,
    title="Firewall driver stopped on a critical error",
    title_ja="ファイアウォールドライバーの重大なエラーによる停止",
    family=Family.FIREWALL,
    severity=Severity.HIGH,
    runbook="The driver ended itself, and nothing is filtered any more. Restart the server; if it happens "
    "again, or on several servers at once, look for a faulty update or an attack on the network stack.",
    runbook_ja="ドライバーが自ら停止し、通信がフィルターされていない。サーバーを再起動する。再発した場合や"
    "複数のサーバーで同時に発生した場合は、不具合のある更新プログラムやネットワークスタックへの攻撃を疑う。",
    audit=AuditSubcategory.OTHER_SYSTEM_EVENTS,
    outcome=Outcome.FAILURE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.SYSTEM_INTEGRITY,),
    query_fields=("ErrorCode",),
)

IKE_DENIAL_OF_SERVICE_PREVENTION_STARTED = SecurityEvent(
    key="ike-denial-of-service-prevention-started",
    event_id=4646,
    title="IKE denial-of-service prevention started",
    title_ja="IKE のサービス拒否攻撃防止モードの開始",
    family=Family.FIREWALL,
    severity=Severity.MEDIUM,
    runbook="More IPsec negotiations are coming in than the server can answer. Find the sources in the VPC flow "
    "logs (UDP 500 and 4500), and close these ports in the security group to all but your peers.",
    runbook_ja="応答できる量を超える IPsec のネゴシエーションを受けている。VPC フローログ (UDP 500、4500) で"
    "送信元を調べ、セキュリティグループでこれらのポートを正規の接続相手だけに制限する。",
    audit=AuditSubcategory.IPSEC_MAIN_MODE,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1499",),
    note="What event 550 of Windows 2000 and 2003 became (550 + 4096), which Appendix L rates medium to high. Only "
    "servers that use IPsec write it.",
    reference="https://learn.microsoft.com/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor",
)

FIREWALL_PROFILE_TURNED_OFF = SecurityEvent(
    key="firewall-profile-turned-off",
    event_id=2003,
    evidence=Evidence.DOCUMENTED,
    title="Windows firewall turned off for a profile",
    title_ja="プロファイルの Windows ファイアウォールの無効化",
    family=Family.FIREWALL,
    severity=Severity.HIGH,
    runbook="Profiles says which (1 domain, 2 private, 4 public), ModifyingUser and ModifyingApplication who and by what. "
    "Turn it on again (netsh advfirewall set allprofiles state on), and look at what that account did next.",
    runbook_ja="Profiles が対象 (1 ドメイン、2 プライベート、4 パブリック)、ModifyingUser と ModifyingApplication が実行者とプログラムを示す。有効に戻し (netsh "
    "advfirewall set allprofiles state on)、そのアカウントの続く操作を調べる。",
    where=(Field("SettingType") == "1", Field("SettingValue") == "00000000"),
    provider=FIREWALL,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1686.003",),
    packs=(Pack.OPERATIONAL_LOGS,),
    healthy="Silent, but while an image is prepared that goes without the firewall.",
    query_fields=("Profiles", "ModifyingUser", "ModifyingApplication"),
    note="Written whatever the audit policy. Newer versions of Windows may write 2082 in its place.",
    reference="https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/",
)
