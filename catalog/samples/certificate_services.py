"""Sample events of the family certificate_services."""

from catalog.samples import Samples
from catalog.samples.windows_event import windows_event

TEMPLATE = {
    "TemplateInternalName": "WebServer",
    "TemplateVersion": "4.2",
    "TemplateSchemaVersion": "1",
    "DCDNSName": "dc01.example.com",
}


def request(event_id: int, attributes: str = "ccm:client-7.example.com", **values: str) -> str:
    """Return a certificate requested (4886), issued (4887) or denied (4888)."""
    issued = {"Subject": "CN=Suzuki, DC=example, DC=com"} if event_id != 4886 else {}
    return windows_event(
        event_id,
        {"RequestId": "4711", "Requester": r"EXAMPLE\suzuki", "Attributes": attributes, **issued, **values},
    )


SAMPLES = {
    "certificate-request-denied-by-manager": Samples(
        matching={"a pending request": windows_event(4868, {"RequestId": "4711"})},
        not_matching={"by policy": request(4888), "resubmitted": windows_event(4869, {"RequestId": "4868"})},
    ),
    "certificate-revoked": Samples(
        matching={
            "a key that was lost": windows_event(
                4870, {"CertificateSerialNumber": "6100000002", "RevocationReason": "1"}
            )
        },
        not_matching={
            "the list of revoked certificates": windows_event(4871, {"NextUpdate": "0"}),
            "issued": request(4887, RequestId="4870"),
        },
    ),
    "certification-authority-backed-up": Samples(
        matching={"with its key": windows_event(4876, {"BackupType": "1"})},
        not_matching={"finished": windows_event(4877), "restored": windows_event(4878)},
    ),
    "certification-authority-permissions-changed": Samples(
        matching={
            "a manager added": windows_event(
                4882, {"SecuritySettings": "\nAllow(0x00000001)\tEXAMPLE\\suzuki\n\tCA Administrator\n"}
            )
        },
        not_matching={
            "the managers of certificates": windows_event(4890, {"EnableRestrictedPermissions": "1"}),
            "a template's": windows_event(4900, TEMPLATE),
        },
    ),
    "archived-key-retrieved": Samples(
        matching={"a lost card": windows_event(4883, {"RequestId": "4711"})},
        not_matching={
            "archived": windows_event(4893, {"RequestId": "4883"}),
            "a certificate imported": windows_event(4884, {"RequestId": "4711"}),
        },
    ),
    "certification-authority-audit-filter-changed": Samples(
        matching={
            "lowered": windows_event(4885, {"AuditFilter": "111"}),
            "off": windows_event(4885, {"AuditFilter": "0"}),
        },
        not_matching={
            "the responder's": windows_event(5123, {"PropertyName": "AuditFilter", "NewValue": "0"}),
            "the audit policy of Windows": windows_event(4719, {"AuditPolicyChanges": "%%8448"}),
        },
    ),
    "certificate-requested": Samples(
        matching={"by a person": request(4886)},
        not_matching={"issued": request(4887, RequestId="4886"), "pending": request(4889)},
    ),
    "certificate-issued": Samples(
        matching={"to a person": request(4887)},
        not_matching={"requested": request(4886), "denied": request(4888, RequestId="4887")},
    ),
    "certificate-issued-for-name-in-request": Samples(
        matching={"for an administrator": request(4887, "SAN:upn=administrator@example.com")},
        not_matching={
            "without a name": request(4887),
            "a host's name": request(4887, "SAN:dns=www.example.com"),
            "requested only": request(4886, "SAN:upn=administrator@example.com"),
            "denied": request(4888, "SAN:upn=administrator@example.com"),
        },
    ),
    "certificate-request-denied": Samples(
        matching={"no right to the template": request(4888, Disposition="0x80094012")},
        not_matching={"by a manager": windows_event(4868, {"RequestId": "4888"}), "issued": request(4887)},
    ),
    "certificate-manager-settings-changed": Samples(
        matching={"no restriction": windows_event(4890, {"EnableRestrictedPermissions": "0"})},
        not_matching={
            "the authority's permissions": windows_event(4882, {"SecuritySettings": "4890"}),
            "its configuration": windows_event(4891, {"Entry": "EditFlags"}),
        },
    ),
    "certification-authority-configuration-changed": Samples(
        matching={
            "names in requests accepted": windows_event(
                4891,
                {
                    "Node": r"PolicyModules\CertificateAuthority_MicrosoftDefault.Policy",
                    "Entry": "EditFlags",
                    "Value": "1376590",
                },
            )
        },
        not_matching={
            "a property": windows_event(4892, {"PropertyName": "29", "PropertyValue": "4891"}),
            "the managers": windows_event(4890, {"EnableRestrictedPermissions": "1"}),
        },
    ),
    "certification-authority-property-changed": Samples(
        matching={
            "the templates": windows_event(
                4892,
                {"PropertyName": "29", "PropertyIndex": "0", "PropertyType": "4", "PropertyValue": "User"},
            )
        },
        not_matching={
            "the configuration": windows_event(4891, {"Entry": "EditFlags", "Value": "4892"}),
            "a template loaded": windows_event(4898, TEMPLATE),
        },
    ),
    "certificate-rows-deleted": Samples(
        matching={
            "expired requests": windows_event(4896, {"TableId": "0", "Filter": "0", "RowsDeleted": "12"})
        },
        not_matching={
            "the authority's certificate published": windows_event(4895, {"CertificateHash": "4896"}),
            "role separation": windows_event(4897, {"RoleSeparationEnabled": "1"}),
        },
    ),
    "role-separation-changed": Samples(
        matching={
            "on": windows_event(4897, {"RoleSeparationEnabled": "1"}),
            "off": windows_event(4897, {"RoleSeparationEnabled": "0"}),
        },
        not_matching={
            "a template loaded": windows_event(4898, TEMPLATE),
            "rows deleted": windows_event(4896, {"RowsDeleted": "4897"}),
        },
    ),
    "certificate-template-changed": Samples(
        matching={
            "names in requests": windows_event(
                4899,
                {
                    **TEMPLATE,
                    "NewTemplateContent": "\nmsPKI-Certificate-Name-Flag = 0x1 (1)",
                    "OldTemplateContent": "\nmsPKI-Certificate-Name-Flag = 0x82000000",
                },
            )
        },
        not_matching={
            "loaded": windows_event(4898, TEMPLATE),
            "its permissions": windows_event(4900, TEMPLATE),
        },
    ),
    "certificate-template-permissions-changed": Samples(
        matching={
            "enrolment for all": windows_event(
                4900,
                {
                    **TEMPLATE,
                    "NewSecurityDescriptor": "O:DAD:(OA;;CR;;;AU)",
                    "OldSecurityDescriptor": "O:DAD:",
                },
            )
        },
        not_matching={
            "its content": windows_event(4899, TEMPLATE),
            "the authority's": windows_event(4882, {"SecuritySettings": "4900"}),
        },
    ),
    "online-responder-started": Samples(
        matching={"a start": windows_event(5120)},
        not_matching={"stopped": windows_event(5121), "the authority started": windows_event(4880)},
    ),
    "online-responder-stopped": Samples(
        matching={"a stop": windows_event(5121)},
        not_matching={"started": windows_event(5120), "the authority stopped": windows_event(4881)},
    ),
    "online-responder-configuration-changed": Samples(
        matching={
            "another certificate": windows_event(5122, {"CAConfigurationId": "Example CA", "NewValue": "1"})
        },
        not_matching={
            "a property": windows_event(5123, {"PropertyName": "LogLevel", "NewValue": "5122"}),
            "its permissions": windows_event(5124, {"NewSecuritySettings": "-"}),
        },
    ),
    "online-responder-property-changed": Samples(
        matching={"the audit filter": windows_event(5123, {"PropertyName": "AuditFilter", "NewValue": "0"})},
        not_matching={
            "a configuration": windows_event(5122, {"CAConfigurationId": "Example CA"}),
            "its permissions": windows_event(5124, {"NewSecuritySettings": "5123"}),
        },
    ),
    "online-responder-permissions-changed": Samples(
        matching={
            "an administrator added": windows_event(
                5124,
                {"NewSecuritySettings": "\nAllow(0x00000001)\tEXAMPLE\\suzuki\n\tOCSP Administrator\n"},
            )
        },
        not_matching={
            "a property": windows_event(5123, {"PropertyName": "5124", "NewValue": "1"}),
            "the authority's": windows_event(4882, {"SecuritySettings": "-"}),
        },
    ),
}
