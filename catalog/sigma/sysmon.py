r"""What rules ask in the words of Sysmon, as 4657 on the registry and 4688 on processes write it, and Sysmon.

4688 and 4657 have SIDs of accounts, and names without their domain. The account of a process is in the
Target fields of 4688 if it is not the creator's, which is in the Subject fields (Microsoft's page on 4688).

Sources: Sysmon's documentation of its events 12 to 14 for ``HKLM``, ``HKU``, ``CurrentControlSet`` and
``DWORD (0x00000001)``; Microsoft's page on event 4657 for the operations and types; for keys and numbers, a
public record of ``certutil``: ``\REGISTRY\MACHINE\SYSTEM\ControlSet001\...`` with ``%%1876`` and ``1089``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from catalog.sigma.expression import (
    All,
    AnyOf,
    Expression,
    Nothing,
    RegularExpression,
    Test,
    Value,
    Wildcard,
    mapped,
)
from catalog.sigma.log_sources import LogSource
from catalog.sigma.reading import SigmaError

_CREATED, _MODIFIED, _DELETED = "%%1904", "%%1905", "%%1906"
_BINARY = "%%1875"
_KINDS = {"D": "%%1876", "Q": "%%1883"}
#: The operations of 4657 that the records of a log source are; none where they are all of them.
_OPERATIONS = {"registry_set": (_CREATED, _MODIFIED), "registry_delete": (_DELETED,), "registry_event": ()}
#: The same for what rules say themselves: an event type, or an event id of Sysmon.
_NAMED_OPERATIONS = {
    "setvalue": (_CREATED, _MODIFIED),
    "13": (_CREATED, _MODIFIED),
    "deletevalue": (_DELETED,),
}
_MACHINE, _USERS = r"\REGISTRY\MACHINE", r"\REGISTRY\USER"
_CLASSES = rf"{_MACHINE}\SOFTWARE\Classes"
#: What 4657 has for the root of a key.
_ROOTS: dict[str, tuple[str | Wildcard, ...]] = {
    "hklm": (_MACHINE,),
    "hkey_local_machine": (_MACHINE,),
    "hku": (_USERS,),
    "hkey_users": (_USERS,),
    "hkcu": (f"{_USERS}\\", Wildcard.ANY),
    "hkey_current_user": (f"{_USERS}\\", Wildcard.ANY),
    "hkcr": (_CLASSES,),
    "hkey_classes_root": (_CLASSES,),
}
_ROOT = re.compile(rf"({'|'.join(_ROOTS)})(?=\\|$)", re.IGNORECASE)
_CONTROL_SET = re.compile(r"(?<=\\)CurrentControlSet(?=\\|$)", re.IGNORECASE)
_NUMBER = re.compile(r"([DQ])WORD \(0x([0-9a-f]+)\)", re.IGNORECASE)
#: A part of such a number, or of the other words that Sysmon has and 4657 has not.
_PART_OF_NUMBER = re.compile(r"[DQ]WORD|\(0x|Binary Data|\(Empty", re.IGNORECASE)
_OF_SYSMON_ONLY = re.compile(r"HK(?:LM|U|CR|CU|EY)|CurrentControlSet|[DQ]WORD|Binary Data", re.IGNORECASE)


#: Accounts of Windows by their well-known SIDs, with the names that Sysmon gives them in some languages.
_ACCOUNTS = {
    "S-1-5-18": (
        r"NT AUTHORITY\SYSTEM",
        r"AUTORITE NT\Système",
        r"NT-AUTORITÄT\SYSTEM",
        r"NT AUTHORITY\СИСТЕМА",
    ),
    "S-1-5-19": (r"NT AUTHORITY\LOCAL SERVICE", r"AUTORITE NT\SERVICE LOCAL", r"NT-AUTORITÄT\LOKALER DIENST"),
    "S-1-5-20": (
        r"NT AUTHORITY\NETWORK SERVICE",
        r"AUTORITE NT\SERVICE RÉSEAU",
        r"NT-AUTORITÄT\NETZWERKDIENST",
    ),
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464": (r"NT SERVICE\TrustedInstaller",),
}


#: The parts of Sysmon's Hashes that rules name as if they were fields.
_HASHES = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "imphash": "IMPHASH"}
#: How the operations begin of which alone a log source is, where Sysmon has one event for several.
_SYSMON_OPERATIONS = {"registry_add": "Create", "registry_delete": "Delete"}
#: Roots of the registry that rules name, and Sysmon in another way.
_SYSMON_ROOTS: dict[str, tuple[str | Wildcard, ...]] = {
    "hkey_local_machine": ("HKLM",),
    "hkey_users": ("HKU",),
    "hkcu": ("HKU\\", Wildcard.ANY),
    "hkey_current_user": ("HKU\\", Wildcard.ANY),
    "hkey_classes_root": ("HKCR",),
}
_SYSMON_ROOT = re.compile(rf"({'|'.join(_SYSMON_ROOTS)})(?=\\|$)", re.IGNORECASE)


def as_recorded(expression: Expression, source: LogSource) -> Expression:
    """Return what a rule of a log source that is Sysmon's asks of the records of that source.

    Other log sources keep what they ask.

    Raises:
        SigmaError: The Security log writes a value in another way than the rule compares it.
    """
    if source.is_sysmon:
        asked = mapped(expression, _by_sysmon)
        operation = _SYSMON_OPERATIONS.get(source.name)
        is_one = Test("EventType", Value((operation, Wildcard.ANY))) if operation else None
        return All((is_one, asked)) if is_one else asked
    if source.name == "process_creation":
        return mapped(expression, _process)
    if source.name not in _OPERATIONS:
        return expression
    asked = mapped(expression, _recorded)
    operations = _OPERATIONS[source.name]
    return All((_any_of("OperationType", operations), asked)) if operations else asked


def _by_sysmon(test: Test) -> Expression:
    if not isinstance(test.matcher, Value):
        return test
    if name := _HASHES.get((test.field or "").lower()):
        parts = (Wildcard.ANY, f"{name}=", *test.matcher.parts, Wildcard.ANY)
        return Test("Hashes", replace(test.matcher, parts=_merged(parts)))
    if test.field == "TargetObject":
        return replace(test, matcher=replace(test.matcher, parts=_merged(_of_sysmon(test.matcher))))
    return test


def _of_sysmon(value: Value) -> Iterator[str | Wildcard]:
    first, *others = value.parts or ("",)
    if isinstance(first, str) and (root := _SYSMON_ROOT.match(first)):
        yield from (*_SYSMON_ROOTS[root[1].lower()], first[root.end() :])
    else:
        yield first
    yield from others


def _merged(parts: Iterable[str | Wildcard]) -> tuple[str | Wildcard, ...]:
    """Return parts of a value with neighboring literals as one, and without empty ones."""
    found: list[str | Wildcard] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part:
            found.append(part)
    return tuple(found)


def _process(test: Test) -> Expression:
    if test.field not in ("User", "ParentUser") or not isinstance(test.matcher, Value):
        return test
    accounts = _accounts(test.matcher, 4688)
    if not accounts:
        return test
    creator = _any_of("SubjectUserSid", accounts)
    if test.field == "ParentUser":
        return creator
    is_creator = AnyOf((Test("TargetUserName", Value(("-",))), Test("TargetUserName", Nothing())))
    return AnyOf((_any_of("TargetUserSid", accounts), All((is_creator, creator))))


def _accounts(value: Value, event_id: int) -> list[str]:
    """Return the SIDs of the accounts of Windows that a value stands for; none where it is a name."""
    found = [
        sid for sid, names in _ACCOUNTS.items() if any(map(value.matches, names)) and not value.is_anything
    ]
    if not found and any("\\" in literal for literal in value.literals):
        raise SigmaError(
            f"compares an account with {''.join(value.literals)}: {event_id} has its name without a domain"
        )
    return found


def _recorded(test: Test) -> Expression:
    if isinstance(test.matcher, RegularExpression) and test.field in ("TargetObject", "Details"):
        if found := _OF_SYSMON_ONLY.search(test.matcher.expression):
            raise SigmaError(
                f"has a regular expression on {test.field} with {found[0]}, which 4657 never writes"
            )
        return replace(test, field="NewValue") if test.field == "Details" else test
    match test.field, test.matcher:
        case "TargetObject", Value() as value:
            return _key(value)
        case "Details", matcher:
            return _details(matcher) if isinstance(matcher, Value) else Test("NewValue", matcher)
        case (("EventType" | "EventID"), Value(parts=(str() as name,))) if name.lower() in _NAMED_OPERATIONS:
            return _any_of("OperationType", _NAMED_OPERATIONS[name.lower()])
        case "User", Value() as value if accounts := _accounts(value, 4657):
            return _any_of("SubjectUserSid", accounts)
        case "EventID", _:
            return replace(test, field="EventID of Sysmon")
    return test


def _any_of(field: str, values: Iterable[str]) -> Expression:
    tests = tuple(Test(field, Value((value,))) for value in values)
    return tests[0] if len(tests) == 1 else AnyOf(tests)


def _key(value: Value) -> Expression:
    r"""Return the test of a key and a value's name, joined by a backslash as Sysmon joins them."""
    recorded = replace(value, parts=_merged(piece for each in value.parts for piece in _key_parts(each)))
    last = recorded.parts[-1] if recorded.parts else ""
    if isinstance(last, str) and last.lower().endswith("\\(default)"):
        # How 4657 names a key's default value is in no source: by this name, or by none.
        nameless = replace(recorded, parts=(*recorded.parts[:-1], last[: -len("(default)")]))
        return AnyOf((Test("TargetObject", recorded), Test("TargetObject", nameless)))
    return Test("TargetObject", recorded)


def _key_parts(part: str | Wildcard) -> Iterator[str | Wildcard]:
    if not isinstance(part, str):
        yield part
        return
    if found := _ROOT.match(part):
        yield from _ROOTS[found[1].lower()]
        part = part[found.end() :]
    first, *others = _CONTROL_SET.split(part)
    yield first
    for other in others:
        yield from ("ControlSet", *[Wildcard.ONE] * 3, other)  # ControlSet001, mostly


def _details(value: Value) -> Expression:
    literals = value.literals
    text = literals[0] if len(literals) == 1 else ""
    if found := _NUMBER.fullmatch(text):
        of_kind = _any_of("NewValueType", [_KINDS[found[1].upper()]])
        return All((of_kind, _any_of("NewValue", [str(int(found[2], 16))])))
    if found := re.fullmatch(r"([DQ])WORD ?\(?", text, re.IGNORECASE):
        return _any_of("NewValueType", [_KINDS[found[1].upper()]])
    if text.lower() == "binary data":
        return _any_of("NewValueType", [_BINARY])
    if text.lower() == "(empty)":
        return Test("NewValue", Nothing())
    for literal in literals:
        if _PART_OF_NUMBER.match(literal):
            raise SigmaError(
                f"compares Details with a part of {literal}, where 4657 writes numbers in decimal"
            )
    return Test("NewValue", value)
