"""Log alarms: alarms over a scheduled Logs Insights query, with a notification for each contributor.

The AWS provider has no resource for them: each is a CloudFormation stack of its own, so that a change of one
event changes one stack, and no alarm ever moves from a stack to another one. The shape is that of
AWS::CloudWatch::LogAlarm, which is that of PutLogAlarm.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.derived.alarm_query import AGGREGATION_CHARACTERS, CASE_BRANCHES, QUERY_CHARACTERS, AlarmQuery
from catalog.derived.event_query import events_alarm_query
from catalog.model.security_event import SecurityEvent
from deployment.aws.policies import CLOUDWATCH, Statement, alarm_condition
from deployment.resolution.region_plan import RegionPlan
from deployment.resolution.stable_groups import stable_groups
from deployment.resources.roles import RoleSpec

#: The id of the alarm in the template of its stack.
LOGICAL_ID = "Alarm"
#: How full the groups of events are on average that share an alarm: an added event rarely divides one.
_EVENTS_A_GROUP = 7
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAlarmSpec:
    """A log alarm, in the words of PutLogAlarm.

    Missing data do not breach: without a record that counts, a query returns nothing.
    """

    name: str
    stack_name: str
    """The CloudFormation stack that holds it."""
    description: str
    query: AlarmQuery
    log_group_names: tuple[str, ...]
    schedule: int
    """The seconds between two runs, whole minutes."""
    lateness: int
    """The seconds that a record may be late."""
    query_role_arn: str
    log_lines: int = 0
    """How many records the mail carries."""
    log_line_role_arn: str | None = None
    """Needed where the mail carries records."""
    actions: tuple[str, ...] = ()
    """The ARNs that it calls when a contributor breaches, once for each, at most 5."""
    ok_actions: tuple[str, ...] = ()
    """The ARNs that it calls when it returns to OK, at most 5."""
    tags: Mapping[str, str] = field(default_factory=dict)
    treat_missing_data: str = "notBreaching"
    comparison_operator: str = "GreaterThanOrEqualToThreshold"
    evaluated_results: int = 1
    """How many of the latest runs are looked at: each run looks back over the whole window by itself."""
    results_to_alarm: int = 1

    @property
    def threshold(self) -> int:
        """The lowest number that is an alarm."""
        return self.query.threshold

    @property
    def start_time_offset(self) -> int:
        """How many seconds back a run looks."""
        return self.query.look_back(self.schedule, self.lateness)

    @property
    def end_time_offset(self) -> int:
        """How many seconds back the window of a run ends."""
        return 0

    @property
    def schedule_expression(self) -> str:
        """The schedule, as PutLogAlarm takes it."""
        minutes = self.schedule // _MINUTE
        return f"rate({minutes} minute{'s' if minutes > 1 else ''})"

    @property
    def properties(self) -> dict[str, Any]:
        """The parameters of PutLogAlarm, which are the properties of the CloudFormation resource."""
        properties: dict[str, Any] = {
            "AlarmName": self.name,
            "AlarmDescription": self.description,
            "ScheduledQueryConfiguration": {
                "QueryString": self.query.query,
                "LogGroupIdentifiers": list(self.log_group_names),
                "ScheduledQueryRoleARN": self.query_role_arn,
                "ScheduleConfiguration": {
                    "ScheduleExpression": self.schedule_expression,
                    "StartTimeOffset": self.start_time_offset,
                    "EndTimeOffset": self.end_time_offset,
                },
                "AggregationExpression": self.query.aggregation,
            },
            "QueryResultsToEvaluate": self.evaluated_results,
            "QueryResultsToAlarm": self.results_to_alarm,
            "Threshold": self.threshold,
            "ComparisonOperator": self.comparison_operator,
            "TreatMissingData": self.treat_missing_data,
            "ActionsEnabled": True,
            "AlarmActions": list(self.actions),
            "OKActions": list(self.ok_actions),
        }
        if self.log_lines:
            properties["ActionLogLineCount"] = self.log_lines
            properties["ActionLogLineRoleArn"] = self.log_line_role_arn
        if self.tags:
            properties["Tags"] = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        return properties

    @property
    def template(self) -> str:
        """The JSON of its stack's template."""
        alarm = {"Type": "AWS::CloudWatch::LogAlarm", "Properties": self.properties}
        return json.dumps(
            {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {LOGICAL_ID: alarm}}, ensure_ascii=False
        )


def query_problem(query: AlarmQuery) -> str | None:
    """Return why CloudWatch would refuse a query; None where it would not."""
    for what, text, most in (
        ("query", query.query, QUERY_CHARACTERS),
        ("aggregation", query.aggregation, AGGREGATION_CHARACTERS),
    ):
        if len(text) > most:
            return f"its {what} has {len(text):,} characters, over the {most:,} that a log alarm takes"
    return None


def event_groups(events: Iterable[SecurityEvent]) -> tuple[tuple[SecurityEvent, ...], ...]:
    """Return the events of one severity and event log in groups, of which each becomes a query."""
    return stable_groups(events, key=lambda event: event.key, average=_EVENTS_A_GROUP, fits=_fits)


def _fits(events: list[SecurityEvent]) -> bool:
    if len(events) > CASE_BRANCHES:
        return False
    return len(events) == 1 or query_problem(events_alarm_query(events)) is None


def log_query_role(plan: RegionPlan) -> RoleSpec:
    """Return the role by which CloudWatch Logs runs the queries, on the log groups of a region only."""
    groups = [plan.arn("logs", f"log-group:{name}") for name in plan.log_groups.values()]
    return RoleSpec(
        name=plan.names.log_query_role,
        description="For the queries of log alarms",
        trust=_trust(
            "logs.amazonaws.com",
            {
                "ArnLike": {"aws:SourceArn": plan.arn("logs", "*")},
                "StringEquals": {"aws:SourceAccount": plan.account_id},
            },
        ),
        statements=(
            {
                "Sid": "StartQueries",
                "Effect": "Allow",
                "Action": "logs:StartQuery",
                "Resource": [resource for arn in groups for resource in (arn, f"{arn}:*")],
            },
            {
                # These actions know no resources (service authorization reference).
                "Sid": "ReadResults",
                "Effect": "Allow",
                "Action": ["logs:DescribeLogGroups", "logs:GetQueryResults", "logs:StopQuery"],
                "Resource": "*",
            },
        ),
        path=plan.settings.created_roles.path,
        permissions_boundary=plan.permissions_boundary,
    )


def log_line_role(plan: RegionPlan) -> RoleSpec:
    """Return the role by which CloudWatch reads the records that notifications carry."""
    return RoleSpec(
        name=plan.names.log_line_role,
        description="For the records in the notifications of log alarms",
        trust=_trust(CLOUDWATCH, alarm_condition([plan.account_id], plan.region_name)),
        statements=(
            {
                "Sid": "ReadResults",
                "Effect": "Allow",
                "Action": "logs:GetQueryResults",
                "Resource": "*",
            },
        ),
        path=plan.settings.created_roles.path,
        permissions_boundary=plan.permissions_boundary,
    )


def log_alarm_roles(plan: RegionPlan) -> tuple[RoleSpec, ...]:
    """Return the roles that the log alarms of a region need; none where it has none."""
    if not plan.has_log_alarms:
        return ()
    lines = (log_line_role(plan),) if plan.settings.log_alarms.log_lines else ()
    return (log_query_role(plan), *lines)


def _trust(service: str, condition: Mapping[str, Any]) -> Statement:
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
