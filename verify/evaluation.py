"""What CloudWatch says of the runs of a log alarm's query, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from cli.text import counted

#: How many contributors a sentence names.
_NAMED = 3


def evaluation_problem(alarm: Mapping[str, Any]) -> str:
    """Return what is wrong with the runs of a log alarm, and what to do; empty where nothing is.

    Args:
        alarm: The alarm, as DescribeAlarms returns it.
    """
    role = alarm.get("ScheduledQueryConfiguration", {}).get("ScheduledQueryRoleARN", "")
    reason = alarm.get("StateReason", "").rstrip(".")
    match alarm.get("EvaluationState"):
        case None:
            return ""
        case "EVALUATION_ERROR":
            return (
                f"EVALUATION_ERROR: CloudWatch cannot run its query, so it cannot fire ({reason}); see "
                f"whether the role {role} and its log groups are as deployed, run the query once in Logs "
                "Insights, and apply the stack again"
            )
        case "EVALUATION_FAILURE":
            return (
                f"EVALUATION_FAILURE: CloudWatch itself failed to evaluate it ({reason}); the next run tries "
                "again: check again later, and ask AWS where it stays so"
            )
        case "PARTIAL_DATA":
            return (
                "PARTIAL_DATA: a run had more than 500 contributors, of which CloudWatch judged 500; give "
                "the event fewer contributors, or a condition that finds fewer records"
            )
        case state:
            return f"the evaluation state {state} is not known here ({reason}); see the CloudWatch user guide"


def contributors_in_alarm(cloudwatch: Any, alarm_name: str) -> list[Mapping[str, str]]:
    """Return the attributes of the contributors of a log alarm that are in ALARM.

    Raises:
        ClientError: CloudWatch refuses to say.
    """
    found: list[Mapping[str, str]] = []
    more: dict[str, str] = {}
    while True:
        page = cloudwatch.describe_alarm_contributors(AlarmName=alarm_name, **more)
        found += [each["ContributorAttributes"] for each in page["AlarmContributors"]]
        if not page.get("NextToken"):
            return found
        more = {"NextToken": page["NextToken"]}


def shown_contributors(contributors: list[Mapping[str, str]]) -> str:
    """Return contributors in words, the first few of them."""
    named = [", ".join(f"{name} {value}" for name, value in each.items()) for each in contributors[:_NAMED]]
    if more := len(contributors) - len(named):
        named.append(f"{counted(more, 'more contributor')}")
    return "; ".join(named)
