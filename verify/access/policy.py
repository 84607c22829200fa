"""Whether a resource's policy lets a service of AWS do something, as IAM would decide it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_WILDCARD_OPERATORS = ("StringLike", "StringNotLike", "ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals")
_CASELESS_OPERATORS = ("Bool", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")


def admits(
    document: Mapping[str, Any], *, service: str, action: str, resource: str, context: Mapping[str, str]
) -> bool:
    """Return whether a policy allows a call, and no statement of it denies the call.

    Args:
        document: The policy.
        service: Who calls: a service principal such as ``cloudwatch.amazonaws.com``.
        action: What it calls, such as ``sns:Publish``.
        resource: The ARN of what the policy belongs to; a statement without resources holds for it.
        context: The condition keys of the call with their values. Any other key counts as absent, as in IAM.
    """
    keys = {key.lower(): value for key, value in context.items()}
    effects = {
        statement["Effect"]
        for statement in listed(document["Statement"])
        if _is_principal(statement, service)
        and _is_among(statement, "Action", action.lower())
        and _is_among(statement, "Resource", resource)
        and all(
            _holds(operator, keys.get(key.lower()), [str(value) for value in listed(values)])
            for operator, tests in statement.get("Condition", {}).items()
            for key, values in tests.items()
        )
    }
    return effects == {"Allow"}


def identity_effects(
    document: Mapping[str, Any], *, action: str, resource: str, context: Mapping[str, str]
) -> set[str]:
    """Return what the statements of a role's policy say of a call: ``Allow``, ``Deny``, or nothing.

    A statement under a condition on a key that ``context`` lacks counts as ``Allow?`` or ``Deny?``.
    """
    keys = {key.lower(): value for key, value in context.items()}
    effects = set()
    for statement in listed(document["Statement"]):
        if not (
            _is_among(statement, "Action", action.lower()) and _is_among(statement, "Resource", resource)
        ):
            continue
        tests = [
            (operator, key.lower(), [str(value) for value in listed(values)])
            for operator, wanted in statement.get("Condition", {}).items()
            for key, values in wanted.items()
        ]
        if any(key not in keys for _, key, _ in tests):
            effects.add(f"{statement['Effect']}?")
        elif all(_holds(operator, keys[key], values) for operator, key, values in tests):
            effects.add(statement["Effect"])
    return effects


def denials(
    document: Mapping[str, Any],
    *,
    principals: Iterable[str],
    action: str,
    resource: str,
    context: Mapping[str, str],
) -> set[str]:
    """Return what a resource's policy denies to callers: ``Deny``, or ``Deny?`` under an unknown condition.

    Args:
        document: The policy.
        principals: The ARNs of the callers, and of the account that they belong to.
        action: What they call, such as ``logs:PutLogEvents``.
        resource: The ARN of what the policy belongs to.
        context: The condition keys of the call that are known, with their values.
    """
    of_callers = [
        statement
        for statement in listed(document["Statement"])
        if any(_is_principal(statement, each, kind="AWS") for each in principals)
    ]
    effects = identity_effects({"Statement": of_callers}, action=action, resource=resource, context=context)
    return effects & {"Deny", "Deny?"}


def lets_everybody(document: Mapping[str, Any], *, action: str, resource: str) -> bool:
    """Return whether a policy lets any account do something, whatever it calls for."""
    stranger = "arn:aws:iam::000000000000:root"
    return admits(
        document,
        service=stranger,
        action=action,
        resource=resource,
        context={"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false"},
    )


def called_for(source_arn: str, account_id: str, **further: str) -> dict[str, str]:
    """Return the condition keys of a call that a service makes for a resource of an account."""
    return {
        "aws:SourceArn": source_arn,
        "aws:SourceAccount": account_id,
        "aws:SourceOwner": account_id,
        "aws:SecureTransport": "true",
        "aws:PrincipalIsAWSService": "true",
        **further,
    }


def _is_principal(statement: Mapping[str, Any], name: str, kind: str = "Service") -> bool:
    """Whether a statement is about a principal: by default a service, with the kind AWS a role or account."""
    excluded = "NotPrincipal" in statement
    principal = statement.get("NotPrincipal" if excluded else "Principal", {})
    named = {"AWS": principal} if isinstance(principal, str) else principal
    everyone = "*" in [*listed(named.get("AWS", [])), *listed(named.get("Service", []))]
    return (everyone or name in listed(named.get(kind, []))) != excluded


def _is_among(statement: Mapping[str, Any], element: str, value: str) -> bool:
    """Whether the statement's ``Action`` or ``Resource`` holds for a value; one without resources does."""
    excluded = f"Not{element}" in statement
    patterns = listed(statement.get(f"Not{element}" if excluded else element, ["*"]))
    if element == "Action":
        patterns = [pattern.lower() for pattern in patterns]
    return any(_like(value, pattern) for pattern in patterns) != excluded


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    name = operator.rpartition(":")[2]  # without ForAnyValue: and ForAllValues:
    if name == "Null":
        return (value is None) == (wanted[0].lower() == "true")
    optional, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    negated = "Not" in name
    if value is None:
        return optional or negated or operator.startswith("ForAllValues:")
    if name in _WILDCARD_OPERATORS:
        matches = any(_like(value, pattern) for pattern in wanted)
    elif name in _CASELESS_OPERATORS:
        matches = value.lower() in [each.lower() for each in wanted]
    else:
        matches = value in wanted
    return matches != negated


def _like(value: str, pattern: str) -> bool:
    """Whether a text matches a pattern of IAM: ``*`` for any characters, ``?`` for one."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None


def listed(value: Any) -> Iterable[Any]:
    """Return a list where a policy writes a single element without one."""
    return value if isinstance(value, list) else [value]
