import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_aws import LocalAws
from tests.local_aws.conftest import ACCOUNT, REGION

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:messages"
QUERY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/log-queries"
LINE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/log-lines"
GROUP = "/windows/security"
MINUTE = timedelta(minutes=1)
QUERY = """fields @timestamp, @message
| filter @message like "failed"
| parse @message /host=(?<Host>[^ ]*)/"""


def record(host: str, word: str = "failed") -> str:
    return f"{word} host={host} end"


def settings(**changed: Any) -> dict[str, Any]:
    """Return the request for an alarm of three failures of a host; a key with dots names a nested member."""
    request: dict[str, Any] = {
        "AlarmName": "failed",
        "AlarmDescription": "Failures.",
        "ScheduledQueryConfiguration": {
            "QueryString": QUERY,
            "LogGroupIdentifiers": [GROUP],
            "ScheduledQueryRoleARN": QUERY_ROLE,
            "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 600},
            "AggregationExpression": "count(*) by Host",
        },
        "QueryResultsToEvaluate": 1,
        "QueryResultsToAlarm": 1,
        "Threshold": 3.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [TOPIC],
    }
    for path, value in changed.items():
        *parents, name = path.split("__")
        place = request
        for parent in parents:
            place = place[parent]
        place[name] = value
    return request


def query(**changed: Any) -> dict[str, Any]:
    return settings(**{f"ScheduledQueryConfiguration__{name}": value for name, value in changed.items()})


def make_role(client: Callable[[str], Any], name: str, service: str, *statements: dict[str, Any]) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    if statements:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        client("iam").put_role_policy(RoleName=name, PolicyName="query", PolicyDocument=policy)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(second=30, microsecond=0)


@pytest.fixture
def cloudwatch(client: Callable[[str], Any]) -> Any:
    """CloudWatch of an account with the log group, both roles and a topic that mails and fills a queue."""
    logs = client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="server")
    make_role(
        *(client, "log-queries", "logs.amazonaws.com"),
        {
            "Effect": "Allow",
            "Action": "logs:StartQuery",
            "Resource": [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}"],
        },
        {
            "Effect": "Allow",
            "Action": ["logs:StopQuery", "logs:GetQueryResults", "logs:DescribeLogGroups"],
            "Resource": "*",
        },
    )
    make_role(client, "log-lines", "cloudwatch.amazonaws.com")
    client("sns").create_topic(Name="alarms")
    client("sqs").create_queue(QueueName="messages")
    client("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)
    client("sns").subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="security@example.com")
    return client("cloudwatch")


@pytest.fixture
def put(client: Callable[[str], Any], now: datetime) -> Callable[..., None]:
    """Put records into the log group that happened some minutes before now."""

    def put_records(*messages: str, minutes_ago: float = 1) -> None:
        at = int((now - minutes_ago * MINUTE).timestamp() * 1000)
        client("logs").put_log_events(
            logGroupName=GROUP,
            logStreamName="server",
            logEvents=[{"timestamp": at, "message": message} for message in messages],
        )

    return put_records


@pytest.fixture
def received(client: Callable[[str], Any]) -> Callable[[], list[Any]]:
    """Take the messages that the topic has sent."""

    def take() -> list[Any]:
        url = client("sqs").get_queue_url(QueueName="messages")["QueueUrl"]
        messages = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(json.loads(message["Body"])["Message"]) for message in messages]

    return take


def described(cloudwatch: Any, name: str = "failed") -> Any:
    (found,) = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["LogAlarm"])["LogAlarms"]
    return found


def contributors(cloudwatch: Any) -> list[dict[str, str]]:
    found = cloudwatch.describe_alarm_contributors(AlarmName="failed")["AlarmContributors"]
    return [each["ContributorAttributes"] for each in found]


def test_log_alarms_are_listed_only_where_their_type_is_asked_for(cloudwatch: Any) -> None:
    cloudwatch.put_log_alarm(**settings())
    assert "LogAlarms" not in cloudwatch.describe_alarms() or not cloudwatch.describe_alarms()["LogAlarms"]
    assert cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm"])["MetricAlarms"] == []
    found = described(cloudwatch)
    assert found["StateValue"] == "INSUFFICIENT_DATA"
    assert found["ScheduledQueryConfiguration"]["QueryString"] == QUERY
    assert found["ScheduledQueryConfiguration"]["QueryARN"].startswith(f"arn:aws:logs:{REGION}:{ACCOUNT}:")
    assert found["ScheduledQueryConfiguration"]["ScheduleConfiguration"]["StartTimeOffset"] == 600


def test_each_contributor_that_breaches_is_notified_by_itself(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, received: Any
) -> None:
    cloudwatch.put_log_alarm(**settings())
    put(*[record("A"), record("B")] * 3, record("C"), record("D", "succeeded"))
    aws.evaluate_alarms(now)
    messages = received()
    assert [message["AlarmContributorAttributes"] for message in messages] == [{"Host": "A"}, {"Host": "B"}]
    assert {message["NewStateValue"] for message in messages} == {"ALARM"}
    assert contributors(cloudwatch) == [{"Host": "A"}, {"Host": "B"}]
    assert described(cloudwatch)["StateValue"] == "ALARM"


def test_new_contributor_is_notified_while_the_alarm_is_in_alarm(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, received: Any
) -> None:
    cloudwatch.put_log_alarm(**settings())
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now)
    received()
    put(*[record("B")] * 3)
    aws.evaluate_alarms(now + 5 * MINUTE)
    assert [message["AlarmContributorAttributes"] for message in received()] == [{"Host": "B"}]


def test_vanished_contributor_returns_to_ok_and_so_does_the_alarm(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, received: Any
) -> None:
    cloudwatch.put_log_alarm(**settings(OKActions=[TOPIC]))
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now)
    received()
    aws.evaluate_alarms(now + 20 * MINUTE)
    assert described(cloudwatch)["StateValue"] == "OK"
    assert contributors(cloudwatch) == []
    (message,) = received()
    assert (message["NewStateValue"], message["AlarmContributorAttributes"]) == ("OK", {"Host": "A"})


def test_query_runs_again_only_when_its_schedule_has_passed(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any
) -> None:
    cloudwatch.put_log_alarm(**settings())
    aws.evaluate_alarms(now)
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now + 4 * MINUTE)
    assert described(cloudwatch)["StateValue"] == "OK"
    aws.evaluate_alarms(now + 5 * MINUTE)
    assert described(cloudwatch)["StateValue"] == "ALARM"


def test_record_that_arrives_late_is_seen_by_a_window_that_overlaps(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any
) -> None:
    cloudwatch.put_log_alarm(**settings(AlarmName="overlapping"))
    short = settings(AlarmName="short")
    short["ScheduledQueryConfiguration"]["ScheduleConfiguration"]["StartTimeOffset"] = 300
    cloudwatch.put_log_alarm(**short)
    aws.evaluate_alarms(now)
    put(*[record("A")] * 3, minutes_ago=3)  # older than the run before, which did not see them
    aws.evaluate_alarms(now + 5 * MINUTE)
    assert described(cloudwatch, "overlapping")["StateValue"] == "ALARM"
    assert described(cloudwatch, "short")["StateValue"] == "OK"


def test_m_of_n_runs_must_breach(aws: LocalAws, cloudwatch: Any, now: datetime, put: Any) -> None:
    cloudwatch.put_log_alarm(**settings(QueryResultsToEvaluate=3, QueryResultsToAlarm=2))
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now)
    assert described(cloudwatch)["StateValue"] == "OK"
    aws.evaluate_alarms(now + 5 * MINUTE)
    assert described(cloudwatch)["StateValue"] == "ALARM"


def test_without_groups_the_alarm_itself_notifies(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, received: Any
) -> None:
    cloudwatch.put_log_alarm(**query(AggregationExpression="count(*)"))
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now)
    (message,) = received()
    assert "AlarmContributorAttributes" not in message
    assert message["AlarmName"] == "failed"


@pytest.mark.parametrize(
    ("treatment", "state"),
    [("missing", "INSUFFICIENT_DATA"), ("notBreaching", "OK"), ("breaching", "ALARM")],
)
def test_no_result_is_treated_as_the_alarm_says(
    aws: LocalAws, cloudwatch: Any, now: datetime, treatment: str, state: str
) -> None:
    cloudwatch.put_log_alarm(**settings(TreatMissingData=treatment))
    aws.evaluate_alarms(now)
    assert described(cloudwatch)["StateValue"] == state


def test_count_over_nothing_is_zero_and_no_missing_data(
    aws: LocalAws, cloudwatch: Any, now: datetime
) -> None:
    cloudwatch.put_log_alarm(**query(AggregationExpression="count(*)") | {"TreatMissingData": "missing"})
    aws.evaluate_alarms(now)
    assert described(cloudwatch)["StateValue"] == "OK"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"QueryString": "fields @message | filter"}, "query"),
        ({"QueryString": 'fields @message | filter missing != "a"'}, "lacks"),
        ({"LogGroupIdentifiers": ["gone"]}, "logs:StartQuery"),
        ({"ScheduledQueryRoleARN": QUERY_ROLE + "-gone"}, "does not exist"),
        ({"ScheduledQueryRoleARN": LINE_ROLE}, "not trusted"),
    ],
)
def test_run_that_fails_leaves_an_evaluation_error_and_insufficient_data(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, changed: dict[str, Any], reason: str
) -> None:
    cloudwatch.put_log_alarm(**query(**changed))
    put(record("A"))
    aws.evaluate_alarms(now)
    found = described(cloudwatch)
    assert (found["EvaluationState"], found["StateValue"]) == ("EVALUATION_ERROR", "INSUFFICIENT_DATA")
    assert reason in found["StateReason"]


def test_role_that_may_get_results_of_log_groups_only_may_not_run_a_query(
    aws: LocalAws, cloudwatch: Any, client: Callable[[str], Any], now: datetime
) -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}"
    make_role(
        *(client, "narrow", "logs.amazonaws.com"), {"Effect": "Allow", "Action": "logs:*", "Resource": group}
    )
    cloudwatch.put_log_alarm(**query(ScheduledQueryRoleARN=f"arn:aws:iam::{ACCOUNT}:role/narrow"))
    aws.evaluate_alarms(now)
    assert "logs:StopQuery on *" in described(cloudwatch)["StateReason"]


def test_more_than_500_contributors_are_partial_data(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any
) -> None:
    cloudwatch.put_log_alarm(**settings(Threshold=1.0, AlarmActions=[]))
    put(*(record(f"{number:04}") for number in range(501)))
    aws.evaluate_alarms(now)
    assert described(cloudwatch)["EvaluationState"] == "PARTIAL_DATA"
    assert len(contributors(cloudwatch)) == 100
    assert {"Host": "0000"} in contributors(cloudwatch)


def test_mail_alone_carries_the_lines_of_its_contributor(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, received: Any
) -> None:
    cloudwatch.put_log_alarm(**settings(ActionLogLineCount=2, ActionLogLineRoleArn=LINE_ROLE))
    put(*[record("A"), record("B")] * 3)
    aws.evaluate_alarms(now)
    first, second = aws.mails(ACCOUNT)
    assert first.recipient == "security@example.com"
    assert first.subject == f'ALARM: "failed" in {REGION}'
    _, *lines = first.text.splitlines()
    assert len(lines) == 2
    assert all("@message=failed host=A end" in line for line in lines)
    assert "host=B" in second.text
    assert not any("host=A end" in json.dumps(message) for message in received())


def test_change_of_the_query_resets_the_state_and_of_the_threshold_does_not(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any
) -> None:
    cloudwatch.put_log_alarm(**settings())
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now)
    cloudwatch.put_log_alarm(**settings(Threshold=2.0))
    assert described(cloudwatch)["StateValue"] == "ALARM"
    cloudwatch.put_log_alarm(**query(QueryString=QUERY + "\n| limit 100"))
    assert described(cloudwatch)["StateValue"] == "INSUFFICIENT_DATA"


def test_history_names_the_contributor_and_the_action(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any
) -> None:
    cloudwatch.put_log_alarm(**settings())
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now)
    asked = {"AlarmName": "failed", "ScanBy": "TimestampAscending"}
    assert cloudwatch.describe_alarm_history(**asked)["AlarmHistoryItems"] == []
    items = cloudwatch.describe_alarm_history(**asked, AlarmTypes=["LogAlarm"])["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        "Alarm contributor updated from OK to ALARM",
        f"Successfully executed action {TOPIC}",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
    ]
    assert items[0]["AlarmContributorAttributes"] == {"Host": "A"}
    assert items[0]["AlarmContributorId"] == items[1]["AlarmContributorId"]


def test_disabled_actions_are_not_called(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, received: Any
) -> None:
    cloudwatch.put_log_alarm(**settings())
    cloudwatch.disable_alarm_actions(AlarmNames=["failed"])
    put(*[record("A")] * 3)
    aws.evaluate_alarms(now)
    assert received() == []
    assert not described(cloudwatch)["ActionsEnabled"]


def test_tags_are_kept_until_the_alarm_is_deleted(cloudwatch: Any) -> None:
    cloudwatch.put_log_alarm(**settings(Tags=[{"Key": "team", "Value": "security"}]))
    arn = described(cloudwatch)["AlarmArn"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "more", "Value": "1"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "more", "Value": "1"}]
    cloudwatch.delete_alarms(AlarmNames=["failed"])
    assert cloudwatch.describe_alarms(AlarmTypes=["LogAlarm"])["LogAlarms"] == []


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (settings(QueryResultsToAlarm=2), "QueryResultsToAlarm"),
        (settings(QueryResultsToEvaluate=101), "from 1 to 100"),
        (settings(ComparisonOperator="GreaterThanUpperThreshold"), "ComparisonOperator"),
        (settings(TreatMissingData="never"), "TreatMissingData"),
        (settings(ActionLogLineCount=51, ActionLogLineRoleArn=LINE_ROLE), "from 0 to 50"),
        (settings(ActionLogLineCount=1), "ActionLogLineRoleArn"),
        (settings(AlarmActions=["alarms"]), "arn syntax"),
        (settings(AlarmActions=[TOPIC] * 6), "less than or equal to 5"),
        (settings(Threshold=None), "threshold"),
        (query(LogGroupIdentifiers=[f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}:*"]), "wildcard"),
        (query(QueryString="f" * 10_001), "10000"),
        (query(AggregationExpression="count(*) by bin(5m)"), "AggregationExpression"),
        (query(AggregationExpression="count_distinct(Host)"), "AggregationExpression"),
        (query(AggregationExpression="count(*) by a, b, c, d, e, f"), "AggregationExpression"),
        (query(ScheduledQueryRoleARN="log-queries"), "arn syntax"),
        (
            query(ScheduleConfiguration={"ScheduleExpression": "rate(90 seconds)", "StartTimeOffset": 1}),
            "ScheduleExpression",
        ),
        (
            query(
                ScheduleConfiguration={
                    "ScheduleExpression": "rate(1 minute)",
                    "StartTimeOffset": 60,
                    "EndTimeOffset": 60,
                }
            ),
            "EndTimeOffset",
        ),
    ],
)
def test_request_that_cloudwatch_would_refuse_is_refused(
    client: Callable[[str], Any], refusal: Any, request_: dict[str, Any], reason: str
) -> None:
    given = {name: value for name, value in request_.items() if value is not None}
    code, message = refusal(client("cloudwatch").put_log_alarm, **given)
    assert code == "ValidationError"
    assert reason in message


def test_name_of_a_metric_alarm_is_refused(cloudwatch: Any, refusal: Any) -> None:
    cloudwatch.put_metric_alarm(
        AlarmName="failed",
        Namespace="Test",
        MetricName="Failed",
        Statistic="Sum",
        ComparisonOperator="GreaterThanThreshold",
        Threshold=1,
        Period=60,
        EvaluationPeriods=1,
    )
    assert "metric or composite alarm" in refusal(cloudwatch.put_log_alarm, **settings())[1]


def test_composite_alarm_over_a_log_alarm_is_refused(cloudwatch: Any, refusal: Any) -> None:
    cloudwatch.put_log_alarm(**settings())
    assert (
        "do not exist"
        in refusal(cloudwatch.put_composite_alarm, AlarmName="both", AlarmRule='ALARM("failed")')[1]
    )


def test_muted_log_alarm_goes_to_alarm_and_calls_nothing(
    aws: LocalAws, cloudwatch: Any, now: datetime, put: Any, received: Any
) -> None:
    cloudwatch.put_log_alarm(**settings())
    cloudwatch.put_alarm_mute_rule(
        Name="night",
        Rule={"Schedule": {"Expression": f"at({now - MINUTE:%Y-%m-%dT%H:%M})", "Duration": "PT8H"}},
        MuteTargets={"AlarmNames": ["failed"]},
    )
    put(*[record("A")] * 3)

    aws.evaluate_alarms(now)

    assert described(cloudwatch)["StateValue"] == "ALARM"
    assert received() == []
    history = cloudwatch.describe_alarm_history(AlarmName="failed", AlarmTypes=["LogAlarm"])
    assert {item["HistoryItemType"] for item in history["AlarmHistoryItems"]} == {"StateUpdate"}
