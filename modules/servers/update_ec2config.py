"""Keeps EC2Config current on old servers: AWS-UpdateEC2Config."""

from typing import Unpack

from constructs import Construct

from modules.servers.association import Association, AssociationArguments


class UpdateEc2Config(Association):
    """Updates EC2Config, which carries the Systems Manager agent up to Windows Server 2012 R2 only."""

    def __init__(self, scope: Construct, id: str, **arguments: Unpack[AssociationArguments]) -> None:
        super().__init__(
            scope, id, document="AWS-UpdateEC2Config", parameters={"allowDowngrade": "false"}, **arguments
        )
