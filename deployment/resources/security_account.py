"""What a region sends to a security account, in addition to what stays."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.derived.agent_configuration import HOST_METRICS_NAMESPACE, HostMetrics
from deployment.aws.arn import format_arn
from deployment.aws.policies import EVENTBRIDGE
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.roles import RoleSpec

#: What CloudWatch puts on the default bus of the alarm's account when an alarm's state changes.
ALARM_STATE_CHANGE = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}
#: Characters of an event pattern (EventBridge quotas).
EVENT_PATTERN_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class EventRuleSpec:
    """A rule that sends the alarms' changes of state to an event bus, and the role that lets it.

    Args:
        name: Its name.
        pattern: Which events it sends.
        target_id: The id of its target.
        event_bus_arn: The bus to send to.
        role: The role that EventBridge assumes for it.
    """

    name: str
    pattern: Mapping[str, Any]
    event_bus_arn: str
    role: RoleSpec
    description: str = "Changes of state of the alarms of Windows security events"
    target_id: str = "central-event-bus"


def alarm_event_rule_of(
    *,
    rule_name: str,
    role_name: str,
    account_id: str,
    region: str,
    event_bus_arn: str,
    alarm_name_prefix: str,
    other_alarm_names: Sequence[str] = (),
    role_path: str = "/",
    permissions_boundary: str | None = None,
) -> EventRuleSpec:
    """Return the rule for the alarms whose names begin with a prefix, and for others by name.

    Raises:
        ValueError: The other names do not fit into an event pattern.
    """
    names = [{"prefix": alarm_name_prefix}, *other_alarm_names]
    pattern = ALARM_STATE_CHANGE | {"detail": {"alarmName": names}}
    if (size := len(json.dumps(pattern))) > EVENT_PATTERN_CHARACTERS:
        raise ValueError(
            f"rule {rule_name}: its event pattern has {size:,} characters, over the "
            f"{EVENT_PATTERN_CHARACTERS:,} that EventBridge takes; let fewer alarms keep a name of their own"
        )
    return EventRuleSpec(
        name=rule_name,
        pattern=pattern,
        event_bus_arn=event_bus_arn,
        role=RoleSpec(
            name=role_name,
            description="Lets EventBridge send the changes of security alarms to the central event bus",
            trust={
                "Effect": "Allow",
                "Principal": {"Service": EVENTBRIDGE},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnEquals": {
                        "aws:SourceArn": format_arn("events", region, account_id, f"rule/{rule_name}")
                    },
                },
            },
            statements=(
                {
                    "Sid": "SendAlarmEvents",
                    "Effect": "Allow",
                    "Action": "events:PutEvents",
                    "Resource": event_bus_arn,
                },
            ),
            path=role_path,
            permissions_boundary=permissions_boundary,
        ),
    )


def alarm_event_rule(plan: RegionPlan) -> EventRuleSpec | None:
    """Return the rule that sends a region's alarms to the central event bus; None without one."""
    if not (bus := plan.settings.central.event_bus):
        return None
    return alarm_event_rule_of(
        rule_name=plan.names.alarm_event_rule,
        role_name=plan.names.alarm_event_role,
        account_id=plan.account_id,
        region=plan.region_name,
        event_bus_arn=bus,
        alarm_name_prefix=plan.names.alarm_prefix,
        other_alarm_names=list(plan.settings.adopt.alarms.values()),
        role_path=plan.settings.created_roles.path,
        permissions_boundary=plan.permissions_boundary,
    )


@dataclass(frozen=True, slots=True)
class SubscriptionFilterSpec:
    """A subscription filter that sends every event of a log group to a destination of CloudWatch Logs."""

    name: str
    log_group_name: str
    destination_arn: str
    pattern: str = ""
    #: What one server ships stays in its order.
    distribution: str = "ByLogStream"


def subscription_filters(plan: RegionPlan) -> tuple[SubscriptionFilterSpec, ...]:
    """Return the subscription filter of each log group; none without a central destination."""
    destination = plan.settings.central.log_destination
    if not destination:
        return ()
    name = plan.names.central_subscription
    return tuple(SubscriptionFilterSpec(name, group, destination) for group in plan.log_groups.values())


@dataclass(frozen=True, slots=True)
class LinkSpec:
    """A link to an Observability Access Manager sink, for named log groups and metric namespaces."""

    sink_arn: str
    log_group_filter: str
    metric_filter: str
    label_template: str = "$AccountName"
    resource_types: tuple[str, ...] = ("AWS::CloudWatch::Metric", "AWS::Logs::LogGroup")


def link_of(sink_arn: str, *, log_group_names: Iterable[str], metric_namespaces: Iterable[str]) -> LinkSpec:
    """Return a link that shows some log groups and the metrics of some namespaces."""
    return LinkSpec(
        sink_arn=sink_arn,
        log_group_filter=f"LogGroupName IN ({_quoted(log_group_names)})",
        metric_filter=f"Namespace IN ({_quoted(metric_namespaces)})",
    )


def observability_link(plan: RegionPlan) -> LinkSpec | None:
    """Return the link of a region to the central sink; None without one."""
    sink = plan.settings.central.oam_sink
    if not sink:
        return None
    return link_of(sink, log_group_names=plan.log_groups.values(), metric_namespaces=linked_namespaces(plan))


def linked_namespaces(plan: RegionPlan) -> list[str]:
    """Return the namespaces of the metrics that a region publishes."""
    has_host_metrics = plan.settings.host_metrics is not HostMetrics.NONE
    return [plan.settings.metric_namespace, *([HOST_METRICS_NAMESPACE] if has_host_metrics else [])]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
