"""One record for one event: everything else about it is derived from this."""

import itertools
import math
import re
import zlib
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from catalog.errors import CatalogError
from catalog.filter_pattern import MAXIMUM_LENGTH, METRIC_FILTERS_A_LOG_GROUP, quote
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import ALSO_NEEDED, AuditSubcategory, Outcome
from catalog.model.condition import Condition, Field, is_field_name
from catalog.model.event_fields import follower_of
from catalog.model.prerequisite import Prerequisite, prerequisites_of, prerequisites_of_log
from catalog.model.provider import SECURITY_AUDITING, Provider
from catalog.model.selection import Selection
from catalog.model.windows_path import PathKind, kind_of, path_problems, share_problems

#: What a key looks like: lower-case words joined by hyphens.
KEY_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
_ATTACK_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")
#: What a metric name may not hold, and its longest (CloudWatch Logs API, MetricName).
_NOT_IN_METRIC_NAME = re.compile(r"[:*$]|[^\x20-\x7e]")
_METRIC_NAME_LENGTH = 255
#: An alarm groups by at most so many fields (PutLogAlarm, AggregationExpression).
MOST_CONTRIBUTORS = 5
#: What a character becomes in a pattern, in bytes of UTF-8, at most: ``&amp;``.
_MOST_OF_A_CHARACTER = 5
#: What a term has beside its field's name and its value, in bytes, at most: quotes, tags, the next tag.
_MOST_OF_A_TERM = 80
_AUDITING_REFERENCE = "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing"
#: An event id is a word (the agent's schema: 0 to 65535).
_LARGEST_EVENT_ID = 65_535


class Severity(Enum):
    """How much an occurrence matters, from the least to the most."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Family(Enum):
    """What an event is about; also the name of the module that holds it."""

    LOGON = "logon"
    OBJECT_ACCESS = "object_access"
    ACCOUNT = "account"
    GROUP = "group"
    PRIVILEGE = "privilege"
    AUDIT = "audit"
    SERVICE = "service"
    KERBEROS = "kerberos"
    DIRECTORY = "directory"
    FIREWALL = "firewall"
    SYSTEM = "system"
    CERTIFICATE_SERVICES = "certificate_services"
    PROCESS = "process"
    MALWARE_PROTECTION = "malware_protection"
    POWERSHELL = "powershell"
    REMOTE_SESSION = "remote_session"
    AUTOSTART = "autostart"
    CODE_INTEGRITY = "code_integrity"
    SERVER_ROLE = "server_role"
    CUSTOM = "custom"

    @property
    def module(self) -> str:
        """The module that holds its events, within ``catalog.events``, and its samples."""
        return f"channels.{self.value}" if self in _OF_CHANNELS else self.value


#: The families of events of other logs than Security and System.
_OF_CHANNELS = frozenset(
    (
        Family.MALWARE_PROTECTION,
        Family.POWERSHELL,
        Family.REMOTE_SESSION,
        Family.AUTOSTART,
        Family.CODE_INTEGRITY,
        Family.SERVER_ROLE,
    )
)


class Evidence(Enum):
    """What shows that an event's patterns match its records, from the most to the least."""

    SEEN = "seen in real logs"
    """A record of a real log was found by it, and no other record was."""
    DOCUMENTED = "documented example"
    """Records of its id are known, from Microsoft's documentation or real logs, but none that it matches."""
    MANIFEST = "manifest only"
    """Only the names of its fields are known, from the provider's manifest."""


class Volume(Enum):
    """How many records a busy member server writes a day, as an order of magnitude for cost."""

    RARE = 0.1
    LOW = 10
    MEDIUM = 1_000
    HIGH = 20_000

    @property
    def records_a_day(self) -> float:
        """Expected records for each server and day."""
        return float(self.value)


class Pack(Enum):
    """A named choice of events, each made to fit the 100 metric filters of a log group."""

    ARTICLE = "article"
    BASELINE = "baseline"
    REMOTE_DESKTOP = "remote-desktop"
    DOMAIN_CONTROLLER = "domain-controller"
    DOMAIN_ACTIVITY = "domain-activity"
    PRIVILEGED_ACCESS = "privileged-access"
    RANSOMWARE_PRECURSORS = "ransomware-precursors"
    SYSTEM_INTEGRITY = "system-integrity"
    CERTIFICATE_SERVICES = "certificate-services"
    COMMAND_LINES = "command-lines"
    CREDENTIAL_ACCESS = "credential-access"
    LATERAL_MOVEMENT = "lateral-movement"
    MALWARE_PROTECTION = "malware-protection"
    POWERSHELL = "powershell"
    OPERATIONAL_LOGS = "operational-logs"
    SERVER_ROLES = "server-roles"

    @property
    def purpose(self) -> str:
        """What it is for, in a sentence."""
        return _PURPOSES[self]


_PURPOSES = {
    Pack.ARTICLE: "The table of the article whose manual procedure this project automates.",
    Pack.BASELINE: "What to turn on first on member servers: rare events, few false alarms.",
    Pack.REMOTE_DESKTOP: "Logons and sessions over Remote Desktop.",
    Pack.DOMAIN_CONTROLLER: "What to turn on beside the baseline on domain controllers: Kerberos, NTLM, "
    "directory and domain groups.",
    Pack.DOMAIN_ACTIVITY: "What a domain does all day, mostly as metrics: memberships, computers, tickets, "
    "objects.",
    Pack.PRIVILEGED_ACCESS: "Privileged groups, rights and logons.",
    Pack.RANSOMWARE_PRECURSORS: "What intruders do in the hours before they encrypt: logs cleared, services "
    "and tasks installed.",
    Pack.SYSTEM_INTEGRITY: "What protects Windows itself and fails: firewall, code integrity, auditing; and "
    "restarts.",
    Pack.CERTIFICATE_SERVICES: "Changes to a certification authority and its templates.",
    Pack.COMMAND_LINES: "Commands that intruders type, by their command lines, where Windows is set to "
    "record them.",
    Pack.CREDENTIAL_ACCESS: "How passwords, hashes and tickets are taken: account database, stored secrets, "
    "relayed logons.",
    Pack.LATERAL_MOVEMENT: "How an intruder goes from server to server: administrative shares, pipes, "
    "sessions.",
    Pack.MALWARE_PROTECTION: "Microsoft Defender Antivirus: malware found, and protection turned off or "
    "narrowed by exclusions.",
    Pack.POWERSHELL: "PowerShell by its own logs: script blocks marked as suspicious, and the old engine "
    "that logs none.",
    Pack.OPERATIONAL_LOGS: "The logs of single components: tasks, sessions of Remote Desktop and SSH, WMI, "
    "kernel modules, shadow copies.",
    Pack.SERVER_ROLES: "Servers by their roles: SQL Server, DNS, DHCP, printing, backup, domain controllers.",
}


@dataclass(frozen=True)
class SecurityEvent:
    """One Windows event worth watching.

    Args:
        key: The name that deployments, metrics and alarms know it by: lower case, digits, hyphens.
        event_id: The id in ``<EventID>``, 0 to 65535.
        title: What happened, in English.
        title_ja: What happened, in Japanese.
        family: What it is about.
        severity: How much an occurrence matters.
        runbook: What to check and do when the alarm fires, in English.
        runbook_ja: The same in Japanese.
        where: Conditions on data fields, all of which must hold.
        provider: Who writes it; it decides channel and spelling.
        audit: The audit subcategory that makes Windows write it, or None where it is always written.
        outcome: Whether that subcategory's success or failure audits are needed.
        alarm: When its number is an alarm; None makes it metric only, without an alarm.
        attack: MITRE ATT&CK technique ids, such as ``T1098.007``.
        packs: The packs it belongs to.
        evidence: What shows that its patterns match. An event that a real record has been tried on says so.
        healthy: What its alarm does on a healthy server: what sets it off, and how often. Every alarm of the
            baseline says so.
        volume: How often a busy member server writes it.
        domain_controllers_only: Whether only domain controllers write it.
        published_metric_name: A metric name that is already known elsewhere and therefore kept.
        overlaps: Keys of other events that find some of the same records, on purpose: a wider form of this
            one, or another cut through the same id. One of two such events names the other.
        watched_field: The data field that holds a watched path. Such a record stands for itself with an
            example path; ``for_path`` makes the one to deploy.
        query_fields: The data fields that its saved query shows beside the time and the computer: who, and
            from where. By default those of ``catalog.derived.insights_query.telling_fields``.
        contributors: The fields that tell the contributors of its log alarm apart, at most 5: data fields, or
            ``Computer``. By default the server and the account that acts.
        selection: What its records meet beside ``where``, whoever writes them and whatever their ids, where
            conditions cannot say it. ``event_id`` is then the first of its ids. Without patterns there, only
            the log engine serves the event.
        note: What was corrected of the published pattern, and why, or what else a reader must know.
        reference: Where Microsoft documents the event; by default its page in the auditing reference.
        samples: Of an event that is not in the catalog, records that it must find: the XML of each as the
            agent ships it. Those of the catalog's events are in ``catalog.samples``.
        near_misses: Of such an event, records much like them that it must not find.

    Raises:
        CatalogError: CloudWatch could not match it, or a person could not act on it. Names everything
            that is wrong.
    """

    key: str
    event_id: int
    title: str
    title_ja: str
    family: Family
    severity: Severity
    runbook: str
    runbook_ja: str
    where: tuple[Condition, ...] = ()
    provider: Provider = SECURITY_AUDITING
    audit: AuditSubcategory | None = None
    outcome: Outcome = Outcome.SUCCESS
    alarm: AlarmDefaults | None = None
    attack: tuple[str, ...] = ()
    packs: tuple[Pack, ...] = ()
    evidence: Evidence = Evidence.MANIFEST
    healthy: str = ""
    volume: Volume = Volume.RARE
    domain_controllers_only: bool = False
    published_metric_name: str = ""
    overlaps: tuple[str, ...] = ()
    watched_field: str = ""
    query_fields: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    selection: Selection | None = None
    note: str = ""
    reference: str = ""
    samples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if problems := self._problems():
            places, sentences = zip(*problems, strict=True)
            raise CatalogError(f"event {self.key!r}", sentences, places)

    @property
    def documentation(self) -> str:
        """Where Microsoft documents it: its reference, or its page in the auditing reference; or empty."""
        if self.reference or self.provider != SECURITY_AUDITING:
            return self.reference
        return f"{_AUDITING_REFERENCE}/event-{self.event_id}"

    @property
    def channel(self) -> str:
        """The Windows event log that holds it, such as ``Security``."""
        return self.provider.channel

    @property
    def event_ids(self) -> tuple[int, ...]:
        """The ids of its records: several only where its selection says so."""
        return self.selection.event_ids if self.selection else (self.event_id,)

    @property
    def levels(self) -> frozenset[int]:
        """The levels that it asks for in the header of its records; none where they may have any."""
        asked = [c for c in self.where if c.in_header and c.field == "Level" and not c.operator.excludes]
        return frozenset(int(value) for condition in asked for value in condition.values)

    @property
    def audits(self) -> tuple[AuditSubcategory, ...]:
        """The audit subcategories that have to be on: ``audit``, and what the event needs beside it."""
        if self.selection:
            return self.selection.audits
        if self.audit is None:
            return ()
        also = ALSO_NEEDED.get(self.event_id)
        return (self.audit, also) if also else (self.audit,)

    @property
    def prerequisites(self) -> tuple[Prerequisite, ...]:
        """What it needs beside its audit subcategories before Windows writes it."""
        if self.selection:
            return self.selection.prerequisites
        own = prerequisites_of(self.event_id, self.audit, self.where)
        return (*prerequisites_of_log(self.channel), *own)

    @property
    def metric_name(self) -> str:
        """The CloudWatch metric that counts it."""
        if self.published_metric_name:
            return self.published_metric_name
        return "Windows-" + "-".join(word.capitalize() for word in self.key.split("-"))

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """The metric filter patterns that find it.

        More than one where a condition has alternatives, which the pattern language cannot combine with
        other terms; no record matches two of them. An alternative that another condition excludes is left
        out: it would find nothing. None where the event has a selection that no pattern says.
        """
        excluding = [condition for condition in self.where if condition.operator.excludes]
        exclusions = [f"-{quote(text)}" for condition in excluding for text in self.texts(condition)]
        if self.selection:
            return tuple(" ".join([pattern, *exclusions]) for pattern in self.selection.patterns)
        required = [
            [text for text in texts if not any(self._excludes(c, field, text) for c in excluding)]
            for field, texts in (
                *(("", (text,)) for text in self.provider.texts(self.event_id)),
                *((c.field, self.texts(c)) for c in self.where if not c.operator.excludes),
            )
        ]
        return tuple(
            " ".join([*map(quote, alternative), *exclusions]) for alternative in itertools.product(*required)
        )

    def texts(self, condition: Condition) -> tuple[str, ...]:
        """Return, for each value of a condition, the text that stands in a record whose field has it."""
        return condition.texts(self.provider.markup_of(condition.field), self._follower(condition))

    @property
    def wider(self) -> tuple[Condition, ...]:
        """The conditions that also hold where another field of the record has the value."""
        return tuple(c for c in self.where if c.is_wider(self.provider.markup_of(c.field), self._follower(c)))

    def _excludes(self, condition: Condition, field: str, text: str) -> bool:
        """Return whether an excluding condition leaves out every record in which a field has this text."""
        if field == condition.field:
            # An end that is tied to its field reaches into the next one, which the text does not.
            return any(excluded in text for excluded in condition.texts(self.provider.markup_of(field)))
        return any(excluded in text for excluded in self.texts(condition))

    def _follower(self, condition: Condition) -> str | None:
        return follower_of(self.provider.name, self.event_id, condition.field)

    def for_path(self, path: str) -> "SecurityEvent":
        r"""Return the event that watches one path.

        Args:
            path: An absolute Windows path, spelt as Windows reports it (matching is case-sensitive). One
                that ends in a backslash watches everything below that folder. Where a share is watched, the
                share as Windows reports it: ``\\*\Finance``, whatever the server's name.

        Raises:
            CatalogError: The event watches no path, or the path is not absolute; for an event that watches
                a share, the path is not a share as Windows reports it, ``\\*\Name``.
        """
        problems = share_problems(path) if self.watched_field == "ShareName" else path_problems(path)
        if not self.watched_field:
            problems.append("this event watches no path")
        if problems:
            raise CatalogError(f"event {self.key!r}", problems)
        field = Field(self.watched_field)
        watched = field.starts_with(path) if path.endswith("\\") else field == path
        # Windows writes the same events for files and for registry keys, under two subcategories.
        on_objects = self.audit in (AuditSubcategory.FILE_SYSTEM, AuditSubcategory.REGISTRY)
        on_registry = kind_of(path) is PathKind.REGISTRY_KEY
        others = tuple(c for c in self.where if c.field != self.watched_field or c.operator.excludes)
        return replace(
            self,
            key=f"{self.key}-{zlib.crc32(path.encode()):08x}",
            title=f"{self.title}: {path}",
            title_ja=f"{self.title_ja}: {path}",
            where=(*others, watched),
            audit=AuditSubcategory.REGISTRY if on_registry and on_objects else self.audit,
            watched_field="",
        )

    def _problems(self) -> list[tuple[tuple[str, ...], str]]:
        """Return what is wrong, each with the field that it is about."""
        problems: list[tuple[tuple[str, ...], str]] = []
        if not re.fullmatch(KEY_PATTERN, self.key):
            problems.append((("key",), f"the key {self.key!r} is not lower-case words joined by hyphens"))
        if not 0 <= self.event_id <= _LARGEST_EVENT_ID:
            problems.append((("event_id",), f"event_id {self.event_id} is not from 0 to {_LARGEST_EVENT_ID}"))
        for name in ("title", "title_ja", "runbook", "runbook_ja"):
            if not getattr(self, name).strip():
                problems.append(((name,), f"{name} is empty"))
        if len(self.metric_name) > _METRIC_NAME_LENGTH or _NOT_IN_METRIC_NAME.search(self.metric_name):
            problems.append(
                (
                    ("published_metric_name",) if self.published_metric_name else ("key",),
                    f"metric name {self.metric_name!r} must be at most {_METRIC_NAME_LENGTH} ASCII "
                    "characters without ':', '*' and '$'",
                )
            )
        for technique in self.attack:
            if not _ATTACK_TECHNIQUE.fullmatch(technique):
                problems.append(
                    (("attack",), f"{technique!r} is no ATT&CK technique id such as T1110 or T1110.001")
                )
        problems.extend((("provider", name), problem) for name, problem in self.provider.problems())
        if self.alarm:
            problems.extend((("alarm",), problem) for problem in self.alarm.problems())
        if self.watched_field and not any(c.field == self.watched_field for c in self.where):
            problems.append(
                (
                    ("watched_field",),
                    f"watched_field {self.watched_field} has no condition with an example path",
                )
            )
        for name in ("query_fields", "contributors"):
            for field in getattr(self, name):
                if not is_field_name(field):
                    problems.append(((name,), f"{field!r} is not the name of a data field"))
        if len(self.contributors) > MOST_CONTRIBUTORS:
            problems.append(
                (
                    ("contributors",),
                    f"its contributors have {len(self.contributors)} fields: CloudWatch groups by "
                    f"{MOST_CONTRIBUTORS} at most",
                )
            )
        return problems + self._condition_problems()

    @property
    def _may_have_bad_patterns(self) -> bool:
        """Whether its patterns could be too long, or all excluded.

        Few could: to make those of all events takes a third of the time in which the catalog is imported.
        """
        longest = sum(
            _MOST_OF_A_TERM + _MOST_OF_A_CHARACTER * (2 * len(c.field) + max(map(len, c.values)))
            for c in self.where
        )
        return (
            self.selection is not None
            or any(c.operator.excludes for c in self.where)
            or 2 * _MOST_OF_A_TERM + _MOST_OF_A_CHARACTER * len(self.provider.name) + longest > MAXIMUM_LENGTH
        )

    def _condition_problems(self) -> list[tuple[tuple[str, ...], str]]:
        problems: list[tuple[tuple[str, ...], str]] = [
            (("where", condition.field), problem)
            for condition in self.where
            for problem in condition.problems()
        ]
        problems += [
            (
                ("where", condition.field),
                f"every record has a {condition.field} in its header as well, which the condition would find",
            )
            for condition in self.where
            if self.provider.is_in_header(condition)
        ]
        if problems:
            return problems
        number = math.prod(len(c.values) for c in self.where if not c.operator.excludes)
        if number > METRIC_FILTERS_A_LOG_GROUP:
            return [
                (
                    ("where",),
                    f"its conditions have {number} combinations of values, a metric filter each, over the "
                    f"{METRIC_FILTERS_A_LOG_GROUP} of a log group",
                )
            ]
        if not self._may_have_bad_patterns:
            return []
        if not self.patterns and not self.selection:
            return [(("where",), "its conditions exclude what they ask for: no record could match")]
        return [
            (
                ("where",),
                f"its pattern has {len(pattern)} characters, over the {MAXIMUM_LENGTH} that CloudWatch takes"
                if len(pattern) > MAXIMUM_LENGTH
                else f"its pattern has {len(pattern.encode())} bytes of UTF-8, over the {MAXIMUM_LENGTH} "
                "that terraform's AWS provider takes",
            )
            for pattern in self.patterns
            if len(pattern.encode()) > MAXIMUM_LENGTH
        ]
