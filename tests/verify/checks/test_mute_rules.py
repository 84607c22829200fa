from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from deployment import MuteRuleSpec, MuteSettings, RegionPlan
from deployment.resources.mute_rules import mute_rules
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


WINDOW = {"schedule": "cron(0 2 * * SUN)", "duration": "PT4H", "alarms": {"events": [KEY]}}


def with_window(region: RegionPlan) -> RegionPlan:
    windows = {"patching": MuteSettings.model_validate(WINDOW)}
    return replace(region, settings=region.settings.model_copy(update={"mute": windows}))


def put(cloudwatch: Any, rule: MuteRuleSpec, **others: Any) -> None:
    cloudwatch.put_alarm_mute_rule(**{**rule.properties, **others})


def test_own_rule_as_deployed_is_ok(region: RegionPlan, account: AccountAccess, client: Client) -> None:
    region = with_window(region)
    (rule,) = mute_rules(region)
    put(client("cloudwatch"), rule)

    (found,) = check(region, account, Window(24))

    assert (found.resource, found.status) == (rule.name, Status.OK)
    assert f"mute 1 alarm ({region.names.alarm(KEY)}) (cron(0 2 * * SUN) UTC for PT4H)" in found.message


def test_own_rule_that_is_missing_or_changed_fails(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    region = with_window(region)
    (rule,) = mute_rules(region)
    (missing,) = check(region, account, Window(24))
    cure = (
        f"run 'aws cloudformation delete-stack --stack-name {rule.stack_name} --region eu-west-1', then run "
    )
    assert missing.status is Status.FAILED
    assert missing.message.startswith(f"does not exist: {cure}")
    assert missing.message.endswith(", then apply the stack again")

    longer = {"Schedule": {**rule.schedule, "Duration": "P6D"}}
    put(client("cloudwatch"), rule, Rule=longer, MuteTargets={"AlarmNames": ["another"]})
    (changed,) = check(region, account, Window(24))

    assert changed.status is Status.FAILED
    assert "Duration is 'P6D' instead of 'PT4H'" in changed.message
    assert "it mutes 1 alarm (another) beside those of patching" in changed.message
    assert f"it does not mute 1 alarm ({region.names.alarm(KEY)}): {cure}" in changed.message


def test_rules_that_may_not_be_listed_are_a_warning(region: RegionPlan, account: AccountAccess) -> None:
    with Stubber(account.client("cloudwatch")) as stub:
        stub.add_client_error("list_alarm_mute_rules", "AccessDenied")
        (found,) = check(region, account, Window(24))

    assert found.status is Status.WARNING
    assert "whether a mute rule mutes alarms is unknown" in found.message
