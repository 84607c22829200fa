"""One account in one region, with nothing left to decide: what one stack is made from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from catalog.derived.agent_configuration import WIZARD_CHANNELS, Collection
from catalog.model.correlation import Correlation, recorded_events
from catalog.model.security_event import SecurityEvent, Severity
from deployment.aws.arn import format_arn
from deployment.aws.partitions import partition
from deployment.resolution.additional_alarm import AdditionalAlarm
from deployment.resolution.names import Names
from deployment.settings.assume_role import AssumedRole
from deployment.settings.deployment import STANDING_CHANNELS, Settings
from deployment.settings.notifications import Subscription
from deployment.settings.state import Backend


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that alarms notify.

    Args:
        name: Its name, where it is made here.
        severities: The severities whose alarms it tells of, the least first; only those that have an alarm.
        existing_arn: The topic that takes its place, or None where it is made here.
        subscriptions: The addresses to subscribe, on an existing topic as well.
    """

    name: str
    severities: tuple[Severity, ...]
    existing_arn: str | None
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class RegionPlan:
    """One account in one region. Two plans are never equal: what follows from one is kept with it.

    Args:
        account: The account's name in the deployment.
        names: What things are called there.
        settings: The settings that count, with every default and every placeholder filled in.
        events: The events to watch, tuned as the deployment says, one for each watched path. An event with
            an ``alarm`` gets one; any other is a metric only.
        actions: The ARNs that an event's alarm calls in place of its topic, by event key; most have none.
        topics: The topics, from the least severity to the most.
        assume_role: The role to enter the account by; None for the caller's own credentials.
        state: Where the stack's state is kept.
        notices: What is not wrong but should be known, a sentence each.
        additional_alarms: The additional alarms of events that have an alarm, in the events' order.
        known_channels: The event logs whose log groups terraform forgets rather than deletes once nothing is
            collected from them: Security and System, and those of the deployment's own events. By default
            the former.
        log_engine: The keys of the events that log alarms find; metric filters count all others.
        correlations: The correlations to watch, tuned as the deployment says.
    """

    account: str
    names: Names
    settings: Settings
    events: tuple[SecurityEvent, ...]
    actions: Mapping[str, tuple[str, ...]]
    topics: tuple[Topic, ...]
    assume_role: AssumedRole | None
    state: Backend
    notices: tuple[str, ...] = ()
    additional_alarms: tuple[AdditionalAlarm, ...] = ()
    known_channels: frozenset[str] = STANDING_CHANNELS
    log_engine: frozenset[str] = frozenset()
    correlations: tuple[Correlation, ...] = ()

    @property
    def metric_events(self) -> tuple[SecurityEvent, ...]:
        """The events that metric filters count."""
        if not self.log_engine:
            return self.events
        return tuple(event for event in self.events if event.key not in self.log_engine)

    @property
    def log_events(self) -> tuple[SecurityEvent, ...]:
        """The events that log alarms find."""
        return tuple(event for event in self.events if event.key in self.log_engine)

    @property
    def has_log_alarms(self) -> bool:
        """Whether any log alarm is created: for an event with the log engine, or for a correlation."""
        return bool(self.correlations) or any(event.alarm for event in self.log_events)

    @property
    def collected_events(self) -> tuple[SecurityEvent, ...]:
        """What the servers must write and ship: the events, and the kinds of record of the correlations."""
        return (*self.events, *(event for each in self.correlations for event in recorded_events(each)))

    @property
    def account_id(self) -> str:
        """The account's id: 12 digits."""
        return self.names.account_id

    @property
    def region_name(self) -> str:
        """The region's name, such as ``eu-central-1``."""
        return self.names.region

    @property
    def partition(self) -> str:
        """The region's partition, such as ``aws``."""
        return partition(self.names.region)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something in the account and region, such as ``("sns", "alarms")``."""
        return format_arn(service, self.region_name, self.account_id, resource)

    def role_arn(self, name: str) -> str:
        """Return the ARN of a role that the stack creates."""
        return f"arn:{self.partition}:iam::{self.account_id}:role{self.settings.created_roles.path}{name}"

    @property
    def permissions_boundary(self) -> str | None:
        """The ARN of the policy that is the permissions boundary of the created roles."""
        policy = self.settings.created_roles.permissions_boundary
        if policy is None or policy.startswith("arn:"):
            return policy
        return f"arn:{self.partition}:iam::{self.account_id}:policy/{policy}"

    @property
    def stack_name(self) -> str:
        """The stack's name: ``<account>-<region>``."""
        return f"{self.account}-{self.names.region}"

    @property
    def log_groups(self) -> dict[str, str]:
        """The names of the log groups, by channel: of the events, and of all that the agent collects."""
        collected = WIZARD_CHANNELS if self.settings.collection is Collection.LEVELS else ()
        channels = dict.fromkeys([*collected, *(event.channel for event in self.collected_events)])
        existing = self.settings.existing_log_groups
        return {channel: existing.get(channel, self.log_group(channel)) for channel in channels}

    def log_group(self, channel: str) -> str:
        """Return the name of the log group that is made for a channel, whether it is collected or not."""
        # A channel's name may hold what a log group's may not: "Windows PowerShell".
        return self.settings.log_group_prefix + re.sub(r"[ ()]", "-", channel)

    @property
    def no_data_channel(self) -> str | None:
        """The event log of the no-data alarm: Security where it is collected, else the first that is.

        None where nothing is collected, or the alarm is not enabled.
        """
        if not self.settings.silence_alarm.enabled:
            return None
        channels = self.log_groups
        return "Security" if "Security" in channels else next(iter(channels), None)

    def topic_arn(self, topic: Topic) -> str:
        """Return the ARN of a topic, created by the stack or there before."""
        return topic.existing_arn or self.arn("sns", topic.name)

    @property
    def topic_arns(self) -> dict[Severity, str]:
        """The ARN of the topic of each severity that notifies somebody."""
        return {severity: self.topic_arn(topic) for topic in self.topics for severity in topic.severities}

    def topic(self, alarming: SecurityEvent | AdditionalAlarm) -> Topic | None:
        """Return the topic that the alarm of an event, or a further one, notifies.

        None where there is no alarm, where it has actions of its own, or notifies nobody on purpose.
        """
        if isinstance(alarming, AdditionalAlarm):
            event, calls_another = alarming.event, bool(alarming.actions)
        else:
            event, calls_another = alarming, alarming.key in self.actions
        if event.alarm is None or calls_another:
            return None
        return next((topic for topic in self.topics if event.severity in topic.severities), None)
