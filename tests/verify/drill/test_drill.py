"""The fire drill, held on the local AWS over HTTP."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from catalog.samples.windows_event import windows_event
from deployment import RegionPlan, load, resolve
from local_aws import LocalAws
from tests.verify.conftest import DEPLOYMENT, Deploy
from tests.verify.deployed import topic_arn
from verify.__main__ import application
from verify.drill.command import stopped_by_signals
from verify.drill.hold import hold
from verify.drill.plan import COMPUTER

KEY = "user-account-deleted"
SETTINGS = f"events:\n  {KEY}: {{threshold: 1}}\n"
WITH_OWN_EVENT = f"""\
own_events:
  - key: payroll-logon
    event_id: 4624
    title: Logon to the payroll account
    severity: high
    runbook: Ask the payroll team.
    where: {{TargetUserName: payroll}}
    audit: Logon
    samples: [{json.dumps(windows_event(4624, {"TargetUserName": "payroll"}))}]
{DEPLOYMENT}"""
SUBSCRIPTIONS = """\
subscriptions:
  - {protocol: email, endpoint: soc@example.com}
  - {protocol: https, endpoint: 'https://hooks.example.com/services/T0/B0/secret?token=1'}"""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    """A local AWS that evaluates its alarms several times a second."""
    with LocalAws(region="eu-west-1", evaluate_every=0.2) as aws:
        yield aws


@pytest.fixture
def run(aws: LocalAws, deployment_file: Callable[..., Path]) -> Callable[..., Result]:
    """Run ``python -m verify drill`` with these arguments on the account production."""

    def invoke(*arguments: str, settings: str = SETTINGS, yes: bool = True, **deployment: str) -> Result:
        path = str(deployment_file(settings, **deployment))
        always = ["drill", "--deployment", path, "--account", "production", *(["--yes"] if yes else [])]
        return CliRunner().invoke(application, [*always, *arguments])

    return invoke


@pytest.fixture
def region(deploy: Deploy, region_of: Callable[..., RegionPlan]) -> RegionPlan:
    """A deployed stack."""
    region = region_of(SETTINGS)
    deploy(region)
    return region


def drills(result: Result) -> dict[str, Any]:
    return {each["key"]: each for each in json.loads(result.stdout)["drills"]}


def streams(client: Callable[[str], Any]) -> list[str]:
    found = client("logs").describe_log_streams(logGroupName="Security")["logStreams"]
    return [each["logStreamName"] for each in found]


def subscribe_queue(client: Callable[[str], Any], topic: str) -> str:
    url = str(client("sqs").create_queue(QueueName="messages")["QueueUrl"])
    arn = "arn:aws:sqs:eu-west-1:111122223333:messages"
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def received(client: Callable[[str], Any], url: str) -> list[Any]:
    messages = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"]) for message in messages]


def test_a_record_is_followed_from_the_log_group_to_the_topic(
    run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any]
) -> None:
    (severity,) = (event.severity for event in region.events if event.key == KEY)
    (topic,) = (topic for topic in region.topics if severity in topic.severities)
    url = subscribe_queue(client, topic_arn(region, topic.name))

    result = run(KEY, "--json")

    assert result.exit_code == 0, result.output
    found = drills(result)[KEY]
    assert (found["records"], found["log_group"], found["failure"]) == (1, "Security", "")
    hops = list(found["seconds"].values())
    assert list(found["seconds"]) == ["accepted", "counted", "alarm", "published"]
    assert hops[1:] == sorted(hops[1:])
    assert all(0 <= seconds < 60 for seconds in hops)
    assert region.names.alarm(KEY) in [message["AlarmName"] for message in received(client, url)]


def test_an_own_event_is_drilled_with_the_sample_that_it_brings(
    deploy: Deploy, run: Callable[..., Result], region_of: Callable[..., RegionPlan]
) -> None:
    region = region_of("", text=WITH_OWN_EVENT)
    deploy(region)

    result = run("payroll-logon", "--json", settings="", text=WITH_OWN_EVENT)

    assert result.exit_code == 0, result.output
    found = drills(result)["payroll-logon"]
    assert (found["records"], found["log_group"], found["failure"]) == (1, "Security", "")


@pytest.mark.usefixtures("region")
def test_the_report_names_each_hop_with_its_seconds(run: Callable[..., Result]) -> None:
    lines = run(KEY).stdout.splitlines()

    for hop in ("record accepted", "metric counted", "alarm in ALARM", "message published"):
        (line,) = (each for each in lines if each.endswith(f"{KEY}: {hop}"))
        assert " s  production-eu-west-1  " in line
    assert any("came through" in line for line in lines)


@pytest.mark.usefixtures("region")
def test_the_log_stream_is_deleted_at_the_end(
    run: Callable[..., Result], client: Callable[[str], Any]
) -> None:
    before = streams(client)

    run(KEY)

    assert streams(client) == before


def test_the_record_is_marked_and_of_now(
    region: RegionPlan, run: Callable[..., Result], client: Callable[[str], Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr("moto.logs.models.LogGroup.delete_log_stream", lambda *_: None)
    started = time.time()

    run(KEY)

    (stream,) = streams(client)
    (record,) = client("logs").get_log_events(logGroupName="Security", logStreamName=stream)["events"]
    assert stream.startswith(f"drill/{KEY}-")
    assert f"<Computer>{COMPUTER}</Computer>" in record["message"]
    assert ">4726</EventID>" in record["message"]
    assert started - 1 <= record["timestamp"] / 1000 <= time.time() + 1
    written = time.strftime("SystemTime='%Y-%m-%dT%H:%M", time.gmtime(record["timestamp"] / 1000))
    assert written in record["message"]
    assert region.region_name == "eu-west-1"


def test_it_says_beforehand_whom_it_notifies_without_secrets(
    deploy: Deploy, run: Callable[..., Result], region_of: Callable[..., RegionPlan]
) -> None:
    deploy(region_of(SETTINGS, notifications=SUBSCRIPTIONS))

    output = run(KEY, notifications=SUBSCRIPTIONS).stdout

    assert "email soc@example.com" in output
    assert "https https://hooks.example.com/..." in output
    assert not any(secret in output for secret in ("secret", "token"))
    assert output.index("soc@example.com") < output.index("record accepted")


def test_a_threshold_and_several_periods_get_their_records(
    deploy: Deploy, run: Callable[..., Result], region_of: Callable[..., RegionPlan]
) -> None:
    settings = (
        f"events:\n  {KEY}: {{threshold: 3, period: 300, evaluation_periods: 3, datapoints_to_alarm: 2}}\n"
    )
    deploy(region_of(settings))

    result = run(KEY, "--json", settings=settings)

    assert result.exit_code == 0, result.output
    assert drills(result)[KEY]["records"] == 6


def test_several_events_are_drilled_at_once(
    aws: LocalAws, run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any]
) -> None:
    result = run(KEY, "special-privileges-assigned", "--json")

    assert result.exit_code == 0, result.output
    assert list(drills(result)) == [KEY, "special-privileges-assigned"]
    assert streams(client) == []


@pytest.mark.usefixtures("region")
def test_an_event_that_watches_paths_is_drilled_for_each(run: Callable[..., Result]) -> None:
    result = run("object-handle-requested", "--json")

    assert result.exit_code == 0, result.output
    (key,) = drills(result)
    assert key.startswith("object-handle-requested-")


def test_an_event_without_an_alarm_is_followed_to_its_metric(
    deploy: Deploy, run: Callable[..., Result], region_of: Callable[..., RegionPlan]
) -> None:
    settings = f"events:\n  {KEY}: {{alarm: false}}\n"
    deploy(region_of(settings))

    result = run(KEY, "--json", settings=settings)

    assert result.exit_code == 0, result.output
    found = drills(result)[KEY]
    assert found["alarm"] is None
    assert found["seconds"]["counted"] is not None
    assert found["seconds"]["alarm"] is None


def test_other_alarms_that_fire_with_it_are_announced(
    deploy: Deploy, run: Callable[..., Result], region_of: Callable[..., RegionPlan]
) -> None:
    settings = (
        SETTINGS + f"composite_alarms:\n  deletions: {{title: Deletions, any_of: [{KEY}], severity: high}}\n"
    )
    region = region_of(settings)
    deploy(region)

    output = run(KEY, settings=settings).stdout

    assert f"fires as well: {region.names.composite_alarm('deletions')}" in output


def test_a_missing_metric_filter_stops_it_before_the_metric(
    run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any]
) -> None:
    client("logs").delete_metric_filter(logGroupName="Security", filterName=region.names.metric_filter(KEY))

    result = run(KEY, "--json", "--timeout", "2")

    found = drills(result)[KEY]
    assert result.exit_code == 1
    assert found["stopped_before"] == "counted"
    assert "verify checks --account production --region eu-west-1' and see metric filter" in found["advice"]
    assert streams(client) == []


def test_a_metric_that_the_alarm_does_not_watch_stops_it_before_the_alarm(
    run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any]
) -> None:
    (alarm,) = client("cloudwatch").describe_alarms(AlarmNames=[region.names.alarm(KEY)])["MetricAlarms"]
    kept = ("AlarmName", "MetricName", "Statistic", "Period", "EvaluationPeriods", "Threshold")
    client("cloudwatch").put_metric_alarm(
        **{name: alarm[name] for name in kept},
        Namespace="Elsewhere",
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )

    found = drills(run(KEY, "--json", "--timeout", "2"))[KEY]

    assert found["stopped_before"] == "alarm"


def test_a_missing_topic_stops_it_before_the_message(
    run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any]
) -> None:
    for topic in region.topics:
        client("sns").delete_topic(TopicArn=topic_arn(region, topic.name))

    result = run(KEY, "--json")

    found = drills(result)[KEY]
    assert result.exit_code == 1
    assert found["stopped_before"] == "published"
    assert "Failed to execute action" in found["failure"]


def test_a_missing_log_group_stops_it_at_once(
    run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any]
) -> None:
    client("logs").delete_log_group(logGroupName="Security")

    result = run(KEY, "--json")

    found = drills(result)[KEY]
    assert (result.exit_code, found["stopped_before"]) == (1, "accepted")
    assert "ResourceNotFoundException" in found["failure"]


def test_an_alarm_in_alarm_is_refused(
    run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr("local_aws.moto.alarm_states.evaluate_alarms", lambda _at: None)
    client("cloudwatch").set_alarm_state(
        AlarmName=region.names.alarm(KEY), StateValue="ALARM", StateReason="a test"
    )

    result = run(KEY)

    assert result.exit_code == 2
    assert "is in ALARM, and notifies on a change of state only" in result.stderr
    assert streams(client) == []


def test_disabled_actions_are_refused_with_the_command_that_enables_them(
    run: Callable[..., Result], region: RegionPlan, client: Callable[[str], Any]
) -> None:
    name = region.names.alarm(KEY)
    client("cloudwatch").disable_alarm_actions(AlarmNames=[name])

    result = run(KEY)

    assert result.exit_code == 2
    assert f"aws cloudwatch enable-alarm-actions --alarm-names {name}" in result.stderr


def test_what_is_not_deployed_is_refused_with_every_reason(run: Callable[..., Result]) -> None:
    result = run("user-account-delete", "service-installed", KEY)

    assert result.exit_code == 2
    assert (
        f"user-account-delete is not an event that production deploys; did you mean {KEY}?" in result.stderr
    )
    assert "service-installed is not an event that production deploys" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unapplied_stack_is_refused(run: Callable[..., Result]) -> None:
    result = run(KEY)

    assert result.exit_code == 2
    assert "does not exist: apply the stack first" in result.stderr


def test_an_event_that_no_sample_finds_is_refused(run: Callable[..., Result]) -> None:
    result = run(KEY, settings=f"events:\n  {KEY}: {{exclude: {{SubjectUserName: [sato, WEB-01$]}}}}\n")

    assert result.exit_code == 2
    assert "no sample is known that it finds, as it is deployed" in result.stderr


def test_a_threshold_beyond_reason_is_refused(run: Callable[..., Result]) -> None:
    result = run(KEY, settings=f"events:\n  {KEY}: {{threshold: 20000}}\n")

    assert result.exit_code == 2
    assert "asks for 20,000 records; a drill sends 10,000 at most" in result.stderr


@pytest.mark.usefixtures("region")
def test_without_a_terminal_it_needs_yes(run: Callable[..., Result], client: Callable[[str], Any]) -> None:
    result = run(KEY, yes=False)

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert streams(client) == []


def process(path: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "verify", "drill", KEY, "--account", "production"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    return subprocess.Popen(
        [*command, "--deployment", str(path), *arguments], env=environment, text=True, **options
    )


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(("answer", "status", "said"), [("y\n", 0, "came through"), ("n\n", 1, "")])
def test_a_terminal_is_asked_for_confirmation(
    deployment_file: Callable[..., Path], answer: str, status: int, said: str
) -> None:
    terminal, inside = pty.openpty()
    try:
        with process(
            deployment_file(SETTINGS), stdin=inside, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as drill:
            os.write(terminal, answer.encode())
            output, errors = drill.communicate(timeout=240)
    finally:
        os.close(terminal)
        os.close(inside)

    assert "Send these records?" in errors
    assert drill.returncode == status, errors
    assert said in output


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_drill_deletes_its_log_stream(
    region: RegionPlan,
    client: Callable[[str], Any],
    deployment_file: Callable[..., Path],
    stop: signal.Signals,
) -> None:
    client("logs").delete_metric_filter(logGroupName="Security", filterName=region.names.metric_filter(KEY))
    path = deployment_file(SETTINGS)
    with process(path, "--yes", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as drill:
        assert drill.stdout is not None
        for line in drill.stdout:
            if line.rstrip().endswith("record accepted"):
                break
        assert len(streams(client)) == 1
        drill.send_signal(stop)
        _, errors = drill.communicate(timeout=240)

    assert streams(client) == []
    assert drill.returncode == 130, errors
    assert "Traceback" not in errors


def test_a_log_stream_that_stays_is_named_with_the_command_that_deletes_it(
    region: RegionPlan, run: Callable[..., Result], monkeypatch: Any
) -> None:
    def refuse(*_: object) -> None:
        raise KeyError("refused")

    monkeypatch.setattr("moto.logs.models.LogGroup.delete_log_stream", refuse)

    result = run(KEY)

    assert "aws logs delete-log-stream --log-group-name Security --log-stream-name drill/" in result.stderr


def test_each_region_of_an_account_is_drilled(
    deploy: Deploy, run: Callable[..., Result], deployment_file: Callable[..., Path]
) -> None:
    text = """\
accounts:
  production:
    id: 111122223333
    regions: [eu-west-1, eu-central-1]
    packs: [article]
    watched_paths: ['C:\\Secret\\']
    notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}
"""
    deploy(*resolve(load(deployment_file(text=text))))

    result = run(KEY, "--json", settings="", text=text)

    stacks = [each["stack"] for each in json.loads(result.stdout)["drills"]]
    assert result.exit_code == 0, result.output
    assert stacks == ["production-eu-west-1", "production-eu-central-1"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_that_python_lost_is_remembered(number: signal.Signals) -> None:
    with stopped_by_signals() as is_stopped:
        assert not is_stopped()
        with suppress(KeyboardInterrupt):
            signal.raise_signal(number)
        assert is_stopped()


def test_a_drill_that_is_to_stop_looks_no_further() -> None:
    with pytest.raises(KeyboardInterrupt):
        hold([], {}, timeout=1, report=lambda *_: None, complain=print, is_stopped=lambda: True)
