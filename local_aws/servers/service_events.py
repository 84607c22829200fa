"""EventBridge: events of AWS services, by the rules of the default bus to topics, which moto does not serve.

No caller of PutEvents may use the source of a service; hence this is a function and no call.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from moto.events.models import events_backends
from moto.events.utils import EventTemplateParser
from moto.sns.models import sns_backends

from local_aws.moto.topics import publish

_EVENTBRIDGE = "events.amazonaws.com"


def emit(
    account_id: str,
    region: str,
    *,
    source: str,
    detail_type: str,
    detail: Mapping[str, Any],
    resources: Sequence[str] = (),
) -> None:
    """Put an event of a service on the default bus, and deliver it to the topics of the rules that match.

    A topic whose policy does not admit EventBridge gets nothing, as in AWS. Targets of other kinds are not
    served.
    """
    now = datetime.now(UTC)
    event: Any = {
        "version": "0",
        "id": str(uuid4()),
        "source": source,
        "detail-type": detail_type,
        "account": account_id,
        "region": region,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": list(resources),
        "detail": dict(detail),
        "ingestion-time": now.timestamp(),
    }
    bus = events_backends[account_id][region].describe_event_bus("default")
    for rule in bus.rules.values():
        if rule.state == "DISABLED" or not rule.event_pattern.matches_event(event):
            continue
        for target in rule.targets:
            if ":sns:" in target["Arn"] and _admits(target["Arn"]):
                publish(target["Arn"], "", _message(target, event), at=now.replace(tzinfo=None))


def _message(target: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Return what the target receives: the event, or the text that its input transformer makes of it."""
    transformer = target.get("InputTransformer")
    if not transformer:
        return json.dumps({key: value for key, value in event.items() if key != "ingestion-time"})
    text = transformer["InputTemplate"]
    for name, path in transformer.get("InputPathsMap", {}).items():
        # A path that the event lacks gives an empty value.
        value: Any = event
        for part in path.removeprefix("$.").split("."):
            value = value.get(part, "") if isinstance(value, Mapping) else ""
        text = text.replace(f"<{name}>", EventTemplateParser._stringify(value))
    try:
        parsed = json.loads(text)
    except ValueError:
        return str(text)
    return parsed if isinstance(parsed, str) else str(text)


def _admits(topic_arn: str) -> bool:
    *_, region, account_id, _name = topic_arn.split(":")
    topic = sns_backends[account_id][region].topics.get(topic_arn)
    statements = json.loads(topic.policy)["Statement"] if topic else []
    return any(
        statement["Effect"] == "Allow" and statement["Principal"].get("Service") == _EVENTBRIDGE
        for statement in statements
        if isinstance(statement["Principal"], dict)
    )
