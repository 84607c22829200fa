"""The agent's configuration: the parameter holds exactly what the deployment derives."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.resources.agent_configuration import region_agent_configuration
from verify.access.account import AccountAccess
from verify.access.window import Window, shown
from verify.result import Check, Status, judged

_DIFFERENCES_NAMED = 3


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check the parameter that the agents read."""
    name = region.names.agent_parameter
    try:
        parameter = account.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        message = "does not exist, so that no agent gets a configuration: apply the stack again"
        yield Check("agent configuration", name, Status.FAILED, message)
        return
    problems = list(_problems(region, parameter["Value"]))
    yield judged(
        "agent configuration",
        name,
        failures=[f"{', '.join(problems)}: apply the stack again"] if problems else [],
        ok=f"as deployed, since {shown(parameter['LastModifiedDate'])}",
    )


def _problems(region: RegionPlan, value: str) -> Iterator[str]:
    expected = region_agent_configuration(region)
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
