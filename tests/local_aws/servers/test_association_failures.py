"""A server on which an association fails is named to the topic's recipients."""

import json
from typing import Any

import pytest

from deployment.aws.policies import policy_document
from deployment.resources.association_failures import association_failure_rule
from deployment.resources.topics import topic_statements
from local_aws import LocalAws
from local_aws.servers.state_manager import StateManager
from local_aws.servers.windows_server import WindowsServer
from tests.modules.synthesis import monitored_region

ACCOUNT, REGION = "111111111111", "ap-northeast-1"


def messages(server: LocalAws, *, exit_code: int, event_rules: bool = True) -> list[str]:
    """What a queue on the topic receives after one run on one server."""
    server.reset()
    spec = association_failure_rule(monitored_region())
    assert spec
    client = {name: server.client(name, ACCOUNT, REGION) for name in ("ssm", "sns", "sqs", "events")}
    queue = client["sqs"].create_queue(QueueName="soc")["QueueUrl"]
    topic = client["sns"].create_topic(Name=spec.topic_arn.rpartition(":")[2])["TopicArn"]
    assert topic == spec.topic_arn
    policy = policy_document(*topic_statements(topic, [ACCOUNT], REGION, event_rules=event_rules))
    client["sns"].set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    client["sns"].subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:soc")
    steps = [
        {"action": "aws:runPowerShellScript", "name": "x", "inputs": {"runCommand": [f"exit {exit_code}"]}}
    ]
    content = json.dumps({"schemaVersion": "2.2", "mainSteps": steps})
    client["ssm"].create_document(Name="doc", DocumentType="Command", Content=content)
    for name in ("ours", "another"):
        association: Any = client["ssm"].create_association(
            Name="doc", AssociationName=name, Targets=[{"Key": "tag:OS", "Values": [name]}]
        )["AssociationDescription"]
        if name == "ours":
            pattern = json.dumps(spec.pattern([association["AssociationId"]]))
            client["events"].put_rule(Name=spec.name, EventPattern=pattern)
    transformer = {"InputPathsMap": dict(spec.input_paths), "InputTemplate": spec.input_template}
    client["events"].put_targets(
        Rule=spec.name, Targets=[{"Id": spec.target_id, "Arn": topic, "InputTransformer": transformer}]
    )
    manager = StateManager(client["ssm"], ACCOUNT)
    for tag in ("ours", "another"):
        manager.run(WindowsServer(tags={"OS": tag}, node_id=f"i-{tag}"))
    received = client["sqs"].receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"])["Message"] for each in received]


def test_a_failed_association_reaches_the_queue_and_names_the_server(server: LocalAws) -> None:
    (message,) = messages(server, exit_code=1)
    assert message.startswith(
        "windows-security: an association has the status Failed on the server i-ours (account 111111111111"
    )
    assert "<" not in message


def test_a_successful_association_notifies_nobody(server: LocalAws) -> None:
    assert messages(server, exit_code=0) == []


def test_without_the_topics_consent_nothing_arrives(server: LocalAws) -> None:
    assert messages(server, exit_code=1, event_rules=False) == []


@pytest.mark.parametrize("status", ["Failed", "TimedOut", "Overdue", "AssociationRejected"])
def test_every_status_that_is_no_success_is_reported(status: str) -> None:
    spec = association_failure_rule(monitored_region())
    assert spec
    (condition,) = spec.pattern(["id"])["detail"]["status"]
    assert status not in condition["anything-but"]
