"""What an earlier deployment of a stack created, and this one must not delete."""

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from cdktf import TerraformElement, TerraformStack
from constructs import Construct

_REMOVED: WeakKeyDictionary[TerraformStack, list[dict[str, Any]]] = WeakKeyDictionary()


def leave_unmanaged(scope: Construct, resources: Iterable[tuple[str, str, str]]) -> None:
    """Add ``removed`` blocks: terraform forgets these resources, where its state has them, and deletes none.

    For what holds past events: a log group, or the key that they are encrypted with. Terraform 1.7 or
    OpenTofu 1.10 knows such blocks.

    Args:
        scope: The construct that would have created them.
        resources: Each as the id of its construct under ``scope``, its own id under that, and its type.
    """
    stack = TerraformStack.of(scope)
    # Setting it replaces what another construct of the stack has set.
    removed = _REMOVED.setdefault(stack, [])
    for parent, name, kind in resources:
        element = TerraformElement(Construct(scope, parent), name, kind)
        removed.append({"from": f"{kind}.{element.friendly_unique_id}", "lifecycle": [{"destroy": False}]})
    if removed:
        stack.add_override("removed", removed)
