"""What becomes of the public rules, and that each claim holds near the border of what a rule means."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from catalog.filter_pattern import matches, parse
from catalog.model.record import windows_record
from catalog.sigma.clause import clause
from catalog.sigma.conversion import Conversion, Engine, conversion
from catalog.sigma.located import LocatedRule
from catalog.sigma.oracle import holds
from catalog.sigma.patterns import Claim, RulePatterns
from catalog.sigma.reading import DetectionRule, RuleOptions, SigmaError
from local_aws.insights import InsightsError, Query, parse_query
from tests.catalog.sigma.witnesses import witnesses

#: What is known to be possible (72 exact, 20 more as Windows spells; 1,901 queries, and 273 on the registry);
#: fewer is a step back.
EXACT, QUERIES = 92, 2_174
#: Where Sysmon is installed, on its own records alone.
QUERIES_ON_SYSMON = 2_226
RECORDS_A_RULE, RECORDS_A_RULE_ON_SYSMON = 14, 3
PAGE = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "sigma.md").read_text(encoding="utf-8")
#: What becomes of every rule, on Sysmon's records or not.
Conversions = Callable[[bool], list[Conversion]]
#: The page puts log sources with fewer rules into one row.
RULES_OF_A_ROW = 3


def query_of(rule: LocatedRule) -> Query | None:
    try:
        return parse_query("\n| ".join(("fields @timestamp", *clause(rule.expression).commands)))
    except (SigmaError, InsightsError):
        return None


class Becoming(NamedTuple):
    """A rule, and what becomes of it: the patterns of filters, a query, or either."""

    rule: LocatedRule
    patterns: RulePatterns | None
    query: Query | None


@pytest.fixture(scope="module")
def conversions(public_rules: list[DetectionRule | SigmaError]) -> Conversions:
    @cache
    def convert(sysmon: bool) -> list[Conversion]:
        options = RuleOptions(sysmon=sysmon)
        return [
            conversion(rule, options) if isinstance(rule, DetectionRule) else Conversion("", Engine.REFUSED)
            for rule in public_rules
        ]

    return convert


@pytest.fixture(scope="module")
def rules(conversions: Conversions) -> list[Becoming]:
    return list(becoming(conversions(False)))


@pytest.fixture(scope="module")
def rules_on_sysmon(conversions: Conversions) -> list[Becoming]:
    return [each for each in becoming(conversions(True)) if each.rule.source.is_sysmon]


def becoming(conversions: list[Conversion]) -> Iterator[Becoming]:
    for each in conversions:
        if each.located and each.located.rule.product == "windows":
            yield Becoming(each.located, each.patterns, query_of(each.located))


def test_as_many_rules_become_filters_and_queries_as_can(rules: list[Becoming]) -> None:
    claims = Counter(patterns.claim for _, patterns, _ in rules if patterns)
    assert claims[Claim.EXACT] >= EXACT
    assert sum(query is not None for _, _, query in rules) >= QUERIES


def test_as_many_rules_become_queries_on_sysmon_as_can(rules_on_sysmon: list[Becoming]) -> None:
    assert sum(query is not None for _, _, query in rules_on_sysmon) >= QUERIES_ON_SYSMON


def test_claims_hold_near_the_border_of_each_rule(rules: list[Becoming]) -> None:
    assert proved(rules, RECORDS_A_RULE) >= 25_000


def test_claims_hold_near_the_border_of_each_rule_on_sysmon(rules_on_sysmon: list[Becoming]) -> None:
    assert proved(rules_on_sysmon, RECORDS_A_RULE_ON_SYSMON) >= 6_500


def proved(rules: list[Becoming], records_a_rule: int) -> int:
    """Compare the claims of rules with what they mean, and return on how many records."""
    judged = 0
    for rule, patterns, query in rules:
        for pattern in patterns.patterns if patterns else ():
            parse(pattern)
        for message in witnesses(rule, random.Random(rule.rule.id), records_a_rule):
            judged += 1
            meant = holds(rule.expression, windows_record(message))
            if query:
                assert bool(query.run([{"@timestamp": 1.0, "@message": message}])) is meant, rule.rule.file
            if patterns:
                found = any(matches(pattern, message) for pattern in patterns.patterns)
                assert found is meant or (found and patterns.claim is Claim.NEVER_MISSES), rule.rule.file
    return judged


@pytest.mark.parametrize("sysmon", [False, True], ids=["windows", "sysmon"])
def test_page_says_what_becomes_of_the_public_rules(conversions: Conversions, sysmon: bool) -> None:
    found: dict[str, Counter[Engine]] = {}
    for each in conversions(sysmon):
        rule = each.rule
        source = (rule.category or rule.service) if isinstance(rule, DetectionRule) else ""
        found.setdefault(source, Counter())[each.engine] += 1
    reached = {name: engines for name, engines in found.items() if engines.total() > engines[Engine.REFUSED]}
    large = {name: engines for name, engines in reached.items() if engines.total() >= RULES_OF_A_ROW}
    small = [engines for name, engines in reached.items() if name not in large]
    rows = {f"`{name}`": engines for name, engines in large.items()}
    rows[f"{len(small)} other log sources"] = sum(small, Counter())
    without = [engines for name, engines in found.items() if name not in reached]
    rows[f"{len(without)} log sources of sensors and other systems"] = sum(without, Counter())
    rows["all"] = sum(found.values(), Counter())
    expected = [
        f"| {name} | {engines.total():,} | " + " | ".join(f"{engines[engine]:,}" for engine in Engine) + " |"
        for name, engines in sorted(rows.items(), key=lambda row: -row[1].total())
    ]
    table = PAGE.partition("## What becomes of the public rules")[2]
    before, _, after = table.partition("### Where Sysmon is installed")
    shown = (after if sysmon else before).splitlines()
    missing = [row for row in expected if row not in shown]
    assert not missing, "\n".join(missing)
