"""Where and how strictly: the typed settings of accounts, and the loader of ``deployment.yaml``.

``load`` reads the file, ``resolve`` says what each account and region gets::

    for region in resolve(load("deployment.yaml")):
        print(region.stack_name, len(region.events))
"""

from deployment.adoption import Adoption
from deployment.associations import Association, Associations, ComplianceSeverity
from deployment.assume_role import AssumedRole, AssumeRole
from deployment.central import Central
from deployment.event_override import EventOverride
from deployment.loading import load
from deployment.monitored_region import MonitoredRegion, Topic
from deployment.names import Names, partition
from deployment.notifications import Notifications, Protocol, Subscription, TopicLayout
from deployment.problem import DeploymentError, Problem
from deployment.resolution import resolve
from deployment.servers import OutputBucket, ServerPolicy, ServerRole
from deployment.settings import Account, Deployment, Language, Settings
from deployment.state import (
    Backend,
    CloudBackend,
    CloudState,
    LocalBackend,
    LocalState,
    S3Backend,
    S3State,
)

__all__ = [
    "Account",
    "Adoption",
    "Association",
    "Associations",
    "AssumeRole",
    "AssumedRole",
    "Backend",
    "Central",
    "CloudBackend",
    "CloudState",
    "ComplianceSeverity",
    "Deployment",
    "DeploymentError",
    "EventOverride",
    "Language",
    "LocalBackend",
    "LocalState",
    "MonitoredRegion",
    "Names",
    "Notifications",
    "OutputBucket",
    "Problem",
    "Protocol",
    "S3Backend",
    "S3State",
    "ServerPolicy",
    "ServerRole",
    "Settings",
    "Subscription",
    "Topic",
    "TopicLayout",
    "load",
    "partition",
    "resolve",
]
