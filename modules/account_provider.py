"""The AWS provider of one account and region."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderAssumeRole, AwsProviderDefaultTags
from constructs import Construct

from deployment.settings.assume_role import AssumedRole


class AccountProvider(Construct):
    """A provider that can change the one account it is meant for, and no other.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        account_id: The account's 12 digits; with credentials of any other account terraform stops.
        region: The region of everything in the stack.
        assume_role: The role to assume in the account; None to use the caller's credentials as they are.
        tags: Tags for every resource that can have some.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        account_id: str,
        region: str,
        assume_role: AssumedRole | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        role = (
            [
                AwsProviderAssumeRole(
                    role_arn=assume_role.arn,
                    external_id=assume_role.external_id,
                    session_name=assume_role.session_name,
                )
            ]
            if assume_role
            else None
        )
        self.provider = AwsProvider(
            self,
            "aws",
            region=region,
            allowed_account_ids=[account_id],
            # The deployment checks names; the provider knows no region that is newer than it.
            skip_region_validation=True,
            assume_role=role,
            default_tags=[AwsProviderDefaultTags(tags=dict(tags))] if tags else None,
        )
