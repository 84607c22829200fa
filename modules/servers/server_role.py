"""The role that monitored servers run as."""

from collections.abc import Iterable
from typing import Any

from constructs import Construct

from catalog.derived.agent_configuration import HOST_METRICS_NAMESPACE
from deployment.settings.servers import AGENT_POLICY, SYSTEMS_MANAGER_POLICY
from modules.encryption.encryption_key import Key
from modules.logs.event_log_group import LogGroup
from modules.servers.agent_configuration_parameter import AgentConfigurationParameter
from modules.servers.instance_role import InstanceRole
from modules.servers.output_bucket import Bucket


class ServerRole(InstanceRole):
    """A role with what Systems Manager and the CloudWatch agent need, and its instance profile.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The role's and instance profile's name, at most 64 characters, unique in the account.
        region: The region of the stack.
        log_groups: The log groups that the agent writes to.
        agent_configuration: The parameter that the agent reads.
        output_bucket: The bucket that takes the output of associations: it is written with this role.
        encryption_key: The key of the parameter and the bucket.
        least_privilege: Whether to replace CloudWatchAgentServerPolicy by rights on exactly these log groups
            and this parameter.
        host_metrics: Whether the agent publishes host metrics too; matters with least privilege only.
        existing_role_name: A role that the servers already run as, used as it is.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        region: str,
        log_groups: Iterable[LogGroup],
        agent_configuration: AgentConfigurationParameter,
        output_bucket: Bucket | None = None,
        encryption_key: Key | None = None,
        least_privilege: bool = False,
        host_metrics: bool = False,
        existing_role_name: str | None = None,
    ) -> None:
        statements: list[dict[str, Any]] = []
        if least_privilege:
            statements += _agent_statements(log_groups, agent_configuration, host_metrics=host_metrics)
        if output_bucket:
            statements += _output_statements(output_bucket)
        if encryption_key:
            statements.append(
                {
                    "Sid": "UseEncryptionKey",
                    "Effect": "Allow",
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                    "Resource": encryption_key.arn,
                }
            )
        managed = (SYSTEMS_MANAGER_POLICY,)
        super().__init__(
            scope,
            id,
            name=name,
            description="For Windows servers whose security events are monitored",
            region=region,
            managed_policies=managed if least_privilege else (*managed, AGENT_POLICY),
            statements=statements,
            existing_role_name=existing_role_name,
        )


def _agent_statements(
    log_groups: Iterable[LogGroup], configuration: AgentConfigurationParameter, *, host_metrics: bool
) -> list[dict[str, Any]]:
    """What the agent calls when the log groups exist already and their retention is not its business."""
    arns = [group.arn for group in log_groups]
    statements: list[dict[str, Any]] = [
        {
            "Sid": "WriteEvents",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [resource for arn in arns for resource in (arn, f"{arn}:*")],
        },
        {
            "Sid": "ReadAgentConfiguration",
            "Effect": "Allow",
            "Action": "ssm:GetParameter",
            "Resource": configuration.arn,
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


def _output_statements(bucket: Bucket) -> list[dict[str, Any]]:
    return [
        {
            "Sid": "WriteCommandOutput",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"],
            "Resource": "/".join(filter(None, [bucket.arn, bucket.prefix, "*"])),
        },
        {
            "Sid": "ReadOutputBucketEncryption",
            "Effect": "Allow",
            "Action": "s3:GetEncryptionConfiguration",
            "Resource": bucket.arn,
        },
    ]
