"""A role for EC2 instances, with the instance profile that hands it to them."""

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from deployment.resources.roles import RoleSpec, managed_policy_arn
from modules.terraform.providers import use_provider


class InstanceRole(Construct):
    """A role that EC2 instances assume.

    Nothing is attached to a role that exists already: several stacks may name it, and destroying one of them
    must not take it from the others.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        spec: The role.
        region: The region of the stack, from which the partition follows.
        provider: The AWS provider of its resources. Default: the stack's.

    Attributes:
        role: The role, and ``instance_profile`` its profile; None where the role exists already.
        needs: What the role must be allowed: names of AWS managed policies, and an inline policy.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: RoleSpec,
        region: str,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        self.needs = {"managed_policies": list(spec.managed_policies), "policy": spec.inline_policy}
        self.role: IamRole | None = None
        self.instance_profile: IamInstanceProfile | None = None
        self.instance_profile_name: str | None = None
        if spec.existing:
            return
        self.role = IamRole(
            self,
            "role",
            name=spec.name,
            description=spec.description,
            assume_role_policy=spec.trust_policy,
            path=spec.written_path,
            permissions_boundary=spec.permissions_boundary,
        )
        role_name: str = self.role.name
        self.instance_profile = IamInstanceProfile(
            self, "instance-profile", name=spec.name, path=spec.written_path, role=role_name
        )
        self.instance_profile_name = self.instance_profile.name
        for policy in spec.managed_policies:
            policy_arn = managed_policy_arn(policy, region)
            IamRolePolicyAttachment(self, policy, role=role_name, policy_arn=policy_arn)
        if spec.statements:
            IamRolePolicy(self, "policy", name=spec.name, role=role_name, policy=spec.inline_policy)
