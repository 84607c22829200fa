from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from deployment import RegionPlan
from deployment.permissions import PermissionRole
from local_aws import LocalAws
from tests.iam_calls import RecordedCall, denied
from tests.verify.conftest import Deploy
from tests.verify.deployed import clients, put_central
from verify import Status, Window, verify

WHOLE = """\
accounts:
  production:
    id: 111122223333
    regions: [eu-west-1]
    packs: [article, baseline, remote-desktop]
    watched_paths: ['C:\\Secret\\']
    notifications:
      subscriptions: [{protocol: email, endpoint: soc@example.com}]
"""


def with_everything(sink: str) -> str:
    """Settings that make what most stacks do without."""
    return f"""\
events: {{user-account-created: {{actions: ['arn:aws:lambda:eu-west-1:111122223333:function:pager']}}}}
central:
  event_bus: arn:aws:events:eu-west-1:999999999999:event-bus/security
  log_destination: arn:aws:logs:eu-west-1:999999999999:destination:security
  oam_sink: {sink}
"""


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the calls that are made to AWS from now on, by operation."""
    counted: Counter[str] = Counter()
    call = BaseClient._make_api_call

    def count(self: Any, operation: str, parameters: Any) -> Any:
        counted[operation] += 1
        return call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", count)
    return counted


def test_nothing_fails_in_a_stack_as_deployed(
    aws: LocalAws, deploy: Deploy, region_of: Callable[..., RegionPlan], sink: str
) -> None:
    region = region_of(with_everything(sink))
    deploy(region, servers=True)
    put_central(clients(aws, region), region)

    found = list(verify(region, Window(24)))

    assert [each for each in found if each.status is Status.FAILED] == []
    # Nothing runs in the local AWS, so that no association has.
    assert {each.name for each in found if each.status is Status.WARNING} == {"association"}
    assert {each.name for each in found} == {
        *("account", "role", "agent configuration", "association", "encryption key", "log group", "server"),
        *("metric filter", "metric", "alarm", "topic", "subscription", "function"),
        *("audit policy", "server document", "event rule", "subscription filter", "link", "dashboard"),
        *("saved query", "association failures", "bucket"),
    }


def test_every_kind_of_check_fails_in_an_empty_account(
    aws: LocalAws, region_of: Callable[..., RegionPlan], sink: str
) -> None:
    region = region_of(with_everything(sink))
    found = list(verify(region, Window(24)))

    failed = {each.name for each in found if each.status is Status.FAILED}
    assert failed == {
        *("role", "agent configuration", "audit policy", "server document", "association"),
        *("association failures", "bucket"),
        *("encryption key", "log group"),
        *("metric filter", "alarm", "topic", "function", "event rule", "subscription filter", "link"),
    }
    assert {"dashboard", "saved query"} <= {each.name for each in found if each.status is Status.WARNING}


def test_many_alarms_take_few_calls(
    deploy: Deploy, region_of: Callable[..., RegionPlan], calls: Counter[str]
) -> None:
    region = region_of("", WHOLE)
    deploy(region)
    alarms = sum(event.alarm is not None for event in region.events)
    calls.clear()

    found = list(verify(region, Window(24)))

    assert len([each for each in found if each.name == "alarm"]) == alarms + 1 > 50
    assert calls.total() < 70, calls  # the output bucket alone takes six


def test_every_call_is_among_the_permissions_of_who_verifies(
    aws: LocalAws,
    deploy: Deploy,
    region_of: Callable[..., RegionPlan],
    sink: str,
    recorded: list[RecordedCall],
) -> None:
    region = region_of(with_everything(sink))
    deploy(region, servers=True)
    put_central(clients(aws, region), region)
    recorded.clear()

    list(verify(region, Window(24)))

    assert {"DescribeAlarms", "GetLink", "GetKeyPolicy"} <= {call.operation for call in recorded}
    assert denied(recorded, [region], PermissionRole.VERIFY) == set()


def test_what_may_not_be_asked_is_a_failure_and_the_rest_is_asked(
    deploy: Deploy, region: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(region)
    call = BaseClient._make_api_call

    def refuse(self: Any, operation: str, parameters: Any) -> Any:
        if operation == "DescribeMetricFilters":
            error = {"Code": "AccessDeniedException", "Message": "not authorized"}
            raise ClientError({"Error": error}, operation)
        return call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", refuse)

    found = list(verify(region, Window(24)))

    (failed,) = (each for each in found if each.status is Status.FAILED)
    assert failed.name == "metric filter"
    assert "cannot be checked: An error occurred (AccessDeniedException)" in failed.message
    assert "DescribeMetricFilters" in failed.message
    assert "topic" in {each.name for each in found}


def test_an_account_that_cannot_be_entered_is_one_failure(
    aws: LocalAws, region: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment("444455556666").items():
        monkeypatch.setenv(name, value)

    (failed,) = verify(region, Window(24))

    assert (failed.name, failed.resource, failed.status) == ("account", "111122223333", Status.FAILED)
    assert "444455556666" in failed.message


def test_a_window_ends_now_and_says_how_long_it_is() -> None:
    window = Window(48)

    assert datetime.now(UTC) - window.end < timedelta(seconds=1)
    assert window.end - window.start == timedelta(hours=48)
    assert str(window) == "in the last 48 hours"
    assert str(Window(1)) == "in the last hour"
