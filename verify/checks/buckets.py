"""The buckets: for the output of associations and for terraform's state, private, encrypted and versioned."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan, S3Backend
from deployment.resources.buckets import BucketSpec, output_bucket, state_bucket
from deployment.resources.roles import instance_roles, principals
from verify.access.account import AccountAccess
from verify.access.permissions import known_context
from verify.access.policy import denials, lets_everybody, listed
from verify.access.window import Window
from verify.result import Check, judged

#: How S3 says that a bucket, or one of its settings, does not exist.
_NO_BUCKET = ("404", "NoSuchBucket", "NotFound")
_NO_SETTING = (
    *("NoSuchPublicAccessBlockConfiguration", "OwnershipControlsNotFoundError", "NoSuchBucketPolicy"),
    "ServerSideEncryptionConfigurationNotFoundError",
)
#: Every setting of the public access block.
BLOCKED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the bucket for the output of associations, and that of the state if the deployment makes it."""
    if spec := output_bucket(region):
        lost = "so what the associations print is lost"
        yield _judged(region, account, spec, lost=lost, stack=region.stack_name)
    if isinstance(region.state, S3Backend) and (spec := state_bucket(region)):
        stack = f"{region.account}-{region.state.region}-state"
        yield _judged(region, account, spec, lost="so no apply finds its state", stack=stack)


def _judged(region: RegionPlan, account: AccountAccess, spec: BucketSpec, *, lost: str, stack: str) -> Check:
    s3 = account.client("s3")
    cure = "change it there" if spec.existing else f"apply the stack {stack} again"
    failures, warnings = [], []
    try:
        found = list(_problems(region, s3, spec))
    except ClientError as error:
        if error.response["Error"]["Code"] in _NO_BUCKET:
            advice = "create it" if spec.existing else cure
            failures.append(f"does not exist, {lost}: {advice}")
        else:
            warnings.append(f"cannot be read from here: {error}")
    else:
        failures += [f"{', '.join(found)}: {cure}"] if found else []
    return judged("bucket", spec.name, failures=failures, warnings=warnings, ok="as deployed")


def _problems(region: RegionPlan, s3: Any, spec: BucketSpec) -> Iterator[str]:
    """Yield what differs from the deployment; of a bucket of somebody else, only what keeps servers out."""
    policy = _read(s3.get_bucket_policy, spec, "Policy")
    document = json.loads(policy) if policy else {"Statement": []}
    if _denies_servers(document, region, spec):
        yield "its policy does not let servers call s3:PutObject, so that what they print is lost"
    if spec.existing:
        return
    arn = f"arn:{region.partition}:s3:::{spec.name}"
    if lets_everybody(document, action="s3:GetObject", resource=f"{arn}/*"):
        yield "its policy lets anybody read it"
    if not any(map(_refuses_plain_http, listed(document["Statement"]))):
        yield "its policy does not refuse plain HTTP"
    block = _read(s3.get_public_access_block, spec, "PublicAccessBlockConfiguration") or {}
    if not all(block.get(name) for name in BLOCKED):
        yield "its public access is not blocked"
    rules = (_read(s3.get_bucket_ownership_controls, spec, "OwnershipControls") or {}).get("Rules", [{}])
    if rules[0].get("ObjectOwnership") != "BucketOwnerEnforced":
        yield "it takes access control lists"
    encryption = _read(s3.get_bucket_encryption, spec, "ServerSideEncryptionConfiguration") or {}
    default = encryption.get("Rules", [{}])[0].get("ApplyServerSideEncryptionByDefault", {})
    algorithm = "aws:kms" if spec.encrypted else "AES256"
    if default.get("SSEAlgorithm") != algorithm:
        yield f"its encryption is {default.get('SSEAlgorithm')} instead of {algorithm}"
    if _read(s3.get_bucket_versioning, spec, "Status") != "Enabled":
        yield "it keeps no versions"


def _read(operation: Callable[..., Mapping[str, Any]], spec: BucketSpec, member: str) -> Any:
    """Return a setting of a bucket; None where it has none."""
    try:
        return operation(Bucket=spec.name).get(member)
    except ClientError as error:
        if error.response["Error"]["Code"] in _NO_SETTING:
            return None
        raise


def _denies_servers(document: Mapping[str, Any], region: RegionPlan, spec: BucketSpec) -> bool:
    if not spec.of_servers:
        return False
    servers, *_ = instance_roles(region)
    key = "/".join(filter(None, [spec.prefix, "i-1/output"]))
    found = denials(
        document,
        principals=principals(region, servers),
        action="s3:PutObject",
        resource=f"arn:{region.partition}:s3:::{spec.name}/{key}",
        context=known_context(region),
    )
    return "Deny" in found


def _refuses_plain_http(statement: Mapping[str, Any]) -> bool:
    is_plain = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport", [])
    is_for_all = statement.get("Principal") in ("*", {"AWS": "*"})
    return statement["Effect"] == "Deny" and is_for_all and listed(is_plain) == ["false"]
