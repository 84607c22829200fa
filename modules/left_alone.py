"""What an earlier deployment of a stack made, and this one must not delete."""

from collections.abc import Iterable

from cdktf import TerraformElement, TerraformStack
from constructs import Construct


def leave_alone(scope: Construct, resources: Iterable[tuple[str, str, str]]) -> None:
    """Have terraform forget resources rather than delete them, where its state has them.

    For what would take the events of the past along: a log group, or the key that they are encrypted with.
    Terraform 1.7 or OpenTofu 1.10 knows such blocks.

    Args:
        scope: The construct that would have made them.
        resources: Each as the id of its construct under ``scope``, its own id under that, and its type.
    """
    addresses = [
        f"{kind}.{TerraformElement(Construct(scope, parent), name, kind).friendly_unique_id}"
        for parent, name, kind in resources
    ]
    if addresses:
        removed = [{"from": address, "lifecycle": [{"destroy": False}]} for address in addresses]
        TerraformStack.of(scope).add_override("removed", removed)
