"""How AWS does it: the constructs, one a file, each usable by itself in another stack.

Import them from here: that also removes most of CDKTF's start-up time.
"""

from modules.app import fast_start

# Before anything below imports a class of the AWS provider.
fast_start.enable()

from deployment.resources.alarms import Combination
from modules.account_provider import AccountProvider
from modules.account_stack import AccountStack
from modules.alarms.composite_alarm import CompositeAlarm
from modules.alarms.dashboard import Dashboard
from modules.alarms.event_alarm import EventAlarm
from modules.alarms.log_alarm import LogAlarm
from modules.alarms.mute_rule import MuteRule
from modules.alarms.no_data_alarm import NoDataAlarm
from modules.alarms.saved_query import SavedQuery
from modules.encryption.encryption_key import EncryptionKey, ExistingKey
from modules.logs.event_log_group import EventLogGroup, ExistingLogGroup
from modules.logs.log_group_names import LogGroupNames
from modules.notifications.alarm_topic import AlarmTopic, ExistingTopic
from modules.notifications.chat_channel import ChatChannel
from modules.security_account.alarm_event_forwarding import AlarmEventForwarding
from modules.security_account.central_event_bus import CentralEventBus
from modules.security_account.central_topic import CentralTopic
from modules.security_account.log_forwarding import LogForwarding
from modules.security_account.observability_link import ObservabilityLink
from modules.security_monitoring import SecurityMonitoring
from modules.servers.agent_configuration_parameter import AgentConfigurationParameter
from modules.servers.associations import (
    ApplyAuditPolicy,
    ConfigureCloudWatchAgent,
    InstallCloudWatchAgent,
    UpdateEc2Config,
    UpdateSsmAgent,
    WatchServers,
)
from modules.servers.audit_policy_document import AuditPolicyDocument
from modules.servers.configuration_admin_role import ConfigurationAdminRole
from modules.servers.output_bucket import ExistingBucket, OutputBucket
from modules.servers.server_document import ServerDocument
from modules.servers.server_role import ServerRole
from modules.state.state_bucket import StateBucket
from modules.state.state_stack import StateStack

#: The former name of ``NoDataAlarm``, for stacks that import it.
SilenceAlarm = NoDataAlarm

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
    "ChatChannel",
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
    "LogAlarm",
    "LogForwarding",
    "LogGroupNames",
    "MuteRule",
    "NoDataAlarm",
    "ObservabilityLink",
    "OutputBucket",
    "SavedQuery",
    "SecurityMonitoring",
    "ServerDocument",
    "ServerRole",
    "SilenceAlarm",
    "StateBucket",
    "StateStack",
    "UpdateEc2Config",
    "UpdateSsmAgent",
    "WatchServers",
]
