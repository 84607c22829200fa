"""A role that a service of AWS assumes."""

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from deployment.resources.roles import RoleSpec
from modules.terraform.providers import use_provider


class ServiceRole(Construct):
    """A role that a service of AWS assumes: for the queries of log alarms, or for chat channels.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        spec: The role.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        arn: The role's ARN.
        policy: Its policy, without which the service's first call would fail.
    """

    def __init__(
        self, scope: Construct, id: str, *, spec: RoleSpec, provider: TerraformProvider | None = None
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        role = IamRole(
            self,
            "role",
            name=spec.name,
            description=spec.description,
            assume_role_policy=spec.trust_policy,
            path=spec.written_path,
            permissions_boundary=spec.permissions_boundary,
        )
        self.arn: str = role.arn
        self.policy = IamRolePolicy(self, "policy", name=spec.name, role=role.name, policy=spec.inline_policy)
