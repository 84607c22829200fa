"""What cures a finding, as a command of the AWS CLI."""

import shlex

from deployment import RegionPlan


def aws_command(region: RegionPlan, operation: str, **arguments: str) -> str:
    """Return a command of the AWS CLI, in quotes, for the region of a stack.

    Args:
        region: The stack: a command without its region would act on another one.
        operation: The service and the operation, such as ``ssm delete-association``.
        arguments: The operation's arguments, with ``_`` for ``-``.
    """
    given = {**arguments, "region": region.region_name}
    options = " ".join(f"--{name.replace('_', '-')} {shlex.quote(value)}" for name, value in given.items())
    return f"'aws {operation} {options}'"
