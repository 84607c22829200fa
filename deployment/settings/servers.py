"""What the servers get from this deployment: role, agent configuration, bucket for the output of commands."""

from enum import Enum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from catalog.derived.agent_scripts import WIZARD_PARAMETER, ConfigurationMode
from deployment.settings.extra_collection import ExtraCollection
from deployment.settings.model import Cascading, Model
from deployment.settings.types.buckets import BucketTemplate, KeyPrefix
from deployment.settings.types.roles import PolicyReference, RoleName, RolePath
from deployment.settings.types.systems_manager import ParameterName
from deployment.settings.types.text import matching

#: The AWS managed policies of the roles: to be managed by Systems Manager, to run the agent, and to write its
#: configuration as well.
SYSTEMS_MANAGER_POLICY = "AmazonSSMManagedInstanceCore"
AGENT_POLICY = "CloudWatchAgentServerPolicy"
AGENT_ADMIN_POLICY = "CloudWatchAgentAdminPolicy"


class ServerPolicy(Enum):
    """What the servers may do in CloudWatch."""

    MANAGED = "managed"
    """CloudWatchAgentServerPolicy, as in the manual procedure."""
    LEAST_PRIVILEGE = "least-privilege"
    """Writing to the log groups of this deployment and reading its parameter, and nothing else."""


class ServerRoleSettings(Model):
    """The role of the servers. An account's replaces the defaults' as a whole."""

    policy: ServerPolicy = ServerPolicy.MANAGED
    """managed: CloudWatchAgentServerPolicy. least-privilege: only what this deployment needs. Default:
    managed."""
    existing: RoleName | None = None
    """The name of a role that the servers already have, used as it is: nothing is attached to it, and the
    output server_role_needs says what it must be allowed. Default: a role and its instance profile are
    made."""

    @model_validator(mode="after")
    def _attaches_only_to_what_is_made_here(self) -> Self:
        if self.existing and "policy" in self.model_fields_set:
            raise ValueError("policy is for the role created here: nothing is attached to an existing one")
        return self


class CreatedRolesSettings(Cascading):
    """What holds for every role that is created here: of servers, log alarms and event rules."""

    path: RolePath = "/"
    """The path of the roles and instance profiles. A change replaces all of them: the servers need the new
    instance profile. A role under adopt keeps its own. Default: /."""
    permissions_boundary: PolicyReference | None = None
    """The managed policy that is the permissions boundary of the roles: the name of one in the account, with
    its path, or an ARN, in which {account_id} and {partition} are filled in. It must allow what the roles
    need (docs/how-to/permissions.md). A role under adopt keeps its own. Default: none."""


class OutputBucketSettings(Model):
    """The S3 bucket for the output of the associations. An account's replaces the defaults' as a whole."""

    existing: BucketTemplate | None = None
    """The name of an existing bucket; {account}, {account_id}, {region} and {name} are filled in. Default: a
    bucket is made."""
    prefix: KeyPrefix = ""
    """What the keys begin with; {account}, {account_id}, {region} and {name} are filled in. Default:
    nothing."""
    expiration_days: Annotated[StrictInt, Field(ge=1, le=3650)] = 90
    """After how many days an output is deleted from the bucket created here. Default: 90."""

    @model_validator(mode="after")
    def _expires_only_what_is_made_here(self) -> Self:
        if self.existing and "expiration_days" in self.model_fields_set:
            raise ValueError(
                "expiration_days is for the bucket created here: an existing one has rules of its own"
            )
        return self


_PROXY = matching(
    r"https?://[A-Za-z0-9._~:@%\[\]-]+(:[0-9]+)?/?",
    "the address of a proxy, such as http://proxy.example.com:3128",
)


class ProxySettings(Model):
    """The proxy of the CloudWatch agent. An account's replaces the defaults' as a whole."""

    http_proxy: Annotated[str, _PROXY] | None = None
    """The proxy for HTTP. Default: none."""
    https_proxy: Annotated[str, _PROXY]
    """The proxy for HTTPS, by which the agent reaches AWS."""
    no_proxy: Annotated[
        str,
        matching(r"[A-Za-z0-9._:/*,-]+", "addresses and domains, separated by commas and without spaces"),
    ] = "169.254.169.254"
    """What is reached without it, separated by commas: the address of the instance's metadata must be among
    them. Default: 169.254.169.254."""

    @model_validator(mode="after")
    def _reaches_the_credentials(self) -> Self:
        if "169.254.169.254" not in self.no_proxy.split(","):
            raise ValueError(
                "no_proxy must hold 169.254.169.254, from where the agent has its credentials: add it"
            )
        return self


class AgentConfigurationSettings(Cascading):
    """How the agent's configuration gets along with others on a server."""

    mode: ConfigurationMode = ConfigurationMode.APPEND
    """append: configurations of other teams stay. replace: they are removed when this deployment's is
    applied, as in the published procedure. remove: this deployment's is taken off the servers, before it is
    destroyed. Default: append."""
    replaces: Annotated[tuple[ParameterName, ...], Field(max_length=10)] = (WIZARD_PARAMETER,)
    """The parameters whose configuration is removed from a server that has it, since it ships the same
    channels. The deployment's own former parameter is removed without being named. Default:
    AmazonCloudWatch-windows, which the agent's wizard writes."""
    extra: ExtraCollection | None = None
    """What the agent collects beside the events: log files, other event logs, metrics
    (docs/reference/servers.md). Default: nothing."""
    proxy: ProxySettings | None = None
    """The proxy of the CloudWatch agent, written again after each upgrade of the agent; not with the layout
    separate and the mode replace. The Systems Manager agent has its own. Default: none is set, and one that
    is there stays until an upgrade."""


def _none_from_word(value: Any) -> Any:
    return None if value == "none" else value


#: The bucket, or ``none``.
OutputBucketOrNone = Annotated[
    OutputBucketSettings | None,
    BeforeValidator(_none_from_word, json_schema_input_type=OutputBucketSettings | Literal["none"] | None),
]
