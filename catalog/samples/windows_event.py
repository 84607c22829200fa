"""Windows records as the CloudWatch agent ships them, made up for the samples.

The text is that of ``EvtFormatMessage`` with ``EvtFormatMessageXml``: one line unless a value has breaks,
attributes in single quotes, the children of ``System`` in a fixed order, an empty value as a pair of tags,
and at the end, where a publisher's messages are installed, a localised ``RenderingInfo``.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from catalog.model.condition import Markup, escape
from catalog.model.event_fields import fields_of
from catalog.model.provider import (
    PRINT_SERVICE_ADMIN,
    SECURITY_AUDITING,
    SECURITY_EVENTLOG,
    SERVICE_CONTROL_MANAGER,
    UNNAMED,
    WMI_ACTIVITY,
    Provider,
)

#: A provider of the Application channel that writes events of its own with id 4625, among others.
COM_EVENT_SYSTEM = Provider("Microsoft-Windows-EventSystem", channel="Application", classic=True)

DOMAIN_SID = "S-1-5-21-3457937927-2839227994-823803824"

#: The element that holds the values of an event without ``EventData``, by provider and id.
USER_DATA_ELEMENTS = {
    (SECURITY_EVENTLOG.name, 104): "LogFileCleared",
    (SECURITY_EVENTLOG.name, 1100): "ServiceShutdown",
    (SECURITY_EVENTLOG.name, 1101): "AuditEventsDropped",
    (SECURITY_EVENTLOG.name, 1102): "LogFileCleared",
    (SECURITY_EVENTLOG.name, 1104): "FileIsFull",
    (SECURITY_EVENTLOG.name, 1108): "EventProcessingFailure",
    (PRINT_SERVICE_ADMIN.name, 215): "InstallPrinterDriverFailed",
    (PRINT_SERVICE_ADMIN.name, 316): "DriverAdded",
    (PRINT_SERVICE_ADMIN.name, 808): "LoadPluginFailed",
    (WMI_ACTIVITY.name, 5860): "Operation_TemporaryEssStarted",
    (WMI_ACTIVITY.name, 5861): "Operation_ESStoConsumerBinding",
}
#: The namespace of that element, by provider.
_NAMESPACES = {
    SECURITY_EVENTLOG.name: "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
    PRINT_SERVICE_ADMIN.name: (
        "http://manifests.microsoft.com/win/2005/08/windows/printing/spooler/core/events"
    ),
    WMI_ACTIVITY.name: "http://manifests.microsoft.com/win/2006/windows/WMI",
}

#: Values for fields that a sample does not give; any other field is ``-``.
USUAL_VALUES = {
    "SubjectUserSid": f"{DOMAIN_SID}-1104",
    "SubjectUserName": "sato",
    "SubjectDomainName": "EXAMPLE",
    "SubjectLogonId": "0x3e5f1a",
    "TargetUserSid": f"{DOMAIN_SID}-1121",
    "TargetSid": f"{DOMAIN_SID}-1121",
    "TargetUserName": "suzuki",
    "TargetDomainName": "EXAMPLE",
    "TargetLogonId": "0x52c0aa",
    "MemberSid": f"{DOMAIN_SID}-1133",
    "LogonProcessName": "NtLmSsp ",
    "AuthenticationPackageName": "NTLM",
    "LogonGuid": "{00000000-0000-0000-0000-000000000000}",
    "KeyLength": "128",
    "ProcessId": "0x2f4",
    "ProcessName": r"C:\Windows\System32\svchost.exe",
    "NewProcessName": r"C:\Windows\System32\cmd.exe",
    "ParentProcessName": r"C:\Windows\explorer.exe",
    "CommandLine": "",
    "IpAddress": "198.51.100.7",
    "IpPort": "49763",
    "WorkstationName": "CLIENT-7",
    "Workstation": "CLIENT-7",
    "ServiceName": "krbtgt",
    "Status": "0x0",
    "AccessList": "%%4416\n\t\t\t\t",
    "AccessMask": "0x1",
    "HandleId": "0x1b4",
    "ObjectServer": "Security",
    "ObjectType": "File",
    "ImagePath": r"C:\Program Files\Example\agent.exe",
    "ServiceType": "user mode service",
    "StartType": "auto start",
    "AccountName": "LocalSystem",
    "BackupPath": "",
}
#: The subject of what Windows does itself, on a member server.
SYSTEM_SUBJECT = {"SubjectUserSid": "S-1-5-18", "SubjectUserName": "WEB-01$", "SubjectLogonId": "0x3e7"}

_GUIDS = {
    SECURITY_AUDITING.name: "{54849625-5478-4994-a5ba-3e3b0328c30d}",
    SECURITY_EVENTLOG.name: "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}",
    SERVICE_CONTROL_MANAGER.name: "{555908d1-a6d7-4695-8e1e-26931d2012f4}",
}
_RENDERING = re.compile(r"<RenderingInfo .*</RenderingInfo></Event>\Z", re.DOTALL)
_TIME = re.compile(r"<TimeCreated SystemTime='([^']*)'/>")
_SUCCESS, _FAILURE = "0x8020000000000000", "0x8010000000000000"
#: Keywords and level of what is no audit.
_CLASSIC, _INFORMATION = "0x8080000000000000", 4
#: For each culture: the level, the operation code, and the keywords of success and failure audits.
_WORDS = {
    "en-US": ("Information", "Info", "Audit Success", "Audit Failure"),
    "de-DE": ("Informationen", "Info", "Überwachung erfolgreich", "Überwachung gescheitert"),
    "fr-FR": ("Information", "Informations", "Succès de l’audit", "Échec de l’audit"),
    "ja-JP": ("情報", "情報", "成功の監査", "失敗の監査"),
}


def windows_event(
    event_id: int,
    values: Mapping[str, str] | None = None,
    *unnamed: str,
    provider: Provider = SECURITY_AUDITING,
    failure: bool = False,
    record_id: int = 694674,
    level: int | None = None,
    rendering: str = "",
    culture: str = "en-US",
) -> str:
    """Return one event's text.

    Args:
        event_id: The id.
        values: What the data fields hold, by name and not escaped. The other fields of the event, where its
            manifest is known, hold ``USUAL_VALUES``; a name that the manifest does not have is put last.
        unnamed: The values of data without a name, not escaped.
        provider: Who writes it.
        failure: Whether it is a failure audit.
        record_id: Its number in the channel.
        level: The number in ``<Level>``. Default: 0 of an audit, 4 of another record.
        rendering: The localised message, not escaped; without one there is no ``RenderingInfo``.
        culture: The language of ``rendering``: en-US, de-DE, fr-FR or ja-JP.
    """
    given = dict(values or {})
    known = (name for name in fields_of(provider.name, event_id) or () if name != UNNAMED)
    usual = {name: USUAL_VALUES.get(name, "-") for name in known}
    data = _data(provider, event_id, usual | given, unnamed)
    audit = provider.name == SECURITY_AUDITING.name
    if level is None:
        level = 0 if audit else _INFORMATION
    keywords = (_FAILURE if failure else _SUCCESS) if audit else _CLASSIC
    qualifiers = " Qualifiers='16384'" if provider.classic else ""
    message = (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name='{provider.name}'{_provider_attributes(provider)}/>"
        f"<EventID{qualifiers}>{event_id}</EventID><Version>0</Version>"
        f"<Level>{level}</Level><Task>12544</Task><Opcode>0</Opcode>"
        f"<Keywords>{keywords}</Keywords><TimeCreated SystemTime='2026-05-05T23:12:37.349476100Z'/>"
        f"<EventRecordID>{record_id}</EventRecordID><Correlation/>"
        f"<Execution ProcessID='804' ThreadID='1080'/><Channel>{provider.channel}</Channel>"
        f"<Computer>web-01.example.com</Computer><Security/></System>{data}"
        "</Event>"
    )
    return rendered(message, rendering, provider, culture, failure) if rendering else message


def rendered(
    message: str,
    text: str,
    provider: Provider = SECURITY_AUDITING,
    culture: str = "en-US",
    failure: bool = False,
) -> str:
    """Return an event's text with a ``RenderingInfo`` put before its end.

    Args:
        message: The event, without one.
        text: What the message says, not escaped.
        provider: Who writes the event.
        culture: The language of ``text``.
        failure: Whether it is a failure audit.
    """
    level, opcode, succeeded, failed = _WORDS[culture]
    tail = (
        f"<RenderingInfo Culture='{culture}'><Message>{escape(text)}</Message><Level>{level}</Level>"
        f"<Task></Task><Opcode>{opcode}</Opcode><Channel>{provider.channel}</Channel>"
        f"<Provider>{provider.name.replace('-', ' ')}</Provider>"
        f"<Keywords><Keyword>{failed if failure else succeeded}</Keyword></Keywords></RenderingInfo>"
    )
    return message.removesuffix("</Event>") + tail + "</Event>"


def event_xml(message: str) -> str:
    """Return an event's XML as its log holds it: without the ``RenderingInfo`` that the agent adds."""
    return _RENDERING.sub("</Event>", message)


def log_event(message: str) -> dict[str, int | str]:
    """Return a record as CloudWatch Logs takes it: its time in milliseconds since 1970, and its text."""
    time = datetime.fromisoformat(_TIME.search(message)[1])  # type: ignore[index]  # every sample has one
    return {"timestamp": round(time.timestamp() * 1000), "message": message}


def _provider_attributes(provider: Provider) -> str:
    guid = f" Guid='{_GUIDS[provider.name]}'" if provider.name in _GUIDS else ""
    return guid + (f" EventSourceName='{provider.name}'" if provider.classic else "")


def _data(provider: Provider, event_id: int, values: Mapping[str, str], unnamed: Iterable[str]) -> str:
    data = "".join(f"<Data>{escape(value)}</Data>" for value in unnamed)
    for name, value in values.items():
        # A classic event's bytes stand in an element of their own after its values.
        start, end = (Markup.USER_DATA if name == "Binary" else provider.markup_of(name)).tags(name)
        data += start + escape(value) + end
    if provider.markup is Markup.EVENT_DATA:
        return f"<EventData>{data}</EventData>"
    # Those of Remote Desktop are called alike, whatever the event.
    element = USER_DATA_ELEMENTS.get((provider.name, event_id), "EventXML")
    namespace = _NAMESPACES.get(provider.name, "Event_NS")
    return f"<UserData><{element} xmlns='{namespace}'>{data}</{element}></UserData>"
