"""A security account's view of what monitoring keeps here."""

from collections.abc import Iterable

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.oam_link import (
    OamLink,
    OamLinkLinkConfiguration,
    OamLinkLinkConfigurationLogGroupConfiguration,
    OamLinkLinkConfigurationMetricConfiguration,
)
from constructs import Construct

from deployment.resources.security_account import link_of
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


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
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        sink_arn: str,
        log_group_names: Iterable[str],
        metric_namespaces: Iterable[str],
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = link_of(sink_arn, log_group_names=log_group_names, metric_namespaces=metric_namespaces)
        OamLink(
            self,
            "link",
            sink_identifier=spec.sink_arn,
            label_template=spec.label_template,
            resource_types=list(spec.resource_types),
            link_configuration=OamLinkLinkConfiguration(
                log_group_configuration=OamLinkLinkConfigurationLogGroupConfiguration(
                    filter=spec.log_group_filter
                ),
                metric_configuration=OamLinkLinkConfigurationMetricConfiguration(
                    filter=escape_template(spec.metric_filter)
                ),
            ),
        )
