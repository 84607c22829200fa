"""What is watched, and so what the agent ships: the catalog as it is, or an account of a deployment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from catalog import (
    EVENTS,
    CatalogError,
    Collection,
    SecurityEvent,
    UnknownNameError,
    agent_configuration,
    pack,
)
from deployment import AdditionalAlarm, load_plan
from replay.readers.record import Record

#: The numbers in ``<Level>`` for each of the agent's level names (read in its source).
_LEVELS: Mapping[str, tuple[int, ...]] = {
    "CRITICAL": (1,),
    "ERROR": (2,),
    "WARNING": (3,),
    "INFORMATION": (4, 0),
    "VERBOSE": (5,),
}


@dataclass(frozen=True)
class Watch:
    """The events that are watched, and what of a host's logs reaches CloudWatch Logs for it.

    Args:
        name: What it is called in reports.
        watched: All the events that are watched, tuned as the account says: they decide what is shipped.
        chosen: Those of them to report on.
        collection: Whether the agent ships the watched event ids or whole channels.
        variants: The further alarms over the metrics of watched events.
    """

    name: str
    watched: tuple[SecurityEvent, ...]
    chosen: tuple[SecurityEvent, ...]
    collection: Collection = Collection.EVENT_IDS
    variants: tuple[AdditionalAlarm, ...] = ()

    @cached_property
    def _collected(self) -> tuple[frozenset[tuple[str, int]], frozenset[tuple[str, int]]]:
        """The event ids and the levels that the agent's configuration asks for, by channel."""
        logs = agent_configuration(self.watched, collection=self.collection).get("logs")
        entries = logs["logs_collected"]["windows_events"]["collect_list"] if logs else ()
        ids = {(entry["event_name"], number) for entry in entries for number in entry.get("event_ids", ())}
        levels = {
            (entry["event_name"], number)
            for entry in entries
            for level in entry.get("event_levels", ())
            for number in _LEVELS[level]
        }
        return frozenset(ids), frozenset(levels)

    def collects(self, record: Record) -> bool:
        """Return whether the agent ships a record."""
        ids, levels = self._collected
        return (record.channel, record.event_id) in ids or (record.channel, record.level) in levels

    def only(self, packs: Iterable[str] = (), keys: Iterable[str] = ()) -> "Watch":
        """Return the same watch with reports on the events of some packs and with some keys only.

        Raises:
            UnknownNameError: There is no such pack, or no such event among the watched ones.
        """
        by_key = {event.key: event for event in self.watched}
        wanted = {event.key for name in packs for event in pack(name)}
        for key in keys:
            if key not in by_key:
                raise UnknownNameError(key, f"event in {self.name}", by_key)
            wanted.add(key)
        chosen = tuple(event for event in self.watched if event.key in wanted)
        return replace(self, chosen=chosen)


def of_catalog() -> Watch:
    """Return the watch on every event of the catalog, with the alarms that it proposes."""
    return Watch("the catalog", EVENTS, EVENTS)


def of_account(deployment: Path, account: str | None) -> Watch:
    """Return the watch of one account of a deployment, the same in each of its regions.

    Args:
        deployment: The deployment's file.
        account: The account's name there; None where there is one only.

    Raises:
        DeploymentError: The file is not a valid deployment; holds everything that is wrong.
        CatalogError: It has no such account, or several and none is named.
        OSError: The file cannot be read.
    """
    regions = {region.account: region for region in load_plan(deployment).regions}
    if account is None:
        if len(regions) > 1:
            raise CatalogError(str(deployment), [f"name one of its accounts: {', '.join(regions)}"])
        account = next(iter(regions))
    if account not in regions:
        raise UnknownNameError(account, f"account in {deployment}", regions)
    region = regions[account]
    return Watch(
        f"{account} in {deployment}",
        region.events,
        region.events,
        region.settings.collection,
        region.additional_alarms,
    )
