"""The associations: each exists as deployed, and succeeds on the servers; failures are reported."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.aws.policies import EVENTBRIDGE
from deployment.resources.association_failures import AssociationFailureRuleSpec, association_failure_rule
from deployment.resources.associations import DEFAULT_VERSION, STEPS, AssociationSpec, associations
from deployment.resources.documents import server_document_parameters
from deployment.resources.encryption_key import PUBLISH_ACTIONS
from deployment.resources.topics import PUBLISH, topics
from verify.access.account import AccountAccess
from verify.access.policy import admits
from verify.access.window import Window, shown
from verify.advice import aws_command
from verify.checks import encryption_key
from verify.checks.metrics import UNDELIVERED_EVENTS, undelivered
from verify.checks.servers import targets_shown
from verify.result import Check, Status, judged

_LOST = "so a failed association notifies nobody"
_PACKAGES = "AWS-ConfigureAWSPackage"
#: The documents of AWS that change the agent.
_OF_AGENT = ("AmazonCloudWatch-ManageAgent", _PACKAGES)
#: What holds the runs back, and no plan shows: the AWS provider knows none of it.
_UNSEEN_BY_PLAN = {
    "AlarmConfiguration": "stops while an alarm is in ALARM",
    "CalendarNames": "runs only while a change calendar is open",
    "Duration": "stops starting runs after a number of hours",
    "ScheduleOffset": "runs days after its schedule",
}


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each association that is enabled and has servers to look for."""
    ssm = account.client("ssm")
    pages = ssm.get_paginator("list_associations").paginate()
    found = [each for page in pages for each in page["Associations"]]
    own: set[str] = set()
    for spec in associations(region):
        step = STEPS[spec.step]
        of_name = named(found, spec.name, hashed=step.hashed)
        if not of_name:
            yield Check("association", spec.name, Status.FAILED, "does not exist: apply the stack again")
            continue
        association, *others = of_name
        own |= {each["AssociationId"] for each in of_name}
        runs_steps = spec.document == region.names.server_document
        hashes = server_document_parameters(region, is_2012=spec.is_2012) if runs_steps else {}
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
        if others:
            ids = ", ".join(each["AssociationId"] for each in of_name)
            failures.append(
                f"exists {len(of_name)} times ({ids}), so that servers change back and forth: delete all "
                "but the one in terraform's state"
            )
        succeeded = _counts(association).get("Success", 0)
        yield judged(
            "association",
            association["AssociationName"],
            failures=failures,
            warnings=warnings,
            ok=f"succeeded on {succeeded} servers{_last_run(association)}",
        )
    yield from _of_others(region, ssm, found, own)


def _of_others(
    region: RegionPlan, ssm: Any, found: Iterable[Mapping[str, Any]], own: set[str]
) -> Iterator[Check]:
    """Report the associations of others that stop or uninstall the agent, or take its configuration away."""
    for association in found:
        if association["Name"] not in _OF_AGENT or association["AssociationId"] in own:
            continue
        identifier = association["AssociationId"]
        described = ssm.describe_association(AssociationId=identifier)["AssociationDescription"]
        given = {name: ", ".join(values) for name, values in described.get("Parameters", {}).items()}
        if not (effect := _effect(association["Name"], given)):
            continue
        cure = aws_command(region, "ssm delete-association", association_id=identifier)
        targets = targets_shown(
            {target["Key"].removeprefix("tag:"): target["Values"] for target in described.get("Targets", [])}
        )
        yield Check(
            "association",
            association.get("AssociationName", identifier),
            Status.WARNING,
            f"does not belong to the deployment, and {effect} on {targets or 'single servers'}: if these are "
            f"servers of the deployment, run {cure}",
        )


def _effect(document: str, given: Mapping[str, str]) -> str:
    """Say what an association of others does to the agent; nothing where it leaves it at work."""
    action = given.get("action", "")
    if document == _PACKAGES:
        is_agent = given.get("name") == "AmazonCloudWatchAgent" and action == "Uninstall"
        return "uninstalls the CloudWatch agent" if is_agent else ""
    return {
        "stop": "stops the CloudWatch agent",
        "configure": "replaces the configuration of the CloudWatch agent",
        "configure (remove)": "removes a configuration of the CloudWatch agent",
    }.get(action, "")


def named(associations: list[Mapping[str, Any]], name: str, *, hashed: bool) -> list[Mapping[str, Any]]:
    """Return the associations of a name, which may end with a hash of what it brings to the servers."""
    names = [(each, each.get("AssociationName", "")) for each in associations]
    return [each for each, found in names if found == name or (hashed and found.rpartition("-")[0] == name)]


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
    if isinstance(value, dict):
        return ", ".join(alarm["Name"] for alarm in value["Alarms"])
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


def _deployed(region: RegionPlan, account: AccountAccess) -> dict[str, str]:
    """Return the ids of the associations that exist in the account, by their names."""
    pages = account.client("ssm").get_paginator("list_associations").paginate()
    found = [each for page in pages for each in page["Associations"]]
    of_names = [named(found, spec.name, hashed=STEPS[spec.step].hashed) for spec in associations(region)]
    return {each[0]["AssociationName"]: each[0]["AssociationId"] for each in of_names if each}


def check_failures(region: RegionPlan, account: AccountAccess, window: Window) -> Iterator[Check]:
    """Check the rule, its target, and that the topic and its key admit EventBridge."""
    spec = association_failure_rule(region)
    if spec is None:
        return
    events = account.client("events")
    try:
        rule = events.describe_rule(Name=spec.name)
        targets = events.list_targets_by_rule(Rule=spec.name)["Targets"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        message = f"does not exist, {_LOST}: apply the stack again"
        yield Check("association failures", spec.name, Status.FAILED, message)
        return
    failures = []
    if rule["State"] == "DISABLED":
        cure = aws_command(region, "events enable-rule", name=spec.name)
        failures.append(f"is disabled, {_LOST}; run {cure}")
    found = json.loads(rule.get("EventPattern", "{}"))
    if found != spec.pattern(found.get("detail", {}).get("association-id", [])):
        failures.append(f"its event pattern is {rule.get('EventPattern')}: apply the stack again")
    else:
        reported = found["detail"]["association-id"]
        for name, identifier in _deployed(region, account).items():
            if identifier not in reported:
                failures.append(f"does not report {name}: apply the stack again")
    target = next((each for each in targets if each["Arn"] == spec.topic_arn), None)
    if target is None:
        others = ", ".join(each["Arn"] for each in targets)
        failures.append(f"sends to {others or 'nowhere'}, {_LOST}: apply the stack again")
    elif target.get("InputTransformer") != {
        "InputPathsMap": dict(spec.input_paths),
        "InputTemplate": spec.input_template,
    }:
        failures.append("its target has another text than deployed: apply the stack again")
    if lost := undelivered(account, UNDELIVERED_EVENTS, [spec.name], window):
        failures.append(f"EventBridge could not deliver {lost[spec.name]:,.0f} failures {window}")
    warnings: list[str] = []
    refused, unknown = _refusals(region, account, spec)
    failures += refused
    warnings += unknown
    yield judged(
        "association failures",
        spec.name,
        failures=failures,
        warnings=warnings,
        ok=f"reports failed associations to {spec.topic_arn}",
    )


def _refusals(
    region: RegionPlan, account: AccountAccess, spec: AssociationFailureRuleSpec
) -> tuple[list[str], list[str]]:
    """Return why the topic refuses EventBridge, and what of that is not known. It names no source."""
    try:
        attributes: Any = account.client("sns").get_topic_attributes(TopicArn=spec.topic_arn)["Attributes"]
    except ClientError as error:
        return [], [f"whether its topic admits it is not known: {error}"]
    policy = json.loads(attributes["Policy"])
    if not admits(policy, service=EVENTBRIDGE, action=PUBLISH, resource=spec.topic_arn, context={}):
        is_own = any(topic.arn == spec.topic_arn and not topic.existing for topic in topics(region))
        cure = "apply the stack again" if is_own else f"allow it {PUBLISH}"
        return [f"the policy of {spec.topic_arn} does not let {EVENTBRIDGE} publish, {_LOST}: {cure}"], []
    if not (key_id := attributes.get("KmsMasterKeyId")):
        return [], []
    try:
        key = encryption_key.read(account, key_id)
    except ClientError as error:
        return [], [f"its topic's key {key_id} cannot be read from here: {error}"]
    if key and key.state != "Enabled":
        cure = encryption_key.state_cure(region, key)
        return [f"its topic's key {key_id} is {key.state}, {_LOST}: {cure}"], []
    if key and (refused := key.refused(PUBLISH_ACTIONS, EVENTBRIDGE, {})):
        actions = " and ".join(sorted(refused))
        is_own = not region.settings.encryption.key and not region.settings.notifications.kms_key
        cure = "apply the stack again" if is_own else "allow it there"
        problem = f"the policy of the key {key_id} does not let {EVENTBRIDGE} call {actions}, {_LOST}"
        return [f"{problem}: {cure}"], []
    return [], []
