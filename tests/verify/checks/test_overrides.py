"""What others change beside the deployment, without any resource being gone: found, and cured as advised.

Where a message says "apply the stack again", the test puts back what an apply would: an end-to-end test
applies it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deployment import RegionPlan
from deployment.resources.alarms import alarm_specs
from deployment.resources.log_alarms import LogAlarmSpec
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import (
    policy,
    published_by_alarms,
    put_alarm,
    put_association,
    put_event_rule,
    put_key,
    put_log_groups,
    put_metric_filters,
    put_roles,
    put_server_document,
    put_topic,
    ship,
    topic_arn,
)
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.stack import KINDS

Client = Callable[[str], Any]
Found = Callable[..., Check]
KEY = "user-account-created"
BUS = "arn:aws:events:eu-west-1:999999999999:event-bus/security"
RULE = "windows-security-alarm-events"
GROUP_ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:Security"


@pytest.fixture
def found(account: AccountAccess) -> Found:
    """Run one kind of check and return its row about a resource."""

    def run(region: RegionPlan, kind: str, resource: str) -> Check:
        (only,) = (
            each
            for each in KINDS[kind](region, account, Window(24))
            if each.resource == resource and each.name == kind
        )
        return only

    return run


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"EvaluationWindow": {"WallClockWindow": {}}}, "looks at whole hours or days only"),
        (
            {"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 60}},
            "does not fire for some time after each change",
        ),
    ],
    ids=["wall clock", "warm-up"],
)
def test_alarm_with_another_window_is_written_again_as_advised(
    aws: LocalAws, region: RegionPlan, client: Client, found: Found, setting: Any, said: str
) -> None:
    cloudwatch, name = client("cloudwatch"), region.names.alarm(KEY)
    put_alarm(cloudwatch, alarm_specs(region)[KEY], **setting)

    check = found(region, "alarm", name)

    assert check.status is Status.FAILED
    assert said in check.message
    assert check.message.endswith(", then apply the stack again")
    assert follow(aws, region, check.message) == ["disable-alarm-actions"]
    # A plan sees that, and an apply puts the whole alarm.
    message = found(region, "alarm", name).message
    assert "its actions are switched off; apply the stack again" in message
    assert "run 'aws" not in message
    put_alarm(cloudwatch, alarm_specs(region)[KEY], ActionsEnabled=True)
    assert found(region, "alarm", name).status is Status.OK


def test_log_alarm_that_was_changed_is_cured_by_deleting_its_stack(
    region_of: Callable[..., RegionPlan], client: Client, found: Found
) -> None:
    region = region_of("engine: log")
    spec = alarm_specs(region)[KEY]
    assert isinstance(spec, LogAlarmSpec)
    cure = (
        f"run 'aws cloudformation delete-stack --stack-name {spec.stack_name} --region eu-west-1', then run "
        f"'aws cloudformation wait stack-delete-complete --stack-name {spec.stack_name} --region eu-west-1', "
        "then apply the stack again"
    )
    assert found(region, "alarm", spec.name).message == f"does not exist: {cure}"

    put_alarm(client("cloudwatch"), spec, Threshold=7.0)
    assert f"Threshold is 7.0 instead of 1: {cure}" in found(region, "alarm", spec.name).message


@pytest.mark.parametrize("of_group", [False, True], ids=["of the account", "of the log group"])
def test_resource_policy_that_denies_servers_is_deleted_as_advised(
    aws: LocalAws, region: RegionPlan, client: Client, found: Found, of_group: bool
) -> None:
    logs = client("logs")
    put_log_groups(logs, region, put_key(client("kms"), region))
    ship(logs, "Security", "i-1", datetime.now(UTC))
    deny = {"Effect": "Deny", "Principal": "*", "Action": "logs:PutLogEvents", "Resource": f"{GROUP_ARN}:*"}
    scope = {"resourceArn": GROUP_ARN} if of_group else {}
    logs.put_resource_policy(policyName="theirs", policyDocument=policy(deny), **scope)

    check = found(region, "log group", "Security")

    assert check.status is Status.FAILED
    assert "the resource policy theirs does not let servers call logs:PutLogEvents: run" in check.message
    assert follow(aws, region, check.message) == ["delete-resource-policy"]
    assert found(region, "log group", "Security").status is Status.OK


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ({"Effect": "Allow", "Principal": {"Service": "route53.amazonaws.com"}}, Status.OK),
        ({"Effect": "Deny", "Principal": {"Service": "route53.amazonaws.com"}}, Status.OK),
        (
            {
                "Effect": "Deny",
                "Principal": "*",
                "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}},
            },
            Status.WARNING,
        ),
        (
            {
                "Effect": "Deny",
                "Principal": {"AWS": "arn:aws:iam::111122223333:role/windows-security-eu-west-1-server"},
            },
            Status.FAILED,
        ),
    ],
    ids=["a service allowed", "a service denied", "under a condition", "the servers' role"],
)
def test_resource_policy_is_judged_by_whom_it_denies(
    region: RegionPlan, client: Client, found: Found, statement: Any, status: Status
) -> None:
    logs = client("logs")
    put_log_groups(logs, region, put_key(client("kms"), region))
    ship(logs, "Security", "i-1", datetime.now(UTC))
    document = policy({"Action": "logs:*", "Resource": "*", **statement})
    logs.put_resource_policy(policyName="theirs", policyDocument=document)

    assert found(region, "log group", "Security").status is status


def test_log_group_of_another_class_is_deleted_as_advised(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client, found: Found
) -> None:
    region = region_of("encryption: none")
    client("logs").create_log_group(logGroupName="Security", logGroupClass="INFREQUENT_ACCESS")

    check = found(region, "log group", "Security")

    assert "its class is INFREQUENT_ACCESS, which takes no metric filters" in check.message
    assert "export what you need of it, run 'aws logs delete-log-group" in check.message
    assert "delete-log-group" in follow(aws, region, check.message)
    put_log_groups(client("logs"), region)
    assert found(region, "log group", "Security").status is not Status.FAILED


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            {"fieldSelectionCriteria": "@aws.region = 'eu-west-2'"},
            "sends only records whose fields it chooses",
        ),
        ({"applyOnTransformedLogs": True}, "sends transformed records"),
    ],
    ids=["chosen by fields", "transformed"],
)
def test_subscription_filter_that_sends_something_else_is_deleted_as_advised(
    aws: LocalAws,
    region_of: Callable[..., RegionPlan],
    client: Client,
    found: Found,
    sink: str,
    setting: Any,
    said: str,
) -> None:
    region = region_of(
        "encryption: none\ncentral: {log_destination: "
        "'arn:aws:logs:eu-west-1:999999999999:destination:security'}"
    )
    put_log_groups(client("logs"), region)
    given = {
        "logGroupName": "Security",
        "filterName": region.names.central_subscription,
        "filterPattern": "",
        "destinationArn": region.settings.central.log_destination,
    }
    client("logs").put_subscription_filter(**given, **setting)
    resource = f"{region.names.central_subscription} of Security"

    check = found(region, "subscription filter", resource)

    assert check.status is Status.FAILED
    assert said in check.message
    assert follow(aws, region, check.message) == ["delete-subscription-filter"]
    client("logs").put_subscription_filter(**given)
    assert found(region, "subscription filter", resource).status is Status.OK


@pytest.mark.parametrize(
    ("operation", "state", "commands"),
    [
        ("disable_key", "Disabled", ["enable-key"]),
        ("schedule_key_deletion", "PendingDeletion", ["cancel-key-deletion", "enable-key"]),
    ],
)
def test_key_that_is_not_enabled_is_enabled_as_advised(
    aws: LocalAws,
    region: RegionPlan,
    client: Client,
    found: Found,
    operation: str,
    state: str,
    commands: list[str],
) -> None:
    kms = client("kms")
    arn = put_key(kms, region)
    (topic, *_) = region.topics
    put_topic(client("sns"), region, topic.name, KmsMasterKeyId=arn)
    getattr(kms, operation)(KeyId=arn.rpartition("/")[2])
    resource = f"alias/{region.names.key_alias}"

    check = found(region, "encryption key", resource)

    assert check.status is Status.FAILED
    assert f"is {state}, so events and notifications are lost: run" in check.message
    of_topic = found(region, "topic", topic_arn(region, topic.name)).message
    assert f"its key {arn} is {state}: CloudWatch cannot publish" in of_topic
    assert follow(aws, region, check.message) == commands
    assert found(region, "encryption key", resource).status is Status.OK


def test_association_that_an_alarm_stops_is_deleted_as_advised(
    aws: LocalAws, region: RegionPlan, client: Client, found: Found
) -> None:
    ssm = client("ssm")
    put_server_document(ssm, region)
    put_association(ssm, region, "watch_servers", AlarmConfiguration={"Alarms": [{"Name": "maintenance"}]})
    (listed,) = ssm.list_associations()["Associations"]

    check = found(region, "association", listed["AssociationName"])

    assert check.status is Status.FAILED
    assert "stops while an alarm is in ALARM (AlarmConfiguration maintenance)" in check.message
    assert follow(aws, region, check.message) == ["delete-association"]
    put_association(ssm, region, "watch_servers")
    assert found(region, "association", listed["AssociationName"]).status is not Status.FAILED


@pytest.mark.parametrize("of", ["log alarms", "central rule"])
def test_policy_that_denies_a_service_what_it_needs_is_removed_as_advised(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client, found: Found, of: str
) -> None:
    region = region_of(f"engine: log\ncentral: {{event_bus: '{BUS}'}}")
    put_roles(client("iam"), region)
    put_event_rule(client, region, BUS)
    role, action, kind, resource = (
        (region.names.log_query_role, "logs:StartQuery", "role", region.names.log_query_role)
        if of == "log alarms"
        else (region.names.alarm_event_role, "events:PutEvents", "event rule", RULE)
    )
    assert found(region, kind, resource).status is Status.OK
    document = policy({"Effect": "Deny", "Action": action, "Resource": "*"})
    client("iam").put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=document)

    check = found(region, kind, resource)

    assert check.status is Status.FAILED
    assert f"does not let the service that assumes it call {action}: run" in check.message
    assert follow(aws, region, check.message) == ["delete-role-policy"]
    assert found(region, kind, resource).status is Status.OK


def lost(client: Client, namespace: str, name: str, dimensions: dict[str, str]) -> None:
    """Count one delivery that failed an hour ago."""
    datum = {
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Value": 1.0,
        "Timestamp": datetime.now(UTC) - timedelta(hours=1),
    }
    client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[datum])


def test_bus_that_refused_changes_of_alarms_is_found(
    region_of: Callable[..., RegionPlan], client: Client, found: Found
) -> None:
    region = region_of(f"central: {{event_bus: '{BUS}'}}")
    put_event_rule(client, region, BUS)
    lost(client, "AWS/Events", "FailedInvocations", {"RuleName": RULE})

    check = found(region, "event rule", RULE)

    assert check.status is Status.FAILED
    assert "EventBridge could not deliver 1 changes of alarms in the last 24 hours" in check.message
    assert f"the policy of {BUS} must let the account 111122223333 call events:PutEvents" in check.message


def test_topic_whose_messages_were_not_delivered_is_a_warning(
    region_of: Callable[..., RegionPlan], client: Client, found: Found
) -> None:
    region = region_of("encryption: none")
    (topic, *_) = region.topics
    put_topic(client("sns"), region, topic.name)
    arn = topic_arn(region, topic.name)
    assert found(region, "topic", arn).status is Status.OK
    lost(client, "AWS/SNS", "NumberOfNotificationsFailed", {"TopicName": topic.name})

    check = found(region, "topic", arn)

    assert check.status is Status.WARNING
    assert "SNS could not deliver 1 of its messages in the last 24 hours" in check.message


def test_foreign_metric_filter_that_counts_too_is_deleted_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    logs = client("logs")
    put_log_groups(logs, region, put_key(client("kms"), region))
    put_metric_filters(logs, region, KEY)
    (own,) = logs.describe_metric_filters(logGroupName="Security")["metricFilters"]
    logs.put_metric_filter(
        logGroupName="Security",
        filterName="theirs",
        filterPattern="4720",
        metricTransformations=own["metricTransformations"],
    )
    checks = KINDS["metric filter"]
    (check,) = (each for each in checks(region, account, Window(24)) if each.resource == "theirs")

    assert "so that records are counted twice" in check.message
    assert follow(aws, region, check.message) == ["delete-metric-filter"]
    assert "theirs" not in {each.resource for each in checks(region, account, Window(24))}


def test_data_protection_policy_that_refuses_messages_is_taken_away_as_advised(
    aws: LocalAws, region_of: Callable[..., RegionPlan], client: Client, found: Found
) -> None:
    region = region_of("encryption: none")
    (topic, *_) = region.topics
    arn = put_topic(client("sns"), region, topic.name)
    statement = {
        "DataDirection": "Inbound",
        "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/IpAddress"],
        "Operation": {"Deny": {}},
    }
    client("sns").put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=policy(statement))

    check = found(region, "topic", arn)

    assert check.status is Status.WARNING
    assert "its data protection policy refuses or masks messages with IpAddress" in check.message
    assert follow(aws, region, check.message) == ["put-data-protection-policy"]
    assert found(region, "topic", arn).status is Status.OK


def test_topic_of_others_whose_subscriptions_all_filter_is_found(
    region_of: Callable[..., RegionPlan], client: Client, found: Found
) -> None:
    arn = "arn:aws:sns:eu-west-1:111122223333:theirs"
    region = region_of("", notifications=f"topics: single\nexisting_topic: {arn}")
    sns = client("sns")
    sns.create_topic(Name="theirs")
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=published_by_alarms(arn, region)
    )
    subscribed = sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="soc@example.com")
    sns.set_subscription_attributes(
        SubscriptionArn=subscribed["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue='{"severity": ["high"]}',
    )
    assert "each subscription to it has a filter policy" in found(region, "topic", arn).message

    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="all@example.com")
    assert found(region, "topic", arn).status is Status.OK
