"""The rule that reports a server on which an association of the deployment failed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.model.security_event import Severity
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.associations import associations

#: What Systems Manager puts on the default bus when an association's status on one server changes.
INSTANCE_ASSOCIATION_STATE_CHANGE = {
    "source": ["aws.ssm"],
    "detail-type": ["EC2 State Manager Instance Association State Change"],
}
#: The statuses that are no failure. Any other is reported, whatever Systems Manager calls it: Failed,
#: TimedOut, and those of its detailed statuses.
HARMLESS_STATUSES = ("Success", "Pending", "InProgress", "Associated")
#: What the notification takes from the event. A path that an event does not have stays empty.
INPUT_PATHS: Mapping[str, str] = {
    "account": "$.account",
    "region": "$.region",
    "time": "$.time",
    "instance": "$.detail.instance-id",
    "status": "$.detail.status",
    "document": "$.detail.document-name",
    "association": "$.detail.association-id",
    "error": "$.detail.error-code",
    "summary": "$.detail.execution-summary",
}


@dataclass(frozen=True, slots=True)
class AssociationFailureRuleSpec:
    """A rule that sends failed runs of associations on a server to a topic, as readable text.

    Args:
        name: Its name.
        topic_arn: The topic.
        input_template: The notification, as EventBridge takes it: a JSON string with ``<names>`` of
            ``input_paths``.
        input_paths: Where the event has them.
    """

    name: str
    topic_arn: str
    input_template: str
    input_paths: Mapping[str, str] = field(default_factory=lambda: dict(INPUT_PATHS))
    description: str = "Servers on which an association of Windows security monitoring failed"
    target_id: str = "topic"

    def pattern(self, association_ids: Sequence[str]) -> dict[str, Any]:
        """Return the event pattern for these associations: the event names them by their ids only."""
        detail = {"association-id": list(association_ids), "status": [{"anything-but": [*HARMLESS_STATUSES]}]}
        return INSTANCE_ASSOCIATION_STATE_CHANGE | {"detail": detail}


def association_failure_rule_of(*, name: str, topic_arn: str, name_prefix: str) -> AssociationFailureRuleSpec:
    """Return the rule.

    Args:
        name: Its name.
        topic_arn: The topic.
        name_prefix: The deployment's name, for the text.
    """
    text = (
        f"{name_prefix}: an association has the status <status> on the server <instance> (account <account>, "
        "<region>, <time>). The server may not be watched. Association <association>, document <document>. "
        "Error: <error> <summary>. Look at its output in Systems Manager, State Manager, execution history; "
        "then run 'python -m verify'."
    )
    return AssociationFailureRuleSpec(name, topic_arn, json.dumps(text))


def failure_severity(plan: RegionPlan) -> Severity | None:
    """Return the severity whose topic the rule notifies: its own, else the next higher, else the highest."""
    wanted = plan.settings.association_failures.severity
    if wanted in plan.settings.notifications.unnotified:
        return None
    order = list(Severity)
    rising = [severity for severity in order if severity in plan.topic_arns]
    higher = [severity for severity in rising if order.index(severity) >= order.index(wanted)]
    return next(iter([*higher, *reversed(rising)]), None)


def association_failure_rule(plan: RegionPlan) -> AssociationFailureRuleSpec | None:
    """Return the rule of a region.

    Where no alarm has its severity, and hence no topic, the topic of the next severity takes its place.

    None where it is not enabled, nothing is associated, there is no topic, its severity is under
    ``unnotified``, or the topic is another account's, to which EventBridge delivers only by a role.
    """
    settings = plan.settings.association_failures
    chosen = failure_severity(plan)
    if not settings.enabled or chosen is None or not associations(plan):
        return None
    topic_arn = plan.topic_arns[chosen]
    if topic_arn.split(":")[4] != plan.account_id:
        return None
    return association_failure_rule_of(
        name=plan.names.association_failure_rule, topic_arn=topic_arn, name_prefix=plan.names.name
    )
