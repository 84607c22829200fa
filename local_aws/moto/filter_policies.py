"""SNS: what moto shows of a subscription otherwise than AWS.

An empty filter policy takes away the one that there was, and a password in the URL of an endpoint is hidden.
Data protection policies, which moto lacks, are kept, and refuse or mask nothing.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from moto.sns.models import sns_backends

from local_aws.calls import Call, Handlers, kept


def _get_subscription_attributes(call: Call) -> Mapping[str, Any] | None:
    backend = sns_backends[call.account_id][call.region]
    subscription = backend.subscriptions.get(call.parameters["SubscriptionArn"])
    if subscription and not json.loads(subscription.attributes.get("FilterPolicy") or "{}"):
        subscription.attributes.pop("FilterPolicy", None)
        subscription.attributes.pop("FilterPolicyScope", None)
    if subscription is None or subscription.endpoint == _shown(subscription.endpoint):
        return None
    return {"Attributes": {**subscription.attributes, "Endpoint": _shown(subscription.endpoint)}}


def _list_subscriptions(call: Call) -> Mapping[str, Any] | None:
    """All subscriptions, or those of one topic, on one page."""
    topic_arn = call.parameters.get("TopicArn")
    backend = sns_backends[call.account_id][call.region]
    if topic_arn and topic_arn not in backend.topics:
        return None  # moto refuses the call
    return {
        "Subscriptions": [
            {
                "SubscriptionArn": each.arn,
                "Owner": each.account_id,
                "Protocol": each.protocol,
                "Endpoint": _shown(each.endpoint),
                "TopicArn": each.topic.arn,
            }
            for each in backend.subscriptions.values()
            if topic_arn in (None, each.topic.arn)
        ]
    }


def _shown(endpoint: str) -> str:
    """Return an endpoint as SNS shows it: a password in its URL is hidden (SNS guide, HTTPS endpoints)."""
    return re.sub(r"(?<=://)([^:@/]*):[^@/]*@", r"\1:****@", endpoint)


def _data_protection(call: Call) -> dict[str, str]:
    return kept(sns_backends[call.account_id][call.region], "data_protection_policies")


def _get_data_protection_policy(call: Call) -> Mapping[str, Any]:
    return {"DataProtectionPolicy": _data_protection(call).get(call.parameters["ResourceArn"], "")}


def _put_data_protection_policy(call: Call) -> Mapping[str, Any]:
    _data_protection(call)[call.parameters["ResourceArn"]] = call.parameters["DataProtectionPolicy"]
    return {}


HANDLERS: Handlers = {
    ("sns", "GetDataProtectionPolicy"): _get_data_protection_policy,
    ("sns", "PutDataProtectionPolicy"): _put_data_protection_policy,
    ("sns", "GetSubscriptionAttributes"): _get_subscription_attributes,
    ("sns", "ListSubscriptions"): _list_subscriptions,
    ("sns", "ListSubscriptionsByTopic"): _list_subscriptions,
}
