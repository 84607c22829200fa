"""The saved Logs Insights query of an event."""

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct

from catalog import SecurityEvent
from deployment import Names
from deployment.resources.saved_queries import saved_query_of
from modules.logs.event_log_group import LogGroup
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class SavedQuery(Construct):
    """Shows an event's records in the console: who, from where, on which host.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        event: The event to show.
        log_group: The log group of the event's channel.
        names: The names of the deployment; the query stands in a folder for the event's family.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        event: SecurityEvent,
        log_group: LogGroup,
        names: Names,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = saved_query_of(event, names=names, log_group_name=log_group.name)
        CloudwatchQueryDefinition(
            self,
            "query",
            name=spec.name,
            query_string=escape_template(spec.query),
            log_group_names=[spec.log_group_name],
        )
