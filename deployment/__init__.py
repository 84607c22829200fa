"""Where and how strictly: the typed settings of accounts, and the loader of ``deployment.yaml``.

``load`` reads the file, ``resolve`` says what each account and region gets::

    for region in resolve(load("deployment.yaml")):
        print(region.stack_name, len(region.events))
"""

from catalog.audit_script import AuditMode
from deployment.adoption import Adoption
from deployment.associations import Association, Associations, ComplianceSeverity
from deployment.assume_role import AssumedRole, AssumeRole
from deployment.central import Central
from deployment.composite_alarm import Suppressor
from deployment.event_override import EventOverride
from deployment.loading import load, load_sound
from deployment.monitored_region import MonitoredRegion, PlannedAssociation, Topic
from deployment.names import Names
from deployment.notifications import Notifications, Protocol, Subscription, TopicLayout
from deployment.organization import Export, Member
from deployment.partitions import dns_suffix, partition, service_principal
from deployment.problem import DeploymentError, Problem
from deployment.resolution import resolve
from deployment.servers import OutputBucket, ServerPolicy, ServerRole
from deployment.settings import (
    Account,
    Deployment,
    Language,
    Organization,
    Rule,
    Settings,
    Unmatched,
)
from deployment.state import (
    Backend,
    CloudBackend,
    CloudState,
    LocalBackend,
    LocalState,
    S3Backend,
    S3State,
)
from deployment.variant import Variant

__all__ = [
    "Account",
    "Adoption",
    "Association",
    "Associations",
    "AssumeRole",
    "AssumedRole",
    "AuditMode",
    "Backend",
    "Central",
    "CloudBackend",
    "CloudState",
    "ComplianceSeverity",
    "Deployment",
    "DeploymentError",
    "EventOverride",
    "Export",
    "Language",
    "LocalBackend",
    "LocalState",
    "Member",
    "MonitoredRegion",
    "Names",
    "Notifications",
    "Organization",
    "OutputBucket",
    "PlannedAssociation",
    "Problem",
    "Protocol",
    "Rule",
    "S3Backend",
    "S3State",
    "ServerPolicy",
    "ServerRole",
    "Settings",
    "Subscription",
    "Suppressor",
    "Topic",
    "TopicLayout",
    "Unmatched",
    "Variant",
    "dns_suffix",
    "load",
    "load_sound",
    "partition",
    "resolve",
    "service_principal",
]
