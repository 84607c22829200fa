"""What AWS's services refuse beyond their models, and moto lets pass: limits, combinations, references.

Only rules that cost little and are sure. Each returns the error that AWS gives, or None. The numbers are
those of the API references and quota pages of the services.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.ssm.models import ssm_backends
from moto.utilities.utils import get_partition

from local_aws.calls import ApiError, Call
from local_aws.moto.alarm_states import COMPARISONS
from local_aws.moto.log_alarms import AGGREGATION, SCHEDULE
from local_aws.moto.log_groups import log_group_class
from local_aws.moto.mute_rules import DURATION, duration_of
from local_aws.strict.key_policies import log_group_key
from local_aws.strict.request_validation import validation_error

Rule = Callable[[Call], ApiError | None]

HIGH_RESOLUTION_PERIODS = (10, 20, 30)
MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")
DAY, WEEK, HOUR = 86_400, 604_800, 3_600

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
METRIC_FILTERS_IN_A_LOG_GROUP = 100
REGEX_FILTERS_IN_A_LOG_GROUP = 5

SHORTEST_RATE_MINUTES = 30
LONGEST_RATE_MINUTES = 31 * 24 * 60
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}

PARAMETER_LENGTHS = {"Standard": 4_096, "Advanced": 8_192, "Intelligent-Tiering": 8_192}

MANAGED_POLICY_LENGTH = 6_144
ROLE_POLICIES_LENGTH = 10_240
TRUST_POLICY_LENGTH = 2_048

# What an endpoint of each protocol looks like.
SUBSCRIPTION_ENDPOINTS = {
    "email": r"[^@\s]+@[^@\s]+",
    "email-json": r"[^@\s]+@[^@\s]+",
    "http": r"http://\S+",
    "https": r"https://\S+",
    "sqs": r"arn:[\w-]+:sqs:.*",
    "lambda": r"arn:[\w-]+:lambda:.*",
    "firehose": r"arn:[\w-]+:firehose:.*",
    "sms": r"\+?[\d./-]+",
    "application": r"arn:[\w-]+:sns:.*",
}

# Five fields, of numbers and names with *, - and , only; an at expression is in minutes.
_MUTE_EXPRESSION = re.compile(
    r"cron\([\d*,-]+ [\d*,-]+ [\d*,-]+ [\dA-Z*,-]+ [\dA-Z*,-]+\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d\)"
)

DASHBOARD_WIDGETS = 500
# The properties that a widget of each type must have. A text widget has no region.
DASHBOARD_PROPERTIES = {
    "metric": ("region",),
    "log": ("region", "query"),
    "alarm": ("alarms",),
    "text": ("markdown",),
    "explorer": ("metrics",),
    "custom": ("endpoint",),
}


def check_rules(call: Call) -> None:
    """Raise the error of the first rule that the call breaks."""
    for rule in RULES.get((call.service, call.operation), ()):
        problem = rule(call)
        if problem is not None:
            raise problem


def _alarm_period(call: Call) -> ApiError | None:
    periods = [call.parameters.get("Period")]
    periods += [query.get("MetricStat", query).get("Period") for query in call.parameters.get("Metrics", ())]
    for period in periods:
        if period is not None and period not in HIGH_RESOLUTION_PERIODS and period % 60:
            message = f"Period must be 10, 20, 30 or a multiple of 60 seconds, not {period}"
            return ApiError("ValidationError", message)
    return None


def _alarm_span(call: Call) -> ApiError | None:
    period = call.parameters.get("Period", 0)
    limit, name = (WEEK, "week") if period >= HOUR else (DAY, "day")
    if period * call.parameters["EvaluationPeriods"] > limit:
        message = (
            f"Metrics cannot be checked across more than a {name} "
            f"(EvaluationPeriods * Period must be <= {limit})"
        )
        return ApiError("ValidationError", message)
    return None


def _alarm_datapoints(call: Call) -> ApiError | None:
    if call.parameters.get("DatapointsToAlarm", 1) > call.parameters["EvaluationPeriods"]:
        message = "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
        return ApiError("ValidationError", message)
    return None


def _log_alarm_counts(call: Call) -> ApiError | None:
    given = call.parameters
    if not 1 <= given["QueryResultsToEvaluate"] <= 100:
        return ApiError("ValidationError", "QueryResultsToEvaluate must be from 1 to 100")
    if given["QueryResultsToAlarm"] > given["QueryResultsToEvaluate"]:
        message = "QueryResultsToAlarm must be less than or equal to QueryResultsToEvaluate"
        return ApiError("ValidationError", message)
    if given["ComparisonOperator"] not in COMPARISONS:
        return ApiError("ValidationError", f"ComparisonOperator must be one of {', '.join(COMPARISONS)}")
    if given.get("TreatMissingData", "missing") not in MISSING_DATA:
        return ApiError("ValidationError", f"TreatMissingData must be one of {', '.join(MISSING_DATA)}")
    if not 0 <= given.get("ActionLogLineCount", 0) <= 50:
        return ApiError("ValidationError", "ActionLogLineCount must be from 0 to 50")
    if given.get("ActionLogLineCount") and not given.get("ActionLogLineRoleArn"):
        return ApiError("ValidationError", "ActionLogLineRoleArn is required with an ActionLogLineCount")
    return None


def _log_alarm_query(call: Call) -> ApiError | None:
    """What is refused before the first run: a query that is wrong is not, and only its runs show it."""
    query = call.parameters["ScheduledQueryConfiguration"]
    schedule = query["ScheduleConfiguration"]
    if not query.get("LogGroupIdentifiers"):
        return ApiError("ValidationError", "LogGroupIdentifiers must have 1 to 50 entries")
    if wild := [each for each in query["LogGroupIdentifiers"] if each.endswith("*")]:
        return ApiError("ValidationError", f"LogGroupIdentifiers may not end in a wildcard: {wild}")
    if not SCHEDULE.fullmatch(schedule["ScheduleExpression"]):
        message = f"ScheduleExpression {schedule['ScheduleExpression']} is no rate of whole minutes or hours"
        return ApiError("ValidationError", message)
    if schedule.get("EndTimeOffset", 0) >= schedule["StartTimeOffset"]:
        return ApiError("ValidationError", "EndTimeOffset must be less than StartTimeOffset")
    if not AGGREGATION.fullmatch(query["AggregationExpression"]):
        message = f"AggregationExpression {query['AggregationExpression']} cannot be parsed"
        return ApiError("ValidationError", message)
    if not re.fullmatch(r"arn:[\w-]+:iam::\d{12}:role/.+", query["ScheduledQueryRoleARN"]):
        return ApiError("ValidationError", f"Invalid arn syntax: {query['ScheduledQueryRoleARN']}")
    return None


def _alarm_actions(call: Call) -> ApiError | None:
    for kind in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for action in call.parameters.get(kind, ()):
            parts = action.split(":", 5)
            if len(parts) < 6 or parts[0] != "arn":
                return ApiError("ValidationError", f"Invalid arn syntax: {action}")
            if parts[2] == "sns" and parts[3] != call.region:
                message = f"Invalid region {parts[3]} specified. Only {call.region} is supported."
                return ApiError("ValidationError", message)
    return None


def _mute_schedule(call: Call) -> ApiError | None:
    """The form of a mute rule's schedule, and 1 minute to 15 days."""
    schedule = call.parameters["Rule"]["Schedule"]
    if not _MUTE_EXPRESSION.fullmatch(schedule["Expression"]):
        return validation_error(call, [f"{schedule['Expression']} is no cron or at expression"])
    duration = DURATION.fullmatch(schedule["Duration"])
    length = duration_of(duration) if duration else timedelta()
    if not timedelta(minutes=1) <= length <= timedelta(days=15):
        return validation_error(call, [f"Duration {schedule['Duration']} is not between PT1M and P15D"])
    zone = schedule.get("Timezone", "UTC")
    return None if zone in available_timezones() else validation_error(call, [f"Timezone {zone} is unknown"])


def _dashboard(call: Call) -> ApiError | None:
    try:
        widgets = json.loads(call.parameters["DashboardBody"])["widgets"]
        problems = list(_widget_problems(widgets))
    except (ValueError, KeyError, TypeError) as problem:
        problems = [f"The field widgets cannot be read: {problem!r}"]
    if problems:
        message = f"The dashboard body is invalid, there are {len(problems)} validation errors: {problems}"
        return ApiError("InvalidParameterInput", message)
    return None


def _widget_problems(widgets: list[Mapping[str, Any]]) -> Iterator[str]:
    if len(widgets) > DASHBOARD_WIDGETS:
        yield f"/widgets: more than {DASHBOARD_WIDGETS}"
    for index, widget in enumerate(widgets):
        place = f"/widgets/{index}"
        if widget["type"] not in DASHBOARD_PROPERTIES:
            yield f"{place}/type: {widget['type']} is not one of {', '.join(DASHBOARD_PROPERTIES)}"
            continue
        for name in DASHBOARD_PROPERTIES[widget["type"]]:
            if name not in widget["properties"]:
                yield f"{place}/properties: should have required property '{name}'"
        for name, largest in (("width", 24), ("height", 1000)):
            if not 1 <= widget.get(name, 6) <= largest:
                yield f"{place}/{name}: should be from 1 to {largest}"


def _retention(call: Call) -> ApiError | None:
    days = call.parameters["retentionInDays"]
    if days in RETENTION_DAYS:
        return None
    constraint = f"Member must satisfy enum value set: {list(RETENTION_DAYS)}"
    return validation_error(
        call, [f"Value '{days}' at 'retentionInDays' failed to satisfy constraint: {constraint}"]
    )


def _filter_log_group(call: Call) -> ApiError | None:
    name = call.parameters["logGroupName"]
    backend = logs_backends[call.account_id][call.region]
    if name not in backend.groups:
        return ApiError("ResourceNotFoundException", "The specified log group does not exist.")
    if log_group_class(backend, name) != "STANDARD":
        message = f"Metric filters are not supported in log group {name}: its class is not STANDARD."
        return ApiError("InvalidOperationException", message)
    return None


def _filter_count(call: Call) -> ApiError | None:
    filters = logs_backends[call.account_id][call.region].describe_metric_filters(
        log_group_name=call.parameters["logGroupName"]
    )
    patterns = {each["filterName"]: each["filterPattern"] for each in filters}
    patterns[call.parameters["filterName"]] = call.parameters["filterPattern"]
    if len(patterns) > METRIC_FILTERS_IN_A_LOG_GROUP:
        return ApiError("LimitExceededException", "Resource limit exceeded.")
    if sum(_has_regex(pattern) for pattern in patterns.values()) > REGEX_FILTERS_IN_A_LOG_GROUP:
        return ApiError("LimitExceededException", "Resource limit exceeded.")
    return None


def _has_regex(pattern: str) -> bool:
    """Whether a filter pattern holds a regular expression: between percent signs, outside quotes."""
    return "%" in re.sub(r'"(\\.|[^"\\])*"', "", pattern)


def _filter_pattern(call: Call) -> ApiError | None:
    """Terms only: a JSON or space-delimited pattern has a grammar of its own."""
    pattern = call.parameters["filterPattern"].strip()
    if not pattern.startswith(("{", "[")) and '"' in re.sub(r'"(\\.|[^"\\])*"', "", pattern):
        return ApiError("InvalidParameterException", "Invalid metric filter pattern: unterminated quote")
    return None


def _filter_dimensions(call: Call) -> ApiError | None:
    for transformation in call.parameters["metricTransformations"]:
        if not transformation.get("dimensions"):
            continue
        if "defaultValue" in transformation:
            message = "dimensions and default value are mutually exclusive properties."
        elif not call.parameters["filterPattern"].strip().startswith(("{", "[")):
            message = "dimensions need a JSON or space-delimited filter pattern."
        else:
            continue
        return ApiError("InvalidParameterException", f"Invalid metric transformation: {message}")
    return None


def _association_schedule(call: Call) -> ApiError | None:
    schedule = call.parameters.get("ScheduleExpression")
    if schedule is None:
        return None
    rate = _RATE.fullmatch(schedule)
    if rate is None and not re.fullmatch(r"(cron|at)\(.+\)", schedule):
        return ApiError("InvalidSchedule", f"{schedule} is not a cron, rate or at expression.")
    if rate is not None:
        minutes = int(rate[1]) * _MINUTES[rate[2]]
        if not SHORTEST_RATE_MINUTES <= minutes < LONGEST_RATE_MINUTES:
            return ApiError("InvalidSchedule", f"{schedule} must be at least 30 minutes and under 31 days.")
        if call.parameters.get("ApplyOnlyAtCronInterval"):
            message = "ApplyOnlyAtCronInterval is not supported for rate expressions."
            return ApiError("ValidationException", message)
    return None


def _parameter_value(call: Call) -> ApiError | None:
    tier = call.parameters.get("Tier", "Standard")
    value = call.parameters["Value"]
    longest = PARAMETER_LENGTHS[tier]
    if len(value.encode()) > longest:
        message = f"{tier} tier parameters support a maximum parameter value of {longest} characters."
        return ApiError("ValidationException", message)
    if re.search(r"\{\{.*\}\}", value, re.DOTALL):
        message = "Parameter value can't nest another parameter. Do not use {{}} in the value."
        return ApiError("ValidationException", message)
    return None


def _parameter_type(call: Call) -> ApiError | None:
    stored = ssm_backends[call.account_id][call.region].get_parameter(call.parameters["Name"])
    if stored and call.parameters.get("Type", stored.parameter_type) != stored.parameter_type:
        message = f"The type of a parameter cannot change: this one is a {stored.parameter_type}."
        return ApiError("HierarchyTypeMismatchException", message)
    return None


def _topic_policy(call: Call) -> ApiError | None:
    attributes = call.parameters.get("Attributes", {})
    if call.parameters.get("AttributeName") == "Policy":
        attributes = {"Policy": call.parameters.get("AttributeValue", "")}
    if not attributes.get("Policy"):
        return None
    try:
        actions = [
            action
            for statement in _listed(json.loads(attributes["Policy"])["Statement"])
            for action in _listed(statement.get("Action", []))
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ApiError("InvalidParameter", "Invalid parameter: Policy Error: the policy cannot be read")
    if not all(action.lower().startswith("sns:") for action in actions):
        return ApiError(
            "InvalidParameter", "Invalid parameter: Policy statement action out of service scope!"
        )
    return None


def _subscription(call: Call) -> ApiError | None:
    protocol, endpoint = call.parameters["Protocol"], call.parameters.get("Endpoint", "")
    if protocol not in SUBSCRIPTION_ENDPOINTS:
        return ApiError(
            "InvalidParameter", f"Invalid parameter: Does not support this protocol string: {protocol}"
        )
    if not re.fullmatch(SUBSCRIPTION_ENDPOINTS[protocol], endpoint):
        return ApiError("InvalidParameter", f"Invalid parameter: {protocol} endpoint: {endpoint}")
    return None


def _managed_policy_size(call: Call) -> ApiError | None:
    return _over_quota("PolicySize", call.parameters["PolicyDocument"], MANAGED_POLICY_LENGTH)


def _trust_policy_size(call: Call) -> ApiError | None:
    document = call.parameters.get("AssumeRolePolicyDocument") or call.parameters["PolicyDocument"]
    return _over_quota("ACLSizePerRole", document, TRUST_POLICY_LENGTH)


def _over_quota(quota: str, document: str, limit: int) -> ApiError | None:
    if _policy_length(document) <= limit:
        return None
    return ApiError("LimitExceeded", f"Cannot exceed quota for {quota}: {limit}", 409)


def _role_policies_size(call: Call) -> ApiError | None:
    """All inline policies of a role together."""
    name = call.parameters["RoleName"]
    roles = iam_backends[call.account_id][get_partition(call.region)].roles.values()
    policies = next((dict(role.policies) for role in roles if role.name == name), {})
    policies[call.parameters["PolicyName"]] = call.parameters["PolicyDocument"]
    if sum(map(_policy_length, policies.values())) <= ROLE_POLICIES_LENGTH:
        return None
    message = f"Maximum policy size of {ROLE_POLICIES_LENGTH} bytes exceeded for role {name}"
    return ApiError("LimitExceeded", message, 409)


def _policy_length(document: str) -> int:
    """The size that IAM's quotas count: white space is free."""
    return len(re.sub(r"\s", "", document))


def _listed(value: Any) -> Iterable[Any]:
    """Policies write one element without its list."""
    return value if isinstance(value, list) else [value]


RULES: Mapping[tuple[str, str], tuple[Rule, ...]] = {
    ("cloudwatch", "PutMetricAlarm"): (_alarm_period, _alarm_span, _alarm_datapoints, _alarm_actions),
    ("cloudwatch", "PutCompositeAlarm"): (_alarm_actions,),
    ("cloudwatch", "PutLogAlarm"): (_log_alarm_counts, _log_alarm_query, _alarm_actions),
    ("cloudwatch", "PutAlarmMuteRule"): (_mute_schedule,),
    ("cloudwatch", "PutDashboard"): (_dashboard,),
    ("logs", "AssociateKmsKey"): (log_group_key,),
    ("logs", "CreateLogGroup"): (log_group_key,),
    ("logs", "PutRetentionPolicy"): (_retention,),
    ("logs", "PutMetricFilter"): (_filter_log_group, _filter_pattern, _filter_dimensions, _filter_count),
    ("ssm", "CreateAssociation"): (_association_schedule,),
    ("ssm", "UpdateAssociation"): (_association_schedule,),
    ("ssm", "PutParameter"): (_parameter_value, _parameter_type),
    ("sns", "CreateTopic"): (_topic_policy,),
    ("sns", "SetTopicAttributes"): (_topic_policy,),
    ("sns", "Subscribe"): (_subscription,),
    ("iam", "CreatePolicy"): (_managed_policy_size,),
    ("iam", "CreatePolicyVersion"): (_managed_policy_size,),
    ("iam", "CreateRole"): (_trust_policy_size,),
    ("iam", "UpdateAssumeRolePolicy"): (_trust_policy_size,),
    ("iam", "PutRolePolicy"): (_role_policies_size,),
}
