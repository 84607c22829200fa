"""Sample events of the family directory."""

from catalog.model.provider import NETLOGON
from catalog.samples import Samples
from catalog.samples.windows_event import DOMAIN_SID, SYSTEM_SUBJECT, windows_event

GET_CHANGES = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"
GET_CHANGES_ALL = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"
MANAGE_TOPOLOGY = "1131f6ac-9c07-11d1-f79f-00c04fc2dcd2"
DOMAIN = "DC=example,DC=com"
POLICY = f"CN={{6AC1786C-016F-11D2-945F-00C04FB984F9}},CN=Policies,CN=System,{DOMAIN}"
SERVER = f"CN=DC03,CN=Servers,CN=Tokyo,CN=Sites,CN=Configuration,{DOMAIN}"


def operation(right: str, values: dict[str, str] | None = None) -> str:
    """Return an operation on the domain object with an extended right."""
    return windows_event(
        4662,
        {
            "ObjectServer": "DS",
            "ObjectType": "%{19195a5b-6da0-11d0-afd3-00c04fd930c9}",
            "ObjectName": "%{7a1ae1b0-3c49-4a43-9a49-4b9e2f3b2c11}",
            "OperationType": "Object Access",
            "HandleId": "0x0",
            "AccessList": "%%7688\r\n\t\t\t\t",
            "AccessMask": "0x100",
            "Properties": f"%%7688\r\n\t\t{{{right}}}\r\n\t{{19195a5b-6da0-11d0-afd3-00c04fd930c9}}\r\n",
            **(values or {}),
        },
    )


def modified(class_name: str, attribute: str, value: str, **values: str) -> str:
    """Return a value added to an attribute of a directory object."""
    return windows_event(
        5136,
        {
            "OpCorrelationID": "{c41eade4-162a-4d70-8488-f92f6af8ff49}",
            "DSName": "example.com",
            "DSType": "%%14676",
            "ObjectDN": f"CN=Object,{DOMAIN}",
            "ObjectGUID": "{eac0f94e-a686-463d-801c-91a1b85fe87d}",
            "ObjectClass": class_name,
            "AttributeLDAPDisplayName": attribute,
            "AttributeSyntaxOID": "2.5.5.12",
            "AttributeValue": value,
            "OperationType": "%%14674",
            **values,
        },
    )


def directory_object(event_id: int, class_name: str, **values: str) -> str:
    """Return a directory object created (5137) or deleted (5141)."""
    return windows_event(
        event_id,
        {
            "DSName": "example.com",
            "DSType": "%%14676",
            "ObjectDN": f"CN=Object,{DOMAIN}",
            "ObjectClass": class_name,
        }
        | values,
    )


def moved(event_id: int) -> str:
    """Return a directory object restored (5138) or moved (5139)."""
    return windows_event(
        event_id,
        {
            "DSName": "example.com",
            "OldObjectDN": f"CN=WEB-01,OU=Servers,{DOMAIN}",
            "NewObjectDN": f"CN=WEB-01,CN=Computers,{DOMAIN}",
            "ObjectClass": "computer",
        },
    )


def trust(event_id: int) -> str:
    """Return a change of a trust with another domain."""
    values = {"DomainName": "partner.example", "DomainSid": "S-1-5-21-1-2-3"}
    if event_id != 4707:
        values |= {"TdoType": "2", "TdoDirection": "3", "TdoAttributes": "8", "SidFilteringEnabled": "%%1796"}
    return windows_event(event_id, values)


def forest_entry(event_id: int) -> str:
    """Return a change of what is known about a trusted forest."""
    return windows_event(
        event_id,
        {
            "ForestRoot": "partner.example",
            "ForestRootSid": "S-1-5-21-1-2-3",
            "OperationId": "0xffadf358",
            "EntryType": "0",
            "Flags": "0",
            "TopLevelName": "partner.example",
        },
    )


def logon_right(event_id: int, right: str, values: dict[str, str] | None = None) -> str:
    """Return a logon right granted (4717) or removed (4718)."""
    field = "AccessGranted" if event_id == 4717 else "AccessRemoved"
    return windows_event(event_id, {"TargetSid": f"{DOMAIN_SID}-1158", field: right, **(values or {})})


ROUTINE = modified("user", "description", "Accounting")

SAMPLES = {
    "directory-secrets-replicated": Samples(
        matching={
            "changes": operation(GET_CHANGES),
            "all changes, secrets included": operation(GET_CHANGES_ALL),
        },
        not_matching={
            "by another domain controller": operation(GET_CHANGES_ALL, {"SubjectUserName": "DC02$"}),
            "another right of replication": operation(MANAGE_TOPOLOGY),
            "a property read": operation(GET_CHANGES, {"AccessMask": "0x10"}),
            "the right granted, in a security descriptor": modified(
                "domainDNS", "nTSecurityDescriptor", f"D:(OA;;CR;{GET_CHANGES_ALL};;{DOMAIN_SID}-1104)"
            ),
        },
    ),
    "directory-object-modified": Samples(
        matching={
            "a description": ROUTINE,
            "a description, its old value": modified("user", "description", "Sales", OperationType="%%14675"),
        },
        not_matching={
            "a record of dynamic DNS": modified("dnsNode", "dnsRecord", "<Binary>"),
            "created": directory_object(5137, "user"),
        },
    ),
    "group-policy-changed": Samples(
        matching={
            "a setting": modified("groupPolicyContainer", "versionNumber", "65540", ObjectDN=POLICY),
        },
        not_matching={
            "the old version": modified(
                "groupPolicyContainer", "versionNumber", "65539", ObjectDN=POLICY, OperationType="%%14675"
            ),
            "its permissions": modified(
                "groupPolicyContainer", "nTSecurityDescriptor", "O:DA", ObjectDN=POLICY
            ),
            "another object's version": modified("site", "versionNumber", "2"),
            "its link": modified("organizationalUnit", "gPLink", f"[LDAP://{POLICY};0]"),
        },
    ),
    "group-policy-linked": Samples(
        matching={
            "to a unit": modified(
                "organizationalUnit", "gPLink", f"[LDAP://{POLICY};0]", ObjectDN=f"OU=Servers,{DOMAIN}"
            ),
            "to the domain": modified("domainDNS", "gPLink", f"[LDAP://{POLICY};2]", ObjectDN=DOMAIN),
        },
        not_matching={
            "the old links": modified(
                "organizationalUnit", "gPLink", f"[LDAP://{POLICY};0]", OperationType="%%14675"
            ),
            "inheritance blocked": modified("organizationalUnit", "gPOptions", "1"),
            "the word in a description": modified("organizationalUnit", "description", "gPLink"),
        },
    ),
    "domain-permissions-changed": Samples(
        matching={
            "replication granted": modified(
                "domainDNS",
                "nTSecurityDescriptor",
                f"D:(OA;;CR;{GET_CHANGES_ALL};;{DOMAIN_SID}-1104)",
                ObjectDN=DOMAIN,
            )
        },
        not_matching={
            "the descriptor before": modified(
                "domainDNS", "nTSecurityDescriptor", "D:", ObjectDN=DOMAIN, OperationType="%%14675"
            ),
            "a unit's": modified("organizationalUnit", "nTSecurityDescriptor", "D:"),
            "the domain's lockout": modified("domainDNS", "lockoutThreshold", "10", ObjectDN=DOMAIN),
        },
    ),
    "adminsdholder-changed": Samples(
        matching={
            "its permissions": modified(
                "container",
                "nTSecurityDescriptor",
                f"D:(A;;GA;;;{DOMAIN_SID}-1104)",
                ObjectDN=f"CN=AdminSDHolder,CN=System,{DOMAIN}",
            )
        },
        not_matching={
            "what it was before": modified(
                "container",
                "nTSecurityDescriptor",
                "D:",
                ObjectDN=f"CN=AdminSDHolder,CN=System,{DOMAIN}",
                OperationType="%%14675",
            ),
            "another object of that name": modified(
                "user", "title", "x", ObjectDN=f"CN=AdminSDHolder,{DOMAIN}"
            ),
            "its name as a value": modified(
                "user", "seeAlso", f"CN=AdminSDHolder,CN=System,{DOMAIN}", ObjectDN=f"CN=Suzuki,{DOMAIN}"
            ),
        },
    ),
    "service-principal-name-added-to-user": Samples(
        matching={"an account": modified("user", "servicePrincipalName", "http/roast")},
        not_matching={
            "a computer": modified("computer", "servicePrincipalName", "HOST/web-01"),
            "removed": modified("user", "servicePrincipalName", "http/roast", OperationType="%%14675"),
            "the word in a description": modified("user", "description", "servicePrincipalName"),
        },
    ),
    "key-credential-added": Samples(
        matching={
            "to a person, by another": modified(
                "user", "msDS-KeyCredentialLink", f"B:828:00:CN=Suzuki,{DOMAIN}"
            ),
            "to a computer, by an account": modified(
                "computer", "msDS-KeyCredentialLink", f"B:828:00:CN=WEB-01,{DOMAIN}"
            ),
        },
        not_matching={
            "a computer's own": modified(
                "computer",
                "msDS-KeyCredentialLink",
                f"B:828:00:CN=WEB-01,{DOMAIN}",
                SubjectUserName="WEB-01$",
            ),
            "removed": modified("user", "msDS-KeyCredentialLink", "B:828:00", OperationType="%%14675"),
        },
    ),
    "delegation-to-computer-changed": Samples(
        matching={
            "a computer": modified(
                "computer", "msDS-AllowedToActOnBehalfOfOtherIdentity", "O:BAD:(A;;CCDC;;;SY)"
            )
        },
        not_matching={
            "removed": modified(
                "computer", "msDS-AllowedToActOnBehalfOfOtherIdentity", "O:BA", OperationType="%%14675"
            ),
            "constrained delegation": modified("computer", "msDS-AllowedToDelegateTo", "cifs/files-01"),
        },
    ),
    "directory-object-created": Samples(
        matching={"a unit": directory_object(5137, "organizationalUnit")},
        not_matching={
            "a record of dynamic DNS": directory_object(5137, "dnsNode"),
            "modified": ROUTINE,
            "deleted": directory_object(5141, "organizationalUnit"),
        },
    ),
    "domain-controller-registered": Samples(
        matching={"a server of a site": directory_object(5137, "server", ObjectDN=SERVER)},
        not_matching={
            "a class that begins so": directory_object(5137, "serversContainer"),
            "deleted again": directory_object(5141, "server", ObjectDN=SERVER),
            "a computer whose name is server": directory_object(
                5137, "computer", ObjectDN=f"CN=server,{DOMAIN}"
            ),
        },
    ),
    "group-policy-created": Samples(
        matching={"a policy": directory_object(5137, "groupPolicyContainer", ObjectDN=POLICY)},
        not_matching={
            "changed": modified("groupPolicyContainer", "versionNumber", "1", ObjectDN=POLICY),
            "deleted": directory_object(5141, "groupPolicyContainer", ObjectDN=POLICY),
            "its folder for computers": directory_object(5137, "container", ObjectDN=f"CN=Machine,{POLICY}"),
        },
    ),
    "directory-object-restored": Samples(
        matching={"a computer": moved(5138)},
        not_matching={"moved": moved(5139), "created": directory_object(5137, "computer")},
    ),
    "directory-object-moved": Samples(
        matching={"a computer": moved(5139)},
        not_matching={"restored": moved(5138), "renamed account": windows_event(4781)},
    ),
    "directory-object-deleted": Samples(
        matching={
            "an account": directory_object(5141, "user", TreeDelete="%%14679"),
            "a whole unit": directory_object(5141, "organizationalUnit", TreeDelete="%%14678"),
        },
        not_matching={
            "a record of dynamic DNS": directory_object(5141, "dnsNode"),
            "created": directory_object(5137, "user"),
        },
    ),
    "protected-account-permissions-reset": Samples(
        matching={"an administrator": windows_event(4780, {"SubjectUserSid": "S-1-5-7"})},
        not_matching={
            "AdminSDHolder itself": modified(
                "container", "nTSecurityDescriptor", "D:", ObjectDN=f"CN=AdminSDHolder,CN=System,{DOMAIN}"
            ),
            "a file's permissions": windows_event(4670),
        },
    ),
    "sids-filtered": Samples(
        matching={
            "a privileged SID of the own domain": windows_event(
                4675, {"TdoDirection": "3", "SidList": f"%{{{DOMAIN_SID}-512}}"}
            )
        },
        not_matching={"a logon": windows_event(4624, {"LogonType": "3"}), "a trust modified": trust(4716)},
    ),
    "domain-trust-created": Samples(
        matching={"both ways": trust(4706)},
        not_matching={
            "removed": trust(4707),
            "modified": trust(4716),
            "a forest's names": forest_entry(4865),
        },
    ),
    "domain-trust-removed": Samples(
        matching={"a trust": trust(4707)},
        not_matching={"created": trust(4706), "a forest's names": forest_entry(4866)},
    ),
    "domain-trust-modified": Samples(
        matching={"SID filtering": trust(4716)},
        not_matching={"created": trust(4706), "a forest's names": forest_entry(4867)},
    ),
    "trusted-forest-entry-added": Samples(
        matching={"a name": forest_entry(4865)},
        not_matching={"removed": forest_entry(4866), "the trust itself": trust(4706)},
    ),
    "trusted-forest-entry-removed": Samples(
        matching={"a name": forest_entry(4866)},
        not_matching={"added": forest_entry(4865), "the trust itself": trust(4707)},
    ),
    "trusted-forest-entry-modified": Samples(
        matching={"a name": forest_entry(4867)},
        not_matching={"removed": forest_entry(4866), "the trust itself": trust(4716)},
    ),
    "kerberos-policy-changed": Samples(
        matching={
            "the lifetime of tickets": windows_event(
                4713, {**SYSTEM_SUBJECT, "KerberosPolicyChange": "KerMaxT: 0x10c388d000 (0x861c46800); "}
            )
        },
        not_matching={
            "the password policy": windows_event(4739, {"DomainPolicyChanged": "Password Policy"}),
            "a ticket": windows_event(4768, {"TicketOptions": "0x4713"}),
        },
    ),
    "domain-policy-changed": Samples(
        matching={
            "the domain's, by an administrator": windows_event(
                4739, {"DomainPolicyChanged": "Lockout Policy", "LockoutThreshold": "0"}
            ),
            "a member server's own": windows_event(
                4739, {"DomainPolicyChanged": "Password Policy", "DomainName": "WEB-01"}
            ),
        },
        not_matching={
            "the domain's, by Group Policy": windows_event(
                4739, {**SYSTEM_SUBJECT, "DomainPolicyChanged": "Lockout Policy", "LockoutThreshold": "0"}
            ),
            "the Kerberos policy": windows_event(4713, SYSTEM_SUBJECT),
            "the attribute in the directory": modified("domainDNS", "lockoutThreshold", "0", ObjectDN=DOMAIN),
        },
    ),
    "logon-right-granted": Samples(
        matching={"as a batch job": logon_right(4717, "SeBatchLogonRight")},
        not_matching={
            "to a service, by Windows": logon_right(4717, "SeServiceLogonRight", SYSTEM_SUBJECT),
            "removed": logon_right(4718, "SeBatchLogonRight"),
            "a privilege": windows_event(4704, {"PrivilegeList": "SeDebugPrivilege"}),
        },
    ),
    "logon-right-removed": Samples(
        matching={"a refusal": logon_right(4718, "SeDenyRemoteInteractiveLogonRight")},
        not_matching={
            "from a service, by Windows": logon_right(4718, "SeServiceLogonRight", SYSTEM_SUBJECT),
            "granted": logon_right(4717, "SeDenyRemoteInteractiveLogonRight"),
            "a privilege": windows_event(4705, {"PrivilegeList": "SeDebugPrivilege"}),
        },
    ),
    "rogue-domain-controller-joined": Samples(
        matching={
            "a replica installed": operation("9923a32a-3607-11d2-b9be-0000f87a36b2"),
            "the topology managed": operation(MANAGE_TOPOLOGY),
        },
        not_matching={
            "by a domain controller": operation(MANAGE_TOPOLOGY, {"SubjectUserName": "DC-01$"}),
            "read only": operation(MANAGE_TOPOLOGY, {"AccessMask": "0x10"}),
            "replicated": operation(GET_CHANGES_ALL),
        },
    ),
    "directory-permissions-changed": Samples(
        matching={
            "of an organizational unit": modified(
                "organizationalUnit", "nTSecurityDescriptor", "O:DAG:DAD:AI"
            ),
            "of a policy": modified("groupPolicyContainer", "nTSecurityDescriptor", "O:DAG:DAD:PAI"),
        },
        not_matching={
            "the old value": modified(
                "organizationalUnit", "nTSecurityDescriptor", "O:DAG:DAD:AI", OperationType="%%14675"
            ),
            "of a user": modified("user", "nTSecurityDescriptor", "O:DAG:DAD:AI"),
            "another attribute": modified("organizationalUnit", "description", "nTSecurityDescriptor"),
        },
    ),
    "domain-policy-applied": Samples(
        matching={"as SYSTEM": windows_event(4739, SYSTEM_SUBJECT)},
        not_matching={
            "by an administrator": windows_event(4739),
            "of Kerberos": windows_event(4713, SYSTEM_SUBJECT),
        },
    ),
    "netlogon-vulnerable-connection-allowed": Samples(
        matching={"an old device": windows_event(5829, {"param1": "NAS-1$"}, provider=NETLOGON)},
        not_matching={
            "refused": windows_event(5827, {"param1": "NAS-1$"}, provider=NETLOGON),
            "by a policy": windows_event(5830, {"param1": "NAS-1$"}, provider=NETLOGON),
        },
    ),
    "netlogon-vulnerable-connection-refused": Samples(
        matching={"an old device": windows_event(5827, {"param1": "NAS-1$"}, provider=NETLOGON)},
        not_matching={"a trust": windows_event(5828, {"param1": "example.net"}, provider=NETLOGON)},
    ),
    "netlogon-authentication-failed": Samples(
        matching={"without a trust": windows_event(5805, {"param1": "WEB-01"}, provider=NETLOGON)},
        not_matching={"an unknown computer": windows_event(5723, {"param1": "WEB-01"}, provider=NETLOGON)},
    ),
}
