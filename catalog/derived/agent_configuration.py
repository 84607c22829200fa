"""The CloudWatch agent's configuration, derived from the events that are to be seen.

The shape is that of the agent's own JSON schema; limits are those read in the agent's source.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from catalog.derived.id_volume import id_volumes
from catalog.model.security_event import SecurityEvent, Volume

#: The first agent release that knows ``event_ids`` and ``filters``; older ones refuse a configuration.
MINIMUM_AGENT_VERSION = "1.300059.0"
#: Releases as Distributor spells them, with their builds; other spellings install nothing. Read in public
#: lists of packages; 1.300064.1b1344 and 1.300071.0b1720 also in outputs of AWS-ConfigureAWSPackage.
AGENT_BUILDS: Mapping[str, str] = {
    "1.247360.0": "b252689",
    "1.300060.0": "b1248",
    "1.300061.0": "b1289",
    "1.300062.0": "b1304",
    "1.300063.0": "b1323",
    "1.300064.0": "b1337",
    "1.300064.1": "b1344",
    "1.300066.1": "b1374",
    "1.300067.0": "b1404",
    "1.300068.0": "b1491",
    "1.300071.0": "b1720",
}
#: The release whose source the facts on the agent were read in.
AGENT_VERSION = "1.300071.0b1720"
#: The last release of its line, built before Go needed Windows Server 2016.
AGENT_VERSION_2012 = "1.247360.0b252689"
#: The agent puts all ids of an entry into one XPath select, and Windows silently refuses one with more
#: than about 22 conditions.
EVENT_IDS_AN_ENTRY = 20
#: The agent's names of levels, with the numbers in the records' headers (read in its source).
EVENT_LEVELS: Mapping[str, frozenset[int]] = {
    "VERBOSE": frozenset((5,)),
    "INFORMATION": frozenset((0, 4)),
    "WARNING": frozenset((3,)),
    "ERROR": frozenset((2,)),
    "CRITICAL": frozenset((1,)),
}
#: The channels that the agent's wizard collects.
WIZARD_CHANNELS = ("System", "Security")
#: The namespace of the host metrics that the agent publishes.
HOST_METRICS_NAMESPACE = "CWAgent"
#: What an advanced parameter holds at most (PutParameter).
PARAMETER_BYTES = 8_192
#: What the name of a parameter with a configuration begins with: AWS's own policies let agents read no other.
PARAMETER_PREFIX = "AmazonCloudWatch-"


class Collection(Enum):
    """What the agent ships."""

    EVENT_IDS = "event_ids"
    """Only the ids that the chosen events need. Needs agent 1.300059.0 or later."""
    MATCHING = "matching"
    """Of these ids only the records that some filter pattern counts, chosen by the agent's filters."""
    LEVELS = "levels"
    """Every record of the channels System and Security, as the agent's wizard sets it up."""


class HostMetrics(Enum):
    """The wizard's sets of host metrics; each holds the ones before it."""

    NONE = "none"
    BASIC = "basic"
    STANDARD = "standard"
    ADVANCED = "advanced"


#: The counters by object, in the wizard's order, with the set that brings each.
_COUNTERS: Mapping[str, tuple[tuple[HostMetrics, tuple[str, ...]], ...]] = {
    "LogicalDisk": ((HostMetrics.BASIC, ("% Free Space",)),),
    "Memory": ((HostMetrics.BASIC, ("% Committed Bytes In Use",)),),
    "Paging File": ((HostMetrics.STANDARD, ("% Usage",)),),
    "PhysicalDisk": (
        (HostMetrics.STANDARD, ("% Disk Time",)),
        (
            HostMetrics.ADVANCED,
            ("Disk Write Bytes/sec", "Disk Read Bytes/sec", "Disk Writes/sec", "Disk Reads/sec"),
        ),
    ),
    "Processor": ((HostMetrics.STANDARD, ("% User Time", "% Idle Time", "% Interrupt Time")),),
    "TCPv4": ((HostMetrics.ADVANCED, ("Connections Established",)),),
    "TCPv6": ((HostMetrics.ADVANCED, ("Connections Established",)),),
}
#: The objects that have one instance only and therefore take no ``resources``.
_SINGLE_INSTANCE = ("Memory", "TCPv4", "TCPv6")
_INTERVAL = 60
_DIMENSIONS = ("AutoScalingGroupName", "ImageId", "InstanceId", "InstanceType")
_STATSD = {"metrics_aggregation_interval": 60, "metrics_collection_interval": 10, "service_address": ":8125"}


def agent_configuration(
    events: Iterable[SecurityEvent],
    *,
    collection: Collection = Collection.EVENT_IDS,
    host_metrics: HostMetrics = HostMetrics.NONE,
    log_groups: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the agent's configuration for a server on EC2.

    Args:
        events: The events that must reach CloudWatch Logs.
        collection: Ship the ids of the chosen events, only the counted records of these, or whole channels.
            Where the expressions for counted records make the configuration larger than a parameter, the ids
            of which servers write the least are shipped whole, then those with the longest expressions.
        host_metrics: Which of the wizard's host metrics to publish, every 60 seconds; any but ``NONE``
            also opens StatsD on UDP port 8125, as the wizard does.
        log_groups: The log group of each channel; by default a group named like the channel.
        extra: The sections ``logs`` and ``metrics`` of what is collected beside that, in the agent's words.
            None of its entries and objects may be among those of the events and host metrics. Default: none.

    With ``Collection.LEVELS`` and ``HostMetrics.ADVANCED`` it equals the wizard's result.
    """
    chosen = tuple(events)
    configuration: dict[str, Any] = {}
    for narrowed in _narrowed(chosen, collection):
        configuration = _configuration(chosen, narrowed, log_groups or {}, collection)
        if host_metrics is not HostMetrics.NONE:
            configuration["metrics"] = {
                "metrics_collected": {**_host_metrics(host_metrics), "statsd": dict(_STATSD)}
            }
        configuration = _united(configuration, extra or {})
        if "metrics" in configuration:
            dimensions = {name: f"${{aws:{name}}}" for name in _DIMENSIONS}
            configuration["metrics"]["append_dimensions"] = dimensions
        if len(minified(configuration).encode()) <= PARAMETER_BYTES:
            break
    return configuration


def _united(one: Any, other: Any) -> Any:
    """Return two parts of a configuration as one: what is a list in both has the entries of both."""
    match one, other:
        case dict(), dict():
            both = {name: _united(one[name], other[name]) for name in one.keys() & other.keys()}
            return {**one, **other, **both}
        case list(), list():
            return [*one, *other]
    return other


def _narrowed(
    events: tuple[SecurityEvent, ...], collection: Collection
) -> Iterator[frozenset[tuple[str, int]]]:
    """Yield the ids, with their channels, of which only counted records are shipped: ever fewer."""
    if collection is Collection.MATCHING:
        # Only here: importing the catalog must stay quick.
        from catalog.derived.shipping_filter import shipping_expression

        volumes = id_volumes(events)
        ids = list(volumes)
        for least in Volume:
            ids = [each for each in ids if volumes[each].records_a_day >= least.records_a_day]
            yield frozenset(ids)
        of_id = {each: [e for e in events if e.channel == each[0] and each[1] in e.event_ids] for each in ids}
        ids.sort(key=lambda each: len(shipping_expression(of_id[each]) or ""))
        while len(ids) > 1:
            ids.pop()
            yield frozenset(ids)
    yield frozenset()


def _configuration(
    events: tuple[SecurityEvent, ...],
    narrowed: frozenset[tuple[str, int]],
    groups: Mapping[str, str],
    collection: Collection,
) -> dict[str, Any]:
    entries = [
        {
            "event_name": channel,
            "event_format": "xml",
            "log_group_name": groups.get(channel, channel),
            **chosen,
        }
        for channel, chosen in _entries(events, narrowed, collection)
    ]
    return {"logs": {"logs_collected": {"windows_events": {"collect_list": entries}}}} if entries else {}


def minified(configuration: Mapping[str, Any]) -> str:
    """Return the configuration as the shortest JSON, since a parameter holds 4 or 8 KB at most."""
    import json  # only who asks for text pays for it: importing the catalog must stay quick

    return json.dumps(configuration, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _entries(
    events: tuple[SecurityEvent, ...], narrowed: frozenset[tuple[str, int]], collection: Collection
) -> Iterator[tuple[str, dict[str, Any]]]:
    if collection is Collection.LEVELS:
        channels = dict.fromkeys([*WIZARD_CHANNELS, *(event.channel for event in events)])
        for channel in channels:
            yield channel, {"event_levels": list(EVENT_LEVELS)}
        return

    def is_narrowed(event: SecurityEvent) -> bool:
        return (event.channel, event.event_id) in narrowed

    # Only here: importing the catalog must stay quick.
    from catalog.derived.shipping_filter import shipping_expression

    for channel in dict.fromkeys(event.channel for event in events):
        of_channel = [event for event in events if event.channel == channel]
        for number, (levels, ids) in enumerate(_levels_and_ids(of_channel)):
            # The agent keeps its place in a channel under group and stream: entries must not share both.
            entry: dict[str, Any] = {
                "event_ids": ids,
                "log_stream_name": f"{{instance_id}}/{channel}/{number}",
            }
            if levels:
                entry["event_levels"] = list(levels)
            of_entry = [event for event in of_channel if not set(ids).isdisjoint(event.event_ids)]
            # What a selection finds is not known to an expression: all records of its ids are shipped.
            is_whole = not any(map(is_narrowed, of_entry)) or any(event.selection for event in of_entry)
            if not is_whole and (expression := shipping_expression(of_entry, is_narrowed)):
                entry["filters"] = [{"type": "include", "expression": expression}]
            yield channel, entry


def _levels_and_ids(events: Iterable[SecurityEvent]) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """Split a channel's ids; each busy one apart, since an entry ships some 170 records a second.

    An id is as busy as the whole of it, of which the events may find a few records only. Ids of which all
    events ask for a level are shipped in these levels alone: of script blocks (4104) only the suspicious.
    """
    chosen = tuple(events)
    volumes = {event_id: volume for (_, event_id), volume in id_volumes(chosen).items()}
    levels = {event_id: _levels(event_id, chosen) for event_id in volumes}
    for of_levels in sorted(set(levels.values())):
        ids = sorted(event_id for event_id in volumes if levels[event_id] == of_levels)
        quiet = [event_id for event_id in ids if volumes[event_id] is not Volume.HIGH]
        for start in range(0, len(quiet), EVENT_IDS_AN_ENTRY):
            yield of_levels, quiet[start : start + EVENT_IDS_AN_ENTRY]
        yield from ((of_levels, [event_id]) for event_id in ids if event_id not in quiet)


def _levels(event_id: int, events: Iterable[SecurityEvent]) -> tuple[str, ...]:
    """Return the levels of the records that events find of an id; none where they may have any."""
    asked = [event.levels for event in events if event_id in event.event_ids]
    if not all(asked):
        return ()
    wanted = frozenset[int]().union(*asked)
    return tuple(name for name, numbers in EVENT_LEVELS.items() if not wanted.isdisjoint(numbers))


def _host_metrics(chosen: HostMetrics) -> dict[str, dict[str, Any]]:
    sets = list(HostMetrics)
    metrics: dict[str, dict[str, Any]] = {}
    for name, counters in _COUNTERS.items():
        measurement = [
            counter
            for brought_by, names in counters
            if sets.index(brought_by) <= sets.index(chosen)
            for counter in names
        ]
        if measurement:
            metrics[name] = {"measurement": measurement, "metrics_collection_interval": _INTERVAL}
            if name not in _SINGLE_INSTANCE:
                metrics[name]["resources"] = ["*"]
    return metrics
