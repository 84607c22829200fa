"""Text from bytes in the encodings that Windows and its tools write."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from replay.readers.input_problem import InputProblem, Report
from replay.readers.record import LONGEST_TEXT

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

#: Words in Japanese, of which a single character is none: two bytes of another encoding can look like one.
_JAPANESE = re.compile("[\u3005\u3040-\u30ff\u4e00-\u9fff]{2,}")
_NOT_ASCII = re.compile("[^\0-\x7f]+")


def decoded(blocks: Iterator[bytes], report: Report, encoding: str = "") -> Iterator[str]:
    """Yield text, with a replacement character for what is none, which is reported once.

    Args:
        blocks: The text's bytes.
        report: Takes note of what cannot be decoded.
        encoding: The encoding of a text that does not begin with a mark of its own; by default the one that
            its XML declaration names, or UTF-8.
    """
    first = next(blocks, b"")
    name, is_certain = _encoding(first, report, encoding)
    decoder = codecs.getincrementaldecoder(name)()
    for block in chain([first], blocks, [b""]):
        state = decoder.getstate()
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            wrong = f"{error.object[error.start : error.end]!r} in {error.encoding}: {error.reason}"
            if not is_certain and (guess := _guessed(error.object)):
                report(InputProblem.GUESSED_ENCODING, f"{wrong}; read as {guess}")
                decoder = codecs.getincrementaldecoder(guess)("replace")
                block = error.object
            else:
                report(InputProblem.REPLACED_TEXT, wrong)
                decoder.setstate(state)
                decoder.errors = "replace"
            text = decoder.decode(block, final=not block)
        yield text


def _guessed(text: bytes) -> str:
    """Return the encoding of Japanese Windows where a text is Japanese in it; other guesses are too weak."""
    try:
        found = codecs.getincrementaldecoder("cp932")().decode(text)
    except UnicodeDecodeError:
        return ""
    japanese = sum(map(len, _JAPANESE.findall(found)))
    return "cp932" if japanese > sum(map(len, _NOT_ASCII.findall(found))) // 2 else ""


def _encoding(start: bytes, report: Report, encoding: str) -> tuple[str, bool]:
    """Return how a text is written, by its first bytes, and whether something says so."""
    for mark, name in _ENCODINGS:
        if mark.match(start):
            return name, True
    if encoding:
        return encoding, True
    if not (declared := _DECLARED.match(start)):
        return "utf-8", False
    name = declared[1].decode(errors="replace").lower()
    name = _WINDOWS_ENCODINGS.get(name, name)
    if is_encoding(name) and _reads_declaration(name):
        return name, True
    report(InputProblem.UNKNOWN_ENCODING, f"its declaration says {name!r}")
    return "utf-8", False


def is_encoding(name: str) -> bool:
    """Return whether there is an encoding of text of this name, in which a log can be read."""
    try:
        b"<".decode(name, "replace")
        codecs.getincrementaldecoder(name)("replace").decode(_DECLARATION)
        return codecs.lookup(name).name not in _UNSAFE_ENCODINGS
    except (LookupError, ValueError):  # It is none, none of text, or one that cannot replace.
        return False


def _reads_declaration(encoding: str) -> bool:
    """Return whether a declaration that is read as ASCII can be in an encoding."""
    try:
        return _DECLARATION.decode(encoding) == _DECLARATION.decode()
    except ValueError:
        return False


def lines_of(chunks: Iterable[str]) -> Iterator[str]:
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
