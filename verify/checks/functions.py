"""The functions that alarms call: each there, and open to the alarms."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.aws.policies import CLOUDWATCH_TO_FUNCTIONS
from deployment.resources.alarms import callers
from deployment.resources.topics import INVOKE_FUNCTION
from verify.access.account import AccountAccess
from verify.access.policy import admits, called_for
from verify.access.window import Window
from verify.advice import aws_command
from verify.result import Check, Status, judged


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check each function that an alarm is to call."""
    for arn, alarms in callers(region, "lambda").items():
        try:
            policy = read_policy(account, arn)
        except ClientError as error:
            message = f"whether alarms may call it cannot be seen from here: {error}"
            yield Check("function", arn, Status.WARNING, message)
            continue
        refused = [
            alarm
            for alarm in alarms
            if not admits(
                policy,
                service=CLOUDWATCH_TO_FUNCTIONS,
                action=INVOKE_FUNCTION,
                resource=_called_as(arn),
                context=called_for(alarm, region.account_id),
            )
        ]
        failures = []
        if refused:
            failures.append(
                f"does not exist, or its policy does not let {CLOUDWATCH_TO_FUNCTIONS} call it for "
                f"{len(refused)} of {len(alarms)} alarms ({refused[0].rpartition(':')[2]}, ...), which "
                "therefore do not reach it: create it where it is missing, and apply the stack again"
            )
        else:
            failures += never_runs(region, account, arn)
        yield judged("function", arn, failures=failures, ok=f"alarms that call it: {len(alarms)}")


def never_runs(region: RegionPlan, account: AccountAccess, arn: str) -> Iterator[str]:
    """Say that a function may not run at all: nothing else shows that, and each call is throttled."""
    name = ":".join(arn.split(":")[:7])
    try:
        found = account.client("lambda").get_function_concurrency(FunctionName=name)
    except ClientError:
        return  # it cannot be looked at; whether alarms may call it is known
    if found.get("ReservedConcurrentExecutions") == 0:
        cure = aws_command(region, "lambda delete-function-concurrency", function_name=name)
        yield f"its reserved concurrency is 0, so that it never runs: run {cure}"


def read_policy(account: AccountAccess, arn: str) -> Mapping[str, Any]:
    """Ask who may call a function, an alias or a version; nobody where Lambda knows of no policy or function.

    Raises:
        ClientError: It cannot be looked at from this account.
    """
    try:
        document = account.client("lambda").get_policy(FunctionName=_called_as(arn))["Policy"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return {"Statement": []}
        raise
    policy: Mapping[str, Any] = json.loads(document)
    return policy


def _called_as(arn: str) -> str:
    """Return the ARN that a permission is given for: ``$LATEST`` has that of the function."""
    return arn.removesuffix(":$LATEST")
