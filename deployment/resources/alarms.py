"""Every alarm of a region: of events, additional ones on the same events, for no data, over other alarms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from weakref import WeakKeyDictionary

from catalog.derived.alarm_query import AlarmQuery
from catalog.derived.correlation_query import correlation_query
from catalog.derived.event_query import event_alarm_query, events_alarm_query
from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent, Severity
from deployment.resolution.names import EVENT_KEY_TAG, SEVERITY_TAG
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.alarm_description import (
    alarm_description,
    composite_description,
    correlation_description,
    events_description,
    no_data_description,
)
from deployment.resources.log_alarms import LogAlarmSpec, event_groups
from deployment.settings.account_alarms import Suppressor
from deployment.settings.log_alarms import LogAlarmLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAlarmSpec:
    """A metric alarm, in the words of PutMetricAlarm.

    No unit: CloudWatch Logs publishes metrics without one, and an alarm with another unit gets no data.
    """

    name: str
    description: str
    namespace: str
    metric_name: str
    comparison_operator: str
    threshold: float
    period: int
    """In seconds."""
    evaluation_periods: int
    datapoints_to_alarm: int
    treat_missing_data: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    statistic: str = "Sum"
    actions: tuple[str, ...] = ()
    """The ARNs that it calls when it fires, at most 5."""
    ok_actions: tuple[str, ...] = ()
    """The ARNs that it calls when it returns to OK, at most 5."""
    tags: Mapping[str, str] = field(default_factory=dict)


class Combination(Enum):
    """When a composite alarm fires."""

    ALL = " AND "
    """While all of its alarms are in ALARM."""
    ANY = " OR "
    """While any of its alarms is."""

    def rule(self, alarm_names: Sequence[str]) -> str:
        """Return the rule of a composite alarm over alarms with these names."""
        return self.value.join(f'ALARM("{name}")' for name in alarm_names)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeAlarmSpec:
    """An alarm over other alarms of the same account and region."""

    name: str
    description: str
    combination: Combination
    alarm_names: tuple[str, ...]
    suppressor: Suppressor | None = None
    """An alarm during which this one notifies nobody."""
    actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """Its rule, as PutCompositeAlarm takes it."""
        return self.combination.rule(self.alarm_names)


AlarmSpec = MetricAlarmSpec | CompositeAlarmSpec | LogAlarmSpec


@dataclass(frozen=True, slots=True)
class RegionAlarm:
    """An alarm of a region, and what asks for it.

    Args:
        key: What reports call it: the event's key, ``<event key>.<name>`` for an additional alarm,
            ``silence_alarm``, ``composite_alarms.<name>``, ``correlations.<key>``, or
            ``log_alarms.<severity>.<event log>.<number>`` for a log alarm over several events.
        setting: Where the deployment file sets it, below the account.
        name: Its name in CloudWatch.
        severity: Its severity, which decides whom it notifies.
        event: The event, tuned for this alarm; None for an alarm of no event or of several.
        custom_actions: The ARNs that it calls in place of its severity's topic; most have none.
        query: What it asks, where it is a log alarm.
        events: The events of a log alarm: one, or several that share it.
        correlation: The correlation of a log alarm.
    """

    key: str
    setting: tuple[str, ...]
    name: str
    severity: Severity
    event: SecurityEvent | None = None
    custom_actions: tuple[str, ...] = ()
    query: AlarmQuery | None = None
    events: tuple[SecurityEvent, ...] = ()
    correlation: Correlation | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """The event logs whose log groups a log alarm queries."""
        if self.correlation:
            return self.correlation.channels
        return tuple(dict.fromkeys(event.channel for event in self.events))


_ALARMS: WeakKeyDictionary[RegionPlan, tuple[RegionAlarm, ...]] = WeakKeyDictionary()


def alarms(plan: RegionPlan) -> tuple[RegionAlarm, ...]:
    """Return every alarm of a region. Whatever needs all of them takes them from here.

    They are made out once for each plan: with hundreds of rules, dividing these among log alarms takes long.
    """
    if plan not in _ALARMS:
        _ALARMS[plan] = tuple(_alarms(plan))
    return _ALARMS[plan]


def _alarms(plan: RegionPlan) -> Iterator[RegionAlarm]:
    names, settings = plan.names, plan.settings
    for event in plan.metric_events:
        if event.alarm:
            name, custom = names.alarm(event.key), plan.actions.get(event.key, ())
            yield RegionAlarm(event.key, ("events", event.key), name, event.severity, event, custom)
    for additional in plan.additional_alarms:
        event = additional.event
        if event.key in plan.log_engine:
            continue
        setting = ("events", event.key, "variants", additional.name)
        name = names.additional_alarm(event.key, additional.name)
        yield RegionAlarm(additional.key, setting, name, event.severity, event, additional.actions)
    if channel := plan.no_data_channel:
        name, severity = names.no_data_alarm(channel), settings.silence_alarm.severity
        yield RegionAlarm("silence_alarm", ("silence_alarm",), name, severity)
    for key, composite in settings.effective_composite_alarms.items():
        name, severity = names.composite_alarm(key), composite.severity
        yield RegionAlarm(f"composite_alarms.{key}", ("composite_alarms", key), name, severity)
    if plan.has_log_alarms:
        yield from _log_alarms(plan)


def _log_alarms(plan: RegionPlan) -> Iterator[RegionAlarm]:
    names = plan.names
    shared: dict[tuple[Severity, str], list[SecurityEvent]] = {}
    for event in plan.log_events:
        if event.alarm is None:
            continue
        if _may_share(event, plan):
            shared.setdefault((event.severity, event.channel), []).append(event)
            continue
        yield RegionAlarm(
            event.key,
            ("events", event.key),
            names.log_alarm(event.key),
            event.severity,
            event,
            plan.actions.get(event.key, ()),
            event_alarm_query(event),
            (event,),
        )
    for additional in plan.additional_alarms:
        if (event := additional.event).key in plan.log_engine:
            yield RegionAlarm(
                additional.key,
                ("events", event.key, "variants", additional.name),
                names.log_alarm(event.key, additional.name),
                event.severity,
                event,
                additional.actions,
                event_alarm_query(event),
                (event,),
            )
    for (severity, channel), events in shared.items():
        for number, group in enumerate(event_groups(events)):
            if group:
                yield RegionAlarm(
                    f"log_alarms.{severity.value}.{channel}.{number + 1}",
                    ("log_alarms", "layout"),
                    names.severity_log_alarm(severity, channel, number),
                    severity,
                    query=events_alarm_query(group),
                    events=group,
                )
    for correlation in plan.correlations:
        yield RegionAlarm(
            f"correlations.{correlation.key}",
            ("correlations", correlation.key),
            names.correlation_alarm(correlation.key),
            correlation.severity,
            query=correlation_query(correlation, utc_offsets=plan.settings.log_alarms.utc_offsets),
            correlation=correlation,
        )


def _may_share(event: SecurityEvent, plan: RegionPlan) -> bool:
    """Return whether an event's log alarm may be over other events too."""
    alarm = event.alarm
    return (
        plan.settings.log_alarms.layout is LogAlarmLayout.SEVERITY
        and alarm is not None
        and alarm.threshold == alarm.evaluation_periods == 1
        and not event.contributors
        and event.key not in plan.actions
    )


def alarm_specs(
    plan: RegionPlan,
    *,
    topic_arns: Mapping[Severity, str] | None = None,
    log_group_names: Mapping[str, str] | None = None,
    log_alarm_role_arns: Mapping[str, str] | None = None,
) -> dict[str, AlarmSpec]:
    """Return the spec of every alarm of a region, by the alarm's key.

    Args:
        plan: The region.
        topic_arns: The topic of each severity that notifies somebody. Default: those of the plan.
        log_group_names: The log group of each event log. Default: those of the plan.
        log_alarm_role_arns: The roles of log alarms by their names. Default: those of the plan.
    """
    settings = plan.settings
    topics = plan.topic_arns if topic_arns is None else topic_arns
    where = f"{plan.account} ({plan.account_id}), {plan.region_name}"
    groups = plan.log_groups if log_group_names is None else log_group_names
    names = plan.names
    role_arns = log_alarm_role_arns or {
        role: plan.role_arn(role) for role in (names.log_query_role, names.log_line_role)
    }

    def event_description(event: SecurityEvent, contributors: Sequence[str] = ()) -> str:
        return alarm_description(
            event,
            account_name=plan.account,
            account_id=plan.account_id,
            region=plan.region_name,
            query_name=names.saved_query(event.family, event.key),
            language=settings.language,
            contributors=contributors,
        )

    def log_alarm(
        alarm: RegionAlarm, query: AlarmQuery, actions: tuple[str, ...], ok_actions: tuple[str, ...]
    ) -> LogAlarmSpec:
        chosen = settings.log_alarms
        if alarm.event:
            description = event_description(alarm.event, query.contributors)
        elif alarm.correlation:
            description = correlation_description(alarm.correlation, where, settings.language)
        else:
            description = events_description(alarm.events, where, settings.language)
        tags = {SEVERITY_TAG: alarm.severity.value}
        return LogAlarmSpec(
            name=alarm.name,
            stack_name=names.cloudformation_stack(alarm.name),
            description=description,
            query=query,
            log_group_names=tuple(groups[channel] for channel in alarm.channels),
            schedule=chosen.schedule,
            lateness=chosen.lateness,
            query_role_arn=role_arns[names.log_query_role],
            log_lines=chosen.log_lines,
            log_line_role_arn=role_arns[names.log_line_role] if chosen.log_lines else None,
            actions=actions,
            ok_actions=ok_actions,
            tags={EVENT_KEY_TAG: alarm.event.key} | tags if alarm.event else tags,
        )

    def spec(alarm: RegionAlarm) -> AlarmSpec:
        topic = (topics[alarm.severity],) if alarm.severity in topics else ()
        actions = alarm.custom_actions or topic
        ok_actions = actions if settings.notifications.ok_actions else ()
        if alarm.query:
            return log_alarm(alarm, alarm.query, actions, ok_actions)
        if event := alarm.event:
            return event_alarm(
                event,
                name=alarm.name,
                metric_namespace=settings.metric_namespace,
                description=event_description(event),
                actions=actions,
                ok_actions=ok_actions,
            )
        if alarm.key == "silence_alarm":
            channel, period = plan.no_data_channel or "", settings.silence_alarm.period
            return no_data_alarm(
                name=alarm.name,
                log_group_name=plan.log_groups[channel],
                description=no_data_description(channel, where, period, settings.language),
                period=period,
                actions=actions,
            )
        composite = settings.effective_composite_alarms[alarm.setting[-1]]
        return CompositeAlarmSpec(
            name=alarm.name,
            description=composite_description(composite.title, where),
            combination=Combination.ALL if composite.all_of else Combination.ANY,
            alarm_names=tuple(map(plan.names.alarm, composite.all_of or composite.any_of)),
            suppressor=composite.suppressor,
            actions=actions,
            ok_actions=ok_actions,
        )

    return {alarm.key: spec(alarm) for alarm in alarms(plan)}


def callers(plan: RegionPlan, service: str) -> dict[str, list[str]]:
    """Return what alarms call of a service, such as ``sns``: by ARN, the ARNs of those alarms."""
    found: dict[str, list[str]] = {}
    topics = plan.topic_arns
    for alarm in alarms(plan):
        topic = topics.get(alarm.severity)
        for action in alarm.custom_actions or ((topic,) if topic else ()):
            if action.split(":")[2] == service:
                found.setdefault(action, []).append(plan.arn("cloudwatch", f"alarm:{alarm.name}"))
    return found


def event_alarm(
    event: SecurityEvent,
    *,
    name: str,
    metric_namespace: str,
    description: str,
    actions: Sequence[str] = (),
    ok_actions: Sequence[str] = (),
) -> MetricAlarmSpec:
    """Return the alarm over the metric of an event.

    Missing data do not breach: the metric is absent while no event at all arrives.

    Raises:
        ValueError: The event has no alarm.
    """
    if event.alarm is None:
        raise ValueError(f"{event.key} has no alarm")
    return MetricAlarmSpec(
        name=name,
        description=description,
        namespace=metric_namespace,
        metric_name=event.metric_name,
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=event.alarm.threshold,
        period=event.alarm.period,
        evaluation_periods=event.alarm.evaluation_periods,
        datapoints_to_alarm=event.alarm.datapoints_to_alarm,
        treat_missing_data="notBreaching",
        actions=tuple(actions),
        ok_actions=tuple(ok_actions),
        tags={EVENT_KEY_TAG: event.key, SEVERITY_TAG: event.severity.value},
    )


def no_data_alarm(
    *, name: str, log_group_name: str, description: str, period: int, actions: Sequence[str] = ()
) -> MetricAlarmSpec:
    """Return the alarm for a log group that receives no event for ``period`` seconds.

    Missing data breach here: a log group that receives nothing has no metric either.
    """
    return MetricAlarmSpec(
        name=name,
        description=description,
        namespace="AWS/Logs",
        metric_name="IncomingLogEvents",
        dimensions={"LogGroupName": log_group_name},
        comparison_operator="LessThanThreshold",
        threshold=1,
        period=period,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        treat_missing_data="breaching",
        actions=tuple(actions),
        ok_actions=tuple(actions),
    )
