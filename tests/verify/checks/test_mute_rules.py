from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from deployment import RegionPlan
from local_aws import LocalAws
from tests.verify.advice import follow
from verify import Status, Window
from verify.access.account import AccountAccess
from verify.checks.mute_rules import check

Client = Callable[[str], Any]
KEY = "user-account-created"


def mute(cloudwatch: Any, start: datetime, *alarms: str) -> None:
    schedule = {"Expression": f"at({start:%Y-%m-%dT%H:%M})", "Duration": "PT8H"}
    cloudwatch.put_alarm_mute_rule(
        Name="night", Rule={"Schedule": schedule}, MuteTargets={"AlarmNames": list(alarms)}
    )


@pytest.mark.parametrize(
    ("hours", "status", "said"),
    [
        (-1, Status.FAILED, f"mutes 1 alarm (windows-security-111122223333-eu-west-1-{KEY}) now (at("),
        (1, Status.WARNING, f"will mute 1 alarm (windows-security-111122223333-eu-west-1-{KEY}) (at("),
    ],
)
def test_a_rule_that_mutes_an_alarm_is_found_and_deleted_as_advised(
    aws: LocalAws,
    region: RegionPlan,
    account: AccountAccess,
    client: Client,
    hours: int,
    status: Status,
    said: str,
) -> None:
    mute(client("cloudwatch"), datetime.now(UTC) + timedelta(hours=hours), region.names.alarm(KEY))

    (found,) = check(region, account, Window(24))

    assert (found.resource, found.status) == ("night", status)
    assert said in found.message
    assert follow(aws, region, found.message) == ["delete-alarm-mute-rule"]
    assert list(check(region, account, Window(24))) == []


def test_a_rule_that_has_expired_or_mutes_other_alarms_is_no_concern(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    mute(client("cloudwatch"), datetime.now(UTC) - timedelta(hours=9), region.names.alarm(KEY))
    assert list(check(region, account, Window(24))) == []

    mute(client("cloudwatch"), datetime.now(UTC), "another")
    assert list(check(region, account, Window(24))) == []


def test_rules_that_may_not_be_listed_are_a_warning(region: RegionPlan, account: AccountAccess) -> None:
    with Stubber(account.client("cloudwatch")) as stub:
        stub.add_client_error("list_alarm_mute_rules", "AccessDenied")
        (found,) = check(region, account, Window(24))

    assert found.status is Status.WARNING
    assert "whether a mute rule mutes alarms is unknown" in found.message
