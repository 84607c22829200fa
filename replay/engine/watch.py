"""What is watched, and so what the agent ships: the catalog as it is, or an account of a deployment."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
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
from catalog.correlations import CORRELATIONS
from catalog.derived.agent_configuration import EVENT_LEVELS
from catalog.model.correlation import recorded_events
from deployment import AdditionalAlarm, MuteSettings, RegionPlan, load_plan
from deployment.checks import text_forms
from deployment.resources.alarms import RegionAlarm, alarms
from deployment.resources.mute_rules import mutes
from deployment.settings.log_alarms import AlarmEngine
from replay.engine.log_alarm import WatchedLogAlarm, correlation_alarm, event_alarm
from replay.readers.record import Record


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """A maintenance window, with the keys of the alarms that it mutes."""

    name: str
    settings: MuteSettings
    alarm_keys: frozenset[str]


@dataclass(frozen=True)
class Watch:
    """The events that are watched, and what of a host's logs reaches CloudWatch Logs for it.

    Args:
        name: What it is called in reports.
        watched: All the events that are watched, tuned as the account says: they decide what is shipped.
        chosen: Those of them to report on.
        collection: Whether the agent ships the watched event ids, only counted records, or channels.
        variants: The further alarms over the metrics of watched events.
        log_alarms: The log alarms: of the events that metric filters do not count, and of correlations.
        log_engine: The keys of the events that metric filters do not count.
        chosen_log_alarms: The log alarms to report on; None for all.
        maintenance_windows: When alarms notify nobody, on purpose.
        recipients: Whom each alarm notifies, by its key: the topic or function, and who is subscribed to it.
    """

    name: str
    watched: tuple[SecurityEvent, ...]
    chosen: tuple[SecurityEvent, ...]
    collection: Collection = Collection.EVENT_IDS
    variants: tuple[AdditionalAlarm, ...] = ()
    log_alarms: tuple[WatchedLogAlarm, ...] = ()
    log_engine: frozenset[str] = frozenset()
    chosen_log_alarms: tuple[WatchedLogAlarm, ...] | None = None
    maintenance_windows: tuple[MaintenanceWindow, ...] = ()
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def muted_by(self, alarm_key: str, at: int) -> str | None:
        """Return the maintenance window in which an alarm notifies nobody at a time in seconds since 1970."""
        if not self.maintenance_windows:
            return None
        time = datetime.fromtimestamp(at, UTC)
        for window in self.maintenance_windows:
            if alarm_key in window.alarm_keys and window.settings.is_active(time):
                return window.name
        return None

    @property
    def reported_log_alarms(self) -> tuple[WatchedLogAlarm, ...]:
        """The log alarms to report on."""
        return self.log_alarms if self.chosen_log_alarms is None else self.chosen_log_alarms

    @property
    def metric_events(self) -> tuple[SecurityEvent, ...]:
        """The events to report on that metric filters count."""
        return tuple(event for event in self.chosen if event.key not in self.log_engine)

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known of the texts that the reported events and correlations look for."""
        correlations = [each.alarm.correlation for each in self.reported_log_alarms]
        return tuple(text_forms.notices(self.chosen, filter(None, correlations)))

    @cached_property
    def _collected(
        self,
    ) -> Mapping[tuple[str, int | None], tuple[frozenset[int] | None, re.Pattern[str] | None]]:
        """What the agent's configuration asks for, by channel and event id (None: all): levels and filter."""
        correlations = [each.alarm.correlation for each in self.log_alarms if each.alarm.correlation]
        events = (*self.watched, *(event for each in correlations for event in recorded_events(each)))
        logs = agent_configuration(events, collection=self.collection).get("logs")
        entries = logs["logs_collected"]["windows_events"]["collect_list"] if logs else ()
        collected: dict[tuple[str, int | None], tuple[frozenset[int] | None, re.Pattern[str] | None]] = {}
        for entry in entries:
            # One filter at most; RE2's syntax in it means the same to Python.
            filters = [re.compile(each["expression"]) for each in entry.get("filters", ())]
            names = entry.get("event_levels")
            levels = frozenset[int]().union(*(EVENT_LEVELS[name] for name in names)) if names else None
            for event_id in entry.get("event_ids", (None,)):
                collected[entry["event_name"], event_id] = (levels, filters[0] if filters else None)
        return collected

    def collects(self, record: Record) -> bool:
        """Return whether the agent ships a record."""
        for event_id in (record.event_id, None):
            if found := self._collected.get((record.channel, event_id)):
                levels, expression = found
                is_shipped = expression is None or expression.search(record.message) is not None
                return is_shipped and (levels is None or record.level in levels)
        return False

    def only(self, packs: Iterable[str] = (), keys: Iterable[str] = ()) -> "Watch":
        """Return the same watch with reports on the events of some packs and with some keys only.

        A correlation has no pack: its key chooses it.

        Raises:
            UnknownNameError: There is no such pack, or no such event or correlation among the watched ones.
        """
        correlations = [each.alarm.correlation.key for each in self.log_alarms if each.alarm.correlation]
        by_key = {*(event.key for event in self.watched), *correlations}
        wanted = {event.key for name in packs for event in pack(name)}
        for key in keys:
            if key not in by_key:
                raise UnknownNameError(key, f"event or correlation in {self.name}", by_key)
            wanted.add(key)
        chosen = tuple(event for event in self.watched if event.key in wanted)
        log_alarms = tuple(each for each in self.log_alarms if not wanted.isdisjoint(each.chosen_by))
        return replace(self, chosen=chosen, chosen_log_alarms=log_alarms)


def of_catalog(engine: AlarmEngine = AlarmEngine.METRIC) -> Watch:
    """Return the watch on every event of the catalog, with the alarms that it proposes.

    Args:
        engine: What finds the events. With the log engine, the correlations of the catalog are watched too.
    """
    if engine is AlarmEngine.METRIC:
        return Watch("the catalog", EVENTS, EVENTS)
    proposed = [
        *(event_alarm(event) for event in EVENTS if event.alarm),
        *(correlation_alarm(correlation) for correlation in CORRELATIONS),
    ]
    return Watch(
        *("the catalog", EVENTS, EVENTS),
        log_alarms=tuple(map(WatchedLogAlarm, proposed)),
        log_engine=frozenset(event.key for event in EVENTS),
    )


def of_account(deployment: Path, account: str | None, engine: AlarmEngine | None = None) -> Watch:
    """Return the watch of one account of a deployment, the same in each of its regions.

    Args:
        deployment: The deployment's file.
        account: The account's name there; None where there is one only.
        engine: What finds the events; by default what the deployment says of each.

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
    if engine:
        by_log = frozenset(event.key for event in region.events) if engine is AlarmEngine.LOG else frozenset()
        region = replace(region, log_engine=by_log)
    return Watch(
        *(f"{account} in {deployment}", region.events, region.events, region.settings.collection),
        tuple(each for each in region.additional_alarms if each.event.key not in region.log_engine),
        tuple(WatchedLogAlarm(each, region.settings.log_alarms) for each in alarms(region) if each.query),
        region.log_engine,
        maintenance_windows=tuple(_maintenance_windows(region)),
        recipients={alarm.key: _recipients(alarm, region) for alarm in alarms(region)},
    )


def _recipients(alarm: RegionAlarm, region: RegionPlan) -> tuple[str, ...]:
    """Return what an alarm calls, each with the endpoints that are subscribed to it."""
    if alarm.custom_actions:
        return alarm.custom_actions
    return tuple(
        f"topic {topic.name}: "
        + (", ".join(f"{each.protocol.value} {each.endpoint}" for each in topic.subscriptions) or "nobody")
        for topic in region.topics
        if alarm.severity in topic.severities
    )


def _maintenance_windows(region: RegionPlan) -> Iterator[MaintenanceWindow]:
    for name, window in region.settings.effective_mute.items():
        keys = frozenset(alarm.key for alarm in alarms(region) if mutes(window.alarms, alarm))
        yield MaintenanceWindow(name, window, keys)
