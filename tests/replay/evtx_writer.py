"""Event log files (.evtx) made up for the tests, as [MS-EVEN6] and the binary XML format lay them out.

Each record holds its elements inline: no templates, which the tests of damaged real files have.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from replay.readers.evtx_file import CHUNK_MAGIC, CHUNK_SIZE, HEADER_SIZE, MAGIC

_FIRST_RECORD = 512
_FRAGMENT, _END = b"\x0f\x01\x01\0", b"\0"
_OPEN, _CLOSE_START, _CLOSE_EMPTY, _END_ELEMENT, _VALUE, _ATTRIBUTE = 1, b"\2", b"\3", b"\4", 5, 6
#: Added to a token that attributes follow, or another attribute.
_MORE = 0x40
_STRING = 1


def evtx_bytes(*chunks: bytes) -> bytes:
    """Return a file of these chunks."""
    count = len(chunks)
    fields = struct.pack("<8sQQQIHHHH", MAGIC, 0, max(count - 1, 0), 1, 128, 1, 3, HEADER_SIZE, count)
    fields = fields.ljust(120, b"\0")
    header = fields + struct.pack("<II", 0, zlib.crc32(fields))
    return header.ljust(HEADER_SIZE, b"\0") + b"".join(chunks)


def chunk(events: Sequence[str], first: int = 1) -> bytes:
    """Return a chunk that holds these events.

    Args:
        events: Their texts, as XML.
        first: The number of the first record.
    """
    records = b""
    last = _FIRST_RECORD
    for number, event in enumerate(events, first):
        last = _FIRST_RECORD + len(records)
        records += _record(event, number, last)
    end = _FIRST_RECORD + len(records)
    assert end <= CHUNK_SIZE, "too many events for a chunk"
    numbers = (first, first + len(events) - 1)
    fields = struct.pack("<8sQQQQIIII", CHUNK_MAGIC, *numbers, *numbers, 128, last, end, zlib.crc32(records))
    fields = fields.ljust(120, b"\0")
    lists = bytes(_FIRST_RECORD - 128)
    header = fields + struct.pack("<II", 0, zlib.crc32(fields + lists)) + lists
    return (header + records).ljust(CHUNK_SIZE, b"\0")


def _record(event: str, number: int, at: int) -> bytes:
    begin = at + 24
    content = _FRAGMENT + _element(ElementTree.fromstring(event), begin + len(_FRAGMENT)) + _END
    size = 24 + len(content) + 4
    return struct.pack("<4sIQQ", b"**\0\0", size, number, 0) + content + struct.pack("<I", size)


def _element(element: ElementTree.Element, at: int) -> bytes:
    """Return an element that begins at this offset of the chunk."""
    namespace, _, tag = element.tag.rpartition("}")
    attributes = list(element.attrib.items())
    if tag == "Event":
        attributes.insert(0, ("xmlns", namespace.lstrip("{")))
    head = 1 + 4
    name = _name(tag, at + head)
    written = b""
    if attributes:
        begin = at + head + len(name) + 4
        written = b"".join(_attributes(attributes, begin))
        written = struct.pack("<I", len(written)) + written
    content = b""
    begin = at + head + len(name) + len(written) + 1
    if element.text:
        content += _text(element.text)
    for child in element:
        content += _element(child, begin + len(content))
    content = _CLOSE_START + content + _END_ELEMENT if content else _CLOSE_EMPTY
    body = name + written + content
    token = _OPEN + (_MORE if attributes else 0)
    return struct.pack("<BI", token, len(body)) + body


def _attributes(attributes: Sequence[tuple[str, str]], at: int) -> Iterable[bytes]:
    for index, (key, value) in enumerate(attributes):
        more = _MORE if index < len(attributes) - 1 else 0
        written = bytes([_ATTRIBUTE + more]) + _name(key, at + 1) + _text(value)
        at += len(written)
        yield written


def _name(name: str, at: int) -> bytes:
    """Return the offset of a name that stands right behind it, and the name."""
    value = 0
    for character in name:
        value = (value * 65599 + ord(character)) & 0xFFFFFFFF
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<IIHH", at + 4, 0, value & 0xFFFF, len(name)) + text


def _text(text: str) -> bytes:
    return struct.pack("<BBH", _VALUE, _STRING, len(text)) + text.encode("utf-16-le")
