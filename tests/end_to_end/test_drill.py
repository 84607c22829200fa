"""A stack that terraform has applied: an event goes in, a message comes out of a queue."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from local_aws import LocalAws, Terraform
from tests.end_to_end.project import REPOSITORY, Project, deployment

ACCOUNT, REGION, STACK = "111111111111", "eu-central-1", "bonn-eu-central-1"
QUEUE = "alarms"
DRILLED = "user-account-deleted"
# With a threshold above one: the drill must send as many records.
COUNTED = "logon-failed-network"
NOTIFICATIONS = {
    "subscriptions": [
        {"protocol": "sqs", "endpoint": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{QUEUE}"},
        {"protocol": "email", "endpoint": "security@example.com"},
    ]
}


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws(evaluate_every=0.5) as local_aws:
        yield local_aws


@pytest.fixture(scope="module")
def drill(aws: LocalAws, shared_project: Project) -> dict[str, Any]:
    """What the drill of two events reports, in a stack that terraform has applied."""
    stacks = shared_project.synthesize(
        deployment({"bonn": {"id": ACCOUNT, "regions": [REGION]}}, notifications=NOTIFICATIONS)
    )
    aws.client("sqs", ACCOUNT, REGION).create_queue(QueueName=QUEUE)
    terraform = Terraform(stacks[STACK], aws.environment())
    terraform.init()
    terraform.apply()
    run = subprocess.run(
        [
            *(sys.executable, "-m", "verify", "drill", DRILLED, COUNTED),
            *("--account", "bonn", "--yes", "--json", "--timeout", "60"),
        ],
        cwd=shared_project.folder,
        env={**os.environ, **aws.environment(), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return {each["key"]: each for each in json.loads(run.stdout)["drills"]}


def test_each_event_reaches_the_topic_with_the_records_that_its_alarm_asks_for(drill: dict[str, Any]) -> None:
    assert {key: each["records"] for key, each in drill.items()} == {DRILLED: 1, COUNTED: 10}
    assert all(each["seconds"]["published"] is not None for each in drill.values())


@pytest.mark.usefixtures("drill")
def test_the_messages_come_out_of_the_subscribed_queue(aws: LocalAws) -> None:
    sqs = aws.client("sqs", ACCOUNT, REGION)
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]

    bodies = [
        json.loads(message["Body"])
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    ]

    messages = [json.loads(body["Message"]) for body in bodies]
    states = {(each["AlarmName"], each["NewStateValue"]) for each in messages}
    prefix = f"windows-security-{ACCOUNT}-{REGION}-"
    assert {(f"{prefix}{key}", "ALARM") for key in (DRILLED, COUNTED)} <= states
    assert any("Severity: high" in each["AlarmDescription"] for each in messages)


@pytest.mark.usefixtures("drill")
def test_the_log_group_keeps_nothing_of_the_drill(aws: LocalAws) -> None:
    logs = aws.client("logs", ACCOUNT, REGION)

    assert logs.describe_log_streams(logGroupName="Security")["logStreams"] == []
