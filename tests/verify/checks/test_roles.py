import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from deployment import RegionPlan
from deployment.resources.log_alarms import log_alarm_roles
from deployment.resources.roles import instance_roles, needed_calls
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import policy, put_role, put_roles
from verify import Check, Status, Window
from verify.access import permissions
from verify.access.account import AccountAccess
from verify.checks.roles import check

Client = Callable[[str], Any]
NAME = "windows-security-eu-west-1-server"
CORE = "AmazonSSMManagedInstanceCore"
AGENT = "CloudWatchAgentServerPolicy"


@pytest.fixture
def iam(client: Client, region: RegionPlan) -> Any:
    """IAM with the servers' role as deployed."""
    put_roles(client("iam"), region)
    return client("iam")


def role_checks(region: RegionPlan, account: AccountAccess) -> dict[str, Check]:
    return {each.resource: each for each in check(region, account, Window(24))}


def test_a_role_as_deployed_is_in_order(region: RegionPlan, account: AccountAccess, iam: Any) -> None:
    found = role_checks(region, account)

    assert found.keys() == {NAME}
    assert found[NAME].status is Status.OK


def test_a_role_without_the_boundary_and_path_of_the_deployment_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, iam: Any
) -> None:
    region = region_of("created_roles: {path: /security/, permissions_boundary: boundary}")

    found = role_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert "has the path / instead of /security/: apply the stack again" in found.message
    assert (
        f"its permissions boundary is missing instead of {region.permissions_boundary}: apply the stack again"
    ) in found.message


def test_an_adopted_role_keeps_its_path_and_boundary(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of(
        "created_roles: {path: /security/, permissions_boundary: boundary}\n"
        "adopt: {server_role: business}\noutput_bucket: none\nencryption: none"
    )
    put_role(client("iam"), "business", [CORE, AGENT])

    assert role_checks(region, account)["business"].status is Status.OK


def test_a_role_of_log_alarms_without_the_boundary_of_the_deployment_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("engine: log")
    put_roles(client("iam"), region)
    bounded = region_of("engine: log\ncreated_roles: {permissions_boundary: boundary}")

    found = role_checks(bounded, account)[bounded.names.log_query_role]

    assert "its permissions boundary is missing" in found.message


def test_a_role_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    found = role_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert "does not exist: apply the stack again" in found.message


@pytest.mark.parametrize("name", [CORE, AGENT])
def test_a_policy_that_is_not_attached_is_named(
    region: RegionPlan, account: AccountAccess, iam: Any, name: str
) -> None:
    iam.detach_role_policy(RoleName=NAME, PolicyArn=f"arn:aws:iam::aws:policy/{name}")

    found = role_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert f"lacks {name}" in found.message


def test_an_inline_policy_that_is_not_there_is_named(
    region: RegionPlan, account: AccountAccess, iam: Any
) -> None:
    iam.delete_role_policy(RoleName=NAME, PolicyName=NAME)

    assert f"lacks its inline policy {NAME}" in role_checks(region, account)[NAME].message


def test_without_a_bucket_and_a_key_no_inline_policy_is_missed(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_role(client("iam"), NAME, [CORE, AGENT])

    assert role_checks(region_of("output_bucket: none\nencryption: none"), account)[NAME].status is Status.OK


def test_with_least_privilege_the_agents_own_policy_stands_for_the_managed_one(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("output_bucket: none\nencryption: none\nserver_role: {policy: least-privilege}")
    put_role(client("iam"), NAME, [CORE])

    assert f"lacks its inline policy {NAME}" in role_checks(region, account)[NAME].message

    document = instance_roles(region)[0].inline_policy
    client("iam").put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=document)
    assert role_checks(region, account)[NAME].status is Status.OK


def test_a_role_that_is_in_no_instance_profile_is_found(
    region: RegionPlan, account: AccountAccess, iam: Any
) -> None:
    iam.remove_role_from_instance_profile(InstanceProfileName=NAME, RoleName=NAME)

    found = role_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert f"is in no instance profile {NAME}" in found.message


def test_a_role_that_ec2_may_not_assume_is_found(
    region: RegionPlan, account: AccountAccess, iam: Any
) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    document = policy(statement | {"Action": "sts:AssumeRole"})
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=document)

    assert "does not let EC2 assume it" in role_checks(region, account)[NAME].message


def test_of_an_existing_role_policies_of_other_names_may_do_the_same(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("server_role: {existing: our-servers}")
    put_role(client("iam"), "our-servers", [AGENT])

    found = role_checks(region, account)["our-servers"]

    assert found.status is Status.WARNING
    assert f"lacks {CORE}: see whether another policy" in found.message


def test_an_existing_role_must_exist_and_be_in_an_instance_profile(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("server_role: {existing: our-servers}")
    assert "name one that does" in role_checks(region, account)["our-servers"].message

    put_role(client("iam"), "our-servers", [CORE, AGENT])
    client("iam").remove_role_from_instance_profile(InstanceProfileName="our-servers", RoleName="our-servers")
    assert "is in no instance profile" in role_checks(region, account)["our-servers"].message


def test_the_role_that_writes_configurations_is_looked_at_where_there_is_one(
    region_of: Callable[..., RegionPlan], account: AccountAccess, iam: Any
) -> None:
    name = "windows-security-eu-west-1-configuration-admin"
    region = region_of("configuration_admin_role: true")
    put_role(iam, name, [CORE])

    assert "lacks CloudWatchAgentAdminPolicy" in role_checks(region, account)[name].message


LOG_ALARMS = "engine: log\nlog_alarms: {log_lines: 3}\n"
SOME: Any = {"Effect": "Allow", "Action": "logs:StartQuery", "Resource": "*"}


def put_log_alarm_roles(iam: Any, region: RegionPlan) -> None:
    for spec in log_alarm_roles(region):
        iam.create_role(RoleName=spec.name, AssumeRolePolicyDocument=spec.trust_policy)
        iam.put_role_policy(RoleName=spec.name, PolicyName=spec.name, PolicyDocument=spec.inline_policy)


def test_the_roles_of_log_alarms_are_in_order_as_deployed(
    region_of: Callable[..., RegionPlan], account: AccountAccess, iam: Any
) -> None:
    region = region_of(LOG_ALARMS)
    put_log_alarm_roles(iam, region)

    found = role_checks(region, account)

    assert {name.rpartition("west-1-")[2] for name in found} == {"server", "log-queries", "log-lines"}
    assert {each.status for each in found.values()} == {Status.OK}


def test_a_query_role_that_may_not_read_results_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, iam: Any
) -> None:
    region = region_of(LOG_ALARMS)
    put_log_alarm_roles(iam, region)
    name = region.names.log_query_role
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=policy(SOME))
    iam.delete_role_policy(RoleName=region.names.log_line_role, PolicyName=region.names.log_line_role)

    found = role_checks(region, account)

    assert found[name].message == (
        "its inline policy is not as deployed, so no log alarm can run: apply the stack again"
    )
    assert "no log alarm can run" in found[region.names.log_line_role].message


DENY_LOGS = policy({"Effect": "Deny", "Action": "logs:*", "Resource": "*"})


def managed(iam: Any, document: str) -> str:
    return str(iam.create_policy(PolicyName="theirs", PolicyDocument=document)["Policy"]["Arn"])


def test_its_own_inline_policy_that_denies_what_servers_need_is_applied_again(
    region: RegionPlan, account: AccountAccess, iam: Any
) -> None:
    iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=DENY_LOGS)

    found = role_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert found.message == (
        f"its inline policy {NAME} does not let servers call logs:CreateLogStream, logs:DescribeLogStreams, "
        "logs:PutLogEvents: apply the stack again"
    )


@pytest.mark.parametrize(
    ("kind", "cure"),
    [
        ("inline policy theirs", "delete-role-policy"),
        ("policy theirs", "detach-role-policy"),
        ("permissions boundary arn:aws:iam::111122223333:policy/theirs", "delete-role-permissions-boundary"),
    ],
)
def test_a_policy_of_others_that_denies_what_servers_need_is_removed_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, iam: Any, kind: str, cure: str
) -> None:
    match kind.split()[0]:
        case "inline":
            iam.put_role_policy(RoleName=NAME, PolicyName="theirs", PolicyDocument=DENY_LOGS)
        case "policy":
            iam.attach_role_policy(RoleName=NAME, PolicyArn=managed(iam, DENY_LOGS))
        case _:
            services = ["ssm:*", "ssmmessages:*", "s3:*"]
            allowed = policy({"Effect": "Allow", "Action": services, "Resource": "*"})
            iam.put_role_permissions_boundary(RoleName=NAME, PermissionsBoundary=managed(iam, allowed))

    found = role_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert f"its {kind} does not let servers call logs:CreateLogStream" in found.message
    assert follow(aws, region, found.message) == [cure]
    assert role_checks(region, account)[NAME].status is Status.OK


def test_a_denial_under_a_condition_that_cannot_be_judged_is_a_warning(
    region: RegionPlan, account: AccountAccess, iam: Any
) -> None:
    elsewhere = {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}
    deny = {"Effect": "Deny", "Action": "ssm:GetParameter", "Resource": "*"}
    document = policy(deny | {"Condition": elsewhere})
    iam.put_role_policy(RoleName=NAME, PolicyName="vpc", PolicyDocument=document)

    found = role_checks(region, account)[NAME]

    assert found.status is Status.WARNING
    assert "its inline policy vpc denies ssm:GetParameter under a condition" in found.message


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (
            {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
            "a service control policy of the organization denies it",
        ),
        ({"MatchedStatements": [{"SourcePolicyId": "theirs"}]}, "theirs denies it"),
    ],
)
def test_what_the_simulation_alone_knows_is_found(
    region: RegionPlan, account: AccountAccess, result: Any, said: str
) -> None:
    needed = list(needed_calls(region, instance_roles(region)[0]))[:1]
    denied = {"EvalActionName": "ssm:UpdateInstanceInformation", "EvalDecision": "explicitDeny", **result}

    with Stubber(account.client("iam")) as stub:
        stub.add_response("simulate_principal_policy", {"EvaluationResults": [denied]})
        refused, unknown = permissions.simulated(
            account.client("iam"), f"arn:aws:iam::111122223333:role/{NAME}", needed, region
        )

    (problem,) = refused
    assert problem.startswith(f"may not call ssm:UpdateInstanceInformation: {said}")
    assert unknown == []


@pytest.mark.parametrize(
    ("principal", "named"),
    [
        ({"AWS": "arn:aws:iam::999999999999:root"}, "arn:aws:iam::999999999999:root"),
        ({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}, "lambda.amazonaws.com"),
        ("*", "*"),
    ],
)
def test_a_role_that_others_may_assume_is_found(
    region: RegionPlan, account: AccountAccess, iam: Any, principal: Any, named: str
) -> None:
    statements = [
        {"Effect": "Allow", "Principal": each, "Action": "sts:AssumeRole"}
        for each in ({"Service": "ec2.amazonaws.com"}, principal)
    ]
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=policy(*statements))

    found = role_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert f"its trust policy also lets {named} assume it: apply the stack again" in found.message


def test_a_trust_policy_of_one_statement_need_not_have_a_list(
    region: RegionPlan, account: AccountAccess, iam: Any
) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=document)

    assert role_checks(region, account)[NAME].status is Status.OK
