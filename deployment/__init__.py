"""Where and how strictly: the typed settings of accounts, and the loader of ``deployment.yaml``.

``load_plan`` reads a file and says what each account and region gets::

    for region in load_plan("deployment.yaml").regions:
        print(region.stack_name, len(region.events))

``load`` returns its settings only, and ``resolve`` the plans of settings that were built in Python.
"""

from typing import TYPE_CHECKING

from cli.lazy import lazy_names

if TYPE_CHECKING:
    from catalog.derived.agent_scripts import ConfigurationMode
    from catalog.derived.audit_script import AuditMode
    from deployment.aws.partitions import dns_suffix, partition, service_principal
    from deployment.loading.deployment_file import load, load_plan
    from deployment.loading.deployment_plan import DeploymentPlan
    from deployment.plans import resolve
    from deployment.problem import DeploymentError, Problem
    from deployment.resolution.additional_alarm import AdditionalAlarm
    from deployment.resolution.names import Names
    from deployment.resolution.region_plan import RegionPlan, Topic
    from deployment.resources.chat import ChatChannelSpec
    from deployment.resources.documents import DocumentSpec
    from deployment.resources.log_alarms import LogAlarmSpec
    from deployment.resources.mute_rules import MuteRuleSpec
    from deployment.settings.account_alarms import Suppressor
    from deployment.settings.adoption import Adoption
    from deployment.settings.associations import Associations, AssociationSettings, ComplianceSeverity
    from deployment.settings.assume_role import AssumedRole, AssumeRole
    from deployment.settings.audit_policy import AbsentPath
    from deployment.settings.central import Central
    from deployment.settings.correlation import CorrelationOverride
    from deployment.settings.deployment import (
        Account,
        Deployment,
        Language,
        Organization,
        Rule,
        Settings,
        Unmatched,
    )
    from deployment.settings.event_override import EventOverride
    from deployment.settings.log_alarms import AlarmEngine, LogAlarmLayout, LogAlarmSettings
    from deployment.settings.mute import MutedAlarms, MuteSettings
    from deployment.settings.notifications import (
        ChatChannelSettings,
        Notifications,
        Protocol,
        SlackChannel,
        Subscription,
        TeamsChannel,
        TopicLayout,
    )
    from deployment.settings.organization import Export, Member
    from deployment.settings.servers import (
        AgentConfigurationSettings,
        OutputBucketSettings,
        ServerPolicy,
        ServerRoleSettings,
    )
    from deployment.settings.state import (
        Backend,
        CloudBackend,
        CloudState,
        LocalBackend,
        LocalState,
        S3Backend,
        S3State,
    )
else:
    __getattr__ = lazy_names(__name__)

__all__ = [
    "AbsentPath",
    "Account",
    "AdditionalAlarm",
    "Adoption",
    "AgentConfigurationSettings",
    "AlarmEngine",
    "AssociationSettings",
    "Associations",
    "AssumeRole",
    "AssumedRole",
    "AuditMode",
    "Backend",
    "Central",
    "ChatChannelSettings",
    "ChatChannelSpec",
    "CloudBackend",
    "CloudState",
    "ComplianceSeverity",
    "ConfigurationMode",
    "CorrelationOverride",
    "Deployment",
    "DeploymentError",
    "DeploymentPlan",
    "DocumentSpec",
    "EventOverride",
    "Export",
    "Language",
    "LocalBackend",
    "LocalState",
    "LogAlarmLayout",
    "LogAlarmSettings",
    "LogAlarmSpec",
    "Member",
    "MuteRuleSpec",
    "MuteSettings",
    "MutedAlarms",
    "Names",
    "Notifications",
    "Organization",
    "OutputBucketSettings",
    "Problem",
    "Protocol",
    "RegionPlan",
    "Rule",
    "S3Backend",
    "S3State",
    "ServerPolicy",
    "ServerRoleSettings",
    "Settings",
    "SlackChannel",
    "Subscription",
    "Suppressor",
    "TeamsChannel",
    "Topic",
    "TopicLayout",
    "Unmatched",
    "dns_suffix",
    "load",
    "load_plan",
    "partition",
    "resolve",
    "service_principal",
]
