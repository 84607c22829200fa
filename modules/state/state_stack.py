"""The stack that makes an account's state bucket, before the stacks that keep their state there."""

from pathlib import Path

from cdktf import TerraformOutput, TerraformStack
from constructs import Construct

from deployment import RegionPlan
from deployment.settings import state
from modules.account_provider import AccountProvider
from modules.state.state_backend import OUTPUT, add_state_backend
from modules.state.state_bucket import StateBucket


class StateStack(TerraformStack):
    """A state bucket. Its own state is a local file: the bucket cannot keep it before it exists.

    Args:
        scope: The app.
        id: The stack's name.
        region: An account and region whose state goes to the bucket.
        backend: Where that state goes.
        output: The folder in which cdktf runs terraform. Default: ``cdktf.out``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        region: RegionPlan,
        backend: state.S3Backend,
        output: Path = OUTPUT,
    ) -> None:
        super().__init__(scope, id)
        add_state_backend(self, backend.bucket_state, output)
        AccountProvider(
            self,
            "provider",
            account_id=region.account_id,
            region=backend.region,
            assume_role=region.assume_role,
            tags=region.settings.effective_tags,
        )
        bucket = StateBucket(self, "state-bucket", name=backend.bucket, kms_key_arn=backend.kms_key_id)
        TerraformOutput(self, "state_bucket", value=bucket.name, description="The bucket of the states")
