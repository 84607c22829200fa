"""The roles: of the servers, and of the host on which the agent's configuration is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog.derived.agent_configuration import HOST_METRICS_NAMESPACE, HostMetrics
from deployment.aws.partitions import partition, service_principal
from deployment.aws.policies import Statement, policy_document
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.agent_configuration import agent_parameters
from deployment.resources.encryption_key import key_id
from deployment.resources.log_groups import log_groups
from deployment.settings.servers import (
    AGENT_ADMIN_POLICY,
    AGENT_POLICY,
    SYSTEMS_MANAGER_POLICY,
    ServerPolicy,
)


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role, with its policies.

    Args:
        name: Its name; also that of its instance profile and of its inline policy.
        description: What it is for.
        trust: Who may assume it.
        managed_policies: The names of the AWS managed policies attached to it.
        statements: Its inline policy; none: it has none.
        existing: Whether somebody else manages it. Nothing is attached to it, then, and the policies are what
            it must be allowed.
        path: Its path, and that of its instance profile.
        permissions_boundary: The ARN of the policy that is its permissions boundary.
    """

    name: str
    description: str
    trust: Statement
    managed_policies: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    existing: bool = False
    path: str = "/"
    permissions_boundary: str | None = None

    @property
    def written_path(self) -> str | None:
        """Its path as terraform is given it; None where it is the default."""
        return None if self.path == "/" else self.path

    @property
    def trust_policy(self) -> str:
        """The JSON of its trust policy."""
        return policy_document(self.trust)

    @property
    def inline_policy(self) -> str:
        """The JSON of its inline policy."""
        return policy_document(*self.statements)


def managed_policy_arn(name: str, region: str) -> str:
    """Return the ARN of an AWS managed policy."""
    return f"arn:{partition(region)}:iam::aws:policy/{name}"


def instance_role_of(
    *,
    name: str,
    description: str,
    region: str,
    managed_policies: Iterable[str],
    statements: Iterable[Statement] = (),
    existing_role_name: str | None = None,
    path: str = "/",
    permissions_boundary: str | None = None,
) -> RoleSpec:
    """Return a role that EC2 instances assume."""
    return RoleSpec(
        name=existing_role_name or name,
        description=description,
        trust={
            "Effect": "Allow",
            "Principal": {"Service": service_principal("ec2", region)},
            "Action": "sts:AssumeRole",
        },
        managed_policies=tuple(managed_policies),
        statements=tuple(statements),
        existing=existing_role_name is not None,
        path=path,
        permissions_boundary=permissions_boundary,
    )


def server_role_of(
    *,
    name: str,
    region: str,
    log_group_arns: Iterable[str],
    parameter_arns: Sequence[str],
    bucket: tuple[str, str] | None = None,
    key_arn: str | None = None,
    least_privilege: bool = False,
    host_metrics: bool = False,
    extra_log_group_arns: Sequence[str] = (),
    existing_role_name: str | None = None,
    path: str = "/",
    permissions_boundary: str | None = None,
) -> RoleSpec:
    """Return the role with what Systems Manager and the CloudWatch agent need.

    Args:
        name: Its name.
        region: The region of the servers.
        log_group_arns: The log groups that the agent writes to.
        parameter_arns: The parameters that the agents read.
        bucket: The ARN and the prefix of the bucket for the output of associations. Default: none.
        key_arn: The key of the parameter and the bucket. Default: none.
        least_privilege: Whether rights on exactly these log groups and this parameter replace
            CloudWatchAgentServerPolicy. Default: false.
        host_metrics: Whether the agent publishes host metrics too. Default: false.
        extra_log_group_arns: The log groups that the agent creates where there are none. Default: none.
        existing_role_name: A role that the servers have already. Default: none.
        path: The path of a role that is created. Default: /.
        permissions_boundary: The ARN of its permissions boundary. Default: none.
    """
    statements: list[Statement] = []
    if least_privilege:
        statements += _agent_statements(log_group_arns, parameter_arns, host_metrics=host_metrics)
        if extra_log_group_arns:
            statements.append(_extra_statement(extra_log_group_arns))
    if bucket:
        statements += _output_statements(*bucket)
    if key_arn:
        statements.append(
            {
                "Sid": "UseEncryptionKey",
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": key_arn,
            }
        )
    managed = (SYSTEMS_MANAGER_POLICY,)
    return instance_role_of(
        name=name,
        description="For Windows servers whose security events are monitored",
        region=region,
        managed_policies=managed if least_privilege else (*managed, AGENT_POLICY),
        statements=statements,
        existing_role_name=existing_role_name,
        path=path,
        permissions_boundary=permissions_boundary,
    )


def configuration_admin_role_of(
    *, name: str, region: str, path: str = "/", permissions_boundary: str | None = None
) -> RoleSpec:
    """Return the role that may write agent configurations to Parameter Store; not for ordinary servers."""
    return instance_role_of(
        name=name,
        description="For the host on which the CloudWatch agent's configuration is written",
        region=region,
        managed_policies=(SYSTEMS_MANAGER_POLICY, AGENT_ADMIN_POLICY),
        path=path,
        permissions_boundary=permissions_boundary,
    )


def instance_roles(plan: RegionPlan) -> tuple[RoleSpec, ...]:
    """Return the roles for EC2 instances of a region, with the ARNs that are known before an apply.

    A key that the stack creates stands there by its alias.
    """
    settings, bucket = plan.settings, plan.settings.output_bucket
    output = None
    if bucket:
        output = (f"arn:{plan.partition}:s3:::{bucket.existing or plan.names.output_bucket}", bucket.prefix)
    servers = server_role_of(
        name=plan.names.server_role,
        region=plan.region_name,
        log_group_arns=[plan.arn("logs", f"log-group:{group.name}") for group in log_groups(plan).values()],
        parameter_arns=[plan.arn("ssm", f"parameter/{name}") for name in agent_parameters(plan)],
        bucket=output,
        key_arn=key_id(plan),
        least_privilege=settings.server_role.policy is ServerPolicy.LEAST_PRIVILEGE,
        host_metrics=publishes_metrics(plan),
        extra_log_group_arns=extra_log_group_arns(plan),
        existing_role_name=settings.server_role.existing,
        path=settings.created_roles.path,
        permissions_boundary=plan.permissions_boundary,
    )
    if not settings.configuration_admin_role:
        return (servers,)
    name = plan.names.configuration_admin_role
    admin = configuration_admin_role_of(
        name=name,
        region=plan.region_name,
        path=settings.created_roles.path,
        permissions_boundary=plan.permissions_boundary,
    )
    return (servers, admin)


def publishes_metrics(plan: RegionPlan) -> bool:
    """Return whether the agent publishes metrics: host metrics, or others."""
    extra = plan.settings.agent_configuration.extra
    return plan.settings.host_metrics is not HostMetrics.NONE or bool(extra and extra.metrics)


def extra_log_group_arns(plan: RegionPlan) -> tuple[str, ...]:
    """Return the log groups to which the agent ships what is no event of the deployment."""
    extra = plan.settings.agent_configuration.extra
    return tuple(plan.arn("logs", f"log-group:{name}") for name in (extra.log_group_names if extra else ()))


def needed_calls(plan: RegionPlan, spec: RoleSpec) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield what a server with an instance role must be allowed: actions, each with all of the resources.

    The Systems Manager agent registers and asks for work, and the CloudWatch agent ships, whichever policies
    allow it. What the role's own statements allow comes on top, but for the key, which they know by an alias.
    """
    yield (
        (
            *("ssm:ListInstanceAssociations", "ssm:UpdateInstanceInformation"),
            *("ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel"),
        ),
        ("*",),
    )
    groups = [plan.arn("logs", f"log-group:{group.name}:*") for group in log_groups(plan).values()]
    yield ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"), tuple(groups)
    if extra := [f"{arn}:*" for arn in extra_log_group_arns(plan)]:
        yield ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"), tuple(extra)
    parameters = tuple(plan.arn("ssm", f"parameter/{name}") for name in agent_parameters(plan))
    yield ("ssm:GetParameter",), parameters
    if AGENT_ADMIN_POLICY in spec.managed_policies:
        yield ("ssm:PutParameter",), parameters
    for statement in spec.statements:
        if statement["Sid"] == "WriteCommandOutput":
            yield ("s3:PutObject",), (str(statement["Resource"]),)


def principals(plan: RegionPlan, spec: RoleSpec) -> tuple[str, ...]:
    """Return how the policy of a resource may name a role of a region: by itself, or by its account."""
    account = f"arn:{plan.partition}:iam::{plan.account_id}"
    return (f"{account}:role{spec.path}{spec.name}", f"{account}:root", plan.account_id)


def stated_calls(spec: RoleSpec) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield what a role's own statements allow: actions, each with all of the resources."""
    for statement in spec.statements:
        yield _listed(statement["Action"]), _listed(statement["Resource"])


def _listed(value: str | Sequence[str]) -> tuple[str, ...]:
    """Return the elements of what a statement writes as one or as a list."""
    return (value,) if isinstance(value, str) else tuple(value)


def _agent_statements(
    log_group_arns: Iterable[str], parameter_arns: Sequence[str], *, host_metrics: bool
) -> list[Statement]:
    """What the agent calls when the log groups exist already and their retention is not its business."""
    statements: list[Statement] = [
        {
            "Sid": "WriteEvents",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [resource for arn in log_group_arns for resource in (arn, f"{arn}:*")],
        },
        {
            "Sid": "ReadAgentConfiguration",
            "Effect": "Allow",
            "Action": "ssm:GetParameter",
            "Resource": parameter_arns[0] if len(parameter_arns) == 1 else list(parameter_arns),
        },
    ]
    if host_metrics:
        # These three actions know no resources; PutMetricData is held to the agent's namespace.
        statements += [
            {
                "Sid": "PublishHostMetrics",
                "Effect": "Allow",
                "Action": "cloudwatch:PutMetricData",
                "Resource": "*",
                "Condition": {"StringEquals": {"cloudwatch:namespace": HOST_METRICS_NAMESPACE}},
            },
            {
                "Sid": "ReadDimensions",
                "Effect": "Allow",
                "Action": ["ec2:DescribeTags", "ec2:DescribeVolumes"],
                "Resource": "*",
            },
        ]
    return statements


def _extra_statement(log_group_arns: Iterable[str]) -> Statement:
    """What the agent calls for log groups that nobody created before, and whose retention it sets."""
    return {
        "Sid": "WriteExtraLogs",
        "Effect": "Allow",
        "Action": [
            *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups"),
            *("logs:DescribeLogStreams", "logs:PutLogEvents", "logs:PutRetentionPolicy"),
        ],
        "Resource": [resource for arn in log_group_arns for resource in (arn, f"{arn}:*")],
    }


def _output_statements(bucket_arn: str, prefix: str) -> list[Statement]:
    return [
        {
            "Sid": "WriteCommandOutput",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"],
            "Resource": "/".join(filter(None, [bucket_arn, prefix, "*"])),
        },
        {
            "Sid": "ReadOutputBucketEncryption",
            "Effect": "Allow",
            "Action": "s3:GetEncryptionConfiguration",
            "Resource": bucket_arn,
        },
    ]
