"""Gives the CloudWatch agent its configuration: AmazonCloudWatch-ManageAgent."""

from typing import Unpack

from constructs import Construct

from modules.servers.agent_configuration_parameter import AgentConfigurationParameter
from modules.servers.association import Association, AssociationArguments


class ConfigureCloudWatchAgent(Association):
    """Makes the agent fetch its configuration from Parameter Store and restart.

    Systems Manager does not notice that a parameter's value has changed. The association's name therefore
    carries a hash of the value: another configuration changes the association, which runs it again at once.
    It fails on a server until the agent is installed there, and mends itself on its schedule.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        configuration: The parameter that holds the configuration.
        arguments: As ``AssociationArguments``; nine characters are added to ``name``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        configuration: AgentConfigurationParameter,
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        arguments["name"] = f"{arguments['name']}-{configuration.content_hash}"
        super().__init__(
            scope,
            id,
            document="AmazonCloudWatch-ManageAgent",
            # Just the parameters that every published version of the document knows.
            parameters={
                "action": "configure",
                "mode": "ec2",
                "optionalConfigurationSource": "ssm",
                "optionalConfigurationLocation": configuration.name,
                "optionalRestart": "yes",
            },
            **arguments,
        )
