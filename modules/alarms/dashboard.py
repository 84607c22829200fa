"""The dashboard of a region."""

from collections.abc import Mapping

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from deployment import RegionPlan
from deployment.resources.dashboard import dashboard_of
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class Dashboard(Construct):
    """A CloudWatch dashboard over one account and region: its alarms, their metrics, and what to do.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        region: The account and region, with its events.
        log_group_names: The name of each channel's log group.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        region: RegionPlan,
        log_group_names: Mapping[str, str],
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = dashboard_of(region, log_group_names)
        CloudwatchDashboard(
            self, "dashboard", dashboard_name=spec.name, dashboard_body=escape_template(spec.body)
        )
