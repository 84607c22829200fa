"""A guard: log groups cannot be renamed, and a new name would delete the events under the former."""

from collections.abc import Sequence

from cdktf import DataResource, Postcondition, TerraformResourceLifecycle
from constructs import Construct

from modules.logs.event_log_group import EventLogGroup
from modules.terraform.address import address


class LogGroupNames(Construct):
    """What the log groups were called when they were created; a plan that calls them otherwise is refused.

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
                    error_message=f'log_group_prefix was "${{self.input.prefix}}" when the log groups of '
                    f'this state were created, and now is "{prefix}": the plan would delete those that were '
                    "not adopted, with every event in them. Set it back. A second deployment for the same "
                    "account needs a name of its own, which gives it a state of its own. Only to keep the "
                    "former log groups in AWS, unmanaged, and to create others in their place, first run "
                    f"this in the stack's folder:\n\n  terraform state rm {forgotten}",
                )
            ],
        )
