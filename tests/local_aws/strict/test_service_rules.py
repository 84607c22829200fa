import json
from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., tuple[str, str]]
ClientMaker = Callable[[str], Any]

ALARM: dict[str, Any] = {
    "AlarmName": "failed",
    "Namespace": "Windows",
    "MetricName": "Windows-Logon-Fail",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}


def metric_filter(name: str = "failed", pattern: str = '"4625"', **transformation: Any) -> dict[str, Any]:
    return {
        "logGroupName": "Security",
        "filterName": name,
        "filterPattern": pattern,
        "metricTransformations": [
            {"metricName": "m", "metricNamespace": "n", "metricValue": "1", **transformation}
        ],
    }


@pytest.fixture
def logs(client: ClientMaker) -> Any:
    logs = client("logs")
    logs.create_log_group(logGroupName="Security")
    return logs


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"Period": 45}, "10, 20, 30 or a multiple of 60 seconds, not 45"),
        ({"Period": 300, "EvaluationPeriods": 289}, "more than a day"),
        ({"Period": 3600, "EvaluationPeriods": 169}, "more than a week"),
        ({"EvaluationPeriods": 2, "DatapointsToAlarm": 3}, "DatapointsToAlarm"),
        ({"AlarmActions": ["alarms"]}, "Invalid arn syntax: alarms"),
        ({"OKActions": ["arn:aws:sns:us-east-1:111122223333:x"]}, "Invalid region us-east-1"),
    ],
)
def test_an_alarm_that_cloudwatch_cannot_evaluate_is_refused(
    client: ClientMaker, refusal: Refusal, settings: dict[str, Any], words: str
) -> None:
    code, message = refusal(client("cloudwatch").put_metric_alarm, **{**ALARM, **settings})

    assert code == "ValidationError"
    assert words in message


@pytest.mark.parametrize(
    "settings",
    [
        {"Period": 10},
        {"Period": 300, "EvaluationPeriods": 288},
        {"Period": 3600, "EvaluationPeriods": 168},
        {"EvaluationPeriods": 3, "DatapointsToAlarm": 3},
        {"AlarmActions": ["arn:aws:sns:eu-west-1:999988887777:central"]},
    ],
)
def test_an_alarm_at_the_limit_passes(client: ClientMaker, settings: dict[str, Any]) -> None:
    client("cloudwatch").put_metric_alarm(**{**ALARM, **settings})


def test_the_period_of_a_metric_in_an_expression_is_checked_too(
    client: ClientMaker, refusal: Refusal
) -> None:
    metric = {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 90, "Stat": "Sum"}

    code, message = refusal(
        client("cloudwatch").put_metric_alarm,
        AlarmName="expression",
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=[{"Id": "m1", "MetricStat": metric, "ReturnData": True}],
    )

    assert code == "ValidationError"
    assert "not 90" in message


TEXT = {"type": "text", "properties": {"markdown": ""}}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("widgets", "cannot be read"),
        ("{}", "cannot be read"),
        ([{"type": "chart", "properties": {}}], "/widgets/0/type: chart is not one of"),
        ([{"type": "metric", "properties": {}}], "required property 'region'"),
        ([{"type": "log", "properties": {"region": "eu-west-1"}}], "required property 'query'"),
        ([TEXT, {**TEXT, "width": 25}], "/widgets/1/width: should be from 1 to 24"),
        ([TEXT] * 501, "more than 500"),
    ],
)
def test_a_dashboard_that_cloudwatch_cannot_draw_is_refused(
    client: ClientMaker, refusal: Refusal, body: Any, words: str
) -> None:
    text = body if isinstance(body, str) else json.dumps({"widgets": body})

    code, message = refusal(client("cloudwatch").put_dashboard, DashboardName="windows", DashboardBody=text)

    assert code == "InvalidParameterInput"
    assert words in message


def test_a_retention_that_logs_does_not_offer_is_refused(logs: Any, refusal: Refusal) -> None:
    code, message = refusal(logs.put_retention_policy, logGroupName="Security", retentionInDays=100)

    assert code == "InvalidParameterException"
    assert "'100' at 'retentionInDays'" in message


def test_a_metric_filter_needs_its_log_group(client: ClientMaker, refusal: Refusal) -> None:
    assert refusal(client("logs").put_metric_filter, **metric_filter())[0] == "ResourceNotFoundException"


def test_a_metric_filter_needs_a_log_group_of_the_standard_class(
    client: ClientMaker, refusal: Refusal
) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="Security", logGroupClass="INFREQUENT_ACCESS")

    assert refusal(logs.put_metric_filter, **metric_filter())[0] == "InvalidOperationException"


def test_a_log_group_holds_a_hundred_metric_filters(logs: Any, refusal: Refusal) -> None:
    for number in range(100):
        logs.put_metric_filter(**metric_filter(f"f{number}"))

    assert refusal(logs.put_metric_filter, **metric_filter("one-more"))[0] == "LimitExceededException"
    logs.put_metric_filter(**metric_filter("f0", '"4624"'))


def test_a_log_group_holds_five_filters_with_a_regular_expression(logs: Any, refusal: Refusal) -> None:
    for number in range(5):
        logs.put_metric_filter(**metric_filter(f"f{number}", "%462[45]%"))

    assert refusal(logs.put_metric_filter, **metric_filter("one-more", "%46%"))[0] == "LimitExceededException"
    logs.put_metric_filter(**metric_filter("percent-in-quotes", '"100 %" "50 %"'))


def test_a_pattern_with_an_open_quote_is_refused(logs: Any, refusal: Refusal) -> None:
    code, message = refusal(logs.put_metric_filter, **metric_filter(pattern='"4625'))

    assert code == "InvalidParameterException"
    assert "unterminated quote" in message


@pytest.mark.parametrize(
    "pattern",
    ["", r'"C:\\Windows \" x"', '?"4624" ?"4625"', '"4625" -"ANONYMOUS LOGON"', '{ $.a = "b" }'],
)
def test_a_pattern_whose_quotes_are_closed_passes(logs: Any, pattern: str) -> None:
    logs.put_metric_filter(**metric_filter(pattern=pattern))


@pytest.mark.parametrize(
    ("pattern", "more", "words"),
    [
        ('"4625"', {}, "need a JSON or space-delimited filter pattern"),
        ("{ $.id = 4625 }", {"defaultValue": 0}, "mutually exclusive"),
    ],
)
def test_dimensions_that_logs_cannot_fill_are_refused(
    logs: Any, refusal: Refusal, pattern: str, more: dict[str, Any], words: str
) -> None:
    transformation = {"dimensions": {"host": "$.host"}, **more}

    code, message = refusal(logs.put_metric_filter, **metric_filter(pattern=pattern, **transformation))

    assert code == "InvalidParameterException"
    assert words in message


def test_dimensions_of_a_json_pattern_pass(logs: Any) -> None:
    logs.put_metric_filter(**metric_filter(pattern="{ $.id = 4625 }", dimensions={"host": "$.host"}))


@pytest.mark.parametrize(
    "schedule", ["rate(29 minutes)", "rate(31 days)", "every day", "rate(1 month)", "rate(x hours)"]
)
def test_a_schedule_that_state_manager_does_not_keep_is_refused(
    client: ClientMaker, refusal: Refusal, schedule: str
) -> None:
    code, message = refusal(
        client("ssm").create_association, Name="AWS-UpdateSSMAgent", ScheduleExpression=schedule
    )

    assert code == "InvalidSchedule"
    assert schedule in message


@pytest.mark.parametrize(
    "schedule",
    ["rate(30 minutes)", "rate(1 hour)", "rate(30 days)", "cron(0 2 ? * SUN *)", "at(2030-01-01T00:00:00)"],
)
def test_a_schedule_that_state_manager_keeps_passes(client: ClientMaker, schedule: str) -> None:
    client("ssm").create_association(Name="AWS-UpdateSSMAgent", ScheduleExpression=schedule)


def test_a_rate_cannot_wait_for_its_first_interval(client: ClientMaker, refusal: Refusal) -> None:
    code, message = refusal(
        client("ssm").create_association,
        Name="AWS-UpdateSSMAgent",
        ScheduleExpression="rate(1 day)",
        ApplyOnlyAtCronInterval=True,
    )

    assert code == "ValidationException"
    assert "rate expressions" in message


@pytest.mark.parametrize(("tier", "longest"), [("Standard", 4096), ("Advanced", 8192)])
def test_a_parameter_holds_as_much_as_its_tier(
    client: ClientMaker, refusal: Refusal, tier: str, longest: int
) -> None:
    put = client("ssm").put_parameter
    settings = {"Name": "name", "Type": "String", "Tier": tier}

    assert refusal(put, Value="x" * (longest + 1), **settings)[0] == "ValidationException"
    put(Value="x" * longest, **settings)


def test_a_parameter_keeps_its_type(client: ClientMaker, refusal: Refusal) -> None:
    put = client("ssm").put_parameter
    put(Name="name", Type="String", Value="x")

    put(Name="name", Value="y", Overwrite=True)
    code, _ = refusal(put, Name="name", Type="SecureString", Value="z", Overwrite=True)

    assert code == "HierarchyTypeMismatchException"


def test_a_parameter_cannot_nest_another(client: ClientMaker, refusal: Refusal) -> None:
    put = client("ssm").put_parameter
    put(Name="json", Type="String", Value='{"a":{"b":{"c":1}}}')

    assert refusal(put, Name="nested", Type="String", Value="{{ json }}")[0] == "ValidationException"


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("{", "cannot be read"),
        (json.dumps({"Statement": [{"Action": "sqs:SendMessage"}]}), "out of service scope"),
    ],
)
def test_a_topic_policy_that_sns_cannot_use_is_refused(
    client: ClientMaker, refusal: Refusal, policy: str, words: str
) -> None:
    sns = client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]

    code, message = refusal(
        sns.set_topic_attributes, TopicArn=topic, AttributeName="Policy", AttributeValue=policy
    )

    assert code == "InvalidParameter"
    assert words in message
    assert refusal(sns.create_topic, Name="other", Attributes={"Policy": policy})[0] == "InvalidParameter"


def test_a_topic_policy_may_write_one_statement_without_a_list(client: ClientMaker) -> None:
    policy = json.dumps({"Statement": {"Effect": "Allow", "Action": "SNS:Publish", "Resource": "*"}})

    client("sns").create_topic(Name="alarms", Attributes={"Policy": policy})


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("mail", "soc@example.com"),
        ("email", "soc"),
        ("https", "http://example.com"),
        ("sqs", "queue"),
        ("lambda", "arn:aws:sqs:eu-west-1:111122223333:queue"),
    ],
)
def test_a_subscription_whose_endpoint_does_not_fit_is_refused(
    client: ClientMaker, refusal: Refusal, protocol: str, endpoint: str
) -> None:
    sns = client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]

    code, _ = refusal(sns.subscribe, TopicArn=topic, Protocol=protocol, Endpoint=endpoint)

    assert code == "InvalidParameter"


def policy_of_length(length: int) -> str:
    """A policy whose length without white space is this."""
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    missing = length - len(json.dumps(policy, separators=(",", ":")))
    statement["Resource"] += "x" * missing
    return json.dumps(policy, indent=4)


def test_policies_over_the_quotas_of_iam_are_refused(client: ClientMaker, refusal: Refusal) -> None:
    iam = client("iam")
    managed, trust = policy_of_length(6_145), policy_of_length(2_049)

    assert refusal(iam.create_policy, PolicyName="p", PolicyDocument=managed)[0] == "LimitExceeded"
    assert refusal(iam.create_role, RoleName="r", AssumeRolePolicyDocument=trust)[0] == "LimitExceeded"

    iam.create_policy(PolicyName="p", PolicyDocument=policy_of_length(6_144))
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=policy_of_length(2_048))


def test_all_inline_policies_of_a_role_share_one_quota(client: ClientMaker, refusal: Refusal) -> None:
    iam = client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=policy_of_length(300))
    iam.put_role_policy(RoleName="r", PolicyName="one", PolicyDocument=policy_of_length(6_000))
    second = {"RoleName": "r", "PolicyName": "two"}

    code, message = refusal(iam.put_role_policy, **second, PolicyDocument=policy_of_length(4_241))
    assert code == "LimitExceeded"
    assert "10240 bytes" in message

    iam.put_role_policy(**second, PolicyDocument=policy_of_length(4_240))
