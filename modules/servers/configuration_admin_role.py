"""The role of a host on which somebody runs the agent's wizard by hand."""

from constructs import Construct

from deployment.settings.servers import AGENT_ADMIN_POLICY, SYSTEMS_MANAGER_POLICY
from modules.servers.instance_role import InstanceRole


class ConfigurationAdminRole(InstanceRole):
    """A role that may write agent configurations to Parameter Store; not for ordinary servers.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The role's and instance profile's name, at most 64 characters.
        region: The region of the stack, from which the partition follows.
    """

    def __init__(self, scope: Construct, id: str, *, name: str, region: str) -> None:
        super().__init__(
            scope,
            id,
            name=name,
            description="For the host on which the CloudWatch agent's configuration is written",
            region=region,
            managed_policies=(SYSTEMS_MANAGER_POLICY, AGENT_ADMIN_POLICY),
        )
