"""All checks of one stack."""

from collections.abc import Callable, Iterator, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from deployment import RegionPlan
from verify.access.account import AccountAccess, AccountError, enter
from verify.access.window import Window
from verify.checks import (
    agent_configuration,
    alarms,
    associations,
    audit_policy,
    buckets,
    chat,
    dashboards_and_queries,
    encryption_key,
    functions,
    log_groups,
    metric_filters,
    metrics,
    mute_rules,
    roles,
    security_account,
    topics,
)
from verify.result import Check, Status

#: Each kind of check, on the way of an event from the server to the recipients.
KINDS: Mapping[str, Callable[[RegionPlan, AccountAccess, Window], Iterator[Check]]] = {
    "role": roles.check,
    "agent configuration": agent_configuration.check,
    "audit policy": audit_policy.check,
    "association": associations.check,
    "bucket": buckets.check,
    "encryption key": encryption_key.check,
    "log group": log_groups.check,
    "metric filter": metric_filters.check,
    "metric": metrics.check,
    "alarm": alarms.check,
    "mute rule": mute_rules.check,
    "topic": topics.check,
    "chat channel": chat.check,
    "function": functions.check,
    "event rule": security_account.check_event_rule,
    "association failures": associations.check_failures,
    "subscription filter": security_account.check_log_forwarding,
    "link": security_account.check_link,
    "dashboard": dashboards_and_queries.check_dashboard,
    "saved query": dashboards_and_queries.check_saved_queries,
}


def verify(region: RegionPlan, window: Window) -> Iterator[Check]:
    """Check the account of one stack.

    What cannot be checked is a failed check, and the others go on.

    Args:
        region: The stack, from ``deployment.resolve``.
        window: How far to look back for events.
    """
    try:
        account = enter(region)
    except AccountError as error:
        yield Check("account", region.account_id, Status.FAILED, str(error))
        return
    yield Check("account", region.account_id, Status.OK, f"checked as {account.identity['Arn']}")
    for name, check in KINDS.items():
        try:
            yield from check(region, account, window)
        except (BotoCoreError, ClientError) as error:
            yield Check(name, region.stack_name, Status.FAILED, f"cannot be checked: {error}{_cause(error)}")


def _cause(error: Exception) -> str:
    """Say who can help against a policy of the organization: no role of the account can."""
    if "service control policy" not in str(error):
        return ""
    return ": whoever manages the organization must let the role that verifies call it"
