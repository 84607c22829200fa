from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from deployment.aws.policies import policy_document
from deployment.resources.association_failures import association_failure_rule
from deployment.resources.topics import topic_statements
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import put_association, put_failure_rule, put_key, put_server_document
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.associations import check_failures

Client = Callable[[str], Any]
RULE = "windows-security-association-failures"


@pytest.fixture
def reported(region_of: Callable[..., RegionPlan], client: Client) -> RegionPlan:
    """A stack with the rule as deployed."""
    region = region_of("encryption: none")
    spec = association_failure_rule(region)
    assert spec
    put_association(client("ssm"), region, "update_ssm_agent")
    client("sns").create_topic(Name=spec.topic_arn.rpartition(":")[2])
    let_publish(client, region, event_rules=True)
    put_failure_rule(client, region)
    return region


def let_publish(client: Client, region: RegionPlan, *, event_rules: bool) -> None:
    spec = association_failure_rule(region)
    assert spec
    statements = topic_statements(
        spec.topic_arn, [region.account_id], region.region_name, event_rules=event_rules
    )
    client("sns").set_topic_attributes(
        TopicArn=spec.topic_arn, AttributeName="Policy", AttributeValue=policy_document(*statements)
    )


def the_check(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = check_failures(region, account, Window(24))
    return found


def test_the_rule_as_deployed_is_in_order(reported: RegionPlan, account: AccountAccess) -> None:
    found = the_check(reported, account)
    assert (found.resource, found.status) == (RULE, Status.OK)


def test_a_rule_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    assert the_check(region, account).message.startswith("does not exist")


def test_a_disabled_rule_is_found_and_enabled_as_advised(
    aws: LocalAws, reported: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("events").disable_rule(Name=RULE)
    found = the_check(reported, account)
    assert found.status is Status.FAILED
    assert follow(aws, reported, found.message) == ["enable-rule"]
    assert the_check(reported, account).status is Status.OK


def test_an_association_that_the_rule_does_not_report_is_found(
    reported: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_server_document(client("ssm"), reported)
    put_association(client("ssm"), reported, "watch_servers")
    assert "does not report windows-security-watch-servers" in the_check(reported, account).message


def test_a_topic_that_refuses_event_rules_is_found(
    reported: RegionPlan, account: AccountAccess, client: Client
) -> None:
    let_publish(client, reported, event_rules=False)
    assert "does not let events.amazonaws.com publish" in the_check(reported, account).message


def test_a_target_with_another_text_is_found(
    reported: RegionPlan, account: AccountAccess, client: Client
) -> None:
    (target,) = client("events").list_targets_by_rule(Rule=RULE)["Targets"]
    del target["InputTransformer"]
    client("events").put_targets(Rule=RULE, Targets=[target])
    assert "another text" in the_check(reported, account).message


def test_a_target_that_fills_in_nothing_is_found(
    reported: RegionPlan, account: AccountAccess, client: Client
) -> None:
    (target,) = client("events").list_targets_by_rule(Rule=RULE)["Targets"]
    target["InputTransformer"]["InputPathsMap"] = {"account": "$.account"}
    client("events").put_targets(Rule=RULE, Targets=[target])

    found = the_check(reported, account)

    assert found.status is Status.FAILED
    assert "its target has another text than deployed" in found.message


def test_a_topic_whose_key_is_disabled_is_found_and_cured_as_advised(
    aws: LocalAws, reported: RegionPlan, account: AccountAccess, client: Client
) -> None:
    spec = association_failure_rule(reported)
    assert spec
    key = put_key(client("kms"), reported)
    client("sns").set_topic_attributes(
        TopicArn=spec.topic_arn, AttributeName="KmsMasterKeyId", AttributeValue=key
    )
    assert the_check(reported, account).status is Status.OK
    client("kms").disable_key(KeyId=key.rpartition("/")[2])

    found = the_check(reported, account)

    assert found.status is Status.FAILED
    assert f"its topic's key {key} is Disabled, so a failed association notifies nobody" in found.message
    assert follow(aws, reported, found.message) == ["enable-key"]
    assert the_check(reported, account).status is Status.OK
