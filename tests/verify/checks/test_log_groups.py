import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import (
    key_statements,
    launch,
    policy,
    put_key,
    put_log_groups,
    put_role,
    ship,
)
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.log_groups import check

Client = Callable[[str], Any]
IDENTIFIER = "arn:aws:dataprotection::aws:data-identifier"
NOW = datetime.now(UTC)


def group_check(region: RegionPlan, account: AccountAccess, name: str = "Security", hours: int = 24) -> Check:
    found = [each for each in check(region, account, Window(hours)) if each.resource == name]
    (only,) = found
    return only


def test_a_log_group_that_takes_events_is_in_order(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    ship(client("logs"), "Security", "i-1/Security/0", NOW)
    ship(client("logs"), "Security", "i-1/Security/1", NOW)
    ship(client("logs"), "Security", "i-2", NOW)

    found = group_check(region, account)

    assert found.status is Status.OK
    assert "events of 2 servers arrived in the last 24 hours" in found.message


def test_a_log_group_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    found = group_check(region, account)

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_a_log_group_whose_name_only_begins_alike_does_not_count(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("logs").create_log_group(logGroupName="Security-of-others")

    assert "does not exist" in group_check(region, account).message


def test_a_class_that_takes_no_metric_filters_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    client("logs").create_log_group(logGroupName="Security", logGroupClass="INFREQUENT_ACCESS")

    found = group_check(region, account)

    assert found.status is Status.FAILED
    assert "class is INFREQUENT_ACCESS" in found.message


@pytest.mark.parametrize(
    ("days", "said"), [(30, "30 days instead of 365"), (None, "for ever instead of 365")]
)
def test_another_retention_is_found(
    region: RegionPlan, account: AccountAccess, client: Client, days: int | None, said: str
) -> None:
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    ship(client("logs"), "Security", "i-1", NOW)
    if days:
        client("logs").put_retention_policy(logGroupName="Security", retentionInDays=days)
    else:
        client("logs").delete_retention_policy(logGroupName="Security")

    found = group_check(region, account)

    assert found.status is Status.FAILED
    assert said in found.message


def test_an_adopted_log_group_may_keep_events_as_long_as_it_does(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("adopt: {log_groups: [Security]}")
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    ship(client("logs"), "Security", "i-1", NOW)
    client("logs").delete_retention_policy(logGroupName="Security")

    assert group_check(region, account).status is Status.OK


def test_a_log_group_of_somebody_else_is_encrypted_and_kept_as_they_like(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("existing_log_groups: {Security: /theirs}")
    client("logs").create_log_group(logGroupName="/theirs")
    ship(client("logs"), "/theirs", "i-1", NOW)

    assert group_check(region, account, "/theirs").status is Status.OK


def test_a_log_group_that_is_not_encrypted_as_deployed_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_log_groups(client("logs"), region_of())
    ship(client("logs"), "Security", "i-1", NOW)

    found = group_check(region_of(), account)
    assert found.status is Status.FAILED
    assert "is not encrypted as deployed" in found.message

    assert group_check(region_of("encryption: none"), account).status is Status.OK


@pytest.mark.parametrize("own", [True, False], ids=["a key made here", "a key of the settings"])
def test_a_log_group_that_is_encrypted_with_another_key_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client, own: bool
) -> None:
    kms, admitting = client("kms"), policy(*key_statements(region_of()))
    key, other = (str(kms.create_key(Policy=admitting)["KeyMetadata"]["Arn"]) for _ in range(2))
    region = region_of("" if own else f"encryption: {{key: '{key}'}}")
    if own:
        kms.create_alias(AliasName=f"alias/{region.names.key_alias}", TargetKeyId=key)
    put_log_groups(client("logs"), region, key)
    ship(client("logs"), "Security", "i-1", NOW)
    assert group_check(region, account).status is Status.OK

    client("logs").associate_kms_key(logGroupName="Security", kmsKeyId=other)

    found = group_check(region, account)
    assert found.status is Status.FAILED
    assert f"is encrypted with {other} instead of {key}" in found.message


def test_a_log_group_that_has_fallen_silent_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    ship(client("logs"), "Security", "i-1", NOW - timedelta(hours=30))

    found = group_check(region, account)

    assert found.status is Status.FAILED
    assert "the last event is of" in found.message
    assert group_check(region, account, hours=48).status is Status.OK


def test_silence_where_only_rare_events_are_watched_is_a_warning(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("events: {event-log-cleared: {enabled: true}}")
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    ship(client("logs"), "System", "i-1", NOW - timedelta(hours=30))

    found = group_check(region, account, "System")

    assert found.status is Status.WARNING
    assert "rare" in found.message


def test_silence_where_a_whole_event_log_is_shipped_is_a_failure(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels")
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    ship(client("logs"), "System", "i-1", NOW - timedelta(hours=30))

    assert group_check(region, account, "System").status is Status.FAILED


def test_a_server_whose_security_log_is_dead_is_found_though_its_system_log_arrives(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("collection: levels")
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    put_role(client("iam"), region.names.server_role, [])
    dead, well = launch(client("ec2"), region), launch(client("ec2"), region)
    ship(client("logs"), "Security", dead, NOW - timedelta(days=9))
    ship(client("logs"), "System", dead, NOW)
    for group in region.log_groups.values():
        ship(client("logs"), group, well, NOW)
    later = Window(24, NOW + timedelta(hours=3))

    found = {each.resource: each for each in check(region, account, later)}

    assert found["Security"].status is Status.OK
    assert found[dead].status is Status.FAILED
    assert "no event of Security has arrived" in found[dead].message
    assert found[well].status is Status.OK


def test_a_log_group_that_never_had_an_event_is_a_warning(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    client("logs").create_log_stream(logGroupName="Security", logStreamName="i-1")

    found = group_check(region, account)

    assert found.status is Status.WARNING
    assert "no server has ever shipped" in found.message


def test_more_streams_than_a_page_holds_are_all_seen(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_log_groups(client("logs"), region, put_key(client("kms"), region))
    for number in range(60):
        ship(client("logs"), "Security", f"i-{number}/Security/0", NOW)

    assert "events of 60 servers" in group_check(region, account).message


MASK = {
    "Version": "2021-06-01",
    "Statement": [
        {"DataIdentifier": [f"{IDENTIFIER}/IpAddress"], "Operation": {"Audit": {"FindingsDestination": {}}}},
        {"DataIdentifier": [f"{IDENTIFIER}/IpAddress"], "Operation": {"Deidentify": {"MaskConfig": {}}}},
    ],
}


@pytest.mark.parametrize("of_account", [False, True], ids=["of the log group", "of the account"])
def test_a_policy_that_masks_records_is_found_and_deleted_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, client: Client, of_account: bool
) -> None:
    logs, document = client("logs"), json.dumps(MASK)
    put_log_groups(logs, region, put_key(client("kms"), region))
    ship(logs, "Security", "i-1", NOW)
    if of_account:
        logs.put_account_policy(
            policyName="mask", policyType="DATA_PROTECTION_POLICY", policyDocument=document
        )
    else:
        logs.put_data_protection_policy(logGroupIdentifier="Security", policyDocument=document)

    found = group_check(region, account)

    assert found.status is Status.WARNING
    assert "masks IpAddress" in found.message
    follow(aws, region, found.message)
    assert group_check(region, account).status is Status.OK


@pytest.mark.parametrize(
    "settings",
    ["encryption: none", "adopt: {log_groups: [Security]}", "existing_log_groups: {Security: Security}"],
)
def test_a_log_group_whose_key_of_others_cannot_be_used_is_found(
    aws: LocalAws, region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client, settings: str
) -> None:
    region = region_of(settings)
    put_log_groups(client("logs"), region)
    key = client("kms").create_key(Policy=policy(*key_statements(region)))["KeyMetadata"]["Arn"]
    client("logs").associate_kms_key(logGroupName="Security", kmsKeyId=key)
    assert group_check(region, account).status is Status.WARNING  # nothing has been shipped
    client("kms").disable_key(KeyId=key.rpartition("/")[2])

    found = group_check(region, account)

    assert found.status is Status.FAILED
    assert f"its key {key} is Disabled, so no event can be written or read" in found.message
    assert follow(aws, region, found.message) == ["enable-key"]
    assert group_check(region, account).status is Status.WARNING
