"""A role for EC2 instances, with the instance profile that hands it to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from deployment import partition, service_principal
from modules.encryption.policy_document import policy_document


class InstanceRole(Construct):
    """A role that EC2 instances assume.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The role's and instance profile's name, at most 64 characters, unique in the account: IAM knows
            no regions.
        description: What the role is for.
        region: The region of the stack, from which the partition follows.
        managed_policies: Names of AWS managed policies to attach.
        statements: Further IAM statements, put into one inline policy.
        existing_role_name: A role that the instances already run as, used as it is. Nothing is attached to
            it: several stacks may name one role, and destroying one of them must not take it from the others.

    Attributes:
        role: The role, and ``instance_profile`` its profile; None where the role exists already.
        needs: What the role must be allowed: names of AWS managed policies, and an inline policy.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        description: str,
        region: str,
        managed_policies: Sequence[str],
        statements: Sequence[Mapping[str, Any]] = (),
        existing_role_name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.needs = {"managed_policies": list(managed_policies), "policy": policy_document(*statements)}
        self.role: IamRole | None = None
        self.instance_profile: IamInstanceProfile | None = None
        self.instance_profile_name: str | None = None
        if existing_role_name:
            return
        self.role = IamRole(
            self,
            "role",
            name=name,
            description=description,
            assume_role_policy=policy_document(_assumed_by_ec2(region)),
        )
        role_name: str = self.role.name
        self.instance_profile = IamInstanceProfile(self, "instance-profile", name=name, role=role_name)
        self.instance_profile_name = self.instance_profile.name
        for policy in managed_policies:
            policy_arn = f"arn:{partition(region)}:iam::aws:policy/{policy}"
            IamRolePolicyAttachment(self, policy, role=role_name, policy_arn=policy_arn)
        if statements:
            IamRolePolicy(self, "policy", name=name, role=role_name, policy=policy_document(*statements))


def _assumed_by_ec2(region: str) -> dict[str, Any]:
    principal = {"Service": service_principal("ec2", region)}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
