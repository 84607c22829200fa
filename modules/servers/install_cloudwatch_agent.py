"""Installs the CloudWatch agent: AWS-ConfigureAWSPackage."""

from typing import Unpack

from constructs import Construct

from modules.servers.association import Association, AssociationArguments


class InstallCloudWatchAgent(Association):
    """Installs the CloudWatch agent on the servers.

    Each run uninstalls and reinstalls the package and so restarts the agent: an update in place does not
    exist for packages that AWS publishes. Run it seldom.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        version: The package's version, such as ``1.300071.0``; empty for the newest.
        arguments: As ``AssociationArguments``.
    """

    def __init__(
        self, scope: Construct, id: str, *, version: str = "", **arguments: Unpack[AssociationArguments]
    ) -> None:
        parameters = {
            "action": "Install",
            "installationType": "Uninstall and reinstall",
            "name": "AmazonCloudWatchAgent",
        }
        super().__init__(
            scope,
            id,
            document="AWS-ConfigureAWSPackage",
            parameters=parameters | ({"version": version} if version else {}),
            **arguments,
        )
