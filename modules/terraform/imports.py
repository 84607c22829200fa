"""What was created manually and is adopted: terraform imports it, and changes it in place."""

from collections.abc import Mapping

from cdktf import TerraformResourceLifecycle

from catalog import Severity
from deployment import RegionPlan
from modules.alarms.event_alarm import EventAlarm
from modules.logs.event_log_group import EventLogGroup, LogGroup
from modules.notifications.alarm_topic import AlarmTopic, Topic
from modules.servers.agent_configuration_parameter import AgentConfigurationParameter
from modules.servers.instance_role import InstanceRole


def import_adopted(
    region: RegionPlan,
    *,
    log_groups: Mapping[str, LogGroup],
    topics: Mapping[Severity, Topic],
    alarms: Mapping[str, EventAlarm],
    server_role: InstanceRole,
    agent_configuration: AgentConfigurationParameter,
) -> None:
    """Have terraform import what ``region.settings.adopt`` names, where the stack would otherwise create it.

    Each has its old name already, by ``region.names``: with another, terraform would replace it. What would
    have the same effect and is not known here, such as a role's path, stays as it is. What IAM or SNS accepts
    twice without an error (attached policies, subscriptions) needs no import.
    """
    adopted, names = region.settings.adopt, region.names
    for channel in adopted.log_groups:
        if isinstance(group := log_groups[channel], EventLogGroup):
            group.resource.import_from(region.log_groups[channel])

    topic_names = {severity: adopted.topic for severity in topics if adopted.topic} | dict(adopted.topics)
    for topic, name in {topics[severity]: name for severity, name in topic_names.items()}.items():
        if isinstance(topic, AlarmTopic):
            arn = region.arn("sns", name)
            topic.resource.import_from(arn)
            topic.policy.import_from(arn)

    for key, name in adopted.alarms.items():
        if alarm := alarms[key].alarm:
            alarm.import_from(name)
    for key, name in adopted.metric_filters.items():
        log_group = region.log_groups[alarms[key].event.channel]
        alarms[key].metric_filters[0].import_from(f"{log_group}:{name}")

    if adopted.server_role and server_role.role and server_role.instance_profile:
        server_role.role.import_from(names.server_role)
        server_role.role.lifecycle = TerraformResourceLifecycle(
            ignore_changes=["path", "permissions_boundary"]
        )
        if adopted.instance_profile:
            server_role.instance_profile.import_from(names.server_role)
            server_role.instance_profile.lifecycle = TerraformResourceLifecycle(ignore_changes=["path"])

    if adopted.parameter:
        agent_configuration.resource.import_from(names.agent_parameter)
