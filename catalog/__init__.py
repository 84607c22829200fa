"""The catalog: which Windows security events matter, and the texts derived from each.

Pure data over the standard library: importing it loads nothing else.
"""

from catalog.derived.agent_configuration import Collection, HostMetrics, agent_configuration, minified
from catalog.derived.insights_query import insights_query
from catalog.errors import CatalogError, FilterPatternError, UnknownNameError
from catalog.events import EVENTS, event, pack
from catalog.events.object_access import object_handle_requested
from catalog.filter_pattern import matches
from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.audit_policy import AuditSubcategory, Outcome
from catalog.model.condition import Condition, Field, Markup, Operator
from catalog.model.prerequisite import Prerequisite
from catalog.model.provider import Provider
from catalog.model.security_event import Evidence, Family, Pack, SecurityEvent, Severity, Volume
from catalog.model.selection import Selection

__all__ = [
    "EVENTS",
    "AlarmDefaults",
    "AuditSubcategory",
    "CatalogError",
    "Collection",
    "Condition",
    "Evidence",
    "Family",
    "Field",
    "FilterPatternError",
    "HostMetrics",
    "Markup",
    "Operator",
    "Outcome",
    "Pack",
    "Prerequisite",
    "Provider",
    "SecurityEvent",
    "Selection",
    "Severity",
    "UnknownNameError",
    "Volume",
    "agent_configuration",
    "event",
    "insights_query",
    "matches",
    "minified",
    "object_handle_requested",
    "pack",
]
