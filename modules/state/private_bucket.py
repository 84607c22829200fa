"""A bucket that is private, encrypted and reached over TLS only."""

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from deployment.aws.policies import policy_document
from deployment.resources.buckets import PUBLIC_ACCESS_BLOCK, refuse_plain_http
from modules.terraform.providers import use_provider

_UNFINISHED_UPLOAD_DAYS = 7


class PrivateBucket(Construct):
    """An S3 bucket with public access blocked, ACLs off, encryption on, versions kept, plain HTTP refused.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The bucket's name, unique in the whole partition of AWS.
        kms_key_arn: A key to encrypt with; None for S3's own (SSE-S3).
        force_destroy: Whether destroying the stack deletes the objects too. By default it refuses while
            the bucket holds any.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        kms_key_arn: str | None = None,
        force_destroy: bool = False,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        bucket = S3Bucket(self, "bucket", bucket=name, force_destroy=force_destroy)
        # The id is known only after the apply, so that each part below waits for the bucket.
        self.name: str = bucket.id
        self.arn: str = bucket.arn
        access = S3BucketPublicAccessBlock(
            self,
            "public-access-block",
            bucket=self.name,
            **PUBLIC_ACCESS_BLOCK,
        )
        S3BucketOwnershipControls(
            self,
            "ownership",
            bucket=self.name,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=self.name,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm="aws:kms" if kms_key_arn else "AES256", kms_master_key_id=kms_key_arn
                    ),
                    bucket_key_enabled=kms_key_arn is not None,
                )
            ],
        )
        S3BucketVersioningA(
            self,
            "versioning",
            bucket=self.name,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        S3BucketPolicy(
            self,
            "policy",
            bucket=self.name,
            policy=policy_document(refuse_plain_http(self.arn)),
            # S3 refuses two changes to one bucket's access at a time.
            depends_on=[access],
        )

    def expire(
        self, rule_id: str, *, prefix: str = "", days: int | None = None, old_version_days: int
    ) -> None:
        """Delete what has grown old, and uploads that were never finished.

        Args:
            rule_id: The name of the rule.
            prefix: The prefix of the objects, without a slash at its end; empty for all.
            days: Days after which an object is deleted; None to keep it.
            old_version_days: Days after which a version is deleted that is not the newest any more.
        """
        S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=self.name,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id=rule_id,
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix=f"{prefix}/" if prefix else "")],
                    expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=days)] if days else None,
                    noncurrent_version_expiration=[
                        S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                            noncurrent_days=old_version_days
                        )
                    ],
                    abort_incomplete_multipart_upload=[
                        S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                            days_after_initiation=_UNFINISHED_UPLOAD_DAYS
                        )
                    ],
                )
            ],
        )
