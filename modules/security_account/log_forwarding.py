"""Every event of the log groups, sent to a security account's destination."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_log_subscription_filter import CloudwatchLogSubscriptionFilter
from constructs import Construct

from modules.logs.event_log_group import LogGroup

_EVERYTHING = ""


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
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        log_groups: Mapping[str, LogGroup],
        destination_arn: str,
    ) -> None:
        super().__init__(scope, id)
        for channel, group in log_groups.items():
            CloudwatchLogSubscriptionFilter(
                self,
                f"subscription-{channel}",
                name=name,
                log_group_name=group.name,
                filter_pattern=_EVERYTHING,
                destination_arn=destination_arn,
                # What one server ships stays in its order.
                distribution="ByLogStream",
            )
