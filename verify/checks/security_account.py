"""What goes to a security account: changes of alarms, events, and the view of what is kept here."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.roles import RoleSpec
from deployment.resources.security_account import (
    SubscriptionFilterSpec,
    alarm_event_rule,
    observability_link,
    subscription_filters,
)
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.advice import aws_command
from verify.checks.metrics import UNDELIVERED_EVENTS, undelivered
from verify.checks.roles import service_role_problems
from verify.result import Check, Status, judged

#: What changes what a subscription filter sends, and no plan shows: the AWS provider knows none of it.
_UNSEEN_BY_PLAN = {
    "fieldSelectionCriteria": "it sends only records whose fields it chooses",
    "applyOnTransformedLogs": "it sends transformed records instead of the original text",
}


def check_event_rule(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check the rule that sends the alarms' changes of state to the central event bus."""
    spec = alarm_event_rule(region)
    if spec is None:
        return
    events, name, bus = account.client("events"), spec.name, spec.event_bus_arn
    lost = f"so {bus} receives no alarm"
    try:
        rule = events.describe_rule(Name=name)
        targets = events.list_targets_by_rule(Rule=name)["Targets"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        message = f"does not exist, {lost}: apply the stack again"
        yield Check("event rule", name, Status.FAILED, message)
        return
    failures, warnings = [], []
    if rule["State"] == "DISABLED":
        failures.append(f"is disabled, {lost}; run {aws_command(region, 'events enable-rule', name=name)}")
    if json.loads(rule.get("EventPattern", "{}")) != spec.pattern:
        failures.append(f"its event pattern is {rule.get('EventPattern')}: apply the stack again")
    if target := next((each for each in targets if each["Arn"] == bus), None):
        refused, unknown = _role_problems(region, account, spec.role, target, lost)
        failures += refused
        warnings += unknown
    else:
        others = ", ".join(each["Arn"] for each in targets)
        failures.append(f"sends to {others or 'nowhere'}, {lost}: apply the stack again")
    if unsent := undelivered(account, UNDELIVERED_EVENTS, [name], window):
        failures.append(
            f"EventBridge could not deliver {unsent[name]:,.0f} changes of alarms {window}: the policy of "
            f"{bus} must let the account {region.account_id} call events:PutEvents (--since 1 shows whether "
            "it does now)"
        )
    yield judged("event rule", name, failures=failures, warnings=warnings, ok=f"sends to {bus}, as deployed")


def check_log_forwarding(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the subscription filter of each log group that sends its events to the central destination."""
    for spec in subscription_filters(region):
        found = _subscription_filter(account.client("logs"), spec)
        resource, destination = f"{spec.name} of {spec.log_group_name}", spec.destination_arn
        if found is None:
            message = f"does not exist, so {destination} receives no event: apply the stack again"
            yield Check("subscription filter", resource, Status.FAILED, message)
            continue
        drift = []
        if found["destinationArn"] != destination:
            drift.append(f"sends to {found['destinationArn']} instead of {destination}")
        if found["filterPattern"] != spec.pattern:
            drift.append(f"sends only what matches {found['filterPattern']}")
        failures = [f"{', '.join(drift)}: apply the stack again"] if drift else []
        if unseen := [
            f"{effect} ({setting} is {found[setting]})"
            for setting, effect in _UNSEEN_BY_PLAN.items()
            if found.get(setting)
        ]:
            deletion = aws_command(
                region,
                "logs delete-subscription-filter",
                log_group_name=spec.log_group_name,
                filter_name=spec.name,
            )
            failures.append(f"{', '.join(unseen)}: run {deletion}, then apply the stack again")
        yield judged("subscription filter", resource, failures=failures, ok=f"sends all to {destination}")


def check_link(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the link by which the central account looks at metrics and log groups."""
    spec = observability_link(region)
    if spec is None:
        return
    oam, sink = account.client("oam"), spec.sink_arn
    links = (link for page in oam.get_paginator("list_links").paginate() for link in page["Items"])
    listed = next((link for link in links if link["SinkArn"] == sink), None)
    if listed is None:
        message = "no link to it exists, so its account sees nothing of this one: apply the stack again"
        yield Check("link", sink, Status.FAILED, message)
        return
    link = oam.get_link(Identifier=listed["Arn"])
    drift = [f"{kind} is not shown" for kind in spec.resource_types if kind not in link["ResourceTypes"]]
    configuration = link.get("LinkConfiguration") or {}
    filters = {"LogGroupConfiguration": spec.log_group_filter, "MetricConfiguration": spec.metric_filter}
    for kind, expected in filters.items():
        found = configuration.get(kind, {}).get("Filter")
        if found != expected:
            drift.append(f"{kind} is {found or 'not set'} instead of {expected}")
    failures = [f"{', '.join(drift)}: apply the stack again"] if drift else []
    yield judged("link", sink, failures=failures, ok="as deployed")


def _role_problems(
    region: RegionPlan, account: AccountAccess, spec: RoleSpec, target: Mapping[str, Any], lost: str
) -> tuple[list[str], list[str]]:
    """Return why EventBridge may not send from this account, and what is unknown."""
    used = target.get("RoleArn", "")
    if not used.endswith(f"/{spec.name}"):
        problem = f"its target has {used or 'no role'} instead of the role {spec.name}"
        return [f"{problem}, {lost}: apply the stack again"], []
    failures, warnings = service_role_problems(account.client("iam"), region, spec, lost=lost)
    return [f"its role {spec.name}: {each}" for each in failures], warnings


def _subscription_filter(logs: Any, spec: SubscriptionFilterSpec) -> Mapping[str, Any] | None:
    try:
        found = logs.describe_subscription_filters(logGroupName=spec.log_group_name)["subscriptionFilters"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return next((each for each in found if each["filterName"] == spec.name), None)
