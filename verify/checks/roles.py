"""The roles: each there, open to EC2, with its policies and the instance profile that hands it to servers."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan, ServerPolicy, service_principal
from deployment.settings.servers import AGENT_ADMIN_POLICY, AGENT_POLICY, SYSTEMS_MANAGER_POLICY
from verify.access.account import AccountAccess
from verify.access.policy import admits
from verify.access.window import Window
from verify.checks.check import Check, Status, judged
from verify.checks.encryption_key import deployed_key


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the servers' role and, where there is one, the role that writes configurations."""
    iam = account.client("iam")
    settings = region.settings
    names = region.names
    least = settings.server_role.policy is ServerPolicy.LEAST_PRIVILEGE
    managed = [SYSTEMS_MANAGER_POLICY, *(() if least else (AGENT_POLICY,))]
    if settings.server_role.existing:
        yield _judged(iam, region, settings.server_role.existing, managed, own=False)
    else:
        further_rights = least or settings.output_bucket or deployed_key(region)
        inline = [names.server_role] if further_rights else []
        yield _judged(iam, region, names.server_role, managed, inline)
    if settings.configuration_admin_role:
        managed = [SYSTEMS_MANAGER_POLICY, AGENT_ADMIN_POLICY]
        yield _judged(iam, region, names.configuration_admin_role, managed)


def _judged(
    iam: Any,
    region: RegionPlan,
    name: str,
    managed: list[str],
    inline: list[str] | None = None,
    *,
    own: bool = True,
) -> Check:
    """Check one role; ``own`` says whether the deployment has made it."""
    try:
        role = iam.get_role(RoleName=name)["Role"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        advice = "apply the stack again" if own else "name one that does under server_role"
        return Check("role", name, Status.FAILED, f"does not exist: {advice}")
    failures, warnings = [], []
    if not _assumed_by_ec2(role, region):
        failures.append("its trust policy does not let EC2 assume it, so that no server can have it")
    attached = _listed(iam, "list_attached_role_policies", "AttachedPolicies", name)
    arns = {policy["PolicyArn"].partition(":policy/")[2] for policy in attached}
    if missing := [policy for policy in managed if policy not in arns]:
        text = f"lacks {' and '.join(missing)}"
        if own:
            failures.append(f"{text}: apply the stack again")
        else:
            warnings.append(f"{text}: see whether another policy of it allows the same")
    inline_found = _listed(iam, "list_role_policies", "PolicyNames", name) if inline else []
    if inline and (missing := [policy for policy in inline if policy not in inline_found]):
        failures.append(f"lacks its inline policy {', '.join(missing)}: apply the stack again")
    profiles = [
        profile["InstanceProfileName"]
        for profile in _listed(iam, "list_instance_profiles_for_role", "InstanceProfiles", name)
    ]
    if not profiles or (own and name not in profiles):
        failures.append(
            f"is in no instance profile{f' {name}' if own else ''}, so that no server can have it"
        )
    return judged(
        "role",
        name,
        failures=failures,
        warnings=warnings,
        ok=f"has its policies, and the instance profile {', '.join(profiles)}",
    )


def _listed(iam: Any, operation: str, member: str, role: str) -> list[Any]:
    pages = iam.get_paginator(operation).paginate(RoleName=role)
    return [each for page in pages for each in page[member]]


def _assumed_by_ec2(role: dict[str, Any], region: RegionPlan) -> bool:
    return admits(
        role["AssumeRolePolicyDocument"],
        service=service_principal("ec2", region.region_name),
        action="sts:AssumeRole",
        resource=role["Arn"],
        context={},
    )
