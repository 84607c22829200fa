"""The CDKTF app: the deployment file in, a stack for each account and region out."""

import sys

from cli.errors import ExitStatus, complain, prepare_output, print_or_complain, reported

with reported():
    import argparse
    import gc
    import os
    import re
    import shutil
    from collections.abc import Sequence
    from concurrent.futures import BrokenExecutor

    if not shutil.which(os.environ.get("JSII_NODE", "node")):
        raise OSError("There is no Node: install Node 20 or later, so that node is found in PATH.")

    # First of all: Node starts while Python imports the others.
    import modules.app.parallel_build as parallel_build
    from catalog.errors import InputError
    from cli.options import DEFAULT_DEPLOYMENT, add_options
    from deployment import DeploymentError, DeploymentPlan, load_plan
    from deployment.reports.coverage import notices
    from deployment.reports.quotas import table
    from deployment.state_files import output_folder, state_files

_DESCRIPTION = "Write a stack for each account and region of a deployment file, for cdktf to plan and apply."
_EPILOG = """\
environment variables, which reach this program through cdktf as well:
  DEPLOYMENT         the deployment file; default: deployment.yaml
  ACCOUNTS, REGIONS  names separated by commas or spaces, as --account and --region, which replace them
  CONTINUE_ON_ERROR  true or false, as --continue-on-error

The stacks go to cdktf.out. Its manifest names the stacks of this run only, and cdktf acts on no others.

Exit status: 0 when everything requested is written; 1 when --continue-on-error has left out a requested
account, and the rest is written; 2 when nothing is written, and an earlier cdktf.out is as it was. Where
CONTINUE_ON_ERROR asks for it, the status is 0 in place of 1: cdktf acts on nothing after any other."""
#: A system error as Node writes it, such as "EACCES: permission denied, mkdir '/home/ci/.cache'".
_SYSTEM_ERROR = re.compile(r"\bE[A-Z]{3,}: [^\n]*?(?:'[^'\n]*'|$)", re.MULTILINE)
_SWITCHES = {"": False, "false": False, "0": False, "true": True, "1": True}


def main() -> int:
    """Read the file that DEPLOYMENT names and write ``cdktf.out``; return the exit status."""
    with reported():
        prepare_output()
        options = _options()
        by_variable = _switch("CONTINUE_ON_ERROR")
        plan = load_plan(
            os.environ.get("DEPLOYMENT", DEFAULT_DEPLOYMENT),
            accounts=options.accounts or _names("ACCOUNTS"),
            regions=options.regions or _names("REGIONS"),
            continue_on_error=options.continue_on_error or by_variable,
        )
        plan = _write(plan, continue_on_error=options.continue_on_error or by_variable)
        return ExitStatus.FOUND if plan.is_incomplete and not by_variable else ExitStatus.OK


def _write(plan: DeploymentPlan, *, continue_on_error: bool) -> DeploymentPlan:
    """Write the stacks and report on them; return the plan without the accounts that could not be built.

    Raises:
        DeploymentError: Nothing was written, since an account could not be built, or none could.
    """
    output = output_folder()
    states = state_files(plan.regions, output)
    plan = _sound(plan.without(state.problem for state in states if state.problem), continue_on_error)
    with parallel_build.new_folder(output) as new:
        from jsii.errors import JSIIError  # here: before Node has started, it would only take time

        try:
            batches = parallel_build.build(plan.regions, new, output, continue_on_error=continue_on_error)
        except BrokenExecutor:
            raise InputError(
                "A process that builds stacks was killed, for example because the machine is out of memory."
            ) from None
        except (RuntimeError, JSIIError) as error:
            # What Node says of a folder that it cannot use: of the home folder, of TMPDIR.
            if reason := _SYSTEM_ERROR.search(str(error)):
                raise InputError(
                    f"Node cannot write what it needs: {reason[0]}. Set HOME and TMPDIR to folders that this "
                    "user may write to."
                ) from None
            raise
        plan = _sound(
            plan.without(problem for batch in batches for problem in batch.problems), continue_on_error
        )
        states = [state for state in states if state.region.account not in plan.left_out]
        has_former = any(state.former for state in states)
        of_states = [text for state in states if (text := state.notice or state.move())]
        parallel_build.publish(batches, output, can_undo=not has_former)
    for state in states:
        state.forget_other()
    plan.report_left_out()
    _report(plan, batches, of_states)
    return plan


def _sound(plan: DeploymentPlan, continue_on_error: bool) -> DeploymentPlan:
    """Return the plan, where it may be written.

    Raises:
        DeploymentError: An account is left out that must not be, or all are.
    """
    if not plan.regions or (plan.left_out and not continue_on_error):
        raise DeploymentError(plan.problems)
    return plan


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser)
    return parser.parse_args()


def _names(variable: str) -> list[str]:
    """Return the names in an environment variable."""
    value = os.environ.get(variable, "")
    names = value.replace(",", " ").split()
    if value and not names:
        raise InputError(f"{variable}: {value!r} names nothing: unset it, or name some")
    return names


def _switch(variable: str) -> bool:
    """Return whether an environment variable is true."""
    value = os.environ.get(variable, "")
    if value.lower() not in _SWITCHES:
        raise InputError(f"{variable}: {value!r} must be true or false")
    return _SWITCHES[value.lower()]


def _report(plan: DeploymentPlan, batches: Sequence[parallel_build.Batch], of_states: Sequence[str]) -> None:
    of_regions = [f"{region.stack_name}: {text}" for region in plan.regions for text in notices(region)]
    usages = {stack: used for batch in batches for stack, used in batch.usages.items()}
    near = [
        f"warning: {stack}: {usage.quota}: {usage.used:,} of the {usage.limit:,} that AWS takes"
        for stack, used in usages.items()
        for usage in used
        if usage.is_near
    ]
    print_or_complain(table(usages))
    if messages := [*plan.notices, *of_states, *of_regions, *near]:
        complain(*messages)


if __name__ == "__main__":
    status = main()
    # The process ends here: a search for garbage among the objects of jsii would only take time.
    gc.freeze()
    sys.exit(status)
