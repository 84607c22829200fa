"""SNS: an empty filter policy takes away the one that there was, where moto keeps it."""

import json
from collections.abc import Mapping
from typing import Any

from moto.sns.models import sns_backends

from local_aws.calls import Call, Handlers


def _get_subscription_attributes(call: Call) -> Mapping[str, Any] | None:
    backend = sns_backends[call.account_id][call.region]
    subscription = backend.subscriptions.get(call.parameters["SubscriptionArn"])
    if subscription and not json.loads(subscription.attributes.get("FilterPolicy") or "{}"):
        subscription.attributes.pop("FilterPolicy", None)
        subscription.attributes.pop("FilterPolicyScope", None)
    return None


HANDLERS: Handlers = {("sns", "GetSubscriptionAttributes"): _get_subscription_attributes}
