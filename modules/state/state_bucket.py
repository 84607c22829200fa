"""The bucket that keeps terraform's states."""

from cdktf import TerraformProvider
from constructs import Construct

from modules.state.private_bucket import PrivateBucket

#: How long a version of a state can be gone back to.
OLD_VERSION_DAYS = 365


class StateBucket(PrivateBucket):
    """A versioned, encrypted, private bucket, which destroying its stack never empties.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The bucket's name, unique in the whole partition of AWS.
        kms_key_arn: A key to encrypt with; None for S3's own.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        kms_key_arn: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(
            scope, id, name=name, kms_key_arn=kms_key_arn, force_destroy=False, provider=provider
        )
        self.expire("expire-old-versions", old_version_days=OLD_VERSION_DAYS)
