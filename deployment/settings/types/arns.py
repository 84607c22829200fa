"""ARNs, or templates of them, of the services that a setting may name."""

import re
from typing import Annotated

from pydantic import AfterValidator

from deployment.aws.arn import parse_arn
from deployment.settings.explanation import shown
from deployment.settings.templates import SAMPLE, Template, fill


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


TopicArn = Annotated[
    str,
    Template(),
    _arn(
        "sns", r"[\w-]{1,256}", "the ARN of an SNS topic, such as arn:aws:sns:{region}:{account_id}:security"
    ),
]
#: Where a policy of IAM must name the key as well (KMS developer guide, KMS keys in IAM policy statements).
KmsKeyArn = Annotated[
    str,
    Template(),
    _arn(
        "kms",
        r"key/[\w-]+",
        "the ARN of a customer managed KMS key, such as arn:aws:kms:{region}:{account_id}:key/...; not that "
        "of an alias, by which the policy of the servers' role could not name the key",
    ),
]
KmsKeyOrAliasArn = Annotated[
    str,
    Template(),
    _arn(
        "kms",
        r"key/[\w-]+|alias/(?!aws/)[\w/-]+",
        "the ARN of a customer managed KMS key, such as arn:aws:kms:{region}:{account_id}:key/..., or of an "
        "alias of one; a key of AWS (alias/aws/...) does not let CloudWatch publish",
    ),
]
QueueArn = Annotated[
    str,
    Template(),
    _arn("sqs", r"[\w-]{1,80}", "the ARN of an SQS queue, such as arn:aws:sqs:{region}:{account_id}:alarms"),
]
FunctionArn = Annotated[
    str,
    Template(),
    _arn(
        "lambda",
        r"function:[\w-]+(:[\w$-]+)?",
        "the ARN of a Lambda function, such as arn:aws:lambda:{region}:{account_id}:function:notify",
    ),
]
EventBusArn = Annotated[
    str,
    Template(),
    _arn(
        "events",
        r"event-bus/[\w./-]{1,256}",
        "the ARN of an event bus, such as arn:aws:events:{region}:111111111111:event-bus/security",
    ),
]
LogDestinationArn = Annotated[
    str,
    Template(),
    _arn(
        "logs",
        r"destination:[^:*]{1,512}",
        "the ARN of a destination of CloudWatch Logs, such as "
        "arn:aws:logs:{region}:111111111111:destination:security",
    ),
]
OamSinkArn = Annotated[
    str,
    Template(),
    _arn(
        "oam",
        r"sink/[\w-]+",
        "the ARN of an Observability Access Manager sink, such as "
        "arn:aws:oam:eu-central-1:111111111111:sink/...",
    ),
]
AlarmActionArn = Annotated[
    str,
    Template(),
    _arn(
        "sns|lambda|ssm|ssm-incidents|autoscaling|aiops",
        r".+",
        "the ARN of something that an alarm can call (an SNS topic, a Lambda function, an OpsItem or "
        "incident of Systems Manager)",
    ),
]
