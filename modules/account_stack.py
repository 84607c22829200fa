"""The stack of one account and region."""

from pathlib import Path

from cdktf import TerraformOutput, TerraformStack
from constructs import Construct

from deployment import RegionPlan
from modules.account_provider import AccountProvider
from modules.security_monitoring import SecurityMonitoring
from modules.state.state_backend import OUTPUT, add_state_backend


class AccountStack(TerraformStack):
    """Provider, state and monitoring of one account in one region, with what others need of it as outputs.

    Args:
        scope: The app.
        region: The account and region, from ``deployment.resolve``. The stack is called
            ``region.stack_name``.
        output: The folder in which cdktf runs terraform. Default: ``cdktf.out``.
    """

    def __init__(self, scope: Construct, region: RegionPlan, output: Path = OUTPUT) -> None:
        super().__init__(scope, region.stack_name)
        add_state_backend(self, region.state, output)
        AccountProvider(
            self,
            "provider",
            account_id=region.account_id,
            region=region.region_name,
            assume_role=region.assume_role,
            tags=region.settings.effective_tags,
        )
        self.monitoring = SecurityMonitoring(self, "monitoring", region=region)
        role = self.monitoring.server_role
        outputs = {
            "server_instance_profile": (
                role.instance_profile_name,
                "The instance profile to give to Windows servers",
            ),
            "server_role_needs": (
                None if role.instance_profile_name else role.needs,
                "What the existing role of the servers must be allowed",
            ),
            "log_groups": (
                {channel: group.name for channel, group in self.monitoring.log_groups.items()},
                "The log group of each Windows event log",
            ),
            "topic_arns": (
                {severity.value: topic.arn for severity, topic in self.monitoring.topics.items()},
                "The topic of each severity",
            ),
            "alarm_arns": (
                {key: one.alarm.arn for key, one in self.monitoring.alarms.items() if one.alarm}
                | {
                    f"{key}.{name}": alarm.arn
                    for key, one in self.monitoring.alarms.items()
                    for name, alarm in one.additional_alarms.items()
                }
                | self.monitoring.account_alarm_arns
                | {
                    key: region.arn("cloudwatch", f"alarm:{alarm.name}")
                    for key, alarm in self.monitoring.log_alarms.items()
                },
                "The alarm of each event, its additional alarms, the no-data alarm and the composite alarms",
            ),
        }
        for name, (value, description) in outputs.items():
            if value:
                TerraformOutput(self, name, value=value, description=description)
