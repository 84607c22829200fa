"""The bucket that keeps what the associations print on the servers."""

from dataclasses import dataclass

from deployment.aws.policies import Statement
from deployment.resolution.region_plan import RegionPlan


@dataclass(frozen=True, slots=True)
class BucketSpec:
    """An S3 bucket with public access blocked, ACLs off, encryption on, versions kept, plain HTTP refused.

    Args:
        name: Its name.
        prefix: The prefix of the objects, without a slash at its end.
        expiration_days: After how many days an object is deleted; None: it is kept.
        existing: Whether somebody else manages it.
    """

    name: str
    prefix: str = ""
    expiration_days: int | None = None
    existing: bool = False


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
    return BucketSpec(plan.names.output_bucket, chosen.prefix, chosen.expiration_days)


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
