"""What becomes of the public rules, and that each claim holds near the border of what a rule means."""

import random
from collections import Counter

import pytest

from catalog.filter_pattern import matches, parse
from catalog.model.record import windows_record
from catalog.sigma.clause import clause
from catalog.sigma.located import LocatedRule, located
from catalog.sigma.oracle import holds
from catalog.sigma.patterns import Claim, RulePatterns, rule_patterns
from catalog.sigma.reading import DetectionRule, SigmaError
from local_aws.insights import InsightsError, Query, parse_query
from tests.catalog.sigma.witnesses import witnesses

#: What is known to be possible (72 exact, 20 more as Windows spells; 1,901 queries); fewer is a step back.
EXACT, QUERIES = 92, 1_901
RECORDS_A_RULE = 14


def query_of(rule: LocatedRule) -> Query | None:
    try:
        return parse_query("\n| ".join(("fields @timestamp", *clause(rule.expression).commands)))
    except (SigmaError, InsightsError):
        return None


def patterns_of(rule: LocatedRule) -> RulePatterns | None:
    try:
        return rule_patterns(rule)
    except SigmaError:
        return None


@pytest.fixture(scope="module")
def rules(public_rules: list[DetectionRule | SigmaError]) -> list[LocatedRule]:
    found = []
    for rule in public_rules:
        if isinstance(rule, DetectionRule) and rule.product == "windows":
            try:
                found.append(located(rule))
            except SigmaError:
                continue
    return found


def test_as_many_rules_become_filters_and_queries_as_can(rules: list[LocatedRule]) -> None:
    claims = Counter(found.claim for rule in rules if (found := patterns_of(rule)))
    queries = sum(query_of(rule) is not None for rule in rules)
    assert claims[Claim.EXACT] >= EXACT
    assert queries >= QUERIES


def test_claims_hold_near_the_border_of_each_rule(rules: list[LocatedRule]) -> None:
    judged = 0
    for rule in rules:
        patterns, query = patterns_of(rule), query_of(rule)
        for pattern in patterns.patterns if patterns else ():
            parse(pattern)
        for message in witnesses(rule, random.Random(rule.rule.id), RECORDS_A_RULE):
            judged += 1
            meant = holds(rule.expression, windows_record(message))
            if query:
                assert bool(query.run([{"@timestamp": 1.0, "@message": message}])) is meant, rule.rule.file
            if patterns:
                found = any(matches(pattern, message) for pattern in patterns.patterns)
                assert found is meant or (found and patterns.claim is Claim.NEVER_MISSES), rule.rule.file
    assert judged >= 25_000
