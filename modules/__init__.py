"""How AWS does it: the constructs, one a file, each usable by itself in another stack.

Import them from here: that also removes most of CDKTF's start-up time.
"""

from modules import fast_start

# Before anything below imports a class of the AWS provider.
fast_start.enable()

from modules.account_provider import AccountProvider
from modules.account_stack import AccountStack
from modules.agent_configuration_parameter import AgentConfigurationParameter
from modules.alarm_event_forwarding import AlarmEventForwarding
from modules.alarm_topic import AlarmTopic, ExistingTopic
from modules.apply_audit_policy import ApplyAuditPolicy
from modules.audit_policy_document import AuditPolicyDocument
from modules.central_event_bus import CentralEventBus
from modules.central_topic import CentralTopic
from modules.composite_alarm import Combination, CompositeAlarm
from modules.configuration_admin_role import ConfigurationAdminRole
from modules.configure_cloudwatch_agent import ConfigureCloudWatchAgent
from modules.dashboard import Dashboard
from modules.encryption_key import EncryptionKey, ExistingKey
from modules.event_alarm import EventAlarm
from modules.event_log_group import EventLogGroup, ExistingLogGroup
from modules.install_cloudwatch_agent import InstallCloudWatchAgent
from modules.log_forwarding import LogForwarding
from modules.log_group_names import LogGroupNames
from modules.observability_link import ObservabilityLink
from modules.output_bucket import ExistingBucket, OutputBucket
from modules.saved_query import SavedQuery
from modules.security_monitoring import SecurityMonitoring
from modules.server_role import ServerRole
from modules.silence_alarm import SilenceAlarm
from modules.state_bucket import StateBucket
from modules.state_stack import StateStack
from modules.update_ec2config import UpdateEc2Config
from modules.update_ssm_agent import UpdateSsmAgent

__all__ = [
    "AccountProvider",
    "AccountStack",
    "AgentConfigurationParameter",
    "AlarmEventForwarding",
    "AlarmTopic",
    "ApplyAuditPolicy",
    "AuditPolicyDocument",
    "CentralEventBus",
    "CentralTopic",
    "Combination",
    "CompositeAlarm",
    "ConfigurationAdminRole",
    "ConfigureCloudWatchAgent",
    "Dashboard",
    "EncryptionKey",
    "EventAlarm",
    "EventLogGroup",
    "ExistingBucket",
    "ExistingKey",
    "ExistingLogGroup",
    "ExistingTopic",
    "InstallCloudWatchAgent",
    "LogForwarding",
    "LogGroupNames",
    "ObservabilityLink",
    "OutputBucket",
    "SavedQuery",
    "SecurityMonitoring",
    "ServerRole",
    "SilenceAlarm",
    "StateBucket",
    "StateStack",
    "UpdateEc2Config",
    "UpdateSsmAgent",
]
