"""A log alarm: an alarm over a scheduled query of a log group's records."""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformProvider
from cdktf_cdktf_provider_aws.cloudformation_stack import CloudformationStack
from constructs import Construct

from deployment.resources.log_alarms import LogAlarmSpec
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class LogAlarm(Construct):
    """A log alarm, through CloudFormation: the AWS provider has no resource for it.

    A native resource would take the place of the stack here, and nowhere else.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        spec: The alarm.
        depends_on: What must exist before its first run: the policy of its role. Default: nothing.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        name: The alarm's name.
        stack: The CloudFormation stack that holds the alarm.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: LogAlarmSpec,
        depends_on: Sequence[ITerraformDependable] = (),
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        self.name = spec.name
        self.stack = CloudformationStack(
            self,
            "stack",
            name=spec.stack_name,
            template_body=escape_template(spec.template),
            depends_on=list(depends_on),
        )
