import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from local_aws import LocalAws
from tests.local_aws.conftest import ACCOUNT, REGION

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:messages"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """The middle of the current minute: seconds that pass do not make it another."""
    return datetime.now(UTC).replace(second=30, microsecond=0)


@pytest.fixture
def cloudwatch(client: Callable[[str], Any]) -> Any:
    return client("cloudwatch")


@pytest.fixture
def queue(client: Callable[[str], Any]) -> Callable[[], list[Any]]:
    """A queue that is subscribed to the topic; calling it takes what has come."""
    client("sns").create_topic(Name="alarms")
    url = client("sqs").create_queue(QueueName="messages")["QueueUrl"]
    client("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)

    def received() -> list[Any]:
        messages = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    return received


def put_alarm(cloudwatch: Any, name: str = "failed", **settings: Any) -> None:
    cloudwatch.put_metric_alarm(
        **{
            "AlarmName": name,
            "Namespace": "Test",
            "MetricName": "Failed",
            "Statistic": "Sum",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 3,
            "Period": 60,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [TOPIC],
            **settings,
        }
    )


def count(cloudwatch: Any, *values: tuple[datetime, float], **dimensions: str) -> None:
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    cloudwatch.put_metric_data(
        Namespace="Test",
        MetricData=[
            {"MetricName": "Failed", "Timestamp": at, "Value": value, "Dimensions": named}
            for at, value in values
        ],
    )


def state(cloudwatch: Any, name: str = "failed") -> str:
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    return str((found["MetricAlarms"] + found["CompositeAlarms"])[0]["StateValue"])


def history(cloudwatch: Any, name: str = "failed", **filters: Any) -> list[str]:
    found = cloudwatch.describe_alarm_history(AlarmName=name, ScanBy="TimestampAscending", **filters)
    return [item["HistorySummary"] for item in found["AlarmHistoryItems"]]


def test_an_alarm_fires_when_a_period_reaches_the_threshold(
    aws: LocalAws, cloudwatch: Any, now: datetime
) -> None:
    put_alarm(cloudwatch)

    count(cloudwatch, (now, 2))
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "OK"

    count(cloudwatch, (now, 1))
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "ALARM"


def test_an_alarm_returns_to_ok_when_its_period_has_passed(
    aws: LocalAws, cloudwatch: Any, now: datetime
) -> None:
    put_alarm(cloudwatch, Period=300)
    count(cloudwatch, (now, 3))

    aws.evaluate_alarms(now + 4 * MINUTE)
    assert state(cloudwatch) == "ALARM"

    aws.evaluate_alarms(now + 5 * MINUTE)
    assert state(cloudwatch) == "OK"


def test_m_of_n_periods_fire_an_alarm(aws: LocalAws, cloudwatch: Any, now: datetime) -> None:
    put_alarm(cloudwatch, EvaluationPeriods=3, DatapointsToAlarm=2)
    count(cloudwatch, (now, 3))
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "OK"

    count(cloudwatch, (now - 2 * MINUTE, 3))
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "ALARM"


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("notBreaching", "OK"),
        ("breaching", "ALARM"),
        ("missing", "INSUFFICIENT_DATA"),
        ("ignore", "OK"),
    ],
)
def test_without_data_an_alarm_does_as_it_treats_missing_data(
    aws: LocalAws, cloudwatch: Any, now: datetime, treatment: str, expected: str
) -> None:
    put_alarm(cloudwatch, TreatMissingData=treatment)

    aws.evaluate_alarms(now)

    assert state(cloudwatch) == expected


def test_an_alarm_on_too_little_fires_without_data_and_returns_to_ok_with_data(
    aws: LocalAws, cloudwatch: Any, now: datetime
) -> None:
    put_alarm(cloudwatch, ComparisonOperator="LessThanThreshold", Threshold=1, TreatMissingData="breaching")
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "ALARM"

    count(cloudwatch, (now, 1))
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "OK"


def test_an_alarm_sees_the_metric_of_its_dimensions_only(
    aws: LocalAws, cloudwatch: Any, now: datetime
) -> None:
    put_alarm(cloudwatch, Dimensions=[{"Name": "LogGroupName", "Value": "Security"}])
    count(cloudwatch, (now, 3))
    count(cloudwatch, (now, 3), LogGroupName="System")
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "OK"

    count(cloudwatch, (now, 3), LogGroupName="Security")
    aws.evaluate_alarms(now)
    assert state(cloudwatch) == "ALARM"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('ALARM("one")', "ALARM"),
        ('ALARM("one") AND ALARM("two")', "OK"),
        ('ALARM("one") OR ALARM("two")', "ALARM"),
        ('NOT ALARM("one")', "OK"),
        ('OK("two") AND NOT(ALARM("two"))', "ALARM"),
        ('ALARM("one") OR ALARM("one") AND ALARM("two")', "ALARM"),
        ('(ALARM("one") OR ALARM("one")) AND ALARM("two")', "OK"),
        ("TRUE AND FALSE", "OK"),
    ],
)
def test_a_composite_alarm_follows_its_rule(
    aws: LocalAws, cloudwatch: Any, now: datetime, rule: str, expected: str
) -> None:
    put_alarm(cloudwatch, "one", TreatMissingData="breaching")
    put_alarm(cloudwatch, "two")
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule=rule)

    aws.evaluate_alarms(now)

    assert state(cloudwatch, "both") == expected


def test_an_alarm_publishes_to_its_topic_once_when_it_changes(
    aws: LocalAws, cloudwatch: Any, queue: Callable[[], list[Any]], now: datetime
) -> None:
    put_alarm(cloudwatch)
    count(cloudwatch, (now, 3))

    aws.evaluate_alarms(now)
    aws.evaluate_alarms(now + timedelta(seconds=10))

    (body,) = queue()
    message = json.loads(body["Message"])
    assert body["TopicArn"] == TOPIC
    assert body["Subject"] == f'ALARM: "failed" in {REGION}'
    assert (message["AlarmName"], message["OldStateValue"], message["NewStateValue"]) == (
        *("failed", "OK"),
        "ALARM",
    )
    assert message["Trigger"]["MetricName"] == "Failed"


@pytest.mark.parametrize("metric", ["NumberOfMessagesPublished", "NumberOfNotificationsDelivered"])
def test_a_published_message_counts_in_the_metrics_of_the_topic(
    aws: LocalAws, cloudwatch: Any, queue: Callable[[], list[Any]], now: datetime, metric: str
) -> None:
    put_alarm(cloudwatch, TreatMissingData="breaching")

    aws.evaluate_alarms(now)

    found = cloudwatch.get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName=metric,
        Dimensions=[{"Name": "TopicName", "Value": "alarms"}],
        StartTime=now - MINUTE,
        EndTime=now + MINUTE,
        Period=300,
        Statistics=["Sum"],
    )["Datapoints"]
    assert [point["Sum"] for point in found] == [1]


@pytest.mark.usefixtures("queue")
def test_the_history_holds_each_change_and_each_action(aws: LocalAws, cloudwatch: Any, now: datetime) -> None:
    put_alarm(cloudwatch, OKActions=[])
    count(cloudwatch, (now, 3))

    aws.evaluate_alarms(now)
    aws.evaluate_alarms(now + MINUTE)

    assert history(cloudwatch) == [
        "Alarm updated from OK to ALARM",
        f"Successfully executed action {TOPIC}",
        "Alarm updated from ALARM to OK",
    ]
    assert history(cloudwatch, HistoryItemType="Action") == [f"Successfully executed action {TOPIC}"]
    assert history(cloudwatch, StartDate=now + timedelta(seconds=1)) == ["Alarm updated from ALARM to OK"]


def test_the_history_of_a_composite_alarm_is_shown_where_its_type_is_named(
    aws: LocalAws, cloudwatch: Any, now: datetime
) -> None:
    cloudwatch.put_composite_alarm(AlarmName="always", AlarmRule="TRUE")

    aws.evaluate_alarms(now)

    assert history(cloudwatch, "always") == []
    assert history(cloudwatch, "always", AlarmTypes=["CompositeAlarm"]) == ["Alarm updated from OK to ALARM"]


def test_a_missing_topic_is_a_failed_action(aws: LocalAws, cloudwatch: Any, now: datetime) -> None:
    put_alarm(cloudwatch, TreatMissingData="breaching")

    aws.evaluate_alarms(now)

    (failed,) = history(cloudwatch, HistoryItemType="Action")
    assert failed.startswith(f"Failed to execute action {TOPIC}")
    assert "Topic does not exist" in failed


def test_disabled_actions_are_not_called(
    aws: LocalAws, cloudwatch: Any, queue: Callable[[], list[Any]], now: datetime
) -> None:
    put_alarm(cloudwatch, TreatMissingData="breaching", ActionsEnabled=False)

    aws.evaluate_alarms(now)

    assert history(cloudwatch) == ["Alarm updated from OK to ALARM"]
    assert queue() == []


def test_a_composite_alarm_calls_no_action_while_its_suppressor_is_in_alarm(
    aws: LocalAws, cloudwatch: Any, queue: Callable[[], list[Any]], now: datetime
) -> None:
    put_alarm(cloudwatch, "maintenance", TreatMissingData="breaching", AlarmActions=[])
    cloudwatch.put_composite_alarm(
        AlarmName="always",
        AlarmRule="TRUE",
        AlarmActions=[TOPIC],
        ActionsSuppressor="maintenance",
        ActionsSuppressorWaitPeriod=60,
        ActionsSuppressorExtensionPeriod=60,
    )

    aws.evaluate_alarms(now)

    assert state(cloudwatch, "always") == "ALARM"
    assert queue() == []


def test_a_state_that_is_set_calls_the_actions(cloudwatch: Any, queue: Callable[[], list[Any]]) -> None:
    put_alarm(cloudwatch)

    cloudwatch.set_alarm_state(AlarmName="failed", StateValue="ALARM", StateReason="a test")

    (body,) = queue()
    assert json.loads(body["Message"])["NewStateReason"] == "a test"


def test_a_topic_delivers_to_the_queue_of_another_account(
    aws: LocalAws, client: Callable[[str], Any], cloudwatch: Any
) -> None:
    other = aws.client("sqs", "444455556666", REGION)
    url = other.create_queue(QueueName="central")["QueueUrl"]
    client("sns").create_topic(Name="alarms")
    client("sns").subscribe(
        TopicArn=TOPIC, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:444455556666:central"
    )
    put_alarm(cloudwatch)

    cloudwatch.set_alarm_state(AlarmName="failed", StateValue="ALARM", StateReason="a test")

    assert len(other.receive_message(QueueUrl=url)["Messages"]) == 1


@pytest.fixture
def receiver() -> Iterator[tuple[str, Queue[bytes]]]:
    """The address of a receiver on this machine, and what is posted to it."""
    posted: Queue[bytes] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/alarms", posted
        server.shutdown()


def test_a_topic_delivers_to_an_address_of_this_machine(
    client: Callable[[str], Any], cloudwatch: Any, receiver: tuple[str, Queue[bytes]]
) -> None:
    address, posted = receiver
    client("sns").create_topic(Name="alarms")
    client("sns").subscribe(TopicArn=TOPIC, Protocol="http", Endpoint=address)
    put_alarm(cloudwatch)

    cloudwatch.set_alarm_state(AlarmName="failed", StateValue="ALARM", StateReason="a test")

    body = json.loads(posted.get(timeout=240))
    assert json.loads(body["Message"])["AlarmName"] == "failed"


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("email", "soc@example.com"),
        ("https", "https://hooks.invalid/secret"),
        ("sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:gone"),
    ],
)
def test_an_end_out_of_reach_does_not_keep_the_message_from_the_others(
    client: Callable[[str], Any],
    cloudwatch: Any,
    queue: Callable[[], list[Any]],
    protocol: str,
    endpoint: str,
) -> None:
    client("sns").subscribe(TopicArn=TOPIC, Protocol=protocol, Endpoint=endpoint)
    put_alarm(cloudwatch)

    cloudwatch.set_alarm_state(AlarmName="failed", StateValue="ALARM", StateReason="a test")

    assert len(queue()) == 1


def test_accounts_are_evaluated_apart(aws: LocalAws, cloudwatch: Any, now: datetime) -> None:
    other = aws.client("cloudwatch", "444455556666", REGION)
    put_alarm(cloudwatch)
    put_alarm(other)
    count(other, (now, 3))

    aws.evaluate_alarms(now)

    assert (state(cloudwatch), state(other)) == ("OK", "ALARM")


def test_a_reset_empties_the_history(aws: LocalAws, cloudwatch: Any) -> None:
    put_alarm(cloudwatch)
    cloudwatch.set_alarm_state(AlarmName="failed", StateValue="ALARM", StateReason="a test")

    aws.reset()

    assert history(cloudwatch) == []
