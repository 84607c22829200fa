"""The buckets: private, encrypted, TLS only."""

from collections.abc import Callable

import pytest
from constructs import Construct

from modules import OutputBucket, StateBucket
from tests.modules.synthesis import new_stack, policy, synthesized

BOTH = pytest.mark.parametrize("construct", [OutputBucket, StateBucket])
Bucket = Callable[..., Construct]


@BOTH
def test_a_bucket_is_closed_to_the_public_in_every_way(construct: Bucket) -> None:
    stack = new_stack()
    construct(stack, "bucket", name="b")
    written = synthesized(stack).one("aws_s3_bucket_public_access_block")
    names = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    assert all(written[name] is True for name in names)


@BOTH
def test_a_bucket_refuses_plain_http_for_itself_and_its_objects(construct: Bucket) -> None:
    stack = new_stack()
    construct(stack, "bucket", name="b")
    (statement,) = policy(synthesized(stack).one("aws_s3_bucket_policy")["policy"])
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(statement["Resource"]) == 2


@BOTH
@pytest.mark.parametrize(
    ("key", "algorithm"), [(None, "AES256"), ("arn:aws:kms:eu-west-1:1:key/k", "aws:kms")]
)
def test_a_bucket_is_encrypted_with_or_without_a_key(
    construct: Bucket, key: str | None, algorithm: str
) -> None:
    stack = new_stack()
    construct(stack, "bucket", name="b", kms_key_arn=key)
    (rule,) = synthesized(stack).one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"]["sse_algorithm"] == algorithm


@BOTH
def test_a_bucket_keeps_versions(construct: Bucket) -> None:
    stack = new_stack()
    construct(stack, "bucket", name="b")
    assert synthesized(stack).one("aws_s3_bucket_versioning")["versioning_configuration"] == {
        "status": "Enabled"
    }


def test_outputs_expire_below_their_prefix() -> None:
    stack = new_stack()
    OutputBucket(stack, "bucket", name="b", prefix="servers", expiration_days=30)
    (rule,) = synthesized(stack).one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["expiration"] == [{"days": 30}]
    assert rule["filter"] == [{"prefix": "servers/"}]


def test_old_versions_of_a_state_are_kept_for_a_year_and_the_state_for_ever() -> None:
    stack = new_stack()
    StateBucket(stack, "bucket", name="b")
    (rule,) = synthesized(stack).one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert "expiration" not in rule
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 365}]


def test_destroying_a_stack_never_empties_the_bucket_of_states() -> None:
    stack = new_stack()
    StateBucket(stack, "bucket", name="b")
    assert synthesized(stack).one("aws_s3_bucket").get("force_destroy", False) is False
