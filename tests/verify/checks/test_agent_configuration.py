import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from catalog import minified
from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import put_parameter
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.agent_configuration import check

Client = Callable[[str], Any]


def only(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = check(region, account, Window(24))
    return found


@pytest.mark.parametrize("settings", ["", "collection: levels\nhost_metrics: advanced"])
def test_the_derived_configuration_is_in_order(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client, settings: str
) -> None:
    region = region_of(settings)
    put_parameter(client("ssm"), region)

    found = only(region, account)

    assert (found.resource, found.status) == ("AmazonCloudWatch-windows-security", Status.OK)


def test_a_parameter_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    found = only(region, account)

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_an_event_id_that_is_not_shipped_is_named(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_parameter(client("ssm"), region)
    ssm = client("ssm")
    value = json.loads(ssm.get_parameter(Name=region.names.agent_parameter)["Parameter"]["Value"])
    entry = value["logs"]["logs_collected"]["windows_events"]["collect_list"][0]
    entry["event_ids"].remove(4720)
    put_parameter(ssm, region, minified(value))

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "logs.logs_collected.windows_events.collect_list[0].event_ids is [" in found.message


def test_a_configuration_made_by_hand_is_told_apart(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_parameter(client("ssm"), region, '{"logs": {}, "metrics": {"a": 1}}')

    message = only(region, account).message

    assert "logs.logs_collected is null instead of {" in message
    assert 'metrics is {"a": 1} instead of null' in message


def test_a_configuration_in_another_layout_is_the_same(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_parameter(client("ssm"), region)
    value = client("ssm").get_parameter(Name=region.names.agent_parameter)["Parameter"]["Value"]
    put_parameter(client("ssm"), region, json.dumps(json.loads(value), indent=1))

    assert only(region, account).status is Status.OK


def test_a_parameter_that_is_no_json_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_parameter(client("ssm"), region, "later")

    assert "is not JSON" in only(region, account).message


def test_a_policy_that_deletes_the_parameter_is_found_and_cured_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_parameter(client("ssm"), region)
    text = {"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2090-01-01T00:00:00Z"}}
    policy = {"PolicyText": json.dumps(text), "PolicyType": "Expiration", "PolicyStatus": "Pending"}
    name = region.names.agent_parameter
    live = client("ssm").get_parameter(Name=name)["Parameter"]
    # moto describes policies otherwise than AWS.
    with Stubber(account.client("ssm")) as stub:
        stub.add_response("get_parameter", {"Parameter": live})
        stub.add_response("describe_parameters", {"Parameters": [{"Name": name, "Policies": [policy]}]})
        found = only(region, account)

    assert found.status is Status.FAILED
    assert "is deleted by its own policy at 2090-01-01T00:00:00Z" in found.message
    assert follow(aws, region, found.message) == ["delete-parameter"]
    put_parameter(client("ssm"), region)
    assert only(region, account).status is Status.OK
