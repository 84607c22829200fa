import json
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def sqs(client: Callable[[str], Any]) -> Any:
    return client("sqs")


def attributes(sqs: Any, name: str, *wanted: str) -> dict[str, str]:
    address = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found: dict[str, str] = sqs.get_queue_attributes(QueueUrl=address, AttributeNames=list(wanted))[
        "Attributes"
    ]
    return found


def test_a_redrive_policy_is_read_back_letter_by_letter(sqs: Any) -> None:
    sqs.create_queue(QueueName="dead")
    dead = attributes(sqs, "dead", "QueueArn")["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 4}, separators=(",", ":"))
    sqs.create_queue(QueueName="live", Attributes={"RedrivePolicy": policy})

    assert attributes(sqs, "live", "All")["RedrivePolicy"] == policy
    assert attributes(sqs, "live", "RedrivePolicy") == {"RedrivePolicy": policy}
    assert attributes(sqs, "live", "DelaySeconds") == {"DelaySeconds": "0"}


def test_a_queue_without_a_redrive_policy_has_none(sqs: Any) -> None:
    sqs.create_queue(QueueName="dead")

    assert "RedrivePolicy" not in attributes(sqs, "dead", "All")
