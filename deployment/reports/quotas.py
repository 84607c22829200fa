"""How near a stack comes to what AWS takes, read from the Terraform that it became."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.derived.alarm_query import AGGREGATION_CHARACTERS, QUERY_CHARACTERS
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP, parse
from cli.tables import text_table
from deployment.aws.limits import (
    ADVANCED_PARAMETER_BYTES,
    ALARMS_A_REGION,
    ASSOCIATION_TARGETS,
    ASSOCIATIONS_A_REGION,
    BUCKET_POLICY_CHARACTERS,
    COMPOSITE_CHILDREN,
    COMPOSITE_RULE_CHARACTERS,
    DOCUMENT_BYTES,
    INLINE_POLICIES_CHARACTERS,
    KEY_POLICY_CHARACTERS,
    REGEX_FILTERS_A_LOG_GROUP,
    STACKS_A_REGION,
    TEMPLATE_BYTES,
    TOPIC_POLICY_CHARACTERS,
    TRUST_POLICY_CHARACTERS,
)

#: From which share of a limit on it is worth saying so.
WARNING = 0.8

_Resources = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of one quota a stack uses.

    Args:
        quota: One of ``filters`` and ``regex`` (of a log group), ``alarms`` (all of the stack), ``children``
            and ``rule`` (of a composite alarm), ``parameter`` and ``document`` (bytes), ``associations``,
            ``targets`` (of an association), ``stacks`` and ``template`` (bytes) of CloudFormation, ``query``
            and ``aggregation`` (characters of a log alarm's), and the characters of policies: ``inline`` (all
            of a role), ``trust``, ``bucket``, ``key`` and ``topic``.
        used: How much of it the stack uses.
        limit: The most that AWS takes; infinite where it takes any number.
    """

    quota: str
    used: int
    limit: float

    @property
    def is_over(self) -> bool:
        """Whether AWS would refuse it."""
        return self.used > self.limit

    @property
    def is_near(self) -> bool:
        """Whether it is near the limit, or over."""
        return self.used > self.limit * WARNING


def usages(stack: Mapping[str, Any]) -> tuple[Usage, ...]:
    """Return how much of each quota a synthesized stack uses; of several log groups or policies, the most."""
    most: dict[str, Usage] = {}
    for usage in _usages(stack.get("resource", {})):
        other = most.get(usage.quota)
        if other is None or usage.used > other.used:
            most[usage.quota] = usage
    return tuple(most.values())


def table(stacks: Mapping[str, Iterable[Usage]]) -> str:
    """Return a table with a row for each stack: what it uses of each quota, ``!`` where it is near."""
    rows = {name: {usage.quota: usage for usage in of_stack} for name, of_stack in stacks.items()}
    limits = {usage.quota: usage.limit for of_stack in rows.values() for usage in of_stack.values()}
    shown = ("-" if limit == math.inf else f"{limit:,}" for limit in limits.values())
    lines = [["", *limits], ["of at most", *shown]]
    for name, of_stack in rows.items():
        cells = [of_stack.get(quota) for quota in limits]
        lines.append([name, *(f"{u.used:,}{'!' if u.is_near else ''}" if u else "-" for u in cells)])
    return text_table(lines, align=str.rjust)


def _usages(resources: _Resources) -> Iterator[Usage]:
    filters, regex_filters = Counter[str](), Counter[str]()
    for arguments in resources.get("aws_cloudwatch_log_metric_filter", {}).values():
        filters[arguments["log_group_name"]] += 1
        regex_filters[arguments["log_group_name"]] += parse(arguments["pattern"]).regex is not None
    for number in filters.values():
        yield Usage("filters", number, METRIC_FILTERS_A_LOG_GROUP)
    for number in regex_filters.values():
        yield Usage("regex", number, REGEX_FILTERS_A_LOG_GROUP)
    composites = resources.get("aws_cloudwatch_composite_alarm", {})
    log_alarms = list(_log_alarms(resources))
    if alarms := len(resources.get("aws_cloudwatch_metric_alarm", {})) + len(composites) + len(log_alarms):
        yield Usage("alarms", alarms, ALARMS_A_REGION)
    for arguments in composites.values():
        yield Usage("children", arguments["alarm_rule"].count("ALARM("), COMPOSITE_CHILDREN)
        yield Usage("rule", len(arguments["alarm_rule"]), COMPOSITE_RULE_CHARACTERS)
    if stacks := resources.get("aws_cloudformation_stack"):
        yield Usage("stacks", len(stacks), STACKS_A_REGION)
    for arguments in (stacks or {}).values():
        yield Usage("template", len(arguments["template_body"].encode()), TEMPLATE_BYTES)
    for properties in log_alarms:
        query = properties["ScheduledQueryConfiguration"]
        yield Usage("query", len(query["QueryString"]), QUERY_CHARACTERS)
        yield Usage("aggregation", len(query["AggregationExpression"]), AGGREGATION_CHARACTERS)
    for arguments in resources.get("aws_ssm_parameter", {}).values():
        yield Usage("parameter", len(arguments.get("value", "").encode()), ADVANCED_PARAMETER_BYTES)
    for arguments in resources.get("aws_ssm_document", {}).values():
        yield Usage("document", len(arguments["content"].encode()), DOCUMENT_BYTES)
    associations = resources.get("aws_ssm_association", {})
    yield Usage("associations", len(associations), ASSOCIATIONS_A_REGION)
    for arguments in associations.values():
        yield Usage("targets", len(arguments.get("targets", ())), ASSOCIATION_TARGETS)
    yield from _policies(resources)


def _log_alarms(resources: _Resources) -> Iterator[Mapping[str, Any]]:
    """Yield the properties of each log alarm in the templates of CloudFormation stacks."""
    for arguments in resources.get("aws_cloudformation_stack", {}).values():
        for resource in json.loads(arguments["template_body"])["Resources"].values():
            if resource["Type"] == "AWS::CloudWatch::LogAlarm":
                yield resource["Properties"]


def _policies(resources: _Resources) -> Iterator[Usage]:
    inline: Counter[str] = Counter()
    for arguments in resources.get("aws_iam_role_policy", {}).values():
        inline[arguments["role"]] += _length(arguments["policy"])
    for number in inline.values():
        yield Usage("inline", number, INLINE_POLICIES_CHARACTERS)
    for resource_type, argument, quota, limit in (
        ("aws_iam_role", "assume_role_policy", "trust", TRUST_POLICY_CHARACTERS),
        ("aws_s3_bucket_policy", "policy", "bucket", BUCKET_POLICY_CHARACTERS),
        ("aws_kms_key", "policy", "key", KEY_POLICY_CHARACTERS),
        ("aws_sns_topic_policy", "policy", "topic", TOPIC_POLICY_CHARACTERS),
    ):
        for arguments in resources.get(resource_type, {}).values():
            yield Usage(quota, _length(arguments[argument]), limit)


def _length(policy: str) -> int:
    """IAM counts a policy without its white space."""
    return len(json.dumps(json.loads(policy), separators=(",", ":")))
