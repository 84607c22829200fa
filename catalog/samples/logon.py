"""Sample events of the family logon."""

from catalog.events.well_known_sid import ANONYMOUS
from catalog.samples import Samples
from catalog.samples.windows_event import COM_EVENT_SYSTEM, DOMAIN_SID, SYSTEM_SUBJECT, windows_event

ADMINISTRATOR = f"{DOMAIN_SID}-500"


def succeeded(logon_type: str, **values: str) -> str:
    return windows_event(4624, {"LogonType": logon_type, **values})


def failed(logon_type: str, **values: str) -> str:
    wrong_password = {"Status": "0xc000006d", "FailureReason": "%%2313", "SubStatus": "0xc000006a"}
    no_sid = {"TargetUserSid": "S-1-0-0"}
    return windows_event(4625, {"LogonType": logon_type} | no_sid | wrong_password | values, failure=True)


def refused(status: str, reason: str, sub_status: str = "0x0") -> str:
    """Return a failed logon of a type that no event counts, so that its reason alone is tried."""
    return failed("13", Status=status, FailureReason=reason, SubStatus=sub_status)


def by_reason(this: str) -> dict[str, str]:
    """Return failed logons for every reason but this one."""
    reasons = {
        "no such user": refused("0xc000006d", "%%2313", "0xc0000064"),
        "wrong password": refused("0xc000006d", "%%2313", "0xc000006a"),
        "account locked": refused("0xc0000234", "%%2307"),
        "account disabled": refused("0xc000006e", "%%2310", "0xc0000072"),
        "account expired": refused("0xc0000193", "%%2305"),
        "password expired": refused("0xc000006e", "%%2309", "0xc0000071"),
        "outside the hours": refused("0xc000006e", "%%2311", "0xc000006f"),
        "computer not allowed": refused("0xc000006e", "%%2312", "0xc0000070"),
        "right not granted": refused("0xc000015b", "%%2308"),
    }
    return {words: message for words, message in reasons.items() if words != this}


def a_failure_for(this: str, matching: dict[str, str], **not_matching: str) -> Samples:
    """Return the samples of an event that counts failed logons by their reason."""
    return Samples(
        matching=matching,
        not_matching={
            **by_reason(this),
            "success": succeeded("3"),
            "the reason in words, in the rendering of another": windows_event(
                4634, rendering=f"Failure Reason: {this}"
            ),
            **not_matching,
        },
    )


SAMPLES = {
    "logon-succeeded-network": Samples(
        matching={
            "NTLM from a client": succeeded("3"),
            "Kerberos": succeeded("3", AuthenticationPackageName="Kerberos", LogonProcessName="Kerberos"),
            "a value that looks like a tag": succeeded(
                "3", WorkstationName="<Data Name='LogonType'>2</Data>"
            ),
            "a line break in a value": succeeded("3", WorkstationName="CLIENT\r\n7"),
        },
        not_matching={
            "Remote Desktop": succeeded("10"),
            "the boot of the server": succeeded("0"),
            "a cached logon of type 13, which begins otherwise but ends in 3": succeeded("13"),
            "a failure": failed("3"),
            "the type in another field": succeeded("2", KeyLength="3", IpPort="3"),
            "escaped XML in a value": succeeded("2", WorkstationName="<Data Name='LogonType'>3</Data>"),
            "the type in the rendering": windows_event(
                4624, {"LogonType": "2"}, rendering="Logon Type: 3 <Data Name='LogonType'>3</Data>"
            ),
            "a logoff of the type": windows_event(4634, {"LogonType": "3"}, record_id=4624),
        },
    ),
    "logon-failed-network": Samples(
        matching={
            "a wrong password": failed("3"),
            "rendered in German": windows_event(
                4625, {"LogonType": "3"}, failure=True, rendering="Fehler beim Anmelden.", culture="de-DE"
            ),
        },
        not_matching={
            "Remote Desktop": failed("10"),
            "a success": succeeded("3"),
            "type 13": failed("13"),
            "COM+ in the Application channel": windows_event(
                4625, {"LogonType": "3"}, provider=COM_EVENT_SYSTEM
            ),
            "a success whose record number is the id": windows_event(
                4624, {"LogonType": "3"}, record_id=4625
            ),
        },
    ),
    "logon-succeeded-remote-desktop": Samples(
        matching={
            "from a client": succeeded("10", LogonProcessName="User32 "),
            "rendered in Japanese": windows_event(
                4624,
                {"LogonType": "10"},
                rendering="アカウントが正常にログオンしました。",
                culture="ja-JP",
            ),
        },
        not_matching={
            "type 1, which does not exist": succeeded("1"),
            "type 11": succeeded("11"),
            "a network logon of port 10": succeeded("3", IpPort="10"),
            "a failure": failed("10"),
        },
    ),
    "logon-failed-remote-desktop": Samples(
        matching={"without network level authentication": failed("10", LogonProcessName="User32 ")},
        not_matching={
            "with network level authentication": failed("3"),
            "type 1": failed("1"),
            "a success": succeeded("10"),
        },
    ),
    "logon-succeeded-interactive": Samples(
        matching={
            "at the console": succeeded("2", **SYSTEM_SUBJECT, LogonProcessName="User32 "),
            "runas": succeeded("2", LogonProcessName="seclogo"),
        },
        not_matching={
            "the window manager": succeeded(
                "2", **SYSTEM_SUBJECT, TargetUserSid="S-1-5-90-0-1", TargetUserName="DWM-1"
            ),
            "the font driver": succeeded(
                "2", **SYSTEM_SUBJECT, TargetUserSid="S-1-5-96-0-0", TargetUserName="UMFD-0"
            ),
            "the SID of the subject only": succeeded("2", TargetUserSid="S-1-5-18"),
            "type 12": succeeded("12"),
            "a network logon": succeeded("3"),
            "a failure": failed("2"),
        },
    ),
    "logon-succeeded-unlock": Samples(
        matching={"a locked session": succeeded("7", **SYSTEM_SUBJECT)},
        not_matching={
            "a new session": succeeded("10"),
            "type 17": succeeded("17"),
            "a failure": failed("7"),
            "the workstation unlocked": windows_event(4801),
        },
    ),
    "logon-succeeded-cleartext": Samples(
        matching={
            "basic authentication": succeeded("8", ProcessName=r"C:\Windows\System32\inetsrv\w3wp.exe"),
            "OpenSSH": succeeded(
                "8", ProcessName=r"C:\Windows\System32\OpenSSH\sshd.exe", LogonProcessName="Advapi  "
            ),
        },
        not_matching={
            "integrated authentication": succeeded("3"),
            "a failure": failed("8"),
            "a key of 8 bits": succeeded("3", KeyLength="8"),
        },
    ),
    "logon-succeeded-new-credentials": Samples(
        matching={
            "runas /netonly": succeeded("9", LogonProcessName="seclogo", TargetOutboundUserName="admin"),
        },
        not_matching={
            "runas": succeeded("2", LogonProcessName="seclogo"),
            "explicit credentials": windows_event(4648, {"TargetUserName": "admin"}),
            "other credentials in a network logon": succeeded("3", TargetOutboundUserName="admin"),
        },
    ),
    "logon-succeeded-batch": Samples(
        matching={"a task of an account": succeeded("4", **SYSTEM_SUBJECT)},
        not_matching={
            "a task of SYSTEM": succeeded(
                "4", **SYSTEM_SUBJECT, TargetUserSid="S-1-5-18", TargetUserName="SYSTEM"
            ),
            "a service": succeeded("5"),
            "a failure": failed("4"),
        },
    ),
    "logon-succeeded-service": Samples(
        matching={"a service of an account": succeeded("5", **SYSTEM_SUBJECT)},
        not_matching={
            "a service of SYSTEM": succeeded(
                "5", **SYSTEM_SUBJECT, TargetUserSid="S-1-5-18", TargetUserName="SYSTEM"
            ),
            "a service of NETWORK SERVICE": succeeded(
                "5", TargetUserSid="S-1-5-20", TargetUserName="Netzwerkdienst"
            ),
            "a virtual service account": succeeded(
                "5", TargetUserSid="S-1-5-80-880578595-1860270145-482643319"
            ),
            "a task": succeeded("4"),
            "a failure": failed("5"),
        },
    ),
    "logon-succeeded-cached": Samples(
        matching={
            "at the console": succeeded("11"),
            "over Remote Desktop": succeeded("12"),
        },
        not_matching={
            "type 1": succeeded("1"),
            "a fresh logon": succeeded("2"),
            "over Remote Desktop, with a domain controller": succeeded("10"),
        },
    ),
    "logon-succeeded-anonymous": Samples(
        matching={
            "a null session": succeeded("3", TargetUserSid=ANONYMOUS, TargetUserName="ANONYMOUS LOGON"),
            "on a German server": succeeded(
                "3", TargetUserSid=ANONYMOUS, TargetUserName="ANONYMOUS-ANMELDUNG"
            ),
        },
        not_matching={
            "a user of that name": succeeded("3", TargetUserName="ANONYMOUS LOGON"),
            "anonymous as the subject": succeeded("3", SubjectUserSid=ANONYMOUS),
            "the batch logons' SID, which begins alike": succeeded("3", TargetUserSid="S-1-5-78"),
            "not over the network": succeeded("0", TargetUserSid=ANONYMOUS),
        },
    ),
    "logon-succeeded-guest": Samples(
        matching={
            "the guest": succeeded("3", TargetUserSid=f"{DOMAIN_SID}-501", TargetUserName="Guest"),
            "the guest on a French server": succeeded(
                "3", TargetUserSid=f"{DOMAIN_SID}-501", TargetUserName="Invité"
            ),
        },
        not_matching={
            "a user of that name": succeeded("3", TargetUserName="Guest"),
            "an account whose number ends alike": succeeded("3", TargetUserSid=f"{DOMAIN_SID}-1501"),
            "a failure": failed("3", TargetUserName="Guest"),
        },
    ),
    "logon-failed-interactive": Samples(
        matching={"runas with a wrong password": failed("2", LogonProcessName="seclogo")},
        not_matching={
            "type 12": failed("12"),
            "over the network": failed("3"),
            "a success": succeeded("2"),
        },
    ),
    "logon-failed-unlock": Samples(
        matching={"a wrong password": failed("7")},
        not_matching={"a new session": failed("10"), "a success": succeeded("7")},
    ),
    "logon-failed-cleartext": Samples(
        matching={"basic authentication": failed("8", LogonProcessName="Advapi  ")},
        not_matching={
            "integrated authentication": failed("3"),
            "a success": succeeded("8"),
            "a failure on port 8": failed("3", IpPort="8"),
        },
    ),
    "logon-failed-service": Samples(
        matching={"a task": failed("4"), "a service": failed("5")},
        not_matching={
            "a person": failed("2"),
            "a success": succeeded("5"),
            "the service did not start": windows_event(4689, {"Status": "0x5"}, record_id=4625),
        },
    ),
    "logon-failed-unknown-user": a_failure_for(
        "no such user",
        {
            "over the network": failed("3", SubStatus="0xc0000064"),
            "at the console": failed("2", SubStatus="0xc0000064"),
        },
        the_status_instead_of_the_sub_status=failed("3", Status="0xc0000064"),
    ),
    "logon-failed-bad-password": a_failure_for(
        "wrong password",
        {"over the network": failed("3"), "basic authentication": failed("8")},
        the_status_instead_of_the_sub_status=refused("0xc000006a", "%%2313"),
    ),
    "logon-failed-account-locked": a_failure_for(
        "account locked",
        {
            "with the status of NTLM": failed(
                "3", Status="0xc0000234", FailureReason="%%2307", SubStatus="0x0"
            ),
            "with a status of its own": failed("2", FailureReason="%%2307", SubStatus="0x0"),
        },
        the_lockout_itself=windows_event(4740),
    ),
    "logon-failed-account-disabled": a_failure_for(
        "account disabled",
        {
            "over the network": failed(
                "3", Status="0xc000006e", FailureReason="%%2310", SubStatus="0xc0000072"
            )
        },
        the_account_is_disabled=windows_event(4725),
    ),
    "logon-failed-account-expired": a_failure_for(
        "account expired",
        {"over the network": failed("3", Status="0xc0000193", FailureReason="%%2305", SubStatus="0x0")},
    ),
    "logon-failed-password-expired": a_failure_for(
        "password expired",
        {
            "expired": failed("2", Status="0xc000006e", FailureReason="%%2309", SubStatus="0xc0000071"),
            "to be changed": failed("10", Status="0xc0000224", FailureReason="%%2309", SubStatus="0x0"),
        },
    ),
    "logon-failed-outside-hours": a_failure_for(
        "outside the hours",
        {"at night": failed("3", Status="0xc000006e", FailureReason="%%2311", SubStatus="0xc000006f")},
    ),
    "logon-failed-workstation-not-allowed": a_failure_for(
        "computer not allowed",
        {"from elsewhere": failed("3", Status="0xc000006e", FailureReason="%%2312", SubStatus="0xc0000070")},
    ),
    "logon-failed-right-not-granted": a_failure_for(
        "right not granted",
        {"over Remote Desktop": failed("10", Status="0xc000015b", FailureReason="%%2308", SubStatus="0x0")},
    ),
    "explicit-credentials-used-locally": Samples(
        matching={"runas": windows_event(4648, {"TargetServerName": "localhost", "TargetInfo": "localhost"})},
        not_matching={
            "Windows itself, at an interactive logon": windows_event(
                4648, {**SYSTEM_SUBJECT, "TargetServerName": "localhost", "TargetInfo": "localhost"}
            ),
            "another server": windows_event(4648, {"TargetServerName": "files.example.com"}),
            "a server whose name begins alike": windows_event(
                4648, {"TargetServerName": "localhost.example.com"}
            ),
            "the name as further information": windows_event(
                4648, {"TargetServerName": "files.example.com", "TargetInfo": "localhost"}
            ),
        },
    ),
    "explicit-credentials-used-remotely": Samples(
        matching={
            "a share of another server": windows_event(
                4648, {"TargetServerName": "files.example.com", "TargetInfo": "cifs/files.example.com"}
            ),
            "a server whose name begins like this one's": windows_event(
                4648, {"TargetServerName": "localhost2", "TargetInfo": "localhost"}
            ),
        },
        not_matching={
            "runas": windows_event(4648, {"TargetServerName": "localhost"}),
            "by Windows itself": windows_event(
                4648, {**SYSTEM_SUBJECT, "TargetServerName": "files.example.com"}
            ),
            "the logon on that server": succeeded("3"),
        },
    ),
    "session-reconnected": Samples(
        matching={
            "from a client": windows_event(
                4778,
                {
                    "AccountName": "sato",
                    "SessionName": "RDP-Tcp#8",
                    "ClientName": "PC-1",
                    "ClientAddress": "10.0.0.9",
                },
            ),
            "from a client named LOCAL": windows_event(
                4778, {"ClientName": "LOCAL", "ClientAddress": "10.0.0.9"}
            ),
        },
        not_matching={
            "at the console": windows_event(
                4778, {"SessionName": "Console", "ClientName": "Unknown", "ClientAddress": "LOCAL"}
            ),
            "a disconnection": windows_event(4779, {"ClientAddress": "10.0.0.9"}),
            "a session with that number": windows_event(4779, {"SessionName": "RDP-Tcp#4778"}),
        },
    ),
    "session-disconnected": Samples(
        matching={
            "from a client": windows_event(4779, {"SessionName": "RDP-Tcp#8", "ClientAddress": "10.0.0.9"})
        },
        not_matching={
            "at the console": windows_event(4779, {"SessionName": "Console", "ClientAddress": "LOCAL"}),
            "a reconnection": windows_event(4778, {"ClientAddress": "10.0.0.9"}),
            "a logoff": windows_event(4634, {"LogonType": "10"}, record_id=4779),
        },
    ),
    "replay-attack-detected": Samples(
        matching={"a request seen before": windows_event(4649, {"RequestType": "KRB_AP_REQ"})},
        not_matching={
            "explicit credentials, the id before": windows_event(4648),
            "the words in the rendering of another": windows_event(
                4768, rendering="A replay attack was detected. (4649)"
            ),
        },
    ),
    "special-group-logon": Samples(
        matching={
            "a domain administrator": windows_event(4964, {"SidList": f"\n\t\t%{{{DOMAIN_SID}-512}}"}),
        },
        not_matching={
            "the groups of a logon": windows_event(4627, {"LogonType": "3"}, record_id=4964),
            "special privileges": windows_event(4672, {"SubjectLogonId": "0x4964"}),
        },
    ),
    "logon-succeeded-anonymous-from-loopback": Samples(
        matching={
            "over IPv4": succeeded("3", TargetUserSid=ANONYMOUS, IpAddress="127.0.0.1"),
            "over IPv6": succeeded("3", TargetUserSid=ANONYMOUS, IpAddress="::1"),
        },
        not_matching={
            "from another host": succeeded("3", TargetUserSid=ANONYMOUS),
            "an address that begins alike": succeeded("3", TargetUserSid=ANONYMOUS, IpAddress="127.0.0.10"),
            "of an account": succeeded("3", IpAddress="127.0.0.1"),
            "an anonymous subject": succeeded("3", SubjectUserSid=ANONYMOUS, IpAddress="127.0.0.1"),
            "of another type": succeeded("8", TargetUserSid=ANONYMOUS, IpAddress="127.0.0.1"),
        },
    ),
    "logon-succeeded-administrator-from-loopback": Samples(
        matching={
            "over IPv4": succeeded(
                "3", TargetUserSid=ADMINISTRATOR, AuthenticationPackageName="Kerberos", IpAddress="127.0.0.1"
            ),
            "over IPv6, under another name": succeeded(
                "3",
                TargetUserSid=ADMINISTRATOR,
                TargetUserName="Verwalter",
                AuthenticationPackageName="Kerberos",
                IpAddress="::1",
            ),
        },
        not_matching={
            "from another host": succeeded(
                "3", TargetUserSid=ADMINISTRATOR, AuthenticationPackageName="Kerberos"
            ),
            "another account": succeeded("3", AuthenticationPackageName="Kerberos", IpAddress="127.0.0.1"),
            "an account whose number ends alike": succeeded(
                "3",
                TargetUserSid=f"{DOMAIN_SID}-1500",
                AuthenticationPackageName="Kerberos",
                IpAddress="127.0.0.1",
            ),
            "Administrator as the subject": succeeded(
                "3",
                SubjectUserSid=ADMINISTRATOR,
                AuthenticationPackageName="Kerberos",
                IpAddress="127.0.0.1",
            ),
        },
    ),
    "logon-succeeded-ntlm-from-loopback": Samples(
        matching={
            "over IPv4": succeeded("3", IpAddress="127.0.0.1"),
            "over IPv6": succeeded("3", IpAddress="::1"),
        },
        not_matching={
            "from another host": succeeded("3"),
            "Kerberos": succeeded("3", AuthenticationPackageName="Kerberos", IpAddress="::1"),
            "anonymous": succeeded("3", TargetUserSid=ANONYMOUS, IpAddress="127.0.0.1"),
            "a failure": failed("3", IpAddress="127.0.0.1"),
        },
    ),
    "remote-desktop-access-denied": Samples(
        matching={
            "an account outside the group": windows_event(
                4825,
                {"AccountName": "suzuki", "AccountDomain": "EXAMPLE", "ClientAddress": "198.51.100.7"},
                failure=True,
            )
        },
        not_matching={
            "a session reconnected": windows_event(4778, {"AccountName": "suzuki"}),
            "a wrong password": failed("10"),
            "the right not granted": refused("0xc000015b", "%%2308"),
        },
    ),
}
