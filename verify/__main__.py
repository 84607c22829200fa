"""``python -m verify``: check whether the monitoring of each account of a deployment works."""

import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

from catalog.errors import InputError, did_you_mean
from cli.errors import ExitStatus, reported
from cli.parallel import in_parallel
from cli.terminal import output_console

with reported("verify"):
    import typer

    from cli import application as command_line
    from cli.application import (
        DEFAULT_DEPLOYMENT,
        Accounts,
        ContinueOnError,
        DeploymentOption,
        GroupWithDefault,
        Json,
        Regions,
    )

if TYPE_CHECKING:
    from deployment.resolution.region_plan import RegionPlan
    from verify.result import Check

application = command_line.new_application(GroupWithDefault)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    return command_line.run(application, "verify", arguments)


@application.callback()
def _verify() -> None:
    """Check whether the monitoring of each deployed account works: the command checks, which is the default.

    The options below are those of the command checks.
    """


@application.command("checks")
def _checks(
    accounts: Accounts,
    regions: Regions,
    stacks: Annotated[
        list[str],
        typer.Argument(
            metavar="STACK",
            help="A stack's name, or a pattern ('production-*'). Default: all.",
            default_factory=list,
            show_default=False,
        ),
    ],
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    continue_on_error: ContinueOnError = False,
    as_data: Json = False,
    since: Annotated[
        int,
        typer.Option(
            metavar="HOURS",
            min=1,
            max=720,
            help="How far to look back for events. CloudWatch Logs shows an event up to an hour late.",
        ),
    ] = 24,
    everything: Annotated[bool, typer.Option("--all", help="Print passed checks one by one, too.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="A warning counts as a failure for the exit status.")
    ] = False,
) -> None:
    """Check in each account whether an event would be seen and its recipients notified.

    A deployment without servers is a warning only. Once there are servers, let a pipeline use --strict: then
    the exit status is 1 for a warning, too.
    """
    from deployment.loading.deployment_file import load_plan
    from verify.access.account import ACCOUNTS_AT_A_TIME
    from verify.access.window import Window
    from verify.report import as_json, summary, table
    from verify.result import Status
    from verify.stack import verify

    plan = load_plan(deployment, accounts=accounts, regions=regions, continue_on_error=continue_on_error)
    chosen = _of_stacks(plan.regions, stacks)
    window = Window(since)
    console = output_console()
    found: dict[str, list[Check]] = {}
    answers = in_parallel(lambda each: list(verify(each, window)), chosen, at_a_time=ACCOUNTS_AT_A_TIME)
    for each, checks in zip(chosen, answers, strict=True):
        found[each.stack_name] = checks
        if not as_data:
            console.print(table(each, checks, everything=everything))
    every = [check for checks in found.values() for check in checks]
    if as_data:
        print(as_json(found))
    else:
        console.print(summary(every))
    plan.report_left_out()
    wrong = {Status.FAILED, Status.WARNING} if strict else {Status.FAILED}
    if plan.is_incomplete or any(check.status in wrong for check in every):
        raise typer.Exit(ExitStatus.FOUND)


@application.command("patterns")
def _patterns(
    accounts: Accounts,
    regions: Regions,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    continue_on_error: ContinueOnError = False,
    as_data: Json = False,
) -> None:
    """Try every filter pattern on its event's samples in CloudWatch itself, before or after an apply.

    Events with the log engine have none: they are named, and not tried.

    It needs logs:TestMetricFilter, which reads and changes nothing and is free. The credentials at hand are
    used, in any account; with --account, the first account named is entered. The exit status is 1 where
    CloudWatch differs from what the deployment expects.
    """
    from deployment.loading.deployment_file import load_plan
    from verify.patterns import account_to_try_in, as_json, summary, table, try_patterns, without_filters

    plan = load_plan(deployment, accounts=accounts, regions=regions, continue_on_error=continue_on_error)
    account = account_to_try_in(plan.regions, named=bool(accounts))
    tried, not_tried = try_patterns(account, plan.regions), without_filters(plan.regions)
    if as_data:
        command_line.print_json(as_json(tried, account, not_tried))
    else:
        console = output_console()
        console.print(table(tried))
        console.print(summary(tried, account, not_tried), markup=False)
    plan.report_left_out()
    if plan.is_incomplete or any(each.differences for each in tried):
        raise typer.Exit(ExitStatus.FOUND)


@application.command("drill")
def _drill(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="The events to drill, by key.")],
    accounts: Annotated[
        list[str], typer.Option("--account", metavar="NAME", help="The account. Repeatable.")
    ],
    regions: Regions,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    timeout: Annotated[
        int, typer.Option(metavar="SECONDS", min=1, help="How long to follow the records.")
    ] = 600,
    as_data: Json = False,
) -> None:
    """Hold a fire drill: put a marked record into a deployed log group and follow it to the recipients.

    It notifies people, says whom beforehand, and asks for confirmation. Its log stream is deleted at the
    end. The exit status is 1 where a record did not come through.
    """
    from deployment.loading.deployment_file import load_plan
    from verify.drill.command import drill
    from verify.drill.report import as_json, closing, table

    plan = load_plan(deployment, accounts=accounts, regions=regions)
    followed = drill(plan.regions, keys, timeout=timeout, is_confirmed=yes, is_quiet=as_data)
    if as_data:
        command_line.print_json(as_json(followed))
    else:
        console = output_console()
        console.print(table(followed))
        console.print(closing(followed), markup=False)
    if any(one.failure for one in followed):
        raise typer.Exit(ExitStatus.FOUND)


def _of_stacks(regions: "Sequence[RegionPlan]", patterns: Sequence[str]) -> "list[RegionPlan]":
    """Return the regions whose stacks have these names; without any, all of them."""
    names = [region.stack_name for region in regions]
    unknown = [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)]
    if unknown:
        raise InputError(
            "; ".join(f"{each}: there is no such stack{did_you_mean(each, names)}" for each in unknown)
        )
    return [
        region
        for region in regions
        if any(fnmatchcase(region.stack_name, pattern) for pattern in patterns or ["*"])
    ]


if __name__ == "__main__":
    sys.exit(main())
