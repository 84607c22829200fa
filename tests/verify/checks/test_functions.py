from collections.abc import Callable
from typing import Any

import pytest

from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import let_alarms_call, put_function
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.functions import check

Client = Callable[[str], Any]
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:pager"


@pytest.fixture
def calling(region_of: Callable[..., RegionPlan]) -> Callable[[str], RegionPlan]:
    """Deploy an event and a variant of another whose alarms call a function."""
    return lambda arn: region_of(
        f"events:\n  user-account-created: {{actions: ['{arn}']}}\n"
        f"  logon-failed-network: {{variants: {{slow: {{threshold: 50, period: 3600, actions: ['{arn}']}}}}}}"
    )


def only(region: RegionPlan, account: AccountAccess) -> Check:
    (found,) = check(region, account, Window(24))
    return found


def test_a_function_that_alarms_may_call_is_in_order(
    calling: Callable[[str], RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = calling(FUNCTION)
    let_alarms_call(client("lambda"), region, put_function(client, "pager"))

    found = only(region, account)

    assert (found.resource, found.status) == (FUNCTION, Status.OK)
    assert found.message == "alarms that call it: 2"


def test_a_function_that_no_longer_permits_the_alarms_is_found(
    calling: Callable[[str], RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = calling(FUNCTION)
    let_alarms_call(client("lambda"), region, put_function(client, "pager"))
    client("lambda").remove_permission(FunctionName="pager", StatementId="alarms")

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "lambda.alarms.cloudwatch.amazonaws.com call it for 2 of 2 alarms" in found.message


def test_a_function_that_permits_sns_only_is_found(
    calling: Callable[[str], RegionPlan], account: AccountAccess, client: Client
) -> None:
    client("lambda").add_permission(
        FunctionName=put_function(client, "pager"),
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
    )

    assert only(calling(FUNCTION), account).status is Status.FAILED


def test_a_function_that_does_not_exist_is_found(
    calling: Callable[[str], RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = calling(FUNCTION)
    let_alarms_call(client("lambda"), region, put_function(client, "pager"))
    client("lambda").delete_function(FunctionName="pager")

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "does not exist, or" in found.message


def test_the_latest_version_has_the_permission_of_the_function(
    calling: Callable[[str], RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = calling(f"{FUNCTION}:$LATEST")
    let_alarms_call(client("lambda"), region, put_function(client, "pager"))

    assert only(region, account).status is Status.OK


def test_a_stack_whose_alarms_call_no_function_is_not_asked_about_any(
    region: RegionPlan, account: AccountAccess
) -> None:
    assert list(check(region, account, Window(24))) == []


def test_a_function_that_may_not_run_is_found_and_cured_as_advised(
    aws: LocalAws, calling: Callable[[str], RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = calling(FUNCTION)
    let_alarms_call(client("lambda"), region, put_function(client, "pager"))
    client("lambda").put_function_concurrency(FunctionName="pager", ReservedConcurrentExecutions=0)

    found = only(region, account)

    assert found.status is Status.FAILED
    assert "its reserved concurrency is 0, so that it never runs" in found.message
    assert follow(aws, region, found.message) == ["delete-function-concurrency"]
    assert only(region, account).status is Status.OK
