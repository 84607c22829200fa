"""The events, a module for each family.

A record written at the top level of a family's module is in the catalog; nothing else names it.
"""

from types import ModuleType

from catalog.errors import UnknownNameError
from catalog.events import (
    account,
    audit,
    certificate_services,
    directory,
    firewall,
    group,
    kerberos,
    logon,
    object_access,
    privilege,
    process,
    service,
    system,
)
from catalog.events.channels import (
    autostart,
    code_integrity,
    malware_protection,
    powershell,
    remote_session,
    server_role,
)
from catalog.model.security_event import Pack, SecurityEvent


def _records(module: ModuleType) -> list[SecurityEvent]:
    return [value for value in vars(module).values() if isinstance(value, SecurityEvent)]


#: Every event of the catalog, in the order of families and, within one, of the file.
EVENTS: tuple[SecurityEvent, ...] = tuple(
    event
    for family in (
        logon,
        object_access,
        account,
        group,
        privilege,
        audit,
        service,
        kerberos,
        directory,
        firewall,
        system,
        certificate_services,
        process,
        malware_protection,
        powershell,
        remote_session,
        autostart,
        code_integrity,
        server_role,
    )
    for event in _records(family)
)
_BY_KEY = {event.key: event for event in EVENTS}


def event(key: str) -> SecurityEvent:
    """Return the event with this key.

    Raises:
        UnknownNameError: There is none; it names the nearest.
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownNameError(key, "event", _BY_KEY) from None


def pack(name: str | Pack) -> tuple[SecurityEvent, ...]:
    """Return the events of a pack, in the catalog's order.

    Raises:
        UnknownNameError: There is no such pack; it names the nearest.
    """
    try:
        chosen = Pack(name)
    except ValueError:
        raise UnknownNameError(str(name), "pack", [p.value for p in Pack]) from None
    return tuple(event for event in EVENTS if chosen in event.packs)
