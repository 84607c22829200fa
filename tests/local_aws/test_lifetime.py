import socket
import time

import pytest

from local_aws import LocalAws


def test_a_process_holds_one_local_aws_at_a_time() -> None:
    with LocalAws(), pytest.raises(RuntimeError, match="already runs"), LocalAws():
        pass

    with LocalAws():
        pass


def test_the_port_is_closed_afterwards() -> None:
    with LocalAws() as aws:
        address = ("127.0.0.1", aws.port)

    with socket.socket() as probe:
        assert probe.connect_ex(address) != 0


def test_nothing_is_left_for_the_next_one() -> None:
    with LocalAws() as aws:
        aws.client("sns", "111122223333").create_topic(Name="alarms")

    with LocalAws() as aws:
        assert aws.client("sns", "111122223333").list_topics()["Topics"] == []


def test_a_port_in_use_is_an_error_that_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(SystemExit), LocalAws(port=port):
            pass

    assert f"Port {port} is in use" in capsys.readouterr().err
    with LocalAws(port=port) as aws:
        assert aws.port == port


def test_alarms_are_evaluated_as_often_as_asked_for() -> None:
    with LocalAws(evaluate_every=0.05) as aws:
        cloudwatch = aws.client("cloudwatch", "111122223333")
        cloudwatch.put_metric_alarm(
            AlarmName="no-data",
            Namespace="Test",
            MetricName="Arrived",
            Statistic="Sum",
            ComparisonOperator="LessThanThreshold",
            Threshold=1,
            Period=60,
            EvaluationPeriods=1,
            TreatMissingData="breaching",
        )

        for _ in range(1000):
            (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
            if alarm["StateValue"] == "ALARM":
                break
            time.sleep(0.1)

        assert alarm["StateValue"] == "ALARM"
