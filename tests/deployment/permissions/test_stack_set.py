"""The template of a StackSet, as CloudFormation makes a role from it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deployment.permissions import PermissionRole
from deployment.permissions.grants import policies
from deployment.permissions.roles import grants
from deployment.permissions.stack_set import stack_set_template
from local_aws import LocalAws
from tests.modules.synthesis import monitored_region

REGION = "ap-northeast-1"
MEMBER = "222222222222"
PIPELINE = "arn:aws:iam::999999999999:role/pipeline"
ASSUMED = {"role": "teams/security-deployment", "external_id": "security"}


def template(role: PermissionRole = PermissionRole.DEPLOY, **settings: Any) -> dict[str, Any]:
    return stack_set_template([monitored_region(**settings)], role)


@pytest.fixture(scope="module")
def member() -> Iterator[Any]:
    """IAM of a member account in which the template has been applied."""
    arn = "arn:{partition}:iam::{account_id}:role/teams/security-deployment"
    body = template(engine="log", assume_role={**ASSUMED, "role": arn})
    with LocalAws(region=REGION) as aws:
        aws.client("cloudformation", MEMBER).create_stack(
            StackName="permissions",
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": "TrustedPrincipalArn", "ParameterValue": PIPELINE}],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        yield aws.client("iam", MEMBER)


def test_the_role_has_the_name_and_path_under_assume_role(member: Any) -> None:
    (role,) = member.list_roles()["Roles"]
    assert (role["RoleName"], role["Path"]) == ("security-deployment", "/teams/")


def test_the_role_is_assumed_by_the_trusted_principal_with_the_external_id(member: Any) -> None:
    role = member.get_role(RoleName="security-deployment")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": PIPELINE}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "security"}}


def test_the_role_has_the_policies_of_the_member_account(member: Any) -> None:
    # moto attaches no policies from a template.
    found = [
        member.get_policy_version(PolicyArn=each["Arn"], VersionId="v1")["PolicyVersion"]["Document"]
        for each in member.list_policies(Scope="Local")["Policies"]
    ]
    arn = f"arn:aws:iam::{MEMBER}:role/teams/security-deployment"
    region = monitored_region(id=MEMBER, engine="log", assume_role={**ASSUMED, "role": arn})
    expected = policies(grants(region, PermissionRole.DEPLOY))
    assert _statements(found) == _statements(expected)


def test_every_policy_is_attached_to_the_role() -> None:
    resources = template(engine="log")["Resources"]
    policies = [{"Ref": name} for name in resources if name != "Role"]
    assert resources["Role"]["Properties"]["ManagedPolicyArns"] == policies


def test_accounts_share_one_statement_for_what_differs_by_the_account_only() -> None:
    accounts = [monitored_region(id=account) for account in ("111111111111", MEMBER)]
    both, one = (stack_set_template(each, PermissionRole.PLAN) for each in (accounts, accounts[:1]))
    assert both == one


def test_without_a_role_under_assume_role_it_is_named_after_what_it_does() -> None:
    assert template(PermissionRole.VERIFY)["Parameters"]["RoleName"]["Default"] == "windows-security-verify"


def _statements(documents: list[dict[str, Any]]) -> list[str]:
    return sorted(
        json.dumps(each, sort_keys=True) for document in documents for each in document["Statement"]
    )
