"""SQS: a redrive policy is read back without the spaces that moto adds, since terraform compares the text."""

import json
from collections.abc import Mapping
from typing import Any

from moto.sqs.models import sqs_backends

from local_aws.calls import Call, Handlers


def _get_queue_attributes(call: Call) -> Mapping[str, Any] | None:
    backend = sqs_backends[call.account_id][call.region]
    name = call.parameters["QueueUrl"].rpartition("/")[2]
    if name not in backend.queues or not backend.queues[name].redrive_policy:
        return None
    attributes = backend.get_queue_attributes(name, call.parameters.get("AttributeNames", []))
    texts = {name: str(value) for name, value in attributes.items() if value is not None}
    if "RedrivePolicy" in texts:
        texts["RedrivePolicy"] = json.dumps(json.loads(texts["RedrivePolicy"]), separators=(",", ":"))
    return {"Attributes": texts}


HANDLERS: Handlers = {("sqs", "GetQueueAttributes"): _get_queue_attributes}
