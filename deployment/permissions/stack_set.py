"""The role of each member account of an organization, as a template for a CloudFormation StackSet."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from deployment.aws.policies import policy
from deployment.permissions import PermissionRole
from deployment.permissions.grants import Grant, policies
from deployment.permissions.roles import grants
from deployment.resolution.region_plan import RegionPlan

#: The parameters of the template.
_TRUSTED, _ROLE_NAME, _EXTERNAL_ID = "TrustedPrincipalArn", "RoleName", "ExternalId"
_ACCOUNT_ID = "${AWS::AccountId}"


def stack_set_template(regions: Sequence[RegionPlan], role: PermissionRole) -> dict[str, Any]:
    """Return a CloudFormation template of a role for several accounts, with what it needs in any of them.

    Args:
        regions: The regions of all accounts.
        role: What the role does.
    """
    documents = policies(_in_any_account(plan, grant) for plan in regions for grant in grants(plan, role))
    assumed = next((plan.assume_role for plan in regions if plan.assume_role), None)
    name = regions[0].names.name
    path, role_name = "", f"{name}-{role.value}"
    if assumed:
        path, _, role_name = assumed.arn.partition(":role/")[2].rpartition("/")
    managed = {
        f"Policy{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "Description": f"What {role.value} of {name} needs ({number} of {len(documents)})",
                "PolicyDocument": _substituted(document),
            },
        }
        for number, document in enumerate(documents, 1)
    }
    trust: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": _TRUSTED}},
        "Action": "sts:AssumeRole",
    }
    external_id = {"StringEquals": {"sts:ExternalId": {"Ref": _EXTERNAL_ID}}}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"The role that assumes {role.value} of {name} in a member account",
        "Parameters": {
            _TRUSTED: {
                "Type": "String",
                "Description": "The ARN of the role or user that assumes it, such as that of a pipeline",
                "AllowedPattern": "arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+",
            },
            _ROLE_NAME: {"Type": "String", "Default": role_name, "Description": "The name under assume_role"},
            _EXTERNAL_ID: {
                "Type": "String",
                "Default": (assumed.external_id if assumed else None) or "",
                "Description": "The external id under assume_role; empty for none",
            },
        },
        "Conditions": {"HasExternalId": {"Fn::Not": [{"Fn::Equals": [{"Ref": _EXTERNAL_ID}, ""]}]}},
        "Resources": {
            **managed,
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": _ROLE_NAME},
                    "Path": f"/{path}/" if path else "/",
                    "AssumeRolePolicyDocument": policy(
                        {"Fn::If": ["HasExternalId", {**trust, "Condition": external_id}, trust]}
                    ),
                    "ManagedPolicyArns": [{"Ref": each} for each in managed],
                },
            },
        },
    }


def _in_any_account(plan: RegionPlan, grant: Grant) -> Grant:
    """Return a grant with the account that the template is deployed to in place of the plan's."""
    condition = json.dumps(grant.condition).replace(plan.account_id, _ACCOUNT_ID)
    return replace(
        grant,
        resources=tuple(arn.replace(plan.account_id, _ACCOUNT_ID) for arn in grant.resources),
        condition=json.loads(condition),
    )


def _substituted(value: Any) -> Any:
    """Return a policy in which CloudFormation fills in the account."""
    match value:
        case str() if _ACCOUNT_ID in value:
            return {"Fn::Sub": value}
        case dict():
            return {name: _substituted(each) for name, each in value.items()}
        case list():
            return [_substituted(each) for each in value]
    return value
