"""Samples of correlations: sequences of records that must be an alarm, and near misses that must not."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.model.provider import SECURITY_EVENTLOG, SERVICE_CONTROL_MANAGER
from catalog.samples.windows_event import DOMAIN_SID, windows_event

#: A record with the seconds after which it comes, counted from any time of day or, where the hour matters,
#: from midnight in the account's time zone.
Sequence = tuple[tuple[int, str], ...]
_NEW_ACCOUNT = f"{DOMAIN_SID}-2207"
_HOUR = 3600


@dataclass(frozen=True)
class CorrelationSamples:
    """The samples of one correlation.

    Args:
        matches: Sequences that it must find, by a few words on what each is.
        near_misses: Sequences much like them that it must not find.
    """

    matches: Mapping[str, Sequence]
    near_misses: Mapping[str, Sequence]


def _on(server: str, record: str) -> str:
    return record.replace("<Computer>web-01.example.com<", f"<Computer>{server}.example.com<")


def _failure(user: str, address: str = "198.51.100.7", **values: str) -> str:
    return windows_event(
        4625, {"TargetUserName": user, "IpAddress": address, "LogonType": "3", **values}, failure=True
    )


def _success(user: str, address: str = "198.51.100.7", kind: str = "3", **values: str) -> str:
    return windows_event(
        4624,
        {"TargetUserName": user, "IpAddress": address, "LogonType": kind, "SubjectUserName": "-", **values},
    )


def _ticket(service: str, **values: str) -> str:
    return windows_event(
        4769,
        {
            "TargetUserName": "sato@EXAMPLE.COM",
            "ServiceName": service,
            "TicketEncryptionType": "0x17",
            "Status": "0x0",
            **values,
        },
    )


def _first_ticket(user: str, pre_authentication: str = "0") -> str:
    return windows_event(4768, {"TargetUserName": user, "PreAuthType": pre_authentication, "Status": "0x0"})


def _service(name: str, server: str) -> str:
    return _on(server, windows_event(7045, {"ServiceName": name}, provider=SERVICE_CONTROL_MANAGER))


def _policy(changes: str) -> str:
    guid = "{0cce9215-69ae-11d9-bed3-505054503030}"
    return windows_event(4719, {"SubcategoryGuid": guid, "AuditPolicyChanges": changes})


def _every(seconds: int, *records: str) -> Sequence:
    return tuple((number * seconds, record) for number, record in enumerate(records))


def _numbered(number: int, text: str = "user-{}") -> list[str]:
    return [text.format(each) for each in range(number)]


_CREATED = windows_event(4720, {"TargetSid": _NEW_ACCOUNT, "TargetUserName": "helper"})
_CLEARED = windows_event(
    1102, {"SubjectUserSid": f"{DOMAIN_SID}-1104", "SubjectUserName": "sato"}, provider=SECURITY_EVENTLOG
)

CORRELATION_SAMPLES: Mapping[str, CorrelationSamples] = {
    "password-spraying": CorrelationSamples(
        matches={
            "ten accounts from one address": _every(30, *map(_failure, _numbered(10))),
            "one name in different letter case counts once, ten others count": _every(
                30, _failure("ADMIN"), _failure("admin"), *map(_failure, _numbered(9))
            ),
        },
        near_misses={
            "one account again and again": _every(30, *[_failure("sato")] * 12),
            "ten accounts from ten addresses": _every(
                30, *(_failure(f"user-{n}", f"198.51.100.{n}") for n in range(10))
            ),
            "no address": _every(30, *(_failure(user, "-") for user in _numbered(10))),
            "the server itself": _every(30, *(_failure(user, "127.0.0.1") for user in _numbered(10))),
        },
    ),
    "password-guessed": CorrelationSamples(
        matches={
            "five failures and a success": _every(10, *[_failure("sato")] * 5, _success("sato")),
            "a success over Remote Desktop": _every(
                10, *[_failure("sato")] * 5, _success("SATO", kind="10", SubjectUserName="WEB-01$")
            ),
        },
        near_misses={
            "four failures": _every(10, *[_failure("sato")] * 4, _success("sato")),
            "a success before the failures": _every(10, _success("sato"), *[_failure("sato")] * 5),
            "another account": _every(10, *[_failure("sato")] * 5, _success("suzuki")),
            "another address": _every(10, *[_failure("sato")] * 5, _success("sato", "203.0.113.9")),
        },
    ),
    "accounts-locked-out": CorrelationSamples(
        matches={
            "five accounts": _every(
                60, *(windows_event(4740, {"TargetUserName": user}) for user in _numbered(5))
            )
        },
        near_misses={
            "one account five times": _every(60, *[windows_event(4740, {"TargetUserName": "sato"})] * 5)
        },
    ),
    "lateral-movement": CorrelationSamples(
        matches={
            "ten servers": _every(30, *(_on(server, _success("sato")) for server in _numbered(10, "web-{}")))
        },
        near_misses={
            "one server ten times": _every(30, *[_success("sato")] * 10),
            "a computer account": _every(
                30, *(_on(server, _success("DC01$")) for server in _numbered(10, "web-{}"))
            ),
        },
    ),
    "kerberoasting": CorrelationSamples(
        matches={"five services": _every(5, *map(_ticket, _numbered(5, "svc-{}")))},
        near_misses={
            "strong tickets": _every(
                5, *(_ticket(service, TicketEncryptionType="0x12") for service in _numbered(5, "svc-{}"))
            ),
            "computers": _every(5, *map(_ticket, _numbered(5, "WEB-{}$"))),
            "one service": _every(5, *[_ticket("svc-sql")] * 6),
        },
    ),
    "as-rep-roasting": CorrelationSamples(
        matches={"two accounts": _every(5, *map(_first_ticket, _numbered(2)))},
        near_misses={
            "one account": _every(5, *[_first_ticket("sato")] * 2),
            "with pre-authentication": _every(5, *(_first_ticket(user, "2") for user in _numbered(3))),
        },
    ),
    "failures-on-one-server": CorrelationSamples(
        matches={"five hundred": _every(5, *[_failure("sato")] * 500)},
        near_misses={
            "five hundred on two": _every(
                5, *[_failure("sato")] * 250, *[_on("web-02", _failure("sato"))] * 250
            )
        },
    ),
    "remote-desktop-by-administrator-at-night": CorrelationSamples(
        matches={
            "at three": (
                (3 * _HOUR, _success("sato", kind="10", TargetLogonId="0x9a1", SubjectUserName="WEB-01$")),
                (3 * _HOUR, windows_event(4672, {"SubjectUserName": "sato", "SubjectLogonId": "0x9a1"})),
            ),
        },
        near_misses={
            "at noon": (
                (12 * _HOUR, _success("sato", kind="10", TargetLogonId="0x9a1")),
                (12 * _HOUR, windows_event(4672, {"SubjectUserName": "sato", "SubjectLogonId": "0x9a1"})),
            ),
            "no administrator": ((3 * _HOUR, _success("sato", kind="10", TargetLogonId="0x9a1")),),
            "another session": (
                (3 * _HOUR, _success("sato", kind="10", TargetLogonId="0x9a1")),
                (3 * _HOUR, windows_event(4672, {"SubjectUserName": "sato", "SubjectLogonId": "0x9a2"})),
            ),
        },
    ),
    "account-created-and-made-administrator": CorrelationSamples(
        matches={
            "of the server": _every(
                600, _CREATED, windows_event(4732, {"MemberSid": _NEW_ACCOUNT, "TargetSid": "S-1-5-32-544"})
            ),
            "of the domain": _every(
                600,
                _CREATED,
                windows_event(4728, {"MemberSid": _NEW_ACCOUNT, "TargetSid": f"{DOMAIN_SID}-512"}),
            ),
        },
        near_misses={
            "another member": _every(
                600,
                _CREATED,
                windows_event(4732, {"MemberSid": f"{DOMAIN_SID}-1133", "TargetSid": "S-1-5-32-544"}),
            ),
            "another group": _every(
                600, _CREATED, windows_event(4732, {"MemberSid": _NEW_ACCOUNT, "TargetSid": "S-1-5-32-545"})
            ),
            "made administrator, then created again": _every(
                600, windows_event(4732, {"MemberSid": _NEW_ACCOUNT, "TargetSid": "S-1-5-32-544"}), _CREATED
            ),
        },
    ),
    "account-created-and-deleted": CorrelationSamples(
        matches={
            "hours later": _every(5 * _HOUR, _CREATED, windows_event(4726, {"TargetSid": _NEW_ACCOUNT}))
        },
        near_misses={
            "another account": _every(
                _HOUR, _CREATED, windows_event(4726, {"TargetSid": f"{DOMAIN_SID}-1133"})
            )
        },
    ),
    "many-accounts-disabled-or-deleted": CorrelationSamples(
        matches={
            "five disabled, five deleted": _every(
                20,
                *(
                    windows_event(4725 if n % 2 else 4726, {"TargetSid": f"{DOMAIN_SID}-{2000 + n}"})
                    for n in range(10)
                ),
            )
        },
        near_misses={
            "by many": _every(
                20,
                *(
                    windows_event(
                        4725, {"TargetSid": f"{DOMAIN_SID}-{2000 + n}", "SubjectUserName": f"user-{n}"}
                    )
                    for n in range(10)
                ),
            )
        },
    ),
    "directory-read": CorrelationSamples(
        matches={
            "five hundred objects": _every(
                1, *(windows_event(4662, {"ObjectName": f"%{{{n}}}"}) for n in range(500))
            )
        },
        near_misses={
            "one object": _every(1, *[windows_event(4662, {"ObjectName": "%{1}"})] * 500),
            "a domain controller": _every(
                1,
                *(
                    windows_event(4662, {"ObjectName": f"%{{{n}}}", "SubjectUserName": "DC01$"})
                    for n in range(500)
                ),
            ),
        },
    ),
    "many-shares-touched": CorrelationSamples(
        matches={
            "ten shares": _every(
                5, *(windows_event(5140, {"ShareName": rf"\\*\Share{n}"}) for n in range(10))
            )
        },
        near_misses={
            "the pipe share": _every(5, *[windows_event(5140, {"ShareName": r"\\*\IPC$"})] * 10),
            "nine shares": _every(
                5, *(windows_event(5140, {"ShareName": rf"\\*\Share{n}"}) for n in range(9))
            ),
        },
    ),
    "service-installed-on-many-servers": CorrelationSamples(
        matches={
            "three servers": _every(60, *(_service("upd", server) for server in _numbered(3, "web-{}")))
        },
        near_misses={
            "three services": _every(60, *(_service(f"upd{n}", f"web-{n}") for n in range(3))),
            "the agent": _every(
                60, *(_service("AmazonCloudWatchAgent", server) for server in _numbered(3, "web-{}"))
            ),
        },
    ),
    "log-cleared-after-installation": CorrelationSamples(
        matches={
            "a service": _every(600, _service("upd", "web-01"), _CLEARED),
            "a task": _every(600, windows_event(4698, {"TaskName": r"\upd"}), _CLEARED),
        },
        near_misses={
            "another server": _every(600, _service("upd", "web-02"), _CLEARED),
            "cleared first": _every(600, _CLEARED, _service("upd", "web-01")),
        },
    ),
    "audit-policy-weakened-and-restored": CorrelationSamples(
        matches={"success off and on": _every(600, _policy("%%8448"), _policy("%%8449"))},
        near_misses={
            "on and off": _every(600, _policy("%%8449"), _policy("%%8448")),
            "off twice": _every(600, _policy("%%8448"), _policy("%%8450")),
        },
    ),
}
