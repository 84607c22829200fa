"""Event XML as the CloudWatch agent ships it, from the XML that other tools write.

The agent ships what Windows renders: no declaration, no white space between elements, attributes in single
quotes, five elements of ``<System>`` closed in themselves and every other empty one written as a pair.
Filter patterns search this text, so a filter can only be tried on exactly it. What Windows would add at the
end, the localised ``<RenderingInfo>``, is not in a log file and is left out.
"""

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from catalog.model.condition import escape

#: The elements of ``<System>`` that hold attributes only, and therefore close in themselves.
SELF_CLOSING = ("Provider", "TimeCreated", "Correlation", "Execution", "Security")

EVENT_NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
#: The order of the elements of ``<System>``.
_SYSTEM_ORDER = {
    name: place
    for place, name in enumerate(
        (
            *("Provider", "EventID", "Version", "Level", "Task", "Opcode", "Keywords", "TimeCreated"),
            *("EventRecordID", "Correlation", "Execution", "Channel", "Computer", "Security"),
        )
    )
}
_NUMBERS = ("EventID", "Version", "Level", "Task", "Opcode", "EventRecordID")
#: The numbers of the names that tools write for them (winmeta.xml of the Windows SDK).
_LEVELS = {
    "logalways": "0",
    "critical": "1",
    "error": "2",
    "warning": "3",
    "information": "4",
    "informational": "4",
    "verbose": "5",
}
_KEYWORDS = {"audit success": "0x8020000000000000", "audit failure": "0x8010000000000000"}
_NUMBER = re.compile(r"-?[0-9]{1,20}|0[xX][0-9a-fA-F]{1,16}")
_SIXTY_FOUR_BITS = 2**64 - 1
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FULL_WIDTH = re.compile(r"0x(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{16})")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]+([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9}))?"
    r" *([Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
#: A time without an offset is in UTC, as python-evtx writes it.
_OFFSETS = {None: "+00:00", "Z": "+00:00", "z": "+00:00", "UTC": "+00:00", "GMT": "+00:00"}

_XML_DECLARATION = re.compile(r"\A[\s\ufeff]*<\?xml\s[^>]*\?>")
#: What Event Viewer and browsers show before an element that can be folded.
_MARK_OF_VIEWER = re.compile(r"^[ \t\xa0]*[-+][ \t\xa0]+(?=<[A-Za-z])", re.MULTILINE)
_TAG_OR_RETURN = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<[^<>]*>|\r", re.DOTALL)
#: The characters that an event can hold and XML 1.0 cannot; while it is parsed, private ones stand for them.
_NO_XML_CHARACTERS = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)))
_PRIVATE = 0xF0000
_STAND_INS = {ord(character): _PRIVATE + ord(character) for character in _NO_XML_CHARACTERS}
_RESTORED = {private: code for code, private in _STAND_INS.items()}
#: What XML 1.0 does not take. In a CDATA section an ampersand is a character like others.
_TO_MEND = re.compile(
    r"(?P<literal><!\[CDATA\[.*?(?:\]\]>|\Z))"
    r"|(?P<ampersand>&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});))"
    r"|&#(?P<reference>[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});"
    rf"|[{re.escape(_NO_XML_CHARACTERS)}]",
    re.DOTALL,
)

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_SYSTEM_END = "</System>"
_SELF_CLOSING_PAIR = re.compile(rf"></(?:{'|'.join(SELF_CLOSING)})>")
_TAG_WITH_ATTRIBUTES = re.compile(r'<[^<>"]*"[^<>]*>')
_ATTRIBUTE = re.compile(r'="([^"]*)"')
_DATA = '<Data Name="'
_APOSTROPHE_IN_DATA_NAME = re.compile(r"<Data Name=\"[^\"']*'")
# A value of the type GUID: upper case and without braces, where Windows has neither.
_GUID_TEXT = re.compile(r">([0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12})(?=<)")
_GUID_ATTRIBUTE = re.compile(r"'([0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12})(?=')")


def from_evtx(xml: str) -> str:
    """Return a record of the ``evtx`` parser, written without indentation, as the agent ships it.

    The parser already escapes ``&``, ``<`` and ``>`` in text, so a ``<`` always begins a tag. It reads times
    to the microsecond: the seventh digit, which Windows writes, becomes 0. It does not tell a GUID from text
    that looks like one in upper case without braces: both get braces.
    """
    start = len(_DECLARATION) if xml.startswith(_DECLARATION) else 0
    end = xml.find(_SYSTEM_END)
    system, data = xml[start:end], xml[end:]
    system = _requoted(system) if "'" in system else system.replace('"', "'")
    system = _SELF_CLOSING_PAIR.sub("/>", system)
    time_end = system.find("Z'/><EventRecordID>")
    if system[max(time_end - 7, 0) : time_end - 6] == ".":
        system = f"{system[:time_end]}0{system[time_end:]}"
    # Text may hold quotes too; where every ="  is that of a <Data Name=", plain replacement is exact.
    if data.count('="') == data.count(_DATA) and not ("'" in data and _APOSTROPHE_IN_DATA_NAME.search(data)):
        data = data.replace(_DATA, "<Data Name='").replace('">', "'>")
    else:
        data = _requoted(data)
    return _GUID_ATTRIBUTE.sub(_braced, system) + _GUID_TEXT.sub(_braced, data)


def from_xml(xml: str) -> str:
    """Return one event in any XML spelling as the agent ships it.

    Any layout, quotes, prefixes, entities, CDATA and comments; copied from Event Viewer, with its ``-`` and
    ``+``; without namespace; with the characters that Windows writes and XML 1.0 does not know; with empty
    attributes (python-evtx), padded numbers (libevtx), level names, and times in any offset.

    Raises:
        ValueError: The text is not well-formed XML, declares entities, is no ``<Event>``, or is nested too
            deep; says which.
    """
    event = _parsed(xml)
    if _name(event) != "Event":
        raise ValueError(f"XML, but <{_name(event)}> instead of <Event>")
    for part in event:
        if _name(part) == "System":
            _normalize_system(part)
        elif _name(part) != "RenderingInfo":
            _normalize_data(part)
    parts: list[str] = []
    try:
        _write(event, _namespace(event) or EVENT_NAMESPACE, parts, depth=0)
    except RecursionError:
        raise ValueError("XML nested deeper than that of any event") from None
    return _GUID_TEXT.sub(_braced, "".join(parts).translate(_RESTORED))


def _parsed(xml: str) -> Element:
    """Return the root of an event's XML."""
    text = _MARK_OF_VIEWER.sub("", _XML_DECLARATION.sub("", xml))
    if "\r" in text:  # A parser makes \r\n a \n, but a value holds it.
        text = _TAG_OR_RETURN.sub(_with_returns, text)
    try:
        return _root(text)
    except ParseError as error:
        mended = _TO_MEND.sub(_mended, text)
        if mended == text:
            raise ValueError(f"not well-formed XML: {error}") from error
    try:
        return _root(mended)
    except ParseError as error:
        raise ValueError(f"not well-formed XML: {error}") from error


def _with_returns(found: re.Match[str]) -> str:
    """Return a carriage return as a reference, and a tag as it is."""
    if found[0].startswith("<![CDATA["):
        return found[0].replace("\r", "]]>&#13;<![CDATA[")
    return "&#13;" if found[0] == "\r" else found[0]


def _root(xml: str) -> Element:
    try:
        return fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ValueError("XML with a document type or entities, which no event has") from error


def _mended(found: re.Match[str]) -> str:
    """Return what stands for an ampersand, a character or a reference to one that XML 1.0 does not take."""
    if found["ampersand"]:
        return "&amp;"
    if (reference := found["reference"]) is None:
        return found[0].translate(_STAND_INS)
    code = int(reference[1:], 16) if reference[0] in "xX" else int(reference)
    return chr(_STAND_INS[code]) if code in _STAND_INS else found[0]


def _normalize_system(system: Element) -> None:
    """Give the elements of ``<System>`` the order and the spelling that Windows gives them."""
    for element in system:
        name, text = _name(element), (element.text or "").strip()
        for key in [key for key, value in element.items() if not value.strip()]:
            del element.attrib[key]
        if name == "TimeCreated" and (time := element.get("SystemTime")):
            element.set("SystemTime", _system_time(time))
        elif name == "Keywords":
            element.text = _KEYWORDS.get(text.lower()) or _number(text, "{:#x}")
        elif name in _NUMBERS:
            element.text = _LEVELS.get(text.lower(), text) if name == "Level" else text
            element.text = _number(element.text, "{}")
        else:
            element.text = text
    # Those that Windows does not write, if any, come last.
    system[:] = sorted(system, key=lambda element: _SYSTEM_ORDER.get(_name(element), len(_SYSTEM_ORDER)))


def _number(text: str, form: str) -> str:
    """Return a number, decimal or hexadecimal, in the form of Windows; a text that is none as it is."""
    if not _NUMBER.fullmatch(text):
        return text
    return form.format((int(text, 16) if "x" in text.lower() else int(text)) & _SIXTY_FOUR_BITS)


def _system_time(text: str) -> str:
    """Return a time as Windows writes it, in UTC with seven digits at least; a text that is none as it is."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return text
    day, clock, fraction, offset = found.groups()
    try:
        time = datetime.fromisoformat(f"{day}T{clock}{_OFFSETS.get(offset, offset)}").astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return f"{time:%Y-%m-%dT%H:%M:%S}.{(fraction or '').ljust(7, '0')}Z"


def _normalize_data(data: Element) -> None:
    """Drop empty names, and the zeros with which some tools pad hexadecimal numbers.

    Windows pads none, and some text fields hold padded ones: they are taken for padding only where each
    hexadecimal number of the record has the full width of 8 or 16 digits.
    """
    elements = [element for element in data.iter() if not len(element)]
    for element in elements:
        if element.get("Name") == "":
            del element.attrib["Name"]
    numbers = [element for element in elements if _HEXADECIMAL.fullmatch(element.text or "")]
    if all(_FULL_WIDTH.fullmatch(element.text or "") for element in numbers):
        for element in numbers:
            element.text = f"{int(element.text or '', 16):#x}"


def _requoted(xml: str) -> str:
    return _TAG_WITH_ATTRIBUTES.sub(lambda tag: _ATTRIBUTE.sub(_single_quoted, tag[0]), xml)


def _single_quoted(attribute: re.Match[str]) -> str:
    value = attribute[1].replace("&quot;", '"').replace("'", "&apos;")
    return f"='{value}'"


def _braced(guid: re.Match[str]) -> str:
    return f"{guid[0][0]}{{{guid[1].lower()}}}"


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _namespace(element: Element) -> str:
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def _write(element: Element, outer_namespace: str, parts: list[str], depth: int, parent: str = "") -> None:
    """Append an element's text, ``depth`` levels below ``<Event>``."""
    namespace = _namespace(element) or outer_namespace
    name = _name(element)
    parts.append(f"<{name}")
    if namespace != outer_namespace or not depth:
        parts.append(f" xmlns='{_attribute(namespace)}'")
    parts.extend(f" {key.rpartition('}')[2]}='{_attribute(value)}'" for key, value in element.items())
    text = element.text or ""
    children = list(element)
    # Between elements, white space is layout; inside a value it is the value.
    if not text.strip() and (children or depth < 2 or parent == "System"):
        text = ""
    if not children and not text and parent == "System" and name in SELF_CLOSING:
        parts.append("/>")
        return
    parts.append(f">{escape(text)}")
    for child in children:
        _write(child, namespace, parts, depth + 1, name)
        if child.tail and child.tail.strip():
            parts.append(escape(child.tail))
    parts.append(f"</{name}>")


def _attribute(value: str) -> str:
    return escape(value).replace("'", "&apos;")
