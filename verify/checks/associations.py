"""The associations: each exists as deployed, and succeeds on the servers."""

from collections.abc import Iterator, Mapping
from typing import Any

from deployment import RegionPlan
from deployment.resources.associations import DEFAULT_VERSION, STEPS, AssociationSpec, associations
from deployment.resources.documents import server_document_parameters
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.advice import aws_command
from verify.checks.servers import targets_shown
from verify.result import Check, Status, judged

#: What holds the runs back, and no plan shows: the AWS provider knows none of it.
_UNSEEN_BY_PLAN = {
    "CalendarNames": "runs only while a change calendar is open",
    "Duration": "stops starting runs after a number of hours",
    "ScheduleOffset": "runs days after its schedule",
}


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each association that is enabled and has servers to look for."""
    ssm = account.client("ssm")
    pages = ssm.get_paginator("list_associations").paginate()
    found = [each for page in pages for each in page["Associations"]]
    for spec in associations(region):
        step = STEPS[spec.step]
        association = _named(found, spec.name, hashed=step.hashed)
        if association is None:
            yield Check("association", spec.name, Status.FAILED, "does not exist: apply the stack again")
            continue
        hashes = (
            server_document_parameters(region, is_2012=spec.is_2012) if spec.step == "watch_servers" else {}
        )
        parameters = {**spec.parameters, **hashes}
        identifier = association["AssociationId"]
        described = ssm.describe_association(AssociationId=identifier)["AssociationDescription"]
        drift = [*_drift(described, spec), *_parameter_drift(described, parameters)]
        failures, warnings = _run_problems(association, spec.targets, essential=step.essential)
        if drift:
            failures.insert(0, f"{', '.join(drift)}: apply the stack again")
        if unseen := [
            f"{effect} ({setting} {_text(described[setting])})"
            for setting, effect in _UNSEEN_BY_PLAN.items()
            if described.get(setting)
        ]:
            deletion = aws_command(region, "ssm delete-association", association_id=identifier)
            failures.insert(0, f"{', '.join(unseen)}: run {deletion}, then apply the stack again")
        succeeded = _counts(association).get("Success", 0)
        yield judged(
            "association",
            association["AssociationName"],
            failures=failures,
            warnings=warnings,
            ok=f"succeeded on {succeeded} servers{_last_run(association)}",
        )


def _named(associations: list[Mapping[str, Any]], name: str, *, hashed: bool) -> Mapping[str, Any] | None:
    """Return the association of a name, which may end with a hash of what it brings to the servers."""
    for association in associations:
        found = association.get("AssociationName", "")
        if found == name or (hashed and found.rpartition("-")[0] == name):
            return association
    return None


def _drift(found: Mapping[str, Any], spec: AssociationSpec) -> Iterator[str]:
    settings, targets = spec.settings, spec.targets
    if found["Name"] != spec.document:
        yield f"runs {found['Name']} instead of {spec.document}"
    if found.get("ScheduleExpression") != settings.schedule:
        yield f"its schedule is {found.get('ScheduleExpression')} instead of {settings.schedule}"
    if (version := found.get("DocumentVersion", DEFAULT_VERSION)) != DEFAULT_VERSION:
        yield f"runs version {version} of {found['Name']} instead of its default version"
    if found.get("ApplyOnlyAtCronInterval"):
        yield "waits for its schedule instead of running on a new server at once"
    for setting, value in (("MaxConcurrency", settings.max_concurrency), ("MaxErrors", settings.max_errors)):
        if found.get(setting, value) != value:
            yield f"its {setting} is {found[setting]} instead of {value}"
    chosen = {target["Key"].removeprefix("tag:"): target["Values"] for target in found.get("Targets", [])}
    if {key: set(values) for key, values in chosen.items()} != {k: set(v) for k, v in targets.items()}:
        yield f"its targets are {targets_shown(chosen)} instead of {targets_shown(targets)}"


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _parameter_drift(found: Mapping[str, Any], wanted: Mapping[str, str]) -> Iterator[str]:
    found_parameters = {name: ", ".join(values) for name, values in found.get("Parameters", {}).items()}
    for name in sorted(wanted.keys() | found_parameters.keys()):
        given, value = found_parameters.get(name, ""), wanted.get(name, "")
        if given != value:
            yield f"its parameter {name} is {given or 'not set'} instead of {value or 'not set'}"


def _run_problems(
    found: Mapping[str, Any], targets: Mapping[str, tuple[str, ...]], *, essential: bool
) -> tuple[list[str], list[str]]:
    """Return what is wrong with its runs, and what may be."""
    counts = _counts(found)
    overview = found.get("Overview", {})
    total = sum(counts.values())
    failed = counts.get("Failed", 0)
    if not total and overview.get("Status") != "Failed":
        return [], [
            f"has run on no server yet: no server has the tags {targets_shown(targets)}, or Systems Manager "
            "does not know those that have them"
        ]
    if failed or not total:
        where = (
            f"on {failed} of {total} servers" if total else f"({overview.get('DetailedStatus', 'Failed')})"
        )
        text = (
            f"failed {where}: see its execution history in Systems Manager, State Manager, "
            f"{found['AssociationId']}"
        )
        return ([text], []) if essential else ([], [text])
    if waiting := {status: number for status, number in counts.items() if status != "Success" and number}:
        states = ", ".join(f"{status} on {number}" for status, number in waiting.items())
        return [], [f"has not succeeded on every server yet: {states} of {total}"]
    return [], []


def _counts(found: Mapping[str, Any]) -> Mapping[str, int]:
    counts: Mapping[str, int] = found.get("Overview", {}).get("AssociationStatusAggregatedCount", {})
    return counts


def _last_run(found: Mapping[str, Any]) -> str:
    return f", last at {shown(found['LastExecutionDate'])}" if "LastExecutionDate" in found else ""
