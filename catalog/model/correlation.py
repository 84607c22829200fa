"""A rule over several records: counts, counts of distinct values, and sequences, in the words of Sigma.

Sigma's correlation rules (specification 2.1) have the same types, groups, time span and aliases. A
correlation is a Logs Insights query behind a log alarm (``catalog.derived.correlation_query``): no metric
filter sees two records together.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from catalog.errors import CatalogError
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Condition
from catalog.model.provider import SECURITY_AUDITING, Provider
from catalog.model.security_event import (
    KEY_PATTERN,
    MOST_CONTRIBUTORS,
    Family,
    SecurityEvent,
    Severity,
)
from catalog.model.selection import Selection

#: The header element that every record has: the server that wrote it.
COMPUTER = "Computer"
#: From a minute to a day, in seconds: a log alarm scans its time span again at each run.
SHORTEST_TIMESPAN, LONGEST_TIMESPAN = 60, 86_400
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_ATTACK_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")


class CorrelationType(Enum):
    """What is looked for among the records of a group."""

    #: As many records as the threshold.
    EVENT_COUNT = "event_count"
    #: As many distinct values of one field as the threshold.
    VALUE_COUNT = "value_count"
    #: A record of each step, in any order.
    TEMPORAL = "temporal"
    #: A record of the last step after one of each step before it.
    TEMPORAL_ORDERED = "temporal_ordered"

    @property
    def counts(self) -> bool:
        """Whether a threshold decides, rather than that each step is there."""
        return self in (CorrelationType.EVENT_COUNT, CorrelationType.VALUE_COUNT)


@dataclass(frozen=True)
class CorrelatedRecord:
    """A kind of record that a correlation looks for.

    Args:
        step: What it stands for in the correlation, a word such as ``failure``. Kinds of record with the same
            step are alternatives.
        event_id: The id in ``<EventID>``.
        where: Conditions on data fields, all of which must hold.
        provider: Who writes it.
        fields: The data field behind each name of the correlation; any other name is that of the field.
        audit: The audit subcategory that makes Windows write it, or None where it is always written.
        outcome: Whether that subcategory's success or failure audits are needed.
        selection: Which records they are, where ``where`` cannot say it: those of a Sigma rule.
    """

    step: str
    event_id: int
    where: tuple[Condition, ...] = ()
    provider: Provider = SECURITY_AUDITING
    fields: Mapping[str, str] = field(default_factory=dict)
    audit: AuditSubcategory | None = None
    outcome: Outcome = Outcome.SUCCESS
    selection: Selection | None = None

    @property
    def event_ids(self) -> tuple[int, ...]:
        """The ids of the records: several only where the selection says so."""
        return self.selection.event_ids if self.selection else (self.event_id,)

    @property
    def audits(self) -> tuple[AuditSubcategory, ...]:
        """The audit subcategories that have to be on."""
        if self.selection:
            return self.selection.audits
        return (self.audit,) if self.audit else ()

    def data_field(self, name: str) -> str:
        """Return the data field, or ``Computer``, behind a name of the correlation."""
        return self.fields.get(name, name)


def record_of(event: SecurityEvent, step: str, fields: Mapping[str, str] | None = None) -> CorrelatedRecord:
    """Return the records that an event of the catalog finds, as a step of a correlation."""
    return CorrelatedRecord(
        step,
        event.event_id,
        event.where,
        event.provider,
        fields or {},
        event.audit,
        event.outcome,
        event.selection,
    )


def recorded_events(correlation: "Correlation") -> tuple[SecurityEvent, ...]:
    """Return the kinds of record of a correlation as events: what has to be written and shipped for it."""
    return tuple(
        SecurityEvent(
            key=f"{correlation.key}-{number}",
            event_id=record.event_id,
            title=correlation.title,
            title_ja=correlation.title_ja,
            family=Family.CUSTOM,
            severity=correlation.severity,
            runbook=correlation.runbook,
            runbook_ja=correlation.runbook_ja,
            where=record.where,
            provider=record.provider,
            audit=record.audit,
            outcome=record.outcome,
            selection=record.selection,
            domain_controllers_only=correlation.domain_controllers_only,
        )
        for number, record in enumerate(correlation.records)
    )


@dataclass(frozen=True)
class Correlation:
    """One rule over several records.

    Args:
        key: The name that deployments and alarms know it by: lower-case words joined by hyphens.
        type: What is looked for.
        title: What happened, in English.
        title_ja: The same in Japanese.
        severity: How much an occurrence matters.
        runbook: What to look at and do when the alarm fires, in English.
        runbook_ja: The same in Japanese.
        records: The kinds of record that it looks at; for ``temporal_ordered`` the steps in their order.
        group_by: The fields whose values the records of one group share, at most 5: data fields,
            ``Computer``, or names that each kind of record explains in ``fields``. A record in which one of
            them is absent, empty or ``-`` is in no group. Letter case is ignored.
        timespan: The seconds within which the records lie, from 60 to 86,400. The alarm looks at so much more
            as its schedule and the lateness that is allowed for: it never misses, and may take records
            together that lie somewhat further apart.
        threshold: The lowest count that is an alarm, for the types that count.
        counted: The field whose distinct values are counted, for ``value_count``.
        minimum: The lowest number of records of a step, by step; by default 1. For the temporal types.
        left_out: Values that take a record out, by name of a grouped or counted field.
        hours: From which hour to before which, in the account's time zone, records count; over midnight where
            the first is the later one. None: at any time.
        attack: MITRE ATT&CK technique ids.
        domain_controllers_only: Whether only domain controllers write its records.
        approximation: What Logs Insights cannot say exactly of what is meant; empty where it can.
        samples: Of a correlation that is not in the catalog, sequences of records that it must find: the XML
            of each record as the agent ships it. Those of the catalog's are in ``catalog.samples``.
        near_misses: Of such a correlation, sequences much like them that it must not find.

    Raises:
        CatalogError: It cannot be a log alarm, or could never fire. Names everything that is wrong.
    """

    key: str
    type: CorrelationType
    title: str
    title_ja: str
    severity: Severity
    runbook: str
    runbook_ja: str
    records: tuple[CorrelatedRecord, ...]
    group_by: tuple[str, ...]
    timespan: int
    threshold: int = 1
    counted: str = ""
    minimum: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hours: tuple[int, int] | None = None
    attack: tuple[str, ...] = ()
    domain_controllers_only: bool = False
    approximation: str = ""
    samples: tuple[tuple[str, ...], ...] = ()
    near_misses: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            places, sentences = zip(*problems, strict=True)
            raise CatalogError(f"correlation {self.key!r}", sentences, places)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps, in their order."""
        return tuple(dict.fromkeys(record.step for record in self.records))

    @property
    def channels(self) -> tuple[str, ...]:
        """The event logs that its records are in."""
        return tuple(dict.fromkeys(record.provider.channel for record in self.records))

    @property
    def audits(self) -> tuple[tuple[AuditSubcategory, Outcome], ...]:
        """The audit subcategories that have to be on, with the outcome that is needed."""
        return tuple(dict.fromkeys((audit, r.outcome) for r in self.records for audit in r.audits))

    @property
    def names(self) -> tuple[str, ...]:
        """The names whose values it needs of each record: those it groups by, and the one it counts."""
        return (*self.group_by, self.counted) if self.counted else self.group_by

    def least(self, step: str) -> int:
        """Return the lowest number of records of a step."""
        return self.minimum.get(step, 1)

    def _problems(self) -> Iterator[tuple[tuple[str, ...], str]]:
        if not re.fullmatch(KEY_PATTERN, self.key):
            yield ("key",), f"the key {self.key!r} is not lower-case words joined by hyphens"
        for name in ("title", "title_ja", "runbook", "runbook_ja"):
            if not getattr(self, name).strip():
                yield (name,), f"{name} is empty"
        if not self.records:
            yield ("records",), "it looks at no records"
        for record in self.records:
            if not _WORD.fullmatch(record.step):
                yield ("records",), f"the step {record.step!r} is not a word of letters and digits"
            for condition in record.where:
                yield from ((("records", condition.field), problem) for problem in condition.problems())
        if not 1 <= len(self.group_by) <= MOST_CONTRIBUTORS:
            yield ("group_by",), f"it groups by {len(self.group_by)} fields: must be 1 to {MOST_CONTRIBUTORS}"
        for name in self.names:
            if not _WORD.fullmatch(name):
                yield ("group_by",), f"{name!r} is not a word of letters and digits"
        if not SHORTEST_TIMESPAN <= self.timespan <= LONGEST_TIMESPAN:
            yield (
                ("timespan",),
                f"timespan {self.timespan}: must be {SHORTEST_TIMESPAN} to {LONGEST_TIMESPAN} seconds",
            )
        if self.hours and not all(0 <= hour <= 24 for hour in self.hours):
            yield ("hours",), f"hours {self.hours}: must be from 0 to 24"
        for technique in self.attack:
            if not _ATTACK_TECHNIQUE.fullmatch(technique):
                yield ("attack",), f"{technique!r} is no ATT&CK technique id such as T1110 or T1110.003"
        yield from self._type_problems()

    def _type_problems(self) -> Iterator[tuple[tuple[str, ...], str]]:
        kind = self.type.value
        if self.type.counts:
            if self.threshold < 1:
                yield ("threshold",), f"threshold {self.threshold}: must be 1 or more"
            if self.minimum:
                yield ("minimum",), f"{kind} has a threshold, and no minimum for each step"
        else:
            if len(self.steps) < 2:
                yield ("records",), f"{kind} needs two steps or more"
            if self.threshold != 1:
                yield ("threshold",), f"{kind} has a minimum for each step, and no threshold"
        if (self.type is CorrelationType.VALUE_COUNT) is not bool(self.counted):
            verb = "has no" if self.counted else "needs a"
            yield ("counted",), f"{kind} {verb} field whose values are counted"
        for name, known in (("minimum", self.steps), ("left_out", self.names)):
            for given in getattr(self, name):
                if given not in known:
                    yield (name,), f"{name} names {given!r}, which is none of {', '.join(known)}"
