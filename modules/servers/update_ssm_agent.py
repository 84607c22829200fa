"""Keeps the Systems Manager agent current: AWS-UpdateSSMAgent."""

from typing import Unpack

from constructs import Construct

from modules.servers.association import Association, AssociationArguments


class UpdateSsmAgent(Association):
    """Updates the Systems Manager agent of the servers; for Windows Server 2016 and later."""

    def __init__(self, scope: Construct, id: str, **arguments: Unpack[AssociationArguments]) -> None:
        super().__init__(
            scope, id, document="AWS-UpdateSSMAgent", parameters={"allowDowngrade": "false"}, **arguments
        )
