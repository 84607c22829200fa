"""``python -m catalog``: read, check and document the catalog on the command line."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from catalog.checkout import checkout
from catalog.checks.lock import LOCK_FILE, synthesized
from catalog.checks.validators import validate
from catalog.derived.agent_configuration import Collection, HostMetrics, agent_configuration, minified
from catalog.derived.as_json import as_json
from catalog.derived.attack_layer import attack_layer
from catalog.derived.audit_script import AuditMode, audit_policy_data, audit_script, auditpol_commands
from catalog.derived.insights_query import insights_query
from catalog.docs import pages
from catalog.errors import CatalogError, UnknownNameError
from catalog.events import EVENTS, event, pack
from catalog.model.security_event import Pack, SecurityEvent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when it found something amiss, 2 when it cannot be done."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Who reads has read enough, as "head" does: nothing more is to be flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _list(options: argparse.Namespace) -> int:
    events = pack(options.pack) if options.pack else EVENTS
    if options.json:
        return _print_json([as_json(chosen) for chosen in events])
    width = max(len(chosen.key) for chosen in events)
    for each in events:
        print(f"{each.event_id:>5}  {each.key:<{width}}  {each.severity.value:<13}  {each.title}")
    return 0


def _show(options: argparse.Namespace) -> int:
    chosen = event(options.key)
    if options.json:
        return _print_json(as_json(chosen))
    record = as_json(chosen)
    del record["insights_query"]
    width = max(map(len, record))
    for name, value in record.items():
        if value not in (None, "", []):
            print(f"{name:<{width}}  {_cell(value)}")
    print("", insights_query(chosen), sep="\n")
    return 0


def _pattern(options: argparse.Namespace) -> int:
    chosen = event(options.key)
    if options.path:
        chosen = chosen.for_path(options.path)
    if options.json:
        return _print_json(list(chosen.patterns))
    print(*chosen.patterns, sep="\n")
    return 0


def _agent_config(options: argparse.Namespace) -> int:
    configuration = agent_configuration(
        _chosen(options),
        collection=Collection(options.collection),
        host_metrics=HostMetrics(options.host_metrics),
    )
    if options.minified:
        print(minified(configuration))
        return 0
    return _print_json(configuration)


def _audit_policy(options: argparse.Namespace) -> int:
    chosen = _chosen(options)
    if options.json:
        return _print_json(audit_policy_data(chosen))
    if options.script:
        print(audit_script(chosen, mode=options.mode), end="")
    else:
        print(*auditpol_commands(chosen), sep="\n")
    return 0


def _validate(options: argparse.Namespace) -> int:
    findings = validate(EVENTS)
    if options.json:
        _print_json([asdict(finding) for finding in findings])
    else:
        print(*findings, f"{len(EVENTS)} events, {len(findings)} findings", sep="\n")
    return 1 if findings else 0


def _coverage(options: argparse.Namespace) -> int:
    # The one command that knows of deployments, and the one place where the catalog loads what is above it.
    try:
        from deployment.loading.deployment_file import load
        from deployment.problem import DeploymentError
        from deployment.reports.coverage import coverage
        from deployment.resolution.plans import resolve
    except ModuleNotFoundError as error:
        install = 'pip install "windows-security-monitoring[deployment]"'
        raise CatalogError("coverage", [f"needs {error.name}, which is not installed: {install}"]) from None

    try:
        regions = resolve(load(options.deployment))
    except DeploymentError as error:
        print(error, file=sys.stderr)
        return 2
    if options.account:
        accounts = list(dict.fromkeys(region.account for region in regions))
        if options.account not in accounts:
            raise UnknownNameError(options.account, "account in the deployment", accounts)
        regions = tuple(region for region in regions if region.account == options.account)
    covered = [coverage(region) for region in regions]
    if options.json:
        _print_json([each.as_json() for each in covered])
    else:
        print(*covered, sep="\n\n")
    return 1 if any(each.silent for each in covered) else 0


def _attack(options: argparse.Namespace) -> int:
    events = pack(options.pack) if options.pack else EVENTS
    layer = attack_layer(
        events,
        name=f"Windows security events: {options.pack or 'all'}",
        description=f"{len(events)} events. A technique's score is the number of those that are signs of it.",
    )
    if not options.output:
        return _print_json(layer)
    return _write(options.output, _json(layer) + "\n")


def _docs(options: argparse.Namespace) -> int:
    folder = options.output or checkout() / "docs"
    return max(_write(folder / name, page) for name, page in pages().items())


def _lock(options: argparse.Namespace) -> int:
    checkout()
    return _write(LOCK_FILE, synthesized())


def _chosen(options: argparse.Namespace) -> tuple[SecurityEvent, ...]:
    """Return the events of the packs and keys named, or without any, of the baseline."""
    chosen: dict[str, SecurityEvent] = {}
    for name in options.pack or [] if options.pack or options.event else [Pack.BASELINE.value]:
        chosen |= {e.key: e for e in pack(name)}
    for key in options.event or []:
        chosen[key] = event(key)
    return tuple(chosen.values())


def _write(path: Path, content: str) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise CatalogError(str(path), [f"cannot be written: {error.strerror}"]) from None
    print(f"{path} written")
    return 0


def _print_json(value: object) -> int:
    print(_json(value))
    return 0


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_cell(item)}" for name, item in value.items())
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m catalog", description="The catalog of Windows events.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="the events, a line each")
    listing.add_argument("--pack", metavar="NAME", help="only the events of this pack")
    listing.add_argument("--json", action="store_true", help="a JSON array, an object for each event")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="one event, with everything derived from it")
    show.add_argument("key", metavar="KEY")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_show)

    pattern = commands.add_parser("pattern", help="an event's filter patterns, a line each")
    pattern.add_argument("key", metavar="KEY")
    pattern.add_argument("--path", help="the path to watch, for an event that watches one")
    pattern.add_argument("--json", action="store_true", help="a JSON array of texts")
    pattern.set_defaults(run=_pattern)

    choice = argparse.ArgumentParser(add_help=False)
    choice.add_argument("--pack", action="append", metavar="NAME", help="default: baseline; may be repeated")
    choice.add_argument("--event", action="append", metavar="KEY", help="may be repeated")

    agent = commands.add_parser(
        "agent-config", parents=[choice], help="the CloudWatch agent's configuration, as JSON"
    )
    agent.add_argument("--collection", choices=[c.value for c in Collection], default="event_ids")
    agent.add_argument("--host-metrics", choices=[m.value for m in HostMetrics], default="none")
    agent.add_argument("--minified", action="store_true", help="as it is stored in Parameter Store")
    agent.add_argument("--json", action="store_true", help="accepted for symmetry: the output is always JSON")
    agent.set_defaults(run=_agent_config)

    audit = commands.add_parser(
        "audit-policy", parents=[choice], help="the auditpol commands that events need, a line each"
    )
    audit.add_argument("--script", action="store_true", help="the PowerShell that does all of it instead")
    audit.add_argument(
        "--mode",
        choices=[m.value for m in AuditMode],
        default=AuditMode.APPLY.value,
        help="what the script does; default: apply",
    )
    audit.add_argument("--json", action="store_true", help="what the script makes of a server")
    audit.set_defaults(run=_audit_policy)

    check = commands.add_parser("validate", help="what is wrong with the catalog as a whole")
    check.add_argument("--json", action="store_true", help="a JSON array, an object for each finding")
    check.set_defaults(run=_validate)

    cover = commands.add_parser("coverage", help="which alarms of a deployment can ring at all")
    cover.add_argument("--deployment", required=True, metavar="FILE", help="such as deployment.yaml")
    cover.add_argument("--account", metavar="NAME", help="only this account's stacks")
    cover.add_argument("--json", action="store_true", help="a JSON array, an object for each stack")
    cover.set_defaults(run=_coverage)

    attack = commands.add_parser("attack", help="a layer for the MITRE ATT&CK Navigator, as JSON")
    attack.add_argument("--pack", metavar="NAME", help="only the events of this pack")
    attack.add_argument("--output", type=Path, metavar="FILE", help="write it there")
    attack.set_defaults(run=_attack)

    docs = commands.add_parser("docs", help="write the pages of the documentation")
    docs.add_argument("--output", type=Path, metavar="FOLDER", help="where; default: the repository's docs")
    docs.set_defaults(run=_docs)

    lock = commands.add_parser("lock", help="write the lock file: what each event synthesizes")
    lock.set_defaults(run=_lock)
    return parser


if __name__ == "__main__":
    sys.exit(main())
