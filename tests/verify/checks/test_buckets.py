"""The buckets of a deployment, as deployed and changed by others."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from deployment.resources.buckets import refuse_plain_http
from tests.verify.deployed import policy, put_bucket
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.buckets import check

Client = Callable[[str], Any]


def the_check(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = check(region, account, Window(24))
    return found


def test_bucket_as_deployed_is_in_order(region: RegionPlan, account: AccountAccess, client: Client) -> None:
    put_bucket(client("s3"), region)
    found = the_check(region, account)
    assert (found.resource, found.status, found.message) == (
        region.names.output_bucket,
        Status.OK,
        "as deployed",
    )


def test_refusal_of_plain_http_may_be_written_otherwise(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_bucket(client("s3"), region)
    statement = {
        **refuse_plain_http(f"arn:aws:s3:::{region.names.output_bucket}"),
        "Principal": {"AWS": "*"},
        "Condition": {"Bool": {"aws:SecureTransport": ["false"]}},
    }
    # A single statement need not be in a list.
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    client("s3").put_bucket_policy(Bucket=region.names.output_bucket, Policy=document)

    assert the_check(region, account).status is Status.OK


def test_bucket_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    found = the_check(region, account)
    assert found.status is Status.FAILED
    assert found.message == (
        "does not exist, so what the associations print is lost: apply the stack production-eu-west-1 again"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s3, name: s3.delete_public_access_block(Bucket=name), "its public access is not blocked"),
        (lambda s3, name: s3.delete_bucket_policy(Bucket=name), "its policy does not refuse plain HTTP"),
        (
            lambda s3, name: s3.put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": "Suspended"}
            ),
            "it keeps no versions",
        ),
        (
            lambda s3, name: s3.delete_bucket_encryption(Bucket=name),
            "its encryption is None instead of aws:kms",
        ),
        (
            lambda s3, name: s3.delete_bucket_ownership_controls(Bucket=name),
            "it takes access control lists",
        ),
        (
            lambda s3, name: s3.put_bucket_policy(
                Bucket=name,
                Policy=policy(
                    refuse_plain_http(f"arn:aws:s3:::{name}"),
                    {"Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "*"},
                ),
            ),
            "its policy does not let servers call s3:PutObject, so that what they print is lost",
        ),
        (
            lambda s3, name: s3.put_bucket_policy(
                Bucket=name,
                Policy=policy(
                    refuse_plain_http(f"arn:aws:s3:::{name}"),
                    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
                ),
            ),
            "its policy lets anybody read it",
        ),
    ],
    ids=["public access", "plain HTTP", "versions", "encryption", "ownership", "servers denied", "open"],
)
def test_bucket_that_was_changed_is_found(
    region: RegionPlan,
    account: AccountAccess,
    client: Client,
    change: Callable[[Any, str], None],
    said: str,
) -> None:
    put_bucket(client("s3"), region)
    change(client("s3"), region.names.output_bucket)

    found = the_check(region, account)

    assert found.status is Status.FAILED
    assert found.message == f"{said}: apply the stack production-eu-west-1 again"


def test_bucket_of_others_must_exist_and_take_the_output(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("output_bucket: {existing: theirs, prefix: windows}")
    assert the_check(region, account).message.endswith("is lost: create it")

    place = {"LocationConstraint": "eu-west-1"}
    client("s3").create_bucket(Bucket="theirs", CreateBucketConfiguration=place)
    assert the_check(region, account).status is Status.OK

    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::theirs/windows/*"}
    client("s3").put_bucket_policy(Bucket="theirs", Policy=policy(deny))
    assert "does not let servers call s3:PutObject" in the_check(region, account).message


def test_state_bucket_that_the_deployment_makes_is_looked_at(
    region_of: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    region = region_of("output_bucket: none\nstate: {type: s3}")
    found = the_check(region, account)
    assert found.resource == "windows-security-state-111122223333-eu-west-1"
    assert found.message == (
        "does not exist, so no apply finds its state: apply the stack production-eu-west-1-state again"
    )


def test_state_bucket_of_others_is_not_looked_at(
    region_of: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    region = region_of("output_bucket: none\nstate: {type: s3, create_bucket: false}")
    assert list(check(region, account, Window(24))) == []
