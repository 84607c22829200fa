"""Where terraform keeps a stack's state."""

import os
from pathlib import Path

from cdktf import (
    CloudBackend,
    LocalBackend,
    NamedCloudWorkspace,
    S3Backend,
    S3BackendAssumeRoleConfig,
    TerraformStack,
)

from deployment.settings import state

#: Where cdktf looks for stacks and runs terraform, unless its ``--output`` says otherwise.
OUTPUT = Path("cdktf.out")


def add_state_backend(stack: TerraformStack, backend: state.Backend, output: Path = OUTPUT) -> None:
    """Make a stack keep its state where the deployment says.

    A path of the local state is written relative to the folder in which terraform runs, so that it is the
    same on every machine. No token is ever written.

    Args:
        stack: The stack.
        backend: Where the deployment says.
        output: The folder in which cdktf runs terraform. Default: ``cdktf.out``.
    """
    match backend:
        case state.LocalBackend():
            # The folders as the system has them: it follows a link before it goes up from there.
            file, folder = (
                os.path.realpath(path) for path in (backend.file, output / "stacks" / stack.node.id)
            )
            LocalBackend(stack, path=os.path.relpath(file, folder))
        case state.S3Backend():
            role = backend.assume_role
            S3Backend(
                stack,
                bucket=backend.bucket,
                key=backend.key,
                region=backend.region,
                encrypt=True,
                skip_region_validation=True,
                kms_key_id=backend.kms_key_id,
                assume_role=S3BackendAssumeRoleConfig(
                    role_arn=role.arn, external_id=role.external_id, session_name=role.session_name
                )
                if role
                else None,
            )
            # cdktf 0.21 does not know this argument of terraform's.
            stack.add_override("terraform.backend.s3.use_lockfile", backend.use_lockfile)
        case state.CloudBackend():
            CloudBackend(
                stack,
                hostname=backend.hostname,
                organization=backend.organization,
                workspaces=NamedCloudWorkspace(backend.workspace, backend.project),
            )
