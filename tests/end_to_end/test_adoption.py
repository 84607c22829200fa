"""What a team made by hand is taken over: nothing is destroyed, and nothing is made twice."""

import json
import time
from typing import Any

import pytest

from local_aws import LocalAws, Terraform, inventory
from tests.end_to_end.project import Project, deployment

ACCOUNT = "111111111111"
REGION = "eu-central-1"
STACK = "production-eu-central-1"
ROLE = "business-server"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
EVENT = "<Event><System><EventID>4625</EventID></System></Event>"

ADOPT = {
    "log_groups": ["Security", "System"],
    "topic": "security-mail",
    "server_role": ROLE,
    "parameter": "AmazonCloudWatch-windows",
    "alarms": {"logon-failed-network": "Windows-Logon-Fail"},
    "metric_filters": {"logon-failed-network": "Windows-Logon-Fail"},
}
IMPORTED = {
    "agent-configuration_parameter",
    "event-logon-failed-network_alarm",
    "event-logon-failed-network_metric-filter",
    "log-group-Security_log-group",
    "log-group-System_log-group",
    "server-role_instance-profile",
    "server-role",
    "topic_policy",
    "topic",
}

pytestmark = pytest.mark.usefixtures("one_provider")


class ByHand:
    """The manual procedure, followed in one account and region."""

    def __init__(self, aws: LocalAws) -> None:
        self.logs, self.sns, self.ssm, self.iam, self.cloudwatch = (
            aws.client(service, ACCOUNT, REGION) for service in ("logs", "sns", "ssm", "iam", "cloudwatch")
        )

    def follow(self) -> None:
        trust = document(Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})
        self.iam.create_policy(PolicyName="boundary", PolicyDocument=document(Action="*", Resource="*"))
        self.iam.create_role(
            RoleName=ROLE, Path="/servers/", AssumeRolePolicyDocument=trust, PermissionsBoundary=BOUNDARY
        )
        for policy in ("CloudWatchAgentServerPolicy", "AmazonSSMManagedInstanceCore"):
            self.iam.attach_role_policy(RoleName=ROLE, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
        self.iam.create_instance_profile(InstanceProfileName=ROLE, Path="/servers/")
        self.iam.add_role_to_instance_profile(InstanceProfileName=ROLE, RoleName=ROLE)
        self.ssm.put_parameter(Name="AmazonCloudWatch-windows", Value='{"logs": {}}', Type="String")

        for name, days in (("Security", 731), ("System", None)):
            self.logs.create_log_group(logGroupName=name)
            if days:
                self.logs.put_retention_policy(logGroupName=name, retentionInDays=days)
            self.logs.create_log_stream(logGroupName=name, logStreamName="i-1")
            self.logs.put_log_events(
                logGroupName=name,
                logStreamName="i-1",
                logEvents=[{"timestamp": int(time.time() * 1000), "message": EVENT}],
            )
        metric = {"metricName": "Windows-Logon-Fail", "metricNamespace": "LogMetrics", "metricValue": "1"}
        self.logs.put_metric_filter(
            logGroupName="Security",
            filterName="Windows-Logon-Fail",
            filterPattern='"<EventID>4625</EventID>"',
            metricTransformations=[metric],
        )
        topic = self.sns.create_topic(Name="security-mail")["TopicArn"]
        self.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="by-hand@example.com")
        self.cloudwatch.put_metric_alarm(
            AlarmName="Windows-Logon-Fail",
            Namespace="LogMetrics",
            MetricName="Windows-Logon-Fail",
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=[topic],
        )

    def messages(self, log_group: str) -> list[str]:
        """The events in a log group."""
        events = self.logs.get_log_events(logGroupName=log_group, logStreamName="i-1")["events"]
        return [event["message"] for event in events]

    def retention(self) -> dict[str, int | None]:
        """The days for which each log group keeps events; None for ever."""
        groups = self.logs.describe_log_groups()["logGroups"]
        return {group["logGroupName"]: group.get("retentionInDays") for group in groups}


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


@pytest.fixture(scope="module")
def by_hand(aws: LocalAws) -> ByHand:
    made = ByHand(aws)
    made.follow()
    return made


@pytest.fixture(scope="module")
def terraform(aws: LocalAws, by_hand: ByHand, shared_project: Project) -> Terraform:
    """The stack, initialized."""
    account: dict[str, Any] = {"id": ACCOUNT, "regions": [REGION], "adopt": ADOPT, "collection": "levels"}
    notifications = {
        "topics": "single",
        "subscriptions": [{"protocol": "email", "endpoint": "by-hand@example.com"}],
    }
    stacks = shared_project.synthesize(deployment({"production": account}, notifications=notifications))
    run = Terraform(stacks[STACK], aws.environment())
    run.init()
    return run


def test_a_plan_imports_everything_and_destroys_nothing(terraform: Terraform) -> None:
    changes = {
        change.address.partition(".monitoring_")[2].rpartition("_")[0]: change.actions
        for change in terraform.plan().changes
    }
    assert {name for name, actions in changes.items() if "import" in actions} == IMPORTED
    assert not [name for name, actions in changes.items() if "delete" in actions]
    assert not [name for name in IMPORTED if "create" in changes[name]]


def test_an_apply_keeps_what_was_there(terraform: Terraform, by_hand: ByHand, aws: LocalAws) -> None:
    before = inventory(aws, ACCOUNT, REGION)
    terraform.apply()
    after = inventory(aws, ACCOUNT, REGION)

    for kind, names in before.items():
        assert set(names) <= set(after[kind]), kind
    for kind in ("log groups", "topics", "subscriptions", "roles", "instance profiles", "parameters"):
        assert after[kind] == before[kind], kind
    assert by_hand.retention() == {"Security": 731, "System": None}
    assert by_hand.messages("Security") == by_hand.messages("System") == [EVENT]
    role = by_hand.iam.get_role(RoleName=ROLE)["Role"]
    assert role["Path"] == "/servers/"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY


def test_from_then_on_it_is_managed_here(terraform: Terraform, by_hand: ByHand) -> None:
    assert terraform.plan().is_empty
    (found,) = by_hand.logs.describe_metric_filters(filterNamePrefix="Windows-Logon-Fail")["metricFilters"]
    assert "LogonType" in found["filterPattern"]
    (alarm,) = by_hand.cloudwatch.describe_alarms(AlarmNames=["Windows-Logon-Fail"])["MetricAlarms"]
    assert alarm["Namespace"] == "WindowsSecurity"
    parameter = by_hand.ssm.get_parameter(Name="AmazonCloudWatch-windows")["Parameter"]
    assert (parameter["Type"], "windows_events" in parameter["Value"]) == ("String", True)


def test_a_destroy_leaves_the_log_groups_with_their_events(
    terraform: Terraform, by_hand: ByHand, aws: LocalAws
) -> None:
    terraform.destroy()

    left = {kind: names for kind, names in inventory(aws, ACCOUNT, REGION).items() if names}
    assert left == {"log groups": ["Security", "System"], "managed policies": ["boundary"]}
    assert by_hand.messages("Security") == by_hand.messages("System") == [EVENT]
