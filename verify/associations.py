"""The associations: each there and as deployed, and succeeding on the servers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deployment import Association, MonitoredRegion
from verify.account import Account
from verify.check import Check, Status, judged
from verify.servers import targets_shown
from verify.window import Window, shown


@dataclass(frozen=True, slots=True)
class Step:
    """One association.

    Args:
        name: The field of ``deployment.Associations`` that sets it.
        document: What it runs.
        essential: Whether no event is shipped from a server on which it never succeeded.
        targets: The field of ``deployment.Settings`` that names its servers.
    """

    name: str
    document: str
    essential: bool
    targets: str = "targets"


_CONFIGURE = Step("configure_agent", "AmazonCloudWatch-ManageAgent", essential=True)
STEPS = (
    Step("update_ssm_agent", "AWS-UpdateSSMAgent", essential=False),
    Step("update_ec2config", "AWS-UpdateEC2Config", essential=False, targets="ec2config_targets"),
    Step("install_agent", "AWS-ConfigureAWSPackage", essential=True),
    _CONFIGURE,
)


def check(region: MonitoredRegion, account: Account, _window: Window) -> Iterator[Check]:
    """Check the association of each step that is switched on and has servers to look for."""
    ssm = account.client("ssm")
    pages = ssm.get_paginator("list_associations").paginate()
    found = [each for page in pages for each in page["Associations"]]
    for step in STEPS:
        settings: Association = getattr(region.settings.associations, step.name)
        targets: Mapping[str, tuple[str, ...]] = getattr(region.settings, step.targets)
        if not settings.enabled or not targets:
            continue
        name = region.names.association(step.name)
        association = _named(found, name, hashed=step is _CONFIGURE)
        if association is None:
            yield Check("association", name, Status.FAILED, "does not exist: apply the stack again")
            continue
        drift = list(_drift(association, step, settings, targets))
        if step is _CONFIGURE:
            drift += _location_drift(ssm, association, region.names.agent_parameter)
        failures, warnings = _run_problems(association, step, targets)
        if drift:
            failures.insert(0, f"{', '.join(drift)}: apply the stack again")
        succeeded = _counts(association).get("Success", 0)
        yield judged(
            "association",
            association["AssociationName"],
            failures=failures,
            warnings=warnings,
            ok=f"succeeded on {succeeded} servers{_last_run(association)}",
        )


def _named(associations: list[Mapping[str, Any]], name: str, *, hashed: bool) -> Mapping[str, Any] | None:
    """Return the association of a name, to which a hash of the agent's configuration may be added."""
    for association in associations:
        found = association.get("AssociationName", "")
        if found == name or (hashed and found.rpartition("-")[0] == name):
            return association
    return None


def _drift(
    found: Mapping[str, Any], step: Step, settings: Association, targets: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    if found["Name"] != step.document:
        yield f"runs {found['Name']} instead of {step.document}"
    if found.get("ScheduleExpression") != settings.schedule:
        yield f"its schedule is {found.get('ScheduleExpression')} instead of {settings.schedule}"
    chosen = {target["Key"].removeprefix("tag:"): target["Values"] for target in found.get("Targets", [])}
    if {key: set(values) for key, values in chosen.items()} != {k: set(v) for k, v in targets.items()}:
        yield f"its targets are {targets_shown(chosen)} instead of {targets_shown(targets)}"


def _location_drift(ssm: Any, found: Mapping[str, Any], parameter: str) -> Iterator[str]:
    description = ssm.describe_association(AssociationId=found["AssociationId"])["AssociationDescription"]
    location = description.get("Parameters", {}).get("optionalConfigurationLocation", [])
    if location != [parameter]:
        yield f"gives the agents the parameter {', '.join(location) or '(none)'} instead of {parameter}"


def _run_problems(
    found: Mapping[str, Any], step: Step, targets: Mapping[str, tuple[str, ...]]
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
        return ([text], []) if step.essential else ([], [text])
    if waiting := {status: number for status, number in counts.items() if status != "Success" and number}:
        states = ", ".join(f"{status} on {number}" for status, number in waiting.items())
        return [], [f"has not succeeded on every server yet: {states} of {total}"]
    return [], []


def _counts(found: Mapping[str, Any]) -> Mapping[str, int]:
    counts: Mapping[str, int] = found.get("Overview", {}).get("AssociationStatusAggregatedCount", {})
    return counts


def _last_run(found: Mapping[str, Any]) -> str:
    return f", last at {shown(found['LastExecutionDate'])}" if "LastExecutionDate" in found else ""
