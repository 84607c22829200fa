"""Log groups, metric filters, metrics and alarms of CloudWatch, and its agent."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StrictInt

from deployment.aws.arn import parse_arn
from deployment.settings.explanation import shown
from deployment.settings.templates import SAMPLE, Template, fill
from deployment.settings.types.text import NOT_ITS_ARN, Text, hyphenated, matching

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
    matching(
        r"(?!aws/)[\w./#-]{0,400}",
        "the beginning of a log group's name: at most 400 ASCII letters, digits and . - _ / #, "
        "not beginning with 'aws/'",
    ),
]
#: Terraform would take these for the beginning of an expression.
_NO_TEMPLATE = r"(?!.*[$%]\{)"
LogGroupName = Annotated[
    str,
    matching(
        r"[\w./#-]{1,512}",
        f"the name of a log group: 1 to 512 ASCII letters, digits and . - _ / # {NOT_ITS_ARN}",
    ),
]
MetricFilterName = Annotated[
    Text,
    matching(
        rf"(?!arn:){_NO_TEMPLATE}[^:*]{{1,512}}",
        "the name of a metric filter: 1 to 512 characters other than : and *, without ${ and %{",
    ),
]
AlarmName = Annotated[
    Text,
    matching(
        rf"(?!arn:){_NO_TEMPLATE}[\x20\x21\x23-\x7e]{{1,255}}",
        "the name of an alarm: 1 to 255 ASCII characters other than quotation marks, without ${ and %{ "
        f"{NOT_ITS_ARN}; alarms whose names hold other characters cannot be distinguished in the topic's "
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
AlarmReference = Annotated[Text, Template(arn_only=True), AfterValidator(_alarm_reference)]
CompositeName = Annotated[str, hyphenated(64)]
VariantName = Annotated[str, hyphenated(32)]
MetricNamespace = Annotated[
    str,
    matching(
        r"(?!AWS/)(?=.*\S)[\x20-\x23\x25-\x29\x2b-\x39\x3b-\x7e]{1,255}",
        "a metric namespace: 1 to 255 ASCII characters without ':', '*' and '$', not beginning with 'AWS/'",
    ),
]
AgentVersion = Annotated[
    str,
    matching(
        r"|[0-9]+\.[0-9]+\.[0-9]+(b[0-9]+)?", "a version of the CloudWatch agent, such as 1.300071.0b1720"
    ),
]


def whole_minutes(seconds: int) -> int:
    """Return the seconds.

    Raises:
        ValueError: They are no whole minutes.
    """
    if seconds % 60:
        raise ValueError(f"must be a multiple of 60 seconds, not {seconds}")
    return seconds


#: Minutes.
LateArrival = Annotated[StrictInt, Field(ge=0, le=720)]
