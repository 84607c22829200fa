"""``python -m catalog``: read, check and document the catalog on the command line."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from catalog.checkout import checkout
from catalog.checks.lock import LOCK_FILE, synthesized
from catalog.checks.validators import validate
from catalog.derived.agent_configuration import Collection, HostMetrics, agent_configuration, minified
from catalog.derived.as_json import as_json
from catalog.derived.attack_layer import attack_layer
from catalog.derived.audit_script import AuditMode, audit_policy_data, audit_script, auditpol_commands
from catalog.derived.compliance import controls
from catalog.derived.event_filter import EventFilter
from catalog.derived.insights_query import insights_query
from catalog.docs import pages
from catalog.events import EVENTS, event, pack
from catalog.model.security_event import Pack, SecurityEvent, Severity
from cli.errors import ExitStatus, reported
from cli.files import write_text
from cli.tables import text_table
from cli.text import counted, printable

if TYPE_CHECKING:
    from catalog.sigma.conversion import Conversion
    from catalog.sigma.reading import RuleOptions
    from deployment.resolution.region_plan import RegionPlan

with reported("catalog"):
    import typer

    from cli import application as command_line
    from cli.application import (
        DEFAULT_DEPLOYMENT,
        Accounts,
        ContinueOnError,
        DeploymentOption,
        Json,
        Keys,
        OptionalDeployment,
        Packs,
        Regions,
        print_json,
        repeatable,
    )
    from cli.options import SharedOption

application = command_line.new_application()

sigma = typer.Typer(cls=command_line.Group, rich_markup_mode=None)
application.add_typer(sigma, name="sigma")

Rules = Annotated[
    list[Path],
    typer.Argument(metavar="RULE...", help="Files of Sigma rules, and folders with them at any depth."),
]
AcceptCase = Annotated[
    bool,
    typer.Option(
        "--accept-case",
        help="Allow filters that miss records which spell a value in another letter case than the rule.",
    ),
]
Sysmon = Annotated[
    bool, typer.Option("--sysmon", help="Look for records of Sysmon, where a rule's log source has some.")
]
Placeholders = Annotated[
    list[str],
    repeatable(
        SharedOption(
            ("--placeholder",),
            "A value of a placeholder: Admins=*-adm for what rules write as %Admins%. Repeatable.",
            metavar="NAME=VALUE",
        )
    ),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The event's key.")]


EventIds = Annotated[
    list[int], repeatable(SharedOption(("--id",), "Only this event id. Repeatable.", metavar="ID"))
]
Severities = Annotated[
    list[Severity], repeatable(SharedOption(("--severity",), "Only this severity. Repeatable."))
]
Techniques = Annotated[
    list[str],
    repeatable(
        SharedOption(
            ("--attack",),
            "Only this ATT&CK technique, with its sub-techniques. Repeatable.",
            metavar="TECHNIQUE",
        )
    ),
]
Words = Annotated[
    list[str],
    repeatable(
        SharedOption(
            ("--text",),
            "Only events with this word in the key, titles, runbooks, provider or fields. Repeatable.",
            metavar="WORD",
        )
    ),
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    return command_line.run(application, "catalog", arguments)


@application.callback()
def _catalog() -> None:
    """Read, check and document the catalog of Windows events."""


@application.command("list")
def _list(
    packs: Packs,
    event_ids: EventIds,
    severities: Severities,
    techniques: Techniques,
    words: Words,
    deployment: OptionalDeployment = None,
    as_data: Json = False,
) -> None:
    """List the events, one a line.

    With a deployment file, its own events too."""
    chosen = EventFilter(tuple(event_ids), tuple(severities), tuple(techniques), tuple(words))
    _print_events(chosen.chosen(_in_packs(_known_events(deployment), packs)), as_data)


@application.command("show")
def _show(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The event's key, or an event id.")],
    deployment: OptionalDeployment = None,
    as_data: Json = False,
) -> None:
    """Show an event with all derived from it, or list the events of an id.

    With a deployment file, its own events too."""
    known = _known_events(deployment)
    if key.isdecimal():
        _print_events(EventFilter((int(key),)).chosen(known), as_data)
        return
    chosen = {each.key: each for each in known}.get(key) or event(key)
    record = as_json(chosen)
    if as_data:
        print_json(record)
        return
    del record["insights_query"]
    width = max(map(len, record))
    for name, value in record.items():
        if value not in (None, "", []):
            print(f"{name:<{width}}  {_cell(value)}")
    print("", insights_query(chosen), sep="\n")


@application.command("pattern")
def _pattern(
    key: Key,
    path: Annotated[
        str | None, typer.Option(metavar="PATH", help="The path to watch, for an event that watches one.")
    ] = None,
    as_data: Json = False,
) -> None:
    """Print an event's filter patterns, one a line."""
    chosen = event(key)
    if path:
        chosen = chosen.for_path(path)
    if as_data:
        print_json(list(chosen.patterns))
    else:
        print(*chosen.patterns, sep="\n")


class _SampleFormat(Enum):
    EVTX_XML = "evtx-xml"
    MESSAGE = "message"
    JSON = "json"


@application.command("sample")
def _sample(
    key: Key,
    near_misses: Annotated[
        bool, typer.Option("--near-misses", help="Records that the event must not find, instead.")
    ] = False,
    form: Annotated[
        _SampleFormat,
        typer.Option(
            "--format",
            help="evtx-xml: as the log holds it; message: as the agent ships it; json: an array for "
            "'aws logs put-log-events --log-events'.",
        ),
    ] = _SampleFormat.MESSAGE,
    path: Annotated[
        str | None, typer.Option(metavar="PATH", help="The path to watch, for an event that watches one.")
    ] = None,
) -> None:
    """Print sample records of an event, for trying it."""
    from catalog.samples import samples_of
    from catalog.samples.windows_event import event_xml, log_event

    chosen = event(key)
    samples = samples_of(chosen.for_path(path) if path else chosen)
    records = samples.near_misses if near_misses else samples.matches
    match form:
        case _SampleFormat.JSON:
            print_json([log_event(record) for record in records])
        case _SampleFormat.MESSAGE:
            print(*records, sep="\n")
        case _SampleFormat.EVTX_XML:
            print(*map(event_xml, records), sep="\n")


@application.command("agent-config")
def _agent_config(
    packs: Packs,
    keys: Keys,
    collection: Annotated[
        Collection, typer.Option(help="What the agent ships: the event ids needed, or whole channels.")
    ] = Collection.EVENT_IDS,
    host_metrics: Annotated[
        HostMetrics, typer.Option(help="The agent wizard's set of host metrics.")
    ] = HostMetrics.NONE,
    is_minified: Annotated[
        bool, typer.Option("--minified", help="Print it as Parameter Store holds it.")
    ] = False,
    as_data: Annotated[
        bool, typer.Option("--json", help="Accepted by every command; the output is always JSON.")
    ] = False,
) -> None:
    """Print the CloudWatch agent's configuration.

    It is JSON, for the pack baseline if neither a pack nor an event is named."""
    configuration = agent_configuration(
        _chosen(packs, keys), collection=collection, host_metrics=host_metrics
    )
    if is_minified:
        print(minified(configuration))
    else:
        print_json(configuration)


@application.command("audit-policy")
def _audit_policy(
    packs: Packs,
    keys: Keys,
    script: Annotated[
        bool, typer.Option("--script", help="Print the PowerShell script for the whole policy instead.")
    ] = False,
    mode: Annotated[AuditMode, typer.Option(help="What the script does.")] = AuditMode.APPLY,
    as_data: Json = False,
) -> None:
    """Print the auditpol commands that events need.

    They are those of the pack baseline if neither a pack nor an event is named."""
    chosen = _chosen(packs, keys)
    if as_data:
        print_json(audit_policy_data(chosen))
    elif script:
        print(audit_script(chosen, mode=mode.value), end="")
    else:
        print(*auditpol_commands(chosen), sep="\n")


@application.command("validate")
def _validate(as_data: Json = False) -> None:
    """Check the catalog as a whole."""
    findings = validate(EVENTS)
    if as_data:
        print_json([asdict(finding) for finding in findings])
    else:
        print(*findings, f"{counted(len(EVENTS), 'event')}, {counted(len(findings), 'finding')}", sep="\n")
    if findings:
        raise typer.Exit(ExitStatus.FOUND)


@application.command("coverage")
def _coverage(
    accounts: Accounts,
    regions: Regions,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    continue_on_error: ContinueOnError = False,
    as_data: Json = False,
) -> None:
    """Report the alarms that can never fire.

    A table for each stack of the deployment says why. The exit status is 1 if there are any."""
    # The one command about a deployment: only here the catalog loads what is above it.
    with reported("coverage"):
        from deployment.loading.deployment_file import load_plan
        from deployment.reports.coverage import coverage

    plan = load_plan(deployment, accounts=accounts, regions=regions, continue_on_error=continue_on_error)
    covered = [coverage(region) for region in plan.regions]
    if as_data:
        print_json([each.as_json() for each in covered])
    else:
        print(*covered, sep="\n\n")
    plan.report_left_out()
    if plan.is_incomplete or not all(each.is_complete for each in covered):
        raise typer.Exit(ExitStatus.FOUND)


@application.command("attack")
def _attack(
    packs: Packs,
    accounts: Accounts,
    deployment: OptionalDeployment = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to this file.")] = None,
) -> None:
    """Print a layer for the ATT&CK Navigator.

    With a deployment file it holds what the accounts watch, or those of --account."""
    regions = _regions(deployment, accounts) if deployment else ()
    events = _in_packs(_watched_events(regions) if deployment else EVENTS, packs)
    # A correlation is of no pack.
    correlations = {each.key: each for region in regions for each in region.correlations if not packs}
    further = f" and {counted(len(correlations), 'correlation')}" if correlations else ""
    of = [*accounts, *packs] or [str(deployment) if deployment else "all"]
    layer = attack_layer(
        (*events, *correlations.values()),
        name=f"Windows security events: {', '.join(of)}",
        description=(
            f"{len(events)} events{further}. A technique's score is the number of those that are signs of it."
        ),
    )
    if output:
        _write(output, json.dumps(layer, ensure_ascii=False, indent=2) + "\n")
    else:
        print_json(layer)


@application.command("site")
def _site(
    output: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")] = Path("catalog.html"),
    deployment: OptionalDeployment = None,
) -> None:
    """Write the catalog as one web page: search, filters, the ATT&CK matrix, compliance frameworks.

    With a deployment file, its own events and Sigma rules too, and which account watches what."""
    from catalog.site import site_page

    events, watched, title = _known_events(deployment), None, "The catalog of Windows security events"
    if deployment:
        regions = _regions(deployment, ())
        accounts = {region.account: {each.key for each in region.events} for region in regions}
        watched = {each.key: [name for name, keys in accounts.items() if each.key in keys] for each in events}
        title = f"Windows security events of {deployment.name}"
    _write(output, site_page(events, title=title, watched=watched))


@application.command("compliance")
def _compliance(
    packs: Packs,
    accounts: Accounts,
    deployment: OptionalDeployment = None,
    as_data: Json = False,
) -> None:
    """Print which controls of CIS, PCI DSS, NIST 800-53 and ISO 27001 the events answer to.

    With a deployment file those that the accounts watch, or those of --account."""
    regions = _regions(deployment, accounts) if deployment else ()
    events = _in_packs(_watched_events(regions) if deployment else EVENTS, packs)
    rows = [(control, control.events(events)) for control in controls()]
    if as_data:
        print_json(
            [
                {
                    "framework": control.framework,
                    "control": control.number,
                    "asks_for": control.asks_for,
                    "events": [each.key for each in answering],
                    "not_audited": control.not_audited(events),
                }
                for control, answering in rows
            ]
        )
        return
    header = ("Framework", "Control", "Asks for", "Events")
    lines = []
    for control, answering in rows:
        missing = " and ".join(control.not_audited(answering))
        number = f"{len(answering)}, {missing} not audited" if answering and missing else str(len(answering))
        lines.append((control.framework, control.number, control.asks_for, number))
    print(text_table([header, *lines]))
    answered = sum(1 for _, answering in rows if answering)
    print(f"\n{answered} of {len(rows)} controls are answered to by events.")


@application.command("docs")
def _docs(
    output: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Default: docs/reference in the repository.")
    ] = None,
) -> None:
    """Write the generated pages of the documentation.

    With a folder, only those that are written from the catalog."""
    folder = output or checkout() / "docs" / "reference"
    for name, page in pages().items():
        _write(folder / name, page)
    if output is None:
        from cli.options_page import options_page

        _write(folder / "options.md", options_page())


@application.command("lock")
def _lock() -> None:
    """Write what each event synthesizes to a file.

    A test compares the catalog with this lock file."""
    checkout()
    _write(LOCK_FILE, synthesized())


@sigma.callback()
def _sigma() -> None:
    """Convert Sigma rules to filter patterns and queries."""


@sigma.command("check")
def _sigma_check(
    rules: Rules,
    placeholders: Placeholders,
    accept_case: AcceptCase = False,
    sysmon: Sysmon = False,
    test: Annotated[
        bool,
        typer.Option(
            "--test",
            help="Try the samples beside each rule (RULE.samples/matches/*.xml and near_misses/*.xml), and "
            "the test logs that it names.",
        ),
    ] = False,
    as_data: Json = False,
) -> None:
    """Report what looks for the records of Sigma rules, what it finds, and what it needs.

    The exit status is 1 if a rule is refused, or a sample is judged wrongly."""
    from catalog.sigma.conversion import Engine
    from catalog.sigma.samples import wrong_samples

    found = _conversions(rules, _rule_options(accept_case, sysmon, placeholders))
    tried = [wrong_samples(each) for each in found] if test else []
    logs = _tried_test_logs(found) if test else []
    if as_data:
        records = [each.as_json() for each in found]
        for record, (number, wrong), (tests, failed) in zip(records, tried, logs, strict=False):
            record |= {"samples": number, "wrong_samples": wrong}
            record |= {"test_logs": tests, "wrong_test_logs": failed}
        print_json(records)
    else:
        _print_check(found)
        for each, (number, wrong), (tests, failed) in zip(found, tried, logs, strict=False):
            lines = [*wrong, *failed]
            if number and not wrong:
                lines.append(f"{each.file}: {counted(number, 'sample')} judged as they must be")
            if tests and not failed:
                lines.append(f"{each.file}: {counted(tests, 'test log')} judged as they must be")
            print(*map(printable, lines or [_without_samples(each)]), sep="\n")
    if any(each.engine is Engine.REFUSED for each in found) or any(wrong for _, wrong in [*tried, *logs]):
        raise typer.Exit(ExitStatus.FOUND)


@sigma.command("convert")
def _sigma_convert(
    rules: Rules,
    placeholders: Placeholders,
    accept_case: AcceptCase = False,
    sysmon: Sysmon = False,
    as_data: Json = False,
) -> None:
    """Print the filter patterns and the query of Sigma rules, with what a record of the catalog says.

    The exit status is 1 if a rule is refused."""
    from catalog.sigma.conversion import Engine

    found = _conversions(rules, _rule_options(accept_case, sysmon, placeholders))
    if as_data:
        print_json([each.as_json() for each in found])
    else:
        print("\n\n".join(map(_as_text, found)))
    if any(each.engine is Engine.REFUSED for each in found):
        raise typer.Exit(ExitStatus.FOUND)


@sigma.command("budget")
def _sigma_budget(
    rules: Rules,
    placeholders: Placeholders,
    accept_case: AcceptCase = False,
    sysmon: Sysmon = False,
    as_data: Json = False,
) -> None:
    """Count the metric filters and the shared log alarms that Sigma rules need.

    The exit status is 1 if a rule is refused."""
    from catalog.sigma.reading import SigmaError
    from catalog.sigma.rule_event import rule_events
    from deployment.reports.rule_budget import as_json, as_text, rule_budgets

    events: list[SecurityEvent] = []
    refused = []
    correlations = 0
    for each in _conversions(rules, _rule_options(accept_case, sysmon, placeholders)):
        correlations += each.correlation is not None
        if each.correlation or each.step_of:
            continue
        try:
            events += rule_events(each)
        except SigmaError as error:
            refused.append(f"{each.file}:{each.line}: {error}")
    budgets = rule_budgets(events)
    if as_data:
        print_json({"budgets": as_json(budgets), "correlations": correlations, "refused": refused})
    else:
        print(as_text(budgets))
        if correlations:
            print(f"{counted(correlations, 'correlation')}: a log alarm each")
        print(*map(printable, refused), sep="\n", end="\n" if refused else "")
    if refused:
        raise typer.Exit(ExitStatus.FOUND)


def _rule_options(accept_case: bool, sysmon: bool, placeholders: Iterable[str]) -> "RuleOptions":
    from catalog.sigma.reading import RuleOptions, SigmaError

    values: dict[str, list[str]] = {}
    for text in placeholders:
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise SigmaError(f"--placeholder {text}: write NAME=VALUE, such as Admins=*-adm")
        values.setdefault(name, []).append(value)
    return RuleOptions(accept_case=accept_case, sysmon=sysmon, placeholders=values)


def _conversions(rules: Sequence[Path], options: "RuleOptions") -> "list[Conversion]":
    from catalog.sigma.conversion import rule_files
    from catalog.sigma.rule_set import conversions

    return conversions(rule_files(rules), options)


def _tried_test_logs(found: "Sequence[Conversion]") -> list[tuple[int, list[str]]]:
    """Return how many of its own test logs each rule has, and what is judged wrongly."""
    if not any(each.rule and each.rule.tests for each in found):
        return [(0, []) for _ in found]
    with reported("replay"):
        from replay.engine.rule_tests import wrong_test_logs

    return [wrong_test_logs(each) for each in found]


def _print_check(found: "Sequence[Conversion]") -> None:
    from catalog.sigma.conversion import Engine

    rows = [("FILE", "TITLE", "ENGINE", "CLAIM", "COST")]
    notes = []
    for each in found:
        patterns = each.patterns.patterns if each.patterns else ()
        cost = {
            Engine.FILTER: counted(len(patterns), "filter"),
            Engine.LOG_ALARM: f"query of {counted(len(each.query), 'character')}",
            Engine.REFUSED: "-",
        }[each.engine]
        title = each.rule.title if each.rule else "-"
        rows.append((each.file, title, each.engine.value, each.claim.value if each.claim else "-", cost))
        notes += [f"{each.file}:{each.line}: {note}" for note in _notes(each)]
    print(text_table([[printable(cell) for cell in row] for row in rows]))
    meanings = {each.claim.value: each.claim.meaning for each in found if each.claim}
    print("", *(f"{claim}: {meaning}" for claim, meaning in meanings.items()), sep="\n")
    print(*map(printable, notes), sep="\n", end="\n" if notes else "")


def _notes(found: "Conversion") -> Iterable[str]:
    """Yield what a rule needs, loses and repeats, or why it is refused."""
    from catalog.sigma.conversion import Engine

    if found.refusal:
        yield f"refused: {found.refusal}"
    if found.unfiltered and not found.refusal:
        yield f"no filter finds it: it {found.unfiltered}"
    for each in found.prerequisites:
        yield f"needs {each.value.title}: {each.value.manually}"
    if found.located and found.located.missing:
        missing = ", ".join(found.located.missing)
        yield f"no record has {missing}: tests of its value never hold, exclusions by it leave out nothing"
    if found.located and found.located.source.lost:
        yield f"no record reports {found.located.source.lost}"
    if found.engine is Engine.FILTER and found.patterns and found.patterns.left_out:
        yield f"the filter leaves out {', '.join(found.patterns.left_out)}, and so finds more records"
    if found.engine is Engine.FILTER and found.patterns and found.patterns.counts_twice:
        yield "two filters may count one record"
    yield from found.repeats
    for key in found.step_of:
        yield f"is a step of {key}, and has no alarm of its own unless that says 'generate: true'"
    for key in found.covered_by:
        yield f"the catalog's event {key} has the same patterns"
    if found.found_by:
        yield f"of the catalog, {' and '.join(found.found_by)} find each of its records, and others"


def _without_samples(found: "Conversion") -> str:
    own = f"; {found.rule.tests} is in no folder above it" if found.rule and found.rule.tests else ""
    return f"{found.file}: has no samples{own}"


def _as_text(found: "Conversion") -> str:
    """Return what a rule becomes: a line for each thing, and the patterns and the query below."""
    record = found.as_json()
    record["prerequisites"] = [f"{each.value.title}: {each.value.manually}" for each in found.prerequisites]
    below = ("patterns", "query")
    lines = [
        (name, printable(_cell(value)))
        for name, value in record.items()
        if name not in below and value not in (None, "", [], False)
    ]
    patterns = found.patterns.patterns if found.patterns else ()
    blocks = (text_table(lines).splitlines(), patterns, found.query.splitlines())
    return "\n\n".join("\n".join(map(printable, block)) for block in blocks if block)


def _known_events(deployment: Path | None) -> tuple[SecurityEvent, ...]:
    """Return the events of the catalog, and the deployment's own if there is one."""
    if deployment is None:
        return EVENTS
    with reported("deployment"):
        from deployment.loading.deployment_file import load

    return load(deployment).known_events


def _regions(deployment: Path, accounts: Sequence[str]) -> "tuple[RegionPlan, ...]":
    """Return the plans of these accounts of a deployment, or of all."""
    with reported("deployment"):
        from deployment.loading.deployment_file import load_plan

    return load_plan(deployment, accounts=accounts).regions


def _watched_events(regions: "Iterable[RegionPlan]") -> tuple[SecurityEvent, ...]:
    """Return the events that are watched in any of these regions, each event once."""
    return tuple({each.key: each for region in regions for each in region.events}.values())


def _in_packs(events: tuple[SecurityEvent, ...], names: Sequence[str]) -> tuple[SecurityEvent, ...]:
    """Return those of the events that are in one of the packs; without a name, all."""
    if not names:
        return events
    _of_packs(names)  # An unknown name is an error.
    return tuple(each for each in events if any(of.value in names for of in each.packs))


def _print_events(events: Sequence[SecurityEvent], as_data: bool) -> None:
    if not events:
        print("no event has all that is asked for", file=sys.stderr)
    if as_data:
        print_json([as_json(each) for each in events])
        return
    width = max((len(each.key) for each in events), default=0)
    for each in events:
        print(f"{each.event_id:>5}  {each.key:<{width}}  {each.severity.value:<13}  {printable(each.title)}")


def _of_packs(names: Iterable[str]) -> tuple[SecurityEvent, ...]:
    """Return the events of packs, each event once."""
    return tuple({each.key: each for name in names for each in pack(name)}.values())


def _chosen(packs: Sequence[str], keys: Sequence[str]) -> tuple[SecurityEvent, ...]:
    """Return the events of these packs and keys; without any, those of the baseline."""
    events = _of_packs(packs if packs or keys else [Pack.BASELINE.value])
    return tuple(({each.key: each for each in events} | {key: event(key) for key in keys}).values())


def _write(path: Path, content: str) -> None:
    write_text(path, content)
    print(f"{path} written")


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_cell(item)}" for name, item in value.items())
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.exit(main())
