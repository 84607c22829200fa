"""What keeps a log alarm from notifying before a drill and during it, on a local AWS without a clock."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner, Result

from deployment import RegionPlan
from deployment.resources.alarms import alarm_specs
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import clients, put_alarm, put_log_groups, put_roles, put_topic
from verify.__main__ import application

KEY = "user-account-deleted"
SETTINGS = f"packs: []\nengine: log\nevents:\n  {KEY}: {{enabled: true, threshold: 1}}\n"
TEXT = """\
accounts:
  production:
    id: 111122223333
    regions: [eu-west-1]
    notifications:
      subscriptions: [{protocol: email, endpoint: soc@example.com}]
"""


@pytest.fixture
def deployed(aws: LocalAws, region_of: Callable[..., RegionPlan]) -> RegionPlan:
    """One event with a log alarm, and what the alarm needs."""
    region = region_of(SETTINGS, text=TEXT)
    client = clients(aws, region)
    put_roles(client("iam"), region)
    put_log_groups(client("logs"), region)
    for topic in region.topics:
        put_topic(client("sns"), region, topic.name)
    for alarm in alarm_specs(region).values():
        put_alarm(client("cloudwatch"), alarm)
    return region


@pytest.fixture
def drill(deployment_file: Callable[..., Path]) -> Callable[..., Result]:
    def invoke(*arguments: str) -> Result:
        path = str(deployment_file(SETTINGS, text=TEXT))
        given = ["drill", KEY, "--deployment", path, "--account", "production", "--yes", *arguments]
        return CliRunner().invoke(application, given)

    return invoke


def take_the_role_once_records_are_there(aws: LocalAws, region: RegionPlan) -> None:
    client = clients(aws, region)
    while not client("logs").describe_log_streams(logGroupName="Security")["logStreams"]:
        time.sleep(0.05)
    client("iam").delete_role_policy(
        RoleName=region.names.log_query_role, PolicyName=region.names.log_query_role
    )
    aws.evaluate_alarms()


def test_evaluation_error_during_a_drill_ends_it_at_once(
    aws: LocalAws,
    deployed: RegionPlan,
    drill: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    intruder = Thread(target=take_the_role_once_records_are_there, args=(aws, deployed))
    sleep = time.sleep
    waits_afterwards = []

    def note_and_sleep(seconds: float) -> None:
        if not intruder.is_alive():
            waits_afterwards.append(seconds)
        sleep(seconds)

    intruder.start()
    monkeypatch.setattr(time, "sleep", note_and_sleep)

    result = drill("--json", "--timeout", "300")

    intruder.join()
    # It may have looked a moment before.
    assert len(waits_afterwards) <= 1
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["drills"]
    assert "EVALUATION_ERROR: CloudWatch cannot run its query" in found["failure"]
    assert "logs:StartQuery" in found["failure"]


def test_drill_of_a_muted_alarm_is_refused_with_the_command_that_deletes_the_rule(
    aws: LocalAws, deployed: RegionPlan, drill: Callable[..., Result]
) -> None:
    (alarm,) = (spec for key, spec in alarm_specs(deployed).items() if key == KEY)
    cloudwatch = clients(aws, deployed)("cloudwatch")
    cloudwatch.put_alarm_mute_rule(
        Name="night",
        Rule={"Schedule": {"Expression": f"at({datetime.now(UTC):%Y-%m-%dT%H:%M})", "Duration": "PT8H"}},
        MuteTargets={"AlarmNames": [alarm.name]},
    )

    result = drill()

    assert result.exit_code == 2
    assert f"The mute rule night mutes the alarm {alarm.name}" in result.stderr
    assert follow(aws, deployed, " ".join(result.stderr.split())) == ["delete-alarm-mute-rule"]
    assert cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []
