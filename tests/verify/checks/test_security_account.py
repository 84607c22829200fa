from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import put_central, put_log_groups
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.security_account import check_event_rule, check_link, check_log_forwarding

Client = Callable[[str], Any]
BUS = "arn:aws:events:eu-west-1:999999999999:event-bus/security"
DESTINATION = "arn:aws:logs:eu-west-1:999999999999:destination:security"
OTHER = "arn:aws:logs:eu-west-1:999999999999:destination:other"
RULE = "windows-security-alarm-events"
ROLE = "windows-security-eu-west-1-alarm-events"
SUBSCRIPTION = "windows-security-central"


@pytest.fixture
def central(region_of: Callable[..., RegionPlan], client: Client, sink: str) -> RegionPlan:
    """A stack that sends everything to a security account, as deployed."""
    region = region_of(
        f"central: {{event_bus: '{BUS}', log_destination: '{DESTINATION}', oam_sink: '{sink}'}}"
    )
    put_log_groups(client("logs"), region)
    put_central(client, region)
    return region


def checks(region: RegionPlan, account: AccountAccess) -> Iterator[Check]:
    for check in (check_event_rule, check_log_forwarding, check_link):
        yield from check(region, account, Window(24))


def rule(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = check_event_rule(region, account, Window(24))
    return found


def link(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = check_link(region, account, Window(24))
    return found


def forwarding(region: RegionPlan, account: AccountAccess, group: str = "Security") -> Check:
    found = check_log_forwarding(region, account, Window(24))
    (only,) = (each for each in found if each.resource == f"{SUBSCRIPTION} of {group}")
    return only


def test_everything_as_deployed_is_in_order(central: RegionPlan, account: AccountAccess) -> None:
    found = list(checks(central, account))

    assert {each.name for each in found} == {"event rule", "subscription filter", "link"}
    assert {each.status for each in found} == {Status.OK}


def test_a_stack_without_a_security_account_is_not_asked(region: RegionPlan, account: AccountAccess) -> None:
    assert list(checks(region, account)) == []


def test_a_rule_that_is_switched_off_is_found(
    aws: LocalAws, central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("events").disable_rule(Name=RULE)

    found = rule(central, account)

    assert (found.resource, found.status) == (RULE, Status.FAILED)
    assert f"is disabled, so {BUS} receives no alarm" in found.message
    follow(aws, central, found.message)
    assert rule(central, account).status is Status.OK


def test_a_rule_that_does_not_exist_is_found(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("events").remove_targets(Rule=RULE, Ids=["central-event-bus"])
    client("events").delete_rule(Name=RULE)

    found = rule(central, account)

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_a_rule_without_its_target_is_found(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("events").remove_targets(Rule=RULE, Ids=["central-event-bus"])

    found = rule(central, account)

    assert found.status is Status.FAILED
    assert "sends to nowhere" in found.message


def test_a_rule_that_sends_elsewhere_is_found(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    (target,) = client("events").list_targets_by_rule(Rule=RULE)["Targets"]
    other = BUS.replace("security", "other")
    client("events").put_targets(Rule=RULE, Targets=[target | {"Arn": other}])

    found = rule(central, account)

    assert found.status is Status.FAILED
    assert f"sends to {other}, so {BUS}" in found.message


def test_a_rule_for_other_events_is_found(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("events").put_rule(Name=RULE, EventPattern='{"source": ["aws.ec2"]}')

    found = rule(central, account)

    assert found.status is Status.FAILED
    assert 'its event pattern is {"source": ["aws.ec2"]}' in found.message


def test_a_target_with_another_role_is_found(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    (target,) = client("events").list_targets_by_rule(Rule=RULE)["Targets"]
    client("events").put_targets(Rule=RULE, Targets=[target | {"RoleArn": f"{target['RoleArn']}-other"}])

    assert f"instead of the role {ROLE}" in rule(central, account).message


def test_a_role_that_may_no_longer_put_events_is_found(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("iam").delete_role_policy(RoleName=ROLE, PolicyName=ROLE)
    lacking = rule(central, account)
    assert lacking.status is Status.FAILED
    assert f"its role {ROLE}: lacks its inline policy" in lacking.message

    client("iam").delete_role(RoleName=ROLE)
    assert f"its role {ROLE}: does not exist" in rule(central, account).message


def test_a_subscription_filter_that_does_not_exist_is_found(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("logs").delete_subscription_filter(logGroupName="Security", filterName=SUBSCRIPTION)

    found = forwarding(central, account)

    assert found.status is Status.FAILED
    assert f"does not exist, so {DESTINATION} receives no event" in found.message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"destinationArn": OTHER}, f"sends to {OTHER} instead of {DESTINATION}"),
        ({"filterPattern": "4625"}, "sends only what matches 4625"),
    ],
)
def test_a_subscription_filter_that_sends_something_else_is_found(
    central: RegionPlan, account: AccountAccess, client: Client, changes: Any, said: str
) -> None:
    given = {"logGroupName": "Security", "filterName": SUBSCRIPTION, "filterPattern": ""}
    client("logs").put_subscription_filter(**given | {"destinationArn": DESTINATION} | changes)

    found = forwarding(central, account)

    assert found.status is Status.FAILED
    assert said in found.message


def test_a_log_group_that_does_not_exist_forwards_nothing(
    central: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("logs").delete_log_group(logGroupName="Security")

    assert forwarding(central, account).status is Status.FAILED


def test_a_link_that_does_not_exist_is_found(
    central: RegionPlan, account: AccountAccess, client: Client, sink: str
) -> None:
    (made,) = client("oam").list_links()["Items"]
    client("oam").delete_link(Identifier=made["Arn"])

    found = link(central, account)

    assert (found.resource, found.status) == (sink, Status.FAILED)
    assert "no link to it exists" in found.message


def test_a_link_that_shows_less_is_found(central: RegionPlan, account: AccountAccess, client: Client) -> None:
    (made,) = client("oam").list_links()["Items"]
    client("oam").update_link(
        Identifier=made["Arn"],
        ResourceTypes=["AWS::CloudWatch::Metric"],
        LinkConfiguration={"MetricConfiguration": {"Filter": "Namespace IN ('AWS/EC2')"}},
    )

    found = link(central, account)

    assert found.status is Status.FAILED
    assert "AWS::Logs::LogGroup is not shown" in found.message
    assert "MetricConfiguration is Namespace IN ('AWS/EC2') instead of Namespace IN (" in found.message
    assert "LogGroupConfiguration is not set instead of LogGroupName IN ('Security'" in found.message
