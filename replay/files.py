"""Log files of any kind, told apart by content, and the folders that hold them."""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from replay import evtx_file, export_lines, json_file, xml_file
from replay.problems import Problem, Problems, Report
from replay.record import LONGEST_TEXT, Record

#: What the names of logs in a folder end in; a file given by name may be called anything.
SUFFIXES = (".evtx", ".xml", ".jsonl", ".json", ".gz")

_GZIP = b"\x1f\x8b"
_BLOCK = 65536
#: What a text begins with, and how it is then written; otherwise in UTF-8.
_ENCODINGS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
}

#: Opens a file for reading bytes; a progress bar can count what is read.
Opener = Callable[[Path], BinaryIO]


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading bytes; its reader buffers."""
    return cast(BinaryIO, path.open("rb", buffering=0))


def log_files(paths: Iterable[Path], problems: Problems) -> list[Path]:
    """Return the files themselves, and for each folder the logs in it and below, by name.

    Raises:
        FileNotFoundError: A path does not exist, or a folder holds no log; names all of them.
    """
    files: list[Path] = []
    missing: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file())
            logs = [file for file in inside if file.name.lower().endswith(SUFFIXES)]
            if not logs:
                missing.append(f"{path}: a folder without a log ({', '.join(SUFFIXES)})")
            files += logs
            for other in sorted(set(inside) - set(logs)):
                problems.add(Problem.OTHER_FILE, str(other))
        elif path.exists():
            files.append(path)
        else:
            missing.append(f"{path}: no such file or folder")
    if missing:
        raise FileNotFoundError("\n".join(missing))
    return files


def file_records(path: Path, problems: Problems, opener: Opener = open_file) -> Iterator[Record]:
    """Yield the events of one file, of whatever kind; the memory needed does not grow with its size."""
    report = problems.within(str(path))
    try:
        with opener(path) as file:
            yield from _records(_Reader(_blocks(file, report)), report)
    except OSError as error:
        problems.add(Problem.UNREADABLE_FILE, f"{path}: {error.strerror or error}")


class _Reader:
    """Bytes in the sizes that are asked for, from blocks of any size."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._buffer = bytearray()

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end only; they stay to be read."""
        while len(self._buffer) < size and (block := next(self._blocks, b"")):
            self._buffer.extend(block)
        return bytes(self._buffer[:size])

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end only."""
        piece = self.peek(size)
        del self._buffer[:size]
        return piece


def _records(reader: _Reader, report: Report) -> Iterator[Record]:
    head = reader.peek(evtx_file.HEADER_SIZE + len(evtx_file.CHUNK_MAGIC))
    if head.startswith(evtx_file.MAGIC) or head.endswith(evtx_file.CHUNK_MAGIC):
        yield from evtx_file.evtx_records(reader.read, report)
    elif head:
        yield from _text_records(_decoded(iter(lambda: reader.read(_BLOCK), b"")), report)


def _text_records(chunks: Iterator[str], report: Report) -> Iterator[Record]:
    for head in chunks:
        if start := head.strip("\ufeff\0 \t\r\n"):
            break
    else:
        report(Problem.EMPTY_FILE, "white space only")
        return
    chunks = chain([head], chunks)
    if start.startswith("<"):
        yield from xml_file.xml_records(chunks, report)
    elif json_file.DOCUMENT.match(start):
        yield from json_file.json_document_records(chunks, report)
    # A log may begin with damage: then what follows tells its kind.
    elif json_file.LINE.search(start):
        yield from json_file.json_line_records(_lines(chunks), report)
    elif export_lines.LINE.search(start):
        yield from export_lines.export_records(_lines(chunks), report)
    elif "<Event" in start:
        yield from xml_file.xml_records(chunks, report)
    else:
        report(Problem.NOT_A_LOG, f"begins with {start[:40]!r}")


def _blocks(file: BinaryIO, report: Report) -> Iterator[bytes]:
    """Yield a file's bytes, unpacked where it is packed with gzip, as far as it can be read."""
    with io.BufferedReader(cast(io.RawIOBase, file), _BLOCK) as packed:
        stream = gzip.GzipFile(fileobj=packed) if packed.peek(2).startswith(_GZIP) else packed
        empty = True
        try:
            while block := stream.read1(_BLOCK):
                empty = False
                yield block
            if empty:
                report(Problem.EMPTY_FILE, "0 bytes")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            report(Problem.DAMAGED_FILE, f"gzip: {error}")


def _decoded(blocks: Iterator[bytes]) -> Iterator[str]:
    """Yield text, with a replacement character for each byte that is none."""
    first = next(blocks, b"")
    encoding = next((name for mark, name in _ENCODINGS.items() if first.startswith(mark)), "utf-8")
    yield from codecs.iterdecode(chain([first], blocks), encoding, errors="replace")


def _lines(chunks: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a text, each with its line feed, and an endless one in pieces."""
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split("\n")
        for line in lines:
            yield f"{line}\n"
        if len(rest) > LONGEST_TEXT:
            yield rest
            rest = ""
    if rest:
        yield rest
