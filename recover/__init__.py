"""After an apply that was killed: what exists in an account already, for terraform to import.

Terraform makes several things at a time and writes down each when it is finished, in a remote state every 20
seconds. What was under way when it was killed exists, then, and is in no state: the next apply is refused for
a name that is taken, or makes a second one of what has no unique name. Terraform's ``import`` blocks heal
both, and those for what is in the state already are ignored, so that the state need not be read.

It only reads from AWS; ``python -m deployment permissions --role recover`` prints what it needs.
"""

from typing import TYPE_CHECKING

from cli.lazy import lazy_names

if TYPE_CHECKING:
    from recover.recovery import FILE, Recovery, publish, recover
    from recover.synthesized_stack import Resource, SynthesisError, SynthesizedStack, read_stacks
else:
    __getattr__ = lazy_names(__name__)

__all__ = [
    "FILE",
    "Recovery",
    "Resource",
    "SynthesisError",
    "SynthesizedStack",
    "publish",
    "read_stacks",
    "recover",
]
