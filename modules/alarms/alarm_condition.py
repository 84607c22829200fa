"""What a policy says to admit alarms, and no other caller of CloudWatch's."""

from collections.abc import Sequence
from typing import Any

from deployment.aws.arn import format_arn


def of_alarms(account_ids: Sequence[str], region: str) -> dict[str, Any]:
    """Return the condition under which CloudWatch acts for an alarm of these accounts in this region."""
    any_or_one = account_ids[0] if len(account_ids) == 1 else "*"
    return {
        "ArnLike": {"aws:SourceArn": format_arn("cloudwatch", region, any_or_one, "alarm:*")},
        "StringEquals": {"aws:SourceAccount": account_ids[0] if len(account_ids) == 1 else list(account_ids)},
    }
