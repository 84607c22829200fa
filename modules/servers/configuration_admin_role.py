"""The role of a host on which the agent's wizard is run manually."""

from cdktf import TerraformProvider
from constructs import Construct

from deployment.resources.roles import configuration_admin_role_of
from modules.servers.instance_role import InstanceRole


class ConfigurationAdminRole(InstanceRole):
    """A role that may write agent configurations to Parameter Store; not for ordinary servers.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The role's and instance profile's name, at most 64 characters.
        region: The region of the stack, from which the partition follows.
        path: The path of the role and its instance profile. Default: /.
        permissions_boundary: The ARN of the role's permissions boundary. Default: none.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        region: str,
        path: str = "/",
        permissions_boundary: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        spec = configuration_admin_role_of(
            name=name, region=region, path=path, permissions_boundary=permissions_boundary
        )
        super().__init__(scope, id, spec=spec, region=region, provider=provider)
