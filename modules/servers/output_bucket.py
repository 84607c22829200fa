"""The bucket that keeps what commands print on the servers."""

from dataclasses import dataclass

from cdktf import TerraformProvider
from constructs import Construct

from modules.state.private_bucket import PrivateBucket
from modules.terraform.providers import use_provider


class OutputBucket(Construct):
    """A private bucket for the output of associations, whose objects expire.

    Without it Systems Manager shows the last 2,500 characters of an output only.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The bucket's name, unique in the whole partition of AWS.
        prefix: The prefix of all objects, without a slash at its end.
        expiration_days: Days after which an output is deleted.
        kms_key_arn: A key to encrypt with, which the servers' role must be allowed to use; None for S3's own.
        force_destroy: Whether destroying the stack deletes the outputs too.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        prefix: str = "",
        expiration_days: int | None = 90,
        kms_key_arn: str | None = None,
        force_destroy: bool = True,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        bucket = PrivateBucket(
            self, "bucket", name=name, kms_key_arn=kms_key_arn, force_destroy=force_destroy
        )
        self.name = bucket.name
        self.arn = bucket.arn
        self.prefix = prefix
        bucket.expire("expire-output", prefix=prefix, days=expiration_days, old_version_days=1)


@dataclass(frozen=True)
class ExistingBucket:
    """A bucket that is managed elsewhere.

    Args:
        name: Its name.
        arn: Its ARN.
        prefix: The prefix of all objects, without a slash at its end.
    """

    name: str
    arn: str
    prefix: str = ""


Bucket = OutputBucket | ExistingBucket
