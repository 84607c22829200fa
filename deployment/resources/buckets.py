"""The buckets: of what the associations print on the servers, and of terraform's state."""

from dataclasses import dataclass

from deployment.aws.policies import Statement
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.state import S3Backend


@dataclass(frozen=True, slots=True)
class BucketSpec:
    """An S3 bucket with public access blocked, ACLs off, encryption on, versions kept, plain HTTP refused.

    Args:
        name: Its name.
        prefix: The prefix of the objects, without a slash at its end.
        expiration_days: After how many days an object is deleted; None: it is kept.
        existing: Whether somebody else manages it.
        encrypted: Whether a customer managed key encrypts it, rather than S3's own.
        of_servers: Whether the servers write to it.
    """

    name: str
    prefix: str = ""
    expiration_days: int | None = None
    existing: bool = False
    encrypted: bool = False
    of_servers: bool = True


#: Every setting of the public access block.
PUBLIC_ACCESS_BLOCK = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}


def output_bucket(plan: RegionPlan) -> BucketSpec | None:
    """Return the bucket for the output of the associations; None without one."""
    chosen = plan.settings.output_bucket
    if chosen is None:
        return None
    if chosen.existing:
        return BucketSpec(chosen.existing, chosen.prefix, existing=True)
    encrypted = plan.settings.encryption.customer_managed
    return BucketSpec(plan.names.output_bucket, chosen.prefix, chosen.expiration_days, encrypted=encrypted)


def state_bucket(plan: RegionPlan) -> BucketSpec | None:
    """Return the bucket of the state of a region's stack; None where the deployment makes none."""
    state = plan.state
    if not isinstance(state, S3Backend) or not state.create_bucket:
        return None
    return BucketSpec(state.bucket, encrypted=state.kms_key_id is not None, of_servers=False)


def refuse_plain_http(bucket_arn: str) -> Statement:
    """Return the statement of a bucket's policy that refuses plain HTTP."""
    return {
        "Sid": "RefusePlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
