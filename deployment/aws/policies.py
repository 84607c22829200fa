"""Policies as AWS takes them: for roles, topics, keys, buckets and event buses alike."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from deployment.aws.arn import format_arn

Statement = Mapping[str, Any]

#: The names by which policies know the services that are called the same in every partition.
CLOUDWATCH = "cloudwatch.amazonaws.com"
CLOUDWATCH_TO_FUNCTIONS = "lambda.alarms.cloudwatch.amazonaws.com"
EVENTBRIDGE = "events.amazonaws.com"
SNS = "sns.amazonaws.com"


def policy(*statements: Statement) -> dict[str, Any]:
    """Return a policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy_document(*statements: Statement) -> str:
    """Return the JSON of a policy of these statements."""
    return json.dumps(policy(*statements))


def alarm_condition(account_ids: Sequence[str], region: str) -> dict[str, Any]:
    """Return the condition under which CloudWatch acts for an alarm of these accounts in this region."""
    any_or_one = account_ids[0] if len(account_ids) == 1 else "*"
    return {
        "ArnLike": {"aws:SourceArn": format_arn("cloudwatch", region, any_or_one, "alarm:*")},
        "StringEquals": {"aws:SourceAccount": account_ids[0] if len(account_ids) == 1 else list(account_ids)},
    }
