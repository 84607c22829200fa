"""Every event of the log groups, sent to a security account's destination."""

from collections.abc import Mapping

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_log_subscription_filter import CloudwatchLogSubscriptionFilter
from constructs import Construct

from deployment.resources.security_account import SubscriptionFilterSpec
from modules.logs.event_log_group import LogGroup
from modules.terraform.providers import use_provider


class LogForwarding(Construct):
    """A subscription filter on each log group, without a pattern.

    A log group has two subscription filters at most (CloudWatch Logs quotas): this is one of them.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The name of the subscription filters.
        log_groups: The log groups, by channel.
        destination_arn: A destination of CloudWatch Logs in the same region, whose access policy admits the
            account. Behind it, in its own account, is a Kinesis or Firehose stream.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        log_groups: Mapping[str, LogGroup],
        destination_arn: str,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        for channel, group in log_groups.items():
            spec = SubscriptionFilterSpec(name, group.name, destination_arn)
            CloudwatchLogSubscriptionFilter(
                self,
                f"subscription-{channel}",
                name=spec.name,
                log_group_name=spec.log_group_name,
                filter_pattern=spec.pattern,
                destination_arn=spec.destination_arn,
                distribution=spec.distribution,
            )
