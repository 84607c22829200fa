"""Have terraform replace something that AWS, or the order of changes, does not let it change in place."""

from cdktf import DataResource, TerraformResourceLifecycle
from constructs import Construct

from modules.terraform.address import address


def replaced_with(scope: Construct, text: str) -> TerraformResourceLifecycle:
    """Return the lifecycle of a resource that is replaced when a text changes.

    Args:
        scope: The construct of the resource; it gets a child ``replaced-with``, which keeps the text in the
            state and nothing in AWS.
        text: What must not change in place.
    """
    kept = DataResource(scope, "replaced-with", input={"text": text})
    return TerraformResourceLifecycle(replace_triggered_by=[address(kept)])
