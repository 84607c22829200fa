"""``python -m deployment``: check a deployment file, and write the JSON Schema that editors check it by."""

import argparse
import sys
from collections.abc import Sequence

from catalog.checkout import checkout
from catalog.errors import CatalogError
from cli.tables import text_table
from deployment.problem import DeploymentError
from deployment.reports.coverage import notices
from deployment.resolution.region_plan import RegionPlan
from deployment.resolution.selection import add_options, selected
from deployment.settings.schema import SCHEMA_FILE, json_schema


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 2 when the file must not be deployed.

    1 when an account that was asked for is left out with --keep-going.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (CatalogError, DeploymentError) as error:
        print(error, file=sys.stderr)
        return 2


def _schema(options: argparse.Namespace) -> int:
    if options.write:
        checkout()
        SCHEMA_FILE.write_text(f"{json_schema()}\n", encoding="utf-8")
    print(f"{SCHEMA_FILE} written" if options.write else json_schema())
    return 0


def _check(options: argparse.Namespace) -> int:
    asked = selected(
        options.file, accounts=options.accounts, regions=options.regions, keep_going=options.keep_going
    )
    told = (f"{region.account}: {text}" for region in asked.regions for text in notices(region))
    print(*[_table(asked.regions), *dict.fromkeys([*asked.notices, *told])], sep="\n")
    for problem in asked.problems:
        print(problem, file=sys.stderr)
    if asked.left_out:
        print(f"left out: {', '.join(asked.left_out)}", file=sys.stderr)
    return 1 if asked.is_incomplete else 0


def _table(regions: Sequence[RegionPlan]) -> str:
    return text_table([("STACK", "ACCOUNT", "EVENTS", "ALARMS", "TOPICS", "STATE"), *map(_row, regions)])


def _row(region: RegionPlan) -> tuple[str, ...]:
    alarms = sum(event.alarm is not None for event in region.events)
    alarms += len(region.additional_alarms) + len(region.account_alarms)
    numbers = (len(region.events), alarms, len(region.topics))
    return (region.stack_name, region.account_id, *map(str, numbers), str(region.state))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deployment", description="The deployment file.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="tell every problem of a deployment file, or its stacks")
    check.add_argument("file", nargs="?", default="deployment.yaml", metavar="FILE")
    add_options(check)
    check.set_defaults(run=_check)

    describe = commands.add_parser("schema", help="the JSON Schema of a deployment file")
    describe.add_argument("--write", action="store_true", help="into the file that editors read")
    describe.set_defaults(run=_schema)
    return parser


if __name__ == "__main__":
    sys.exit(main())
