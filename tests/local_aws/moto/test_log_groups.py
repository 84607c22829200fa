import json
from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., tuple[str, str]]

#: The policy of a key that every service may use.
OPEN = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]})


@pytest.fixture
def logs(client: Callable[[str], Any]) -> Any:
    return client("logs")


def put_filter(logs: Any, name: str, pattern: str, group: str = "Security") -> None:
    logs.put_metric_filter(
        logGroupName=group,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[{"metricName": name, "metricNamespace": "Windows", "metricValue": "1"}],
    )


def test_the_class_of_a_log_group_is_kept(logs: Any) -> None:
    logs.create_log_group(logGroupName="archive", logGroupClass="INFREQUENT_ACCESS")
    logs.create_log_group(logGroupName="Security")

    found = logs.describe_log_groups()["logGroups"]

    assert [(each["logGroupName"], each["logGroupClass"]) for each in found] == [
        ("Security", "STANDARD"),
        ("archive", "INFREQUENT_ACCESS"),
    ]


def test_a_log_group_can_be_given_another_key_and_none(logs: Any, client: Callable[[str], Any]) -> None:
    def key() -> str | None:
        (group,) = logs.describe_log_groups()["logGroups"]
        found: str | None = group.get("kmsKeyId")
        return found

    keys = [client("kms").create_key(Policy=OPEN)["KeyMetadata"]["Arn"] for _ in range(2)]
    logs.create_log_group(logGroupName="Security", kmsKeyId=keys[0])

    logs.associate_kms_key(logGroupName="Security", kmsKeyId=keys[1])
    assert key() == keys[1]

    logs.disassociate_kms_key(logGroupName="Security")
    assert key() is None


def test_a_log_group_that_exists_keeps_its_class(logs: Any, refusal: Refusal) -> None:
    logs.create_log_group(logGroupName="Security")

    code, _ = refusal(logs.create_log_group, logGroupName="Security", logGroupClass="INFREQUENT_ACCESS")

    assert code == "ResourceAlreadyExistsException"
    assert logs.describe_log_groups()["logGroups"][0]["logGroupClass"] == "STANDARD"


def test_log_groups_are_described_by_prefix_part_and_class(logs: Any) -> None:
    logs.create_log_group(logGroupName="windows/Security")
    logs.create_log_group(logGroupName="windows/archive", logGroupClass="INFREQUENT_ACCESS")
    logs.create_log_group(logGroupName="linux/secure")

    def found(**wanted: Any) -> list[str]:
        return [each["logGroupName"] for each in logs.describe_log_groups(**wanted)["logGroups"]]

    assert found(logGroupNamePrefix="windows/") == ["windows/Security", "windows/archive"]
    assert found(logGroupNamePattern="secur") == ["linux/secure", "windows/Security"]
    assert found(logGroupClass="INFREQUENT_ACCESS") == ["windows/archive"]


def test_retention_and_number_of_filters_are_described(logs: Any) -> None:
    logs.create_log_group(logGroupName="Security")
    logs.put_retention_policy(logGroupName="Security", retentionInDays=365)
    put_filter(logs, "failed", '"4625"')

    (group,) = logs.describe_log_groups()["logGroups"]

    assert (group["retentionInDays"], group["metricFilterCount"]) == (365, 1)


def test_a_filter_of_the_same_name_is_replaced(logs: Any) -> None:
    logs.create_log_group(logGroupName="Security")
    put_filter(logs, "failed", '"4624"')
    put_filter(logs, "failed", '"4625"')

    found = logs.describe_metric_filters(logGroupName="Security")["metricFilters"]

    assert [each["filterPattern"] for each in found] == ['"4625"']


def test_a_deleted_log_group_takes_its_filters_with_it(logs: Any) -> None:
    for group in ("Security", "System"):
        logs.create_log_group(logGroupName=group)
        put_filter(logs, "failed", '"4625"', group)

    logs.delete_log_group(logGroupName="Security")

    found = logs.describe_metric_filters()["metricFilters"]
    assert [each["logGroupName"] for each in found] == ["System"]
