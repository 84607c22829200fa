"""``python -m catalog``: read the catalog on the command line."""

import argparse
import json
import sys
from collections.abc import Sequence

from catalog.agent_configuration import Collection, HostMetrics, agent_configuration, minified
from catalog.as_json import as_json
from catalog.errors import CatalogError
from catalog.events import EVENTS, event, pack
from catalog.insights_query import insights_query
from catalog.security_event import Pack, SecurityEvent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 2 when what was asked is wrong."""
    options = _parser().parse_args(arguments)
    try:
        print(options.run(options))
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _list(options: argparse.Namespace) -> str:
    events = pack(options.pack) if options.pack else EVENTS
    if options.json:
        return _json([as_json(chosen) for chosen in events])
    width = max(len(chosen.key) for chosen in events)
    return "\n".join(f"{e.event_id:>5}  {e.key:<{width}}  {e.severity.value:<13}  {e.title}" for e in events)


def _show(options: argparse.Namespace) -> str:
    chosen = event(options.key)
    if options.json:
        return _json(as_json(chosen))
    record = as_json(chosen)
    del record["insights_query"]
    width = max(map(len, record))
    lines = [
        f"{name:<{width}}  {_cell(value)}" for name, value in record.items() if value not in (None, "", [])
    ]
    return "\n".join([*lines, "", insights_query(chosen)])


def _pattern(options: argparse.Namespace) -> str:
    chosen = event(options.key)
    if options.path:
        chosen = chosen.for_path(options.path)
    return _json(list(chosen.patterns)) if options.json else "\n".join(chosen.patterns)


def _agent_config(options: argparse.Namespace) -> str:
    chosen: dict[str, SecurityEvent] = {}
    for name in options.pack or [] if options.pack or options.event else [Pack.BASELINE.value]:
        chosen |= {e.key: e for e in pack(name)}
    for key in options.event or []:
        chosen[key] = event(key)
    configuration = agent_configuration(
        chosen.values(),
        collection=Collection(options.collection),
        host_metrics=HostMetrics(options.host_metrics),
    )
    return minified(configuration) if options.minified else _json(configuration)


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

    agent = commands.add_parser("agent-config", help="the CloudWatch agent's configuration, as JSON")
    agent.add_argument("--pack", action="append", metavar="NAME", help="default: baseline; may be repeated")
    agent.add_argument("--event", action="append", metavar="KEY", help="may be repeated")
    agent.add_argument("--collection", choices=[c.value for c in Collection], default="event_ids")
    agent.add_argument("--host-metrics", choices=[m.value for m in HostMetrics], default="none")
    agent.add_argument("--minified", action="store_true", help="as it is stored in Parameter Store")
    agent.add_argument("--json", action="store_true", help="accepted for symmetry: the output is always JSON")
    agent.set_defaults(run=_agent_config)
    return parser


if __name__ == "__main__":
    sys.exit(main())
