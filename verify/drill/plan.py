"""What a drill sends and whom it will notify, before anything is sent."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from catalog import EVENTS, SecurityEvent
from catalog.errors import InputError, did_you_mean
from catalog.filter_pattern import matches
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.condition import escape
from catalog.model.record import windows_record
from catalog.samples import samples_of
from deployment import RegionPlan
from deployment.resources.alarms import (
    AlarmSpec,
    Combination,
    CompositeAlarmSpec,
    MetricAlarmSpec,
    RegionAlarm,
    alarm_specs,
    alarms,
)
from deployment.resources.log_alarms import LogAlarmSpec
from deployment.resources.mute_rules import mute_rules as planned_rules
from verify.access.account import AccountAccess
from verify.advice import aws_command
from verify.checks.mute_rules import deletion, mute_rules, muted_alarms
from verify.checks.subscriptions import listed
from verify.evaluation import contributors_in_alarm, evaluation_problem

COMPUTER = "windows-security-drill"
"""The computer that a drill's record names, for whoever reads the alarm's query."""

#: Records that a drill sends at most for one event: a larger threshold is not worth what they cost.
_MOST_RECORDS = 10_000
#: The most alarms that DescribeAlarms takes by name (API reference).
_ALARMS_A_CALL = 100
_COMPUTER_TAG = re.compile(r"<Computer>[^<]*</Computer>")
_TIME = re.compile(r"SystemTime='[^']*'")


class DrillError(InputError):
    """A drill that cannot be held. Its lines say why of each key; nothing was sent."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Why, a sentence for each reason."""
        return tuple(map(str, self.args))


@dataclass(frozen=True, slots=True)
class EventDrill:
    """The drill of one event in one account and region.

    Args:
        region: The account and region.
        event: The event, as it is deployed.
        sample: The record to send, before it is marked and timed.
        ages: How long before the drill each record happened, in seconds: one is enough unless the alarm's
            threshold is higher, or it asks for several periods.
        alarm: The event's alarm; None where it has none, and the drill follows its metric only.
        further_alarms: The other alarms that these records make fire.
    """

    region: RegionPlan
    event: SecurityEvent
    sample: str
    ages: tuple[int, ...]
    alarm: MetricAlarmSpec | LogAlarmSpec | None
    further_alarms: tuple[AlarmSpec, ...]

    @property
    def log_group(self) -> str:
        """The log group that the records go to."""
        return self.region.log_groups[self.event.channel]

    @property
    def schedule(self) -> int:
        """How many seconds pass at most until something looks at the records: those between two runs."""
        return self.alarm.schedule if isinstance(self.alarm, LogAlarmSpec) else 0

    def is_own(self, attributes: Mapping[str, str]) -> bool:
        """Return whether a contributor of its log alarm is that of its records.

        Args:
            attributes: The contributor's; without any, it may be.
        """
        return attributes.get("Computer", COMPUTER) == COMPUTER

    @property
    def firing(self) -> tuple[AlarmSpec, ...]:
        """Every alarm that these records make fire, the event's own first."""
        return ((self.alarm,) if self.alarm else ()) + self.further_alarms

    def records(self, now: datetime) -> list[tuple[datetime, str]]:
        """Return the records with their times, the oldest first.

        Args:
            now: The time of the latest, in UTC.
        """
        times = [now - timedelta(seconds=age) for age in sorted(self.ages, reverse=True)]
        return [(time, _timed(self.sample, time)) for time in times]


def plan_drills(regions: Sequence[RegionPlan], keys: Iterable[str]) -> list[EventDrill]:
    """Return the drills of some events in some accounts and regions.

    Args:
        regions: The accounts and regions.
        keys: The events' keys. The key of an event that watches paths stands for each of its paths.

    Raises:
        DrillError: An event is not deployed there, no sample of it is found as it is deployed, or its alarm
            asks for too many records.
    """
    drills: list[EventDrill] = []
    reasons: dict[str, None] = {}
    for region in regions:
        for key in dict.fromkeys(keys):
            try:
                drills += [_planned(region, event) for event in _deployed(region, key)]
            except DrillError as error:
                reasons |= dict.fromkeys(error.lines)
    if reasons:
        raise DrillError(*reasons)
    return drills


def refuse_if_not_ready(drills: Sequence[EventDrill], account: AccountAccess) -> None:
    """Refuse drills in an account and region that could prove nothing, from the state of their alarms.

    Raises:
        DrillError: An alarm does not exist, cannot be evaluated, is in ALARM and so would not change its
            state, or calls nothing.
    """
    of_alarms = {drill.alarm.name: drill for drill in drills if drill.alarm}
    found = read_alarms(account, list(of_alarms))
    muting = _muting(account)
    reasons = []
    for name, drill in of_alarms.items():
        if name not in found:
            reasons.append(f"The alarm {name} does not exist: apply the stack first.")
        elif (problem := evaluation_problem(found[name])) and "EVALUATION_ERROR" in problem:
            reasons.append(f"The alarm {name} can find nothing: {problem}.")
        elif found[name]["StateValue"] == "ALARM" and not _may_notify(drill, account):
            reasons.append(
                f"The alarm {name} is in ALARM, and notifies on a change of state only: drill again when it "
                "has returned to OK."
            )
        elif not found[name]["ActionsEnabled"]:
            cure = aws_command(drill.region, "cloudwatch enable-alarm-actions", alarm_names=name)
            reasons.append(f"The actions of the alarm {name} are disabled: run {cure} first.")
        elif drill.alarm and drill.alarm.actions and name in muting:
            rule = muting[name]
            is_own = rule["Name"] in {spec.name for spec in planned_rules(drill.region)}
            otherwise = "" if is_own else f", or run {deletion(drill.region, rule)} first"
            reasons.append(
                f"The mute rule {rule['Name']} mutes the alarm {name}: drill again when it has "
                f"ended{otherwise}."
            )
    if reasons:
        raise DrillError(*reasons)


def _may_notify(drill: EventDrill, account: AccountAccess) -> bool:
    """Return whether an alarm in ALARM notifies of this drill: a log alarm does, of a new contributor."""
    if not isinstance(drill.alarm, LogAlarmSpec) or "Computer" not in drill.alarm.query.contributors:
        return False
    others = contributors_in_alarm(account.client("cloudwatch"), drill.alarm.name)
    return not any(map(drill.is_own, others))


def _muting(account: AccountAccess) -> dict[str, Mapping[str, Any]]:
    """Return the rule that mutes each muted alarm now; none where CloudWatch refuses to say."""
    try:
        return {name: rule for rule in mute_rules(account, "ACTIVE") for name in muted_alarms(rule)}
    except ClientError:
        return {}


def recipients(drills: Iterable[EventDrill], account: AccountAccess) -> dict[str, list[str]]:
    """Return whom the drills will notify: by topic or other action, its recipients without any secrets."""
    actions = dict.fromkeys(action for drill in drills for alarm in drill.firing for action in alarm.actions)
    return {action: list(_recipients(action, account)) for action in actions}


def _recipients(action: str, account: AccountAccess) -> Iterator[str]:
    if action.split(":")[2] != "sns":
        return
    try:
        subscriptions = listed(account.client("sns"), action)
    except ClientError as error:
        yield f"recipients unknown: {error}"
        return
    for each in subscriptions:
        pending = "" if each.confirmed else ", not confirmed, so that nothing is sent to it"
        yield f"{each.protocol} {masked(each.endpoint)}{pending}"


def masked(endpoint: str) -> str:
    """Return an endpoint without what may be a secret: of an address on the Web only the host stays."""
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https"):
        return endpoint
    more = "/..." if parts.path.strip("/") or parts.query else ""
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{more}"


def _deployed(region: RegionPlan, key: str) -> list[SecurityEvent]:
    """Return the events of a key: one, or one for each path that it watches."""
    watching = {event.key for event in EVENTS if event.watched_field}
    by_key: dict[str, list[SecurityEvent]] = {}
    for event in region.events:
        by_key.setdefault(event.key, []).append(event)
        if (base := event.key[:-9]) in watching:
            by_key.setdefault(base, []).append(event)
    if key in by_key:
        return by_key[key]
    raise DrillError(f"{key} is not an event that {region.account} deploys{did_you_mean(key, by_key)}")


def _planned(region: RegionPlan, event: SecurityEvent) -> EventDrill:
    sample = _sample(event)
    specs = alarm_specs(region)
    own = specs.get(event.key)
    assert not isinstance(own, CompositeAlarmSpec), "an event's alarm is one on its metric"
    if event.key in region.log_engine:
        own = _log_alarm(region, event, specs)
        ages = _ages_of_rule(event.alarm) if event.alarm else (0,)
    else:
        ages = _ages(own) if isinstance(own, MetricAlarmSpec) else (0,)
    if len(ages) > _MOST_RECORDS:
        raise DrillError(
            f"{event.key} in {region.account}: its alarm asks for {len(ages):,} records; a drill sends "
            f"{_MOST_RECORDS:,} at most"
        )
    counted = {
        each.metric_name
        for each in region.metric_events
        if each.channel == event.channel and any(matches(pattern, sample) for pattern in each.patterns)
    }
    firing: dict[str, AlarmSpec] = {}
    by_query = {alarm.name for alarm in alarms(region) if _query_fires(alarm, sample, ages)}
    for alarm in specs.values():  # composite alarms come after those that they watch
        if alarm.name in by_query or _fires(alarm, counted, ages, firing):
            firing[alarm.name] = alarm
    further = tuple(alarm for alarm in firing.values() if alarm is not own)
    return EventDrill(region, event, sample, ages, own, further)


def _sample(event: SecurityEvent) -> str:
    """Return the first sample that the event finds, as it is deployed, once it is marked as a drill."""
    for text in samples_of(event).matches:
        marked = _COMPUTER_TAG.sub(f"<Computer>{escape(COMPUTER)}</Computer>", text, count=1)
        if _finds(event, marked):
            return marked
    samples = "; put one beside the rule, in its .samples/matches (docs/how-to/sigma.md)"
    advice = samples if event.selection else ""
    raise DrillError(f"{event.key}: no sample is known that it finds, as it is deployed{advice}")


def _log_alarm(region: RegionPlan, event: SecurityEvent, specs: Mapping[str, AlarmSpec]) -> LogAlarmSpec:
    """Return the log alarm of an event, its own or one that it shares with others."""
    for alarm in alarms(region):
        spec = specs[alarm.key]
        is_variant = alarm.event is not None and alarm.key != event.key
        if isinstance(spec, LogAlarmSpec) and not is_variant and event.key in {e.key for e in alarm.events}:
            return spec
    raise DrillError(f"{event.key} in {region.account} has the log engine and no alarm: nothing looks for it")


def _query_fires(alarm: RegionAlarm, sample: str, ages: Sequence[int]) -> bool:
    """Return whether records of these ages make a log alarm over events fire. A correlation is not tried."""
    return any(
        _finds(event, sample) and event.alarm is not None and _is_enough(event.alarm, ages)
        for event in alarm.events
    )


def _finds(event: SecurityEvent, sample: str) -> bool:
    if event.selection and not event.patterns:
        record = windows_record(sample)
        return event.selection.is_met(record) and all(map(record.meets, event.where))
    return any(matches(pattern, sample) for pattern in event.patterns)


def _is_enough(rule: AlarmDefaults, ages: Sequence[int]) -> bool:
    counts = Counter(age // rule.period for age in ages)
    return sum(number >= rule.threshold for number in counts.values()) >= rule.datapoints_to_alarm


def _timed(sample: str, time: datetime) -> str:
    written = time.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
    return _TIME.sub(f"SystemTime='{written}'", sample, count=1)


def _ages_of_rule(rule: AlarmDefaults) -> tuple[int, ...]:
    """Return the same for a log alarm, whose query counts by the periods of the event's rule."""
    return tuple(
        number * rule.period for number in range(rule.datapoints_to_alarm) for _ in range(rule.threshold)
    )


def _ages(alarm: MetricAlarmSpec) -> tuple[int, ...]:
    """Return the ages of the records that make an alarm fire: enough in each of as many periods."""
    threshold = math.ceil(alarm.threshold)
    return tuple(
        number * alarm.period for number in range(alarm.datapoints_to_alarm) for _ in range(threshold)
    )


def _fires(alarm: AlarmSpec, counted: Collection[str], ages: Sequence[int], firing: Collection[str]) -> bool:
    """Return whether records of these ages make an alarm fire.

    Args:
        alarm: The alarm.
        counted: The names of the metrics that count each record.
        ages: The ages of the records, in seconds.
        firing: The names of the alarms that fire already.
    """
    if isinstance(alarm, CompositeAlarmSpec):
        children = [name in firing for name in alarm.alarm_names]
        return all(children) if alarm.combination is Combination.ALL else any(children)
    if isinstance(alarm, LogAlarmSpec) or alarm.metric_name not in counted:
        return False
    span = alarm.period * alarm.evaluation_periods
    sums = [
        sum(start <= age < start + alarm.period for age in ages) for start in range(0, span, alarm.period)
    ]
    return sum(each >= alarm.threshold for each in sums) >= alarm.datapoints_to_alarm


def read_alarms(account: AccountAccess, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the alarms of these names that exist, as DescribeAlarms shows them."""
    cloudwatch = account.client("cloudwatch")
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(names), _ALARMS_A_CALL):
        some = cloudwatch.describe_alarms(
            AlarmNames=list(names[start : start + _ALARMS_A_CALL]), AlarmTypes=["MetricAlarm", "LogAlarm"]
        )
        of_types = [*some.get("MetricAlarms", ()), *some.get("LogAlarms", ())]
        found |= {alarm["AlarmName"]: alarm for alarm in of_types}
    return found
