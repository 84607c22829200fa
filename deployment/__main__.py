"""``python -m deployment``: check a deployment file, estimate its cost, and write the JSON Schema."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from catalog.checkout import checkout
from catalog.errors import InputError
from cli.errors import ExitStatus, complain, reported
from cli.files import write_text
from cli.tables import text_table
from cli.text import printable
from deployment.new_file import Answers, StateKind, new_file
from deployment.permissions import PermissionRole

with reported("deployment"):
    import typer

    from cli import application as command_line
    from cli.application import (
        DEFAULT_DEPLOYMENT,
        Accounts,
        ContinueOnError,
        DeploymentOption,
        Json,
        Regions,
        print_json,
    )

if TYPE_CHECKING:
    from deployment.resolution.region_plan import RegionPlan
    from deployment.settings.state import Backend
    from deployment.state_files import StateFile

#: For how many servers the cost is estimated unless the caller says otherwise.
_SERVERS = (1, 20, 200)

application = command_line.new_application()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    return command_line.run(application, "deployment", arguments)


@application.callback()
def _deployment() -> None:
    """Check a deployment file, estimate its cost, print its JSON Schema."""


@application.command("new")
def _new(
    accounts: Annotated[
        list[str] | None, typer.Option("--account", metavar="NAME=ID", help="An account. Repeatable.")
    ] = None,
    regions: Annotated[
        list[str] | None, typer.Option("--region", metavar="REGION", help="A region of each. Repeatable.")
    ] = None,
    emails: Annotated[
        list[str] | None, typer.Option("--email", metavar="ADDRESS", help="Whom alarms notify. Repeatable.")
    ] = None,
    slack: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORKSPACE/CHANNEL",
            help="A channel of Slack, by the two ids; with several regions, one for each. Repeatable.",
        ),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Monitor the accounts of this export of AWS Organizations."),
    ] = None,
    packs: Annotated[
        list[str] | None, typer.Option("--pack", metavar="PACK", help="Default: baseline. Repeatable.")
    ] = None,
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="KEY=VALUE", help="A tag of the servers. Repeatable. Default: OS."),
    ] = None,
    assume_role: Annotated[
        str, typer.Option(metavar="NAME", help="The role to assume in each account. Default: none.")
    ] = "",
    state: Annotated[StateKind, typer.Option(help="Where terraform keeps its state.")] = StateKind.LOCAL,
    organization: Annotated[
        str, typer.Option(metavar="NAME", help="The organization in Terraform Cloud, for --state cloud.")
    ] = "",
    output: Annotated[
        Path, typer.Option(metavar="FILE", help="The file to write; it must not exist.")
    ] = Path("my-deployment.yaml"),
) -> None:
    """Write a new deployment file, with comments; asks for what no option says.

    The file is checked before it is written."""
    if output.exists():
        raise InputError(f"{output}: exists already; name another with --output")
    if not (accounts or export):
        words = _asked("Accounts as NAME=ID, or the file of an export of AWS Organizations", "--account")
        accounts = [word for word in words if "=" in word]
        export = next((Path(word) for word in words if "=" not in word), None)
    regions = regions or _asked("Regions", "--region")
    if not (emails or slack):
        words = _asked("E-mail addresses, or channels of Slack as WORKSPACE/CHANNEL, to notify", "--email")
        slack = [word for word in words if "@" not in word]
        emails = [word for word in words if "@" in word]
    answers = Answers(
        accounts=_pairs("--account", accounts or []),
        regions=regions,
        emails=emails or [],
        slack=[_channel(value) for value in slack or []],
        export=_beside(export, output) if export else "",
        packs=packs or ["baseline"],
        tags=_tags(tags or []),
        assume_role=assume_role,
        state=state,
        organization=organization,
    )
    text = new_file(answers)
    _check_new(text, output, export)
    write_text(output, text)
    print(f"{output} written. Next: python -m deployment check {output}")


def _asked(question: str, option: str) -> list[str]:
    """Ask on a terminal for words; without one, the option must say them."""
    if not sys.stdin.isatty():
        raise InputError(f"{option} is missing, and there is no terminal to ask on")
    words: list[str] = typer.prompt(f"{question}, separated by blanks").split()
    return words


def _pairs(option: str, values: Sequence[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for name, _, rest in pairs:
        if not (name and rest):
            raise InputError(f"{option} {name}: must be a name and a value, as in NAME=VALUE")
    return {name: rest for name, _, rest in pairs}


def _tags(values: Sequence[str]) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for value in values:
        for key, of_key in _pairs("--tag", [value]).items():
            tags.setdefault(key, []).append(of_key)
    return tags


def _channel(value: str) -> tuple[str, str]:
    workspace, _, channel = value.partition("/")
    if not (workspace and channel):
        raise InputError(f"--slack {value}: must be two ids, as in T0123ABCDEF/C0123ABCDEF")
    return workspace, channel


def _beside(export: Path, output: Path) -> str:
    """Return the name of an export as the new file says it."""
    try:
        return export.resolve(strict=True).relative_to(output.parent.resolve()).as_posix()
    except OSError as error:
        raise InputError(f"--export {export}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"--export {export}: must be in the folder of {output}, or below it") from None


def _check_new(text: str, output: Path, export: Path | None) -> None:
    """Refuse answers that make no deployment, in the words of the check."""
    from deployment.loading.deployment_file import load_plan
    from deployment.problem import DeploymentError

    with TemporaryDirectory() as folder:
        file = Path(folder) / output.name
        file.write_text(text, encoding="utf-8")
        if export:
            copied = file.parent / _beside(export, output)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copyfile(export, copied)
        try:
            load_plan(file)
        except DeploymentError as error:
            for line in error.lines:
                complain(line.replace(str(file), f"the answers, as {output}"))
            raise typer.Exit(ExitStatus.REFUSED) from None


@application.command("check")
def _check(
    context: typer.Context,
    accounts: Accounts,
    regions: Regions,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The deployment file, as --deployment.")
    ] = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    continue_on_error: ContinueOnError = False,
) -> None:
    """List the stacks of a deployment file, or every problem in it."""
    from deployment.loading.deployment_file import load_plan
    from deployment.problem import DeploymentError
    from deployment.reports.coverage import notices
    from deployment.state_files import output_folder, state_files

    source = context.get_parameter_source("deployment")
    if file and source and source.name == "COMMANDLINE":
        raise InputError(f"name one deployment file: {file}, or --deployment {deployment}")
    plan = load_plan(
        file or deployment, accounts=accounts, regions=regions, continue_on_error=continue_on_error
    )
    states = state_files(plan.regions, output_folder())
    if problems := [state.problem for state in states if state.problem]:
        plan = plan.without(problems)
        if not plan.regions or not continue_on_error:
            raise DeploymentError(plan.problems)
    of_accounts = (f"{region.account}: {text}" for region in plan.regions for text in notices(region))
    messages = dict.fromkeys(map(printable, [*plan.notices, *_of_states(plan.regions, states), *of_accounts]))
    print(_table(plan.regions, states), *messages, sep="\n")
    plan.report_left_out()
    if plan.is_incomplete:
        raise typer.Exit(ExitStatus.FOUND)


@application.command("cost")
def _cost(
    accounts: Accounts,
    regions: Regions,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    servers: Annotated[
        list[int] | None,
        typer.Option("--servers", metavar="N", min=1, help="For N servers. Repeatable; else 1, 20, 200."),
    ] = None,
    as_data: Json = False,
) -> None:
    """Estimate what the alarms cost a month, by metric filters and by log alarms.

    In US dollars, for each stack, as deployed and otherwise; what all ways share, such as ingestion, is not
    in it."""
    from deployment.loading.deployment_file import load_plan
    from deployment.reports.cost import cost

    plan = load_plan(deployment, accounts=accounts, regions=regions)
    reports = [cost(region, servers or _SERVERS) for region in plan.regions]
    if as_data:
        print_json([each.as_json() for each in reports])
    else:
        print(*reports, sep="\n\n")


@application.command("preflight")
def _preflight(
    accounts: Accounts,
    regions: Regions,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    continue_on_error: ContinueOnError = False,
    as_data: Json = False,
) -> None:
    """Check in each account, before an apply, for taken names, used quotas and disabled regions.

    It changes nothing. What terraform's state holds is the deployment's own; where the state cannot be read,
    what has the deployment's tags.
    """
    from cli.parallel import in_parallel
    from cli.terminal import output_console
    from deployment.loading.deployment_file import load_plan
    from verify.access.account import ACCOUNTS_AT_A_TIME
    from verify.preflight import preflight
    from verify.report import as_json, summary, table
    from verify.result import Status

    plan = load_plan(deployment, accounts=accounts, regions=regions, continue_on_error=continue_on_error)
    answers = in_parallel(lambda each: list(preflight(each)), plan.regions, at_a_time=ACCOUNTS_AT_A_TIME)
    found = {each.stack_name: checks for each, checks in zip(plan.regions, answers, strict=True)}
    every = [check for checks in found.values() for check in checks]
    if as_data:
        print(as_json(found))
    else:
        console = output_console()
        for each in plan.regions:
            console.print(table(each, found[each.stack_name]))
        console.print(summary(every))
    plan.report_left_out()
    if plan.is_incomplete or any(check.status is Status.FAILED for check in every):
        raise typer.Exit(ExitStatus.FOUND)


@application.command("permissions")
def _permissions(
    accounts: Accounts,
    regions: Regions,
    role: Annotated[
        PermissionRole | None,
        typer.Option("--role", help="Who needs them; state is who reaches the state in S3."),
    ] = None,
    stack_set: Annotated[
        bool,
        typer.Option(
            "--stack-set",
            help="Print a CloudFormation template of the role instead, for all accounts.",
        ),
    ] = False,
    key_policy: Annotated[
        bool,
        typer.Option("--key-policy", help="Print the policy that each key named in the file needs instead."),
    ] = False,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    as_data: Json = False,
) -> None:
    """Print the least IAM policy for a role: deploy, plan, verify, drill, recover, state or preflight.

    A single policy is printed as IAM takes it. Several, of several accounts or since one would be longer than
    a managed policy may be, are printed as a JSON object, each under ACCOUNT/NAME."""
    from deployment.loading.deployment_file import load_plan
    from deployment.permissions.roles import state_notices
    from deployment.permissions.stack_set import stack_set_template
    from deployment.reports.permissions import account_policies, key_policies

    if (role is None) != key_policy:
        raise InputError("name either a role (--role deploy) or --key-policy")
    if stack_set and (as_data or role is None):
        raise InputError("--stack-set prints YAML, of a role: leave out --json and --key-policy")
    plan = load_plan(deployment, accounts=accounts, regions=regions)
    if role is None:
        if not (of_keys := key_policies(plan.regions)):
            raise InputError(
                f"{deployment}: no key is named under encryption.key or notifications.kms_key; one that the "
                "stack creates has its policy"
            )
        _print_policies(of_keys, as_data=as_data)
        return
    if stack_set:
        import yaml

        print(yaml.safe_dump(stack_set_template(plan.regions, role), sort_keys=False, width=110), end="")
    elif as_data:
        print_json([each.as_json() for each in account_policies(plan.regions, role)])
    else:
        policies = account_policies(plan.regions, role)
        _print_policies({f"{each.account}/{each.name}": each.document for each in policies})
    for notice in state_notices(plan.regions, role):
        complain(notice)


def _print_policies(policies: Mapping[str, object], *, as_data: bool = False) -> None:
    """Print a single policy as AWS takes it, and several by their names."""
    print_json(next(iter(policies.values())) if len(policies) == 1 and not as_data else policies)


@application.command("schema")
def _schema(
    write: Annotated[
        bool,
        typer.Option("--write", help="Write it into the file that editors read, and the page of settings."),
    ] = False,
) -> None:
    """Print the JSON Schema of a deployment file."""
    from deployment.settings.schema import SCHEMA_FILE, json_schema
    from deployment.settings_page import EXAMPLES, PAGE, settings_page

    if not write:
        print(json_schema())
        return
    repository = checkout()
    page = settings_page((repository / EXAMPLES).read_text(encoding="utf-8"))
    for file, content in ((SCHEMA_FILE, f"{json_schema()}\n"), (repository / PAGE, page)):
        write_text(file, content)
        print(f"{file} written")


def _table(regions: Sequence[RegionPlan], states: Sequence[StateFile]) -> str:
    former = {state.stack: state.former for state in states if state.former}
    rows = (_row(region, former.get(region.stack_name, region.state)) for region in regions)
    return text_table([("STACK", "ACCOUNT", "EVENTS", "ALARMS", "TOPICS", "STATE"), *rows])


def _row(region: RegionPlan, state: Backend | Path) -> tuple[str, ...]:
    from deployment.resources.alarms import alarms

    numbers = (len(region.events), sum(1 for _ in alarms(region)), len(region.topics))
    return (region.stack_name, region.account_id, *map(str, numbers), str(state))


def _of_states(regions: Sequence[RegionPlan], states: Sequence[StateFile]) -> Iterator[str]:
    """Yield what the table does not say of the states."""
    rows = {region.stack_name for region in regions}
    for state in states:
        if state.stack not in rows:
            yield f"{state.stack}: its state, of the bucket only, is {state.former or state.state}"
        if state.former:
            yield f"{state.stack}: the next synthesis moves the state to {state.state}"
        if state.notice:
            yield state.notice


if __name__ == "__main__":
    sys.exit(main())
