"""Which alarms of a deployment can fire at all: from the audit policy of Windows to the topic.

An alarm on an event that Windows does not write never fires, and nothing reports that. Whether a server does
write an event cannot be seen from here: what is said of defaults holds where no other policy says otherwise.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from catalog.derived.agent_configuration import MINIMUM_AGENT_VERSION, Collection
from catalog.derived.audit_script import AuditMode, watched_paths
from catalog.derived.cost import (
    DAYS_A_MONTH,
    GIGABYTE,
    PRICES,
    RECORD_BYTES,
    priced_region,
    records_a_day,
)
from catalog.model.alarm_rule import duration, rule
from catalog.model.audit_policy import AuditSubcategory
from catalog.model.correlation import Correlation, recorded_events
from catalog.model.prerequisite import Need, Prerequisite
from catalog.model.security_event import SecurityEvent
from cli.tables import text_table
from cli.text import command
from deployment.aws.limits import CONCURRENT_QUERIES, WITHOUT_LOG_ALARMS
from deployment.resolution.region_plan import RegionPlan, Topic
from deployment.resources.alarms import alarms
from deployment.settings.account_alarms import SIGNIFICANT_RECORDS
from deployment.settings.log_alarms import AlarmEngine, LogAlarmLayout

_OF_AUTHORITIES = {Prerequisite.CA_AUDIT_FILTER, Prerequisite.RESPONDER_AUDIT}

_DAY = 86_400
#: How many events a notice names before it counts the others.
_NAMED_KEYS = 5


@dataclass(frozen=True, slots=True)
class CoveredEvent:
    """How far one event gets in one account and region.

    Args:
        key: The event's key; of an additional alarm over its metric, ``<key>.<variant>``.
        event_id: Its id.
        subcategory: The audit subcategory that writes it, or those that do together; None where Windows
            always does.
        on_by_default: Whether a server without an audit policy writes it: ``always``, ``yes``, ``partly`` (of
            success and failure, one) or ``no``.
        set_by_us: Whether the deployment's audit policy switches it on.
        shipped: What the agent's configuration selects it by: ``event_ids`` or ``levels``; None where the
            deployment does not configure the agent.
        filters: How many metric filters count it; none for an additional alarm, and for a log alarm.
        alarm: When it fires, such as ``10 in 5 min``; None for a metric only.
        notifies: The topic's name or ARN, or the ARNs of the event's own actions; empty where
            it notifies nobody.
        never_rings: Why its alarm can never fire, or None.
        prerequisites: What it needs beside the audit subcategory, such as an audit entry (SACL).
        engine: What finds its records: ``metric`` or ``log``.
    """

    key: str
    event_id: int
    subcategory: str | None
    on_by_default: str
    set_by_us: bool
    shipped: str | None
    filters: int
    alarm: str | None
    notifies: tuple[str, ...]
    never_rings: str | None
    prerequisites: tuple[str, ...] = ()
    engine: str = AlarmEngine.METRIC.value


@dataclass(frozen=True, slots=True)
class CoveredCorrelation:
    """How far one correlation gets in one account and region.

    Args:
        key: The correlation's key.
        type: What is looked for, in the words of Sigma.
        group_by: The fields whose values tell its contributors apart.
        alarm: When it fires, such as ``10 in 10 min``.
        notifies: The topic's name or ARN; empty where it notifies nobody.
        never_fires: Why its alarm can never fire, or None.
        approximation: What its query cannot say exactly; empty where it can.
    """

    key: str
    type: str
    group_by: tuple[str, ...]
    alarm: str
    notifies: tuple[str, ...]
    never_fires: str | None
    approximation: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the events of one account and region get.

    Args:
        stack: The stack's name.
        account: The account's name in the deployment.
        account_id: Its id.
        region: The region.
        events: Its events, in the catalog's order.
        notes: What is not wrong but decides whether alarms fire, a sentence each.
        correlations: Its correlations, in the catalog's order.
    """

    stack: str
    account: str
    account_id: str
    region: str
    events: tuple[CoveredEvent, ...]
    notes: tuple[str, ...]
    correlations: tuple[CoveredCorrelation, ...] = ()

    @property
    def never_firing(self) -> tuple[CoveredEvent, ...]:
        """The events whose alarm can never fire."""
        return tuple(event for event in self.events if event.never_rings)

    @property
    def is_complete(self) -> bool:
        """Whether every alarm can fire."""
        return not self.never_firing and not any(each.never_fires for each in self.correlations)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"{self.stack} ({self.account_id})", text_table([_HEADER, *map(_row, self.events)])]
        if self.correlations:
            rows = [
                (
                    *(each.key, each.type, "NEVER FIRES" if each.never_fires else each.alarm),
                    *(", ".join(each.group_by), ", ".join(each.notifies) or "-"),
                )
                for each in self.correlations
            ]
            lines.append(text_table([("CORRELATION", "TYPE", "ALARM", "FOR EACH", "NOTIFIES"), *rows]))
        lines += [f"never fires: {event.key}: {event.never_rings}" for event in self.never_firing]
        lines += [
            f"never fires: {each.key}: {each.never_fires}" for each in self.correlations if each.never_fires
        ]
        lines += [
            f"approximate: {each.key}: {each.approximation}"
            for each in self.correlations
            if each.approximation
        ]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def coverage(region: RegionPlan) -> Coverage:
    """Return how far each event of an account and region gets."""
    return Coverage(
        stack=region.stack_name,
        account=region.account,
        account_id=region.account_id,
        region=region.region_name,
        events=tuple(_with_variants(region)),
        notes=tuple(_notes(region)),
        correlations=tuple(_covered_correlation(each, region) for each in region.correlations),
    )


def notices(region: RegionPlan) -> Iterator[str]:
    """Yield what should be known of an account and region: its notices, and which alarms can never fire."""
    yield from region.notices
    if keys := [event.key for event in region.events if event.alarm and _never_fires(event, region)]:
        explanation = command("catalog coverage --deployment FILE")
        yield f"can never fire: {', '.join(keys)}; {explanation} says why"
    yield from _unmet_needs(region)
    yield from _usual_no_data(region)
    yield from _log_alarm_notices(region)


def _unmet_needs(region: RegionPlan) -> Iterator[str]:
    """Yield a sentence for each need of events that the deployment could have set, and does not."""
    needing: dict[Need, list[str]] = {}
    for event in region.events:
        for need in _unmet(event, region):
            needing.setdefault(need, []).append(event.key)
    for need, keys in needing.items():
        others = len(keys) - _NAMED_KEYS
        named = [*keys[:_NAMED_KEYS], *([f"{others:,} more"] if others > 0 else [])]
        yield (
            f"audit_policy.{need.setting} is not true, or the audit policy is not applied: without "
            f"{need.title}, {need.without or 'no record'} can match {', '.join(named)}"
        )


def _log_alarm_notices(region: RegionPlan) -> Iterator[str]:
    """Yield what should be known of log alarms where there are some."""
    if keys := [event.key for event in region.log_events if event.alarm is None]:
        yield (
            f"nothing counts {', '.join(keys)}: with 'engine: log' an event without an alarm has its saved "
            "query only"
        )
    if not region.has_log_alarms:
        return
    yield (
        "log alarms are a preview, tried on no real account yet: run "
        f"'{command('verify drill')}' after the first apply (docs/explanation/log-alarms.md)"
    )
    number = sum(alarm.query is not None for alarm in alarms(region))
    if number > CONCURRENT_QUERIES:
        advice = ""
        if region.settings.log_alarms.layout is LogAlarmLayout.EVENT:
            advice = "; 'log_alarms: {layout: severity}' makes fewer alarms of the same events"
        yield (
            f"{number} log alarms run a query each, every {duration(region.settings.log_alarms.schedule)}: "
            f"an account and region runs {CONCURRENT_QUERIES} at one time, with those of people{advice}"
        )
    if region.region_name in WITHOUT_LOG_ALARMS:
        yield f"{region.region_name} had no log alarms in July 2026: see whether it has before an apply"


def _covered_correlation(correlation: Correlation, region: RegionPlan) -> CoveredCorrelation:
    topic = next((each for each in region.topics if correlation.severity in each.severities), None)
    number = f"{correlation.threshold:,}" if correlation.type.counts else "each step"
    return CoveredCorrelation(
        key=correlation.key,
        type=correlation.type.value,
        group_by=correlation.group_by,
        alarm=f"{number} in {duration(correlation.timespan)}",
        notifies=_notified(topic),
        never_fires=_never_correlates(correlation, region),
        approximation=correlation.approximation,
    )


def _never_correlates(correlation: Correlation, region: RegionPlan) -> str | None:
    """Return why too few of a correlation's steps can be written; None where enough can."""
    unwritten: dict[str, str] = {}
    written: set[str] = set()
    for record, event in zip(correlation.records, recorded_events(correlation), strict=True):
        if reason := _never_fires(event, region):
            unwritten.setdefault(record.step, reason)
        else:
            written.add(record.step)
    missing = {step: reason for step, reason in unwritten.items() if step not in written}
    if not missing or (correlation.type.counts and written):
        return None
    return next(iter(missing.values()))


def _usual_no_data(region: RegionPlan) -> Iterator[str]:
    """Yield a notice of a no-data alarm that would fire on healthy servers, which write few of the events."""
    channel = region.no_data_channel
    if channel is None or region.settings.collection is Collection.LEVELS:
        return
    daily = records_a_day(
        (event for event in region.events if event.channel == channel), region.settings.collection
    )
    period = region.settings.silence_alarm.period
    if daily * period / _DAY < SIGNIFICANT_RECORDS:
        yield (
            f"silence_alarm may fire on healthy servers: of the chosen events of {channel}, a busy server "
            f"writes about {math.ceil(daily):,} a day, and {duration(period)} without any is an alarm; "
            "choose a frequent event (logon-succeeded-network), set a longer silence_alarm.period, "
            "or switch it off"
        )


def _matching_saves(region: RegionPlan) -> Iterator[str]:
    """Yield what 'collection: matching' saves of the records of the event ids, if a dollar a month."""
    prices = PRICES[priced_region(region.region_name)]
    whole, counted = (
        records_a_day(region.collected_events, each) for each in (Collection.EVENT_IDS, Collection.MATCHING)
    )
    dollars = (whole - counted) * RECORD_BYTES / GIGABYTE * DAYS_A_MONTH * prices.gigabyte
    if region.settings.collection is Collection.LEVELS or dollars < 1:
        return
    saves = "saves" if region.settings.collection is Collection.MATCHING else "would save"
    yield (
        f"'collection: matching' {saves} about {dollars:.2f} dollars a month for each busy server that "
        f"writes all these events: {math.ceil(counted):,} records a day in place of {math.ceil(whole):,}"
    )


def _with_variants(region: RegionPlan) -> Iterator[CoveredEvent]:
    """Yield each event, followed by its additional alarms: these need no filters of their own."""
    for event in region.events:
        covered = _covered(event, region)
        yield covered
        for variant in region.additional_alarms:
            if variant.event.key == event.key:
                yield replace(
                    covered,
                    key=variant.key,
                    filters=0,
                    alarm=rule(variant.event.alarm) if variant.event.alarm else None,
                    notifies=variant.actions or _notified(region.topic(variant)),
                )


def _covered(event: SecurityEvent, region: RegionPlan) -> CoveredEvent:
    settings = region.settings
    return CoveredEvent(
        key=event.key,
        event_id=event.event_id,
        subcategory=_subcategories(event) or None,
        on_by_default=_on_by_default(event),
        set_by_us=event.audit is not None and _applies_policy(region),
        shipped=settings.collection.value if settings.associations.configure_agent.enabled else None,
        filters=0 if event.key in region.log_engine else len(event.patterns),
        alarm=rule(event.alarm) if event.alarm else None,
        notifies=region.actions.get(event.key, _notified(region.topic(event))),
        never_rings=_never_fires(event, region) if event.alarm else None,
        prerequisites=tuple(each.value.title for each in event.prerequisites),
        engine=(AlarmEngine.LOG if event.key in region.log_engine else AlarmEngine.METRIC).value,
    )


def _notified(topic: Topic | None) -> tuple[str, ...]:
    return (topic.existing_arn or topic.name,) if topic else ()


def _subcategories(event: SecurityEvent) -> str:
    return " and ".join(each.value.title for each in event.audits)


def _on_by_default(event: SecurityEvent) -> str:
    return event.audit.value.by_default(event.outcome) if event.audit else "always"


def _applies_policy(region: RegionPlan) -> bool:
    settings = region.settings
    return settings.associations.apply_audit_policy.enabled and settings.audit_policy.mode is AuditMode.APPLY


def _never_fires(event: SecurityEvent, region: RegionPlan) -> str | None:
    if event.audit and _on_by_default(event) == "no" and not _applies_policy(region):
        return (
            f"no server writes the {event.outcome.value} audits of {_subcategories(event)} by default, and "
            "the audit policy is not applied: set associations.apply_audit_policy.enabled to true and "
            "audit_policy.mode to apply"
        )
    for need in _unmet(event, region):
        if need.without:
            continue
        return (
            f"it needs {need.title}, which no server has by default: set audit_policy.{need.setting} to "
            "true, and apply the audit policy"
        )
    if Prerequisite.OBJECT_AUDIT_ENTRY in event.prerequisites and not watched_paths(_watching(event, region)):
        if event.selection:
            is_key = AuditSubcategory.REGISTRY in event.audits
            return (
                "its records need an audit entry (SACL), which the audit policy sets on watched paths only: "
                "name what it is about in watched_paths, and enable an event that watches it, such as "
                + ("registry-value-changed" if is_key else "object-accessed")
            )
        return (
            "what it watches needs an audit entry (SACL), and the audit policy sets those on paths with a "
            "drive letter and on registry keys only: watch such a path"
        )
    return None


def _unmet(event: SecurityEvent, region: RegionPlan) -> Iterator[Need]:
    """Yield what an event needs that no server has by default, and that the deployment does not have set."""
    set_by_us = region.settings.audit_policy.prerequisites if _applies_policy(region) else ()
    for each in event.prerequisites:
        if each.value.setting and each not in set_by_us:
            yield each.value


def _watching(event: SecurityEvent, region: RegionPlan) -> Iterable[SecurityEvent]:
    """Return the events whose paths get the audit entry that an event needs.

    Its own path, or where it names none, as 4660 does, those of every event of its kind.
    """
    if any(condition.field == "ObjectName" for condition in event.where):
        return (event,)
    return (each for each in region.events if each.audit is event.audit)


def _notes(region: RegionPlan) -> Iterator[str]:
    settings = region.settings
    yield from region.notices
    if not settings.associations.configure_agent.enabled:
        yield "the agent gets its configuration from elsewhere: associations.configure_agent is off"
    if not settings.associations.install_agent.enabled and settings.collection is not Collection.LEVELS:
        yield (
            "the agent is installed from elsewhere (associations.install_agent is off) and must be "
            f"{MINIMUM_AGENT_VERSION} or later"
        )
    if region.no_data_channel not in (None, "Security"):
        yield (
            f"the no-data alarm watches {region.no_data_channel}, since nothing of the Security log is "
            "collected"
        )
    yield from _usual_no_data(region)
    yield from _log_alarm_notices(region)
    yield from _matching_saves(region)
    if paths := [each.path for each in watched_paths(region.events)]:
        yield (
            "only the output of apply_audit_policy on a server shows whether it has the watched paths "
            f"('absent' where it does not): {', '.join(paths)}"
        )
    applied = _applies_policy(region)
    for keys, what in (
        (
            [e.key for e in region.events if not applied and _on_by_default(e) == "partly"],
            "are written in part only, successes or failures, since the audit policy is not applied",
        ),
        (
            [e.key for e in region.events if e.domain_controllers_only],
            "are written by domain controllers only",
        ),
        (
            [e.key for e in region.events if not e.alarm and any(_unmet(e, region))],
            "are never written, since audit_policy does not set what they need (command_lines, "
            "full_privilege_auditing, ca_audit_filter)",
        ),
        (
            [e.key for e in region.events if Prerequisite.DIRECTORY_AUDIT_ENTRY in e.prerequisites],
            "need audit entries (SACL) on the directory's objects, which a new domain has",
        ),
        (
            [e.key for e in region.events if _OF_AUTHORITIES.intersection(e.prerequisites)],
            "are written by certification authorities only, once their own audit filter is on",
        ),
        (
            [
                f"{e.key} ({', '.join(dict.fromkeys(c.field for c in e.wider))})"
                for e in region.metric_events
                if e.wider
            ],
            "compare a value that another field of the record may hold as well (ends_with, contains)",
        ),
        (
            [e.key for e in region.events if e.alarm and e.severity in settings.notifications.unnotified],
            "notify nobody, on purpose (notifications.unnotified)",
        ),
    ):
        if keys:
            yield f"{what}: {', '.join(keys)}"


_HEADER = ("EVENT", "ID", "SUBCATEGORY", "DEFAULT", "SET BY US", "SHIPPED", "FILTERS", "ALARM", "NOTIFIES")


def _row(event: CoveredEvent) -> tuple[str, ...]:
    return (
        event.key,
        str(event.event_id),
        event.subcategory or "-",
        event.on_by_default,
        "yes" if event.set_by_us else "-",
        event.shipped or "-",
        "log" if event.engine == AlarmEngine.LOG.value else str(event.filters),
        "NEVER FIRES" if event.never_rings else event.alarm or "metric only",
        ", ".join(event.notifies) or "-",
    )
