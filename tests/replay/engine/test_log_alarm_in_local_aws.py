"""The evaluation offline and that of the local AWS, by the query's text, give the same notifications."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog import AlarmDefaults, event
from catalog.model.record import windows_record
from catalog.model.record_evaluation import TimedRecord
from deployment.resources.alarms import RegionAlarm
from local_aws import LocalAws
from replay.engine.log_alarm import LogAlarmResult, WatchedLogAlarm, event_alarm
from tests.replay.logs import failed_logon

ACCOUNT, GROUP, ROLE = "111122223333", "Security", "log-queries"
SCHEDULE = timedelta(minutes=5)
RULES = [
    AlarmDefaults(threshold=1, period=300),
    AlarmDefaults(threshold=3, period=300),
    AlarmDefaults(threshold=2, period=300, evaluation_periods=3, datapoints_to_alarm=2),
]


def put_alarm(aws: LocalAws, watched: WatchedLogAlarm) -> None:
    aws.client("cloudwatch", ACCOUNT).put_log_alarm(
        AlarmName=watched.key,
        ScheduledQueryConfiguration={
            "QueryString": watched.query.query,
            "AggregationExpression": watched.query.aggregation,
            "LogGroupIdentifiers": [GROUP],
            "ScheduledQueryRoleARN": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
            "ScheduleConfiguration": {
                "ScheduleExpression": "rate(5 minutes)",
                "StartTimeOffset": watched.window,
            },
        },
        QueryResultsToEvaluate=1,
        QueryResultsToAlarm=1,
        Threshold=watched.query.threshold,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )


def prepare(aws: LocalAws) -> None:
    trust = '{"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}, "Action": "sts:AssumeRole"}'
    allowed = '{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}'
    policy = '{{"Version": "2012-10-17", "Statement": [{}]}}'
    iam, logs = aws.client("iam", ACCOUNT), aws.client("logs", ACCOUNT)
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=policy.format(trust))
    iam.put_role_policy(RoleName=ROLE, PolicyName=ROLE, PolicyDocument=policy.format(allowed))
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="servers")


def alarm_of(rule: AlarmDefaults, number: int) -> RegionAlarm:
    alarm = event_alarm(replace(event("logon-failed-network"), alarm=rule))
    return replace(alarm, key=f"rule-{number}")


@pytest.mark.parametrize("seed", [1, 2])
def test_contributors_change_their_states_at_the_same_runs(seed: int) -> None:
    chance = random.Random(seed)
    watched = [WatchedLogAlarm(alarm_of(rule, number)) for number, rule in enumerate(RULES)]
    now = datetime.now(UTC).timestamp() // 300 * 300
    start = datetime.fromtimestamp(now, UTC) - timedelta(hours=3)
    records = []
    for _ in range(60):
        host = chance.choice(("server-1", "server-2", "server-3"))
        at = start + timedelta(seconds=chance.randrange(1, 3600), milliseconds=1)
        arrival = at + timedelta(minutes=8 if host == "server-3" else 0)
        records.append((arrival, at, failed_logon(host=host)))
    results = [LogAlarmResult(each) for each in watched]
    for arrival, at, text in records:
        time = int(at.timestamp() * 1000)
        for result in results:
            match = result.watched.match(TimedRecord(time, windows_record(text)))
            assert match
            result.add(match, time, int(arrival.timestamp() * 1000))

    with LocalAws() as aws:
        prepare(aws)
        for each in watched:
            put_alarm(aws, each)
        logs = aws.client("logs", ACCOUNT)
        waiting = sorted(records)
        for number in range(24):
            run = start + number * SCHEDULE
            arrived = [(at, text) for arrival, at, text in waiting if arrival <= run]
            waiting = [record for record in waiting if record[0] > run]
            if arrived:
                events = [
                    {"timestamp": int(at.timestamp() * 1000), "message": text} for at, text in sorted(arrived)
                ]
                logs.put_log_events(logGroupName=GROUP, logStreamName="servers", logEvents=events)
            aws.evaluate_alarms(run)
        history = aws.client("cloudwatch", ACCOUNT).describe_alarm_history(
            AlarmTypes=["LogAlarm"], HistoryItemType="StateUpdate", MaxRecords=100
        )["AlarmHistoryItems"]

    in_local_aws = {
        (
            item["AlarmName"],
            *item["AlarmContributorAttributes"].values(),
            item["Timestamp"].timestamp(),
            state,
        )
        for item in history
        if "AlarmContributorAttributes" in item
        for state in ("ALARM" if item["HistorySummary"].endswith("to ALARM") else "OK",)
    }
    offline = {
        (result.key, *each.attributes.values(), float(change.at), change.state.value)
        for result in results
        for each in result.contributors
        for change in each.transitions
    }
    assert offline == in_local_aws
    assert len(offline) > 6
