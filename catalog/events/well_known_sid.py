"""Security identifiers that are the same on every server and in every language, unlike their names.

Those of a domain's or server's own accounts begin with ``S-1-5-21-`` and the domain's number; the end, such
as ``-500``, tells the built-in ones apart (Microsoft's "Security identifiers").
"""

#: How the SID of every account of a server or its domain begins; not that of SYSTEM, of the built-in service
#: accounts, of application pools, of the window manager.
SERVER_OR_DOMAIN_PREFIX = "S-1-5-21-"
#: How the SID of every account of Microsoft Entra ID begins.
ENTRA_PREFIX = "S-1-12-1-"
ANONYMOUS = "S-1-5-7"
# The accounts that Windows itself works as.
SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"

# Local groups, which every server has; the operators but for Backup Operators, domain controllers only.
ADMINISTRATORS = "S-1-5-32-544"
USERS = "S-1-5-32-545"
GUESTS = "S-1-5-32-546"
POWER_USERS = "S-1-5-32-547"
ACCOUNT_OPERATORS = "S-1-5-32-548"
SERVER_OPERATORS = "S-1-5-32-549"
PRINT_OPERATORS = "S-1-5-32-550"
BACKUP_OPERATORS = "S-1-5-32-551"
REMOTE_DESKTOP_USERS = "S-1-5-32-555"
REMOTE_MANAGEMENT_USERS = "S-1-5-32-580"

# Ends of SIDs: accounts.
ADMINISTRATOR_SUFFIX = "-500"
GUEST_SUFFIX = "-501"
KRBTGT_SUFFIX = "-502"
# Ends of SIDs: groups of a domain.
DOMAIN_ADMINS_SUFFIX = "-512"
DOMAIN_USERS_SUFFIX = "-513"
SCHEMA_ADMINS_SUFFIX = "-518"
ENTERPRISE_ADMINS_SUFFIX = "-519"
GROUP_POLICY_CREATOR_OWNERS_SUFFIX = "-520"
