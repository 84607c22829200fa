"""The example of a security account that receives every notification, and an account that sends them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from deployment import load, resolve
from deployment.permissions import PermissionRole
from local_aws import LocalAws, Terraform, inventory
from tests.end_to_end.disturbance import Disturbance
from tests.end_to_end.project import REPOSITORY, Project, deployment
from tests.end_to_end.provider import VARIABLE, running_provider
from tests.iam_calls import denied
from verify import Status, Window, verify

EXAMPLE = REPOSITORY / "examples" / "central_topic"
REGION = "eu-central-1"
ACCOUNT, SECURITY_ACCOUNT = "111111111111", "999999999999"
TOPIC = f"arn:aws:sns:{REGION}:{SECURITY_ACCOUNT}:windows-security-central"
BUS = f"arn:aws:events:{REGION}:{SECURITY_ACCOUNT}:event-bus/windows-security"
DESTINATION = f"arn:aws:logs:{REGION}:{SECURITY_ACCOUNT}:destination:windows-security"

pytestmark = pytest.mark.usefixtures("one_provider")


@pytest.fixture(scope="module")
def sink(aws: LocalAws) -> str:
    """What the example leaves to the security account: a sink, and a destination for logs."""
    logs = aws.client("logs", SECURITY_ACCOUNT, REGION)
    logs.put_destination(
        destinationName="windows-security",
        targetArn=f"arn:aws:kinesis:{REGION}:{SECURITY_ACCOUNT}:stream/windows-security",
        roleArn=f"arn:aws:iam::{SECURITY_ACCOUNT}:role/windows-security",
    )
    # The local AWS looks for a log group where a subscription names a destination.
    logs.create_log_group(logGroupName="windows-security")
    arn: str = aws.client("oam", SECURITY_ACCOUNT, REGION).create_sink(Name="windows-security")["Arn"]
    return arn


@pytest.fixture(scope="module")
def security(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's stack for the security account, synthesized in a copy of its folder."""
    folder = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("example") / "central_topic")
    run = subprocess.run(
        [sys.executable, "-O", "main.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return folder / "cdktf.out" / "stacks" / f"security-{REGION}"


@pytest.fixture(scope="module")
def member(shared_project: Project, sink: str) -> Path:
    """The stack of an account that reports as those of the example do, and by every other way as well."""
    account: dict[str, Any] = {
        "id": ACCOUNT,
        "regions": [REGION],
        "notifications": {
            "topics": "single",
            "existing_topic": TOPIC,
            "central_account": SECURITY_ACCOUNT,
            "subscriptions": [],
        },
        "central": {"event_bus": BUS, "log_destination": DESTINATION, "oam_sink": sink},
    }
    return shared_project.synthesize(deployment({"production": account}))[f"production-{REGION}"]


@pytest.fixture(scope="module")
def provider_there(aws: LocalAws) -> Iterator[Mapping[str, str]]:
    """The variables with which terraform acts in the security account, where a provider runs of its own."""
    environment = aws.environment(SECURITY_ACCOUNT)
    with running_provider(environment) as provider:
        yield {**environment, VARIABLE: provider}


@pytest.fixture(scope="module")
def applied(
    aws: LocalAws, security: Path, member: Path, provider_there: Mapping[str, str]
) -> list[Terraform]:
    """Both stacks, applied."""
    runs = [Terraform(security, provider_there), Terraform(member, aws.environment())]

    def apply(terraform: Terraform) -> None:
        terraform.init()
        terraform.apply()

    with ThreadPoolExecutor() as pool:
        list(pool.map(apply, runs))
    return runs


def test_a_second_plan_of_either_end_is_empty(applied: list[Terraform]) -> None:
    with ThreadPoolExecutor() as pool:
        assert all(plan.is_empty for plan in pool.map(Terraform.plan, applied))


def test_every_alarm_calls_the_topic_of_the_security_account(applied: list[Terraform], aws: LocalAws) -> None:
    alarms = aws.client("cloudwatch", ACCOUNT, REGION).describe_alarms()["MetricAlarms"]
    assert alarms
    assert all(alarm["AlarmActions"] == [TOPIC] for alarm in alarms)
    assert inventory(aws, ACCOUNT, REGION)["topics"] == []
    policy = json.loads(
        aws.client("sns", SECURITY_ACCOUNT, REGION).get_topic_attributes(TopicArn=TOPIC)["Attributes"][
            "Policy"
        ]
    )
    (statement,) = policy["Statement"]
    assert ACCOUNT in statement["Condition"]["StringEquals"]["aws:SourceAccount"]


def test_a_change_of_state_goes_to_the_bus_that_admits_the_account(
    applied: list[Terraform], aws: LocalAws
) -> None:
    events = aws.client("events", ACCOUNT, REGION)
    (rule,) = events.list_rules()["Rules"]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"] == BUS
    bus = aws.client("events", SECURITY_ACCOUNT, REGION).describe_event_bus(Name="windows-security")
    assert bus["Arn"] == BUS
    assert f"arn:aws:iam::{ACCOUNT}:root" in bus["Policy"]


def test_logs_and_metrics_are_sent_and_shown_to_the_security_account(
    applied: list[Terraform], aws: LocalAws, sink: str
) -> None:
    logs = aws.client("logs", ACCOUNT, REGION)
    (sent,) = logs.describe_subscription_filters(logGroupName="Security")["subscriptionFilters"]
    assert sent["destinationArn"] == DESTINATION
    oam = aws.client("oam", SECURITY_ACCOUNT, REGION)
    (link,) = oam.list_attached_links(SinkIdentifier=sink)["Items"]
    assert link["LinkArn"].split(":")[4] == ACCOUNT


def test_terraform_made_no_call_that_who_deploys_may_not_make(
    applied: list[Terraform], faults: Disturbance, shared_project: Project
) -> None:
    assert {"CreateLink", "PutTargets", "PutSubscriptionFilter"} <= {
        call.operation for call in faults.recorded if call.account_id == ACCOUNT
    }
    assert denied(faults.recorded, shared_project.plans(), PermissionRole.DEPLOY) == set()


def test_verify_finds_everything_as_it_was_applied(
    applied: list[Terraform], aws: LocalAws, shared_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment(ACCOUNT).items():
        monkeypatch.setenv(name, value)
    (region,) = resolve(load(shared_project.folder / "deployment.yaml"))

    found = list(verify(region, Window(1)))

    # The local AWS shows no key of another account, and nobody has subscribed there.
    assert {each.name for each in found if each.status is Status.FAILED} == {"topic"}
    right = {each.name for each in found if each.status is Status.OK}
    assert {"audit policy", "event rule", "subscription filter", "link", "dashboard", "saved query"} <= right
