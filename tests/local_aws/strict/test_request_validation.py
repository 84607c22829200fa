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
ASSOCIATION = {"Name": "AWS-UpdateSSMAgent"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
BUCKET = {"Bucket": "output-111122223333"}
SIX_TARGETS = [{"Key": f"tag:{number}", "Values": ["x"]} for number in range(6)]

# Service, operation, parameters; the code of the error, and words of its text.
REFUSED: dict[str, tuple[str, str, dict[str, Any], str, list[str]]] = {
    "pattern": (
        *("ssm", "create_association", {**ASSOCIATION, "MaxErrors": "lots"}),
        *("ValidationException", ["'lots' at 'maxErrors'", "regular expression pattern"]),
    ),
    "enumeration": (
        *("ssm", "create_association", {**ASSOCIATION, "ComplianceSeverity": "high"}),
        *("ValidationException", ["'high' at 'complianceSeverity'", "[CRITICAL, HIGH, MEDIUM, LOW,"]),
    ),
    "required": (
        *("ssm", "create_association", {}),
        *("ValidationException", ["Value null at 'name'", "must not be null"]),
    ),
    "too many in a list": (
        *("ssm", "create_association", {**ASSOCIATION, "Targets": SIX_TARGETS}),
        *("ValidationException", ["at 'targets'", "length less than or equal to 5"]),
    ),
    "too short, inside a list": (
        *("ssm", "create_association", {**ASSOCIATION, "Targets": [{"Key": "", "Values": []}]}),
        *("ValidationException", ["'' at 'targets.1.member.key'", "length greater than or equal to 1"]),
    ),
    "largest value": (
        *("ssm", "describe_parameters", {"MaxResults": 51}),
        *("ValidationException", ["'51' at 'maxResults'", "value less than or equal to 50"]),
    ),
    "least value": (
        *("cloudwatch", "put_metric_alarm", {**ALARM, "EvaluationPeriods": 0}),
        *("ValidationError", ["'0' at 'evaluationPeriods'", "value greater than or equal to 1"]),
    ),
    "two at once": (
        *("logs", "put_metric_filter"),
        {
            "logGroupName": "Security",
            "filterName": "failed",
            "filterPattern": "x" * 1025,
            "metricTransformations": [{"metricName": "a:b", "metricNamespace": "n", "metricValue": "1"}],
        },
        "InvalidParameterException",
        [
            "2 validation errors detected",
            "at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal",
            "'a:b' at 'metricTransformations.1.member.metricName'",
        ],
    ),
    "CloudWatch Logs has a code of its own": (
        *("logs", "create_log_group", {"logGroupName": "Security Log"}),
        *("InvalidParameterException", ["'Security Log' at 'logGroupName'"]),
    ),
    "CloudWatch": (
        *("cloudwatch", "put_metric_alarm", {**ALARM, "AlarmActions": [TOPIC] * 6}),
        *("ValidationError", ["at 'alarmActions'", "length less than or equal to 5"]),
    ),
    "IAM speaks the query protocol, and a name is ASCII": (
        *("iam", "create_role", {"RoleName": "役割", "AssumeRolePolicyDocument": TRUST}),
        *("ValidationError", ["'役割' at 'roleName'", r"[\w+=,.@-]+"]),
    ),
    "IAM's descriptions are Latin": (
        *("iam", "create_role"),
        {"RoleName": "server", "AssumeRolePolicyDocument": TRUST, "Description": "日本語の説明"},
        *("ValidationError", ["at 'description'"]),
    ),
    "S3 speaks XML": (
        *("s3", "put_bucket_versioning", {**BUCKET, "VersioningConfiguration": {"Status": "On"}}),
        *("InvalidArgument", ["'On' at 'versioningConfiguration.status'", "[Enabled, Suspended]"]),
    ),
    "OAM speaks REST with JSON": (
        *("oam", "create_sink", {"Name": "a b"}),
        *("ValidationException", ["'a b' at 'name'"]),
    ),
    "KMS": (
        *("kms", "enable_key_rotation", {"KeyId": "x", "RotationPeriodInDays": 30}),
        *("ValidationException", ["'30' at 'rotationPeriodInDays'"]),
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_request_that_breaks_its_model_is_refused_in_the_words_of_its_service(
    client: ClientMaker, refusal: Refusal, kind: str
) -> None:
    service, operation, parameters, code, words = REFUSED[kind]

    actual, message = refusal(getattr(client(service), operation), **parameters)

    assert actual == code
    for each in words:
        assert each in message


def test_a_refused_request_changes_nothing(client: ClientMaker, refusal: Refusal) -> None:
    refusal(client("ssm").put_parameter, Name="name", Value="1", Type="Text")

    assert client("ssm").describe_parameters()["Parameters"] == []


VALID: list[tuple[str, str, dict[str, Any]]] = [
    (
        *("iam", "create_role"),
        {
            "RoleName": "server",
            "Path": "/windows/",
            "AssumeRolePolicyDocument": TRUST,
            "MaxSessionDuration": 3600,
            "Tags": [{"Key": "チーム", "Value": "SOC / 東京"}],
        },
    ),
    ("iam", "create_instance_profile", {"InstanceProfileName": "server"}),
    ("iam", "add_role_to_instance_profile", {"InstanceProfileName": "server", "RoleName": "server"}),
    (
        *("iam", "attach_role_policy"),
        {"RoleName": "server", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"},
    ),
    (
        *("ssm", "put_parameter"),
        {
            "Name": "AmazonCloudWatch-windows",
            "Description": "エージェントの設定",
            "Value": "{}",
            "Type": "String",
            "Tier": "Intelligent-Tiering",
        },
    ),
    (
        *("ssm", "create_association"),
        {
            "Name": "AmazonCloudWatch-ManageAgent",
            "AssociationName": "configure",
            "Parameters": {"optionalConfigurationLocation": ["AmazonCloudWatch-windows"]},
            "Targets": [{"Key": "tag:OS 名", "Values": ["Windows Server 2016"]}],
            "ScheduleExpression": "cron(0 2 ? * SUN *)",
            "ApplyOnlyAtCronInterval": True,
            "MaxConcurrency": "10%",
            "MaxErrors": "0",
            "ComplianceSeverity": "UNSPECIFIED",
            "OutputLocation": {"S3Location": {"OutputS3BucketName": "output", "OutputS3KeyPrefix": "a/b"}},
        },
    ),
    (
        *("logs", "create_log_group"),
        {"logGroupName": "/windows/Security", "logGroupClass": "STANDARD", "tags": {"team": "soc"}},
    ),
    ("logs", "put_retention_policy", {"logGroupName": "/windows/Security", "retentionInDays": 3653}),
    (
        *("logs", "put_metric_filter"),
        {
            "logGroupName": "/windows/Security",
            "filterName": "logon-failed",
            "filterPattern": r'''"<EventID>4656</EventID>" ">C:\\大切なファイル</Data>"''',
            "metricTransformations": [
                {
                    "metricName": "Windows-Logon-Fail",
                    "metricNamespace": "Windows/Security",
                    "metricValue": "1",
                    "defaultValue": 0.0,
                }
            ],
        },
    ),
    (
        *("logs", "put_query_definition"),
        {"name": "windows/失敗", "queryString": "limit 1", "logGroupNames": ["/windows/Security"]},
    ),
    ("sns", "create_topic", {"Name": "alarms", "Attributes": {"DisplayName": "警報"}}),
    ("sns", "subscribe", {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "soc+win@example.com"}),
    (
        *("cloudwatch", "put_metric_alarm"),
        {
            **ALARM,
            "AlarmName": "ログオン失敗",
            "AlarmDescription": "5回以上\n<確認>",
            "DatapointsToAlarm": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [TOPIC],
        },
    ),
    ("cloudwatch", "put_composite_alarm", {"AlarmName": "重大", "AlarmRule": 'ALARM("ログオン失敗")'}),
    (
        *("cloudwatch", "put_dashboard"),
        {
            "DashboardName": "windows_security",
            "DashboardBody": json.dumps(
                {
                    "widgets": [
                        {
                            "type": "log",
                            "width": 24,
                            "height": 6,
                            "properties": {"region": "eu-west-1", "query": "SOURCE 'Security' | limit 20"},
                        }
                    ]
                }
            ),
        },
    ),
    (
        *("s3", "create_bucket"),
        {
            **BUCKET,
            "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"},
            "ObjectOwnership": "BucketOwnerEnforced",
        },
    ),
    ("s3", "put_bucket_versioning", {**BUCKET, "VersioningConfiguration": {"Status": "Enabled"}}),
    (
        *("s3", "put_public_access_block"),
        {**BUCKET, "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "IgnorePublicAcls": True}},
    ),
    (
        *("s3", "put_bucket_encryption"),
        {
            **BUCKET,
            "ServerSideEncryptionConfiguration": {
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        },
    ),
    (
        *("s3", "put_bucket_lifecycle_configuration"),
        {
            **BUCKET,
            "LifecycleConfiguration": {
                "Rules": [
                    {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 90}}
                ]
            },
        },
    ),
    ("s3", "put_object", {**BUCKET, "Key": "ssm/a b.txt", "Body": b"x", "Metadata": {"host": "ec2"}}),
    ("kms", "create_key", {"Description": "ログの鍵", "Tags": [{"TagKey": "team", "TagValue": "soc"}]}),
    ("sqs", "create_queue", {"QueueName": "alarms", "Attributes": {"VisibilityTimeout": "30"}}),
    ("events", "put_rule", {"Name": "alarm-state", "EventPattern": '{"source":["aws.cloudwatch"]}'}),
    ("oam", "create_sink", {"Name": "security-1"}),
]


def test_a_valid_request_of_every_kind_passes(client: ClientMaker) -> None:
    for service, operation, parameters in VALID:
        getattr(client(service), operation)(**parameters)
