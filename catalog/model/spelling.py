"""How Windows itself spells what rules like to spell otherwise, from ``spelling.tsv``.

Metric filters compare with case: ``0xC0000072`` finds nothing where every record has ``0xc0000072``. The
table has a row for each way of spelling: its data fields, the provider that writes them (nothing for
Microsoft-Windows-Security-Auditing), the events that it holds for (nothing for all; a row that names the
event goes before one that does not), its kind, the words that are known, and the source. The kinds:

============  ================================================================================
hex           ``0xc0000072``: lower case, no zeros in front
capital-hex   ``0xA10``: capitals after ``0x``
number        ``3``: decimal
guid          ``{0cce9215-69ae-11d9-bed3-505054503030}``: lower case, in braces
guid-part     GUIDs in lower case, with other text around them
dir-guid      ``%{bf967aba-0de6-11d0-a285-00aa003049e2}``, or a text that is no GUID
sid           ``S-1-5-18``
address       ``10.0.0.5``, ``fe80::1``
mapped        ``::ffff:10.0.0.5`` for an address of IPv4
word          one of the words, in any case and without regard to blanks at its end; ``Yes=%%1842`` says
              that a record has the second where a reader of its message sees the first
path          a path; the words are the parts of it whose spelling is known
text          not known
============  ================================================================================

Of 26,800 values of real records the table knows 9,043, and each of these as it stands there.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from catalog.model.provider import SECURITY_AUDITING

# Not pathlib, which takes a tenth of the time that importing the catalog may take.
_TABLE = os.path.join(os.path.dirname(__file__), "spelling.tsv")  # noqa: PTH118, PTH120
_HEX = re.compile(r"0x0*([0-9a-f]+)", re.IGNORECASE)
_HEX_DIGITS = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_NUMBER = re.compile(r"0*([0-9]+)")
_GUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE)
_SID = re.compile(r"S-1(-[0-9]+)+-?", re.IGNORECASE)
_DRIVE = re.compile(r"[a-z]:")


@dataclass(frozen=True, slots=True)
class _SpellingRow:
    kind: str
    #: What a record has, by what a rule may write, in lower case and without blanks at the end.
    words: Mapping[str, str]


def windows_spelling(
    provider: str, event_id: int, field: str, value: str, *, part: bool = False
) -> str | None:
    """Return a value of a data field as Windows spells it, which may be as it is given.

    Args:
        provider: The provider's name.
        event_id: The event's id.
        field: The data field.
        value: The value, as a rule or a deployment file has it.
        part: Whether it is only a beginning, an end or a piece of what the field holds.

    Returns:
        None where the table does not know how the field's values, or this one, are spelt. In a path, names
        that the table does not know stay as they are.
    """
    for row in _rows(provider, event_id, field):
        if row.kind == "text":
            return None
        if spelt := _spelt(row, value, part):
            return spelt
    return None


def provider_spelling(name: str) -> str | None:
    """Return a provider's name as it stands in ``<Provider Name='...'>``, None where it is not known."""
    return _words("Provider", None).get(name.strip().lower())


def _spelt(row: _SpellingRow, value: str, part: bool) -> str | None:
    match row.kind:
        case "hex" | "capital-hex":
            return _hex(value, part, capitals=row.kind == "capital-hex")
        case "number":
            if part:
                return None
            if found := _HEX.fullmatch(value):
                return str(int(found[1], 16))
            return found[1] if (found := _NUMBER.fullmatch(value)) else None
        case "guid" | "dir-guid":
            bare = value.removeprefix("%").strip("{}")
            if _GUID.fullmatch(bare) and not part:
                return f"{'%' if row.kind == 'dir-guid' else ''}{{{bare.lower()}}}"
            return _GUID.sub(lambda found: found[0].lower(), value) if _GUID.search(value) else None
        case "guid-part":
            return _GUID.sub(lambda found: found[0].lower(), value) if _GUID.search(value) else None
        case "sid":
            return value.upper() if _SID.fullmatch(value) else None
        case "address" | "mapped":
            return None if part else _address(value, mapped=row.kind == "mapped")
        case "path":
            return _path(row, value)
    return _word(row, value, part)


def _hex(value: str, part: bool, *, capitals: bool) -> str | None:
    found = _HEX.fullmatch(value)
    if found is None:
        # Digits alone are the end of a number, or a number whose 0x was forgotten.
        if not _HEX_DIGITS.fullmatch(value):
            return None
        digits = value if part else value.lstrip("0") or "0"
        return ("" if part else "0x") + (digits.upper() if capitals else digits.lower())
    digits = value[2:] if part else found[1]
    return "0x" + (digits.upper() if capitals else digits.lower())


def _address(value: str, *, mapped: bool) -> str | None:
    from ipaddress import ip_address  # only an address pays for it: importing the catalog must stay quick

    try:
        address = ip_address(value)
    except ValueError:
        return None
    inner = address if address.version == 4 else address.ipv4_mapped
    if inner:
        return f"::ffff:{inner}" if mapped else str(inner)
    return None if "." in value else str(address)


def _word(row: _SpellingRow, value: str, part: bool) -> str | None:
    wanted = value.lower() if part else value.rstrip().lower()
    if not part:
        return row.words.get(wanted)
    found = {
        word[at : at + len(wanted)] for word in row.words.values() if (at := word.lower().find(wanted)) >= 0
    }
    return found.pop() if len(found) == 1 else None


def _path(row: _SpellingRow, value: str) -> str:
    """Return a path with the names that are known, and its drive letter, as Windows spells them."""
    lower = value.lower()
    for name in row.words.values():
        if name.lower() in lower:
            value = _name_in_path(name).sub(name.replace("\\", r"\\"), value)
    return value[0].upper() + value[1:] if _DRIVE.match(value) else value


@cache
def _name_in_path(name: str) -> re.Pattern[str]:
    start = "" if name.startswith(":") else r"(?<![^\\])"
    return re.compile(rf"{start}{re.escape(name)}(?![^\\])", re.IGNORECASE)


def _rows(provider: str, event_id: int, field: str) -> Iterator[_SpellingRow]:
    table = _table()
    yield from table.get((provider, field, event_id), ())
    yield from table.get((provider, field, None), ())


@cache
def _words(field: str, event_id: int | None) -> Mapping[str, str]:
    rows = _table().get((SECURITY_AUDITING.name, field, event_id), ())
    return {key: word for row in rows for key, word in row.words.items()}


@cache
def _table() -> Mapping[tuple[str, str, int | None], tuple[_SpellingRow, ...]]:
    table: dict[tuple[str, str, int | None], tuple[_SpellingRow, ...]] = {}
    with open(_TABLE, encoding="utf-8") as file:  # noqa: PTH123
        lines = file.read().splitlines()[1:]
    for line in lines:
        fields, provider, events, kind, words, _ = line.split("\t")
        pairs = [word.partition("=") for word in words.split("|")] if words else []
        row = _SpellingRow(kind, {name.rstrip().lower(): spelt or name for name, _, spelt in pairs})
        for field in fields.split(","):
            for event in events.split(",") if events else (None,):
                key = (provider or SECURITY_AUDITING.name, field, int(event) if event else None)
                table[key] = (*table.get(key, ()), row)
    return table
