"""Where Terraform keeps the state of each stack."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BeforeValidator, StrictBool, model_validator

from catalog.errors import did_you_mean
from deployment.settings.assume_role import AssumedRole, RoleToAssume
from deployment.settings.explanation import shown
from deployment.settings.model import Model
from deployment.settings.types.accounts import RegionName
from deployment.settings.types.arns import KmsKeyOrAliasArn
from deployment.settings.types.buckets import BucketTemplate, KeyPrefix
from deployment.settings.types.terraform_cloud import Hostname, Organization, ProjectName, WorkspaceTemplate
from deployment.settings.types.text import RelativePath


@dataclass(frozen=True, slots=True)
class LocalBackend:
    """The state file of one stack on this machine.

    Args:
        path: The file, relative to the folder.
        folder: The folder of the deployment file. Default: the current one.
    """

    path: str
    folder: Path = Path()

    @property
    def file(self) -> Path:
        """The file."""
        return self.folder / self.path

    def __str__(self) -> str:
        return str(self.file)


@dataclass(frozen=True, slots=True)
class S3Backend:
    """The state object of one stack in S3, always encrypted.

    Args:
        bucket_stack: The name of the stack that creates the bucket, where one does.
        bucket_state: Where that stack keeps its own state: the bucket cannot keep it before it exists.
    """

    bucket: str
    key: str
    region: str
    create_bucket: bool
    kms_key_id: str | None
    use_lockfile: bool
    assume_role: AssumedRole | None
    bucket_stack: str
    bucket_state: LocalBackend

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True)
class CloudBackend:
    """The workspace of one stack in Terraform Cloud or Enterprise."""

    hostname: str
    organization: str
    workspace: str
    project: str | None

    def __str__(self) -> str:
        return f"{self.hostname}/{self.organization}/{self.workspace}"


Backend: TypeAlias = LocalBackend | S3Backend | CloudBackend

_NO_TOKEN = (
    "a token must never be in this file: run 'terraform login', or set the environment variable "
    "TF_TOKEN_ followed by the host name with _ for each dot, such as TF_TOKEN_app_terraform_io"
)
_NO_CREDENTIALS = (
    "credentials must never be in this file: they come from the environment (AWS_PROFILE, AWS_ACCESS_KEY_ID, "
    "...), and assume_role names the role to enter the bucket's account by"
)
_SECRETS: Mapping[str, str] = {
    "token": _NO_TOKEN,
    **dict.fromkeys(("access_key", "secret_key", "session_token"), _NO_CREDENTIALS),
}


def _local(directory: str, stack_name: str, stack: Mapping[str, str], folder: Path) -> LocalBackend:
    return LocalBackend(f"{directory.rstrip('/')}/{stack['name']}-{stack_name}.tfstate", folder)


class LocalState(Model):
    """State in a file for each stack on this machine."""

    refused: ClassVar[Mapping[str, str]] = _SECRETS

    type: Literal["local"] = "local"
    """local: files on this machine."""
    directory: RelativePath = "state"
    """The folder for the files <name>-<account>-<region>.tfstate, relative to this file. Default: state."""

    def backend(self, stack: Mapping[str, str], folder: Path) -> LocalBackend:
        """Return the place of one stack's state.

        Args:
            stack: The values of the placeholders.
            folder: The folder of the deployment file.
        """
        return _local(self.directory, f"{stack['account']}-{stack['region']}", stack, folder)


class S3State(Model):
    """State in an encrypted S3 bucket, one object for each stack."""

    refused: ClassVar[Mapping[str, str]] = _SECRETS

    type: Literal["s3"]
    """s3: objects in a bucket."""
    bucket: BucketTemplate = "{name}-state-{account_id}-{region}"
    """The bucket's name; {account}, {account_id}, {region} and {name} are filled in. Default:
    {name}-state-{account_id}-{region}, a bucket for each stack."""
    prefix: KeyPrefix = "{name}"
    """What the object's key begins with, before <account>/<region>/terraform.tfstate; the same placeholders
    are filled in. Default: {name}."""
    region: RegionName | None = None
    """The bucket's region. Default: the stack's own, which its name must then contain as {region}."""
    create_bucket: StrictBool = True
    """Whether a stack of its own makes the bucket, in the account that it is for. Default: true. false where
    the bucket exists, or belongs to another account."""
    kms_key_id: KmsKeyOrAliasArn | None = None
    """The ARN of the KMS key that encrypts the object, or of an alias of it, in the bucket's region;
    {region}, {account_id} and {partition} are filled in. Default: the bucket's own encryption."""
    use_lockfile: StrictBool = True
    """Whether an apply locks the state by an object beside it. Default: true; without it two applies at once
    can destroy the state."""
    assume_role: RoleToAssume | None = None
    """The role to enter the bucket's account by: an ARN, or a name in the stack's account. Default: none,
    the caller's own credentials."""

    @model_validator(mode="after")
    def _bucket_is_in_a_known_region(self) -> Self:
        if self.region is None and "{region}" not in self.bucket:
            raise ValueError(
                f"the bucket {self.bucket} is the same for every region: add the region that it is in, "
                "such as 'region: eu-central-1'"
            )
        return self

    def backend(self, stack: Mapping[str, str], folder: Path) -> S3Backend:
        """Return the place of one stack's state; the arguments are those of ``LocalState.backend``."""
        path = (self.prefix, stack["account"], stack["region"], "terraform.tfstate")
        region = self.region or stack["region"]
        bucket_stack = f"{stack['account']}-{region}-state"
        return S3Backend(
            bucket=self.bucket,
            key="/".join(part for part in path if part),
            region=region,
            create_bucket=self.create_bucket,
            kms_key_id=self.kms_key_id,
            use_lockfile=self.use_lockfile,
            assume_role=self.assume_role.in_account(stack) if self.assume_role else None,
            bucket_stack=bucket_stack,
            bucket_state=_local("state", bucket_stack, stack, folder),
        )


class CloudState(Model):
    """State, and runs, in Terraform Cloud or Terraform Enterprise: one workspace for each stack."""

    refused: ClassVar[Mapping[str, str]] = _SECRETS

    type: Literal["cloud"]
    """cloud: workspaces of Terraform Cloud or Terraform Enterprise."""
    organization: Organization
    """The organization that the workspaces belong to."""
    hostname: Hostname = "app.terraform.io"
    """The host of Terraform Enterprise. Default: app.terraform.io."""
    workspace: WorkspaceTemplate = "{name}-{account}-{region}"
    """The workspace's name; {account}, {account_id}, {region} and {name} are filled in, and must give
    each stack its own name. Default: {name}-{account}-{region}."""
    project: ProjectName | None = None
    """The project that new workspaces are put into. Default: the organization's default project."""

    def backend(self, stack: Mapping[str, str], folder: Path) -> CloudBackend:
        """Return the place of one stack's state; the arguments are those of ``LocalState.backend``."""
        return CloudBackend(self.hostname, self.organization, self.workspace, self.project)


_TYPES: Mapping[str, type[LocalState] | type[S3State] | type[CloudState]] = {
    "local": LocalState,
    "s3": S3State,
    "cloud": CloudState,
}


def _state(value: Any) -> LocalState | S3State | CloudState:
    """Choose the model by ``type``, so that only its own errors are reported."""
    if isinstance(value, LocalState | S3State | CloudState):
        return value
    settings = {"type": value} if isinstance(value, str) else value
    if not isinstance(settings, Mapping):
        raise ValueError(f"must be local, or a mapping with a type (local, s3 or cloud), not {shown(value)}")
    chosen = settings.get("type")
    if chosen is None:
        raise ValueError("is without a type: add 'type: local', 'type: s3' or 'type: cloud'")
    if not isinstance(chosen, str) or chosen not in _TYPES:
        hint = did_you_mean(chosen, _TYPES) if isinstance(chosen, str) else ""
        raise ValueError(f"{shown(chosen)} is no type of state: it is local, s3 or cloud{hint}")
    return _TYPES[chosen].model_validate(settings)


#: Where the states are; ``local`` alone will do.
State = Annotated[
    LocalState | S3State | CloudState,
    BeforeValidator(_state, json_schema_input_type=Literal["local"] | LocalState | S3State | CloudState),
]
