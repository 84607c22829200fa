"""A security account's view of what monitoring keeps here."""

from collections.abc import Iterable

from cdktf_cdktf_provider_aws.oam_link import (
    OamLink,
    OamLinkLinkConfiguration,
    OamLinkLinkConfigurationLogGroupConfiguration,
    OamLinkLinkConfigurationMetricConfiguration,
)
from constructs import Construct

from modules.terraform.escape_template import escape_template


class ObservabilityLink(Construct):
    """A link to an Observability Access Manager sink, for named log groups and metric namespaces only.

    An account has one link to a sink. Alarms and queries of the sink's account can then use this account's
    metrics and log groups as if they were there.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        sink_arn: The sink, in the same region, whose policy admits the account.
        log_group_names: The log groups to show.
        metric_namespaces: The namespaces of the metrics to show.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        sink_arn: str,
        log_group_names: Iterable[str],
        metric_namespaces: Iterable[str],
    ) -> None:
        super().__init__(scope, id)
        OamLink(
            self,
            "link",
            sink_identifier=sink_arn,
            label_template="$AccountName",
            resource_types=["AWS::CloudWatch::Metric", "AWS::Logs::LogGroup"],
            link_configuration=OamLinkLinkConfiguration(
                log_group_configuration=OamLinkLinkConfigurationLogGroupConfiguration(
                    filter=f"LogGroupName IN ({_quoted(log_group_names)})"
                ),
                metric_configuration=OamLinkLinkConfigurationMetricConfiguration(
                    filter=escape_template(f"Namespace IN ({_quoted(metric_namespaces)})")
                ),
            ),
        )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
