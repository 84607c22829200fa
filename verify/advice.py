"""What cures a finding, as commands of the AWS CLI."""

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


def stack_created_again(region: RegionPlan, stack_name: str) -> str:
    """Say how what a CloudFormation stack holds comes back: a plan looks at the stack, and not into it."""
    deletion, end = (
        aws_command(region, f"cloudformation {operation}", stack_name=stack_name)
        for operation in ("delete-stack", "wait stack-delete-complete")
    )
    return f"run {deletion}, then run {end}, then apply the stack again"
