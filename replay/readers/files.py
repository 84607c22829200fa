"""Log files of any kind, told apart by content, and the folders that hold them."""

import codecs
import gzip
import io
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, cast

from cli.text import printable
from replay.readers import evtx_file, export_lines, json_file, xml_file
from replay.readers.input_problem import InputProblem, InputProblems, Report
from replay.readers.record import LONGEST_TEXT, Record

#: What the names of logs in a folder end in; a file given by name may be called anything.
SUFFIXES = (".evtx", ".xml", ".jsonl", ".json", ".gz")

_GZIP = b"\x1f\x8b"
_BLOCK = 65536
#: What a text begins with, and how it is then written; otherwise as its XML declaration says, or in UTF-8.
_ENCODINGS = (
    (re.compile(re.escape(codecs.BOM_UTF8)), "utf-8-sig"),
    (re.compile(rb"\xff\xfe|\xfe\xff"), "utf-16"),
    (re.compile(rb"(?:[\x01-\x7f]\0){2}"), "utf-16-le"),
    (re.compile(rb"(?:\0[\x01-\x7f]){2}"), "utf-16-be"),
)
_DECLARATION = b"<?xml"
_DECLARED = re.compile(rb"\s*+<\?xml\s[^<>]*?\bencoding\s*+=\s*+[\"']([^\"'<>]*+)")
#: Encodings that Windows calls by the name of a smaller one, or that Python calls by another name.
_WINDOWS_ENCODINGS = {
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "gb2312": "gbk",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "cp950",
}
#: What Python calls encodings that could smuggle in halves of surrogate pairs, which no text may hold.
_UNSAFE_ENCODINGS = ("utf-7", "unicode-escape", "raw-unicode-escape")

#: The lines that a log may consist of, and what reads them.
_LINES = (
    (json_file.LINE, json_file.json_line_records),
    (export_lines.LINE, export_lines.export_records),
)

#: Opens a file for reading bytes; a progress bar can count what is read.
Opener = Callable[[Path], BinaryIO]


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading bytes; its reader buffers."""
    return cast(BinaryIO, path.open("rb", buffering=0))


def log_files(paths: Iterable[Path], problems: InputProblems) -> list[Path]:
    """Return the files themselves, and for each folder the logs in it and below, by name; each file once.

    Raises:
        FileNotFoundError: A path does not exist, or a folder holds no log; names all of them.
    """
    files: list[Path] = []
    missing: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = _inside(path)
            logs = sorted(file for file, problem in inside.items() if problem is None)
            others = {other: problem for other, problem in sorted(inside.items()) if problem}
            if not logs:
                missing.append(_without_log(path, others.values()))
            files += logs
            for other, problem in others.items():
                problems.add(problem, str(other))
        elif path.exists():
            files.append(path)
        else:
            missing.append(f"{printable(str(path))}: no such file or folder")
    if missing:
        raise FileNotFoundError("\n".join(missing))
    return _each_once(files, problems)


def _inside(folder: Path) -> dict[Path, InputProblem | None]:
    """Return what is in a folder and below: the logs, and what is not read with the reason."""
    found: dict[Path, InputProblem | None] = {}

    def unreadable(error: OSError) -> None:
        found[Path(error.filename)] = InputProblem.UNREADABLE_FOLDER

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        below = (Path(parent, name) for name in folders)
        found |= {path: InputProblem.LINKED_FOLDER for path in below if path.is_symlink()}
        found |= {path: _reason_to_skip(path) for path in (Path(parent, name) for name in names)}
    return found


def _reason_to_skip(path: Path) -> InputProblem | None:
    try:
        if not path.is_file():
            return InputProblem.NO_FILE
    except PermissionError:  # A link to what may not be seen.
        return InputProblem.NO_FILE
    return None if path.name.lower().endswith(SUFFIXES) else InputProblem.OTHER_FILE


def _without_log(folder: Path, reasons: Iterable[InputProblem]) -> str:
    """Return the words for a folder of which nothing is read, and how often for which reason."""
    counts = "".join(f"; {problem.title}: {count:,}" for problem, count in Counter(reasons).items())
    return f"{folder}: a folder without a log ({', '.join(SUFFIXES)}){counts}"


def _each_once(files: Iterable[Path], problems: InputProblems) -> list[Path]:
    """Return files without those that are, by another name or the same, among those before."""
    once: dict[str, Path] = {}
    for file in files:
        name = os.path.realpath(file)
        if name in once:
            problems.add(InputProblem.REPEATED_FILE, str(file))
        else:
            once[name] = file
    return list(once.values())


def file_records(path: Path, problems: InputProblems, opener: Opener = open_file) -> Iterator[Record]:
    """Yield the events of one file, of whatever kind; the memory needed does not grow with its size."""
    report = problems.within(str(path))
    try:
        with opener(path) as file:
            yield from _records(_Reader(_blocks(file, report)), report)
    except OSError as error:
        problems.add(InputProblem.UNREADABLE_FILE, f"{path}: {error.strerror or error}")


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
        yield from _text_records(_decoded(iter(lambda: reader.read(_BLOCK), b""), report), report)


def _text_records(chunks: Iterator[str], report: Report) -> Iterator[Record]:
    for head in chunks:
        if start := head.strip("\ufeff\0 \t\r\n"):
            break
    else:
        report(InputProblem.EMPTY_FILE, "white space only")
        return
    chunks = chain([head], chunks)
    if start.startswith("<"):
        yield from xml_file.xml_records(chunks, report)
    elif json_file.DOCUMENT.match(start):
        yield from json_file.json_document_records(chunks, report)
    elif line_records := _reader_of_lines(start):
        yield from line_records(_lines(chunks), report)
    elif "<Event" in start:
        yield from xml_file.xml_records(chunks, report)
    else:
        report(InputProblem.NOT_A_LOG, f"begins with {start[:40]!r}")


def _reader_of_lines(start: str) -> Callable[[Iterable[str], Report], Iterator[Record]] | None:
    """Return what reads the lines of a text that may begin with damage; None where it has no such lines.

    The first line of either kind decides: an event in a line of an export may hold lines that look like JSON.
    """
    found = [(first.start(), records) for line, records in _LINES if (first := line.search(start))]
    return min(found, key=itemgetter(0))[1] if found else None


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
                report(InputProblem.EMPTY_FILE, "0 bytes")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            report(InputProblem.DAMAGED_FILE, f"gzip: {error}")


def _decoded(blocks: Iterator[bytes], report: Report) -> Iterator[str]:
    """Yield text, with a replacement character for what is none, which is reported once."""
    first = next(blocks, b"")
    decoder = codecs.getincrementaldecoder(_encoding(first, report))()
    for block in chain([first], blocks, [b""]):
        state = decoder.getstate()
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            wrong = error.object[error.start : error.end]
            report(InputProblem.REPLACED_TEXT, f"{wrong!r} in {error.encoding}: {error.reason}")
            decoder.setstate(state)
            decoder.errors = "replace"
            text = decoder.decode(block, final=not block)
        yield text


def _encoding(start: bytes, report: Report) -> str:
    """Return how a text is written, by its first bytes."""
    for mark, name in _ENCODINGS:
        if mark.match(start):
            return name
    if not (declared := _DECLARED.match(start)):
        return "utf-8"
    name = declared[1].decode(errors="replace").lower()
    name = _WINDOWS_ENCODINGS.get(name, name)
    if _reads_declaration(name):
        return name
    report(InputProblem.UNKNOWN_ENCODING, f"its declaration says {name!r}")
    return "utf-8"


def _reads_declaration(encoding: str) -> bool:
    """Return whether there is an encoding of this name, in which a declaration can have been read."""
    try:
        known = _DECLARATION.decode(encoding) == _DECLARATION.decode()
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        decoder.decode(_DECLARATION)
    except (LookupError, ValueError):  # It is none, none of text, or one that cannot replace.
        return False
    return known and codecs.lookup(encoding).name not in _UNSAFE_ENCODINGS


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
