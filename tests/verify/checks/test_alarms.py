from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from deployment import RegionPlan
from deployment.resources.alarms import AlarmSpec, alarm_specs
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.conftest import Prepared
from tests.verify.deployed import put_alarm
from verify import Check, Status, Window
from verify.access.account import AccountAccess, enter
from verify.checks.alarms import check

Client = Callable[[str], Any]
KEY = "user-account-created"
NAME = f"windows-security-111122223333-eu-west-1-{KEY}"


@pytest.fixture
def cloudwatch(client: Client, region: RegionPlan, prepared: Prepared) -> Any:
    """CloudWatch with every alarm as deployed."""

    def put() -> None:
        for alarm in alarm_specs(region).values():
            put_alarm(client("cloudwatch"), alarm)

    prepared(str(region), put)
    return client("cloudwatch")


def named(region: RegionPlan, name: str) -> AlarmSpec:
    (alarm,) = (each for each in alarm_specs(region).values() if each.name == name)
    return alarm


def alarm_checks(
    region: RegionPlan, account: AccountAccess, window: Window | None = None
) -> dict[str, Check]:
    return {each.resource: each for each in check(region, account, window or Window(24))}


def test_alarms_as_deployed_are_in_order(region: RegionPlan, account: AccountAccess, cloudwatch: Any) -> None:
    found = alarm_checks(region, account)

    assert {each.status for each in found.values()} == {Status.OK}
    assert len(found) == sum(event.alarm is not None for event in region.events) + 1


def test_an_adopted_alarm_is_found_by_the_name_that_it_kept(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of(f"adopt: {{alarms: {{{KEY}: Created-By-Hand}}}}")
    for alarm in alarm_specs(region).values():
        put_alarm(client("cloudwatch"), alarm)

    found = alarm_checks(region, account)
    assert found["Created-By-Hand"].status is Status.OK
    assert {each.status for each in found.values()} == {Status.OK}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Threshold": 5}, "Threshold is 5.0 instead of 1"),
        ({"Period": 600}, "Period is 600 instead of 300"),
        ({"EvaluationPeriods": 2}, "EvaluationPeriods is 2 instead of 1"),
        ({"EvaluationPeriods": 3, "DatapointsToAlarm": 2}, "DatapointsToAlarm is 2 instead of 1"),
        ({"Statistic": "Average"}, "Statistic is 'Average' instead of 'Sum'"),
        ({"ComparisonOperator": "LessThanThreshold"}, "ComparisonOperator is 'LessThanThreshold'"),
        ({"TreatMissingData": "missing"}, "TreatMissingData is 'missing' instead of 'notBreaching'"),
        ({"Namespace": "Custom"}, "Namespace is 'Custom' instead of 'WindowsSecurity'"),
        ({"MetricName": "Users"}, "MetricName is 'Users' instead of 'Windows-User-Account-Created'"),
        ({"Unit": "Count"}, "Unit is 'Count' instead of None"),
        ({"Dimensions": [{"Name": "Host", "Value": "a"}]}, "Dimensions is [{'Name': 'Host', 'Value': 'a'}]"),
    ],
)
def test_each_difference_of_an_alarm_is_named(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any, changes: Any, said: str
) -> None:
    put_alarm(cloudwatch, named(region, NAME), **changes)

    found = alarm_checks(region, account)

    assert [name for name, each in found.items() if each.status is not Status.OK] == [NAME]
    assert found[NAME].status is Status.FAILED
    assert said in found[NAME].message


def test_an_alarm_that_does_not_exist_is_found(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    cloudwatch.delete_alarms(AlarmNames=[NAME])

    found = alarm_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert "does not exist" in found.message


def test_an_alarm_without_actions_notifies_nobody(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    put_alarm(cloudwatch, named(region, NAME), AlarmActions=[])

    found = alarm_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert "notifies nobody" in found.message
    assert "windows-security-medium" in found.message


def test_an_alarm_that_calls_another_topic_is_found(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    put_alarm(cloudwatch, named(region, NAME), AlarmActions=["arn:aws:sns:eu-west-1:111122223333:other"])

    found = alarm_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert "does not call arn:aws:sns:eu-west-1:111122223333:windows-security-medium" in found.message


def test_an_alarm_whose_actions_are_switched_off_notifies_nobody(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    cloudwatch.disable_alarm_actions(AlarmNames=[NAME])

    found = alarm_checks(region, account)[NAME]

    assert found.status is Status.FAILED
    assert f"enable-alarm-actions --alarm-names {NAME}" in found.message
    follow(aws, region, found.message)
    assert alarm_checks(region, account)[NAME].status is Status.OK


def test_an_alarm_must_call_the_actions_of_its_own(
    region_of: Callable[..., RegionPlan], account: AccountAccess, cloudwatch: Any
) -> None:
    action = "arn:aws:lambda:eu-west-1:111122223333:function:respond"
    region = region_of(f"events: {{{KEY}: {{actions: ['{action}']}}}}")

    assert f"does not call {action}" in alarm_checks(region, account)[NAME].message

    put_alarm(cloudwatch, named(region, NAME))
    assert alarm_checks(region, account)[NAME].status is Status.OK


def test_an_alarm_that_notifies_nobody_on_purpose_is_in_order(
    region_of: Callable[..., RegionPlan], account: AccountAccess, cloudwatch: Any
) -> None:
    region = region_of(notifications=UNNOTIFIED)
    put_alarm(cloudwatch, named(region, NAME))

    assert alarm_checks(region, account)[NAME].status is Status.OK


def test_an_alarm_that_is_to_tell_when_it_rests_must_do_so(
    region_of: Callable[..., RegionPlan], account: AccountAccess, cloudwatch: Any
) -> None:
    region = region_of("  ok_actions: true")

    found = alarm_checks(region, account)[NAME]
    assert found.status is Status.FAILED
    assert "does not call" in found.message
    assert "when it returns to OK" in found.message

    put_alarm(cloudwatch, named(region, NAME))
    assert alarm_checks(region, account)[NAME].status is Status.OK


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Period": 600}, "Period is 600 instead of 3600"),
        ({"TreatMissingData": "missing"}, "TreatMissingData is 'missing' instead of 'breaching'"),
        ({"AlarmActions": []}, "notifies nobody"),
    ],
)
def test_each_difference_of_the_alarm_for_silence_is_named(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any, changes: Any, said: str
) -> None:
    name = "windows-security-111122223333-eu-west-1-silent-security"
    put_alarm(cloudwatch, named(region, name), **changes)

    found = alarm_checks(region, account)[name]

    assert found.status is Status.FAILED
    assert said in found.message


def test_each_difference_of_a_composite_alarm_is_named(
    region_of: Callable[..., RegionPlan], account: AccountAccess, cloudwatch: Any
) -> None:
    keys = f"[{KEY}, user-account-deleted]"
    region = region_of(f"composite_alarms: {{churn: {{title: Accounts come and go, all_of: {keys}}}}}")
    name = "windows-security-111122223333-eu-west-1-composite-churn"
    assert "does not exist" in alarm_checks(region, account)[name].message

    put_alarm(cloudwatch, named(region, name))
    assert alarm_checks(region, account)[name].status is Status.OK

    put_alarm(cloudwatch, named(region, name), AlarmRule=f'ALARM("{NAME}")')
    assert "AlarmRule is" in alarm_checks(region, account)[name].message


def test_a_new_alarm_may_lack_data(region: RegionPlan, account: AccountAccess, cloudwatch: Any) -> None:
    set_state(cloudwatch, "INSUFFICIENT_DATA")

    found = alarm_checks(region, account)[NAME]

    assert found.status is Status.WARNING
    assert "a new alarm is" in found.message


def test_an_alarm_that_still_lacks_data_is_found(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    set_state(cloudwatch, "INSUFFICIENT_DATA")
    later = Window(24, datetime.now(UTC) + timedelta(hours=2))

    found = alarm_checks(region, account, later)[NAME]

    assert found.status is Status.FAILED
    assert "CloudWatch does not evaluate it" in found.message


def test_an_alarm_that_rings_and_has_told_somebody_is_in_order(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    found = ringing(region, account, cloudwatch, "Successfully executed action arn:aws:sns:...")

    assert found.status is Status.OK
    assert "in ALARM since" in found.message


def test_an_alarm_that_rings_and_could_not_tell_anybody_is_found(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    failure = "Failed to execute action arn:aws:sns:...: null (Service: AWSKMS; Error: AccessDeniedException)"

    found = ringing(region, account, cloudwatch, failure)

    assert found.status is Status.FAILED
    assert failure in found.message


def test_an_alarm_that_rings_without_a_history_to_be_had_is_a_warning(
    region: RegionPlan, account: AccountAccess, cloudwatch: Any
) -> None:
    found = ringing(region, account, cloudwatch, None)

    assert found.status is Status.WARNING
    assert "whether its action succeeded is unknown: " in found.message
    assert "AccessDenied" in found.message


def test_a_failed_action_of_a_composite_alarm_is_found(
    aws: LocalAws, region_of: Callable[..., RegionPlan]
) -> None:
    region = region_of(f"composite_alarms:\n  created: {{title: Created, any_of: [{KEY}]}}\n")
    cloudwatch = aws.client("cloudwatch", region.account_id, region.region_name)
    for alarm in alarm_specs(region).values():
        put_alarm(cloudwatch, alarm)
    name = region.names.composite_alarm("created")

    # No topic exists, so that the action fails.
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="test")

    found = alarm_checks(region, enter(region))[name]
    assert found.status is Status.FAILED
    assert "Failed to execute action" in found.message


def ringing(region: RegionPlan, account: AccountAccess, cloudwatch: Any, summary: str | None) -> Check:
    """Return the check of an alarm in ALARM, in whose history this is said of its action.

    The local AWS executes no actions. Without a summary, the history may not be read.
    """
    set_state(cloudwatch, "ALARM")
    alarms = cloudwatch.describe_alarms(AlarmNames=[NAME])
    stub = Stubber(account.client("cloudwatch"))
    stub.add_response("describe_alarms", {"MetricAlarms": alarms["MetricAlarms"]})
    if summary:
        stub.add_response("describe_alarm_history", {"AlarmHistoryItems": [{"HistorySummary": summary}]})
    else:
        stub.add_client_error("describe_alarm_history", "AccessDenied")
    with stub:
        return alarm_checks(region, account)[NAME]


def set_state(cloudwatch: Any, state: str) -> None:
    cloudwatch.set_alarm_state(AlarmName=NAME, StateValue=state, StateReason="test")


UNNOTIFIED = "unnotified: [informational, low, medium, high, critical]"


def test_a_composite_alarm_whose_suppressor_is_in_alarm_notifies_nobody(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    cloudwatch = client("cloudwatch")
    region = region_of(
        f"composite_alarms: {{both: {{title: Both, any_of: [{KEY}], "
        "suppressor: {alarm: maintenance, wait_period: 60, extension_period: 180}}}"
    )
    specs = alarm_specs(region)
    metric = next(spec for spec in specs.values() if spec.name == region.names.alarm(KEY))
    put_alarm(cloudwatch, metric, AlarmName="maintenance")
    for alarm in specs.values():
        put_alarm(cloudwatch, alarm)
    name = region.names.composite_alarm("both")
    assert alarm_checks(region, account)[name].status is Status.OK

    cloudwatch.set_alarm_state(AlarmName="maintenance", StateValue="ALARM", StateReason="work")

    found = alarm_checks(region, account)[name]
    assert found.status is Status.WARNING
    assert "notifies nobody while maintenance, which suppresses it, is in ALARM" in found.message
    cloudwatch.set_alarm_state(AlarmName="maintenance", StateValue="OK", StateReason="done")
    assert alarm_checks(region, account)[name].status is Status.OK
