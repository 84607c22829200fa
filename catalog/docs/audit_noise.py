"""What an audit subcategory writes to the Security log in all, whether it is watched or not.

Own words on what Microsoft's auditing reference says of each subcategory's volume and on what it records.
"""

from collections.abc import Mapping

from catalog.model.audit_policy import AuditSubcategory as Sub

NOISE: Mapping[Sub, str] = {
    Sub.SECURITY_STATE_CHANGE: "Low: starts, and changes of the clock.",
    Sub.SECURITY_SYSTEM_EXTENSION: "Low: a dozen records at each start, and services as they are installed.",
    Sub.SYSTEM_INTEGRITY: "Low, except where code integrity keeps complaining of one unsigned driver.",
    Sub.IPSEC_DRIVER: "None without IPsec. With it, a record for each packet that fails a check.",
    Sub.OTHER_SYSTEM_EVENTS: "Low for the firewall service. Key files (5058, 5059) add some with every logon that "
    "uses a certificate.",
    Sub.LOGON: "High: a record for every access over the network. Very high on domain controllers and file servers.",
    Sub.LOGOFF: "High: as many as there are logons.",
    Sub.ACCOUNT_LOCKOUT: "Low: a record for each attempt while an account is locked.",
    Sub.IPSEC_MAIN_MODE: "None without IPsec. With it, a record for each negotiation: high on a gateway.",
    Sub.IPSEC_QUICK_MODE: "None without IPsec. With it, a record for each negotiation: high on a gateway.",
    Sub.IPSEC_EXTENDED_MODE: "None without AuthIP. With it, a record for each negotiation: high on a gateway.",
    Sub.SPECIAL_LOGON: "High: as many as there are logons of administrators, services and computers.",
    Sub.OTHER_LOGON_LOGOFF_EVENTS: "Low on servers: sessions of Remote Desktop, connected and disconnected.",
    Sub.NETWORK_POLICY_SERVER: "None except on network policy servers, where each request for access is a record.",
    Sub.USER_DEVICE_CLAIMS: "With claims in the tokens of logons, as many as there are logons; none without.",
    Sub.GROUP_MEMBERSHIP: "High: as many as there are logons, several records each for members of many groups.",
    Sub.FILE_SYSTEM: "None until a file or folder carries an audit entry, then as much as is done to it: watch few, "
    "and no folder that a backup or a virus scanner reads through.",
    Sub.REGISTRY: "None until a key carries an audit entry. A busy key writes thousands an hour.",
    Sub.KERNEL_OBJECT: "Medium: few kernel objects carry an audit entry, one of them the process of the local "
    "security authority, which virus scanners open all day.",
    Sub.SAM: "High on domain controllers: a record for each look-up of an account or group over the SAM protocol. Low "
    "elsewhere.",
    Sub.HANDLE_MANIPULATION: "With the subcategory of the object itself, up to three records more for each access "
    "to what is watched: handle requested, closed, duplicated. The agent ships the first only.",
    Sub.CERTIFICATION_SERVICES: "None except on certification authorities, where each request is two records. The "
    "authority's own audit filter must be on as well: `certutil -setreg CA\\AuditFilter 127`, then restart it.",
    Sub.APPLICATION_GENERATED: "None, except from applications that use the Windows auditing functions.",
    Sub.FILE_SHARE: "A record for each session with a share: high on file servers and domain controllers.",
    Sub.FILTERING_PLATFORM_PACKET_DROP: "Very high: a record for each packet that the firewall drops.",
    Sub.FILTERING_PLATFORM_CONNECTION: "Very high: a record for each connection that the firewall permits or blocks.",
    Sub.OTHER_OBJECT_ACCESS_EVENTS: "Low to medium: scheduled tasks, which Windows changes itself every day.",
    Sub.DETAILED_FILE_SHARE: "Very high: a record for each file that anybody opens over the network. Do not turn it "
    "on for file servers and domain controllers without trying it on one.",
    Sub.REMOVABLE_STORAGE: "None without removable disks. With them, a record for each access to a file on one.",
    Sub.SENSITIVE_PRIVILEGE_USE: "High: programs use sensitive privileges all the time, backup most of all.",
    Sub.NON_SENSITIVE_PRIVILEGE_USE: "Very high: common privileges are used all the time.",
    Sub.OTHER_PRIVILEGE_USE_EVENTS: "Low: changes of the state of file transactions (4985).",
    Sub.PROCESS_CREATION: "Medium to high: a record for each program started. Command lines are in it only where "
    '"Include command line in process creation events" is set by policy.',
    Sub.PROCESS_TERMINATION: "Medium to high: a record for each program that ends.",
    Sub.DPAPI_ACTIVITY: "Low: master keys as they are backed up to the domain.",
    Sub.RPC_EVENTS: "Low: attempts of remote procedure calls.",
    Sub.PLUG_AND_PLAY_EVENTS: "Low: devices as they are connected and recognized.",
    Sub.TOKEN_RIGHT_ADJUSTED_EVENTS: "High: a record whenever a process adjusts the privileges of its token (4703).",
    Sub.AUDIT_POLICY_CHANGE: "Low: changes of policy, and audit entries as objects are given them.",
    Sub.AUTHENTICATION_POLICY_CHANGE: "Low: trusts, Kerberos policy and rights to log on.",
    Sub.AUTHORIZATION_POLICY_CHANGE: "Medium to high: adjusted privileges of processes (4703) come with it, in "
    "numbers, on servers with management software.",
    Sub.MPSSVC_RULE_LEVEL_POLICY_CHANGE: "Low: rules, as they are added and changed. Windows and installers do so, "
    "in bursts.",
    Sub.FILTERING_PLATFORM_POLICY_CHANGE: "Low: changes of IPsec and of the filtering engine.",
    Sub.OTHER_POLICY_CHANGE_EVENTS: "Medium: filters of the filtering platform (5447) come with it, whenever the "
    "firewall's rules change.",
    Sub.USER_ACCOUNT_MANAGEMENT: "Low. On domain controllers, as much as the help desk does.",
    Sub.COMPUTER_ACCOUNT_MANAGEMENT: "Low, and on domain controllers only: a record as each computer renews its "
    "password, once in 30 days.",
    Sub.SECURITY_GROUP_MANAGEMENT: "Low. Programs that list the members of local groups (4799) write some each day.",
    Sub.DISTRIBUTION_GROUP_MANAGEMENT: "Low, and on domain controllers only: mailing lists, as they are changed.",
    Sub.APPLICATION_GROUP_MANAGEMENT: "Low: groups of Authorization Manager, as they are changed.",
    Sub.OTHER_ACCOUNT_MANAGEMENT_EVENTS: "Low.",
    Sub.DIRECTORY_SERVICE_ACCESS: "Domain controllers only: as much as the directory's audit entries ask for, by "
    "default a lot.",
    Sub.DIRECTORY_SERVICE_CHANGES: "Domain controllers only: a record or two for each attribute changed, high in a "
    "large domain. Only objects with an audit entry are recorded; a new domain has one for everything.",
    Sub.DIRECTORY_SERVICE_REPLICATION: "Medium, and on domain controllers only: each replication, as it begins and ends.",
    Sub.DETAILED_DIRECTORY_SERVICE_REPLICATION: "Very high, and on domain controllers only: each object that is replicated.",
    Sub.CREDENTIAL_VALIDATION: "High on domain controllers where NTLM is in use, low elsewhere.",
    Sub.KERBEROS_SERVICE_TICKET_OPERATIONS: "Very high, and on domain controllers only: a record for each service "
    "that anybody uses.",
    Sub.OTHER_ACCOUNT_LOGON_EVENTS: "None: no event belongs to it.",
    Sub.KERBEROS_AUTHENTICATION_SERVICE: "High, and on domain controllers only: a record for each account every few "
    "hours.",
}
