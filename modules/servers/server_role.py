"""The role that monitored servers run as."""

from collections.abc import Iterable, Sequence

from cdktf import TerraformProvider
from constructs import Construct

from deployment.resources.roles import server_role_of
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
        other_configurations: Parameters that agents on other servers of the role read. Default: none.
        output_bucket: The bucket that takes the output of associations: it is written with this role.
        encryption_key: The key of the parameter and the bucket.
        least_privilege: Whether to replace CloudWatchAgentServerPolicy by rights on exactly these log groups
            and this parameter.
        host_metrics: Whether the agent publishes host metrics too; matters with least privilege only.
        extra_log_group_arns: Log groups that the agent creates where there are none; matters with least
            privilege only. Default: none.
        existing_role_name: A role that the servers already run as, used as it is.
        path: The path of the role and its instance profile. Default: /.
        permissions_boundary: The ARN of the role's permissions boundary. Default: none.
        provider: The AWS provider of its resources. Default: the stack's.
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
        other_configurations: Iterable[AgentConfigurationParameter] = (),
        output_bucket: Bucket | None = None,
        encryption_key: Key | None = None,
        least_privilege: bool = False,
        host_metrics: bool = False,
        extra_log_group_arns: Sequence[str] = (),
        existing_role_name: str | None = None,
        path: str = "/",
        permissions_boundary: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        spec = server_role_of(
            name=name,
            region=region,
            log_group_arns=[group.arn for group in log_groups],
            parameter_arns=[each.arn for each in (agent_configuration, *other_configurations)],
            bucket=(output_bucket.arn, output_bucket.prefix) if output_bucket else None,
            key_arn=encryption_key.arn if encryption_key else None,
            least_privilege=least_privilege,
            host_metrics=host_metrics,
            extra_log_group_arns=extra_log_group_arns,
            existing_role_name=existing_role_name,
            path=path,
            permissions_boundary=permissions_boundary,
        )
        super().__init__(scope, id, spec=spec, region=region, provider=provider)
