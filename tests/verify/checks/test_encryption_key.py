from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from deployment.resources.encryption_key import key_id
from local_aws import LocalAws
from tests.verify.conftest import DEPLOYMENT
from tests.verify.deployed import clients, key_statements, put_key
from verify import Check, Status, Window
from verify.access.account import AccountAccess, enter
from verify.checks.encryption_key import check

Client = Callable[[str], Any]
ALIAS = "alias/windows-security"


def only(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = check(region, account, Window(24))
    return found


def test_the_deployments_key_is_in_order(region: RegionPlan, account: AccountAccess, client: Client) -> None:
    put_key(client("kms"), region)

    found = only(region, account)

    assert (found.resource, found.status) == (ALIAS, Status.OK)


def test_a_key_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    found = only(region, account)

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_a_key_that_is_disabled_is_found(region: RegionPlan, account: AccountAccess, client: Client) -> None:
    arn = put_key(client("kms"), region)
    client("kms").disable_key(KeyId=arn.rpartition("/")[2])

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "is Disabled" in found.message


def test_a_key_that_cloudwatch_logs_cannot_use_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    account_alone, _, cloudwatch, _ = key_statements(region)
    put_key(client("kms"), region, [account_alone, cloudwatch])

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "does not let logs.eu-west-1.amazonaws.com call kms:Decrypt" in found.message
    assert "for the log group Security" in found.message


def test_a_log_group_of_somebody_else_needs_nothing_of_the_key(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_key(client("kms"), region_of())

    assert only(region_of("existing_log_groups: {Security: /theirs}"), account).status is Status.OK


def test_a_log_group_that_the_key_is_not_for_is_named(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_key(client("kms"), region_of())
    region = region_of("collection: levels")

    message = only(region, account).message

    assert "for the log group System" in message
    assert "for the log group Security" not in message


@pytest.mark.parametrize(
    ("principal", "status"),
    [("logs.cn-north-1.amazonaws.com.cn", Status.OK), ("logs.cn-north-1.amazonaws.com", Status.FAILED)],
)
def test_in_china_cloudwatch_logs_has_the_name_of_its_partition(
    region_of: Callable[..., RegionPlan], aws: LocalAws, principal: str, status: Status
) -> None:
    region = region_of(text=DEPLOYMENT.replace("eu-west-1", "cn-north-1"))
    account_alone, of_logs, cloudwatch, event_rules = key_statements(region)
    statements = [account_alone, of_logs | {"Principal": {"Service": principal}}, cloudwatch, event_rules]
    put_key(clients(aws, region)("kms"), region, statements)

    assert only(region, enter(region)).status is status


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("", ALIAS),
        ("encryption: none", None),
        (
            "encryption: {key: 'arn:aws:kms:{region}:{account_id}:key/1'}",
            "arn:aws:kms:eu-west-1:111122223333:key/1",
        ),
    ],
)
def test_the_key_is_the_one_that_the_settings_name(
    region_of: Callable[..., RegionPlan], account: AccountAccess, settings: str, key: str | None
) -> None:
    region = region_of(settings)

    assert key_id(region) == key
    assert [each.resource for each in check(region, account, Window(24))] == ([key] if key else [])
