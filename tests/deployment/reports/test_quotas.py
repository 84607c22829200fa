"""How near a stack comes to what AWS takes."""

import json
import math

from deployment.reports.quotas import Usage, table, usages


def by_quota(resources: dict[str, object]) -> dict[str, Usage]:
    return {usage.quota: usage for usage in usages({"resource": resources})}


def test_filters_are_counted_for_each_log_group_and_the_fullest_counts() -> None:
    filters = {
        f"f{n}": {"log_group_name": "Security" if n else "System", "pattern": '"x"' if n else "%x%"}
        for n in range(4)
    }
    found = by_quota({"aws_cloudwatch_log_metric_filter": filters})
    assert (found["filters"].used, found["filters"].limit) == (3, 100)
    assert (found["regex"].used, found["regex"].limit) == (1, 5)


def test_all_inline_policies_of_a_role_count_together_without_their_white_space() -> None:
    policies = {str(n): {"role": "r", "policy": '{"a":  1}'} for n in range(2)}
    assert by_quota({"aws_iam_role_policy": policies})["inline"].used == 2 * len('{"a":1}')


def test_a_parameter_counts_in_bytes() -> None:
    assert by_quota({"aws_ssm_parameter": {"p": {"value": "大"}}})["parameter"].used == 3


def test_children_of_a_composite_alarm_are_counted_in_its_rule() -> None:
    rule = 'ALARM("a") AND ALARM("b")'
    found = by_quota({"aws_cloudwatch_composite_alarm": {"c": {"alarm_rule": rule}}})
    assert (found["children"].used, found["rule"].used) == (2, len(rule))


def test_alarms_of_both_kinds_are_counted_and_no_number_of_them_is_too_many() -> None:
    alarms = by_quota(
        {
            "aws_cloudwatch_metric_alarm": {str(n): {} for n in range(7)},
            "aws_cloudwatch_composite_alarm": {"c": {"alarm_rule": 'ALARM("a")'}},
        }
    )["alarms"]
    assert (alarms.used, alarms.limit) == (8, math.inf)
    assert not alarms.is_near
    lines = table({"a": [alarms]}).splitlines()
    assert [line.split() for line in lines] == [["alarms"], ["of", "at", "most", "-"], ["a", "8"]]


def test_the_table_of_all_quotas_and_the_longest_name_of_a_stack_fits_into_200_columns() -> None:
    document = json.dumps({"Statement": []})
    found = usages(
        {
            "resource": {
                "aws_cloudwatch_log_metric_filter": {"f": {"log_group_name": "x", "pattern": '"x"'}},
                "aws_cloudwatch_metric_alarm": {"a": {}},
                "aws_cloudwatch_composite_alarm": {"c": {"alarm_rule": 'ALARM("a")'}},
                "aws_ssm_parameter": {"p": {"value": "x"}},
                "aws_ssm_document": {"d": {"content": "x"}},
                "aws_ssm_association": {"a": {"targets": [{}]}},
                "aws_iam_role_policy": {"i": {"role": "r", "policy": document}},
                "aws_iam_role": {"r": {"assume_role_policy": document}},
                "aws_s3_bucket_policy": {"b": {"policy": document}},
                "aws_kms_key": {"k": {"policy": document}},
                "aws_sns_topic_policy": {"t": {"policy": document}},
            }
        }
    )
    assert len(found) == 14
    full = [Usage(u.quota, 9999 if u.limit == math.inf else int(u.limit), u.limit) for u in found]
    longest = f"{'a' * 50}-{'us-gov-northeast-1'}"
    assert max(map(len, table({longest: full}).splitlines())) <= 200


def test_from_over_80_percent_a_use_is_near_and_over_the_limit_it_is_over() -> None:
    assert [Usage("filters", used, 100).is_near for used in (80, 81, 100, 101)] == [False, True, True, True]
    assert [Usage("filters", used, 100).is_over for used in (100, 101)] == [False, True]


def test_the_policies_of_keys_buckets_topics_and_roles_are_measured() -> None:
    document = json.dumps({"Statement": []})
    found = by_quota(
        {
            "aws_kms_key": {"k": {"policy": document}},
            "aws_s3_bucket_policy": {"b": {"policy": document}},
            "aws_sns_topic_policy": {"t": {"policy": document}},
            "aws_iam_role": {"r": {"assume_role_policy": document}},
        }
    )
    assert {"key", "bucket", "topic", "trust"} <= set(found)


def test_the_table_marks_what_is_near_and_leaves_a_dash_for_what_a_stack_has_not() -> None:
    lines = table({"a": [Usage("filters", 90, 100)], "b": [Usage("regex", 1, 5)]}).splitlines()
    assert [line.split() for line in lines] == [
        ["filters", "regex"],
        ["of", "at", "most", "100", "5"],
        ["a", "90!", "-"],
        ["b", "-", "1"],
    ]
