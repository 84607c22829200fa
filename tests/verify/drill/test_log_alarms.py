"""Fire drills of events with the log engine, on the local AWS over HTTP."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from catalog.samples import samples_of
from deployment import RegionPlan
from deployment.resources.alarms import alarm_specs
from deployment.resources.log_alarms import LogAlarmSpec
from local_aws import LocalAws
from tests.local_requests import without_sockets
from tests.verify.conftest import Prepared
from tests.verify.deployed import clients, put_alarm, put_log_groups, put_roles, put_topic
from verify.__main__ import application
from verify.drill.plan import COMPUTER

KEY = "user-account-deleted"
COUNTING = "logon-failed-network"
SETTINGS = f"engine: log\nevents:\n  {KEY}: {{threshold: 1}}\n  {COUNTING}: {{threshold: 3}}\n"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    with LocalAws(region="eu-west-1", evaluate_every=0.2) as aws, without_sockets(aws):
        yield aws


@pytest.fixture
def deployed(
    aws: LocalAws, prepared: Prepared, region_of: Callable[..., RegionPlan]
) -> Callable[[str], RegionPlan]:
    """Put the roles, log groups, topics and alarms of a deployment into the local AWS."""

    def put(settings: str) -> RegionPlan:
        region = region_of(settings)
        client = clients(aws, region)

        def do() -> None:
            put_roles(client("iam"), region)
            put_log_groups(client("logs"), region)
            for topic in region.topics:
                put_topic(client("sns"), region, topic.name)
            for alarm in alarm_specs(region).values():
                put_alarm(client("cloudwatch"), alarm)

        prepared(settings, do)
        return region

    return put


@pytest.fixture
def drill(deployment_file: Callable[..., Path]) -> Callable[..., Result]:
    def invoke(*arguments: str, settings: str = SETTINGS) -> Result:
        path = str(deployment_file(settings))
        given = ["drill", "--deployment", path, "--account", "production", "--yes", *arguments]
        return CliRunner().invoke(application, given)

    return invoke


def found(result: Result, key: str) -> Any:
    assert result.exit_code == 0, result.output
    return {each["key"]: each for each in json.loads(result.stdout)["drills"]}[key]


def test_drill_follows_the_contributor_that_names_server_and_account(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result], aws: LocalAws
) -> None:
    deployed(SETTINGS)

    result = found(drill(KEY, "--json"), KEY)

    assert result["contributor"]["Computer"] == COMPUTER
    assert result["contributor"]["SubjectUserName"]
    assert result["seconds"]["counted"] is None
    assert result["seconds"]["alarm"] <= result["seconds"]["published"]
    assert any(f'"Computer": "{COMPUTER}"' in mail.text for mail in aws.mails("111122223333"))


def test_drill_of_an_alarm_that_counts_sends_as_many_records(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result]
) -> None:
    deployed(SETTINGS)
    result = found(drill(COUNTING, "--json"), COUNTING)
    assert (result["records"], result["contributor"]) == (3, {"Computer": COMPUTER})


def test_drill_of_an_event_that_shares_its_alarm_names_the_event(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result]
) -> None:
    settings = f"{SETTINGS}log_alarms: {{layout: severity}}\n"
    deployed(settings)
    result = found(drill(KEY, "--json", settings=settings), KEY)
    assert result["alarm"].startswith("windows-security-111122223333-eu-west-1-severity.")
    assert result["contributor"]["Event"] == KEY


def test_drill_says_in_words_what_the_alarm_names_and_when_it_runs(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result]
) -> None:
    deployed(SETTINGS)
    text = " ".join(drill(KEY).stdout.split())
    assert "with its next run, which is up to 5 min away" in text
    assert f"the alarm names Computer {COMPUTER}" in text


def fire(aws: LocalAws, region: RegionPlan, computer: str) -> None:
    """Have a computer's record put the event's alarm into ALARM."""
    client = clients(aws, region)
    spec = alarm_specs(region)[KEY]
    (event,) = (event for event in region.events if event.key == KEY)
    message = re.sub("<Computer>.*?<", f"<Computer>{computer}<", samples_of(event).matches[0])
    client("logs").create_log_stream(logGroupName="Security", logStreamName=computer)
    client("logs").put_log_events(
        logGroupName="Security",
        logStreamName=computer,
        logEvents=[{"timestamp": int(time.time() * 1000), "message": message}],
    )
    while not any(
        each["ContributorAttributes"]["Computer"] == computer
        for each in client("cloudwatch").describe_alarm_contributors(AlarmName=spec.name)["AlarmContributors"]
    ):
        time.sleep(0.1)


def test_drill_is_held_while_another_contributor_is_in_alarm(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result], aws: LocalAws
) -> None:
    fire(aws, deployed(SETTINGS), "server-1")
    assert found(drill(KEY, "--json"), KEY)["contributor"]["Computer"] == COMPUTER


def test_drill_is_refused_while_its_own_contributor_is_in_alarm(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result], aws: LocalAws
) -> None:
    fire(aws, deployed(SETTINGS), COMPUTER)
    result = drill(KEY)
    assert result.exit_code == 2
    assert "is in ALARM, and notifies on a change of state only" in result.stderr


def test_drill_of_an_alarm_with_an_evaluation_error_is_refused_with_the_reason(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result], aws: LocalAws
) -> None:
    region = deployed(SETTINGS)
    clients(aws, region)("iam").delete_role_policy(
        RoleName=region.names.log_query_role, PolicyName=region.names.log_query_role
    )
    spec = alarm_specs(region)[KEY]
    assert isinstance(spec, LogAlarmSpec)
    cloudwatch = clients(aws, region)("cloudwatch")
    while not any(
        alarm.get("EvaluationState") == "EVALUATION_ERROR"
        for alarm in cloudwatch.describe_alarms(AlarmNames=[spec.name], AlarmTypes=["LogAlarm"])["LogAlarms"]
    ):
        time.sleep(0.1)
    result = drill(KEY)
    assert result.exit_code == 2
    assert f"The alarm {spec.name} can find nothing: EVALUATION_ERROR" in result.stderr
    assert "logs:StartQuery" in result.stderr


def test_event_without_an_alarm_is_refused(
    deployed: Callable[[str], RegionPlan], drill: Callable[..., Result]
) -> None:
    settings = f"engine: log\nevents:\n  {KEY}: {{alarm: false}}\n"
    deployed(settings)
    result = drill(KEY, settings=settings)
    assert result.exit_code == 2
    assert "has the log engine and no alarm" in result.stderr
