"""What goes to a security account: changes of alarms, events, and the view of what is kept here."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from catalog import HostMetrics
from catalog.derived.agent_configuration import HOST_METRICS_NAMESPACE
from deployment import RegionPlan
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for
from verify.access.window import Window
from verify.checks.check import Check, Status, judged

_EVENTS = "events.amazonaws.com"
#: What a link shows.
LINKED = ("AWS::CloudWatch::Metric", "AWS::Logs::LogGroup")


def check_event_rule(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the rule that sends the alarms' changes of state to the central event bus."""
    bus = region.settings.central.event_bus
    if not bus:
        return
    events, name = account.client("events"), region.names.alarm_event_rule
    lost = f"so that {bus} is told of no alarm"
    try:
        rule = events.describe_rule(Name=name)
        targets = events.list_targets_by_rule(Rule=name)["Targets"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        message = f"does not exist, {lost}: apply the stack again"
        yield Check("event rule", name, Status.FAILED, message)
        return
    failures = []
    if rule["State"] == "DISABLED":
        failures.append(f"is switched off, {lost}; run 'aws events enable-rule --name {name}'")
    if json.loads(rule.get("EventPattern", "{}")) != event_pattern(region):
        failures.append(f"its event pattern is {rule.get('EventPattern')}: apply the stack again")
    if target := next((each for each in targets if each["Arn"] == bus), None):
        failures += _role_problems(region, account, target, rule["Arn"], lost)
    else:
        others = ", ".join(each["Arn"] for each in targets)
        failures.append(f"sends to {others or 'nowhere'}, {lost}: apply the stack again")
    yield judged("event rule", name, failures=failures, ok=f"as deployed, and sends to {bus}")


def check_log_forwarding(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the subscription filter of each log group that sends its events to the central destination."""
    destination = region.settings.central.log_destination
    if not destination:
        return
    for group in region.log_groups.values():
        found = _subscription_filter(account.client("logs"), group, region.names.central_subscription)
        resource = f"{region.names.central_subscription} of {group}"
        if found is None:
            message = f"does not exist, so that {destination} gets no event: apply the stack again"
            yield Check("subscription filter", resource, Status.FAILED, message)
            continue
        drift = []
        if found["destinationArn"] != destination:
            drift.append(f"sends to {found['destinationArn']} instead of {destination}")
        if found["filterPattern"]:
            drift.append(f"sends only what matches {found['filterPattern']}")
        failures = [f"{', '.join(drift)}: apply the stack again"] if drift else []
        yield judged("subscription filter", resource, failures=failures, ok=f"sends all to {destination}")


def check_link(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the link by which the central account looks at metrics and log groups."""
    sink = region.settings.central.oam_sink
    if not sink:
        return
    oam = account.client("oam")
    links = (link for page in oam.get_paginator("list_links").paginate() for link in page["Items"])
    listed = next((link for link in links if link["SinkArn"] == sink), None)
    if listed is None:
        message = (
            "there is no link to it, so that its account sees nothing of this one: apply the stack again"
        )
        yield Check("link", sink, Status.FAILED, message)
        return
    link = oam.get_link(Identifier=listed["Arn"])
    drift = [f"{kind} is not shown" for kind in LINKED if kind not in link["ResourceTypes"]]
    configuration = link.get("LinkConfiguration") or {}
    for kind, wanted in link_filters(region).items():
        found = configuration.get(kind, {}).get("Filter")
        if found != wanted:
            drift.append(f"{kind} is {found or 'not set'} instead of {wanted}")
    failures = [f"{', '.join(drift)}: apply the stack again"] if drift else []
    yield judged("link", sink, failures=failures, ok="as deployed")


def event_pattern(region: RegionPlan) -> Mapping[str, Any]:
    """Return which events the rule sends."""
    names = [{"prefix": region.names.alarm_prefix}, *region.settings.adopt.alarms.values()]
    return {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"alarmName": names},
    }


def link_filters(region: RegionPlan) -> Mapping[str, str]:
    """Return which log groups and metrics the link shows, by the member of its configuration."""
    host_metrics = region.settings.host_metrics is not HostMetrics.NONE
    namespaces = [region.settings.metric_namespace, *([HOST_METRICS_NAMESPACE] if host_metrics else [])]
    return {
        "LogGroupConfiguration": f"LogGroupName IN ({_quoted(region.log_groups.values())})",
        "MetricConfiguration": f"Namespace IN ({_quoted(namespaces)})",
    }


def _role_problems(
    region: RegionPlan, account: AccountAccess, target: Mapping[str, Any], rule_arn: str, lost: str
) -> Iterator[str]:
    """Return why EventBridge may not put events on the bus; the bus's policy is its account's business."""
    iam, name = account.client("iam"), region.names.alarm_event_role
    used = target.get("RoleArn", "")
    if not used.endswith(f":role/{name}"):
        yield f"its target has {used or 'no role'} instead of the role {name}, {lost}: apply the stack again"
        return
    try:
        role = iam.get_role(RoleName=name)["Role"]
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        yield f"its role {name} does not exist, {lost}: apply the stack again"
        return
    if not admits(
        role["AssumeRolePolicyDocument"],
        service=_EVENTS,
        action="sts:AssumeRole",
        resource=role["Arn"],
        context=called_for(rule_arn, region.account_id),
    ):
        yield f"its role {name} does not let {_EVENTS} assume it, {lost}: apply the stack again"
    if name not in policies:
        yield f"its role {name} lacks its inline policy, {lost}: apply the stack again"


def _subscription_filter(logs: Any, group: str, name: str) -> Mapping[str, Any] | None:
    try:
        found = logs.describe_subscription_filters(logGroupName=group)["subscriptionFilters"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return next((each for each in found if each["filterName"] == name), None)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
