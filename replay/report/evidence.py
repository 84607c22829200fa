"""What a report shows of the records that matched: who, from where, on which host, and some to read."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from catalog import Family, SecurityEvent
from replay.readers.record import Record

#: How many records of each event are kept to be read, and how much of each of their values.
RECORDS_KEPT = 20
LONGEST_VALUE = 2000
FIELDS_KEPT = 60
#: How many different names are counted: beyond, the rarest half is forgotten.
_NAMES = 20_000

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


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record to read.

    Args:
        record: The record, without its message.
        fields: Its first data fields with their values, in order, long values cut.
    """

    record: Record
    fields: tuple[tuple[str, str], ...]


class RecordEvidence:
    """Collects, in bounded memory, what a report shows of the records that match.

    Args:
        events: The events that are reported on.

    Attributes:
        accounts: How many of the records name each account; a record counts once for each.
        addresses: The same for each address that they come from.
        hosts: The same for each host that wrote them.
        records: The first records of each event, by its key.
    """

    def __init__(self, events: Iterable[SecurityEvent]) -> None:
        self._families = {event.key: event.family for event in events}
        self.accounts: Counter[str] = Counter()
        self.addresses: Counter[str] = Counter()
        self.hosts: Counter[str] = Counter()
        self.records: dict[str, list[KeptRecord]] = {key: [] for key in self._families}

    def __call__(self, keys: Collection[str], record: Record) -> None:
        """Take note of a record that the filters of the events with these keys count."""
        fields = tuple(data_fields(record.message))
        of_group = any(self._families[key] is Family.GROUP for key in keys)
        _count(self.hosts, {record.computer})
        _count(self.addresses, {v.removeprefix(_IPV4) for name, v in fields if name in _ADDRESSES})
        _count(self.accounts, _accounts(fields, of_group))
        kept = KeptRecord(record._replace(message=""), fields[:FIELDS_KEPT])
        for key in keys:
            if len(self.records[key]) < RECORDS_KEPT:
                self.records[key].append(kept)


def data_fields(message: str) -> Iterator[tuple[str, str]]:
    """Yield the data fields of an event's text, each with its value; long values are cut.

    It reads tags as a filter does, so that a message the agent has cut at its size limit yields fields too.
    """
    payload = _PAYLOAD.search(message)
    for found in _FIELD.finditer(payload[0] if payload else ""):
        name = found[1] or found[3] or "Data"
        value = found[2] if found[4] is None else found[4]
        if len(value) > LONGEST_VALUE:
            value = f"{value[:LONGEST_VALUE]}…"
        yield name, _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], value)


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


def _count(counter: Counter[str], names: set[str]) -> None:
    counter.update(names.difference(_NOBODY))
    if len(counter) > _NAMES:
        kept = counter.most_common(_NAMES // 2)
        counter.clear()
        counter.update(dict(kept))
