"""A guard: log groups cannot be renamed, and a new name would delete the events under the former."""

from collections.abc import Sequence

from cdktf import DataResource, Postcondition, TerraformResourceLifecycle
from constructs import Construct

from modules.logs.event_log_group import EventLogGroup
from modules.terraform.address import address


class LogGroupNames(Construct):
    """What the log groups were called when they were made; a plan that calls them otherwise is refused.

    Kept in the state, and nothing in AWS.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        prefix: What the names of the log groups begin with, as ``log_group_prefix`` of the deployment file.
        log_groups: The log groups that are called so.
    """

    def __init__(
        self, scope: Construct, id: str, *, prefix: str, log_groups: Sequence[EventLogGroup]
    ) -> None:
        super().__init__(scope, id)
        groups = [group.resource for group in log_groups]
        kept = DataResource(self, "prefix", input={"prefix": prefix}, depends_on=groups)
        forgotten = " ".join(map(address, (*groups, kept)))
        kept.lifecycle = TerraformResourceLifecycle(
            # What stood here when the log groups were made is to be compared, not to be brought up to date.
            ignore_changes=["input"],
            postcondition=[
                Postcondition(
                    condition=f'${{self.input.prefix == "{prefix}"}}',
                    error_message=f'log_group_prefix was "${{self.input.prefix}}" when the log groups were '
                    f'made, and now is "{prefix}": others would take their place, and those that were not '
                    "adopted be deleted with every event in them. Put it back. Or, to leave the former in "
                    "AWS and have others beside them, have terraform forget these first, in the stack's "
                    f"folder under cdktf.out/stacks:\n\n  terraform state rm {forgotten}",
                )
            ],
        )
