"""The log group that receives one Windows event log."""

from dataclasses import dataclass

from cdktf import TerraformProvider, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.terraform.providers import use_provider


class EventLogGroup(Construct):
    """A log group of class STANDARD, the only one known to take metric filters.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The name that the agent's configuration gives as ``log_group_name``.
        retention_days: Days that CloudWatch Logs keeps the events; one of the values of PutRetentionPolicy.
            None leaves a log group the retention that it has: for ever, where it is new.
        kms_key_arn: A key whose policy admits CloudWatch Logs, in most regions ``logs.REGION.amazonaws.com``;
            None for the service's own.
        outlives_stack: Whether destroying the stack leaves the log group, with its events, in AWS. Without
            ``kms_key_arn`` it is left the encryption that it has.
        protected: Whether terraform refuses each plan that would delete it. AWS provider 5 does not know the
            deletion protection of CloudWatch Logs. Default: false.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        retention_days: int | None = 365,
        kms_key_arn: str | None = None,
        outlives_stack: bool = False,
        protected: bool = False,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        left = ["retention_in_days"] if retention_days is None else []
        left += ["kms_key_id"] if outlives_stack and not kms_key_arn else []
        self.resource = CloudwatchLogGroup(
            self,
            "log-group",
            name=name,
            retention_in_days=retention_days,
            kms_key_id=kms_key_arn,
            log_group_class="STANDARD",
            skip_destroy=outlives_stack or None,
            lifecycle=TerraformResourceLifecycle(
                ignore_changes=left or None, prevent_destroy=protected or None
            )
            if left or protected
            else None,
        )
        self.name: str = self.resource.name
        self.arn: str = self.resource.arn


@dataclass(frozen=True)
class ExistingLogGroup:
    """A log group that is managed elsewhere.

    Args:
        name: Its name.
        arn: Its ARN, without ``:*`` at the end.
    """

    name: str
    arn: str


LogGroup = EventLogGroup | ExistingLogGroup
