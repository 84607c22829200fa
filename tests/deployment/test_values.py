from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from deployment.settings.explanation import shown
from deployment.settings.types import (
    accounts,
    arns,
    buckets,
    cloudwatch,
    events,
    notifications,
    roles,
    systems_manager,
    terraform_cloud,
    text,
)

KINDS: dict[str, Any] = {
    name: kind
    for module in (
        *(accounts, arns, buckets, cloudwatch, events, notifications, roles, systems_manager),
        *(terraform_cloud, text),
    )
    for name, kind in vars(module).items()
}


def check(kind: Any, value: object) -> object:
    return TypeAdapter(kind).validate_python(value)


def refusal(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        check(kind, value)
    return str(refused.value.errors()[0]["ctx"]["error"])


VALID: dict[str, list[object]] = {
    "InstanceName": ["a", "windows-security", "a" * 24],
    "AccountName": ["production", "a-1-b", "a" * 50],
    "AccountId": ["111111111111", "000000000001"],
    "RegionName": [
        "eu-central-1",
        "ap-southeast-6",
        "us-gov-west-1",
        "cn-northwest-1",
        "us-isob-east-1",
        "eusc-de-east-1",
    ],
    "TagKey": ["Project", "費用", "a:b/c=d+e-f@g_h.i", "a" * 128],
    "TagValue": ["", "Security Team", "予算\u3000部", "予算", "a" * 256],
    "TargetKey": ["OS", "aws:autoscaling:groupName"],
    "TargetValue": ["Windows Server 2022", "*"],
    "RoleName": ["a", "Deployment_1+=,.@-", "a" * 64],
    "RoleReference": [
        "deployment",
        "deployment-{region}",
        "arn:aws:iam::111111111111:role/path/deployment",
        "arn:{partition}:iam::{account_id}:role/deployment",
    ],
    "ExternalId": ["12", "a:b/c"],
    "SessionName": ["terraform", "a@b"],
    "TopicArn": [
        "arn:aws:sns:eu-central-1:111111111111:security",
        "arn:{partition}:sns:{region}:{account_id}:x",
    ],
    "KmsKeyArn": [
        "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012",
        "arn:{partition}:kms:{region}:{account_id}:key/mrk-1234",
    ],
    "KmsKeyOrAliasArn": [
        "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012",
        "arn:aws:kms:{region}:{account_id}:alias/alarms",
    ],
    "AlarmReference": [
        "maintenance",
        "Wartung {Fenster} ${x}",
        "x" * 255,
        "arn:{partition}:cloudwatch:{region}:{account_id}:alarm:maintenance",
    ],
    "QueueArn": ["arn:aws:sqs:eu-central-1:111111111111:queue"],
    "FunctionArn": [
        "arn:aws:lambda:eu-central-1:111111111111:function:notify",
        "arn:aws:lambda:eu-central-1:111111111111:function:notify:live",
    ],
    "AlarmActionArn": [
        "arn:aws:sns:eu-central-1:111111111111:x",
        "arn:aws:ssm:eu-central-1:111111111111:opsitem:2#CATEGORY=Security",
        "arn:aws:ssm-incidents::111111111111:response-plan/security",
        "arn:aws:lambda:eu-central-1:111111111111:function:notify",
    ],
    "RetentionDays": [1, 365, 3653],
    "LogGroupPrefix": ["", "/windows/", "security_"],
    "MetricNamespace": ["WindowsSecurity", "Team/Windows Security"],
    "AgentVersion": ["", "1.300059.0", "1.300071.0b1207"],
    "Schedule": [
        "rate(30 minutes)",
        "rate(1 hour)",
        "rate(30 days)",
        "rate(44639 minutes)",
        "cron(0 2 ? * SUN *)",
        "cron(0 0 2 ? * SUN *)",
        "cron(15 13 ? * * *)",
        "cron(0/30 * * * ? *)",
        "cron(0 0/12 * * ? *)",
        "cron(0 2 ? * TUE#3 *)",
        "cron(15 10 ? * 3L *)",
    ],
    "MaxConcurrency": ["1", "50", "1%", "99%", "100%"],
    "MaxErrors": ["0", "5", "0%", "10%", "100%"],
    "BucketTemplate": ["abc", "{name}-state-{account_id}-{region}", "a.b-c"],
    "KeyPrefix": ["", "state", "state/{account}"],
    "RelativePath": ["state", "../states", "a/b"],
    "Organization": ["example", "my_org-1"],
    "Hostname": ["app.terraform.io", "tfe.example.com:8443"],
    "WorkspaceTemplate": ["windows-security-{account}-{region}"],
    "ProjectName": ["Security Monitoring"],
    "EventKey": ["logon-failed-network"],
    "WatchedPath": [
        "C:\\Secret\\",
        "\\REGISTRY\\USER\\S-1-5-18\\Environment",
        "C:\\Documents\\大切なファイル",
        "\\\\*\\Finance",
    ],
    "EmailAddress": ["security@example.com", "a.b+c@sub.example.co.jp"],
    "PhoneNumber": ["+819012345678"],
    "HttpsUrl": ["https://example.com/alarms?x=%7By%7D", "https://example.com:8443/"],
}

#: What a value is said not to be, and values of which that is true.
INVALID: dict[str, tuple[str, list[object]]] = {
    "InstanceName": (
        "a name of 1 to 24 lower-case letters, digits and single hyphens, beginning with a letter",
        ["", "A", "1a", "a-", "a--b", "a_b", "a" * 25, "a\n"],
    ),
    "AccountName": (
        "a name of 1 to 50 lower-case letters, digits and single hyphens, beginning with a letter",
        ["Production", "a" * 51],
    ),
    "AccountId": (
        "an AWS account id: it has 12 digits (with leading zeros, if any)",
        ["12345678901", "11111111111a", "1111-1111-1111", "１１１１１１１１１１１１"],
    ),
    "RegionName": (
        "the name of an AWS region, such as ap-northeast-1 or us-gov-west-1",
        [
            "",
            "tokyo",
            "eu-central",
            "eu_central_1",
            "EU-central-1",
            "eu-central-1a",
            "global",
            "eu-centrall-1",
        ],
    ),
    "TagKey": (
        "a tag key: 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with 'aws:'",
        ["", "aws:name", "a*b", "a\nb"],
    ),
    "TagValue": ("a tag value: at most 256 letters, digits, spaces and _ . : / = + - @", ["a;b"]),
    "TargetKey": ("the key of a tag, such as OS (and without 'tag:' before it)", ["tag:OS", ""]),
    "TargetValue": ("the value of a tag: 1 to 256 characters", [""]),
    "RoleName": ("the name of an IAM role: 1 to 64 letters, digits and + = , . @ _ -", ["a/b", "役割", ""]),
    "ExternalId": ("an external id: 2 to 1224 ASCII letters, digits and + = , . @ : / _ -", ["x", "x y"]),
    "SessionName": ("the name of a session: 2 to 64 letters, digits and + = , . @ _ -", ["x", "x y"]),
    "TopicArn": (
        "the ARN of an SNS topic, such as arn:aws:sns:{region}:{account_id}:security",
        ["security", "arn:aws:sqs:eu-central-1:111111111111:x", "arn:aws:sns:eu-central-1:1:x"],
    ),
    "KmsKeyArn": (
        "the ARN of a customer managed KMS key, such as arn:aws:kms:{region}:{account_id}:key/...; not that "
        "of an alias, by which the policy of the servers' role could not name the key",
        ["arn:aws:kms:eu-central-1:111111111111:alias/alarms", "alias/alarms"],
    ),
    "KmsKeyOrAliasArn": (
        "the ARN of a customer managed KMS key, such as arn:aws:kms:{region}:{account_id}:key/..., or of an "
        "alias of one; a key of AWS (alias/aws/...) does not let CloudWatch publish",
        ["arn:aws:kms:eu-central-1:111111111111:alias/aws/sns", "alias/alarms"],
    ),
    "QueueArn": (
        "the ARN of an SQS queue, such as arn:aws:sqs:{region}:{account_id}:alarms",
        ["https://sqs.eu-central-1.amazonaws.com/111111111111/alarms"],
    ),
    "FunctionArn": (
        "the ARN of a Lambda function, such as arn:aws:lambda:{region}:{account_id}:function:notify",
        ["notify"],
    ),
    "AlarmActionArn": (
        "the ARN of something that an alarm can call (an SNS topic, a Lambda function, an OpsItem or "
        "incident of Systems Manager)",
        ["arn:aws:s3:::bucket", "security"],
    ),
    "LogGroupPrefix": (
        "the beginning of a log group's name: at most 400 ASCII letters, digits and . - _ / #, not beginning "
        "with 'aws/'",
        ["aws/x", "a b", "日本"],
    ),
    "MetricNamespace": (
        "a metric namespace: 1 to 255 ASCII characters without ':', '*' and '$', not beginning with 'AWS/'",
        ["", "AWS/Windows", "a:b", "a*b", "a$b", " ", "日本"],
    ),
    "AgentVersion": ("a version of the CloudWatch agent, such as 1.300071.0b1720", ["latest", "1.3"]),
    "Schedule": (
        "a schedule that State Manager takes: a rate such as rate(1 day), or a cron of one time a day or "
        "week, of hours (0/1, 0/2, 0/4, 0/8, 0/12) or of half hours, in UTC, such as cron(0 2 ? * SUN *) or "
        "cron(0 0/4 * * ? *)",
        [
            "daily",
            "rate(0 days)",
            "cron(0 0/3 * * ? *)",
            "cron(0 2 1 * ? *)",
            "cron(0 24 ? * * *)",
            "cron(0/10 * * * ? *)",
            "cron(0 2 ? JAN SUN *)",
            "at(2030-01-01T00:00:00)",
        ],
    ),
    "MaxConcurrency": (
        "a number of servers from 1 or a share of them from '1%' to '100%'",
        ["0", "0%", "101%", "half"],
    ),
    "MaxErrors": ("a number of servers from 0 or a share of them from '0%' to '100%'", ["101%", "-1"]),
    "BucketTemplate": (
        "the name of an S3 bucket: 3 to 63 lower-case letters, digits, hyphens and dots",
        ["ab", "Bucket", "a..b", "xn--a", "192.168.0.1", "-abc", "a" * 64, "a_b"],
    ),
    "KeyPrefix": (
        "a key prefix of S3: at most 400 ASCII letters, digits and ! - _ . * ' ( ) /, without a slash at its "
        "beginning or end",
        ["/a", "a/", "a//b", "a b"],
    ),
    "RelativePath": (
        "a relative path: the file is for every machine",
        ["", "/var/state", "C:\\state", "~/state", "a\nb"],
    ),
    "Organization": ("the name of an organization: 3 to 40 letters, digits, _ and -", ["a b", "ab"]),
    "Hostname": ("a host name, such as app.terraform.io (without 'https://')", ["https://x", "a..", ""]),
    "WorkspaceTemplate": ("the name of a workspace: 1 to 90 letters, digits, _ and -", ["a b", "a" * 91]),
    "ProjectName": ("the name of a project: 3 to 40 letters, digits, spaces, _ and -", ["ab", "a/b"]),
    "EmailAddress": (
        "an e-mail address",
        [
            *("", "security", "a@b", "a b@example.com", "a@example.com,b@example.com", "a@@example.com"),
            *("a${z}@example.com", "%{z}@example.com"),
        ],
    ),
    "PhoneNumber": ("a telephone number with its country, such as +819012345678", ["09012345678", "+81 90"]),
    "HttpsUrl": (
        "an address that begins with https://",
        ["http://example.com", "https://", "https://[x", "https://a b", "https://a:99999"],
    ),
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, all_ in VALID.items() for value in all_])
def test_what_aws_takes_is_taken_unchanged(kind: str, value: object) -> None:
    assert check(KINDS[kind], value) == value


@pytest.mark.parametrize(
    ("kind", "value", "what"),
    [(kind, value, what) for kind, (what, all_) in INVALID.items() for value in all_],
)
def test_what_aws_refuses_is_refused_with_what_it_would_take(kind: str, value: str, what: str) -> None:
    assert refusal(KINDS[kind], value).endswith(f" is not {what}")


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (
            "RoleReference",
            "arn:aws:iam::111111111111:user/x",
            "'arn:aws:iam::111111111111:user/x' is neither the name of an IAM role nor the ARN of one, such "
            "as arn:aws:iam::111111111111:role/deployment",
        ),
        (
            "TopicArn",
            "arn:aws:sns:{regoin}:{account_id}:x",
            "no such placeholder {regoin}; did you mean region?; there are {name}, {account}, {account_id}, "
            "{region}, {partition}",
        ),
        *(
            (
                "HttpsUrl",
                value,
                f"{shown(value)} has a brace: write %7B for {{ and %7D for }}; nothing is filled in here",
            )
            for value in ("https://example.com/${path.cwd}", "https://example.com/x?y=%{z}", "https://a.b/}")
        ),
        *(
            (
                "AlarmReference",
                value,
                f"{shown(value)} is neither the name of an alarm, of 1 to 255 characters, nor the ARN of "
                "one, without spaces, such as arn:aws:cloudwatch:{region}:{account_id}:alarm:maintenance",
            )
            for value in (
                "",
                "x" * 256,
                "two\nlines",
                "arn:aws:cloudwatch:eu-central-1:111111111111:dashboard/x",
                "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:",
                "arn:aws:sns:eu-central-1:111111111111:x",
            )
        ),
        (
            "AlarmName",
            'a "name"',
            "'a \"name\"' is not the name of an alarm: 1 to 255 ASCII characters other than quotation marks, "
            "without ${ and %{ (its name alone, not its ARN); alarms whose names hold other characters "
            "cannot be distinguished in the topic's policy",
        ),
        ("BucketTemplate", "{bucket", "'{bucket' has a brace that belongs to no placeholder"),
        (
            "RetentionDays",
            100,
            "CloudWatch Logs does not keep logs for 100 days; the nearest that it does: 90 or 120",
        ),
        (
            "RetentionDays",
            9999,
            "CloudWatch Logs does not keep logs for 9999 days; the nearest that it does: 3288 or 3653",
        ),
        (
            "Schedule",
            "rate(29 minutes)",
            "'rate(29 minutes)': State Manager takes 30 minutes or more, and less than 31 days",
        ),
        ("Schedule", "rate(1 days)", "'rate(1 days)': write 'rate(1 day)'"),
        ("Schedule", "rate(2 hour)", "'rate(2 hour)': write 'rate(2 hours)'"),
        (
            "WatchedPath",
            "secret.txt",
            r"'secret.txt' is not an absolute Windows path such as C:\Folder\file.txt",
        ),
        *(
            (
                "WatchedPath",
                path,
                f"{path!r} cannot be given an audit entry (SACL), without which Windows writes no event of "
                "it: name it by its drive on the server that holds it, such as D:\\Finance\\, or a whole "
                "share as \\\\*\\Finance",
            )
            for path in (r"\\files\Finance\x", r"\Device\HarddiskVolume2\x")
        ),
        *(
            (
                "WatchedPath",
                path,
                f"{path!r} is not a registry key as Windows reports it, which begins with "
                "\\REGISTRY\\MACHINE\\ (HKEY_LOCAL_MACHINE) or \\REGISTRY\\USER\\ (HKEY_USERS), in capitals",
            )
            for path in (r"\REGISTRY\machine\SOFTWARE", r"HKLM\SOFTWARE")
        ),
    ],
)
def test_a_refusal_helps_to_put_it_right(kind: str, value: object, message: str) -> None:
    assert refusal(KINDS[kind], value) == message


def test_a_key_is_one_of_those_that_the_deployment_knows() -> None:
    kind: Any = TypeAdapter(events.EventKey)
    assert kind.validate_python("own-event", context=["own-event"]) == "own-event"
    with pytest.raises(ValidationError, match="no such event; did you mean own-event"):
        kind.validate_python("own-evnet", context=["own-event"])
    with pytest.raises(ValidationError, match="no such event; see python -m catalog list"):
        kind.validate_python("xyz", context=["own-event"])


@pytest.mark.parametrize(
    ("value", "expected"), [("a", ("a",)), (5, ("5",)), (["a", 5], ("a", "5")), ([], ())]
)
def test_a_value_of_a_field_alone_needs_no_list(value: object, expected: tuple[str, ...]) -> None:
    assert check(events.FieldValues, value) == expected


@pytest.mark.parametrize("role", ["", "a b", "a" * 65, "arn:aws:iam:::role/x", "role/x"])
def test_a_role_is_a_name_or_the_arn_of_a_role(role: str) -> None:
    assert "is neither the name of an IAM role nor the ARN of one" in refusal(roles.RoleReference, role)


@pytest.mark.parametrize(("value", "text"), [(2022, "2022"), (True, "true"), (False, "false"), ("x", "x")])
def test_text_may_look_like_a_number_or_a_boolean(value: object, text: str) -> None:
    assert check(KINDS["Text"], value) == text


def test_an_account_id_may_be_a_number() -> None:
    assert check(accounts.AccountId, 111111111111) == "111111111111"


def test_an_entry_that_is_given_twice_is_named() -> None:
    distinct = Annotated[tuple[str, ...], text.DISTINCT]
    assert refusal(distinct, ("a", "b", "a")) == "'a' is given twice"


@given(st.integers(-10, 5000))
def test_retention_is_refused_or_of_the_list_of_cloudwatch_logs(days: int) -> None:
    try:
        taken = check(cloudwatch.RetentionDays, days) == days
    except ValidationError:
        taken = False
    assert taken is (days in cloudwatch.RETENTION_DAYS)


@given(st.integers(0, 100_000), st.sampled_from(["minute", "hour", "day"]))
def test_a_rate_is_taken_from_30_minutes_to_less_than_31_days(number: int, unit: str) -> None:
    minutes = number * {"minute": 1, "hour": 60, "day": 1440}[unit]
    try:
        check(systems_manager.Schedule, f"rate({number} {unit}{'' if number == 1 else 's'})")
        taken = True
    except ValidationError:
        taken = False
    assert taken is (30 <= minutes < 31 * 1440)
