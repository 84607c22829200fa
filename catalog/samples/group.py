"""Sample events of the family group."""

from catalog.events.well_known_sid import (
    ACCOUNT_OPERATORS,
    ADMINISTRATORS,
    BACKUP_OPERATORS,
    PRINT_OPERATORS,
    REMOTE_DESKTOP_USERS,
    REMOTE_MANAGEMENT_USERS,
    SERVER_OPERATORS,
    USERS,
)
from catalog.samples import Samples
from catalog.samples.windows_event import DOMAIN_SID, windows_event

GUESTS = "S-1-5-32-546"
SQL_ADMINISTRATORS = f"{DOMAIN_SID}-1010"
DOMAIN_ADMINS, DOMAIN_USERS = f"{DOMAIN_SID}-512", f"{DOMAIN_SID}-513"
SCHEMA_ADMINS, ENTERPRISE_ADMINS = f"{DOMAIN_SID}-518", f"{DOMAIN_SID}-519"
GROUP_POLICY_CREATOR_OWNERS = f"{DOMAIN_SID}-520"


def member(event_id: int, sid: str, group: str, **values: str) -> str:
    """Return a record of a member added to, or removed from, the group with this SID and name."""
    return windows_event(
        event_id, {"TargetSid": sid, "TargetUserName": group, "PrivilegeList": "-", **values}
    )


def group(event_id: int, **values: str) -> str:
    return windows_event(event_id, {"TargetUserName": "Deployers", **values})


SAMPLES = {
    "administrators-member-added": Samples(
        matching={
            "in English": member(4732, ADMINISTRATORS, "Administrators", TargetDomainName="Builtin"),
            "in German": windows_event(
                4732,
                {"TargetSid": ADMINISTRATORS, "TargetUserName": "Administratoren"},
                rendering="Ein Mitglied wurde einer lokalen Gruppe hinzugefügt. Gruppenname: Administratoren",
                culture="de-DE",
            ),
            "in French": member(4732, ADMINISTRATORS, "Administrateurs"),
            "in Japanese": windows_event(
                4732,
                {"TargetSid": ADMINISTRATORS, "TargetUserName": "管理者"},
                rendering="セキュリティが有効なローカル グループにメンバーが追加されました。",
                culture="ja-JP",
            ),
        },
        not_matching={
            "another group of that name": member(4732, SQL_ADMINISTRATORS, "Administrators"),
            "Users, as with each new account": member(4732, USERS, "Users"),
            "the group as a member of another": member(4732, USERS, "Users", MemberSid=ADMINISTRATORS),
            "a SID that begins alike": member(4732, "S-1-5-32-5440", "Administrators"),
            "removed": member(4733, ADMINISTRATORS, "Administrators"),
            "the words in the rendering": windows_event(
                4732,
                {"TargetSid": USERS},
                rendering="Group: Administrators <Data Name='TargetSid'>S-1-5-32-544</Data>",
            ),
            "a member added to a global group": member(4728, ADMINISTRATORS, "Administrators"),
        },
    ),
    "remote-desktop-users-member-added": Samples(
        matching={
            "in English": member(4732, REMOTE_DESKTOP_USERS, "Remote Desktop Users"),
            "in German": member(4732, REMOTE_DESKTOP_USERS, "Remotedesktopbenutzer"),
        },
        not_matching={
            "another group of that name": member(4732, SQL_ADMINISTRATORS, "Remote Desktop Users"),
            "Administrators": member(4732, ADMINISTRATORS, "Administrators"),
            "removed": member(4733, REMOTE_DESKTOP_USERS, "Remote Desktop Users"),
        },
    ),
    "remote-management-users-member-added": Samples(
        matching={"in English": member(4732, REMOTE_MANAGEMENT_USERS, "Remote Management Users")},
        not_matching={
            "Remote Desktop Users": member(4732, REMOTE_DESKTOP_USERS, "Remote Desktop Users"),
            "removed": member(4733, REMOTE_MANAGEMENT_USERS, "Remote Management Users"),
        },
    ),
    "backup-operators-member-added": Samples(
        matching={
            "in English": member(4732, BACKUP_OPERATORS, "Backup Operators"),
            "in French": member(4732, BACKUP_OPERATORS, "Opérateurs de sauvegarde"),
        },
        not_matching={
            "Print Operators": member(4732, PRINT_OPERATORS, "Print Operators"),
            "removed": member(4733, BACKUP_OPERATORS, "Backup Operators"),
        },
    ),
    "operators-member-added": Samples(
        matching={
            "accounts": member(4732, ACCOUNT_OPERATORS, "Account Operators"),
            "servers": member(4732, SERVER_OPERATORS, "Server Operators"),
            "printers": member(4732, PRINT_OPERATORS, "Druck-Operatoren"),
        },
        not_matching={
            "backups": member(4732, BACKUP_OPERATORS, "Backup Operators"),
            "removed": member(4733, SERVER_OPERATORS, "Server Operators"),
        },
    ),
    "local-group-member-added": Samples(
        matching={
            "a group of an application": member(4732, SQL_ADMINISTRATORS, "SQLServerAdministrators"),
            "Guests": member(4732, GUESTS, "Guests"),
            "Administrators put into it": member(
                4732, SQL_ADMINISTRATORS, "Deployers", MemberSid=ADMINISTRATORS
            ),
        },
        not_matching={
            "Users, as with each new account": member(4732, USERS, "Benutzer"),
            "Administrators": member(4732, ADMINISTRATORS, "Administratoren"),
            "Remote Desktop Users": member(4732, REMOTE_DESKTOP_USERS, "Remote Desktop Users"),
            "Backup Operators": member(4732, BACKUP_OPERATORS, "Backup Operators"),
            "removed": member(4733, SQL_ADMINISTRATORS, "SQLServerAdministrators"),
        },
    ),
    "domain-admins-member-added": Samples(
        matching={
            "in English": member(
                4728, DOMAIN_ADMINS, "Domain Admins", MemberName="CN=suzuki,DC=example,DC=com"
            ),
            "in German": member(4728, DOMAIN_ADMINS, "Domänen-Admins"),
        },
        not_matching={
            "Domain Users": member(4728, DOMAIN_USERS, "Domain Users"),
            "another group of that name": member(4728, SQL_ADMINISTRATORS, "Domain Admins"),
            "a group whose number ends alike": member(4728, f"{DOMAIN_SID}-1512", "Domain Admins 2"),
            "a number that goes on": member(4728, f"{DOMAIN_SID}-5120", "Deployers"),
            "removed": member(4729, DOMAIN_ADMINS, "Domain Admins"),
            "a local group": member(4732, DOMAIN_ADMINS, "Domain Admins"),
        },
    ),
    "group-policy-creator-owners-member-added": Samples(
        matching={"in English": member(4728, GROUP_POLICY_CREATOR_OWNERS, "Group Policy Creator Owners")},
        not_matching={
            "Domain Admins": member(4728, DOMAIN_ADMINS, "Domain Admins"),
            "removed": member(4729, GROUP_POLICY_CREATOR_OWNERS, "Group Policy Creator Owners"),
        },
    ),
    "global-group-member-added": Samples(
        matching={"a group of a team": member(4728, SQL_ADMINISTRATORS, "DatabaseTeam")},
        not_matching={
            "None, as with each new local account": member(4728, DOMAIN_USERS, "None"),
            "Domain Admins": member(4728, DOMAIN_ADMINS, "Domain Admins"),
            "Group Policy Creator Owners": member(4728, GROUP_POLICY_CREATOR_OWNERS, "Richtlinien-Ersteller"),
            "removed": member(4729, SQL_ADMINISTRATORS, "DatabaseTeam"),
        },
    ),
    "enterprise-admins-member-added": Samples(
        matching={"in English": member(4756, ENTERPRISE_ADMINS, "Enterprise Admins")},
        not_matching={
            "Schema Admins": member(4756, SCHEMA_ADMINS, "Schema Admins"),
            "another group of that name": member(4756, SQL_ADMINISTRATORS, "Enterprise Admins"),
            "removed": member(4757, ENTERPRISE_ADMINS, "Enterprise Admins"),
        },
    ),
    "schema-admins-member-added": Samples(
        matching={"in French": member(4756, SCHEMA_ADMINS, "Administrateurs du schéma")},
        not_matching={
            "Enterprise Admins": member(4756, ENTERPRISE_ADMINS, "Enterprise Admins"),
            "removed": member(4757, SCHEMA_ADMINS, "Schema Admins"),
        },
    ),
    "universal-group-member-added": Samples(
        matching={"a group of a team": member(4756, SQL_ADMINISTRATORS, "Finance Exchange")},
        not_matching={
            "a group of Exchange": member(4756, SQL_ADMINISTRATORS, "Organization Management"),
            "Enterprise Admins": member(4756, ENTERPRISE_ADMINS, "Enterprise Admins"),
            "Schema Admins": member(4756, SCHEMA_ADMINS, "Schema Admins"),
            "removed": member(4757, SQL_ADMINISTRATORS, "Organization Management"),
        },
    ),
    "administrators-member-removed": Samples(
        matching={
            "in English": member(4733, ADMINISTRATORS, "Administrators"),
            "in Japanese": member(4733, ADMINISTRATORS, "管理者"),
        },
        not_matching={
            "added": member(4732, ADMINISTRATORS, "Administrators"),
            "another group of that name": member(4733, SQL_ADMINISTRATORS, "Administrators"),
            "the group removed from another": member(4733, USERS, "Users", MemberSid=ADMINISTRATORS),
        },
    ),
    "local-group-member-removed": Samples(
        matching={"a group of an application": member(4733, SQL_ADMINISTRATORS, "SQLServerAdministrators")},
        not_matching={
            "Administrators": member(4733, ADMINISTRATORS, "Administrators"),
            "Users, as with each deleted account": member(4733, USERS, "Utilisateurs"),
            "added": member(4732, SQL_ADMINISTRATORS, "SQLServerAdministrators"),
        },
    ),
    "domain-admins-member-removed": Samples(
        matching={"in English": member(4729, DOMAIN_ADMINS, "Domain Admins")},
        not_matching={
            "added": member(4728, DOMAIN_ADMINS, "Domain Admins"),
            "a group whose number ends alike": member(4729, f"{DOMAIN_SID}-2512", "Domain Admins"),
        },
    ),
    "global-group-member-removed": Samples(
        matching={"a group of a team": member(4729, SQL_ADMINISTRATORS, "DatabaseTeam")},
        not_matching={
            "None, as with each deleted local account": member(4729, DOMAIN_USERS, "Kein"),
            "Domain Admins": member(4729, DOMAIN_ADMINS, "Domain Admins"),
            "added": member(4728, SQL_ADMINISTRATORS, "DatabaseTeam"),
        },
    ),
    "forest-admins-member-removed": Samples(
        matching={
            "Enterprise Admins": member(4757, ENTERPRISE_ADMINS, "Enterprise Admins"),
            "Schema Admins": member(4757, SCHEMA_ADMINS, "Schema Admins"),
        },
        not_matching={
            "added": member(4756, ENTERPRISE_ADMINS, "Enterprise Admins"),
            "another group of that name": member(4757, SQL_ADMINISTRATORS, "Enterprise Admins"),
        },
    ),
    "universal-group-member-removed": Samples(
        matching={"a group of Exchange": member(4757, SQL_ADMINISTRATORS, "Organization Management")},
        not_matching={
            "Enterprise Admins": member(4757, ENTERPRISE_ADMINS, "Enterprise Admins"),
            "added": member(4756, SQL_ADMINISTRATORS, "Organization Management"),
        },
    ),
    "local-group-created": Samples(
        matching={"by an administrator": group(4731, SamAccountName="Deployers")},
        not_matching={
            "one of Windows' own, at its setup": group(4731, TargetSid=BACKUP_OPERATORS),
            "a global group": group(4727),
            "deleted": group(4734),
            "a member added, the id after": member(4732, SQL_ADMINISTRATORS, "4731"),
        },
    ),
    "local-group-changed": Samples(
        matching={"renamed": group(4735, SamAccountName="Guests2")},
        not_matching={
            "a global group": group(4737),
            "created": group(4731),
            "deleted, the id before": group(4734, SubjectLogonId="0x4735"),
        },
    ),
    "local-group-deleted": Samples(
        matching={"by an administrator": group(4734)},
        not_matching={
            "created": group(4731),
            "a global group": group(4730),
            "changed, the id after": group(4735, SamAccountName="4734"),
        },
    ),
    "global-group-created": Samples(
        matching={"by an administrator": group(4727, SamAccountName="Deployers")},
        not_matching={"a universal group": group(4754), "a local group": group(4731), "deleted": group(4730)},
    ),
    "global-group-changed": Samples(
        matching={"renamed": group(4737, SamAccountName="Deployers2")},
        not_matching={"a universal group": group(4755), "a local group": group(4735), "created": group(4727)},
    ),
    "global-group-deleted": Samples(
        matching={"by an administrator": group(4730)},
        not_matching={"a universal group": group(4758), "a local group": group(4734), "created": group(4727)},
    ),
    "universal-group-created": Samples(
        matching={"by an administrator": group(4754, SamAccountName="Deployers")},
        not_matching={
            "a global group": group(4727),
            "a distribution group": group(4759),
            "deleted": group(4758),
        },
    ),
    "universal-group-changed": Samples(
        matching={"renamed": group(4755, SamAccountName="Deployers2")},
        not_matching={
            "a global group": group(4737),
            "a distribution group": group(4760),
            "created": group(4754),
        },
    ),
    "universal-group-deleted": Samples(
        matching={"by an administrator": group(4758)},
        not_matching={
            "a global group": group(4730),
            "a distribution group": group(4763),
            "created": group(4754),
        },
    ),
    "group-type-changed": Samples(
        matching={"to a security group": group(4764, GroupTypeChange="Distribution to security")},
        not_matching={
            "another change": group(4737),
            "the words as a group's name": group(4735, TargetUserName="4764"),
        },
    ),
    "administrators-enumerated": Samples(
        matching={
            "net localgroup": windows_event(
                4799,
                {
                    "TargetSid": ADMINISTRATORS,
                    "TargetUserName": "Administratoren",
                    "CallerProcessName": r"C:\Windows\System32\net1.exe",
                },
            ),
        },
        not_matching={
            "by SYSTEM": windows_event(4799, {"TargetSid": ADMINISTRATORS, "SubjectUserSid": "S-1-5-18"}),
            "another group": windows_event(4799, {"TargetSid": BACKUP_OPERATORS}),
            "the groups of an account": windows_event(4798, {"TargetSid": ADMINISTRATORS}),
        },
    ),
    "exchange-group-member-added": Samples(
        matching={
            "its administrators": member(4756, SQL_ADMINISTRATORS, "Organization Management"),
            "its servers' rights": member(4756, SQL_ADMINISTRATORS, "Exchange Windows Permissions"),
        },
        not_matching={
            "another universal group": member(4756, SQL_ADMINISTRATORS, "Finance Exchange"),
            "Enterprise Admins": member(4756, ENTERPRISE_ADMINS, "Enterprise Admins"),
            "removed": member(4757, SQL_ADMINISTRATORS, "Organization Management"),
        },
    ),
    "dns-admins-member-added": Samples(
        matching={"in any language": member(4732, f"{DOMAIN_SID}-1101", "DnsAdmins")},
        not_matching={
            "a group whose name goes on": member(4732, f"{DOMAIN_SID}-1102", "DnsAdmins2"),
            "removed": member(4733, f"{DOMAIN_SID}-1101", "DnsAdmins"),
            "the clients that update": member(4728, f"{DOMAIN_SID}-1102", "DnsUpdateProxy"),
        },
    ),
}
