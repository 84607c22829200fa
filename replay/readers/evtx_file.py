"""Windows event log files (.evtx), read chunk by chunk.

A file is a header and chunks of 64 KB, each of which can be read alone. So each is given to the parser as a
file of its own: memory stays small, damage stays within its chunk, and the records before the place where a
file breaks off are still found.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from evtx import PyEvtxParser

from replay.readers.agent_text import from_evtx
from replay.readers.input_problem import InputProblem, Report
from replay.readers.record import Record, RecordError, from_agent_text

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


def _header_of_one_chunk() -> bytes:
    """Return the header of a file with a single chunk ([MS-EVEN6], file header)."""
    fields = struct.pack("<8sQQQIHHHH", MAGIC, 0, 0, 1, 128, 1, 3, HEADER_SIZE, 1).ljust(120, b"\0")
    return (fields + struct.pack("<II", 0, zlib.crc32(fields))).ljust(HEADER_SIZE, b"\0")


_HEADER = _header_of_one_chunk()


def evtx_records(read: Callable[[int], bytes], report: Report) -> Iterator[Record]:
    """Yield the records of an event log file.

    Args:
        read: Returns as many bytes of it as asked, fewer at the end only.
        report: Is told of each problem.
    """
    header = read(HEADER_SIZE)
    if len(header) < HEADER_SIZE:
        report(InputProblem.DAMAGED_FILE, "it ends within its header")
        return
    if not header.startswith(MAGIC):
        report(InputProblem.DAMAGED_FILE, "its header does not begin as one does")
    number = 0
    while chunk := read(CHUNK_SIZE):
        number += 1
        place = f"chunk {number}"
        if len(chunk) < CHUNK_SIZE:
            report(InputProblem.DAMAGED_FILE, f"it ends within {place}")
            chunk = chunk.ljust(CHUNK_SIZE, b"\0")
        if chunk.startswith(CHUNK_MAGIC):
            yield from _chunk_records(chunk, place, report)
        elif any(chunk):
            report(InputProblem.DAMAGED_FILE, f"{place} does not begin as a chunk does")
    (expected,) = _NUMBER_OF_CHUNKS.unpack_from(header)
    if number < expected:
        report(InputProblem.DAMAGED_FILE, f"it ends after chunk {number}, of {expected}")


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
    header = chunk[:120] + chunk[_LISTS:_FIRST_RECORD]
    if (zlib.crc32(chunk[_FIRST_RECORD:end]), zlib.crc32(header)) == (of_records, of_header):
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


def _chunk_records(chunk: bytes, place: str, report: Report) -> Iterator[Record]:
    first, last = _RECORD_NUMBERS.unpack_from(chunk)
    found = 0
    for xml in xml_records(_without_loops(chunk)):
        found += 1
        if isinstance(xml, RuntimeError):
            report(InputProblem.DAMAGED_RECORD, f"{place}, record {found}: {xml}")
            continue
        try:
            yield from_agent_text(from_evtx(xml))
        except RecordError as error:
            report(error.problem, f"{place}, record {found}: {error}")
    # Damage that hides where the next record begins hides all that follow in the chunk.
    if 0 < (lost := last - first + 1 - found) < CHUNK_SIZE:
        report(InputProblem.DAMAGED_RECORD, f"{place}: {lost} records after record {found}", lost)
