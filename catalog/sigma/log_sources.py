"""Where the records of a rule's log source are: channel, event ids, and what the record calls its fields.

Sources: the taxonomy of log sources and fields in the appendix of the Sigma specification, and Microsoft's
pages on each log. ``log_sources.tsv`` has a row for each category or service, and a second one where Sysmon
has records for it that are used instead if it is installed; ``field_names.tsv`` the fields that a record of
Windows itself calls otherwise than rules do, and those that it does not have (an empty name).
"""

from collections.abc import Iterable, Mapping
from csv import DictReader
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from catalog.errors import did_you_mean
from catalog.model.event_fields import fields_of
from catalog.model.provider import SECURITY_AUDITING, SECURITY_EVENTLOG, SYSMON

_HERE = Path(__file__).parent
#: What rules call the elements of a record's header.
HEADER_FIELDS = {
    "EventID": "EventID",
    "EventId": "EventID",
    "Provider_Name": "Provider",
    "ProviderName": "Provider",
    "Channel": "Channel",
    "Computer": "Computer",
    "ComputerName": "Computer",
    "Level": "Level",
    "Keywords": "Keywords",
    "Task": "Task",
    "Opcode": "Opcode",
    "Version": "Version",
}


class Place(Enum):
    """Where in a record a field is."""

    HEADER = "header"
    EVENT_DATA = "event_data"
    USER_DATA = "user_data"
    UNNAMED = "unnamed"
    #: A key of the registry and the name of one of its values, joined by a backslash: of 4657, ObjectName and
    #: ObjectValueName.
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Location:
    """A field of a record.

    Args:
        place: Where it is.
        name: What the record calls it.
    """

    place: Place
    name: str


#: What says which event a record is.
EVENT_ID, PROVIDER = Location(Place.HEADER, "EventID"), Location(Place.HEADER, "Provider")
#: The event on a value of the registry, and what Sysmon calls the value with its key.
REGISTRY_EVENT = 4657
REGISTRY_VALUE = Location(Place.REGISTRY, "TargetObject")


@dataclass(frozen=True, slots=True)
class LogSource:
    """Where the records of a log source are.

    Args:
        name: Its category, or else its service.
        channels: The event logs, of which each record is in one.
        event_ids: The ids of its records, where the log source alone says so.
        place: Where the data fields are.
        provider: Who writes them, where it is one provider only; empty otherwise.
        sensor: What must be installed beside Windows for there to be records at all; empty for nothing.
        lost: What its rules mean and no record reports; empty for nothing.
    """

    name: str
    channels: tuple[str, ...]
    event_ids: tuple[int, ...]
    place: Place
    provider: str
    sensor: str
    lost: str = ""

    @property
    def is_sysmon(self) -> bool:
        """Whether Sysmon writes its records."""
        return self.channels == (SYSMON.channel,)

    def locate(self, field: str, event_ids: Iterable[int]) -> Location | None:
        """Return where a field of a rule is; None where no record with these ids has it."""
        ids = tuple(event_ids)
        if ids and all(field in (fields_of(SECURITY_EVENTLOG.name, event_id) or ()) for event_id in ids):
            # Cleared logs, 104 and 1102: their own Channel is not that of the header.
            return Location(Place.USER_DATA, field)
        if field in HEADER_FIELDS:
            return Location(Place.HEADER, HEADER_FIELDS[field])
        if field == REGISTRY_VALUE.name and ids == (REGISTRY_EVENT,):
            return REGISTRY_VALUE
        names = {} if self.is_sysmon else _field_names().get(self.name, {})
        name = names.get(field, field)
        if not name:
            return None
        if self.place is Place.UNNAMED:
            return Location(Place.UNNAMED, name) if name == "Data" else None
        if self.is_sysmon or self.channels == ("Security",):
            known = [fields_of(self._provider(event_id), event_id) for event_id in ids]
            if known and all(fields is not None and name not in fields for fields in known):
                return None
        return Location(self.place, name)

    def nearest(self, field: str, event_ids: Iterable[int]) -> str:
        """Return ``"; did you mean X?"`` for the nearest field that a record has, or nothing."""
        known = {
            name for event_id in event_ids for name in fields_of(self._provider(event_id), event_id) or ()
        }
        return did_you_mean(field, known)

    def _provider(self, event_id: int) -> str:
        return self.provider or security_provider(event_id)


def log_source(category: str, service: str, *, sysmon: bool = False) -> LogSource | None:
    """Return a log source of Windows; None where it is not known.

    Args:
        category: Its category, or empty.
        service: Its service, or empty.
        sysmon: Whether Sysmon is installed, whose records are then used where it has some.
    """
    known = _log_sources().get((category, "")) or _log_sources().get(("", service)) or ()
    return next((each for each in known if each.is_sysmon is sysmon), next(iter(known), None))


def security_provider(event_id: int) -> str:
    """Return who writes an event of the Security log: 1100 to 1108 the Event Log service itself."""
    return SECURITY_EVENTLOG.name if 1100 <= event_id <= 1108 else SECURITY_AUDITING.name


@cache
def _log_sources() -> Mapping[tuple[str, str], tuple[LogSource, ...]]:
    """Return the log sources by category and service: one that Windows writes itself comes first."""
    found: dict[tuple[str, str], tuple[LogSource, ...]] = {}
    with (_HERE / "log_sources.tsv").open(encoding="utf-8", newline="") as lines:
        for row in DictReader(lines, delimiter="\t"):
            source = LogSource(
                name=row["category"] or row["service"],
                channels=tuple(filter(None, row["channels"].split(";"))),
                event_ids=tuple(int(number) for number in row["event_ids"].split(";") if number),
                place=Place(row["markup"]),
                provider=row["provider"],
                sensor=row["sensor"],
                lost=row["lost"],
            )
            key = (row["category"], row["service"])
            found[key] = (*found.get(key, ()), source)
    return found


@cache
def _field_names() -> Mapping[str, Mapping[str, str]]:
    names: dict[str, dict[str, str]] = {}
    with (_HERE / "field_names.tsv").open(encoding="utf-8", newline="") as lines:
        for row in DictReader(lines, delimiter="\t"):
            names.setdefault(row["log_source"], {})[row["rule_field"]] = row["record_field"] or ""
    return names
