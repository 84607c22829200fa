"""What a role may do: by IAM's own simulation, or by reading its policies."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.roles import RoleSpec
from verify.access.policy import identity_effects
from verify.advice import aws_command

NeededCalls = Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
"""Actions, each with all of the resources beside them."""


@dataclass(frozen=True, slots=True)
class _Policy:
    """A policy of a role, and what to do where it denies."""

    name: str
    cure: str
    document: Mapping[str, Any]
    is_boundary: bool = False


def simulated(
    iam: Any, role_arn: str, needed: NeededCalls, region: RegionPlan
) -> tuple[list[str], list[str]]:
    """Return what IAM's simulation refuses, and why it is not known. Policies of resources are left out."""
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in known_context(region).items()
    ]
    refused: dict[str, list[str]] = {}
    try:
        for actions, resources in needed:
            pages = iam.get_paginator("simulate_principal_policy").paginate(
                PolicySourceArn=role_arn,
                ActionNames=list(actions),
                ResourceArns=list(resources),
                ContextEntries=entries,
            )
            for result in (each for page in pages for each in page["EvaluationResults"]):
                if result["EvalDecision"] != "allowed":
                    refused.setdefault(_decision(result), []).append(result["EvalActionName"])
    except ClientError as error:
        return [], [f"what it may do cannot be simulated: {error}"]
    return [
        f"may not call {', '.join(sorted(set(actions)))}: {decision}" for decision, actions in refused.items()
    ], []


def _decision(result: Mapping[str, Any]) -> str:
    if not result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True):
        return "a service control policy of the organization denies it"
    if result["EvalDecision"] == "implicitDeny":
        return "no policy of it, or not its permissions boundary, allows it"
    policies = {each["SourcePolicyId"] for each in result.get("MatchedStatements", [])}
    return f"{' and '.join(sorted(policies)) or 'a policy'} denies it"


def problems(
    iam: Any,
    region: RegionPlan,
    spec: RoleSpec,
    role: Mapping[str, Any],
    needed: NeededCalls,
    *,
    callers: str,
) -> tuple[list[str], list[str]]:
    """Return what keeps a role from what it needs, and what is unknown: any policy's Deny, or a boundary.

    Args:
        iam: IAM of the role's account.
        region: The stack that the role belongs to.
        spec: The role, as it is deployed.
        role: The role, as GetRole shows it.
        needed: What it must be allowed.
        callers: Who uses it, in a sentence.
    """
    refused, unknown = simulated(iam, role["Arn"], needed, region)
    if refused == [] and unknown == []:
        return [], []
    # The simulation does not say which policy it is, or is not allowed: read them.
    denied, unread = _read(iam, region, spec, role, needed, callers)
    return [*denied, *(refused if not denied else [])], [*unread, *(unknown if unread else [])]


def _read(
    iam: Any, region: RegionPlan, spec: RoleSpec, role: Mapping[str, Any], needed: NeededCalls, callers: str
) -> tuple[list[str], list[str]]:
    """Return which policies keep a role from what it needs, with the cure, and what is unknown."""
    failures, warnings = [], []
    try:
        policies = list(_policies(iam, region, spec, role))
    except ClientError as error:
        return [], [f"whether a policy of it denies what {callers} need is unknown: {error}"]
    for policy in policies:
        denied, doubtful = [], []
        for actions, resources in needed:
            for action in actions:
                effects = {
                    effect
                    for resource in resources
                    for effect in identity_effects(
                        policy.document, action=action, resource=resource, context=known_context(region)
                    )
                    or {"nothing"}
                }
                if "Deny" in effects or (policy.is_boundary and "nothing" in effects):
                    denied.append(action)
                elif "Deny?" in effects:
                    doubtful.append(action)
        if denied:
            failures.append(
                f"its {policy.name} does not let {callers} call {', '.join(denied)}: {policy.cure}"
            )
        if doubtful:
            warnings.append(
                f"its {policy.name} denies {', '.join(doubtful)} under a condition that cannot be judged "
                f"from here: see whether it holds for {callers}"
            )
    return failures, warnings


def _policies(iam: Any, region: RegionPlan, spec: RoleSpec, role: Mapping[str, Any]) -> Iterator[_Policy]:
    """Read the policies of a role, but for those of AWS that the deployment attaches."""
    name = spec.name
    pages = iam.get_paginator("list_role_policies").paginate(RoleName=name)
    for inline in [each for page in pages for each in page["PolicyNames"]]:
        document = iam.get_role_policy(RoleName=name, PolicyName=inline)["PolicyDocument"]
        deletion = aws_command(region, "iam delete-role-policy", role_name=name, policy_name=inline)
        is_own = inline == name and not spec.existing
        cure = "apply the stack again" if is_own else f"run {deletion}"
        yield _Policy(f"inline policy {inline}", cure, _parsed(document))
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    for each in [each for page in pages for each in page["AttachedPolicies"]]:
        arn = each["PolicyArn"]
        if ":iam::aws:" not in arn or arn.partition(":policy/")[2] not in spec.managed_policies:
            detachment = aws_command(region, "iam detach-role-policy", role_name=name, policy_arn=arn)
            yield _Policy(f"policy {each['PolicyName']}", f"run {detachment}", _managed(iam, arn))
    if boundary := role.get("PermissionsBoundary"):
        arn = boundary["PermissionsBoundaryArn"]
        deletion = aws_command(region, "iam delete-role-permissions-boundary", role_name=name)
        is_own = arn == spec.permissions_boundary
        cure = "let it allow them" if is_own else f"let it allow them, or run {deletion}"
        yield _Policy(f"permissions boundary {arn}", cure, _managed(iam, arn), is_boundary=True)


def _managed(iam: Any, arn: str) -> Mapping[str, Any]:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return _parsed(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])


def _parsed(document: Any) -> Mapping[str, Any]:
    """Return a policy document that botocore has parsed, or has not."""
    parsed: Mapping[str, Any] = json.loads(unquote(document)) if isinstance(document, str) else document
    return parsed


def known_context(region: RegionPlan) -> dict[str, str]:
    """Return what is known of every call that a role makes."""
    return {"aws:RequestedRegion": region.region_name, "aws:SecureTransport": "true"}
