import json
from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., tuple[str, str]]

CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
MINE = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)


@pytest.fixture
def iam(client: Callable[[str], Any]) -> Any:
    iam = client("iam")
    iam.create_role(RoleName="server", AssumeRolePolicyDocument=TRUST)
    return iam


def test_a_policy_that_aws_manages_can_be_attached(iam: Any) -> None:
    iam.attach_role_policy(RoleName="server", PolicyArn=CORE)

    attached = iam.list_attached_role_policies(RoleName="server")["AttachedPolicies"]

    assert attached == [{"PolicyName": "AmazonSSMManagedInstanceCore", "PolicyArn": CORE}]


def test_a_policy_that_aws_manages_can_be_read(iam: Any) -> None:
    policy = iam.get_policy(PolicyArn=CORE)["Policy"]
    version = iam.get_policy_version(PolicyArn=CORE, VersionId=policy["DefaultVersionId"])["PolicyVersion"]

    assert "ssm:UpdateInstanceInformation" in json.dumps(version["Document"])


def test_a_policy_that_aws_does_not_manage_cannot_be_attached(iam: Any, refusal: Refusal) -> None:
    code, message = refusal(
        iam.attach_role_policy, RoleName="server", PolicyArn="arn:aws:iam::aws:policy/AmazonEC2RoleForSSM"
    )

    assert code == "NoSuchEntity"
    assert "AmazonEC2RoleForSSM" in message


def test_the_policies_of_aws_are_listed_and_told_from_ones_own(iam: Any) -> None:
    iam.create_policy(PolicyName="mine", PolicyDocument=MINE)

    def listed(scope: str) -> set[str]:
        pages = iam.get_paginator("list_policies").paginate(Scope=scope, PaginationConfig={"PageSize": 1000})
        return {policy["PolicyName"] for page in pages for policy in page["Policies"]}

    assert listed("Local") == {"mine"}
    of_aws = listed("AWS")
    assert "CloudWatchAgentServerPolicy" in of_aws
    assert "mine" not in of_aws


def test_the_tags_of_an_instance_profile_are_listed(iam: Any) -> None:
    tags = [{"Key": "Owner", "Value": "security"}]
    iam.create_instance_profile(InstanceProfileName="server", Tags=tags)

    assert iam.list_instance_profile_tags(InstanceProfileName="server")["Tags"] == tags
