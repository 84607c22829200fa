"""Log alarms, as they stand in the JSON of a stack."""

import json
import re
from typing import Any

import pytest

from deployment.resources.alarms import alarm_specs
from deployment.resources.log_alarms import LogAlarmSpec, log_alarm_roles
from modules import SecurityMonitoring
from tests.modules.synthesis import Synthesized, monitored_region, new_stack, synthesized

SETTINGS: Any = {
    "packs": ["article"],
    "engine": "log",
    "events": {
        "user-account-created": {"engine": "metric"},
        "object-handle-requested": {"alarm": True},
        "logon-failed-network": {"variants": {"slow": {"threshold": 100}}},
    },
    "watched_paths": ["D:\\${Payroll}\\"],
    "log_alarms": {"log_lines": 3},
    "correlations": {"password-guessed": {}, "log-cleared-after-installation": {}},
}


@pytest.fixture(scope="module")
def written() -> Synthesized:
    stack = new_stack()
    SecurityMonitoring(stack, "monitoring", region=monitored_region(**SETTINGS))
    return synthesized(stack)


def resolved(value: str, written: Synthesized) -> str:
    """A text with ARNs and names in place of references, and without terraform's escapes."""

    def known(match: re.Match[str]) -> str:
        kind, name, attribute = match.groups()
        found = str(written.resources(kind)[name]["name"])
        if attribute == "name":
            return found
        if kind == "aws_iam_role":
            return f"arn:aws:iam::111111111111:role/{found}"
        return f"arn:aws:sns:ap-northeast-1:111111111111:{found}"

    text = re.sub(r"(?<!\$)\$\{(\w+)\.([\w-]+)\.(\w+)\}", known, value)
    return text.replace("$${", "${").replace("%%{", "%{")


def test_each_stack_holds_the_alarm_of_its_spec(written: Synthesized) -> None:
    specs = alarm_specs(monitored_region(**SETTINGS)).values()
    templates = {
        each["name"]: resolved(each["template_body"], written)
        for each in written.all_of("aws_cloudformation_stack")
    }
    expected = {each.stack_name: each.template for each in specs if isinstance(each, LogAlarmSpec)}
    assert templates == expected
    assert any("${Payroll}" in template for template in templates.values())


def test_an_event_with_the_log_engine_has_neither_filter_nor_metric_alarm(written: Synthesized) -> None:
    filters = {each["name"] for each in written.all_of("aws_cloudwatch_log_metric_filter")}
    assert filters == {"windows-security-user-account-created"}
    alarms = {each["alarm_name"] for each in written.all_of("aws_cloudwatch_metric_alarm")}
    assert {name.rpartition("-1-")[2] for name in alarms} == {"user-account-created", "silent-security"}


def test_each_role_is_that_of_its_spec(written: Synthesized) -> None:
    roles = {each["name"]: each for each in written.all_of("aws_iam_role")}
    policies = {each["name"]: each for each in written.all_of("aws_iam_role_policy")}
    specs = log_alarm_roles(monitored_region(**SETTINGS))
    assert len(specs) == 2
    for spec in specs:
        assert roles[spec.name]["assume_role_policy"] == spec.trust_policy
        assert policies[spec.name]["policy"] == spec.inline_policy


def test_an_alarm_waits_for_the_policies_of_its_roles(written: Synthesized) -> None:
    policies = {
        f"aws_iam_role_policy.{logical_id}"
        for logical_id, each in written.resources("aws_iam_role_policy").items()
        if "-log-" in each["name"]
    }
    for each in written.all_of("aws_cloudformation_stack"):
        assert set(each["depends_on"]) == policies


def test_a_correlation_over_two_event_logs_queries_both_log_groups(written: Synthesized) -> None:
    (template,) = (
        each["template_body"]
        for each in written.all_of("aws_cloudformation_stack")
        if each["name"].endswith("log-cleared-after-installation")
    )
    query = json.loads(template)["Resources"]["Alarm"]["Properties"]["ScheduledQueryConfiguration"]
    assert len(query["LogGroupIdentifiers"]) == 2


def test_the_dashboard_shows_the_runbooks_of_correlations(written: Synthesized) -> None:
    body = written.one("aws_cloudwatch_dashboard")["dashboard_body"]
    assert "Logon succeeded after repeated failures from the same address" in body
    assert "alarm:windows-security-111111111111-ap-northeast-1-correlation.password-guessed" in body
