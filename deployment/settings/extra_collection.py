"""What the agent collects beside the events of this deployment, in the words of its own JSON schema.

The names are those of the schema of amazon-cloudwatch-agent, without what is for Linux, for another account
or for the whole agent. What the agent would refuse, or read as something else, is refused here.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictInt, model_validator

from deployment.settings.explanation import shown
from deployment.settings.model import Model, explained
from deployment.settings.types.cloudwatch import LogGroupName, RetentionDays
from deployment.settings.types.text import DISTINCT, Text, matching

#: What Parameter Store takes for a parameter to fill in, and stores no value with (PutParameter).
_STORABLE = matching(r"(?s:(?!.*\{\{).*)", "text that Parameter Store takes: without {{")
_Line = Annotated[Text, Field(min_length=1, max_length=4096), _STORABLE]
_Name = Annotated[Text, Field(min_length=1, max_length=255), _STORABLE]
_StreamName = Annotated[
    str,
    matching(
        r"(?!.*\{\{)[^:*\x00-\x1f]{1,512}", "the name of a log stream: 1 to 512 characters other than : and *"
    ),
]
_FilePath = Annotated[
    str,
    _STORABLE,
    matching(
        r"([A-Za-z]:\\|\\\\)[^\x00-\x1f]{1,4000}",
        r"a path on a Windows server, such as C:\inetpub\logs\LogFiles\**\*.log",
    ),
]
_Interval = Annotated[StrictInt, Field(ge=1, le=172_800)]
#: What Go's regular expressions (RE2) lack: looking around, and going back to a group.
_NOT_RE2 = re.compile(r"\(\?<?[=!]|\\[1-9]")


def _re2(value: str) -> str:
    if lacking := _NOT_RE2.search(value):
        raise ValueError(
            f"{shown(value)}: the agent's regular expressions (RE2) have no {lacking[0]}, and it would "
            "refuse the whole configuration"
        )
    return value


_Expression = Annotated[_Line, AfterValidator(_re2)]


class LogLineFilter(Model):
    """A filter of the agent: which lines or records leave the server."""

    type: Literal["include", "exclude"]
    """Whether what matches is shipped (include) or is not (exclude)."""
    expression: _Expression
    """The regular expression that is looked for in it, as Go's RE2 has it."""


class _LogSource(Model):
    """What is shipped to a log group, which the agent creates where there is none."""

    log_group_name: LogGroupName
    """The log group: not one of this deployment's. The agent creates it where there is none, without this
    deployment's encryption and retention."""
    log_stream_name: _StreamName | None = None
    """The log stream; the agent fills in {instance_id}, {hostname}, {local_hostname}, {ip_address} and
    {date}. Default: the id of the instance."""
    log_group_class: Literal["STANDARD", "INFREQUENT_ACCESS"] | None = None
    """The class of a log group that the agent creates. Default: STANDARD."""
    retention_in_days: RetentionDays | None = None
    """How many days the log group keeps what is shipped, which the agent sets. Default: for ever, or as it
    is."""
    filters: tuple[LogLineFilter, ...] = ()
    """What must match and must not, one after the other. Default: everything is shipped."""


class LogFile(_LogSource):
    """Log files that are shipped line by line."""

    file_path: _FilePath
    r"""The file or files, with * for any text and ** for any folders. Of several files that match, the agent
    ships the one that was written last."""
    timestamp_format: _Line | None = None
    """How a line begins, in the agent's words, such as %Y-%m-%d %H:%M:%S. Default: the time of shipping
    counts."""
    timezone: Literal["UTC", "Local", "LOCAL"] | None = None
    """The time zone of the timestamps: IIS writes UTC. Default: Local."""
    trim_timestamp: StrictBool | None = None
    """Whether the timestamp is taken out of the line. Default: false."""
    multi_line_start_pattern: _Expression | None = None
    """The regular expression of the first line of an entry, or {timestamp_format}. Default: each line that
    does not begin with white space is an entry."""
    encoding: _Name | None = None
    """The encoding of the file, such as utf-16. Default: utf-8."""
    auto_removal: StrictBool | None = None
    """Whether the agent deletes a file once it was rotated and shipped. Default: false."""
    blacklist: _Expression | None = None
    """The regular expression of the names of files that are not shipped. Default: none."""
    publish_multi_logs: StrictBool | None = None
    """Whether every file that matches is shipped, in place of the one that was written last, each to a log
    stream of its own. Default: false."""


class WindowsEvents(_LogSource):
    """Records of a Windows event log, for another purpose than the events of this deployment."""

    event_name: _Name
    """The event log, such as Application."""
    event_levels: Annotated[
        tuple[Literal["CRITICAL", "ERROR", "WARNING", "INFORMATION", "VERBOSE"], ...], DISTINCT
    ] = ()
    """The levels to ship. Default: every level, where event_ids or filters are given."""
    event_ids: Annotated[tuple[Annotated[StrictInt, Field(ge=0, le=65_535)], ...], DISTINCT] = ()
    """The ids to ship, which needs agent 1.300059.0 or later. Default: every id."""
    event_format: Literal["text", "xml"] | None = None
    """How a record is written: xml or text. Default: text."""

    @model_validator(mode="after")
    def _chooses(self) -> Self:
        if not (self.event_levels or self.event_ids or self.filters):
            raise ValueError("event_levels, event_ids or filters must say which records are shipped")
        return self


class _Files(Model):
    """The log files."""

    collect_list: Annotated[tuple[LogFile, ...], Field(min_length=1)]
    """The files, each with its log group."""


class _EventLogs(Model):
    """The event logs."""

    collect_list: Annotated[tuple[WindowsEvents, ...], Field(min_length=1)]
    """The event logs, each with its log group."""


class _CollectedLogs(Model):
    """Files and event logs."""

    files: _Files | None = None
    """Log files, such as those of IIS. Default: none."""
    windows_events: _EventLogs | None = None
    """Event logs. Default: none but those of this deployment."""

    def entries(self) -> Iterator[tuple[tuple[str | int, ...], LogFile | WindowsEvents]]:
        """Yield every entry, with its place below this one."""
        files = self.files.collect_list if self.files else ()
        event_logs = self.windows_events.collect_list if self.windows_events else ()
        yield from ((("files", "collect_list", index), entry) for index, entry in enumerate(files))
        yield from (
            (("windows_events", "collect_list", index), entry) for index, entry in enumerate(event_logs)
        )

    @model_validator(mode="after")
    def _collects_nothing_twice(self) -> Self:
        if problems := list(self._problems()):
            raise explained(type(self).__name__, problems, self)
        return self

    def _problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        entries: dict[Hashable, str] = {}
        groups: dict[str, tuple[str, LogFile | WindowsEvents]] = {}
        for place, entry in self.entries():
            where = _place(place)
            if isinstance(entry, LogFile):
                key: Hashable = entry.file_path.casefold()
                what = "the same file_path"
            else:
                # The agent keeps its place in an event log under these three.
                key = (entry.event_name.casefold(), entry.log_group_name, entry.log_stream_name)
                what = "the same event_name, log_group_name and log_stream_name"
            if (other := entries.setdefault(key, where)) != where:
                yield place, f"has {what} as {other}: its records would be shipped twice, or be lost"
            other, first = groups.setdefault(entry.log_group_name, (where, entry))
            for setting in ("retention_in_days", "log_group_class"):
                if getattr(entry, setting) != getattr(first, setting):
                    yield (
                        place,
                        f"{entry.log_group_name} has another {setting} in {other}, and the agent would "
                        "refuse the whole configuration: give both the same",
                    )


class _Logs(Model):
    """What is shipped to log groups."""

    logs_collected: _CollectedLogs
    """The files and event logs."""


class RenamedCounter(Model):
    """A counter with another name or unit in CloudWatch."""

    name: _Name
    """The counter, such as % Processor Time."""
    rename: _Name | None = None
    """The metric's name. Default: object and counter."""
    unit: _Name | None = None
    """The metric's unit, such as Percent. Default: none."""


class Counters(Model):
    """Counters of an object of Windows' performance counters."""

    measurement: Annotated[tuple[_Name | RenamedCounter, ...], Field(min_length=1), DISTINCT]
    """The counters, by name, or as a mapping of name, rename and unit."""
    resources: Annotated[tuple[_Line, ...], Field(max_length=256), DISTINCT] | None = None
    """The instances of the object, such as ["*"]; none for an object without instances. Default: none."""
    metrics_collection_interval: _Interval | None = None
    """How often, in seconds. Default: 60."""
    append_dimensions: Annotated[Mapping[_Name, _Line], Field(max_length=30)] | None = None
    """More dimensions of these metrics, each with its value. Default: none."""


class Process(Model):
    """Metrics of processes."""

    measurement: Annotated[tuple[_Name, ...], Field(min_length=1), DISTINCT]
    """What is measured, such as cpu_usage and memory_rss."""
    exe: _Name | None = None
    """A regular expression that the name of the program matches. Default: any."""
    pattern: _Name | None = None
    """A regular expression that the command line matches. Default: any."""
    pid_file: _Name | None = None
    """A file with the number of the process. Default: none."""
    metrics_collection_interval: _Interval | None = None
    """How often, in seconds. Default: 60."""
    append_dimensions: Annotated[Mapping[_Name, _Line], Field(max_length=30)] | None = None
    """More dimensions of these metrics, each with its value. Default: none."""

    @model_validator(mode="after")
    def _chooses(self) -> Self:
        if not (self.exe or self.pattern or self.pid_file):
            raise ValueError("exe, pattern or pid_file must say which processes are measured")
        return self


class StatsD(Model):
    """Metrics that programs of the server send to the agent."""

    service_address: _Name = ":8125"
    """Where the agent listens, by UDP. Default: :8125."""
    metrics_collection_interval: _Interval | None = None
    """How often they are read, in seconds. Default: 10."""
    metrics_aggregation_interval: Annotated[StrictInt, Field(ge=0, le=172_800)] | None = None
    """Over how many seconds they are put together; 0 for not at all. Default: 60."""


#: What the agent measures on Linux only, each with the counters of Windows that take its place.
_FOR_LINUX: Mapping[str, str] = {
    "cpu": "Processor",
    "disk": "LogicalDisk",
    "diskio": "PhysicalDisk",
    "mem": "Memory",
    "net": "Network Interface",
    "netstat": "TCPv4",
    "processes": "System",
    "swap": "Paging File",
    **dict.fromkeys(("collectd", "efa", "ethtool"), ""),
}


class CollectedMetrics(Model):
    """The performance counters by object, such as Processor: {measurement: [% Processor Time]}."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Counters]

    procstat: Annotated[tuple[Process, ...], Field(min_length=1)] | None = None
    """Metrics of processes. Default: none."""
    statsd: StatsD | None = None
    """Metrics that programs send. Default: none, but with host_metrics."""

    @property
    def objects(self) -> tuple[str, ...]:
        """What is measured: the objects of performance counters, procstat and statsd."""
        return tuple(name for name in self.model_fields_set if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _measures_on_windows(self) -> Self:
        if not self.objects:
            raise ValueError("names nothing to measure")
        problems = [
            ((name,), f"is for Linux{f': on Windows, take {counters}' if counters else ''}")
            for name, counters in _FOR_LINUX.items()
            if name in self.model_fields_set
        ]
        if problems:
            raise explained(type(self).__name__, problems, self)
        return self


class _Metrics(Model):
    """What is published as metrics, with the dimensions of the instance, in the namespace CWAgent."""

    metrics_collected: CollectedMetrics
    """What is measured."""
    aggregation_dimensions: (
        Annotated[tuple[Annotated[tuple[_Name, ...], Field(max_length=30)], ...], Field(min_length=1)] | None
    ) = None
    """The lists of dimensions by which metrics are put together, such as [[InstanceId]]. Default: none."""


class ExtraCollection(Model):
    """What the agent collects beside the events of this deployment, in the words of its configuration. An
    account's replaces the defaults' as a whole."""

    refused: ClassVar[Mapping[str, str]] = {
        "agent": "belongs to the whole agent, which other teams use too: it is not set here",
        "traces": "is not collected by this deployment: give the agent a configuration of your own for it",
    }

    logs: _Logs | None = None
    """Log files and event logs. Default: none."""
    metrics: _Metrics | None = None
    """Metrics. Default: those of host_metrics."""

    @property
    def log_sources(self) -> tuple[tuple[tuple[str | int, ...], LogFile | WindowsEvents], ...]:
        """Every file and event log, with its place below this setting."""
        if self.logs is None:
            return ()
        return tuple(
            (("logs", "logs_collected", *place), entry) for place, entry in self.logs.logs_collected.entries()
        )

    @property
    def log_group_names(self) -> tuple[str, ...]:
        """The log groups, each once."""
        return tuple(dict.fromkeys(entry.log_group_name for _, entry in self.log_sources))

    @property
    def configuration(self) -> dict[str, Any]:
        """It, as the agent's configuration has it."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _place(place: tuple[str | int, ...]) -> str:
    return ".".join(map(str, place))
