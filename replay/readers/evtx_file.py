"""Windows event log files (.evtx), read chunk by chunk.

A file is a header and chunks of 64 KB, each of which can be read alone. So each is given to the parser as a
file of its own: memory stays small, damage stays within its chunk, and the records before the place where a
file breaks off are still found.
"""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any

from evtx import PyEvtxParser

from replay.readers.agent_text import from_evtx
from replay.readers.byte_stream import ByteStream
from replay.readers.input_problem import InputProblem, Report
from replay.readers.record import LONGEST_TEXT, Record, RecordError, from_agent_text, from_event_xml

MAGIC = b"ElfFile\0"
HEADER_SIZE = 4096
CHUNK_SIZE = 65536
#: Where the file's header holds the number of chunks; a log in use can have more.
_NUMBER_OF_CHUNKS = struct.Struct("<42xH")
CHUNK_MAGIC = b"ElfChnk\0"
#: Where, in a chunk's header, the end of the records, their checksum and the header's own stand; where the
#: lists of names and templates begin; and where the first record does.
_SUMS, _LISTS, _FIRST_RECORD = (48, 52, 124), 128, 512
_OFFSET = struct.Struct("<I")
_SMALLEST_RECORD = 24
#: Where a chunk's header holds the numbers of its first and its last record.
_RECORD_NUMBERS = struct.Struct("<8xQQ")

#: A record's beginning, up to the first token of its content; and, wherever it is, that of a template's use.
_RECORD = re.compile(rb"\*\*\0\0(....).{16}\x0f\x01.\0", re.DOTALL)
_TEMPLATE_USE = re.compile(rb"\x0f\x01.\0\x0c.....(..)\0\0", re.DOTALL)
#: A template's offset of the next one, its id and the size of what follows.
_TEMPLATE_HEADER = 24
#: A place in a template for a value: its number and its kind; another token follows.
_SUBSTITUTION = re.compile(rb"[\r\x0e](..)([\x01-\x21\x81-\x95])(?!\0\0)", re.DOTALL)
_TEMPLATE_BEGINS = b"\x0f\x01"
_XML_VALUE = b"\x21"
#: How often a template may ask for the same value; those of Windows do once.
_SAME_VALUE = 64


def _header_of_one_chunk() -> bytes:
    """Return the header of a file with a single chunk ([MS-EVEN6], file header)."""
    fields = struct.pack("<8sQQQIHHHH", MAGIC, 0, 0, 1, 128, 1, 3, HEADER_SIZE, 1).ljust(120, b"\0")
    return (fields + struct.pack("<II", 0, zlib.crc32(fields))).ljust(HEADER_SIZE, b"\0")


_HEADER = _header_of_one_chunk()


def evtx_records(stream: ByteStream, report: Report) -> Iterator[Record]:
    """Yield the records of an event log file, or of chunks that were cut out of one, wherever they begin.

    Args:
        stream: The file.
        report: Takes note of each problem.
    """
    expected = 0
    header = stream.peek(HEADER_SIZE)
    if header.startswith(MAGIC):
        stream.read(HEADER_SIZE)
        if len(header) < HEADER_SIZE:
            report(InputProblem.DAMAGED_FILE, "it ends within its header")
            return
        (expected,) = _NUMBER_OF_CHUNKS.unpack_from(header)
    else:
        report(InputProblem.DAMAGED_FILE, "its header does not begin as one does")
        if not any(header):
            stream.read(HEADER_SIZE)
    number = 0
    while window := stream.peek(CHUNK_SIZE + len(CHUNK_MAGIC)):
        number += 1
        place = f"chunk {number}"
        if begin := window.find(CHUNK_MAGIC):
            if any(stream.read(begin if begin > 0 else CHUNK_SIZE)):
                report(InputProblem.DAMAGED_FILE, f"{place} does not begin as a chunk does")
            continue
        chunk = stream.read(_length(window))
        if len(chunk) < CHUNK_SIZE:
            what = "the next chunk begins" if stream.peek(1) else "it ends"
            report(InputProblem.DAMAGED_FILE, f"{what} within {place}")
        yield from _chunk_records(chunk.ljust(CHUNK_SIZE, b"\0"), place, report)
    if number < expected:
        report(InputProblem.DAMAGED_FILE, f"it ends after chunk {number}, of {expected}")


def _length(window: bytes) -> int:
    """Return how much of what follows is one chunk: less than a whole one where another begins within."""
    at = 0
    while (at := window.find(CHUNK_MAGIC, at + 1, CHUNK_SIZE)) > 0:
        header = window[at : at + _FIRST_RECORD]
        if (
            len(header) == _FIRST_RECORD
            and _header_checksum(header) == _OFFSET.unpack_from(header, _SUMS[2])[0]
        ):
            return at
    return CHUNK_SIZE


def _header_checksum(chunk: bytes) -> int:
    return zlib.crc32(chunk[:120] + chunk[_LISTS:_FIRST_RECORD])


def xml_records(chunk: bytes) -> Iterator[str | RuntimeError]:
    """Yield each record of a chunk as the parser's XML, or why it cannot be parsed."""
    records = PyEvtxParser(BytesIO(_HEADER + chunk), number_of_threads=1, indent=False).records()
    for _ in range(CHUNK_SIZE // _SMALLEST_RECORD):
        try:
            record: Any = next(records, None)
        except RuntimeError as error:
            yield error
            continue
        if record is None:
            return
        yield record["data"]


def _without_loops(chunk: bytes) -> bytes:
    """Return a chunk whose lists of names and templates have ends: the parser would follow a loop for ever.

    Each entry begins with the offset of the next. Where the checksums are right, nothing is damaged.
    """
    end, of_records, of_header = (offset for place in _SUMS for offset in _OFFSET.unpack_from(chunk, place))
    if (zlib.crc32(chunk[_FIRST_RECORD:end]), _header_checksum(chunk)) == (of_records, of_header):
        return chunk
    mended = bytearray(chunk)
    for start in range(_LISTS, _FIRST_RECORD, _OFFSET.size):
        seen: set[int] = set()
        place = start
        while 0 < (following := _OFFSET.unpack_from(mended, place)[0]) <= CHUNK_SIZE - _OFFSET.size:
            if following in seen:
                _OFFSET.pack_into(mended, place, 0)
                break
            seen.add(following)
            place = following
    return bytes(mended)


def _record(xml: str) -> Record:
    try:
        return from_agent_text(from_evtx(xml))
    except RecordError as error:
        if error.problem is not InputProblem.INCOMPLETE_EVENT:
            raise
    return from_event_xml(
        xml
    )  # A tool may have written the record, with a header that Windows does not write.


def _without_bombs(chunk: bytes) -> tuple[bytes, int]:
    """Return a chunk without records that would grow beyond all measure, and how many those are.

    A record names a template and holds the values for it. A template that asks for one value a thousand times
    makes gigabytes of a few kilobytes, and so does one that is large and named by each record. Such records
    are made unreadable to the parser, which would hold all records of a chunk at once.
    """
    uses = Counter(int.from_bytes(found[1], "little") for found in _TEMPLATE_USE.finditer(chunk))
    bombs = {template for template, times in uses.items() if _is_bomb(chunk, template, times)}
    if not bombs:
        return chunk, 0
    defused, number = bytearray(chunk), 0
    for record in _RECORD.finditer(chunk):
        size = max(int.from_bytes(record[1], "little"), _SMALLEST_RECORD)
        within = _TEMPLATE_USE.finditer(chunk, record.start(), record.start() + size)
        if any(int.from_bytes(found[1], "little") in bombs for found in within):
            defused[record.end() - 4] = 0xFF
            number += 1
    return bytes(defused), number


def _is_bomb(chunk: bytes, template: int, times: int) -> bool:
    begin = template + _TEMPLATE_HEADER
    if not chunk.startswith(_TEMPLATE_BEGINS, begin):
        return False
    size = min(_OFFSET.unpack_from(chunk, begin - _OFFSET.size)[0], CHUNK_SIZE)
    return size * times > LONGEST_TEXT or _repeats_values(chunk[begin : begin + size])


@lru_cache(maxsize=1024)
def _repeats_values(definition: bytes) -> bool:
    """Return whether a template asks for a value so often as none of Windows does."""
    asked = Counter(_SUBSTITUTION.findall(definition))
    nested = max((number for (_, kind), number in asked.items() if kind == _XML_VALUE), default=0)
    return nested > 1 or max(asked.values(), default=0) > _SAME_VALUE


def _chunk_records(chunk: bytes, place: str, report: Report) -> Iterator[Record]:
    first, last = _RECORD_NUMBERS.unpack_from(chunk)
    found = 0
    chunk, bombs = _without_bombs(_without_loops(chunk))
    if bombs:
        detail = f"{place}: {bombs} records that grow beyond all measure when they are decoded"
        report(InputProblem.TOO_LARGE, detail, bombs)
    for xml in xml_records(chunk):
        found += 1
        if isinstance(xml, RuntimeError):
            if bombs:
                bombs -= 1
                continue
            report(InputProblem.DAMAGED_RECORD, f"{place}, record {found}: {xml}")
            continue
        try:
            yield _record(xml)
        except RecordError as error:
            report(error.problem, f"{place}, record {found}: {error}")
    # Damage that hides where the next record begins hides all that follow in the chunk.
    if 0 < (lost := last - first + 1 - found) < CHUNK_SIZE:
        report(InputProblem.DAMAGED_RECORD, f"{place}: {lost} records after record {found}", lost)
