"""The agent's configuration: the parameter holds exactly what the deployment derives."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.agent_configuration import agent_parameters, region_agent_configuration
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.advice import aws_command
from verify.result import Check, Status, judged

_DIFFERENCES_NAMED = 3


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the parameters that the agents read."""
    for name, is_2012 in agent_parameters(region).items():
        yield _parameter(region, account, name, is_2012=is_2012)


def _parameter(region: RegionPlan, account: AccountAccess, name: str, *, is_2012: bool) -> Check:
    try:
        parameter = account.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        message = "does not exist, so that no agent gets a configuration: apply the stack again"
        return Check("agent configuration", name, Status.FAILED, message)
    expected = region_agent_configuration(region, is_2012=is_2012)
    problems = list(_problems(expected, parameter["Value"]))
    failures = [f"{', '.join(problems)}: apply the stack again"] if problems else []
    expiration, unknown = _expiration(region, account, name)
    return judged(
        "agent configuration",
        name,
        failures=[*failures, *expiration],
        warnings=unknown,
        ok=f"as deployed, since {shown(parameter['LastModifiedDate'])}",
    )


def _expiration(region: RegionPlan, account: AccountAccess, name: str) -> tuple[list[str], list[str]]:
    """Say when a policy of the parameter deletes it, which no plan shows, and what is not known of that."""
    named = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    pages = account.client("ssm").get_paginator("describe_parameters").paginate(ParameterFilters=named)
    try:
        policies = [
            policy
            for page in pages
            for parameter in page["Parameters"]
            for policy in parameter.get("Policies", ())
            if policy["PolicyType"] == "Expiration"
        ]
    except ClientError as error:
        return [], [f"whether a policy lets it expire is unknown: {error}"]
    deletion = aws_command(region, "ssm delete-parameter", name=name)
    return [
        "is deleted by its own policy at "
        f"{json.loads(policy['PolicyText'])['Attributes']['Timestamp']}, and no agent gets a configuration "
        f"then: run {deletion}, then wait 30 seconds, and apply the stack again"
        for policy in policies
    ], []


def _problems(expected: Any, value: str) -> Iterator[str]:
    try:
        found = json.loads(value)
    except ValueError:
        yield "is not JSON"
        return
    yield from islice(_differences(found, expected, ""), _DIFFERENCES_NAMED)


def _differences(found: Any, expected: Any, path: str) -> Iterator[str]:
    match found, expected:
        case dict(), dict():
            for key in sorted(found.keys() | expected.keys()):
                place = f"{path}.{key}" if path else key
                yield from _differences(found.get(key), expected.get(key), place)
        case list(), list() if len(found) == len(expected) and all(
            isinstance(each, dict) for each in expected
        ):
            for index, pair in enumerate(zip(found, expected, strict=True)):
                yield from _differences(*pair, f"{path}[{index}]")
        case _ if found != expected:
            yield f"{path} is {json.dumps(found)} instead of {json.dumps(expected)}"
