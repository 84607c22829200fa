"""An alarm mute rule: a time in which alarms notify nobody."""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformProvider
from cdktf_cdktf_provider_aws.cloudformation_stack import CloudformationStack
from constructs import Construct

from deployment.resources.mute_rules import MuteRuleSpec
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class MuteRule(Construct):
    """An alarm mute rule, through CloudFormation: the AWS provider 5 has no resource for it.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        spec: The rule.
        depends_on: The alarms that it names, which must exist.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        stack: The CloudFormation stack that holds the rule.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: MuteRuleSpec,
        depends_on: Sequence[ITerraformDependable],
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        self.stack = CloudformationStack(
            self,
            "stack",
            name=spec.stack_name,
            template_body=escape_template(spec.template),
            depends_on=list(depends_on),
        )
