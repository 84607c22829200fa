"""The saved Logs Insights queries: one for each event."""

from dataclasses import dataclass

from catalog.derived.insights_query import insights_query
from catalog.model.security_event import SecurityEvent
from deployment.resolution.names import Names
from deployment.resolution.region_plan import RegionPlan


@dataclass(frozen=True, slots=True)
class SavedQuerySpec:
    """A saved query, in a folder for the event's family."""

    name: str
    query: str
    log_group_name: str


def saved_query_of(event: SecurityEvent, *, names: Names, log_group_name: str) -> SavedQuerySpec:
    """Return the saved query of one event."""
    return SavedQuerySpec(names.saved_query(event.family, event.key), insights_query(event), log_group_name)


def saved_queries(plan: RegionPlan) -> tuple[SavedQuerySpec, ...]:
    """Return the saved query of each event of a region."""
    groups = plan.log_groups
    return tuple(
        saved_query_of(event, names=plan.names, log_group_name=groups[event.channel]) for event in plan.events
    )
