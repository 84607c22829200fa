"""The types of single values: each refuses what AWS would refuse, and says what it would take."""

import re
from collections.abc import Collection, Hashable, Iterable
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictInt,
    ValidationInfo,
    WithJsonSchema,
)

from catalog.agent_configuration import PARAMETER_PREFIX
from catalog.errors import did_you_mean
from catalog.events import EVENTS
from catalog.security_event import KEY_PATTERN
from catalog.windows_path import PathKind, is_on_drive, kind_of, path_problems, share_problems
from deployment.arn import parse_arn
from deployment.explanation import shown
from deployment.templates import SAMPLE, fill

_Item = TypeVar("_Item", bound=Hashable)


def _as_text(value: Any) -> Any:
    """Take ``2022`` and ``true`` for the text that stood in the file: the reader changes neither's digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value


#: Text, also where the file has a number or ``true`` without quotation marks.
Text = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int | bool)]


def _matching(pattern: str, what: str, *, template: bool = False) -> AfterValidator:
    """Admit what matches; a template, by what it becomes for a sample stack."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(fill(value, SAMPLE) if template else value):
            raise ValueError(f"{shown(value)} is not {what}")
        return value

    return AfterValidator(check)


def _arn(services: str, resource: str, what: str) -> AfterValidator:
    """Admit an ARN, or a template of one, of these services and with such a resource."""
    service_pattern, resource_pattern = re.compile(services), re.compile(resource, re.ASCII)

    def check(value: str) -> str:
        arn = parse_arn(fill(value, SAMPLE))
        if arn is None or not (
            service_pattern.fullmatch(arn.service) and resource_pattern.fullmatch(arn.resource)
        ):
            raise ValueError(f"{shown(value)} is not {what}")
        return value

    return AfterValidator(check)


def _distinct(values: tuple[_Item, ...]) -> tuple[_Item, ...]:
    twice = [value for index, value in enumerate(values) if value in values[:index]]
    if twice:
        raise ValueError(f"{shown(getattr(twice[0], 'value', twice[0]))} is given twice")
    return values


#: For lists: no entry is given twice.
DISTINCT = AfterValidator(_distinct)

_WORDS = r"[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*"

#: The prefix of every name in AWS. At 24 characters the longest name, of a bucket, has 63.
InstanceName = Annotated[
    str,
    _matching(
        rf"(?=.{{1,24}}$){_WORDS}",
        "a name of 1 to 24 lower-case letters, digits and single hyphens, beginning with a letter",
    ),
]
#: Half of a stack's name, and part of paths and workspaces.
AccountName = Annotated[
    str,
    _matching(
        rf"(?=.{{1,50}}$){_WORDS}",
        "a name of 1 to 50 lower-case letters, digits and single hyphens, beginning with a letter",
    ),
]
AccountId = Annotated[
    Text, _matching(r"[0-9]{12}", "an AWS account id: it has 12 digits (with leading zeros, if any)")
]
RegionName = Annotated[
    str,
    _matching(
        r"(?=.{1,18}$)(?:[a-z]{2}|eusc)(?:-[a-z]+){1,2}-[0-9]{1,2}",
        "the name of an AWS region, such as ap-northeast-1 or us-gov-west-1",
    ),
]

#: Letters of any script.
_TAG_TEXT = r"(?u:[\w .:/=+\-@])"
TagKey = Annotated[
    Text,
    _matching(
        rf"(?!aws:){_TAG_TEXT}{{1,128}}",
        "a tag key: 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with 'aws:'",
    ),
]
TagValue = Annotated[
    Text,
    _matching(
        rf"{_TAG_TEXT}{{0,256}}", "a tag value: at most 256 letters, digits, spaces and _ . : / = + - @"
    ),
]
TargetKey = Annotated[
    Text,
    _matching(
        rf"(?!tag:){_TAG_TEXT}{{1,128}}", "the key of a tag, such as OS (and without 'tag:' before it)"
    ),
]
TargetValue = Annotated[Text, _matching(r".{1,256}", "the value of a tag: 1 to 256 characters")]

_ROLE_NAME = r"[\w+=,.@-]{1,64}"
RoleName = Annotated[
    str, _matching(_ROLE_NAME, "the name of an IAM role: 1 to 64 letters, digits and + = , . @ _ -")
]


def _role_reference(value: str) -> str:
    arn = parse_arn(fill(value, SAMPLE))
    if arn and arn.service == "iam" and arn.account_id and arn.resource.startswith("role/"):
        return value
    if re.fullmatch(_ROLE_NAME, fill(value, SAMPLE), re.ASCII):
        return value
    raise ValueError(
        f"{shown(value)} is neither the name of an IAM role nor the ARN of one, "
        "such as arn:aws:iam::111111111111:role/deployment"
    )


RoleReference = Annotated[str, AfterValidator(_role_reference)]

ExternalId = Annotated[
    Text,
    _matching(
        r"[\w+=,.@:/-]{2,1224}", "an external id: 2 to 1224 ASCII letters, digits and + = , . @ : / _ -"
    ),
]
SessionName = Annotated[
    str,
    _matching(r"[\w+=,.@-]{2,64}", "the name of a session: 2 to 64 letters, digits and + = , . @ _ -"),
]

TopicArn = Annotated[
    str,
    _arn(
        "sns", r"[\w-]{1,256}", "the ARN of an SNS topic, such as arn:aws:sns:{region}:{account_id}:security"
    ),
]
#: Where a policy of IAM must name the key as well (KMS developer guide, KMS keys in IAM policy statements).
KmsKeyArn = Annotated[
    str,
    _arn(
        "kms",
        r"key/[\w-]+",
        "the ARN of a customer managed KMS key, such as arn:aws:kms:{region}:{account_id}:key/...; not that "
        "of an alias, by which the policy of the servers' role could not name the key",
    ),
]
KmsKeyOrAliasArn = Annotated[
    str,
    _arn(
        "kms",
        r"key/[\w-]+|alias/(?!aws/)[\w/-]+",
        "the ARN of a customer managed KMS key, such as arn:aws:kms:{region}:{account_id}:key/..., or of an "
        "alias of one; a key of AWS (alias/aws/...) does not let CloudWatch publish",
    ),
]
QueueArn = Annotated[
    str,
    _arn("sqs", r"[\w-]{1,80}", "the ARN of an SQS queue, such as arn:aws:sqs:{region}:{account_id}:alarms"),
]
FunctionArn = Annotated[
    str,
    _arn(
        "lambda",
        r"function:[\w-]+(:[\w$-]+)?",
        "the ARN of a Lambda function, such as arn:aws:lambda:{region}:{account_id}:function:notify",
    ),
]
EventBusArn = Annotated[
    str,
    _arn(
        "events",
        r"event-bus/[\w./-]{1,256}",
        "the ARN of an event bus, such as arn:aws:events:{region}:111111111111:event-bus/security",
    ),
]
LogDestinationArn = Annotated[
    str,
    _arn(
        "logs",
        r"destination:[^:*]{1,512}",
        "the ARN of a destination of CloudWatch Logs, such as "
        "arn:aws:logs:{region}:111111111111:destination:security",
    ),
]
OamSinkArn = Annotated[
    str,
    _arn(
        "oam",
        r"sink/[\w-]+",
        "the ARN of an Observability Access Manager sink, such as "
        "arn:aws:oam:eu-central-1:111111111111:sink/...",
    ),
]
AlarmActionArn = Annotated[
    str,
    _arn(
        "sns|lambda|ssm|ssm-incidents|autoscaling|aiops",
        r".+",
        "the ARN of something that an alarm can call (an SNS topic, a Lambda function, an OpsItem or "
        "incident of Systems Manager)",
    ),
]

#: Of the list that PutRetentionPolicy takes.
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def _retention_days(value: int) -> int:
    if value not in RETENTION_DAYS:
        near = sorted(sorted(RETENTION_DAYS, key=lambda days: abs(days - value))[:2])
        raise ValueError(
            f"CloudWatch Logs does not keep logs for {value} days; the nearest that it does: "
            f"{' or '.join(map(str, near))}"
        )
    return value


RetentionDays = Annotated[
    StrictInt, AfterValidator(_retention_days), Field(json_schema_extra={"enum": list(RETENTION_DAYS)})
]
LogGroupPrefix = Annotated[
    str,
    _matching(
        r"(?!aws/)[\w./#-]{0,400}",
        "the beginning of a log group's name: at most 400 ASCII letters, digits and . - _ / #, "
        "not beginning with 'aws/'",
    ),
]
#: What is adopted or named here is in the stack's own account and region: its name says it all.
_NOT_ITS_ARN = "(its name alone, not its ARN)"
#: Terraform would take these for the beginning of an expression.
_NO_TEMPLATE = r"(?!.*[$%]\{)"
LogGroupName = Annotated[
    str,
    _matching(
        r"[\w./#-]{1,512}",
        f"the name of a log group: 1 to 512 ASCII letters, digits and . - _ / # {_NOT_ITS_ARN}",
    ),
]
TopicName = Annotated[
    str,
    _matching(
        r"[\w-]{1,256}",
        f"the name of an SNS topic: 1 to 256 ASCII letters, digits, - and _ {_NOT_ITS_ARN}",
    ),
]
ParameterName = Annotated[
    str,
    _matching(
        rf"{PARAMETER_PREFIX}[\w.-]{{1,200}}",
        f"the name of a parameter that the agent's policies admit: {PARAMETER_PREFIX} and up to 200 ASCII "
        "letters, digits and . - _",
    ),
]
MetricFilterName = Annotated[
    Text,
    _matching(
        rf"(?!arn:){_NO_TEMPLATE}[^:*]{{1,512}}",
        "the name of a metric filter: 1 to 512 characters other than : and *, without ${ and %{",
    ),
]
AlarmName = Annotated[
    Text,
    _matching(
        rf"(?!arn:){_NO_TEMPLATE}[\x20\x21\x23-\x7e]{{1,255}}",
        "the name of an alarm: 1 to 255 ASCII characters other than quotation marks, without ${ and %{ "
        f"{_NOT_ITS_ARN}; alarms whose names hold other characters cannot be told apart in the topic's "
        "policy",
    ),
]
_ALARMS_NAME = r"[^\x00-\x1f\x7f]{1,255}"


def _alarm_reference(value: str) -> str:
    if value.startswith("arn:"):
        arn = parse_arn(fill(value, SAMPLE))
        valid = arn is not None and arn.service == "cloudwatch" and arn.resource.startswith("alarm:")
        name = arn.resource.removeprefix("alarm:") if arn and valid else ""
    else:
        name = value
    if not re.fullmatch(_ALARMS_NAME, name):
        raise ValueError(
            f"{shown(value)} is neither the name of an alarm, of 1 to 255 characters, nor the ARN of one, "
            "without spaces, such as arn:aws:cloudwatch:{region}:{account_id}:alarm:maintenance"
        )
    return value


#: An alarm of somebody else's, whose name may hold what that of one made here may not (PutMetricAlarm).
AlarmReference = Annotated[Text, AfterValidator(_alarm_reference)]
MetricNamespace = Annotated[
    str,
    _matching(
        r"(?!AWS/)(?=.*\S)[\x20-\x23\x25-\x29\x2b-\x39\x3b-\x7e]{1,255}",
        "a metric namespace: 1 to 255 ASCII characters without ':', '*' and '$', not beginning with 'AWS/'",
    ),
]
AgentVersion = Annotated[
    str,
    _matching(
        r"|[0-9]+\.[0-9]+\.[0-9]+(b[0-9]+)?", "a version of the CloudWatch agent, such as 1.300071.0b1207"
    ),
]

_EACH_RATE_IN_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
_RATE = re.compile(r"rate\(([1-9][0-9]{0,4}) (minute|hour|day)(s?)\)")
_WEEKDAY = r"(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)"
_CRON = re.compile(
    r"cron\((?:0 )?"
    rf"(?:0/30 \* \* \* \? \*|[0-5]?[0-9] (?:0/(?:1|2|4|8|12)|[01]?[0-9]|2[0-3]) [*?] \* "
    rf"(?:[*?]|{_WEEKDAY}(?:#[1-5]|L)?) \*)\)"
)


def _schedule(value: str) -> str:
    if rate := _RATE.fullmatch(value):
        number, unit = int(rate[1]), rate[2]
        if (number == 1) == bool(rate[3]):
            raise ValueError(f"{shown(value)}: write 'rate({number} {unit}{'' if number == 1 else 's'})'")
        if not 30 <= number * _EACH_RATE_IN_MINUTES[unit] < 31 * 1440:
            raise ValueError(f"{shown(value)}: State Manager takes 30 minutes or more, and less than 31 days")
    elif not _CRON.fullmatch(value):
        raise ValueError(
            f"{shown(value)} is not a schedule that State Manager takes: a rate such as rate(1 day), or a "
            "cron of one time a day or week, of hours (0/1, 0/2, 0/4, 0/8, 0/12) or of half hours, in UTC, "
            "such as cron(0 2 ? * SUN *) or cron(0 0/4 * * ? *)"
        )
    return value


Schedule = Annotated[str, AfterValidator(_schedule)]
MaxConcurrency = Annotated[
    Text,
    _matching(
        r"[1-9][0-9]{0,6}|[1-9][0-9]?%|100%",
        "a number of servers from 1 or a share of them from '1%' to '100%'",
    ),
]
MaxErrors = Annotated[
    Text,
    _matching(
        r"[1-9][0-9]{0,6}|0|[1-9][0-9]%|[0-9]%|100%",
        "a number of servers from 0 or a share of them from '0%' to '100%'",
    ),
]

BucketTemplate = Annotated[
    str,
    _matching(
        r"(?!xn--|.*\.\.|[0-9.]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "the name of an S3 bucket: 3 to 63 lower-case letters, digits, hyphens and dots",
        template=True,
    ),
]
KeyPrefix = Annotated[
    str,
    _matching(
        r"(?!/)(?!.*//)[\w!.*'()/-]{0,400}(?<!/)|",
        "a key prefix of S3: at most 400 ASCII letters, digits and ! - _ . * ' ( ) /, "
        "without a slash at its beginning or end",
        template=True,
    ),
]


def _relative_path(value: str) -> str:
    if value.startswith(("/", "\\", "~")) or not re.fullmatch(r"[^:\x00-\x1f\x7f]+", value):
        raise ValueError(f"{shown(value)} is not a relative path: the file is for every machine")
    return value


RelativePath = Annotated[str, AfterValidator(_relative_path)]

Organization = Annotated[
    str, _matching(r"[\w-]{3,40}", "the name of an organization: 3 to 40 letters, digits, _ and -")
]
Hostname = Annotated[
    str,
    _matching(
        r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?",
        "a host name, such as app.terraform.io (without 'https://')",
    ),
]
WorkspaceTemplate = Annotated[
    str,
    _matching(r"[\w-]{1,90}", "the name of a workspace: 1 to 90 letters, digits, _ and -", template=True),
]
ProjectName = Annotated[
    str, _matching(r"[\w -]{3,40}", "the name of a project: 3 to 40 letters, digits, spaces, _ and -")
]


def no_such_event(key: str, known: Iterable[str]) -> str:
    """Return what to tell of a key that no event has."""
    return f"no such event{did_you_mean(key, known) or '; see python -m catalog list'}"


def _event_key(value: str, info: ValidationInfo) -> str:
    # Which keys there are depends on the deployment's own events: who validates a whole file says so.
    known: Collection[str] | None = info.context
    if known is not None and value not in known:
        raise ValueError(no_such_event(value, known))
    return value


CompositeName = Annotated[
    str,
    _matching(
        rf"(?=.{{1,64}}$){_WORDS}",
        "a name of 1 to 64 lower-case letters, digits and single hyphens, beginning with a letter",
    ),
]

#: The key of an event: one of the catalog's, which editors complete, or of an own event.
EventKey = Annotated[
    str,
    AfterValidator(_event_key),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [{"enum": sorted(event.key for event in EVENTS)}, {"pattern": f"^{KEY_PATTERN}$"}],
        }
    ),
]
VariantName = Annotated[
    str,
    _matching(
        rf"(?=.{{1,32}}$){_WORDS}",
        "a name of 1 to 32 lower-case letters, digits and single hyphens, beginning with a letter",
    ),
]


def _as_values(value: Any) -> Any:
    return (value,) if value is None or isinstance(value, str | int) else value


#: Values of a data field; one alone needs no list.
FieldValues = Annotated[
    tuple[Text, ...],
    DISTINCT,
    BeforeValidator(_as_values, json_schema_input_type=Text | tuple[Text, ...]),
]


def _watched_path(value: str) -> str:
    kind = kind_of(value)
    if problems := share_problems(value) if kind is PathKind.SHARE else path_problems(value):
        raise ValueError("; ".join(problems))
    if kind is PathKind.FILE and not is_on_drive(value):
        raise ValueError(
            f"{shown(value)} cannot be given an audit entry (SACL), without which Windows writes no event of "
            r"it: name it by its drive on the server that holds it, such as D:\Finance\, or a whole share as "
            r"\\*\Finance"
        )
    return value


WatchedPath = Annotated[str, AfterValidator(_watched_path)]


EmailAddress = Annotated[
    str,
    _matching(r"[\w.!#$%&'*+/=?^`|~-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,63}", "an e-mail address"),
]
PhoneNumber = Annotated[
    str, _matching(r"\+[1-9][0-9]{6,14}", "a telephone number with its country, such as +819012345678")
]


def _https_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        valid = parts.scheme == "https" and parts.port != 0 and re.search(r"\s", value) is None
    except ValueError:
        valid = False
    if not valid or not parts.hostname:
        raise ValueError(f"{shown(value)} is not an address that begins with https://")
    if "{" in value or "}" in value:
        raise ValueError(
            f"{shown(value)} has a brace: write %7B for {{ and %7D for }}; nothing is filled in here"
        )
    return value


HttpsUrl = Annotated[str, AfterValidator(_https_url)]
