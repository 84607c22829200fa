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

#: From the folder in which cdktf runs terraform, ``cdktf.out/stacks/NAME``, to the project.
_PROJECT = Path("..", "..", "..")


def add_state_backend(stack: TerraformStack, backend: state.Backend) -> None:
    """Make a stack keep its state where the deployment says.

    A path of the local state is written relative to the stack's folder: cdktf would write an absolute one,
    which is another one on every machine. No token is ever written.
    """
    match backend:
        case state.LocalBackend(path):
            LocalBackend(stack, path=os.fspath(_PROJECT / path))
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
