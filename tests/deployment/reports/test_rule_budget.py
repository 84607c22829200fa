"""The budget of Sigma rules: filters by event log, and log alarms that rules share."""

from dataclasses import replace

from catalog import AlarmDefaults, SecurityEvent, Selection, Severity, event
from deployment.reports.rule_budget import as_text, rule_budgets

FAILED = event("logon-failed-network")


def rule(number: int, *, patterns: int = 0, severity: Severity = Severity.HIGH) -> SecurityEvent:
    texts = tuple(f'"a{each}"' for each in range(patterns))
    selection = Selection((4625,), f"@message like /{number}/", lambda _: True, patterns=texts)
    return replace(
        FAILED, key=f"rule-{number}", severity=severity, alarm=AlarmDefaults(), where=(), selection=selection
    )


def test_rules_of_one_log_and_level_share_log_alarms_of_at_most_ten() -> None:
    (budget,) = rule_budgets(rule(number) for number in range(25))
    assert budget.by_log_alarm == 25
    assert 3 <= budget.log_alarms <= 8
    assert 0 < budget.longest_query <= 10_000


def test_levels_are_apart_and_the_most_severe_is_first() -> None:
    budgets = rule_budgets([rule(1), rule(2, severity=Severity.CRITICAL)])
    assert [each.severity for each in budgets] == ["critical", "high"]


def test_filters_count_each_pattern() -> None:
    (budget,) = rule_budgets([rule(1, patterns=3), rule(2)])
    assert (budget.by_filter, budget.filters, budget.by_log_alarm) == (1, 3, 1)


def test_log_with_more_filters_than_a_log_group_takes_is_named() -> None:
    shown = as_text(rule_budgets([rule(1, patterns=60), rule(2, patterns=60)]))
    assert "Security needs 120 metric filters: a log group takes 100" in shown
