from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.filter_pattern import quote

GROUP, STREAM = "Security", "i-0123456789abcdef0"
FAILED, SUCCEEDED = ">4625</EventID>", ">4624</EventID>"
Refusal = Callable[..., tuple[str, str]]


@pytest.fixture
def logs(client: Callable[[str], Any]) -> Any:
    logs = client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
    return logs


@pytest.fixture
def now() -> datetime:
    """The beginning of a minute that is over."""
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)


def put_filter(logs: Any, pattern: str = quote(FAILED), **transformation: Any) -> None:
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="failed",
        filterPattern=pattern,
        metricTransformations=[
            {"metricName": "Failed", "metricNamespace": "Test", "metricValue": "1", **transformation}
        ],
    )


def put(logs: Any, *records: tuple[datetime, str]) -> Any:
    events = [{"timestamp": int(at.timestamp() * 1000), "message": message} for at, message in records]
    return logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=events)


def counted(cloudwatch: Any, start: datetime, minutes: int = 3, **metric: Any) -> list[float | None]:
    """The sum of each minute from a start on; None for a minute without data."""
    named = {"Namespace": "Test", "MetricName": "Failed", **metric}
    (result,) = cloudwatch.get_metric_data(
        MetricDataQueries=[
            {"Id": "m", "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"}},
        ],
        StartTime=start,
        EndTime=start + timedelta(minutes=minutes),
        ScanBy="TimestampAscending",
    )["MetricDataResults"]
    found = dict(zip(result["Timestamps"], result["Values"], strict=True))
    return [found.get(start + timedelta(minutes=minute)) for minute in range(minutes)]


def test_records_count_in_the_minute_of_their_own_time(
    logs: Any, client: Callable[[str], Any], now: datetime
) -> None:
    put_filter(logs)

    put(logs, (now, FAILED), (now + timedelta(seconds=59), FAILED), (now + timedelta(minutes=2), FAILED))

    assert counted(client("cloudwatch"), now) == [2, None, 1]


def test_a_default_value_is_that_of_minutes_with_records_and_no_match(
    logs: Any, client: Callable[[str], Any], now: datetime
) -> None:
    put_filter(logs, defaultValue=0)

    put(logs, (now, FAILED), (now, SUCCEEDED), (now + timedelta(minutes=1), SUCCEEDED))

    assert counted(client("cloudwatch"), now) == [1, 0, None]


def test_without_a_default_value_a_minute_without_a_match_has_no_data(
    logs: Any, client: Callable[[str], Any], now: datetime
) -> None:
    put_filter(logs)

    put(logs, (now, SUCCEEDED))

    assert counted(client("cloudwatch"), now) == [None, None, None]


def test_a_metric_filter_does_not_look_back(logs: Any, client: Callable[[str], Any], now: datetime) -> None:
    put(logs, (now, FAILED))
    put_filter(logs)

    put(logs, (now, FAILED))

    assert counted(client("cloudwatch"), now) == [1, None, None]


def test_each_match_counts_the_value_of_the_metric(
    logs: Any, client: Callable[[str], Any], now: datetime
) -> None:
    put_filter(logs, metricValue="5")

    put(logs, (now, FAILED), (now, FAILED))

    assert counted(client("cloudwatch"), now) == [10, None, None]


def test_a_record_too_old_to_be_accepted_counts_nowhere(
    logs: Any, client: Callable[[str], Any], now: datetime
) -> None:
    put_filter(logs)
    old = now - timedelta(days=15)

    answer = put(logs, (old, FAILED))

    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 0}
    assert counted(client("cloudwatch"), old) == [None, None, None]


def test_every_accepted_record_is_an_incoming_one(
    logs: Any, client: Callable[[str], Any], now: datetime
) -> None:
    put(logs, (now, SUCCEEDED), (now, SUCCEEDED))

    sums = counted(
        client("cloudwatch"),
        now,
        minutes=15,
        Namespace="AWS/Logs",
        MetricName="IncomingLogEvents",
        Dimensions=[{"Name": "LogGroupName", "Value": GROUP}],
    )
    assert sum(filter(None, sums)) == 2


def test_records_out_of_order_are_refused_and_not_counted(
    logs: Any, client: Callable[[str], Any], refusal: Refusal, now: datetime
) -> None:
    put_filter(logs)

    code, message = refusal(lambda: put(logs, (now + timedelta(seconds=1), FAILED), (now, FAILED)))

    assert code == "InvalidParameterException"
    assert "chronological" in message
    assert counted(client("cloudwatch"), now) == [None, None, None]


def test_records_for_a_missing_stream_are_refused(logs: Any, refusal: Refusal, now: datetime) -> None:
    logs.delete_log_stream(logGroupName=GROUP, logStreamName=STREAM)

    code, _ = refusal(lambda: put(logs, (now, FAILED)))

    assert code == "ResourceNotFoundException"


def test_test_metric_filter_names_the_messages_that_match(logs: Any) -> None:
    messages = [SUCCEEDED, FAILED, FAILED * 2]

    matches = logs.test_metric_filter(filterPattern=quote(FAILED), logEventMessages=messages)["matches"]

    assert [(each["eventNumber"], each["eventMessage"]) for each in matches] == [
        (2, FAILED),
        (3, FAILED * 2),
    ]


@pytest.mark.parametrize("pattern", ['"never closed', "a.b"])
def test_test_metric_filter_refuses_a_wrong_pattern(logs: Any, refusal: Refusal, pattern: str) -> None:
    code, message = refusal(logs.test_metric_filter, filterPattern=pattern, logEventMessages=["a"])

    assert code == "InvalidParameterException"
    assert "Invalid metric filter pattern" in message


@pytest.mark.parametrize("messages", [[], ["a"] * 51, [""]])
def test_test_metric_filter_takes_one_to_fifty_messages_with_text(
    logs: Any, refusal: Refusal, messages: list[str]
) -> None:
    code, _ = refusal(logs.test_metric_filter, filterPattern="a", logEventMessages=messages)

    assert code == "InvalidParameterException"
