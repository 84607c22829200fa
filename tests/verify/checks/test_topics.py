import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deployment import RegionPlan
from tests.verify.conftest import Prepared
from tests.verify.deployed import (
    key_statements,
    policy,
    published_by_alarms,
    put_key,
    put_topic,
    topic_arn,
)
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.topics import check

Client = Callable[[str], Any]
HOUR = timedelta(hours=1)
MEDIUM = "arn:aws:sns:eu-west-1:111122223333:windows-security-medium"


@pytest.fixture
def sns(client: Client, region: RegionPlan, prepared: Prepared) -> Any:
    """SNS with every topic as deployed, encrypted with the deployment's key."""

    def put() -> None:
        key_arn = put_key(client("kms"), region)
        for topic in region.topics:
            put_topic(client("sns"), region, topic.name, KmsMasterKeyId=key_arn)

    prepared(str(region), put)
    return client("sns")


@pytest.fixture
def key(client: Client, region: RegionPlan) -> Callable[..., str]:
    """Make a customer managed key that lets CloudWatch do these things; return its ARN."""

    def make(*actions: str) -> str:
        *others, cloudwatch, _events = key_statements(region)
        allowed = [cloudwatch | {"Action": list(actions)}] if actions else []
        return str(client("kms").create_key(Policy=policy(*others, *allowed))["KeyMetadata"]["Arn"])

    return make


def topic_checks(region: RegionPlan, account: AccountAccess, end: datetime | None = None) -> dict[str, Check]:
    window = Window(24, end) if end else Window(24)
    return {each.resource: each for each in check(region, account, window) if each.name == "topic"}


def encrypt(sns: Any, key_id: str) -> None:
    sns.set_topic_attributes(TopicArn=MEDIUM, AttributeName="KmsMasterKeyId", AttributeValue=key_id)


def set_policy(sns: Any, document: str) -> None:
    sns.set_topic_attributes(TopicArn=MEDIUM, AttributeName="Policy", AttributeValue=document)


def test_topics_as_deployed_are_in_order(region: RegionPlan, account: AccountAccess, sns: Any) -> None:
    found = topic_checks(region, account)

    assert found.keys() == {topic_arn(region, topic.name) for topic in region.topics}
    assert {each.status for each in found.values()} == {Status.OK}
    expected = "alarms that call it: 5; confirmed subscriptions: 1; no delivery in the last 24 hours"
    assert found[MEDIUM].message == expected


def delivered(client: Client, metric: str, at: datetime) -> None:
    value = {"MetricName": metric, "Value": 1.0, "Timestamp": at}
    dimensions = [{"Name": "TopicName", "Value": "windows-security-medium"}]
    client("cloudwatch").put_metric_data(
        Namespace="AWS/SNS", MetricData=[{**value, "Dimensions": dimensions}]
    )


def test_last_delivery_and_failed_ones_are_reported(
    region: RegionPlan, account: AccountAccess, client: Client, sns: Any
) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for hours in (5, 3):
        delivered(client, "NumberOfNotificationsDelivered", now - timedelta(hours=hours))
    found = topic_checks(region, account, now)[MEDIUM]
    last = f"last delivery about {now - timedelta(hours=3):%Y-%m-%d %H:%M} UTC"
    assert (found.status, found.message.endswith(f"; {last}")) == (Status.OK, True)

    for hours in (2, 1):
        delivered(client, "NumberOfNotificationsFailed", now - timedelta(hours=hours))
    found = topic_checks(region, account, now)[MEDIUM]
    failed = f"2 of its messages in the last 24 hours, the last about {now - HOUR:%Y-%m-%d %H:%M} UTC"
    assert (found.status, failed in found.message) == (Status.WARNING, True)


def test_a_topic_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess, sns: Any) -> None:
    sns.delete_topic(TopicArn=MEDIUM)

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is Status.FAILED
    assert "does not exist, and 5 alarms notify nobody" in found.message


def test_a_topic_without_a_subscription_is_found(
    region: RegionPlan, account: AccountAccess, sns: Any
) -> None:
    for each in sns.list_subscriptions_by_topic(TopicArn=MEDIUM)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is Status.FAILED
    assert "5 alarms notify nobody: it has no subscription" in found.message


def test_a_policy_that_does_not_admit_cloudwatch_is_found(
    region: RegionPlan, account: AccountAccess, sns: Any
) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": MEDIUM}
    set_policy(sns, policy(statement | {"Action": "sns:Publish"}))

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is Status.FAILED
    assert "does not let cloudwatch.amazonaws.com publish for 5 of 5 alarms" in found.message


def test_a_policy_that_admits_the_alarms_of_another_account_only_is_found(
    region: RegionPlan, account: AccountAccess, sns: Any
) -> None:
    set_policy(sns, published_by_alarms(MEDIUM, region).replace("111122223333:alarm", "444455556666:alarm"))

    assert topic_checks(region, account)[MEDIUM].status is Status.FAILED


def test_the_policy_that_sns_gives_a_topic_admits_the_alarms_of_its_account(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    arn = client("sns").create_topic(Name="ours")["TopicArn"]
    client("sns").subscribe(TopicArn=arn, Protocol="email", Endpoint="soc@example.com")
    region = region_of(notifications=EXISTING_TOPIC)

    assert topic_checks(region, account)[arn].status is Status.OK


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Principal": "*"}, "sns:Publish"),
        ({"Principal": {"AWS": ["*"]}, "Action": ["sns:*"]}, "sns:Publish, sns:SetTopicAttributes, sns:Sub"),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, "sns:Publish"),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}, "sns:Publish"),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}, ""),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, ""),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, ""),
        ({"Principal": "*", "Effect": "Deny", "Action": "sns:Subscribe"}, ""),
    ],
)
def test_a_topic_that_is_open_to_everybody_is_a_warning(
    region: RegionPlan, account: AccountAccess, sns: Any, changes: Any, said: str
) -> None:
    deployed = json.loads(published_by_alarms(MEDIUM, region))["Statement"]
    further = {"Effect": "Allow", "Action": "sns:Publish", "Resource": MEDIUM}
    set_policy(sns, policy(*deployed, further | changes))

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is (Status.WARNING if said else Status.OK)
    assert f"lets any account call {said}" in found.message or not said


def test_the_key_of_aws_is_found(region: RegionPlan, account: AccountAccess, sns: Any) -> None:
    encrypt(sns, "alias/aws/sns")

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is Status.FAILED
    assert "AWS's own key alias/aws/sns: CloudWatch cannot publish" in found.message


@pytest.mark.parametrize(
    ("actions", "missing"),
    [((), "kms:Decrypt and kms:GenerateDataKey"), (("kms:Decrypt",), "call kms:GenerateDataKey")],
)
def test_a_key_whose_policy_does_not_let_cloudwatch_use_it_is_found(
    region: RegionPlan,
    account: AccountAccess,
    sns: Any,
    key: Callable[..., str],
    actions: tuple[str, ...],
    missing: str,
) -> None:
    encrypt(sns, key(*actions))

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is Status.FAILED
    assert missing in found.message


def test_a_key_that_is_disabled_is_found(
    region: RegionPlan, account: AccountAccess, sns: Any, client: Client, key: Callable[..., str]
) -> None:
    arn = key()
    encrypt(sns, arn)
    client("kms").disable_key(KeyId=arn.rpartition("/")[2])

    assert f"its key {arn} is Disabled" in topic_checks(region, account)[MEDIUM].message


def test_a_key_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess, sns: Any) -> None:
    encrypt(sns, "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000")

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_a_topic_that_is_not_encrypted_as_deployed_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, sns: Any
) -> None:
    encrypt(sns, "")

    found = topic_checks(region_of(), account)[MEDIUM]
    assert found.status is Status.FAILED
    assert "is not encrypted as deployed" in found.message

    assert topic_checks(region_of("encryption: none"), account)[MEDIUM].status is Status.OK


def test_a_topic_that_an_alarms_own_action_names_is_looked_at_as_well(
    region_of: Callable[..., RegionPlan], account: AccountAccess, sns: Any
) -> None:
    action = "arn:aws:sns:eu-west-1:111122223333:pager"
    region = region_of(f"events: {{user-account-created: {{actions: ['{action}']}}}}")

    assert "does not exist, and 1 alarms" in topic_checks(region, account)[action].message


EXISTING_TOPIC = "topics: single\nexisting_topic: arn:aws:sns:{region}:{account_id}:ours"


def test_a_topic_that_is_encrypted_with_another_key_is_found(
    region: RegionPlan, account: AccountAccess, client: Client, sns: Any
) -> None:
    other = client("kms").create_key(Policy=policy(*key_statements(region)))["KeyMetadata"]["Arn"]
    encrypt(sns, other)

    found = topic_checks(region, account)[MEDIUM]

    assert found.status is Status.FAILED
    assert f"is encrypted with {other} instead of arn:aws:kms:" in found.message
