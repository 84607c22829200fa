"""What a query returns, by the rules of the user guide's pages on each command and function."""

from typing import Any

import pytest

from catalog import EVENTS, insights_query
from local_aws.insights import InsightsError, UndefinedBehaviorError, parse_query


def rows(query: str, *messages: str, **fields: Any) -> list[dict[str, Any]]:
    """Run a query over messages that are a second apart, the first the earliest."""
    return parse_query(query).run(
        {"@timestamp": 1_000.0 * number, "@message": message, **fields}
        for number, message in enumerate(messages)
    )


def value(expression: str, **fields: Any) -> Any:
    """Return what an expression is for a record with these fields."""
    (row,) = rows(f"fields {expression} as result | display result", "", **fields)
    return row.get("result")


def matches(condition: str, **fields: Any) -> bool:
    return bool(rows(f"filter {condition}", "", **fields))


def test_records_come_newest_first() -> None:
    assert [row["@message"] for row in rows("fields @message", "old", "new")] == ["new", "old"]


def test_a_limit_keeps_the_first_rows() -> None:
    assert [row["@message"] for row in rows("limit 1", "old", "new")] == ["new"]


def test_a_sort_orders_numbers_as_numbers() -> None:
    found = rows("parse @message 'n=*' as n | sort n asc | display n", "n=10", "n=9")
    assert [row["n"] for row in found] == ["9", "10"]


def test_a_glob_fills_one_field_for_each_wildcard() -> None:
    (row,) = rows(
        'parse @message "user=*, method:*, took *" as user, method, took', "user=a, method:GET, took 3"
    )
    assert (row["user"], row["method"], row["took"]) == ("a", "GET", "3")


def test_a_regular_expression_fills_its_named_groups() -> None:
    (row,) = rows("parse @message /<Computer>(?<Computer>[^<]*)</", "<Computer>web-01</Computer>")
    assert row["Computer"] == "web-01"


def test_a_field_that_is_not_found_is_absent() -> None:
    (row,) = rows("parse @message /user=(?<user>[a-z]+)/", "nothing here")
    assert "user" not in row


def test_a_substring_is_compared_with_its_case() -> None:
    assert matches('name like "Admin"', name="Administrator")
    assert not matches('name like "admin"', name="Administrator")


def test_a_regular_expression_can_ignore_case() -> None:
    assert matches("name like /(?i)ADMIN/", name="Administrator")


def test_a_slash_in_a_regular_expression_is_escaped() -> None:
    assert matches(r"path like /a\/b/", path="x/a/b")


def test_a_quotation_mark_in_a_string_is_escaped() -> None:
    assert matches(r'name = "a\"b\\c"', name='a"b\\c')


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('a = "1" and b = "2"', True),
        ('a = "1" and b = "3"', False),
        ('a = "9" or b = "2"', True),
        ('not a = "1"', False),
        ('a in ["1", "2"]', True),
        ('a not in ["1", "2"]', False),
        ("a < 2", True),
        ("a >= 2", False),
        ('a = "9" or a = "1" and b = "2"', True),
        ('(a = "9" or a = "1") and b = "9"', False),
    ],
)
def test_conditions_combine_as_in_other_languages(condition: str, expected: bool) -> None:
    assert matches(condition, a="1", b="2") is expected


@pytest.mark.parametrize(
    "condition",
    ['missing = "x"', 'missing like "x"', "missing like /x/", 'missing in ["x"]', "ispresent(missing)"],
)
def test_an_absent_field_meets_no_condition(condition: str) -> None:
    assert not matches(condition)


@pytest.mark.parametrize(
    "condition", ['missing != "x"', 'missing not like "x"', 'missing not in ["x"]', 'missing < "x"']
)
def test_a_negative_condition_on_an_absent_field_is_undefined(condition: str) -> None:
    with pytest.raises(UndefinedBehaviorError, match="ispresent"):
        matches(condition)


def test_a_guard_makes_a_negative_condition_defined() -> None:
    assert not matches('ispresent(missing) and missing != "x"')


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('coalesce(missing, "other")', "other"),
        ('concat(a, "-", b)', "Web-7"),
        ("strlen(a)", 3),
        ("tolower(a)", "web"),
        ("toupper(a)", "WEB"),
        ("substr(a, 1)", "eb"),
        ("substr(a, 1, 1)", "e"),
        ('replace(a, "eb", "-")', "W-"),
        ('strcontains(a, "eb")', 1),
        ('startsWith(a, "eb")', 0),
        ('endsWith(a, "eb")', 1),
        ("b + 1", 8),
        ("b * 2 - 4", 10),
        ("greatest(b, 9)", 9),
        ("isempty(missing)", True),
        ('isIpInSubnet("10.1.2.3", "10.0.0.0/8")', True),
        ('isIpInSubnet("192.0.2.1", "10.0.0.0/8")', False),
        ('isIpInSubnet("-", "10.0.0.0/8")', False),
        ('case(b = "1", "one", b = "7", "seven", "many")', "seven"),
        ('if(b = "1", "one", "many")', "many"),
        ('case(b = "7", 1, 0)', 1),
    ],
)
def test_a_function_returns_what_the_guide_says(expression: str, expected: Any) -> None:
    assert value(expression, a="Web", b="7") == expected


def test_only_the_branch_that_counts_is_evaluated() -> None:
    assert value('case(ispresent(missing), missing < "x", "absent")') == "absent"


def test_case_takes_ten_conditions() -> None:
    branches = "".join(f'a = "{number}", {number}, ' for number in range(10))
    assert value(f"case({branches} 99)", a="9") == 9
    with pytest.raises(InsightsError, match="at most 10 conditions, not 11"):
        value(f'case({branches} a = "10", 10, 99)', a="9")


def test_a_count_without_groups_is_zero_where_nothing_is() -> None:
    assert rows('filter @message = "x" | stats count(*) as n', "y") == [{"n": 0}]


def test_groups_are_counted_one_by_one() -> None:
    found = rows(
        "parse @message 'host=*' as host | stats count(*) as n by host", "host=a", "host=b", "host=a"
    )
    assert {row["host"]: row["n"] for row in found} == {"a": 2, "b": 1}


def test_a_column_without_a_name_is_called_as_it_is_written() -> None:
    assert rows("stats count(*), count_distinct(@message)", "a", "a") == [
        {"count(*)": 2, "count_distinct(@message)": 1}
    ]


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        ("sum(n)", 12),
        ("avg(n)", 4),
        ("min(n)", 1),
        ("max(n)", 9),
        ("count(n)", 3),
        ("count_distinct(n)", 3),
        ("earliest(n)", "9"),
        ("latest(n)", "2"),
    ],
)
def test_an_aggregation_takes_the_records_that_have_the_field(aggregation: str, expected: Any) -> None:
    query = f"parse @message 'n=*' as n | stats {aggregation} as result"
    assert rows(query, "n=9", "n=1", "none", "n=2") == [{"result": expected}]


def test_a_bin_rounds_the_time_down() -> None:
    found = rows("stats count(*) as n by bin(2s) as slot | sort slot asc", "a", "b", "c")
    assert [(row["slot"], row["n"]) for row in found] == [(0, 2), (2_000, 1)]


def test_a_second_stats_aggregates_the_first() -> None:
    query = (
        "parse @message '* *' as host, user"
        " | stats count(*) as n by host, user | stats max(n) as most by host"
    )
    found = rows(query, "a x", "a x", "a y", "b z")
    assert {row["host"]: row["most"] for row in found} == {"a": 2, "b": 1}


def test_a_third_stats_is_refused() -> None:
    with pytest.raises(InsightsError, match="at most 2 stats"):
        parse_query("stats count(*) as a | stats max(a) as b | stats max(b) as c")


def test_a_dedup_keeps_the_newest_of_each() -> None:
    found = rows("parse @message '*:*' as host, text | dedup host | display text", "a:old", "a:new", "b:only")
    assert sorted(row["text"] for row in found) == ["new", "only"]


def test_a_comment_is_passed_over_and_a_hash_in_text_is_not() -> None:
    assert matches('name = "a#b" # the rest', name="a#b")


def test_a_name_with_odd_characters_stands_in_backquotes() -> None:
    assert matches('`Threat Name` = "x"', **{"Threat Name": "x"})


@pytest.mark.parametrize("expression", [r"/a(?=b)/", r"/(a)\1/", r"/(?<!a)b/", "/a*+/"])
def test_a_regular_expression_that_re2_does_not_know_is_refused(expression: str) -> None:
    with pytest.raises(InsightsError, match="not in RE2"):
        parse_query(f"filter @message like {expression}")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("filter", "line 1"),
        ("filter a == 1", "line 1, column"),
        ("fields nothing(a)", "no function nothing"),
        ("stats median(a)", "no aggregation"),
        ("parse @message /no group/", "names no group"),
        ("parse @message '*' as a, b", "1 wildcards and 2 names"),
        ("limit 20000", "1 to 10,000"),
        (f"filter a = '{'x' * 10_000}'", "over 10,000"),
    ],
)
def test_a_query_that_cloudwatch_would_refuse_is_refused(query: str, problem: str) -> None:
    with pytest.raises(InsightsError, match=problem):
        parse_query(query)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.key)
def test_the_saved_query_of_each_event_is_in_the_language(event: Any) -> None:
    assert parse_query(insights_query(event)).commands
