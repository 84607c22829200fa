"""Event XML as the CloudWatch agent ships it, from the XML that other tools write.

The agent ships what Windows renders: no declaration, no white space between elements, attributes in single
quotes, five elements of ``<System>`` closed in themselves and every other empty one written as a pair.
Filter patterns search this text, so a filter can only be tried on exactly it. What Windows would add at the
end, the localised ``<RenderingInfo>``, is not in a log file and is left out.
"""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from catalog.model.condition import escape

#: The elements of ``<System>`` that hold attributes only, and therefore close in themselves.
SELF_CLOSING = ("Provider", "TimeCreated", "Correlation", "Execution", "Security")

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
    system = system.replace("Z'/><EventRecordID>", "0Z'/><EventRecordID>", 1)
    # Text may hold quotes too; where every ="  is that of a <Data Name=", plain replacement is exact.
    if data.count('="') == data.count(_DATA) and not ("'" in data and _APOSTROPHE_IN_DATA_NAME.search(data)):
        data = data.replace(_DATA, "<Data Name='").replace('">', "'>")
    else:
        data = _requoted(data)
    return _GUID_ATTRIBUTE.sub(_braced, system) + _GUID_TEXT.sub(_braced, data)


def from_xml(xml: str) -> str:
    """Return one event in any XML spelling (indented, double quotes, prefixes) as the agent ships it.

    Raises:
        ValueError: The text is not well-formed XML, declares entities, is no ``<Event>``, or is nested too
            deep; says which.
    """
    try:
        event = fromstring(xml, forbid_dtd=True)
    except ParseError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    except DefusedXmlException as error:
        raise ValueError("XML with a document type or entities, which no event has") from error
    if _name(event) != "Event":
        raise ValueError(f"XML, but <{_name(event)}> instead of <Event>")
    parts: list[str] = []
    try:
        _write(event, "", parts, depth=0)
    except RecursionError:
        raise ValueError("XML nested deeper than that of any event") from None
    return "".join(parts)


def _requoted(xml: str) -> str:
    return _TAG_WITH_ATTRIBUTES.sub(lambda tag: _ATTRIBUTE.sub(_single_quoted, tag[0]), xml)


def _single_quoted(attribute: re.Match[str]) -> str:
    value = attribute[1].replace("&quot;", '"').replace("'", "&apos;")
    return f"='{value}'"


def _braced(guid: re.Match[str]) -> str:
    return f"{guid[0][0]}{{{guid[1].lower()}}}"


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _write(element: Element, outer_namespace: str, parts: list[str], depth: int, parent: str = "") -> None:
    """Append an element's text, ``depth`` levels below ``<Event>``."""
    namespace = element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""
    name = _name(element)
    parts.append(f"<{name}")
    if namespace != outer_namespace:
        parts.append(f" xmlns='{_attribute(namespace)}'")
    parts.extend(f" {key}='{_attribute(value)}'" for key, value in element.items())
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
