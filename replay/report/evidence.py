"""What a report shows of the records: who, from where, on which host, which logons, and some to read."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog import Family, SecurityEvent
from catalog.derived.insights_query import telling_fields
from replay.readers.record import Record

#: How many records of each event are kept with all their data fields, with those that tell who did what, and
#: how many of all events.
RECORDS_KEPT, ROWS_KEPT, ALL_ROWS_KEPT = 20, 500, 20_000
#: How much of a value and how many data fields of a record are kept.
LONGEST_VALUE, LONGEST_IN_A_ROW = 2000, 200
FIELDS_KEPT = 60
#: What a value that is cut ends with.
CUT = "…"
#: How many different names are counted: beyond, the rarest half is forgotten.
_NAMES = 20_000
#: How many of one event, and how many kinds of logon and of event id.
_NAMES_OF_AN_EVENT, _KINDS = 1000, 5000

_FIELD = re.compile(r"<Data(?: Name='([^']*)')?>([^<]*)</Data>|<([A-Za-z_][\w.-]*)(?: [^<>]*)?>([^<]+)</\3>")
_PAYLOAD = re.compile(r"<(?:EventData|UserData)\b.*?(?=<RenderingInfo|\Z)", re.DOTALL)
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ENTITY = re.compile(r"&(lt|gt|amp|quot|apos);")

_ADDRESSES = ("IpAddress", "ClientAddress", "SourceAddress", "SourceNetworkAddress")
_ACCOUNTS = ("SubjectUserName", "TargetUserName", "AccountName")
#: How Kerberos events begin an IPv4 address.
_IPV4 = "::ffff:"
_NOBODY = ("", "-", "N/A")
#: The accounts that stand for the system itself: of interest only where there is no other.
_SYSTEM_ACCOUNTS = ("SYSTEM", "LocalSystem", "LOCAL SERVICE", "NETWORK SERVICE", "ANONYMOUS LOGON")
_LOGONS = {4624: True, 4625: False}


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record to read.

    Args:
        record: The record, without its message.
        fields: Its first data fields with their values, in order, long values cut; of the first records of an
            event. Of later ones those that tell who did what.
        whole: Whether ``fields`` has all of them.
    """

    record: Record
    fields: tuple[tuple[str, str], ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class NamedSubjects:
    """How many records name each account, each address that they come from, and each host that wrote them.

    A record counts once for each name.
    """

    accounts: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)

    def add(self, accounts: Collection[str], addresses: Collection[str], host: str, most: int) -> None:
        """Count a record; of each kind, up to some names are kept."""
        _count(self.accounts, accounts, most)
        _count(self.addresses, addresses, most)
        _count(self.hosts, [host], most)


@dataclass(frozen=True, slots=True, order=True)
class Logon:
    """A kind of logon: who, where, how and from where.

    Args:
        account: The account, with its domain where it has one.
        host: The server that was logged on to.
        logon_type: The number of the logon type, such as 10.
        source: The workstation and the address that it came from, as far as they are named.
        succeeded: Whether it succeeded.
    """

    account: str
    host: str
    logon_type: str
    source: str
    succeeded: bool


class RecordEvidence:
    """Collects, in bounded memory, what a report shows of the records.

    Args:
        events: The events that are reported on.

    Attributes:
        names: Who and what the records that match name.
        of_event: The same of each event, by its key.
        records: The first records of each event, by its key.
        logons: How many records there are of each kind of logon.
        ids: How many records there are of each channel and event id, and whether the agent ships them.
    """

    def __init__(self, events: Iterable[SecurityEvent]) -> None:
        self._events = {event.key: event for event in events}
        self._telling = {key: frozenset(telling_fields(event)) for key, event in self._events.items()}
        self._rows = 0
        self.names = NamedSubjects()
        self.of_event = {key: NamedSubjects() for key in self._events}
        self.records: dict[str, list[KeptRecord]] = {key: [] for key in self._events}
        self.logons: Counter[Logon] = Counter()
        self.ids: Counter[tuple[str, int, bool]] = Counter()

    def saw(self, record: Record, shipped: bool) -> None:
        """Take note of a record of a log, and whether the agent ships it."""
        kind = (record.channel, record.event_id, shipped)
        if kind in self.ids or len(self.ids) < _KINDS:
            self.ids[kind] += 1
        if record.event_id in _LOGONS and record.channel == "Security":
            _count(self.logons, [_logon(record)], _KINDS)

    def __call__(self, keys: Collection[str], record: Record) -> None:
        """Take note of a record that the events with these keys find."""
        fields = tuple(data_fields(record.message))
        of_group = any(self._events[key].family is Family.GROUP for key in keys)
        accounts = _accounts(fields, of_group) - set(_NOBODY)
        addresses = {v.removeprefix(_IPV4) for name, v in fields if name in _ADDRESSES} - set(_NOBODY)
        self.names.add(accounts, addresses, record.computer, _NAMES)
        for key in keys:
            self.of_event[key].add(accounts, addresses, record.computer, _NAMES_OF_AN_EVENT)
            self._keep(key, record, fields)

    def _keep(self, key: str, record: Record, fields: tuple[tuple[str, str], ...]) -> None:
        kept = self.records[key]
        if len(kept) < RECORDS_KEPT:
            kept.append(KeptRecord(record._replace(message=""), fields[:FIELDS_KEPT]))
        elif len(kept) < ROWS_KEPT and self._rows < ALL_ROWS_KEPT:
            telling = tuple((n, _cut(v, LONGEST_IN_A_ROW)) for n, v in fields if n in self._telling[key])
            kept.append(KeptRecord(record._replace(message=""), telling, whole=False))
        else:
            return
        self._rows += 1


def data_fields(message: str) -> Iterator[tuple[str, str]]:
    """Yield the data fields of an event's text, each with its value; long values are cut.

    It reads tags as a filter does, so that a message the agent has cut at its size limit yields fields too.
    """
    payload = _PAYLOAD.search(message)
    for found in _FIELD.finditer(payload[0] if payload else ""):
        name = found[1] or found[3] or "Data"
        value = found[2] if found[4] is None else found[4]
        yield name, _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], _cut(value, LONGEST_VALUE))


def _cut(value: str, length: int) -> str:
    return value if len(value) <= length else f"{value[:length]}{CUT}"


def _logon(record: Record) -> Logon:
    fields = dict(data_fields(record.message))
    domain, user = (fields.get(name, "-") for name in ("TargetDomainName", "TargetUserName"))
    named = (fields.get(name, "-") for name in ("WorkstationName", "IpAddress"))
    return Logon(
        account=user if domain in _NOBODY else f"{domain}\\{user}",
        host=record.computer,
        logon_type=fields.get("LogonType", "-"),
        source=" ".join(value.removeprefix(_IPV4) for value in named if value not in _NOBODY) or "-",
        succeeded=_LOGONS[record.event_id],
    )


def _accounts(fields: tuple[tuple[str, str], ...], of_group: bool) -> set[str]:
    """Return the accounts that a record names, people before the system's own accounts."""
    names = {
        value
        for name, value in fields
        # In events about groups, the target is the group.
        if name in _ACCOUNTS and value not in _NOBODY and not (of_group and name == "TargetUserName")
    }
    people = {name for name in names if name not in _SYSTEM_ACCOUNTS and not name.endswith("$")}
    return people or names


def _count(counter: Counter[Any], names: Iterable[Any], most: int) -> None:
    counter.update(names)
    if len(counter) > most:
        kept = counter.most_common(most // 2)
        counter.clear()
        counter.update(dict(kept))
