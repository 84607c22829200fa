"""An AWS on this machine (moto, made strict and completed) to plan and apply against.

Used by the demonstration and the end-to-end tests, never by production code.
"""

from typing import TYPE_CHECKING

from cli.lazy import lazy_names

if TYPE_CHECKING:
    from local_aws.existing_resources import inventory
    from local_aws.server import LocalAws
    from local_aws.strict.faults import Faults
    from local_aws.terraform import (
        Change,
        Plan,
        Terraform,
        TerraformError,
        binary_name,
        find_provider_mirror,
        terraform_environment,
    )
else:
    __getattr__ = lazy_names(__name__)

__all__ = [
    "Change",
    "Faults",
    "LocalAws",
    "Plan",
    "Terraform",
    "TerraformError",
    "binary_name",
    "find_provider_mirror",
    "inventory",
    "terraform_environment",
]
