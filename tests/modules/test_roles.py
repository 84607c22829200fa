"""The roles of servers and of the host that writes configurations."""

import json
from collections.abc import Sequence

import pytest

from modules import (
    AgentConfigurationParameter,
    ConfigurationAdminRole,
    EventLogGroup,
    ExistingBucket,
    ServerRole,
)
from tests.modules.synthesis import Synthesized, new_stack, policy, synthesized

BUCKET = ExistingBucket("output", "arn:aws:s3:::output", "servers")


def server_role(
    *,
    least_privilege: bool = False,
    host_metrics: bool = False,
    extra_log_group_arns: Sequence[str] = (),
    existing: str | None = None,
    region: str = "eu-west-1",
) -> Synthesized:
    stack = new_stack()
    ServerRole(
        stack,
        "role",
        name="server",
        region=region,
        log_groups=[EventLogGroup(stack, "group", name="Security")],
        agent_configuration=AgentConfigurationParameter(
            stack, "configuration", name="AmazonCloudWatch-windows", configuration={"logs": {}}
        ),
        output_bucket=BUCKET,
        least_privilege=least_privilege,
        host_metrics=host_metrics,
        extra_log_group_arns=extra_log_group_arns,
        existing_role_name=existing,
    )
    return synthesized(stack)


def attached(written: Synthesized) -> set[str]:
    return {a["policy_arn"] for a in written.all_of("aws_iam_role_policy_attachment")}


def test_a_server_may_be_managed_and_may_run_the_agent() -> None:
    assert attached(server_role()) == {
        "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
    }


def test_the_role_is_for_ec2_and_has_an_instance_profile_of_its_name() -> None:
    written = server_role()
    (trust,) = policy(written.one("aws_iam_role")["assume_role_policy"])
    assert trust["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert written.one("aws_iam_instance_profile")["name"] == "server"


def test_a_server_may_write_the_output_of_commands_below_the_prefix_only() -> None:
    statements = {s["Sid"]: s for s in policy(server_role().one("aws_iam_role_policy")["policy"])}
    assert statements["WriteCommandOutput"]["Resource"] == "arn:aws:s3:::output/servers/*"
    assert "s3:PutObject" in statements["WriteCommandOutput"]["Action"]


def test_least_privilege_replaces_the_agents_policy_by_its_log_groups_and_its_parameter() -> None:
    written = server_role(least_privilege=True)
    assert attached(written) == {"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}
    statements = {s["Sid"]: s for s in policy(written.one("aws_iam_role_policy")["policy"])}
    (group,) = written.resources("aws_cloudwatch_log_group")
    arn = f"${{aws_cloudwatch_log_group.{group}.arn}}"
    assert statements["WriteEvents"]["Resource"] == [arn, f"{arn}:*"]
    assert statements["ReadAgentConfiguration"]["Resource"].startswith("${aws_ssm_parameter.")
    assert all(s["Resource"] != "*" for s in statements.values())


def test_least_privilege_with_host_metrics_may_publish_to_the_agents_namespace_only() -> None:
    written = server_role(least_privilege=True, host_metrics=True)
    statements = {s["Sid"]: s for s in policy(written.one("aws_iam_role_policy")["policy"])}
    assert statements["PublishHostMetrics"]["Condition"] == {
        "StringEquals": {"cloudwatch:namespace": "CWAgent"}
    }


def test_least_privilege_lets_the_agent_create_the_log_groups_of_what_is_collected_beside_events() -> None:
    arn = "arn:aws:logs:eu-west-1:111111111111:log-group:iis"
    written = server_role(least_privilege=True, extra_log_group_arns=[arn])
    statements = {s["Sid"]: s for s in policy(written.one("aws_iam_role_policy")["policy"])}
    assert statements["WriteExtraLogs"]["Resource"] == [arn, f"{arn}:*"]
    assert "logs:CreateLogGroup" in statements["WriteExtraLogs"]["Action"]


def test_a_role_that_servers_have_already_is_neither_made_nor_changed() -> None:
    # Another stack may name it too: destroying one of them must not take anything from it.
    written = server_role(existing="business-server")
    for resource_type in ("role", "instance_profile", "role_policy", "role_policy_attachment"):
        assert written.all_of(f"aws_iam_{resource_type}") == []


@pytest.mark.parametrize(
    ("region", "partition", "service"),
    [
        ("cn-north-1", "aws-cn", "ec2.amazonaws.com.cn"),
        ("us-iso-east-1", "aws-iso", "ec2.c2s.ic.gov"),
        ("us-gov-west-1", "aws-us-gov", "ec2.amazonaws.com"),
    ],
)
def test_in_other_partitions_policies_and_principals_are_theirs(
    region: str, partition: str, service: str
) -> None:
    written = server_role(region=region)
    assert all(arn.startswith(f"arn:{partition}:iam::aws:policy/") for arn in attached(written))
    (statement,) = json.loads(written.one("aws_iam_role")["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"Service": service}


def test_the_configuration_admin_may_write_configurations() -> None:
    stack = new_stack()
    ConfigurationAdminRole(stack, "admin", name="admin", region="eu-west-1")
    written = synthesized(stack)
    assert attached(written) == {
        "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        "arn:aws:iam::aws:policy/CloudWatchAgentAdminPolicy",
    }
    assert json.loads(written.one("aws_iam_role")["assume_role_policy"])["Statement"]
