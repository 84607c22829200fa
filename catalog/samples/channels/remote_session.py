"""Sample events of the family remote_session."""

from catalog.model.provider import LOCAL_SESSION_MANAGER, OPENSSH, REMOTE_CONNECTION_MANAGER
from catalog.samples import Samples
from catalog.samples.windows_event import windows_event


def session(event_id: int, address: str = "198.51.100.7") -> str:
    """Return what the session manager says of a session."""
    values = {"User": r"EXAMPLE\sato", "SessionID": "3", "Address": address}
    return windows_event(event_id, values, provider=LOCAL_SESSION_MANAGER)


def connection(event_id: int) -> str:
    """Return what the connection manager says of a connection."""
    values = {"Param1": "sato", "Param2": "EXAMPLE", "Param3": "198.51.100.7"}
    return windows_event(event_id, values, provider=REMOTE_CONNECTION_MANAGER)


def ssh(payload: str, event_id: int = 4) -> str:
    """Return what the SSH server says."""
    return windows_event(event_id, {"process": "sshd", "payload": payload}, provider=OPENSSH)


SAMPLES = {
    "remote-session-started": Samples(
        matching={"over the network": session(21), "at the console": session(21, "LOCAL")},
        not_matching={"its shell started": session(22), "ended": session(23)},
    ),
    "remote-session-started-from-loopback": Samples(
        matching={
            "through SSH": session(21, "127.0.0.1"),
            "through SSH, by IPv6": session(21, "::1"),
            "through ngrok": session(21, "::%16777216"),
        },
        not_matching={
            "over the network": session(21),
            "at the console": session(21, "LOCAL"),
            "an address that begins alike": session(21, "127.0.0.10"),
            "reconnected": session(25, "127.0.0.1"),
        },
    ),
    "remote-session-disconnected": Samples(
        matching={"by its user": session(24)},
        not_matching={"ended": session(23), "reconnected": session(25)},
    ),
    "remote-session-reconnected": Samples(
        matching={"from another address": session(25)},
        not_matching={"started": session(21), "disconnected": session(24)},
    ),
    "remote-desktop-connected": Samples(
        matching={"a connection": connection(1149)},
        not_matching={"a connection that came in": connection(261)},
    ),
    "ssh-logon-failed": Samples(
        matching={
            "a wrong password": ssh("Failed password for sato from 198.51.100.7 port 52443 ssh2"),
            "no such account": ssh("Failed password for invalid user a from 198.51.100.7 port 52443 ssh2"),
        },
        not_matching={
            "a password accepted": ssh("Accepted password for sato from 198.51.100.7 port 52443 ssh2"),
            "a key refused": ssh("Failed publickey for sato from 198.51.100.7 port 52443 ssh2"),
            "another level's id": ssh("Failed password for sato from 198.51.100.7 port 52443 ssh2", 3),
        },
    ),
    "ssh-logon-succeeded": Samples(
        matching={
            "by a password": ssh("Accepted password for sato from 198.51.100.7 port 52443 ssh2"),
            "by a key": ssh("Accepted publickey for sato from 198.51.100.7 port 52443 ssh2: RSA SHA256:abc"),
        },
        not_matching={"a wrong password": ssh("Failed password for sato from 198.51.100.7 port 52443 ssh2")},
    ),
}
