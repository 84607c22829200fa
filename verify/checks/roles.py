"""The roles: each exists, with its policies and an instance profile, and EC2 may assume it."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan, service_principal
from deployment.resources.chat import chat_roles
from deployment.resources.log_alarms import log_alarm_roles
from deployment.resources.roles import RoleSpec, instance_roles, needed_calls, stated_calls
from verify.access import permissions
from verify.access.account import AccountAccess
from verify.access.policy import admits, listed
from verify.access.window import Window
from verify.result import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the servers' role, that of the host that writes configurations, and those of services."""
    iam = account.client("iam")
    for spec in instance_roles(region):
        yield _judged(iam, region, spec)
    for spec in log_alarm_roles(region):
        yield _service_role(iam, region, spec, lost="so no log alarm can run")
    for spec in chat_roles(region):
        yield _service_role(iam, region, spec, lost="so chat channels cannot look at alarms")


def _judged(iam: Any, region: RegionPlan, spec: RoleSpec) -> Check:
    name, own = spec.name, not spec.existing
    try:
        role = iam.get_role(RoleName=name)["Role"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        advice = "apply the stack again" if own else "name one that does under server_role"
        return Check("role", name, Status.FAILED, f"does not exist: {advice}")
    adopted = name == region.settings.adopt.server_role
    failures, warnings = _scope_problems(spec, role) if own and not adopted else [], []
    if not _assumed_by_ec2(role, region):
        cure = "apply the stack again" if own else f"let {_ec2(region)} assume it"
        failures.append(f"its trust policy does not let EC2 assume it, so no server can use it: {cure}")
    if own and (strangers := _strangers(role, region)):
        failures.append(f"its trust policy also lets {', '.join(strangers)} assume it: apply the stack again")
    attached = _listed(iam, "list_attached_role_policies", "AttachedPolicies", name)
    arns = {policy["PolicyArn"].partition(":policy/")[2] for policy in attached}
    if missing := [policy for policy in spec.managed_policies if policy not in arns]:
        text = f"lacks {' and '.join(missing)}"
        if own:
            failures.append(f"{text}: apply the stack again")
        else:
            warnings.append(f"{text}: see whether another policy of it allows the same")
    if own and spec.statements and name not in _listed(iam, "list_role_policies", "PolicyNames", name):
        failures.append(f"lacks its inline policy {name}: apply the stack again")
    needed = list(needed_calls(region, spec))
    denied, unknown = permissions.problems(iam, region, spec, role, needed, callers="servers")
    failures += denied
    warnings += unknown
    profiles = [
        profile["InstanceProfileName"]
        for profile in _listed(iam, "list_instance_profiles_for_role", "InstanceProfiles", name)
    ]
    if not profiles or (own and name not in profiles):
        cure = "apply the stack again" if own else "put it into one"
        failures.append(
            f"is in no instance profile{f' {name}' if own else ''}, so no server can use it: {cure}"
        )
    return judged(
        "role",
        name,
        failures=failures,
        warnings=warnings,
        ok=f"has its policies, and the instance profile {', '.join(profiles)}",
    )


def _service_role(iam: Any, region: RegionPlan, spec: RoleSpec, *, lost: str) -> Check:
    failures, warnings = service_role_problems(iam, region, spec, lost=lost)
    return judged("role", spec.name, failures=failures, warnings=warnings, ok="has its policies")


def service_role_problems(
    iam: Any, region: RegionPlan, spec: RoleSpec, *, lost: str
) -> tuple[list[str], list[str]]:
    """Return what is wrong with a role that a service of AWS assumes, and what is unknown.

    Args:
        iam: IAM of the role's account.
        region: The stack that the role belongs to.
        spec: The role, as it is deployed.
        lost: What follows where the service cannot use it, part of a sentence.

    Raises:
        ClientError: IAM refuses to show the role.
    """
    missing = "does not exist"
    try:
        role = iam.get_role(RoleName=spec.name)["Role"]
        missing = "lacks its inline policy"
        found = iam.get_role_policy(RoleName=spec.name, PolicyName=spec.name)["PolicyDocument"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return [f"{missing}, {lost}: apply the stack again"], []
    failures = [
        f"its {what} policy is not as deployed, {lost}: apply the stack again"
        for what, actual, expected in (
            ("trust", role["AssumeRolePolicyDocument"], spec.trust_policy),
            ("inline", found, spec.inline_policy),
        )
        if actual != json.loads(expected)
    ] + _scope_problems(spec, role)
    denied, unknown = permissions.problems(
        iam, region, spec, role, list(stated_calls(spec)), callers="the service that assumes it"
    )
    return [*failures, *denied], unknown


def _ec2(region: RegionPlan) -> str:
    return service_principal("ec2", region.region_name)


def _scope_problems(spec: RoleSpec, role: dict[str, Any]) -> list[str]:
    """Return what differs in a created role's path and permissions boundary; one that was added may stay."""
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    problems = []
    if role["Path"] != spec.path:
        problems.append(f"has the path {role['Path']} instead of {spec.path}: apply the stack again")
    if spec.permissions_boundary and boundary != spec.permissions_boundary:
        problems.append(
            f"its permissions boundary is {boundary or 'missing'} instead of {spec.permissions_boundary}: "
            "apply the stack again"
        )
    return problems


def _listed(iam: Any, operation: str, member: str, role: str) -> list[Any]:
    pages = iam.get_paginator(operation).paginate(RoleName=role)
    return [each for page in pages for each in page[member]]


def _strangers(role: dict[str, Any], region: RegionPlan) -> list[str]:
    """Return who but EC2 may assume a role of servers."""
    services = {"ec2.amazonaws.com", _ec2(region)}
    found: set[str] = set()
    for statement in listed(role["AssumeRolePolicyDocument"]["Statement"]):
        principal = statement.get("Principal", {"AWS": "everybody but some (NotPrincipal)"})
        named = {"AWS": principal} if isinstance(principal, str) else principal
        if statement["Effect"] == "Allow":
            found |= {each for one in named.values() for each in listed(one)}
    return sorted(found - services)


def _assumed_by_ec2(role: dict[str, Any], region: RegionPlan) -> bool:
    return admits(
        role["AssumeRolePolicyDocument"],
        service=_ec2(region),
        action="sts:AssumeRole",
        resource=role["Arn"],
        context={},
    )
