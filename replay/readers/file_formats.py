"""The events of a log file of any kind, recognised by content: a kind that is not known is refused."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from replay.readers.byte_stream import BLOCK, ByteStream, unpacked
from replay.readers.csv_file import HEAD, csv_records
from replay.readers.evtx_file import CHUNK_MAGIC, CHUNK_SIZE, HEADER_SIZE, MAGIC, evtx_records
from replay.readers.export_lines import LINE, export_records
from replay.readers.files import Opener, open_file
from replay.readers.input_problem import InputProblem, InputProblems, Report
from replay.readers.json_events import json_records
from replay.readers.record import Record, forwarding_log
from replay.readers.text_encoding import decoded, lines_of
from replay.readers.xml_file import xml_records

_TextReader = Callable[[Iterable[str], Report], Iterator[Record]]


def _packed_lines(chunks: Iterable[str], report: Report) -> Iterator[Record]:
    """Yield the events of lines in base64."""
    return json_records((f'"{line.strip()}"\n' for line in lines_of(chunks) if line.strip()), report)


#: How a text begins, and what reads it.
_BEGINNINGS: tuple[tuple[re.Pattern[str], _TextReader], ...] = (
    (re.compile(r"(?:[-+][ \t\xa0]+)?<"), xml_records),
    (HEAD, lambda chunks, report: csv_records(lines_of(chunks), report)),
    (re.compile(r'\{\s*["}]|\[\s*(?:[\[{"\]]|[0-9]+\s*[,\]])|"(?:<Event|H4sI)'), json_records),
    (re.compile(r"H4sI[A-Za-z0-9+/]{16}"), _packed_lines),
)
#: How a line begins that comes after damage, and what reads the whole. The first in the text decides: an
#: event in a line of an export may hold lines that look like JSON.
_AFTER_DAMAGE: tuple[tuple[re.Pattern[str], _TextReader], ...] = (
    (re.compile(r'^[ \t]*\{[ \t]*"', re.MULTILINE), json_records),
    (LINE, lambda chunks, report: export_records(lines_of(chunks), report)),
    (re.compile(r"\A(?:(?!<Event[\s>]).)*?</Event>\s*(?=<|\Z)", re.DOTALL), xml_records),
)
#: How much of a file shows that it is an event log, be it one without its beginning.
_EVTX_HEAD = HEADER_SIZE + CHUNK_SIZE + len(CHUNK_MAGIC)


def file_records(
    path: Path, problems: InputProblems, opener: Opener = open_file, encoding: str = ""
) -> Iterator[Record]:
    """Yield the events of one file, of whatever kind; the memory needed does not grow with its size.

    Args:
        path: The file. The log that the agent reads is the collector's where its name says ForwardedEvents.
        problems: Takes note of what cannot be read.
        opener: Opens the file.
        encoding: The encoding of text that does not begin with a mark of its own; by default the one that its
            XML declaration names, or UTF-8.
    """
    report = problems.within(str(path))
    log = forwarding_log(path.name)
    try:
        with opener(path) as file:
            records = _records(ByteStream(unpacked(file, report)), report, encoding)
            yield from (record._replace(channel=log) for record in records) if log else records
    except OSError as error:
        problems.add(InputProblem.UNREADABLE_FILE, f"{path}: {error.strerror or error}")


def _records(stream: ByteStream, report: Report, encoding: str) -> Iterator[Record]:
    head = stream.peek(_EVTX_HEAD)
    if head.startswith(MAGIC) or CHUNK_MAGIC in head:
        yield from evtx_records(stream, report)
    elif head:
        blocks = iter(lambda: stream.read(BLOCK), b"")
        yield from _text_records(decoded(blocks, report, encoding), report)


def _text_records(chunks: Iterator[str], report: Report) -> Iterator[Record]:
    for head in chunks:
        if start := head.strip("\ufeff\0 \t\r\n"):
            break
    else:
        report(InputProblem.EMPTY_FILE, "white space only")
        return
    if reader := _reader_of(start):
        yield from reader(chain([head], chunks), report)
    else:
        report(InputProblem.NOT_A_LOG, f"begins with {start[:40]!r}")


def _reader_of(start: str) -> _TextReader | None:
    """Return what reads a text that begins so; None where nothing does."""
    for beginning, reader in _BEGINNINGS:
        if beginning.match(start):
            return reader
    found = [(first.start(), reader) for line, reader in _AFTER_DAMAGE if (first := line.search(start))]
    return min(found, key=lambda each: each[0])[1] if found else None
