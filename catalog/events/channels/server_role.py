"""What runs on servers by their role: SQL Server, DNS, DHCP, printing and Windows Server Backup."""

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.condition import Field
from catalog.model.provider import (
    DHCP_SERVER,
    DNS_SERVER,
    PRINT_SERVICE_ADMIN,
    PRINT_SERVICE_OPERATIONAL,
    SQL_SERVER,
    WINDOWS_BACKUP,
)
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume

_SQL_ERRORS = "https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error"
_SQL_OPTIONS = "https://learn.microsoft.com/sql/database-engine/configure-windows/server-configuration-options-sql-server"
_DNS_PLUGINS = (
    "https://learn.microsoft.com/openspecs/windows_protocols/ms-dnsp/c9d38538-8827-44e6-aa5e-022a016ed723"
)
_DHCP_CALLOUTS = (
    "https://learn.microsoft.com/previous-versions/windows/desktop/dhcp/how-the-dhcp-server-api-operates"
)
_SPOOLER = "https://msrc.microsoft.com/update-guide/vulnerability/CVE-2021-34527"
_BACKUP = "https://learn.microsoft.com/windows-server/administration/windows-commands/wbadmin-delete-catalog"
_ANY_INSTANCE = "Of the default instance (MSSQLSERVER) and of named ones (MSSQL$NAME)."

SQL_LOGON_FAILED = SecurityEvent(
    key="sql-logon-failed",
    event_id=18456,
    evidence=Evidence.DOCUMENTED,
    title="Logons to SQL Server failed",
    title_ja="SQL Server へのログオン失敗",
    family=Family.SERVER_ROLE,
    severity=Severity.MEDIUM,
    runbook="The data names the login, the reason and the client's address. Failures for sa or for many logins from one "
    "address are guessing: block the address, disable sa, and look whether a logon from there succeeded.",
    runbook_ja="データにログイン名、理由、クライアントのアドレスがある。sa や、一つのアドレスから多数のログインへの失敗は推測攻撃である。アドレスを遮断し、"
    "sa を無効にして、そこからの成功がないか調べる。",
    provider=SQL_SERVER,
    alarm=AlarmDefaults(threshold=10, period=300),
    attack=("T1110", "T1078"),
    packs=(Pack.SERVER_ROLES,),
    volume=Volume.LOW,
    healthy="Fires where an application tries again and again with an old password.",
    query_fields=("Data",),
    note=_ANY_INSTANCE,
    reference=_SQL_ERRORS,
)

SQL_PROGRAM_EXECUTION_SET = SecurityEvent(
    key="sql-program-execution-set",
    event_id=15457,
    evidence=Evidence.SEEN,
    title="Option of SQL Server that lets queries run programs changed",
    title_ja="クエリからのプログラム実行を許す SQL Server オプションの変更",
    family=Family.SERVER_ROLE,
    severity=Severity.HIGH,
    runbook="The last number is the new setting: 1 lets queries run commands (xp_cmdshell), COM objects or .NET code as "
    "the account of SQL Server. Turn it off (sp_configure) unless it was planned, and look at what sqlservr.exe started "
    "(4688).",
    runbook_ja="最後の数値が新しい設定である。1 の場合、クエリから SQL Server のアカウントでコマンド (xp_cmdshell)、COM オブジェクト、.NET コードを実行"
    "できる。計画されたものでなければ無効にし (sp_configure)、sqlservr.exe が開始したプロセス (4688) を調べる。",
    where=(
        Field("Data").one_of(
            "xp_cmdshell", "Ole Automation Procedures", "clr enabled", "external scripts enabled"
        ),
    ),
    provider=SQL_SERVER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1505.001", "T1059.003"),
    packs=(Pack.SERVER_ROLES,),
    healthy="Fires when an administrator sets one of these options, also when turning it off.",
    query_fields=("Data",),
    note=_ANY_INSTANCE,
    reference=_SQL_OPTIONS,
)

DNS_PLUGIN_LOADED = SecurityEvent(
    key="dns-plugin-loaded",
    event_id=770,
    evidence=Evidence.SEEN,
    title="Plug-in DLL loaded by the DNS server",
    title_ja="DNS サーバーによるプラグイン DLL の読み込み",
    family=Family.SERVER_ROLE,
    severity=Severity.CRITICAL,
    runbook="The DLL in param1 runs as SYSTEM, mostly on a domain controller, and members of DnsAdmins can have it "
    "loaded. Unless it is your product, isolate the server, remove the registry value ServerLevelPluginDll, and reset "
    "the passwords of the domain.",
    runbook_ja="param1 の DLL が SYSTEM として (多くはドメインコントローラー上で) 動作し、DnsAdmins のメンバーが読み込ませることができる。導入製品でなければ、"
    "サーバーを隔離し、レジストリ値 ServerLevelPluginDll を削除して、ドメインのパスワードをリセットする。",
    provider=DNS_SERVER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1574", "T1543.003"),
    packs=(Pack.SERVER_ROLES,),
    healthy="Silent, but at each start of a DNS server with a filter product that works by such a plug-in.",
    query_fields=("param1", "param2"),
    reference=_DNS_PLUGINS,
)

DNS_PLUGIN_FAILED = SecurityEvent(
    key="dns-plugin-failed",
    event_id=150,
    evidence=Evidence.SEEN,
    title="Plug-in DLL could not be loaded by the DNS server",
    title_ja="DNS サーバーによるプラグイン DLL の読み込みの失敗",
    family=Family.SERVER_ROLE,
    severity=Severity.HIGH,
    runbook="Somebody set a plug-in (ServerLevelPluginDll) whose DLL, param1, is missing or no plug-in: often the first "
    "try of an attack through DnsAdmins. Remove the value and find out who wrote it.",
    runbook_ja="プラグイン (ServerLevelPluginDll) が設定されたが、DLL (param1) がないか、プラグインではない。DnsAdmins 経由の攻撃の最初の試行であることが"
    "多い。値を削除し、書き込んだ者を調べる。",
    provider=DNS_SERVER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1574", "T1543.003"),
    packs=(Pack.SERVER_ROLES,),
    healthy="Silent.",
    query_fields=("param1",),
    reference=_DNS_PLUGINS,
)

DHCP_CALLOUT_LOADED = SecurityEvent(
    key="dhcp-callout-loaded",
    event_id=1033,
    evidence=Evidence.DOCUMENTED,
    title="Callout DLL loaded by the DHCP server",
    title_ja="DHCP サーバーによるコールアウト DLL の読み込み",
    family=Family.SERVER_ROLE,
    severity=Severity.HIGH,
    runbook="A DLL of the registry value CalloutDlls runs within the DHCP service, often on a domain controller. Unless "
    "it is your product, isolate the server and find out who wrote the value.",
    runbook_ja="レジストリ値 CalloutDlls の DLL が DHCP サービス内で (多くはドメインコントローラー上で) 動作している。導入製品でなければサーバーを隔離し、"
    "値を書き込んだ者を調べる。",
    provider=DHCP_SERVER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1574", "T1112"),
    packs=(Pack.SERVER_ROLES,),
    healthy="Silent, but at each start of a DHCP server with a product that works by such a DLL.",
    reference=_DHCP_CALLOUTS,
)

DHCP_CALLOUT_NOT_LOADED = SecurityEvent(
    key="dhcp-callout-not-loaded",
    event_id=1034,
    evidence=Evidence.DOCUMENTED,
    title="Callout DLL could not be loaded by the DHCP server",
    title_ja="DHCP サーバーによるコールアウト DLL の読み込みの失敗",
    family=Family.SERVER_ROLE,
    severity=Severity.HIGH,
    runbook="The registry value CalloutDlls names a DLL that is missing or no callout: look at who wrote the value, and "
    "at the file that it names, before somebody tries again with a better one.",
    runbook_ja="レジストリ値 CalloutDlls の DLL がないか、コールアウトではない。再試行される前に、値を書き込んだ者と指定されたファイルを調べる。",
    provider=DHCP_SERVER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1574", "T1112"),
    packs=(Pack.SERVER_ROLES,),
    healthy="Silent.",
    reference=_DHCP_CALLOUTS,
)

DHCP_CALLOUT_CRASHED = SecurityEvent(
    key="dhcp-callout-crashed",
    event_id=1031,
    title="Callout DLL of the DHCP server raised an exception",
    title_ja="DHCP サーバーのコールアウト DLL の例外",
    family=Family.SERVER_ROLE,
    severity=Severity.MEDIUM,
    runbook="The DLL of CalloutDlls failed while the DHCP service called it. A product that fails is to be updated; a "
    "DLL that nobody installed is an intruder's.",
    runbook_ja="CalloutDlls の DLL が DHCP サービスからの呼び出し中に失敗した。導入製品であれば更新する。導入した覚えのない DLL は攻撃者のものである。",
    provider=DHCP_SERVER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1574",),
    packs=(Pack.SERVER_ROLES,),
    healthy="Silent.",
    reference=_DHCP_CALLOUTS,
)

DHCP_CALLOUT_FAILED_TO_START = SecurityEvent(
    key="dhcp-callout-failed-to-start",
    event_id=1032,
    title="Callout DLL of the DHCP server failed as it was loaded",
    title_ja="DHCP サーバーのコールアウト DLL の読み込み時の例外",
    family=Family.SERVER_ROLE,
    severity=Severity.MEDIUM,
    runbook="The DLL of CalloutDlls raised an exception as the DHCP service loaded it. Look at the file and at who "
    "wrote the registry value, as for dhcp-callout-loaded.",
    runbook_ja="CalloutDlls の DLL が、DHCP サービスによる読み込み時に例外を起こした。dhcp-callout-loaded と同様に、ファイルとレジストリ値を書き込んだ者を"
    "調べる。",
    provider=DHCP_SERVER,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1574",),
    packs=(Pack.SERVER_ROLES,),
    healthy="Silent.",
    reference=_DHCP_CALLOUTS,
)

PRINT_PLUGIN_FAILED = SecurityEvent(
    key="print-plugin-failed",
    event_id=808,
    evidence=Evidence.SEEN,
    title="Plug-in DLL could not be loaded by the print spooler",
    title_ja="印刷スプーラーによるプラグイン DLL の読み込みの失敗",
    family=Family.SERVER_ROLE,
    severity=Severity.HIGH,
    runbook="PluginDllName is the file: one below spool\\drivers that no printer of yours brought is what attacks on the "
    "spooler (PrintNightmare) leave behind. Stop and disable the service where nobody prints, and keep the file.",
    runbook_ja="PluginDllName がファイルである。spool\\drivers の下の、導入したプリンターのものでないファイルは、スプーラーへの攻撃 (PrintNightmare) の痕跡である。"
    "印刷しないサーバーではサービスを停止して無効にし、ファイルを保全する。",
    provider=PRINT_SERVICE_ADMIN,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1068", "T1210", "T1547.012"),
    packs=(Pack.SERVER_ROLES,),
    healthy="Fires with broken printer drivers, on servers that print.",
    query_fields=("PluginDllName", "ErrorCode"),
    reference=_SPOOLER,
)

PRINTER_DRIVER_ADDED = SecurityEvent(
    key="printer-driver-added",
    event_id=316,
    evidence=Evidence.SEEN,
    title="Printer driver added or updated",
    title_ja="プリンタードライバーの追加または更新",
    family=Family.SERVER_ROLE,
    severity=Severity.MEDIUM,
    runbook="Param1 is the driver, Param4 its files. Nobody adds printer drivers to a server that does not print: look "
    "for a DLL among the files that the driver of its name does not have.",
    runbook_ja="Param1 がドライバー、Param4 がそのファイルである。印刷しないサーバーにプリンタードライバーが追加されることはない。その名前のドライバーには"
    "含まれない DLL がないか確認する。",
    provider=PRINT_SERVICE_OPERATIONAL,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1068", "T1547.012"),
    packs=(Pack.SERVER_ROLES,),
    healthy="Fires on print servers with each driver, and on session hosts when Remote Desktop brings a user's printers.",
    query_fields=("Param1", "Param4"),
    reference=_SPOOLER,
)

BACKUP_CATALOG_DELETED = SecurityEvent(
    key="backup-catalog-deleted",
    event_id=524,
    evidence=Evidence.DOCUMENTED,
    title="Catalog of Windows Server Backup deleted",
    title_ja="Windows Server バックアップのカタログの削除",
    family=Family.SERVER_ROLE,
    severity=Severity.CRITICAL,
    runbook="wbadmin delete catalog, by which ransomware makes backups useless right before it encrypts. Isolate the "
    "server at once and take snapshots of its volumes; only then look for who ran it.",
    runbook_ja="wbadmin delete catalog が実行された。ランサムウェアが暗号化の直前にバックアップを使えなくする手口である。ただちにサーバーを隔離してボリュームの"
    "スナップショットを取得し、その後に実行者を調べる。",
    provider=WINDOWS_BACKUP,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1490",),
    packs=(Pack.SERVER_ROLES,),
    healthy="Silent.",
    reference=_BACKUP,
)
