"""The saved Logs Insights query of an event."""

from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct

from catalog import SecurityEvent
from catalog.derived.insights_query import insights_query
from deployment import Names
from modules.logs.event_log_group import LogGroup
from modules.terraform.escape_template import escape_template


class SavedQuery(Construct):
    """Shows an event's records in the console: who, from where, on which host.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        event: The event to show.
        log_group: The log group of the event's channel.
        names: The names of this instance; the query stands in a folder for the event's family.
    """

    def __init__(
        self, scope: Construct, id: str, *, event: SecurityEvent, log_group: LogGroup, names: Names
    ) -> None:
        super().__init__(scope, id)
        CloudwatchQueryDefinition(
            self,
            "query",
            name=names.saved_query(event.family, event.key),
            query_string=escape_template(insights_query(event)),
            log_group_names=[log_group.name],
        )
