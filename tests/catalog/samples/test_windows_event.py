"""The sample events have the text that the CloudWatch agent ships."""

from xml.etree import ElementTree

import pytest

from catalog.model.event_fields import fields_of
from catalog.model.provider import SECURITY_AUDITING, SECURITY_EVENTLOG, SERVICE_CONTROL_MANAGER
from catalog.samples.windows_event import windows_event
from tests.catalog.samples.variants import values_of


def test_an_audit_event_is_one_line_in_single_quotes_with_its_parts_in_order() -> None:
    assert windows_event(4778, {"AccountName": "R&D <1>", "ClientAddress": "", "SessionName": "it's"}) == (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        "<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/>"
        "<EventID>4778</EventID><Version>0</Version><Level>0</Level><Task>12544</Task><Opcode>0</Opcode>"
        "<Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-05-05T23:12:37.349476100Z'/>"
        "<EventRecordID>694674</EventRecordID><Correlation/><Execution ProcessID='804' ThreadID='1080'/>"
        "<Channel>Security</Channel><Computer>web-01.example.com</Computer><Security/></System><EventData>"
        "<Data Name='AccountName'>R&amp;D &lt;1&gt;</Data><Data Name='AccountDomain'>-</Data>"
        "<Data Name='LogonID'>-</Data><Data Name='SessionName'>it's</Data><Data Name='ClientName'>-</Data>"
        "<Data Name='ClientAddress'></Data></EventData></Event>"
    )


def test_a_classic_provider_has_qualifiers_and_the_name_of_its_source() -> None:
    message = windows_event(7045, provider=SERVICE_CONTROL_MANAGER)
    assert "<EventID Qualifiers='16384'>7045</EventID>" in message
    assert " EventSourceName='Service Control Manager'/>" in message
    assert "<Channel>System</Channel>" in message


def test_the_event_log_service_has_elements_instead_of_data() -> None:
    message = windows_event(1102, {"SubjectUserName": "sato"}, provider=SECURITY_EVENTLOG)
    assert (
        "<UserData><LogFileCleared xmlns='http://manifests.microsoft.com/win/2004/08/windows/eventlog'>"
    ) in message
    assert "<SubjectUserName>sato</SubjectUserName>" in message
    assert "<Data " not in message


@pytest.mark.parametrize(
    ("culture", "failure", "keyword"),
    [
        ("en-US", False, "Audit Success"),
        ("de-DE", True, "Überwachung gescheitert"),
        ("ja-JP", True, "失敗の監査"),
    ],
)
def test_a_rendering_is_the_last_child_in_the_language_of_the_server(
    culture: str, failure: bool, keyword: str
) -> None:
    message = windows_event(4625, rendering="a < b", culture=culture, failure=failure)
    rendering = ElementTree.fromstring(message)[-1]
    assert rendering.get("Culture") == culture
    assert rendering.findtext("{*}Message") == "a < b"
    assert rendering.findtext("{*}Keywords/{*}Keyword") == keyword


def test_every_field_of_the_manifest_stands_in_its_order() -> None:
    known = {i: fields for i in range(2**16) if (fields := fields_of(SECURITY_AUDITING.name, i))}
    assert len(known) > 380
    assert {i: tuple(values_of(windows_event(i))) for i in known} == known
