"""A stack that terraform has applied: an event goes in, a message comes out of a queue."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from local_aws import LocalAws, Terraform, inventory
from tests.end_to_end.project import DEFAULTS, REPOSITORY, Project, deployment
from verify.drill.plan import COMPUTER

ACCOUNT, REGION, STACK = "111111111111", "eu-central-1", "bonn-eu-central-1"
QUEUE = "alarms"
DRILLED = "user-account-deleted"
# With a threshold above one: the drill must send as many records.
COUNTED = "logon-failed-network"
# With the log engine: the message names the server and the account.
LOGGED = "user-account-created"
# A rule of the example with Sigma rules: its record is the sample beside it.
OF_A_RULE = "sigma-archive-of-a-share-with-a-password"
RULES = REPOSITORY / "examples" / "sigma_rules" / "rules"
NOTIFICATIONS = {
    "subscriptions": [
        {"protocol": "sqs", "endpoint": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{QUEUE}"},
        {"protocol": "email", "endpoint": "security@example.com"},
    ]
}

pytestmark = pytest.mark.usefixtures("one_provider")


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws(evaluate_every=0.5) as local_aws:
        yield local_aws


@pytest.fixture(scope="module")
def drill(aws: LocalAws, shared_project: Project) -> dict[str, Any]:
    """What the drill of four events reports, in a stack that terraform has applied."""
    shutil.copytree(RULES, shared_project.folder / "rules")
    content = deployment(
        {"bonn": {"id": ACCOUNT, "regions": [REGION]}},
        notifications=NOTIFICATIONS,
        events={**DEFAULTS["events"], LOGGED: {"enabled": True, "engine": "log"}},
    )
    stacks = shared_project.synthesize({**content, "sigma": [{"rules": "rules/**/*.yml"}]})
    aws.client("sqs", ACCOUNT, REGION).create_queue(QueueName=QUEUE)
    terraform = Terraform(stacks[STACK], aws.environment())
    terraform.init()
    terraform.apply()
    run = subprocess.run(
        [
            *(sys.executable, "-m", "verify", "drill", DRILLED, COUNTED, LOGGED, OF_A_RULE),
            *("--account", "bonn", "--yes", "--json", "--timeout", "600"),
        ],
        cwd=shared_project.folder,
        env={**os.environ, **aws.environment(), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return {each["key"]: each for each in json.loads(run.stdout)["drills"]}


def test_each_event_reaches_the_topic_with_the_records_that_its_alarm_asks_for(drill: dict[str, Any]) -> None:
    assert {key: each["records"] for key, each in drill.items()} == {
        DRILLED: 1,
        COUNTED: 10,
        LOGGED: 1,
        OF_A_RULE: 1,
    }
    assert all(each["seconds"]["published"] is not None for each in drill.values())


def test_the_messages_come_out_of_the_subscribed_queue(aws: LocalAws, drill: dict[str, Any]) -> None:
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
    contributors = {
        each["AlarmName"]: each["AlarmContributorAttributes"]
        for each in messages
        if "AlarmContributorAttributes" in each
    }
    assert contributors[f"{prefix}log.{LOGGED}"] == drill[LOGGED]["contributor"]
    assert contributors[f"{prefix}log.{OF_A_RULE}"] == drill[OF_A_RULE]["contributor"]
    assert contributors[f"{prefix}log.{LOGGED}"]["Computer"] == COMPUTER
    assert contributors[f"{prefix}log.{LOGGED}"]["SubjectUserName"]


@pytest.mark.usefixtures("drill")
def test_the_rules_of_the_example_are_there(aws: LocalAws) -> None:
    found = inventory(aws, ACCOUNT, REGION)
    prefix = f"windows-security-{ACCOUNT}-{REGION}-"
    assert {
        f"{prefix}log.{OF_A_RULE}",
        f"{prefix}correlation.sigma-several-administrators-added-within-an-hour",
    } <= set(found["log alarms"])
    assert any("sigma-administrator-added" in name for name in found["metric filters"])


@pytest.mark.usefixtures("drill")
def test_the_log_group_keeps_nothing_of_the_drill(aws: LocalAws) -> None:
    logs = aws.client("logs", ACCOUNT, REGION)

    assert logs.describe_log_streams(logGroupName="Security")["logStreams"] == []
