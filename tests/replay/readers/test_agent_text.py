import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.model.provider import SECURITY_EVENTLOG
from replay.readers.agent_text import from_evtx, from_xml
from replay.readers.evtx_file import CHUNK_SIZE, HEADER_SIZE, xml_records
from tests.replay.logs import event_xml

_EVTX = """\
<?xml version="1.0" encoding="utf-8"?>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>\
<Provider Name="Microsoft-Windows-Security-Auditing" Guid="54849625-5478-4994-A5BA-3E3B0328C30D"></Provider>\
<EventID>4688</EventID><Version>2</Version><Level>0</Level><Task>13312</Task><Opcode>0</Opcode>\
<Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime="2026-05-05T10:00:00.123456Z"></TimeCreated>\
<EventRecordID>7</EventRecordID><Correlation></Correlation><Execution ProcessID="4" ThreadID="8"></Execution>\
<Channel>Security</Channel><Computer>web-01</Computer><Security></Security></System><EventData>{data}\
</EventData></Event>"""

_AGENT = """\
<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{{54849625-5478-4994-a5ba-3e3b0328c30d}}'/>\
<EventID>4688</EventID><Version>2</Version><Level>0</Level><Task>13312</Task><Opcode>0</Opcode>\
<Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-05-05T10:00:00.1234560Z'/>\
<EventRecordID>7</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='8'/>\
<Channel>Security</Channel><Computer>web-01</Computer><Security/></System><EventData>{data}</EventData></Event>"""

_ESCAPED = st.text(st.characters(blacklist_categories=["Cc", "Cs"])).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)


@pytest.mark.parametrize(
    ("data", "shipped"),
    [
        ('<Data Name="CommandLine"></Data>', "<Data Name='CommandLine'></Data>"),
        ('<Data Name="A">say "hi"</Data>', "<Data Name='A'>say \"hi\"</Data>"),
        ('<Data Name="A">x="1" y="&gt;"</Data>', '<Data Name=\'A\'>x="1" y="&gt;"</Data>'),
        ('<Data Name="A">it\'s</Data>', "<Data Name='A'>it's</Data>"),
        ('<Data Name="the user\'s">x</Data>', "<Data Name='the user&apos;s'>x</Data>"),
        ('<Data Name="A" Type="b">x</Data>', "<Data Name='A' Type='b'>x</Data>"),
        ("<Data>unnamed</Data>", "<Data>unnamed</Data>"),
        (
            '<Data Name="G">C96B491C-1545-0001-6049-6BC94515DD01</Data>',
            "<Data Name='G'>{c96b491c-1545-0001-6049-6bc94515dd01}</Data>",
        ),
        (
            '<Data Name="P">C:\\C96B491C-1545-0001-6049-6BC94515DD01</Data>',
            "<Data Name='P'>C:\\C96B491C-1545-0001-6049-6BC94515DD01</Data>",
        ),
        ('<Data Name="L">a\r\n\tb</Data>', "<Data Name='L'>a\r\n\tb</Data>"),
    ],
)
def test_what_the_evtx_parser_writes_becomes_what_the_agent_ships(data: str, shipped: str) -> None:
    assert from_evtx(_EVTX.format(data=data)) == _AGENT.format(data=shipped)


@given(st.lists(st.tuples(st.sampled_from(["A", "CommandLine", "the user's"]), _ESCAPED), max_size=5))
def test_values_pass_through_unchanged_whatever_quotes_they_hold(fields: list[tuple[str, str]]) -> None:
    data = "".join(f'<Data Name="{name}">{value}</Data>' for name, value in fields)
    shipped = from_evtx(_EVTX.format(data=data))
    assert re.findall(r"<Data Name='[^']*'>([^<]*)</Data>", shipped) == [value for _, value in fields]
    assert '="' not in re.sub(r">[^<]*<", "><", shipped)


@pytest.mark.parametrize(
    "layout",
    [
        lambda xml: xml,
        lambda xml: xml.replace("><", ">\r\n  <"),
        lambda xml: '<?xml version="1.0"?>\n' + xml.replace("'", '"'),
        lambda xml: xml.replace("<Correlation/>", "<Correlation></Correlation>"),
        lambda xml: xml.replace(" ProcessID='804'", "\n    ProcessID = '804'"),
    ],
)
def test_any_layout_of_an_event_becomes_the_text_that_the_agent_ships(layout: Callable[[str], str]) -> None:
    xml = event_xml(4624, {"LogonType": "3", "IpAddress": "198.51.100.7"})
    assert from_xml(layout(xml)) == xml


def test_prefixed_names_become_plain_ones() -> None:
    prefixed = (
        "<e:Event xmlns:e='http://example.com/e'><e:System><e:EventID>1</e:EventID></e:System></e:Event>"
    )
    assert from_xml(prefixed) == (
        "<Event xmlns='http://example.com/e'><System><EventID>1</EventID></System></Event>"
    )


def test_the_namespace_of_user_data_stays_where_it_was() -> None:
    xml = event_xml(1102, provider=SECURITY_EVENTLOG)
    assert "<LogFileCleared xmlns='http://manifests" in xml
    assert from_xml(xml) == xml


def test_white_space_that_is_a_value_is_kept() -> None:
    xml = event_xml(4688, {"CommandLine": " \n\t "})
    assert from_xml(xml) == xml


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<Event><System></Event>", "not well-formed"),
        ("<Even></Even>", "<Even> instead of <Event>"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><Event>&b;</Event>', "entities"),
        ("", "not well-formed"),
    ],
)
def test_what_is_no_event_is_refused_with_the_reason(xml: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        from_xml(xml)


def test_every_record_of_the_real_logs_is_rendered_exactly(corpus: Path) -> None:
    manifest = json.loads((corpus / "evtx" / "MANIFEST.json").read_text())
    with gzip.open(corpus / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    shipped = {(row["file"], str(row["record_id"])): row["xml"] for row in rows}
    compared = 0
    for entry in manifest:
        chunk = (corpus / "evtx" / entry["file"]).read_bytes()[HEADER_SIZE : HEADER_SIZE + CHUNK_SIZE]
        for xml in xml_records(chunk):
            assert isinstance(xml, str)
            text = from_evtx(xml)
            found = re.search("<EventRecordID>([0-9]+)<", text)
            assert found
            if expected := shipped.get((entry["src"], found[1])):
                assert text == expected
                compared += 1
    assert compared > 400
