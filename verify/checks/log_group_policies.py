"""The policies that override a log group: those that mask records, and those that deny its use."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.log_alarms import log_alarm_roles
from deployment.resources.roles import RoleSpec, instance_roles, principals
from verify.access.permissions import known_context
from verify.access.policy import denials
from verify.advice import aws_command

_DATA_PROTECTION = "DATA_PROTECTION_POLICY"
_ACCOUNT_DATA_PROTECTION = "ACCOUNT_DATA_PROTECTION"
#: What servers, and what the queries of log alarms, call on a log group.
_WRITING = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
_QUERYING = ("logs:StartQuery",)


def of_account(logs: Any) -> list[Mapping[str, Any]]:
    """Return the resource policies of an account and region; none where CloudWatch Logs refuses to say."""
    try:
        found: list[Mapping[str, Any]] = logs.describe_resource_policies().get("resourcePolicies", [])
    except ClientError:
        return []  # it refuses to say those of each log group, too
    return found


def denied(
    logs: Any, region: RegionPlan, name: str, of_account: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[str]]:
    """Return which resource policies deny servers or queries the use of a log group, and what is unknown.

    Args:
        logs: CloudWatch Logs of the account and region.
        region: The stack.
        name: The log group.
        of_account: The policies of the account and region.
    """
    arn = region.arn("logs", f"log-group:{name}")
    try:
        policies = [
            *of_account,
            *logs.describe_resource_policies(policyScope="RESOURCE", resourceArn=arn)["resourcePolicies"],
        ]
    except ClientError as error:
        return [], [f"whether a resource policy denies its use is unknown: {error}"]
    servers, *_ = instance_roles(region)
    users: list[tuple[str, RoleSpec, Sequence[str]]] = [("servers", servers, _WRITING)]
    users += [("the queries of log alarms", role, _QUERYING) for role in log_alarm_roles(region)[:1]]
    failures, warnings = [], []
    for policy in policies:
        document = json.loads(policy["policyDocument"])
        for user, role, actions in users:
            effects = {action: _effects(document, region, role, action, arn) for action in actions}
            if refused := [action for action, found in effects.items() if "Deny" in found]:
                failures.append(
                    f"the resource policy {policy['policyName']} does not let {user} call "
                    f"{', '.join(refused)}: run {_deletion(region, policy)}"
                )
            elif doubtful := [action for action, found in effects.items() if found]:
                warnings.append(
                    f"the resource policy {policy['policyName']} denies {user} {', '.join(doubtful)} under a "
                    "condition that cannot be judged from here: see whether it holds for them"
                )
    return failures, warnings


def _effects(
    document: Mapping[str, Any], region: RegionPlan, role: RoleSpec, action: str, group_arn: str
) -> set[str]:
    return denials(
        document,
        principals=principals(region, role),
        action=action,
        resource=f"{group_arn}:*",
        context=known_context(region),
    )


def _deletion(region: RegionPlan, policy: Mapping[str, Any]) -> str:
    scope = {"resource_arn": policy["resourceArn"]} if policy.get("policyScope") == "RESOURCE" else {}
    named = {} if scope else {"policy_name": policy["policyName"]}
    return aws_command(region, "logs delete-resource-policy", **named, **scope)


def masked(logs: Any, region: RegionPlan, group: Mapping[str, Any]) -> Iterator[str]:
    """Name the policies that mask parts of records: metric filters and queries see the mask.

    CloudWatch Logs masks at every way out, metric filters included (user guide, "Help protect sensitive log
    data with masking").
    """
    name = group["logGroupName"]
    if group.get("dataProtectionStatus") == "ACTIVATED":
        deletion = aws_command(region, "logs delete-data-protection-policy", log_group_identifier=name)
        try:
            document = logs.get_data_protection_policy(logGroupIdentifier=name)["policyDocument"]
        except ClientError as error:
            yield f"whether its data protection policy masks what filters look for is unknown: {error}"
        else:
            yield from _mask(document, "its data protection policy", deletion)
    if _ACCOUNT_DATA_PROTECTION in group.get("inheritedProperties", ()):
        try:
            found = logs.describe_account_policies(policyType=_DATA_PROTECTION)["accountPolicies"]
        except ClientError as error:
            yield f"whether the account's data protection masks what filters look for is unknown: {error}"
            found = []
        for each in found:
            name = each["policyName"]
            cure = aws_command(
                region, "logs delete-account-policy", policy_name=name, policy_type=_DATA_PROTECTION
            )
            yield from _mask(each["policyDocument"], f"the account's data protection policy {name}", cure)


def _mask(document: str, policy: str, cure: str) -> Iterator[str]:
    statements = json.loads(document)["Statement"]
    masking = [each for each in statements if "Deidentify" in each.get("Operation", {})]
    if identifiers := sorted(
        {str(identifier).rpartition("/")[2] for each in masking for identifier in each["DataIdentifier"]}
    ):
        yield (
            f"{policy} masks {', '.join(identifiers)}, and a filter that looks for such a text finds the "
            f"mask: unless none does, run {cure}"
        )
