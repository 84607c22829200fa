"""Sample events of the family kerberos."""

from catalog.model.provider import KEY_DISTRIBUTION_CENTER, Provider
from catalog.samples import Samples
from catalog.samples.windows_event import windows_event

DOMAIN_CONTROLLER = {"TargetUserName": "DC01$", "IpAddress": "::1"}


def ticket(
    status: str = "0x0", encryption: str = "0x12", pre_authentication: str = "2", **values: str
) -> str:
    """Return a request for a ticket-granting ticket."""
    refused = status != "0x0"
    return windows_event(
        4768,
        {
            "TicketOptions": "0x40810010",
            "Status": status,
            "TicketEncryptionType": "0xffffffff" if refused else encryption,
            "PreAuthType": "-" if refused else pre_authentication,
            **values,
        },
        failure=refused,
    )


def service_ticket(service: str, status: str = "0x0", encryption: str = "0x12", **values: str) -> str:
    """Return a request for a service ticket."""
    return windows_event(
        4769,
        {
            "TargetUserName": "suzuki@EXAMPLE.COM",
            "TargetDomainName": "EXAMPLE.COM",
            "ServiceName": service,
            "TicketOptions": "0x40810000",
            "TicketEncryptionType": encryption if status == "0x0" else "0xffffffff",
            "Status": status,
            **values,
        },
        failure=status != "0x0",
    )


def pre_authentication(status: str, **values: str) -> str:
    """Return a failed pre-authentication."""
    return windows_event(
        4771,
        {"ServiceName": "krbtgt/EXAMPLE.COM", "Status": status, "PreAuthType": "2", **values},
        failure=True,
    )


def ntlm(status: str, **values: str) -> str:
    """Return a validation of NTLM credentials."""
    return windows_event(
        4776,
        {"PackageName": "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "Status": status, **values},
        failure=status != "0x0",
    )


SAMPLES = {
    "kerberos-ticket-request-failed": Samples(
        matching={
            "a disabled account": ticket("0x12"),
            "an expired password": ticket("0x17"),
            "a computer account": ticket("0x12", TargetUserName="WEB-01$"),
        },
        not_matching={
            "granted": ticket(),
            "a service ticket refused": service_ticket("WEB-01$", "0x1b"),
            "a wrong password": pre_authentication("0x18"),
            "granted, with a failure in the rendering": windows_event(
                4768, {"Status": "0x0"}, rendering="Result Code: 0x12"
            ),
        },
    ),
    "kerberos-unknown-account": Samples(
        matching={"a name that does not exist": ticket("0x6", TargetUserName="svc-old")},
        not_matching={
            "a disabled account": ticket("0x12"),
            "a policy that rejects the request, 0xc": ticket("0xc"),
            "a longer status": ticket("0x60"),
            "granted": ticket(),
        },
    ),
    "kerberos-ticket-without-pre-authentication": Samples(
        matching={
            "with AES": ticket(pre_authentication="0"),
            "with RC4": ticket(encryption="0x17", pre_authentication="0"),
        },
        not_matching={
            "with a password": ticket(),
            "with a smart card": ticket(pre_authentication="15"),
            "refused": ticket("0x12", PreAuthType="0"),
            "the field of another event": pre_authentication("0x18", PreAuthType="0"),
        },
    ),
    "kerberos-ticket-granted-with-rc4": Samples(
        matching={
            "an account": ticket(encryption="0x17"),
            "a computer": ticket(encryption="0x17", **DOMAIN_CONTROLLER),
        },
        not_matching={
            "with AES": ticket(),
            "without pre-authentication": ticket(encryption="0x17", pre_authentication="0"),
            "an expired password, whose status is 0x17": ticket("0x17"),
            "a service ticket": service_ticket("svc-sql", encryption="0x17"),
        },
    ),
    "kerberos-service-ticket-with-rc4": Samples(
        matching={
            "a service account": service_ticket("svc-sql", encryption="0x17"),
            "asked for by a computer": service_ticket(
                "svc-sql", encryption="0x17", TargetUserName="WEB-01$@EXAMPLE.COM"
            ),
        },
        not_matching={
            "with AES": service_ticket("svc-sql"),
            "a computer's service": service_ticket("SQL-01$", encryption="0x17"),
            "a renewed ticket-granting ticket": service_ticket("krbtgt", encryption="0x17"),
            "refused": service_ticket("svc-sql", "0x17"),
            "a ticket-granting ticket": ticket(encryption="0x17"),
        },
    ),
    "kerberos-service-ticket-failed": Samples(
        matching={
            "a service restricted to others": service_ticket("svc-sql", "0xc"),
            "no such key": service_ticket("x", "0xe"),
        },
        not_matching={
            "granted": service_ticket("svc-sql"),
            "an expired ticket": service_ticket("svc-sql", "0x20"),
            "a ticket-granting ticket refused": ticket("0x12"),
        },
    ),
    "kerberos-forged-ticket-refused": Samples(
        matching={"not today's key": service_ticket("krbtgt", "0x1f")},
        not_matching={
            "a service restricted to others": service_ticket("krbtgt", "0x1b"),
            "a longer status": service_ticket("krbtgt", "0x1f4"),
            "granted": service_ticket("krbtgt"),
        },
    ),
    "kerberos-wrong-password": Samples(
        matching={
            "an account": pre_authentication("0x18"),
            "a computer": pre_authentication("0x18", **DOMAIN_CONTROLLER),
        },
        not_matching={
            "a locked account": pre_authentication("0x12"),
            "the right one": ticket(),
            "a ticket refused with the same status": ticket("0x18"),
            "0x18 as the ticket's encryption": ticket(encryption="0x18"),
        },
    ),
    "kerberos-pre-authentication-failed": Samples(
        matching={
            "a locked account": pre_authentication("0x12"),
            "a wrong clock": pre_authentication("0x25"),
        },
        not_matching={"a wrong password": pre_authentication("0x18"), "a ticket refused": ticket("0x12")},
    ),
    "ntlm-validation-failed": Samples(
        matching={
            "a wrong password": ntlm("0xc000006a"),
            "a locked account": ntlm("0xc0000234"),
            "a host that does not give its name": ntlm("0xc000006a", Workstation=""),
        },
        not_matching={
            "accepted": ntlm("0x0"),
            "a failed logon": windows_event(4625, {"Status": "0xc000006d"}, failure=True),
            "accepted, with a failure in the rendering": windows_event(
                4776, {"Status": "0x0"}, rendering="Error Code: 0xC000006A"
            ),
        },
    ),
    "ntlm-unknown-account": Samples(
        matching={"a name that does not exist": ntlm("0xc0000064", TargetUserName="admin")},
        not_matching={
            "a wrong password": ntlm("0xc000006a"),
            "accepted": ntlm("0x0"),
            "a failed logon": windows_event(4625, {"SubStatus": "0xc0000064"}, failure=True),
        },
    ),
    "account-without-strong-kerberos-keys": Samples(
        matching={
            "krbtgt": windows_event(42, {"Account": "krbtgt"}, provider=KEY_DISTRIBUTION_CENTER, level=2)
        },
        not_matching={
            "no common encryption": windows_event(
                14, {"Account": "krbtgt"}, provider=KEY_DISTRIBUTION_CENTER, level=2
            ),
            "the same id from another provider": windows_event(
                42, provider=Provider("Microsoft-Windows-Kernel-Power", channel="System")
            ),
        },
    ),
}
